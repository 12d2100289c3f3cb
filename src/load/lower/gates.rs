//! The gates of a decision: those of the criteria files that it lists, and those it defines itself.

use crate::diagnostic::{Code, Diagnostic};
use crate::load::lower::library::LibraryBuilder;
use crate::model::library::{Replacement, Section};
use crate::schema::Spanned;
use crate::schema::criteria::GateDoc;
use crate::schema::decision::{DecisionDoc, OrId};
use crate::source::did_you_mean_or_list;
use crate::tr;

/// Returns the ids of the gates in the decision's order and adds the gates it defines itself to the library.
pub(crate) fn gates(doc: &DecisionDoc, builder: &mut LibraryBuilder<'_>) -> Vec<String> {
    let mut ids: Vec<String> = Vec::new();
    for entry in &doc.gates {
        let id = match &entry.value {
            OrId::Id(id) => Spanned {
                span: entry.span,
                value: builder
                    .library
                    .gate_names
                    .spelled(None, id)
                    .unwrap_or_else(|| id.clone()),
            },
            OrId::Inline(own) => {
                let (Some(id), Some(ask)) = (&own.gate, &own.ask) else {
                    let message = tr!(
                        "a gate needs `gate:` (its id) and `ask:`",
                        "关卡需要 `gate:`（其 id）与 `ask:`"
                    );
                    builder
                        .sink
                        .push(Diagnostic::new(Code::MissingKey, entry.span, message));
                    continue;
                };
                let gate = GateDoc {
                    replaces: None,
                    title: own.title.clone(),
                    about: own.about.clone(),
                    ask: ask.clone(),
                    screen: own.screen.clone(),
                    fork: own.fork.clone(),
                    gives: own.gives.clone(),
                    unit: own.unit.clone(),
                    source: own.source.clone(),
                };
                if let Some(replaced) = builder.library.gates.remove(&id.value) {
                    builder.library.replacements.push(Replacement {
                        section: Section::Gate,
                        name: id.value.clone(),
                        by: id.span,
                        instead_of: replaced.span,
                    });
                }
                builder.gate(id, &gate);
                id.clone()
            }
        };
        if !builder.library.gates.contains_key(&id.value) {
            if matches!(entry.value, OrId::Id(_)) && !builder.library.unread.contains(&id.value) {
                let word = &id.value;
                let names = &builder.library.gate_names;
                if let Some((message, hint)) = names.explain(word) {
                    let code = names.code_of(word, Code::AmbiguousName, Code::UnknownReference);
                    let unknown = Diagnostic::new(code, id.span, message).hint(hint);
                    builder.sink.push(unknown);
                    continue;
                }
                let hint =
                    did_you_mean_or_list(word, builder.library.gates.keys().map(String::as_str));
                let message = tr!("there is no gate `{word}`", "没有名为 `{word}` 的关卡");
                builder.sink.push(
                    Diagnostic::new(Code::UnknownReference, id.span, message).maybe_hint(hint),
                );
            }
        } else if ids.contains(&id.value) {
            let word = &id.value;
            builder.sink.push(Diagnostic::new(
                Code::DefinedTwice,
                id.span,
                tr!(
                    "the gate `{word}` is listed twice",
                    "关卡 `{word}` 被列出两次"
                ),
            ));
        } else {
            ids.push(id.value);
        }
    }
    ids
}
