//! Did you mean ...?

/// The known word nearest to `word`, if it is near enough to be a slip of the fingers: at most a third of its letters differ
/// (Damerau-Levenshtein), or it differs only in case or in `-` against `_`.
///
/// ```
/// use weigh::source::suggest;
/// assert_eq!(suggest("idle-memory", ["memory", "idle_memory"]), Some("idle_memory"));
/// assert_eq!(suggest("zebra", ["memory", "idle_memory"]), None);
/// ```
pub fn suggest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let plain = |w: &str| w.to_lowercase().replace('-', "_");
    let wanted = plain(word);
    let letters = wanted.chars().count();
    known
        .into_iter()
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
        .map(|(_, candidate)| candidate)
}

/// Up to `most` known words, nearest first: for a hint that lists what may be typed.
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
    all.truncate(most);
    all.into_iter().map(|(_, k)| k).collect()
}
