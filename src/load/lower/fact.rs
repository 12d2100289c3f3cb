//! Lowers a `FactDoc` to a [`Fact`]: converts units, encodes words, parses dates, inherits provenance.

use std::sync::Arc;

use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::formula::TextCodes;
use crate::lang::Text;
use crate::load::lower::origin::{TextOrigin, verbatim};
use crate::load::read::reader::Reader;
use crate::model::evidence::{EvidenceKind, Fact, FactValue, Provenance, StaleRule, WhenStale};
use crate::model::library::ValueForm;
use crate::quantity::date::Date;
use crate::quantity::distribution::Distribution;
use crate::quantity::unit::{Unit, Units};
use crate::quantity::{self, QuantityErrorKind};
use crate::schema::catalog::DefaultsDoc;
use crate::schema::criteria::MeasureDoc;
use crate::schema::fact::{FactDoc, FullFactDoc, KindDoc, WhenStaleDoc};
use crate::schema::{Scalar, Spanned, Words};
use crate::source::{Sources, Span};
use crate::tr;

/// The context in which facts are read.
pub(crate) struct FactReader<'a> {
    pub units: &'a Units,
    pub words: &'a mut TextCodes,
    pub sources: &'a Sources,
    pub sink: &'a mut Diagnostics,
    /// The date of the evaluation: a fact that expired before it is stale.
    pub as_of: Date,
    /// Whether the facts are from a catalog, where a source is required.
    pub in_catalog: bool,
}

impl<'a> FactReader<'a> {
    /// Reads facts that need no source.
    pub(crate) fn new(
        units: &'a Units,
        words: &'a mut TextCodes,
        reader: &'a mut Reader,
        as_of: Date,
    ) -> Self {
        Self {
            units,
            words,
            sources: &reader.sources,
            sink: &mut reader.diagnostics,
            as_of,
            in_catalog: false,
        }
    }

    /// Reads one fact of this form; `None` if it is invalid, after reporting why.
    pub(crate) fn fact(
        &mut self,
        doc: &Spanned<FactDoc>,
        form: &ValueForm,
        inherited: &Arc<Provenance>,
    ) -> Option<Fact> {
        match &doc.value {
            FactDoc::Short(scalar) => {
                let value = self.value(scalar, doc.span, form, None)?;
                self.has_a_source(inherited, doc.span);
                Some(self.finish(value, inherited.clone(), None, doc.span))
            }
            FactDoc::Full(full) => self.full(full, doc.span, form, inherited),
        }
    }

    fn full(
        &mut self,
        doc: &FullFactDoc,
        span: Span,
        form: &ValueForm,
        inherited: &Arc<Provenance>,
    ) -> Option<Fact> {
        let provenance = self.provenance(doc, inherited);
        if let Some(reason) = &doc.missing {
            let value = FactValue::Missing {
                reason: reason.0.clone(),
                command: None,
            };
            return Some(self.finish(value, provenance, None, span));
        }
        if let Some(reason) = &doc.not_applicable {
            return self.not_applicable(doc, reason, provenance, span);
        }
        let unit = match &doc.unit {
            Some(unit) => Some(self.unit(unit)?),
            None => None,
        };
        let range = match &doc.range {
            Some(range) => Some((
                self.number(&range.value, range.span, form, unit.as_ref())?,
                range.span,
            )),
            None => None,
        };
        let value = match &doc.value {
            Some(value) => self.value(&value.value, value.span, form, unit.as_ref())?,
            None => match &range {
                Some((distribution, _)) => FactValue::Number(distribution.clone()),
                None => {
                    let message = tr!("this fact has no `value`", "该事实没有 `value`");
                    let hint = tr!(
                        "give a `value`, or `missing: why it is not known`",
                        "请给出 `value`，或写 `missing: 未知的原因`"
                    );
                    self.sink
                        .push(Diagnostic::new(Code::MissingKey, span, message).hint(hint));
                    return None;
                }
            },
        };
        let (value, domain) = match (value, range) {
            (FactValue::Number(value), Some((range, at))) => {
                let (number, domain) = self.within(value, &range, at)?;
                (FactValue::Number(number), domain)
            }
            (value, _) => (value, None),
        };
        let at = doc.value.as_ref().map_or(span, |v| v.span);
        self.judged_has_range(&value, &provenance, at);
        self.has_a_source(&provenance, span);
        Some(self.finish(value, provenance, domain, span))
    }

    fn not_applicable(
        &mut self,
        doc: &FullFactDoc,
        reason: &Words,
        provenance: Arc<Provenance>,
        span: Span,
    ) -> Option<Fact> {
        let stated = [
            doc.value.as_ref().map(|value| value.span),
            doc.range.as_ref().map(|range| range.span),
            doc.measured.as_ref().map(|address| address.span),
        ];
        if let Some(at) = stated.into_iter().flatten().next() {
            let message = tr!(
                "a fact that does not apply has no value",
                "不适用的事实没有取值"
            );
            let hint = tr!(
                "remove either `not_applicable` or the value",
                "请去掉 `not_applicable` 或取值"
            );
            self.sink
                .push(Diagnostic::new(Code::ContradictoryFact, at, message).hint(hint));
            return None;
        }
        if reason.0.en.trim().is_empty() {
            let message = tr!(
                "`not_applicable` needs a reason",
                "`not_applicable` 需要说明原因"
            );
            let hint = tr!(
                "`not_applicable: a managed service has no contributors`",
                "`not_applicable: 托管服务没有贡献者`"
            );
            self.sink
                .push(Diagnostic::new(Code::MissingKey, span, message).hint(hint));
            return None;
        }
        let reason = reason.0.clone();
        Some(self.finish(FactValue::NotApplicable { reason }, provenance, None, span))
    }

    fn finish(
        &self,
        value: FactValue,
        provenance: Arc<Provenance>,
        domain: Option<(f64, f64)>,
        span: Span,
    ) -> Fact {
        let stale = provenance.expires.is_some_and(|day| day < self.as_of);
        Fact {
            value,
            provenance,
            domain,
            span,
            stale,
        }
    }

    /// Reports a catalog fact without a source, its own or inherited.
    fn has_a_source(&mut self, provenance: &Provenance, span: Span) {
        if !self.in_catalog
            || !provenance.source.is_empty()
            || matches!(
                provenance.kind,
                Some(EvidenceKind::Judged | EvidenceKind::Policy)
            )
            || !self.sink.has_room()
        {
            return;
        }
        let message = tr!("this fact has no source", "该事实没有说明出处");
        let hint = tr!(
            "give it `source:` and `as_of:`, or the whole file: `defaults: {{source: ..., as_of: 2026-11-22}}`",
            "请给出 `source:` 与 `as_of:`，或写在文件级：`defaults: {{source: ..., as_of: 2026-11-22}}`"
        );
        self.sink
            .push(Diagnostic::new(Code::Unsourced, span, message).hint(hint));
    }

    fn judged_has_range(&mut self, value: &FactValue, provenance: &Provenance, span: Span) {
        if provenance.kind != Some(EvidenceKind::Judged) {
            return;
        }
        if matches!(value, FactValue::Number(d) if d.is_certain()) {
            let message = tr!("a judgement without a range", "没有区间的判断");
            let hint = tr!(
                "write it as `low..high` or `low..likely..high`",
                "请写成 `低..高` 或 `低..最可能..高`"
            );
            self.sink
                .push(Diagnostic::new(Code::JudgedWithoutRange, span, message).hint(hint));
        } else if provenance.scale.is_none() {
            let message = tr!("a judgement without a scale", "没有量表的判断");
            let hint = tr!(
                "name the scale of the judgement with `scale:`",
                "请用 `scale:` 说明判断了什么、依据什么"
            );
            self.sink
                .push(Diagnostic::new(Code::JudgedWithoutRange, span, message).hint(hint));
        }
    }

    /// Adds a range to a point value: it is the uncertainty of the value and the domain that break-even search
    /// uses.
    fn within(
        &mut self,
        value: Distribution,
        range: &Distribution,
        at: Span,
    ) -> Option<(Distribution, Option<(f64, f64)>)> {
        let (low, high) = range.support();
        let Distribution::Certain(mode) = value else {
            return Some((value, Some((low, high))));
        };
        if mode < low || mode > high {
            let message = tr!(
                "the value lies outside its own range",
                "取值落在其自身区间之外"
            );
            self.sink
                .push(Diagnostic::new(Code::BadDistribution, at, message));
            return None;
        }
        let spread = match range {
            Distribution::Uniform { .. } | Distribution::Certain(_) if low < high => {
                Distribution::Triangular { low, mode, high }
            }
            Distribution::Certain(_) | Distribution::Uniform { .. } => Distribution::Certain(mode),
            other => other.clone(),
        };
        Some((spread, Some((low, high))))
    }

    /// Reads the value of a fact.
    pub(crate) fn value(
        &mut self,
        scalar: &Scalar,
        span: Span,
        form: &ValueForm,
        unit: Option<&Unit>,
    ) -> Option<FactValue> {
        match form {
            ValueForm::Number(_) => self.number(scalar, span, form, unit).map(FactValue::Number),
            ValueForm::Flag => self.flag(scalar, span),
            ValueForm::Date => self
                .date(&self.written(scalar, span), span)
                .map(FactValue::Date),
            ValueForm::List => Some(self.list(scalar, span)),
            ValueForm::Text => {
                let words = match scalar {
                    Scalar::Words(words) => words.clone(),
                    other => Text::name(self.written(other, span)),
                };
                Some(FactValue::Word(self.words.code(&words.en), Arc::new(words)))
            }
            ValueForm::Level(levels) => {
                let word = self.written(scalar, span);
                if let Some((code, _, words)) = levels.iter().find(|(_, id, _)| **id == *word) {
                    return Some(FactValue::Word(*code, words.clone()));
                }
                let known = levels.iter().map(|l| &*l.1).collect::<Vec<_>>().join(" < ");
                let message = tr!(
                    "`{word}` is not a level of this scale",
                    "`{word}` 不是该量表的等级"
                );
                let hint = tr!("worst to best: `{known}`", "由差到好：`{known}`");
                self.sink
                    .push(Diagnostic::new(Code::UnknownLevel, span, message).hint(hint));
                None
            }
        }
    }

    /// Reads a list; on the command line its entries are separated by commas.
    fn list(&mut self, scalar: &Scalar, span: Span) -> FactValue {
        let entries: Vec<String> = match scalar {
            Scalar::List(entries) => entries.clone(),
            other => {
                let text = self.written(other, span);
                let inner = text.trim().trim_start_matches('[').trim_end_matches(']');
                let entries = inner.split(',').map(|entry| entry.trim().to_owned());
                entries.filter(|entry| !entry.is_empty()).collect()
            }
        };
        let code = self.words.list(&entries);
        FactValue::Word(code, Arc::new(Text::name(entries.join(", "))))
    }

    fn flag(&mut self, scalar: &Scalar, span: Span) -> Option<FactValue> {
        if let Scalar::Flag(flag) = scalar {
            return Some(FactValue::Flag(*flag));
        }
        let given = self.written(scalar, span);
        let message = tr!(
            "expected true or false, found `{given}`",
            "应为 true 或 false，却是 `{given}`"
        );
        self.sink
            .push(Diagnostic::new(Code::WrongType, span, message));
        None
    }

    /// Returns the text as typed: a bare `3.10` is the version 3.10, not the number 3.1.
    fn written(&self, scalar: &Scalar, span: Span) -> String {
        match scalar {
            Scalar::Text(text) => text.clone(),
            Scalar::Words(words) => words.en.clone(),
            Scalar::List(entries) => entries.join(", "),
            Scalar::Number(x) => {
                let typed = self.sources.slice(span);
                if typed.is_empty() {
                    x.to_string()
                } else {
                    typed.to_owned()
                }
            }
            Scalar::Flag(flag) => flag.to_string(),
        }
    }

    /// Reads a number in base units.
    pub(crate) fn number(
        &mut self,
        scalar: &Scalar,
        span: Span,
        form: &ValueForm,
        unit: Option<&Unit>,
    ) -> Option<Distribution> {
        let declared = form.unit();
        match scalar {
            Scalar::Number(x) => self.in_unit(
                Distribution::Certain(*x),
                unit.unwrap_or(&declared),
                &declared,
                span,
            ),
            Scalar::Text(text) => {
                let written = quantity::parse(text, self.units)
                    .map_err(|error| self.not_a_quantity(&error, text, span))
                    .ok()?;
                let own = written.unit.as_ref().or(unit).unwrap_or(&declared);
                self.in_unit(written.figures, own, &declared, span)
            }
            _ => {
                let given = self.written(scalar, span);
                let message = tr!(
                    "expected a number, found `{given}`",
                    "应为数字，却是 `{given}`"
                );
                self.sink
                    .push(Diagnostic::new(Code::WrongType, span, message));
                None
            }
        }
    }

    fn in_unit(
        &mut self,
        figures: Distribution,
        own: &Unit,
        declared: &Unit,
        span: Span,
    ) -> Option<Distribution> {
        if own.dimension() != declared.dimension() {
            let labour = self.labour_unit(own, declared);
            let (own, declared) = (own.name(), declared.name());
            let message = tr!(
                "`{own}` is not a unit of what is declared in `{declared}`",
                "`{own}` 不能用于以 `{declared}` 声明的量"
            );
            let hint = match labour {
                Some(unit) => tr!(
                    "hours and days of work are labour: write `{unit}`",
                    "工时属于工作量：请写 `{unit}`"
                ),
                None => tr!(
                    "give it in `{declared}`, or in a unit of the same kind",
                    "请以 `{declared}` 或同类单位给出"
                ),
            };
            self.sink
                .push(Diagnostic::new(Code::WrongUnit, span, message).hint(hint));
            return None;
        }
        Some(figures.scale(own.factor()))
    }

    /// Returns the unit of labour that was meant by a unit of calendar time: `person-h/month` for `h/month`.
    fn labour_unit(&self, own: &Unit, declared: &Unit) -> Option<String> {
        let name = own.name();
        let meant = |unit: &String| {
            let parsed = self.units.parse(unit);
            parsed.is_ok_and(|unit| unit.dimension() == declared.dimension())
        };
        let divided = name
            .rsplit_once('/')
            .map(|(above, below)| format!("{above}/person-{below}"));
        std::iter::once(format!("person-{name}"))
            .chain(divided)
            .find(meant)
    }

    fn not_a_quantity(&mut self, error: &quantity::QuantityError, text: &str, span: Span) {
        let code = match error.kind {
            QuantityErrorKind::Form => Code::NotAQuantity,
            QuantityErrorKind::Unit => Code::UnknownUnit,
            QuantityErrorKind::Distribution => Code::BadDistribution,
        };
        let place = inside(self.sources, span, text, error.start, error.end);
        self.sink.push(
            Diagnostic::new(code, place, error.message.clone()).maybe_hint(error.hint.clone()),
        );
    }

    /// Reads a unit.
    pub(crate) fn unit(&mut self, unit: &Spanned<String>) -> Option<Unit> {
        match self.units.parse(&unit.value) {
            Ok(unit) => Some(unit),
            Err(error) => {
                let place = inside(self.sources, unit.span, &unit.value, error.start, error.end);
                self.sink.push(
                    Diagnostic::new(Code::UnknownUnit, place, error.message).maybe_hint(error.hint),
                );
                None
            }
        }
    }

    /// Parses a date.
    pub(crate) fn date(&mut self, text: &str, span: Span) -> Option<Date> {
        let date = Date::parse(text.trim());
        if date.is_none() {
            self.sink.push(not_a_day(text, span));
        }
        date
    }

    fn day(&mut self, day: Option<&Spanned<String>>) -> Option<Date> {
        day.and_then(|d| self.date(&d.value, d.span))
    }

    fn provenance(&mut self, doc: &FullFactDoc, inherited: &Arc<Provenance>) -> Arc<Provenance> {
        let says_nothing = doc.kind.is_none()
            && doc.source.is_none()
            && doc.as_of.is_none()
            && doc.expires.is_none()
            && doc.when_stale.is_none()
            && doc.scale.is_none()
            && doc.note.is_none();
        if says_nothing {
            return inherited.clone();
        }
        let as_of = self.day(doc.as_of.as_ref()).or(inherited.as_of);
        let expires = self
            .day(doc.expires.as_ref())
            .or(inherited.expires.filter(|_| doc.as_of.is_none()));
        if let (Some(from), Some(until), Some(place)) =
            (as_of, expires, doc.expires.as_ref().or(doc.as_of.as_ref()))
            && until < from
        {
            let message = tr!(
                "the fact expires on {until}, before it was gathered on {from}",
                "该事实的失效日 {until} 早于取证日 {from}"
            );
            self.sink.push(Diagnostic::new(
                Code::ContradictoryFact,
                place.span,
                message,
            ));
        }
        Arc::new(Provenance {
            kind: doc.kind.map(kind).or(inherited.kind),
            source: doc
                .source
                .as_ref()
                .map_or_else(|| inherited.source.clone(), |s| s.value.as_str().into()),
            as_of,
            expires,
            when_stale: doc.when_stale.map(when_stale),
            scale: doc.scale.as_ref().map(|s| s.0.clone()),
            note: doc.note.as_ref().map(|n| n.0.clone()),
            ..Provenance::default()
        })
    }

    /// The provenance that the facts of a file inherit.
    pub(crate) fn defaults(
        &mut self,
        doc: Option<&DefaultsDoc>,
        outer: &Arc<Provenance>,
    ) -> Arc<Provenance> {
        let Some(doc) = doc else { return outer.clone() };
        Arc::new(Provenance {
            kind: doc.kind.map(kind).or(outer.kind),
            source: doc
                .source
                .as_ref()
                .map_or_else(|| outer.source.clone(), |s| s.value.as_str().into()),
            as_of: self.day(doc.as_of.as_ref()).or(outer.as_of),
            expires: self.day(doc.expires.as_ref()).or(outer.expires),
            ..Provenance::default()
        })
    }
}

/// Reports an invalid date.
pub(crate) fn not_a_day(text: &str, span: Span) -> Diagnostic {
    let message = tr!("`{text}` is not a date", "`{text}` 不是日期");
    let hint = tr!(
        "write year-month-day, as in 2026-11-22",
        "请写作 年-月-日，例如 2026-11-22"
    );
    Diagnostic::new(Code::BadDate, span, message).hint(hint)
}

/// Converts what a fact is worth after its `expires` date.
fn when_stale(doc: WhenStaleDoc) -> WhenStale {
    match doc {
        WhenStaleDoc::Widen => WhenStale::Widen,
        WhenStaleDoc::Unknown => WhenStale::Unknown,
        WhenStaleDoc::Keep => WhenStale::Keep,
    }
}

/// Returns how a measure treats facts after their `expires` date.
pub(crate) fn stale_rule(doc: &MeasureDoc) -> StaleRule {
    let usual = StaleRule::default();
    StaleRule {
        when_stale: doc.when_stale.map_or(usual.when_stale, when_stale),
        widens_by: doc.widens_by.unwrap_or(usual.widens_by),
    }
}

/// Converts the kind of evidence.
pub(crate) fn kind(doc: KindDoc) -> EvidenceKind {
    match doc {
        KindDoc::Measured => EvidenceKind::Measured,
        KindDoc::Registry => EvidenceKind::Registry,
        KindDoc::Published => EvidenceKind::Published,
        KindDoc::Policy => EvidenceKind::Policy,
        KindDoc::Judged => EvidenceKind::Judged,
    }
}

/// Returns the place of bytes `start..end` of a scalar's text, or of the whole scalar if it cannot be found, as
/// after an alias.
fn inside(sources: &Sources, span: Span, text: &str, start: usize, end: usize) -> Span {
    match verbatim(sources, span, text) {
        Some(at) => at.slice(start, end),
        None => TextOrigin::of(sources, span, text).map_or(span, |origin| origin.span(start, end)),
    }
}
