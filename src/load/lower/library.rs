//! Lowers criteria files to a [`Library`]: the sections of all files share one set of names.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::formula::{self, DefinedFunction, Expr, Interpolate, LookupTable};
use crate::lang::Text;
use crate::load::lower::fact::{self, FactReader};
use crate::load::lower::origin::{TextOrigin, relocate, verbatim};
use crate::load::lower::value_function::{missing_policy, value_not_applicable};
use crate::load::read::reader::Reader;
use crate::model::evidence::{Fact, Provenance};
use crate::model::library::{
    Background, ConsistencyRule, Criterion, Formula, Gate, GateAction, Input, Library, Measure,
    NamedFunction, Rollup, Screen, Syntax, ValueForm,
};
use crate::quantity::date::Date;
use crate::quantity::unit::Unit;
use crate::schema::criteria::{
    CriteriaDoc, CriterionDoc, FormDoc, FormulaDoc, FunctionDoc, GateDoc, InputDoc, InterpolateDoc,
    MeasureDoc, RollupDoc, RowDoc, SyntaxDoc, TableDoc,
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
    /// Where each name was first declared.
    declared: BTreeMap<String, Span>,
}

impl<'a> LibraryBuilder<'a> {
    pub(crate) fn new(reader: &'a mut Reader, as_of: Date) -> Self {
        Self {
            library: Library::default(),
            sources: &reader.sources,
            sink: &mut reader.diagnostics,
            as_of,
            declared: BTreeMap::new(),
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

    /// Adds the sections of a criteria file.
    pub(crate) fn add(&mut self, doc: &CriteriaDoc) {
        self.measures(&doc.facts);
        self.inputs(&doc.inputs);
        self.tables(&doc.tables);
        self.functions(&doc.functions);
        self.formulas(&doc.formulas);
        for (id, criterion) in &doc.criteria {
            self.criterion(id, criterion);
        }
        for (id, gate) in &doc.gates {
            self.gate(id, gate);
        }
        for (id, rule) in &doc.consistency {
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

    pub(crate) fn measures(&mut self, facts: &Entries<MeasureDoc>) {
        for (name, doc) in facts {
            if self.is_new(name) {
                match self.measure(name, doc) {
                    Some(measure) => {
                        drop(self.library.measures.insert(name.value.clone(), measure))
                    }
                    None => drop(self.library.unread.insert(name.value.clone())),
                }
            }
        }
    }

    pub(crate) fn inputs(&mut self, inputs: &Entries<InputDoc>) {
        for (name, doc) in inputs {
            if self.is_new(name) {
                match self.input(name, doc) {
                    Some(input) => drop(self.library.inputs.insert(name.value.clone(), input)),
                    None => drop(self.library.unread.insert(name.value.clone())),
                }
            }
        }
    }

    pub(crate) fn tables(&mut self, tables: &Entries<TableDoc>) {
        for (name, doc) in tables {
            if self.is_new(name)
                && let Some(table) = self.table(name, doc)
            {
                self.library
                    .tables
                    .insert(name.value.clone(), (doc.title.0.clone(), table));
            }
        }
    }

    pub(crate) fn functions(&mut self, functions: &Entries<FunctionDoc>) {
        for (name, doc) in functions {
            if self.is_new(name) {
                match self.function(name, doc) {
                    Some(function) => {
                        drop(self.library.functions.insert(name.value.clone(), function))
                    }
                    None => drop(self.library.unread.insert(name.value.clone())),
                }
            }
        }
    }

    fn function(&mut self, name: &Spanned<String>, doc: &FunctionDoc) -> Option<NamedFunction> {
        let body = self.expr(&doc.expr)?;
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

    pub(crate) fn formulas(&mut self, formulas: &Entries<FormulaDoc>) {
        for (name, doc) in formulas {
            if self.is_new(name) {
                match self.formula(name, doc) {
                    Some(formula) => {
                        drop(self.library.formulas.insert(name.value.clone(), formula))
                    }
                    None => drop(self.library.unread.insert(name.value.clone())),
                }
            }
        }
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

    fn unit(&mut self, unit: Option<&Spanned<String>>) -> Option<Unit> {
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

    fn table(&mut self, name: &Spanned<String>, doc: &TableDoc) -> Option<LookupTable> {
        let unit = self.unit(doc.unit.as_ref())?;
        if !doc.points.is_empty() {
            return self.curve(name, doc, unit);
        }
        let arity = doc.keys.len();
        let mut rows = BTreeMap::new();
        for (key, row) in &doc.rows {
            match (row, arity) {
                (RowDoc::One(x), 1) => {
                    rows.insert(vec![key.value.clone()], unit.to_base(*x));
                }
                (RowDoc::Two(cells), 2) => {
                    for (second, x) in cells {
                        rows.insert(
                            vec![key.value.clone(), second.value.clone()],
                            unit.to_base(*x),
                        );
                    }
                }
                _ => {
                    let message = tr!(
                        "a row of this table has {arity} key(s)",
                        "该表的每行应有 {arity} 个键"
                    );
                    self.sink
                        .push(Diagnostic::new(Code::WrongType, key.span, message));
                }
            }
        }
        if arity == 0 || arity > 2 || rows.is_empty() {
            let message = tr!(
                "a table has `points:`, or one or two `keys:` and `rows:`",
                "表格应有 `points:`，或一至两个 `keys:` 与 `rows:`"
            );
            self.sink
                .push(Diagnostic::new(Code::MissingKey, name.span, message));
            return None;
        }
        Some(LookupTable::Keyed {
            arity,
            rows,
            default: doc.default.map(|x| unit.to_base(x)),
            unit,
        })
    }

    fn curve(&mut self, name: &Spanned<String>, doc: &TableDoc, y: Unit) -> Option<LookupTable> {
        let x = self.unit(doc.x.as_ref())?;
        let mut points = Vec::new();
        for (at, value) in &doc.points {
            let Ok(argument) = at.value.parse::<f64>() else {
                let word = &at.value;
                self.sink.push(Diagnostic::new(
                    Code::WrongType,
                    at.span,
                    tr!(
                        "expected a number, found `{word}`",
                        "应为数字，却是 `{word}`"
                    ),
                ));
                continue;
            };
            points.push((x.to_base(argument), y.to_base(*value)));
        }
        let rises = points.windows(2).all(|w| w[0].0 < w[1].0);
        let interpolate = match doc.interpolate {
            InterpolateDoc::Linear => Interpolate::Linear,
            InterpolateDoc::Log => Interpolate::Log,
            InterpolateDoc::Step => Interpolate::Step,
        };
        let positive = interpolate != Interpolate::Log || points.iter().all(|p| p.0 > 0.0);
        if !rises || !positive {
            let message = tr!(
                "the points of a table must ascend, and be positive for `log`",
                "表格的点必须递增；`log` 插值时须为正"
            );
            self.sink
                .push(Diagnostic::new(Code::BadAnchors, name.span, message));
            return None;
        }
        Some(LookupTable::Curve {
            x,
            y,
            points,
            interpolate,
        })
    }

    /// Reads a formula's text.
    pub(crate) fn expr(&mut self, text: &Spanned<String>) -> Option<Arc<Expr>> {
        if let Some(at) = verbatim(self.sources, text.span, &text.value) {
            return formula::parse(&text.value, at, self.sink).map(Arc::new);
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
        expr.map(Arc::new)
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

    /// Adds a criterion.
    pub(crate) fn criterion(&mut self, id: &Spanned<String>, doc: &CriterionDoc) {
        if self.library.criteria.contains_key(&id.value) {
            let word = &id.value;
            self.sink.push(Diagnostic::new(
                Code::DefinedTwice,
                id.span,
                tr!(
                    "the criterion `{word}` is defined twice",
                    "准则 `{word}` 被定义了两次"
                ),
            ));
            return;
        }
        let expr = self.expr(&doc.expr);
        let unit = self.declared_unit(doc.unit.as_ref());
        let form = ValueForm::Number(unit.as_ref().map_or_else(Unit::one, |(u, _)| u.clone()));
        let value = crate::load::lower::value_function::value_function(
            &mut self.reader(),
            &doc.value,
            &form,
            id.span,
        );
        if let (Some(expr), Some(value)) = (expr, value) {
            let criterion = Criterion {
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
            };
            self.library.criteria.insert(id.value.clone(), criterion);
        } else {
            self.library.unread.insert(id.value.clone());
        }
    }

    /// Adds a gate.
    pub(crate) fn gate(&mut self, id: &Spanned<String>, doc: &GateDoc) {
        if self.library.gates.contains_key(&id.value) {
            let word = &id.value;
            self.sink.push(Diagnostic::new(
                Code::DefinedTwice,
                id.span,
                tr!(
                    "the gate `{word}` is defined twice",
                    "关卡 `{word}` 被定义了两次"
                ),
            ));
            return;
        }
        let name = Text::name(&id.value);
        let title = doc.title.as_ref().map_or(name, |t| t.0.clone());
        let ask = self.expr(&doc.ask);
        let action = match (&doc.screen, &doc.fork, &doc.gives) {
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
                let fresh = self.is_new(gives);
                yes.zip(no)
                    .filter(|_| fresh)
                    .map(|(yes, no)| GateAction::Fork {
                        yes,
                        no,
                        gives: gives.value.clone(),
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
        if let (Some(ask), Some(action)) = (ask, action) {
            let about = doc.about.as_ref().map(|a| a.0.clone());
            self.library.gates.insert(
                id.value.clone(),
                Gate {
                    title,
                    about,
                    ask,
                    action,
                    source: doc.source.clone(),
                    span: id.span,
                },
            );
        } else {
            let joined = doc.gives.iter().map(|gives| gives.value.clone());
            self.library.unread.extend(joined.chain([id.value.clone()]));
        }
    }
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

fn background(
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

/// Converts the roll-up.
pub(crate) fn rollup(doc: RollupDoc) -> Rollup {
    match doc {
        RollupDoc::Sum => Rollup::Sum,
        RollupDoc::Max => Rollup::Max,
        RollupDoc::Min => Rollup::Min,
        RollupDoc::All => Rollup::All,
        RollupDoc::Any => Rollup::Any,
        RollupDoc::Weakest => Rollup::Weakest,
        RollupDoc::First => Rollup::First,
    }
}
