//! Formats figures for display and for JSON.

use crate::formula::Type;
use crate::graph::DecisionNode;
use crate::lang::{Lang, Text};
use crate::model::decision::Decision;
use crate::model::library::ValueForm;
use crate::quantity::date::Date;
use crate::quantity::unit::Unit;

/// A figure for JSON: 12 significant digits, so that the last bit of a platform's `ln` does not show; `None` for what is not a
/// number.
#[must_use]
pub fn json(x: f64) -> Option<f64> {
    if !x.is_finite() {
        return None;
    }
    if x == 0.0 {
        return Some(0.0);
    }
    format!("{x:.11e}").parse().ok()
}

/// A score or share for display: three decimals.
#[must_use]
pub fn score(x: f64) -> String {
    let text = format!("{x:.3}");
    if text == "-0.000" {
        "0.000".to_owned()
    } else {
        text
    }
}

/// A difference of scores for display: three decimals with its sign.
#[must_use]
pub fn difference(x: f64) -> String {
    if x.is_nan() {
        MISSING.to_owned()
    } else {
        format!("{x:+.3}")
    }
}

/// The progress of a piece of work in whole percent, never 100 before it is done.
#[must_use]
pub fn whole_percent(part: f64) -> String {
    format!("{:.0} %", (part * 100.0).floor().clamp(0.0, 99.0))
}

/// A probability or share in percent.
#[must_use]
pub fn percent(x: f64) -> String {
    let p = x * 100.0;
    if p > 0.0 && p < 0.1 {
        "<0.1 %".to_owned()
    } else if p > 99.9 && p < 100.0 {
        ">99.9 %".to_owned()
    } else if (p - p.round()).abs() < 0.05 {
        format!("{p:.0} %")
    } else {
        format!("{p:.1} %")
    }
}

/// A number for display: three significant digits below a thousand, whole and with thousands separated above.
///
/// ```
/// use weigh::view::figure::number;
/// assert_eq!(number(0.04567), "0.0457");
/// assert_eq!(number(31_103.4), "31,103");
/// assert_eq!(number(12.0), "12");
/// ```
#[must_use]
pub fn number(x: f64) -> String {
    if !x.is_finite() {
        return "?".to_owned();
    }
    let size = x.abs();
    if size >= 1e15 {
        return format!("{x:.3e}");
    }
    if size >= 999.5 {
        return separated(x.round());
    }
    if size == 0.0 {
        return "0".to_owned();
    }
    if size < 1e-4 {
        return format!("{x:.2e}");
    }
    significant(x, 3)
}

/// A number that someone wrote, such as an anchor: up to six significant digits.
///
/// ```
/// use weigh::view::figure::written;
/// assert_eq!(written(1.742), "1.742");
/// assert_eq!(written(60_000.0), "60,000");
/// assert_eq!(written(1.0 / 3.0), "0.333333");
/// ```
#[must_use]
pub fn written(x: f64) -> String {
    if !x.is_finite() || !(1e-4..999.5).contains(&x.abs()) {
        return number(x);
    }
    significant(x, 6)
}

/// A number other than 0 with this many significant digits, without zeros at the end.
fn significant(x: f64, digits: i32) -> String {
    let decimals = (digits - 1 - x.abs().log10().floor() as i32).max(0);
    let text = format!("{x:.*}", usize::try_from(decimals).unwrap_or(0));
    if text.contains('.') {
        text.trim_end_matches('0').trim_end_matches('.').to_owned()
    } else {
        text
    }
}

/// A number (base units) in a unit, for display.
#[must_use]
pub fn with_unit(value: f64, unit: &Unit, lang: Lang) -> String {
    super::unit::beside(&number(unit.of_base(value)), unit.suffix(), lang)
}

fn separated(x: f64) -> String {
    let digits = format!("{:.0}", x.abs());
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    if x < 0.0 { format!("-{text}") } else { text }
}

/// The text of a missing value.
pub const MISSING: &str = "?";

/// What stands for a value that a candidate cannot have.
#[must_use]
pub fn not_applicable() -> Text {
    crate::tr!("n/a", "不适用")
}

/// A node's value (base units) with its unit, for display.
#[must_use]
pub fn of_node(decision: &Decision, node: &DecisionNode, value: f64, lang: Lang) -> String {
    if value.is_nan() {
        return MISSING.to_owned();
    }
    match &node.value {
        Type::Number(_) => with_unit(value, &node.unit, lang),
        Type::Flag => flag(value != 0.0).get(lang).to_owned(),
        Type::Date => Date::of_seconds(value).map_or_else(|| MISSING.to_owned(), |d| d.to_string()),
        Type::Text | Type::List => level(decision, node, value, lang)
            .map_or_else(|| word(decision, node, value, lang), str::to_owned),
    }
}

/// Yes or no.
#[must_use]
pub fn flag(yes: bool) -> Text {
    if yes {
        crate::tr!("yes", "是")
    } else {
        crate::tr!("no", "否")
    }
}

fn word(decision: &Decision, node: &DecisionNode, code: f64, lang: Lang) -> String {
    use crate::graph::Compute;
    use crate::model::evidence::FactValue;
    use crate::model::library::ValueForm;
    if let Compute::Fact(measure)
    | Compute::PartFact { measure, .. }
    | Compute::OfPart { measure, .. } = &node.compute
    {
        let own = decision.candidates.iter().map(|c| &c.facts);
        let parts = decision.parts.values().map(|part| &part.facts);
        let facts = own.chain(parts).filter_map(|f| f.get(measure.as_str()));
        let found = facts.filter_map(|f| match &f.value {
            FactValue::Word(own, words) if *own == code => Some(words.get(lang).to_owned()),
            _ => None,
        });
        if let Some(words) = found.into_iter().next() {
            return words;
        }
    }
    // A criterion or formula that passes a level on: its title is where the level is declared.
    let title = |form: &ValueForm| match form {
        ValueForm::Level(levels) => levels
            .iter()
            .find(|(own, ..)| *own == code)
            .map(|(.., title)| title.get(lang).to_owned()),
        _ => None,
    };
    let level = decision
        .library
        .measures
        .values()
        .find_map(|measure| title(&measure.form));
    level.unwrap_or_else(|| {
        decision
            .library
            .words
            .text(code)
            .unwrap_or(MISSING)
            .to_owned()
    })
}

/// The title of a level that a criterion passes on; another scale may have the same word.
fn level<'d>(
    decision: &'d Decision,
    node: &DecisionNode,
    code: f64,
    lang: Lang,
) -> Option<&'d str> {
    let id = node.id.strip_prefix("criterion.").unwrap_or(&node.id);
    let measure = decision.library.criteria.get(id)?.expr.to_string();
    match &decision.library.measures.get(&measure)?.form {
        ValueForm::Level(levels) => levels
            .iter()
            .find(|(own, ..)| *own == code)
            .map(|(.., title)| title.get(lang)),
        _ => None,
    }
}

/// A node's value for JSON: a number in its unit, yes or no, a word, a date; null if missing.
#[must_use]
pub fn node_json(decision: &Decision, node: &DecisionNode, value: f64) -> serde_json::Value {
    use serde_json::Value as Json;
    if value.is_nan() {
        return Json::Null;
    }
    match &node.value {
        Type::Number(_) => json(node.unit.of_base(value)).map_or(Json::Null, Json::from),
        Type::Flag => Json::Bool(value != 0.0),
        Type::Date => Date::of_seconds(value).map_or(Json::Null, |d| Json::String(d.to_string())),
        Type::Text | Type::List => Json::String(word(decision, node, value, Lang::En)),
    }
}
