//! Lowers criteria files to a [`Library`]: the sections of all files share one set of names.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::formula::{self, Expr};
use crate::lang::Text;
use crate::load::lower::candidate::rollup;
use crate::load::lower::definitions::{
    self, Body, Definition, Definitions, Elsewhere, Named, Sections,
};
use crate::load::lower::fact::{self, FactReader};
use crate::load::lower::origin::{TextOrigin, relocate, rename, verbatim};
use crate::load::lower::value_function::{missing_policy, value_not_applicable};
use crate::load::read::reader::Reader;
use crate::model::evidence::{Fact, Provenance};
use crate::model::library::{
    Background, ConsistencyRule, Criterion, Formula, Gate, GateAction, Input, Library, Measure,
    Screen, Section, Syntax, ValueForm,
};
use crate::quantity::date::Date;
use crate::quantity::unit::Unit;
use crate::schema::criteria::{
    ConsistencyDoc, CriterionDoc, FormDoc, FormulaDoc, GateDoc, InputDoc, MeasureDoc, SyntaxDoc,
};
use crate::schema::fact::FactDoc;
use crate::schema::{Entries, Scalar, Spanned, Words};
use crate::source::{Sources, Span};
use crate::tr;

/// Collects the sections of many files.
pub(crate) struct LibraryBuilder<'a> {
    pub library: Library,
    pub sources: &'a Sources,
    pub sink: &'a mut Diagnostics,
    pub as_of: Date,
    /// Where each value is declared.
    declared: BTreeMap<String, Span>,
    /// The domain of the file that is being lowered.
    domain: Option<Arc<str>>,
}

impl<'a> LibraryBuilder<'a> {
    pub(crate) fn new(reader: &'a mut Reader, as_of: Date) -> Self {
        Self {
            library: Library::default(),
            sources: &reader.sources,
            sink: &mut reader.diagnostics,
            as_of,
            declared: BTreeMap::new(),
            domain: None,
        }
    }

    /// Declares the units of a file. The units of all files are declared before anything uses them.
    pub(crate) fn units(&mut self, units: &[Spanned<String>]) {
        for unit in units {
            let word = unit.value.as_str();
            if word.is_empty()
                || word.contains(|c: char| {
                    c.is_whitespace() || "/*^·()".contains(c) || c.is_ascii_digit()
                })
            {
                let message = tr!("`{word}` cannot be a unit", "`{word}` 不能作为单位");
                self.sink
                    .push(Diagnostic::new(Code::UnknownUnit, unit.span, message));
                continue;
            }
            if self.library.units.word(word).is_none() {
                self.library.units.declare(word);
            }
        }
    }

    /// Declares units that other files declare.
    pub(crate) fn know_units(&mut self, units: &BTreeSet<String>) {
        for unit in units {
            if self.library.units.word(unit).is_none() {
                self.library.units.declare(unit);
            }
        }
    }

    /// Adds the definitions of all files. `elsewhere` holds the names of the domains that contribute none.
    pub(crate) fn define(&mut self, files: &[Sections<'_>], elsewhere: Elsewhere) {
        let Definitions {
            named,
            mut names,
            replacements,
        } = definitions::resolve(files, elsewhere, self.sources, self.sink);
        let mut take = |section| names.remove(&section).unwrap_or_default();
        self.library.names = take(Section::Value);
        self.library.criterion_names = take(Section::Criterion);
        self.library.gate_names = take(Section::Gate);
        self.library.replacements = replacements;
        for ((section, key), named) in &named {
            if *section == Section::Value {
                let first = named.definition.name.span;
                self.declared.insert(key.clone(), first);
            }
        }
        for ((_, key), named) in named {
            self.domain.clone_from(&named.definition.domain);
            self.definition(key, &named);
        }
        for file in files {
            self.domain = file.domain.cloned();
            self.consistency(file.consistency.into_iter().flatten());
        }
        self.domain = None;
    }

    fn definition(&mut self, key: String, named: &Named<'_>) {
        let Definition { name, body, .. } = &named.definition;
        if !self.has_replaced_unit(named) {
            self.library.unread.insert(key);
            return;
        }
        let is_read = match body {
            Body::Fact(doc) => {
                let measure = self.measure(name, doc).map(|measure| Measure {
                    domains: named.domains.clone(),
                    ..measure
                });
                keep(&mut self.library.measures, &key, measure)
            }
            Body::Input(doc) => {
                let input = self.input(name, doc);
                keep(&mut self.library.inputs, &key, input)
            }
            Body::Table(doc) => {
                let table = self.table(name, doc);
                let titled = table.map(|table| (doc.title.0.clone(), table));
                keep(&mut self.library.tables, &key, titled)
            }
            Body::Function(doc) => {
                let function = self.function(name, doc);
                keep(&mut self.library.functions, &key, function)
            }
            Body::Formula(doc) => {
                let formula = self.formula(name, doc);
                keep(&mut self.library.formulas, &key, formula)
            }
            Body::Criterion(doc) => {
                let criterion = self.lower_criterion(name, doc);
                keep(&mut self.library.criteria, &key, criterion)
            }
            Body::Gate(doc) => {
                let gives = doc
                    .gives
                    .as_ref()
                    .map(|gives| self.value_name(&gives.value));
                let is_kept = gives
                    .as_ref()
                    .zip(doc.gives.as_ref())
                    .is_none_or(|(key, gives)| self.declared.get(key) == Some(&gives.span));
                let gate = self.lower_gate(name, doc, gives, is_kept);
                keep(&mut self.library.gates, &key, gate)
            }
            // Its gate gives it.
            Body::Join(_) => true,
        };
        if !is_read {
            self.library.unread.insert(key);
        }
    }

    /// Whether a replacement measures the same as what it replaces; reports it otherwise.
    fn has_replaced_unit(&mut self, named: &Named<'_>) -> bool {
        let Some((new, old)) = named.units() else {
            return true;
        };
        let units = &self.library.units;
        let (Ok(own), Ok(before)) = (units.parse(&new.value), units.parse(&old.value)) else {
            return true;
        };
        let is_same = own.dimension() == before.dimension();
        if !is_same {
            let (own, before) = (&new.value, &old.value);
            let message = tr!(
                "`{own}` measures something else than the replaced definition, which is in `{before}`",
                "`{own}` 与被替换定义的单位 `{before}` 度量的不是同一个量"
            );
            let hint = tr!(
                "give it in `{before}`, or in a unit of the same kind",
                "请以 `{before}` 或同类单位给出"
            );
            self.sink
                .push(Diagnostic::new(Code::WrongUnit, new.span, message).hint(hint));
        }
        is_same
    }

    fn consistency<'d>(
        &mut self,
        rules: impl Iterator<Item = &'d (Spanned<String>, ConsistencyDoc)>,
    ) {
        for (id, rule) in rules {
            if let Some(ask) = self.expr(&rule.holds) {
                let rule = ConsistencyRule {
                    ask,
                    otherwise: rule.otherwise.0.clone(),
                    span: id.span,
                };
                self.library.consistency.insert(id.value.clone(), rule);
            }
        }
    }

    /// Returns the name in the library of the value that the present file calls so.
    fn value_name(&self, name: &str) -> String {
        self.library
            .names
            .spelled(self.domain.as_deref(), name)
            .unwrap_or_else(|| name.to_owned())
    }

    /// Whether the name is new; reports the first declaration otherwise.
    fn is_new(&mut self, name: &Spanned<String>) -> bool {
        if let Some(first) = self.declared.get(&name.value) {
            let word = &name.value;
            let again = Diagnostic::new(
                Code::DefinedTwice,
                name.span,
                tr!("`{word}` is defined twice", "`{word}` 被定义了两次"),
            );
            self.sink
                .push(again.hint(first_definition(*first, self.sources)));
            return false;
        }
        self.declared.insert(name.value.clone(), name.span);
        true
    }

    pub(crate) fn reader(&mut self) -> FactReader<'_> {
        FactReader {
            units: &self.library.units,
            words: &mut self.library.words,
            sources: self.sources,
            sink: self.sink,
            as_of: self.as_of,
            in_catalog: false,
        }
    }

    pub(super) fn unit(&mut self, unit: Option<&Spanned<String>>) -> Option<Unit> {
        match unit {
            Some(unit) => self.reader().unit(unit),
            None => Some(Unit::one()),
        }
    }

    /// Reads the share of the draws in which a gate must pass.
    fn pass_share(&mut self, written: &Spanned<Scalar>) -> f64 {
        let share = match &written.value {
            Scalar::Number(share) => Some(*share),
            Scalar::Text(text) => text
                .strip_suffix('%')
                .and_then(|percent| percent.trim().parse::<f64>().ok())
                .map(|percent| percent / 100.0),
            _ => None,
        };
        let Some(share) = share.filter(|share| *share > 0.0 && *share <= 1.0) else {
            let message = tr!(
                "`at_least` is a share of the draws between 0 and 100 %",
                "`at_least` 应为抽样比例，介于 0 与 100 % 之间"
            );
            let hint = tr!("`at_least: 95 %`", "`at_least: 95 %`");
            self.sink
                .push(Diagnostic::new(Code::BadGate, written.span, message).hint(hint));
            return Screen::USUAL_SHARE;
        };
        share
    }

    fn declared_unit(&mut self, unit: Option<&Spanned<String>>) -> Option<(Unit, Span)> {
        let written = unit?;
        self.unit(unit).map(|u| (u, written.span))
    }

    fn form(
        &mut self,
        kind: FormDoc,
        unit: Option<&Spanned<String>>,
        levels: &Entries<Words>,
        name: &Spanned<String>,
    ) -> Option<ValueForm> {
        Some(match kind {
            FormDoc::Number => ValueForm::Number(self.unit(unit)?),
            FormDoc::Flag => ValueForm::Flag,
            FormDoc::Text => ValueForm::Text,
            FormDoc::List => ValueForm::List,
            FormDoc::Date => ValueForm::Date,
            FormDoc::Level => {
                if levels.is_empty() {
                    let message = tr!(
                        "a level needs `levels:`, worst first",
                        "等级类事实需要 `levels:`，由差到好"
                    );
                    self.sink
                        .push(Diagnostic::new(Code::MissingKey, name.span, message));
                    return None;
                }
                let code = |words: &mut formula::TextCodes, id: &str| words.code(id);
                let words = &mut self.library.words;
                ValueForm::Level(
                    levels
                        .iter()
                        .map(|(id, t)| {
                            (
                                code(words, id),
                                id.value.as_str().into(),
                                Arc::new(t.0.clone()),
                            )
                        })
                        .collect(),
                )
            }
        })
    }

    fn measure(&mut self, name: &Spanned<String>, doc: &MeasureDoc) -> Option<Measure> {
        let form = self.form(doc.kind, doc.unit.as_ref(), &doc.levels, name)?;
        Some(Measure {
            title: doc.title.0.clone(),
            about: doc.about.as_ref().map(|a| a.0.clone()),
            form,
            rollup: doc.rollup.map(rollup),
            syntax: doc.syntax.map(|SyntaxDoc::Spdx| Syntax::Spdx),
            stale: fact::stale_rule(doc),
            domains: Vec::new(),
            span: name.span,
        })
    }

    fn input(&mut self, name: &Spanned<String>, doc: &InputDoc) -> Option<Input> {
        let form = self.form(doc.kind, doc.unit.as_ref(), &Entries::default(), name)?;
        let default = self.default_fact(doc, &form);
        Some(Input {
            title: doc.title.0.clone(),
            about: doc.about.as_ref().map(|a| a.0.clone()),
            form,
            default,
            span: name.span,
        })
    }

    fn default_fact(&mut self, doc: &InputDoc, form: &ValueForm) -> Option<Fact> {
        let value = doc.value.as_ref()?;
        let provenance = Arc::new(Provenance {
            source: doc.source.as_deref().unwrap_or_default().into(),
            note: doc.note.as_ref().map(|n| n.0.clone()),
            ..Provenance::default()
        });
        let written = Spanned {
            span: value.span,
            value: FactDoc::Short(value.value.clone()),
        };
        let mut reader = self.reader();
        let mut fact = reader.fact(&written, form, &provenance)?;
        // The range of an input is the domain of break-even search. Uncertainty is part of the value.
        let range = doc
            .range
            .as_ref()
            .and_then(|range| reader.number(&range.value, range.span, form, None));
        fact.domain = range.map(|r| r.support());
        Some(fact)
    }

    /// Reads a formula's text.
    pub(crate) fn expr(&mut self, text: &Spanned<String>) -> Option<Arc<Expr>> {
        self.expr_with(text, &[])
    }

    /// Reads the text of a formula or body with these variables.
    pub(super) fn expr_with(
        &mut self,
        text: &Spanned<String>,
        variables: &[String],
    ) -> Option<Arc<Expr>> {
        if let Some(at) = verbatim(self.sources, text.span, &text.value) {
            let expr = formula::parse(&text.value, at, self.sink)?;
            return Some(Arc::new(self.in_library(expr, variables)));
        }
        // The scalar is folded, escaped or indented: parse its text, then map every span to the file.
        let end = u32::try_from(text.value.len()).unwrap_or(u32::MAX);
        let alone = Span {
            source: text.span.source,
            start: 0,
            end,
        };
        let origin = TextOrigin::of(self.sources, text.span, &text.value);
        let to_file = |s: Span| {
            origin
                .as_ref()
                .map_or(text.span, |o| o.span(s.start as usize, s.end as usize))
        };
        let mut own = Diagnostics::default();
        let mut expr = formula::parse(&text.value, alone, &mut own);
        own.relocate(to_file);
        self.sink.append(own);
        if let Some(expr) = &mut expr {
            relocate(expr, &to_file);
        }
        expr.map(|expr| Arc::new(self.in_library(expr, variables)))
    }

    /// Returns a formula with the names that the library uses.
    fn in_library(&self, mut expr: Expr, variables: &[String]) -> Expr {
        let names = &self.library.names;
        if !(names.aliases.is_empty() && names.ambiguous.is_empty()) {
            rename(&mut expr, variables, &|name| {
                names.spelled(self.domain.as_deref(), name)
            });
        }
        expr
    }

    fn formula(&mut self, name: &Spanned<String>, doc: &FormulaDoc) -> Option<Formula> {
        let expr = self.expr(&doc.expr);
        let unit = self.declared_unit(doc.unit.as_ref());
        Some(Formula {
            title: doc.title.0.clone(),
            expr: expr?,
            unit,
            cost: doc.cost,
            background: background(
                doc.about.as_ref(),
                doc.source.as_ref(),
                doc.assumptions.as_ref(),
                doc.pitfalls.as_ref(),
            ),
            span: name.span,
        })
    }

    /// Adds a criterion that a decision defines.
    pub(crate) fn criterion(&mut self, id: &Spanned<String>, doc: &CriterionDoc) {
        match self.lower_criterion(id, doc) {
            Some(criterion) => drop(self.library.criteria.insert(id.value.clone(), criterion)),
            None => drop(self.library.unread.insert(id.value.clone())),
        }
    }

    fn lower_criterion(&mut self, id: &Spanned<String>, doc: &CriterionDoc) -> Option<Criterion> {
        let expr = self.expr(&doc.expr);
        let unit = self.declared_unit(doc.unit.as_ref());
        let form = ValueForm::Number(unit.as_ref().map_or_else(Unit::one, |(u, _)| u.clone()));
        let value = crate::load::lower::value_function::value_function(
            &mut self.reader(),
            &doc.value,
            &form,
            id.span,
        );
        let (expr, value) = expr.zip(value)?;
        Some(Criterion {
            title: doc.title.0.clone(),
            expr,
            unit,
            direction: value
                .direction()
                .unwrap_or(crate::quantity::value_function::Direction::Max),
            value: Some(value),
            missing: missing_policy(doc.missing),
            not_applicable: doc
                .not_applicable
                .as_ref()
                .and_then(|value| value_not_applicable(&mut self.reader(), value)),
            legacy: doc.legacy.as_ref().map(|l| l.0.clone()),
            background: background(
                doc.about.as_ref(),
                doc.source.as_ref(),
                doc.assumptions.as_ref(),
                doc.pitfalls.as_ref(),
            ),
            span: id.span,
        })
    }

    /// Adds a gate that a decision defines.
    pub(crate) fn gate(&mut self, id: &Spanned<String>, doc: &GateDoc) {
        let fresh = doc.gives.as_ref().is_none_or(|gives| self.is_new(gives));
        let gives = doc.gives.as_ref().map(|gives| gives.value.clone());
        match self.lower_gate(id, doc, gives, fresh) {
            Some(gate) => drop(self.library.gates.insert(id.value.clone(), gate)),
            None => drop(self.library.unread.insert(id.value.clone())),
        }
    }

    /// `gives` is the name in the library of the measure in which the branches join; it is another definition's unless `fresh`.
    fn lower_gate(
        &mut self,
        id: &Spanned<String>,
        doc: &GateDoc,
        gives: Option<String>,
        fresh: bool,
    ) -> Option<Gate> {
        let name = Text::name(&id.value);
        let title = doc.title.as_ref().map_or(name, |t| t.0.clone());
        let ask = self.expr(&doc.ask);
        let action = match (&doc.screen, &doc.fork, gives.clone()) {
            (Some(screen), None, None) => {
                let fallback = || tr!("{title}: no", "{title}：否");
                Some(GateAction::Screen(Screen {
                    when: screen.when,
                    reason: screen
                        .reason
                        .as_ref()
                        .map_or_else(fallback, |r| r.0.clone()),
                    at_least: screen
                        .at_least
                        .as_ref()
                        .map_or(Screen::USUAL_SHARE, |share| self.pass_share(share)),
                }))
            }
            (None, Some(fork), Some(gives)) => {
                let (yes, no) = (self.expr(&fork.yes), self.expr(&fork.no));
                let unit = self.declared_unit(doc.unit.as_ref());
                yes.zip(no)
                    .filter(|_| fresh)
                    .map(|(yes, no)| GateAction::Fork {
                        yes,
                        no,
                        gives,
                        unit,
                    })
            }
            _ => {
                let message = tr!(
                    "a gate has `screen:`, or `fork:` with `gives:`",
                    "关卡应有 `screen:`，或 `fork:` 与 `gives:`"
                );
                let hint = tr!(
                    "`screen: {{when: false, reason: ...}}`",
                    "`screen: {{when: false, reason: ...}}`"
                );
                self.sink
                    .push(Diagnostic::new(Code::BadGate, id.span, message).hint(hint));
                None
            }
        };
        let Some((ask, action)) = ask.zip(action) else {
            self.library.unread.extend(gives);
            return None;
        };
        Some(Gate {
            title,
            about: doc.about.as_ref().map(|a| a.0.clone()),
            ask,
            action,
            source: doc.source.clone(),
            span: id.span,
        })
    }
}

/// Adds a definition under its name; returns whether there is one.
fn keep<T>(all: &mut BTreeMap<String, T>, key: &str, definition: Option<T>) -> bool {
    let is_read = definition.is_some();
    all.extend(definition.map(|definition| (key.to_owned(), definition)));
    is_read
}

/// Points to the first definition of a name that is defined again.
pub(crate) fn first_definition(at: Span, sources: &Sources) -> Text {
    let place = sources.get(at.source);
    let (file, line) = (place.name(), place.position(at.start).line);
    tr!(
        "the first definition is at `{file}:{line}`; rename one of them",
        "首次定义位于 `{file}:{line}`；请改名其中之一"
    )
}

pub(super) fn background(
    about: Option<&Words>,
    source: Option<&String>,
    assumptions: Option<&Words>,
    pitfalls: Option<&Words>,
) -> Background {
    let text = |words: Option<&Words>| words.map(|w| w.0.clone());
    Background {
        about: text(about),
        source: source.cloned(),
        assumptions: text(assumptions),
        pitfalls: text(pitfalls),
    }
}
