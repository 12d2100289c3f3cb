//! Units for display: in the reader's language, and in the plural beside a figure that is not 1.
//!
//! Everything that people read goes through [`beside`] or [`heading`]; JSON and files keep the unit as written.

use std::borrow::Cow;

use crate::lang::Lang;
use crate::quantity::unit::plural_of;

/// Returns a figure with its unit: `1 week`, `11.1 weeks`, `4/year`; `11.1 周`. The figure is already formatted.
///
/// ```
/// use weigh::{lang::Lang, view::unit::beside};
/// assert_eq!(beside("5", "person", Lang::En), "5 persons");
/// assert_eq!(beside("1", "weeks", Lang::En), "1 week");
/// assert_eq!(beside("10,194", "EUR/year", Lang::Zh), "10,194 欧元/年");
/// ```
#[must_use]
pub fn beside(figure: &str, unit: &str, lang: Lang) -> String {
    if unit.is_empty() {
        return figure.to_owned();
    }
    let unit = translated(unit, !matches!(figure, "1" | "-1"), lang);
    match unit.strip_prefix("1/") {
        Some(below) => format!("{figure}/{below}"),
        None => format!("{figure} {unit}"),
    }
}

/// Returns a unit as the heading of figures: `weeks`, `EUR/year`; `周`.
#[must_use]
pub fn heading(unit: &str, lang: Lang) -> String {
    translated(unit, true, lang)
}

/// A unit of one word, in both languages.
struct UnitWord {
    /// All spellings in files; the first is the usual one.
    spellings: &'static [&'static str],
    singular: &'static str,
    plural: &'static str,
    /// After a figure, with its measure word: `3 个节点`.
    zh: &'static str,
    /// Below a division sign: `欧元/节点`.
    zh_below: &'static str,
}

const fn word(
    spellings: &'static [&'static str],
    singular: &'static str,
    plural: &'static str,
    zh: &'static str,
    zh_below: &'static str,
) -> UnitWord {
    UnitWord {
        spellings,
        singular,
        plural,
        zh,
        zh_below,
    }
}

/// Units that have a word. Symbols such as `ms`, `MB`, `req` are the same in both languages.
const WORDS: &[UnitWord] = &[
    word(
        &["second", "seconds", "秒"],
        "second",
        "seconds",
        "秒",
        "秒",
    ),
    word(&["min"], "min", "min", "分钟", "分钟"),
    word(&["minute", "minutes"], "minute", "minutes", "分钟", "分钟"),
    word(&["h"], "h", "h", "小时", "小时"),
    word(&["hour", "hours", "小时"], "hour", "hours", "小时", "小时"),
    word(&["day", "days", "d", "天"], "day", "days", "天", "天"),
    word(&["week", "weeks", "周"], "week", "weeks", "周", "周"),
    word(&["month", "months", "月"], "month", "months", "个月", "月"),
    word(&["year", "years", "年"], "year", "years", "年", "年"),
    word(&["person-h"], "person-h", "person-h", "人时", "人时"),
    word(
        &["person-hour", "person-hours", "人时"],
        "person-hour",
        "person-hours",
        "人时",
        "人时",
    ),
    word(
        &["person-day", "person-days", "人日"],
        "person-day",
        "person-days",
        "人日",
        "人日",
    ),
    word(&["人天"], "person-day", "person-days", "人天", "人天"),
    word(
        &["person-week", "person-weeks", "人周"],
        "person-week",
        "person-weeks",
        "人周",
        "人周",
    ),
    word(
        &["person-month", "person-months", "人月"],
        "person-month",
        "person-months",
        "人月",
        "人月",
    ),
    word(
        &["person-year", "person-years", "人年"],
        "person-year",
        "person-years",
        "人年",
        "人年",
    ),
    word(
        &["person", "persons", "people", "人"],
        "person",
        "persons",
        "人",
        "人",
    ),
    word(&["node", "nodes"], "node", "nodes", "个节点", "节点"),
    word(&["core", "cores"], "core", "cores", "核", "核"),
    word(
        &["incident", "incidents"],
        "incident",
        "incidents",
        "次故障",
        "次故障",
    ),
    word(
        &["request", "requests"],
        "request",
        "requests",
        "个请求",
        "请求",
    ),
    word(&["row", "rows"], "row", "rows", "行", "行"),
    word(&["line", "lines"], "line", "lines", "行", "行"),
    word(
        &["connection", "connections"],
        "connection",
        "connections",
        "个连接",
        "连接",
    ),
    word(&["byte"], "byte", "bytes", "字节", "字节"),
    word(&["bit"], "bit", "bits", "比特", "比特"),
    word(&["percent"], "%", "%", "%", "%"),
    word(&["EUR"], "EUR", "EUR", "欧元", "欧元"),
    word(&["kEUR"], "kEUR", "kEUR", "千欧元", "千欧元"),
    word(&["USD"], "USD", "USD", "美元", "美元"),
    word(&["kUSD"], "kUSD", "kUSD", "千美元", "千美元"),
    word(&["CNY"], "CNY", "CNY", "元", "元"),
    word(&["kCNY"], "kCNY", "kCNY", "千元", "千元"),
    word(&["GBP"], "GBP", "GBP", "英镑", "英镑"),
    word(&["JPY"], "JPY", "JPY", "日元", "日元"),
    word(&["HKD"], "HKD", "HKD", "港元", "港元"),
    word(&["TWD"], "TWD", "TWD", "新台币", "新台币"),
    word(&["KRW"], "KRW", "KRW", "韩元", "韩元"),
    word(&["SGD"], "SGD", "SGD", "新加坡元", "新加坡元"),
    word(&["CHF"], "CHF", "CHF", "瑞士法郎", "瑞士法郎"),
];

/// Translates word by word; in English the last word above the division sign takes the plural.
fn translated(unit: &str, several: bool, lang: Lang) -> String {
    let parts: Vec<&str> = unit.split_inclusive(['/', '*', '·']).collect();
    let is_below = |at: usize| at > 0 && parts[at - 1].ends_with('/');
    let last_above = (0..parts.len()).rev().find(|&at| !is_below(at));
    let mut text = String::new();
    for (at, part) in parts.iter().enumerate() {
        let written = part.trim_end_matches(['/', '*', '·']);
        let (name, power) = match written.find(['^', '²']) {
            Some(end) => written.split_at(end),
            None => (written, ""),
        };
        let plural = several && Some(at) == last_above && power.is_empty();
        text.push_str(&one_word(name.trim(), plural, is_below(at), lang));
        text.push_str(power);
        text.push_str(&part[written.len()..]);
    }
    text
}

fn one_word(name: &str, plural: bool, is_below: bool, lang: Lang) -> Cow<'_, str> {
    let known = WORDS.iter().find(|word| word.spellings.contains(&name));
    match (known, lang) {
        (Some(word), Lang::Zh) if is_below => word.zh_below.into(),
        (Some(word), Lang::Zh) => word.zh.into(),
        (Some(word), Lang::En) if plural => word.plural.into(),
        (Some(word), Lang::En) => word.singular.into(),
        (None, Lang::En) if plural && !is_symbol(name) => {
            plural_of(name).map_or(name.into(), Cow::from)
        }
        (None, _) => name.into(),
    }
}

/// Symbols that look like words.
fn is_symbol(name: &str) -> bool {
    matches!(
        name,
        "ratio"
            | "req"
            | "reqs"
            | "op"
            | "ops"
            | "rps"
            | "qps"
            | "krps"
            | "sec"
            | "ms"
            | "us"
            | "ns"
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::quantity::unit::Units;

    #[test]
    fn english_units_agree_with_their_figure() {
        for (figure, unit, shown) in [
            ("5", "person", "5 persons"),
            ("1", "person", "1 person"),
            ("11.1", "week", "11.1 weeks"),
            ("1", "week", "1 week"),
            ("0", "weeks", "0 weeks"),
            ("-1", "weeks", "-1 week"),
            ("0.5", "person-day", "0.5 person-days"),
            ("500", "person-day/year", "500 person-days/year"),
            ("5.5", "person-h/month", "5.5 person-h/month"),
            ("9,800", "req/s/core", "9,800 req/s/core"),
            ("3", "incident/year", "3 incidents/year"),
            ("4", "1/year", "4/year"),
            ("40", "%", "40 %"),
            ("2..6", "story", "2..6 stories"),
            ("2", "EUR/story", "2 EUR/story"),
            ("2", "tx/s", "2 tx/s"),
            ("7", "", "7"),
        ] {
            assert_eq!(beside(figure, unit, Lang::En), shown);
        }
    }

    #[test]
    fn chinese_units_are_chinese() {
        for (figure, unit, shown) in [
            ("5", "person", "5 人"),
            ("11.1", "week", "11.1 周"),
            ("3", "month", "3 个月"),
            ("10,194", "EUR/year", "10,194 欧元/年"),
            ("70", "EUR/person-h", "70 欧元/人时"),
            ("5.5", "person-h/month", "5.5 人时/月"),
            ("60", "EUR/node/month", "60 欧元/节点/月"),
            ("3", "node", "3 个节点"),
            ("9,800", "req/s/core", "9,800 req/s/核"),
            ("4", "1/year", "4/年"),
            ("2", "故事点", "2 故事点"),
            ("12", "ms", "12 ms"),
        ] {
            assert_eq!(beside(figure, unit, Lang::Zh), shown);
        }
    }

    /// What a person reads in English, typed back, is the same unit; no word of the table is unknown to the parser.
    #[test]
    fn english_units_can_be_typed_back() {
        let units = Units::default();
        for word in WORDS {
            for spelling in word.spellings {
                let own = units.parse(spelling).expect(spelling);
                for shown in [word.singular, word.plural] {
                    let back = units.parse(shown).expect(shown);
                    assert_eq!(own.dimension(), back.dimension(), "{spelling} {shown}");
                    assert!(
                        (own.factor() / back.factor() - 1.0).abs() < 1e-12,
                        "{spelling}"
                    );
                }
            }
        }
    }
}
