//! Facts, their values and their provenance.

use std::sync::Arc;

use super::library::Rollup;
use crate::lang::Text;
use crate::quantity::date::Date;
use crate::quantity::distribution::Distribution;
use crate::source::Span;
use crate::tr;

/// The kind of evidence behind a fact.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum EvidenceKind {
    /// Measured by the reference services.
    Measured,
    /// Read from a registry or a repository.
    Registry,
    /// Published by a third party.
    Published,
    /// The team's own policy or design choice, such as "we run three nodes": it needs no range.
    Policy,
    /// A judgement with a range, on a named scale.
    Judged,
}

impl EvidenceKind {
    /// Returns the word used in files and JSON.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Measured => "measured",
            Self::Registry => "registry",
            Self::Published => "published",
            Self::Policy => "policy",
            Self::Judged => "judged",
        }
    }
}

/// What a fact is worth after its `expires` date.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum WhenStale {
    /// It stays in use; the range of a number widens.
    #[default]
    Widen,
    /// Its value is unknown; a date that was still to come is assumed to stay as far ahead of today.
    Unknown,
    /// It stays in use as it is.
    Keep,
}

/// How a measure treats facts after their `expires` date.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct StaleRule {
    pub when_stale: WhenStale,
    /// How far the range of a number widens on each side, as a part of the value.
    pub widens_by: f64,
}

impl Default for StaleRule {
    fn default() -> Self {
        Self {
            when_stale: WhenStale::default(),
            widens_by: 0.1,
        }
    }
}

/// The source of a fact, with its dates.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Provenance {
    pub kind: Option<EvidenceKind>,
    /// The source: a document, a registry, a command.
    pub source: Arc<str>,
    pub as_of: Option<Date>,
    /// Date after which it is stale.
    pub expires: Option<Date>,
    /// What it is worth after that date; `None` for what its measure declares.
    pub when_stale: Option<WhenStale>,
    /// The scale of a judgement.
    pub scale: Option<Text>,
    pub note: Option<Text>,
    /// The run it was measured in.
    pub run: Option<Arc<MeasuredRun>>,
    /// The command that would measure this fact.
    pub command: Option<Arc<str>>,
    /// The facts of parts that were combined to this one.
    pub rolled_up: Option<RolledUp>,
}

/// The facts of parts behind a fact of the whole.
#[derive(Clone, Debug, PartialEq)]
pub struct RolledUp {
    pub rule: Rollup,
    /// The parts' ids and facts; `None` for a part without the fact.
    pub parts: Vec<(Arc<str>, Option<Fact>)>,
}

/// The run behind a measured value.
#[derive(Clone, Debug, PartialEq)]
pub struct MeasuredRun {
    /// Id of the run.
    pub id: String,
    /// The session it belongs to.
    pub session: String,
    pub file: String,
    /// The file with histograms and per-second rows.
    pub raw: Option<String>,
    /// `contract.operation.metric`.
    pub address: String,
    /// The reference service, for the command that measures it again.
    pub service: String,
    pub variant: Option<String>,
    pub machine: Option<String>,
    /// The figure of each round, as stored.
    pub rounds: Vec<(u32, f64)>,
    /// Unit of the stored figures.
    pub unit: String,
    /// Remarks on the figures, as the file words them.
    pub remarks: Vec<String>,
}

/// The value of a fact.
#[derive(Clone, Debug, PartialEq)]
pub enum FactValue {
    /// A number in base units, with its uncertainty.
    Number(Distribution),
    Flag(bool),
    /// A word: its code in formulas and its text for readers.
    Word(f64, Arc<Text>),
    Date(Date),
    /// A number combined from the parts of a composite. Samples use the parts' own draws, so the composite varies with its parts.
    Combined {
        /// How the parts combine.
        rule: Rollup,
        /// The parts' ids and facts. None is missing.
        parts: Vec<(Arc<str>, Fact)>,
    },
    /// A date that is unknown and assumed to lie ahead of today, in seconds.
    Assumed {
        date: Distribution,
        /// Why it is unknown, and what is assumed.
        reason: Text,
    },
    /// Unknown, with the reason and, if there is one, the command that would find out.
    Missing {
        reason: Text,
        command: Option<String>,
    },
    /// The question does not arise for the candidate: a managed service has no contributors. It has no value either.
    NotApplicable {
        reason: Text,
    },
}

impl FactValue {
    /// Returns the point, the mean of a number: base units, 1 or 0, word code, seconds; NaN where missing.
    #[must_use]
    pub fn point(&self) -> f64 {
        match self {
            Self::Number(d) => d.mean(),
            Self::Flag(flag) => f64::from(u8::from(*flag)),
            Self::Word(code, _) => *code,
            Self::Date(date) => date.seconds(),
            Self::Combined { rule, parts } => {
                rule.combine(parts.iter().map(|(_, fact)| fact.value.point()))
            }
            Self::Assumed { date, .. } => date.mean(),
            Self::Missing { .. } | Self::NotApplicable { .. } => f64::NAN,
        }
    }

    /// Returns whether the question does not arise for the candidate.
    #[must_use]
    pub fn is_not_applicable(&self) -> bool {
        matches!(self, Self::NotApplicable { .. })
    }

    /// Returns whether the value is uncertain.
    #[must_use]
    pub fn is_uncertain(&self) -> bool {
        match self {
            Self::Number(d) | Self::Assumed { date: d, .. } => !d.is_certain(),
            Self::Combined { parts, .. } => parts.iter().any(|(_, fact)| fact.value.is_uncertain()),
            _ => false,
        }
    }
}

/// A value with its provenance.
#[derive(Clone, Debug, PartialEq)]
pub struct Fact {
    pub value: FactValue,
    pub provenance: Arc<Provenance>,
    /// The range of possible values (base units), if the author gave one.
    pub domain: Option<(f64, f64)>,
    pub span: Span,
    /// Whether the `expires` date has passed.
    pub stale: bool,
}

impl Fact {
    /// Returns the fact as an evaluation on `today` may use it: as it is before its `expires` date, else by the fact's own rule or
    /// by `rule`.
    ///
    /// The distance of an assumed date to today, as every other value, depends on whether `expires` has passed and not on how long
    /// ago, so the calendar alone changes nothing more.
    #[must_use]
    pub fn usable(mut self, rule: StaleRule, today: Date) -> Self {
        let Some(expired) = self.provenance.expires.filter(|_| self.stale) else {
            return self;
        };
        let when_stale = self.provenance.when_stale.unwrap_or(rule.when_stale);
        self.value = match (when_stale, self.value) {
            (WhenStale::Widen, FactValue::Number(d)) => {
                FactValue::Number(d.widened(rule.widens_by))
            }
            (WhenStale::Unknown, FactValue::Date(day)) => {
                date_after_expiry(day, expired, today, rule.widens_by)
            }
            (WhenStale::Unknown, value)
                if !matches!(
                    value,
                    FactValue::Missing { .. } | FactValue::NotApplicable { .. }
                ) =>
            {
                FactValue::Missing {
                    reason: tr!(
                        "unknown since it expired on {expired}: look it up again",
                        "已于 {expired} 过期，此后未知：请重新查证"
                    ),
                    command: None,
                }
            }
            (_, value) => value,
        };
        self
    }
}

/// Returns what a stale date is worth. One that had come while the fact was valid stays. One that was still to come is unknown, as
/// the end of support of a project's newest release: the project is assumed to have gone on, so that the date is as far ahead as it was
/// when the fact expired, give or take a part of that.
fn date_after_expiry(day: Date, expired: Date, today: Date, widens_by: f64) -> FactValue {
    let ahead = day.seconds() - expired.seconds();
    if ahead <= 0.0 {
        return FactValue::Date(day);
    }
    let mode = today.seconds() + ahead;
    let slack = widens_by.min(1.0) * ahead;
    FactValue::Assumed {
        date: Distribution::Triangular {
            low: mode - slack,
            mode,
            high: mode + slack,
        },
        reason: tr!(
            "{day} until it expired on {expired}, since then assumed to be as far ahead as on that day: look it up again",
            "{expired} 过期前为 {day}，此后未知，假定与今日的间隔同当日：请重新查证"
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stale(value: FactValue, own: Option<WhenStale>) -> Fact {
        let provenance = Provenance {
            expires: Date::parse("2027-02-22"),
            when_stale: own,
            ..Provenance::default()
        };
        Fact {
            value,
            provenance: Arc::new(provenance),
            domain: None,
            span: Span::default(),
            stale: true,
        }
    }

    const UNKNOWN: StaleRule = StaleRule {
        when_stale: WhenStale::Unknown,
        widens_by: 0.1,
    };

    const TODAY: Date = Date::EPOCH;

    fn day(text: &str) -> FactValue {
        FactValue::Date(Date::parse(text).expect("a day"))
    }

    #[test]
    fn a_stale_date_keeps_its_distance_to_today_unless_it_had_come() {
        let days = 86_400.0;
        for today in ["2027-02-23", "2047-02-22"] {
            let today = Date::parse(today).expect("a day");
            let open = stale(day("2027-03-04"), None).usable(UNKNOWN, today);
            let FactValue::Assumed { date, reason } = &open.value else {
                panic!("{:?}", open.value)
            };
            assert!(reason.en.starts_with("2027-03-04 until"), "{}", reason.en);
            let (low, high) = date.support();
            assert_eq!(low - today.seconds(), 9.0 * days);
            assert_eq!(high - today.seconds(), 11.0 * days);
            assert!(open.stale, "it is still reported");
            let over = stale(day("2026-11-12"), None).usable(UNKNOWN, today);
            assert_eq!(over.value, day("2026-11-12"));
        }
    }

    #[test]
    fn a_stale_word_may_be_unknown() {
        let word = FactValue::Word(1.0, Arc::new(Text::name("MIT")));
        let unknown = stale(word.clone(), None).usable(UNKNOWN, TODAY);
        assert!(matches!(unknown.value, FactValue::Missing { .. }));
        let usual = stale(word.clone(), None).usable(StaleRule::default(), TODAY);
        assert_eq!(usual.value, word);
    }

    #[test]
    fn a_fact_overrules_its_measure() {
        let pinned = stale(day("2027-10-10"), Some(WhenStale::Keep)).usable(UNKNOWN, TODAY);
        assert_eq!(pinned.value, day("2027-10-10"));
    }

    #[test]
    fn a_stale_number_widens_as_declared_and_no_further() {
        let rule = StaleRule {
            when_stale: WhenStale::Widen,
            widens_by: 0.5,
        };
        let number = FactValue::Number(Distribution::Certain(4.0));
        let FactValue::Number(wide) = stale(number.clone(), None).usable(rule, TODAY).value else {
            panic!("still a number")
        };
        assert_eq!(wide.support(), (2.0, 6.0));
        assert_eq!(wide.mean(), 4.0);
        let valid = Fact {
            stale: false,
            ..stale(number.clone(), None)
        };
        assert_eq!(valid.usable(rule, TODAY).value, number);
    }
}
