//! Lowers functions that files define.

use crate::diagnostic::{Code, Diagnostic};
use crate::formula::{self, DefinedFunction};
use crate::load::lower::library::{LibraryBuilder, background};
use crate::model::library::NamedFunction;
use crate::schema::Spanned;
use crate::schema::criteria::FunctionDoc;
use crate::tr;

impl LibraryBuilder<'_> {
    pub(super) fn function(
        &mut self,
        name: &Spanned<String>,
        doc: &FunctionDoc,
    ) -> Option<NamedFunction> {
        let mut parameters: Vec<String> = Vec::new();
        for parameter in &doc.parameters {
            let word = &parameter.value;
            if !formula::is_variable(word) {
                let message = tr!("`{word}` cannot be a parameter", "`{word}` 不能作为参数名");
                let hint = tr!(
                    "use a word of letters, digits and `_`, such as `part`",
                    "请用由字母、数字与 `_` 组成的词，例如 `part`"
                );
                self.sink
                    .push(Diagnostic::new(Code::FormulaSyntax, parameter.span, message).hint(hint));
                return None;
            }
            if parameters.contains(word) {
                let message = tr!(
                    "the parameter `{word}` is listed twice",
                    "参数 `{word}` 被列出两次"
                );
                self.sink
                    .push(Diagnostic::new(Code::DefinedTwice, parameter.span, message));
                return None;
            }
            parameters.push(word.clone());
        }
        let body = self.expr_with(&doc.expr, &parameters)?;
        Some(NamedFunction {
            title: doc.title.0.clone(),
            defined: DefinedFunction { parameters, body },
            background: background(
                doc.about.as_ref(),
                doc.source.as_ref(),
                doc.assumptions.as_ref(),
                doc.pitfalls.as_ref(),
            ),
            span: name.span,
        })
    }
}
