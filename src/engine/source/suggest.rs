//! Suggestions for misspelt names, with one threshold and one wording.

use crate::lang::Text;
use crate::tr;

/// Returns the known word nearest to `word` if at most a third of its letters differ (Damerau-Levenshtein distance), else the
/// shortest that begins with it. Case is ignored, and `-` equals `_`.
///
/// ```
/// use weigh_engine::source::suggest;
/// assert_eq!(suggest("idle-memory", ["memory", "idle_memory"]), Some("idle_memory"));
/// assert_eq!(suggest("zebra", ["memory", "idle_memory"]), None);
/// assert_eq!(suggest("mo", ["MB", "month"]), Some("month"));
/// ```
pub fn suggest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let plain = |w: &str| w.to_lowercase().replace('-', "_");
    let wanted = plain(word);
    let letters = wanted.chars().count();
    let known: Vec<&str> = known.into_iter().collect();
    // Of two letters, one that differs is half of the word.
    let is_like = |candidate: &str| {
        let own = plain(candidate);
        letters > 2
            || own.chars().count() > 2
            || own.contains(&wanted)
            || wanted.contains(&own)
            || own.chars().rev().eq(wanted.chars())
    };
    let near = known
        .iter()
        .copied()
        .filter(|candidate| is_like(candidate))
        .map(|candidate| {
            (
                strsim::damerau_levenshtein(&wanted, &plain(candidate)),
                candidate,
            )
        })
        .filter(|&(distance, candidate)| {
            distance <= (letters.max(candidate.chars().count()) / 3).max(1)
        })
        .min_by(|a, b| a.0.cmp(&b.0).then_with(|| a.1.cmp(b.1)))
        .map(|(_, candidate)| candidate);
    let begun = || {
        known
            .iter()
            .copied()
            .filter(|candidate| letters > 1 && plain(candidate).starts_with(&wanted))
            .min_by_key(|candidate| (candidate.len(), *candidate))
    };
    near.or_else(begun)
}

/// Returns a hint that proposes the known word nearest to `word`, or `None` if none is near enough.
///
/// ```
/// use weigh_engine::source::did_you_mean;
/// let hint = did_you_mean("idle-memory", ["memory", "idle_memory"]).expect("one is near");
/// assert_eq!(hint.en, "did you mean `idle_memory`?");
/// ```
pub fn did_you_mean<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<Text> {
    suggest(word, known).map(|near| tr!("did you mean `{near}`?", "是否想写 `{near}`？"))
}

/// Returns the hint of [`did_you_mean`], else one that lists the nearest known words; `None` if nothing is known.
pub fn did_you_mean_or_list<'a>(
    word: &str,
    known: impl IntoIterator<Item = &'a str> + Clone,
) -> Option<Text> {
    did_you_mean(word, known.clone()).or_else(|| {
        let list = nearest(word, known, 6)
            .iter()
            .map(|name| format!("`{name}`"))
            .collect::<Vec<_>>()
            .join(", ");
        (!list.is_empty()).then(|| tr!("known names: {list} ...", "已有名称：{list} ……"))
    })
}

/// Returns `; did you mean ...?` to append to a sentence, or an empty text where no known word is near enough.
pub fn did_you_mean_clause<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Text {
    did_you_mean(word, known).map_or_else(Text::default, |hint| tr!("; {hint}", "；{hint}"))
}

/// Returns up to `most` known words, nearest first.
pub fn nearest<'a>(
    word: &str,
    known: impl IntoIterator<Item = &'a str>,
    most: usize,
) -> Vec<&'a str> {
    let mut all: Vec<_> = known
        .into_iter()
        .map(|k| (strsim::damerau_levenshtein(word, k), k))
        .collect();
    all.sort_unstable();
    all.dedup();
    all.truncate(most);
    all.into_iter().map(|(_, k)| k).collect()
}

#[cfg(test)]
mod tests {
    use super::{nearest, suggest};

    #[test]
    fn a_name_is_listed_once() {
        let known = ["gin", "jwt", "gin", "jwt", "nats"];
        assert_eq!(nearest("sqs", known, 6), ["gin", "jwt", "nats"]);
    }

    #[test]
    fn two_letters_are_not_like_two_others() {
        assert_eq!(suggest("mo", ["MB", "ms", "month"]), Some("month"));
        assert_eq!(suggest("hm", ["mh", "ms"]), Some("mh"), "swapped");
        assert_eq!(suggest("mb", ["MB"]), Some("MB"));
        assert_eq!(suggest("sq", ["ms", "go"]), None);
    }
}
