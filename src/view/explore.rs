//! What the terminal UI shows: selections of the views of the commands, and views of its own. One file per screen.

pub mod board;
pub mod evidence;
pub mod information;
pub mod knob;
pub mod layers;
pub mod robustness;
pub mod scenarios;
pub mod sensitivity;
pub mod tradeoff;

/// One letter per criterion, all different: the first letter of its id that is free, else the next free one of the alphabet.
#[must_use]
pub fn letters<'i>(ids: impl IntoIterator<Item = &'i str>) -> Vec<char> {
    let mut taken: Vec<char> = Vec::new();
    for id in ids {
        let own = id
            .chars()
            .filter(char::is_ascii_alphabetic)
            .map(|c| c.to_ascii_uppercase());
        let spare = ('A'..='Z').chain('a'..='z').chain('0'..='9');
        let letter = own.chain(spare).find(|c| !taken.contains(c)).unwrap_or('#');
        taken.push(letter);
    }
    taken
}

#[cfg(test)]
mod tests {
    #[test]
    fn letters_are_different() {
        let ids = [
            "operations",
            "team",
            "deadline",
            "erosion",
            "exit",
            "makers",
        ];
        assert_eq!(super::letters(ids).iter().collect::<String>(), "OTDEXM");
        let many: Vec<String> = (0..62).map(|_| "same".to_owned()).collect();
        let mut all = super::letters(many.iter().map(String::as_str));
        all.sort_unstable();
        all.dedup();
        assert_eq!(all.len(), 62);
    }
}
