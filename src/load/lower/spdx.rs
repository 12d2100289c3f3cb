//! SPDX licence expressions.

/// Whether a text has the syntax of an SPDX licence expression (SPDX 3.0, annex B): identifiers joined by `AND`,
/// `OR` and `WITH`, with parentheses. The identifiers are not checked, because the list grows every month.
pub(crate) fn is_spdx(text: &str) -> bool {
    let spaced = text.replace('(', " ( ").replace(')', " ) ");
    let (mut open, mut wants_name) = (0_usize, true);
    for word in spaced.split_whitespace() {
        match (word, wants_name) {
            ("(", true) => open += 1,
            (")", false) if open > 0 => open -= 1,
            ("AND" | "OR" | "WITH", false) => wants_name = true,
            ("AND" | "OR" | "WITH" | "(" | ")", _) | (_, false) => return false,
            (name, true) => {
                let sound = |c: char| c.is_ascii_alphanumeric() || "-.+:".contains(c);
                if !name.starts_with(|c: char| c.is_ascii_alphanumeric())
                    || !name.chars().all(sound)
                {
                    return false;
                }
                wants_name = false;
            }
        }
    }
    open == 0 && !wants_name
}

#[cfg(test)]
mod tests {
    use super::is_spdx;

    #[test]
    fn spdx_expressions_are_known_by_their_form() {
        for sound in [
            "MIT",
            "MIT OR Apache-2.0",
            "(GPL-2.0-only WITH Classpath-exception-2.0) AND MIT",
            "LicenseRef-Elastic-2.0",
        ] {
            assert!(is_spdx(sound), "{sound}");
        }
        for unsound in [
            "",
            "BSD 3-Clause",
            "MIT OR",
            "Apache License, Version 2.0",
            "(MIT",
            "MIT)",
            "AND MIT",
        ] {
            assert!(!is_spdx(unsound), "{unsound}");
        }
    }
}
