//! Units and dimensions: `ms`, `EUR/month`, `req/s/core`.
//!
//! A dimension is a product of base symbols with integer exponents. Time is in seconds, data in bytes, money in its own
//! currency (currencies are not converted), and each counted noun (`req`, `node`, `person`) is a base of its own, so that a
//! formula that divides requests by nodes is checked like one that divides milliseconds by megabytes.
//!
//! Labour is people times calendar time: a `person-week` is a person for a week, and holds five `person-day` or forty
//! `person-h` of full-time work. So effort divided by people is a time, `person-h/month * EUR/person-h` is `EUR/month`, and
//! `person-day + year` is an error. A month is a twelfth of a year, a year 365.25 days.

mod words;

use self::words::{CURRENCIES, LABOUR, NAMED, NOUNS, PREFIXES, RATES};
use std::collections::BTreeSet;
use std::fmt;
use std::sync::Arc;

use crate::lang::Text;
use crate::tr;

/// A product of base symbols, e.g. `EUR^1 s^-1`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Dimension {
    powers: Vec<(Arc<str>, i8)>,
}

impl Dimension {
    /// Dimensionless.
    pub const NONE: Self = Self { powers: Vec::new() };

    fn base(symbol: &str) -> Self {
        Self {
            powers: vec![(symbol.into(), 1)],
        }
    }

    /// Returns the dimension of time.
    #[must_use]
    pub fn time() -> Self {
        Self::base("s")
    }

    /// Returns the dimension of a number of people.
    #[must_use]
    pub fn people() -> Self {
        Self::base("person")
    }

    /// Returns the dimension of labour: people times time.
    #[must_use]
    pub fn labour() -> Self {
        Self::people().times(&Self::time())
    }

    /// Returns whether the dimension is that of a plain number.
    #[must_use]
    pub fn is_none(&self) -> bool {
        self.powers.is_empty()
    }

    /// Returns whether it contains a currency with a positive exponent, such as `EUR` or `EUR/year`.
    #[must_use]
    pub fn is_money(&self) -> bool {
        self.powers
            .iter()
            .any(|(base, power)| *power > 0 && CURRENCIES.contains(&&**base))
    }

    /// Returns whether every base is a counted noun, so that rounding is meaningful.
    #[must_use]
    pub fn is_count(&self) -> bool {
        self.powers
            .iter()
            .all(|(base, _)| !matches!(&**base, "s" | "B") && !CURRENCIES.contains(&&**base))
    }

    /// Returns `self * other`.
    #[must_use]
    pub fn times(&self, other: &Self) -> Self {
        let mut powers = self.powers.clone();
        for (base, power) in &other.powers {
            match powers.binary_search_by(|(b, _)| b.cmp(base)) {
                Ok(at) => powers[at].1 = powers[at].1.saturating_add(*power),
                Err(at) => powers.insert(at, (base.clone(), *power)),
            }
        }
        powers.retain(|&(_, power)| power != 0);
        Self { powers }
    }

    /// Returns `self / other`.
    #[must_use]
    pub fn over(&self, other: &Self) -> Self {
        self.times(&other.power(-1))
    }

    /// Returns `self ^ exponent`.
    #[must_use]
    pub fn power(&self, exponent: i8) -> Self {
        let powers = self
            .powers
            .iter()
            .map(|(b, p)| (b.clone(), p.saturating_mul(exponent)));
        Self {
            powers: powers.filter(|&(_, p)| p != 0).collect(),
        }
    }

    /// Returns the square root; `None` if an exponent is odd.
    #[must_use]
    pub fn root(&self) -> Option<Self> {
        let even = self.powers.iter().all(|(_, p)| p % 2 == 0);
        even.then(|| Self {
            powers: self
                .powers
                .iter()
                .map(|(b, p)| (b.clone(), p / 2))
                .collect(),
        })
    }
}

impl fmt::Display for Dimension {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_none() {
            return f.write_str("1");
        }
        let write = |f: &mut fmt::Formatter<'_>, base: &str, power: i8| {
            if power == 1 {
                f.write_str(base)
            } else {
                write!(f, "{base}^{power}")
            }
        };
        let mut first = true;
        for (base, power) in self.powers.iter().filter(|(_, p)| *p > 0) {
            if !first {
                f.write_str("*")?;
            }
            write(f, base, *power)?;
            first = false;
        }
        if first {
            f.write_str("1")?;
        }
        for (base, power) in self.powers.iter().filter(|(_, p)| *p < 0) {
            f.write_str("/")?;
            write(f, base, -power)?;
        }
        Ok(())
    }
}

/// A unit as written, with its dimension and its size in base units.
#[derive(Clone, Debug, PartialEq)]
pub struct Unit {
    name: Arc<str>,
    dimension: Dimension,
    factor: f64,
}

impl Unit {
    /// Returns the unit of a plain number.
    #[must_use]
    pub fn one() -> Self {
        Self {
            name: "1".into(),
            dimension: Dimension::NONE,
            factor: 1.0,
        }
    }

    /// Returns a unit that only labels a column, as in a matrix CSV: it is not converted and is dimensionless in formulas.
    #[must_use]
    pub fn label(name: &str) -> Self {
        Self {
            name: name.into(),
            dimension: Dimension::NONE,
            factor: 1.0,
        }
    }

    /// Returns the unit as written.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Returns the text printed after a number; empty for a plain number.
    #[must_use]
    pub fn suffix(&self) -> &str {
        if &*self.name == "1" { "" } else { &self.name }
    }

    #[must_use]
    pub fn dimension(&self) -> &Dimension {
        &self.dimension
    }

    /// Returns whether figures in the unit are not those of a plain number although it has no dimension: `h/month`, not `%`.
    #[must_use]
    pub fn carries_scale(&self) -> bool {
        let plain = |word: &str| matches!(word.trim(), "%" | "percent" | "ratio" | "1" | "");
        self.dimension.is_none()
            && (self.factor - 1.0).abs() > 1e-9
            && !self.name.split(['/', '*', '·']).all(plain)
    }

    /// Returns the size in base units: 3600 for `h`.
    #[must_use]
    pub fn factor(&self) -> f64 {
        self.factor
    }

    /// Converts a value from this unit to base units.
    #[must_use]
    pub fn to_base(&self, figure: f64) -> f64 {
        figure * self.factor
    }

    /// Converts a value from base units to this unit.
    #[must_use]
    pub fn of_base(&self, figure: f64) -> f64 {
        figure / self.factor
    }

    /// Returns `self / other`, e.g. the unit of a rate per core.
    #[must_use]
    pub fn over(&self, other: &Self) -> Self {
        Self {
            name: format!("{}/{}", self.name, other.name).into(),
            dimension: self.dimension.over(&other.dimension),
            factor: self.factor / other.factor,
        }
    }

    /// Returns the unit of a head count.
    #[must_use]
    pub fn person() -> Self {
        Self {
            name: "person".into(),
            dimension: Dimension::people(),
            factor: 1.0,
        }
    }

    /// Returns the base unit of a dimension, the default unit of a formula's result.
    #[must_use]
    pub fn base_of(dimension: &Dimension) -> Self {
        Self {
            name: dimension.to_string().into(),
            dimension: dimension.clone(),
            factor: 1.0,
        }
    }
}

impl fmt::Display for Unit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)
    }
}

/// A unit that cannot be parsed; offsets are bytes of the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnitError {
    pub start: usize,
    /// Exclusive.
    pub end: usize,
    pub message: Text,
    pub hint: Option<Text>,
}

/// The units known to a project: built-in units and the counted nouns that its files declare.
#[derive(Clone, Debug, Default)]
pub struct Units {
    nouns: BTreeSet<String>,
}

impl Units {
    /// Declares a counted noun (`story`, `endpoint`) as a unit and a dimension of its own.
    pub fn declare(&mut self, noun: &str) {
        self.nouns.insert(noun.to_owned());
    }

    /// Returns the unit of a single word such as `ms`; `None` if it is unknown.
    #[must_use]
    pub fn word(&self, word: &str) -> Option<Unit> {
        let known = |dimension, factor| {
            Some(Unit {
                name: word.into(),
                dimension,
                factor,
            })
        };
        if let Some(&(_, base, factor)) = NAMED.iter().find(|(name, ..)| *name == word) {
            return known(
                if base.is_empty() {
                    Dimension::NONE
                } else {
                    Dimension::base(base)
                },
                factor,
            );
        }
        if let Some(&(_, factor)) = LABOUR.iter().find(|(name, _)| *name == word) {
            return known(Dimension::labour(), factor);
        }
        if let Some(&(_, factor)) = RATES.iter().find(|(name, _)| *name == word) {
            return known(Dimension::base("req").over(&Dimension::time()), factor);
        }
        if let Some((base, factor)) = self.prefixable(word) {
            return known(Dimension::base(base), factor);
        }
        PREFIXES.iter().find_map(|&(prefix, size)| {
            let (base, factor) = self.prefixable(word.strip_prefix(prefix)?)?;
            known(Dimension::base(base), size * factor)
        })
    }

    /// Returns the base and size of a word that takes SI prefixes: a currency, a counted noun (also in the plural) or `bit`.
    fn prefixable<'w>(&'w self, word: &'w str) -> Option<(&'w str, f64)> {
        if CURRENCIES.contains(&word) {
            return Some((word, 1.0));
        }
        if let Some(&(_, noun)) = NOUNS.iter().find(|(name, _)| *name == word) {
            return Some((noun, 1.0));
        }
        if let Some(noun) = self.nouns.get(word) {
            return Some((noun, 1.0));
        }
        if word == "bit" {
            return Some(("B", 0.125));
        }
        let mut nouns = self.nouns.iter();
        let noun = nouns.find(|noun| plural_of(noun).is_some_and(|plural| plural == word))?;
        Some((noun, 1.0))
    }

    /// Parses a unit such as `req/s/core`, `EUR/month`, `1/year` or `%`.
    ///
    /// # Errors
    /// [`UnitError`] with the unknown word and the nearest known one.
    ///
    /// ```
    /// use weigh_engine::quantity::unit::Units;
    /// let toil = Units::default().parse("person-h/month").unwrap();
    /// assert_eq!(toil.dimension().to_string(), "person");
    /// let day = Units::default().parse("person-day").unwrap();
    /// assert_eq!(day.factor(), 8.0 * Units::default().parse("person-h").unwrap().factor());
    /// ```
    pub fn parse(&self, written: &str) -> Result<Unit, UnitError> {
        let text = written.trim();
        let offset = written.len() - written.trim_start().len();
        if text.is_empty() {
            return Ok(Unit::one());
        }
        let mut dimension = Dimension::NONE;
        let mut factor = 1.0;
        let mut at = 0;
        for part in text.split_inclusive(['/', '*', '·']) {
            let inverse = at > 0 && text[..at].ends_with('/');
            let word = part.trim_end_matches(['/', '*', '·']);
            let (name, exponent) = split_exponent(word.trim());
            let start = offset + at + (word.len() - word.trim_start().len());
            let unit = if name == "1" {
                Some(Unit::one())
            } else {
                self.word(name)
            };
            let (Some(unit), Some(exponent)) = (unit, exponent) else {
                return Err(self.unknown(name, start));
            };
            let exponent = if inverse {
                exponent.saturating_neg()
            } else {
                exponent
            };
            dimension = dimension.times(&unit.dimension.power(exponent));
            factor *= unit.factor.powi(i32::from(exponent));
            at += part.len();
        }
        if text.ends_with(['/', '*', '·']) {
            return Err(self.unknown("", offset + text.len() - 1));
        }
        Ok(Unit {
            name: text.into(),
            dimension,
            factor,
        })
    }

    fn unknown(&self, name: &str, start: usize) -> UnitError {
        let hint = crate::source::did_you_mean(name, self.names()).or_else(|| {
            Some(tr!(
                "known units: ms, s, h, day, month, year, MB, EUR, %, req/s ...; declare a counted noun under `units:`",
                "已知单位：ms、s、h、day、month、year、MB、EUR、%、req/s ……；计数名词可在 `units:` 下声明"
            ))
        });
        UnitError {
            start,
            end: start + name.len().max(1),
            message: tr!("unknown unit `{name}`", "未知单位 `{name}`"),
            hint,
        }
    }

    /// Returns every unit word, for suggestions.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        let named = NAMED
            .iter()
            .map(|&(name, ..)| name)
            .chain(LABOUR.iter().chain(RATES).map(|&(name, _)| name));
        let rest = CURRENCIES
            .iter()
            .copied()
            .chain(NOUNS.iter().map(|&(name, _)| name));
        named
            .chain(rest)
            .chain(self.nouns.iter().map(String::as_str))
    }
}

/// Returns the English plural of a counted noun; `None` for symbols, plurals and words of other languages.
///
/// ```
/// use weigh_engine::quantity::unit::plural_of;
/// assert_eq!(plural_of("endpoint").as_deref(), Some("endpoints"));
/// assert_eq!(plural_of("story").as_deref(), Some("stories"));
/// assert_eq!(plural_of("tx"), None);
/// ```
#[must_use]
pub fn plural_of(noun: &str) -> Option<String> {
    let symbol = noun.len() <= 2 || !noun.chars().all(|c| c.is_ascii_lowercase() || c == '-');
    if symbol || (noun.ends_with('s') && !noun.ends_with("ss")) {
        return None;
    }
    if let Some(stem) = noun.strip_suffix('y')
        && !stem.ends_with(['a', 'e', 'i', 'o', 'u'])
    {
        return Some(format!("{stem}ies"));
    }
    let hisses = ["s", "x", "z", "ch", "sh"];
    let ending = if hisses.iter().any(|end| noun.ends_with(end)) {
        "es"
    } else {
        "s"
    };
    Some(format!("{noun}{ending}"))
}

fn split_exponent(word: &str) -> (&str, Option<i8>) {
    match word.split_once('^') {
        Some((name, exponent)) => (name.trim_end(), exponent.trim().parse().ok()),
        None if word.ends_with('²') => (word.trim_end_matches('²'), Some(2)),
        None => (word, Some(1)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unit(written: &str) -> Unit {
        Units::default().parse(written).expect(written)
    }

    fn same(a: f64, b: f64) -> bool {
        (a - b).abs() <= 1e-12 * a.abs().max(b.abs())
    }

    /// Every prefix works on every word that counts something, exact words win, and a prefix alone is no unit.
    #[test]
    fn si_prefixes_work_on_counted_nouns_and_currencies() {
        let mut units = Units::default();
        for noun in ["msg", "story", "消息", "in"] {
            units.declare(noun);
        }
        for (prefix, size) in PREFIXES {
            for noun in [
                "msg", "story", "stories", "消息", "req", "core", "row", "EUR", "bit",
            ] {
                let written = format!("{prefix}{noun}");
                let unit = units.parse(&written).expect(&written);
                let plain = units.parse(noun).expect(noun);
                assert_eq!(unit.dimension(), plain.dimension(), "{written}");
                assert!(same(unit.factor(), size * plain.factor()), "{written}");
                assert_eq!(unit.name(), written);
            }
            assert!(units.word(prefix).is_none() || *prefix == "P", "{prefix}");
        }
        let minute = units.parse("min").expect("a minute");
        assert_eq!(*minute.dimension(), Dimension::time());
        assert!(units.parse("kkmsg").is_err() && units.parse("kperson-day").is_err());
    }

    #[test]
    fn only_compound_units_without_dimension_carry_a_scale() {
        for written in [
            "h/month",
            "h/year",
            "s/min",
            "ms/s",
            "kB/MB",
            "person-h/month/person",
        ] {
            assert!(unit(written).carries_scale(), "{written}");
        }
        for written in [
            "1",
            "%",
            "percent",
            "ratio",
            "req/req",
            "h",
            "EUR/month",
            "1/year",
        ] {
            assert!(!unit(written).carries_scale(), "{written}");
        }
    }

    #[test]
    fn labour_is_people_times_full_time_work() {
        let size = |written: &str| unit(written).factor();
        assert!(same(5.0 * size("person-day"), size("person-week")));
        assert!(same(40.0 * size("person-h"), size("person-week")));
        assert!(same(12.0 * size("person-month"), size("person-year")));
        for (labour, time) in [
            ("person-week", "week"),
            ("person-month", "month"),
            ("person-year", "year"),
            ("人周", "周"),
            ("人月", "月"),
            ("人年", "年"),
        ] {
            let people = unit("person").dimension().clone();
            let quotient = unit(labour).over(&unit(time));
            assert_eq!(*quotient.dimension(), people, "{labour}");
            assert!(same(quotient.factor(), 1.0), "{labour}");
        }
        for (labour, _) in LABOUR {
            assert_ne!(unit(labour).dimension(), unit("h").dimension(), "{labour}");
            let pay = unit(&format!("EUR/{labour}"));
            let toil = unit(&format!("{labour}/month"));
            assert!(!toil.dimension().is_none(), "{labour}");
            let cost = pay.dimension().times(toil.dimension());
            assert_eq!(cost, *unit("EUR/month").dimension(), "{labour}");
        }
    }
}
