//! SPDX licence expressions against a list of allowed licences.

use spdx::{Expression, LicenseReq, ParseMode};

/// Identifiers outside the SPDX list are allowed, because that list grows: they match by name.
const MODE: ParseMode = ParseMode {
    allow_slash_as_or_operator: false,
    allow_imprecise_license_names: false,
    allow_postfix_plus_on_gpl: true,
    allow_deprecated: true,
    allow_unknown: true,
};

/// Returns whether a text has the syntax of an SPDX licence expression (SPDX 3.0, annex B). Identifiers need not be listed.
#[must_use]
pub fn is_licence_expression(text: &str) -> bool {
    Expression::parse_mode(text, MODE).is_ok()
}

/// Returns whether a list allows a licence: of `OR` one operand, of `AND` all. A text that is no SPDX expression is allowed if the
/// list names it literally.
pub(super) fn is_allowed(licence: &str, list: &[String]) -> bool {
    if list.iter().any(|entry| entry == licence) {
        return true;
    }
    let Ok(expression) = Expression::parse_mode(licence, MODE) else {
        return false;
    };
    let allowed: Vec<LicenceTerm> = list
        .iter()
        .filter_map(|entry| Expression::parse_mode(entry, MODE).ok())
        .flat_map(|entry| {
            let terms = entry.requirements().map(|term| LicenceTerm::of(&term.req));
            terms.collect::<Vec<_>>()
        })
        .collect();
    expression.evaluate(|asked| {
        let asked = LicenceTerm::of(asked);
        allowed.iter().any(|entry| entry.allows(&asked))
    })
}

/// One licence with the versions under which it may be used.
#[derive(Debug, PartialEq)]
struct LicenceTerm {
    /// The identifier without version, such as `GPL`.
    family: String,
    /// Empty if the identifier ends in none.
    version: Vec<u32>,
    /// Whether later versions may be used too.
    or_later: bool,
    exception: Option<String>,
}

impl LicenceTerm {
    fn of(term: &LicenseReq) -> Self {
        let written = term.to_string();
        let (licence, exception) = match written.split_once(" WITH ") {
            Some((licence, exception)) => (licence, Some(exception.to_owned())),
            None => (written.as_str(), None),
        };
        let later = licence
            .strip_suffix("-or-later")
            .or_else(|| licence.strip_suffix('+'));
        let plain = later.unwrap_or_else(|| licence.strip_suffix("-only").unwrap_or(licence));
        // A name of one's own has no versions, whatever it ends in.
        let is_listed = term.license.id().is_some();
        let (family, version) = is_listed
            .then(|| plain.rsplit_once('-'))
            .flatten()
            .and_then(|(family, version)| {
                let numbers: Result<Vec<u32>, _> = version.split('.').map(str::parse).collect();
                Some((family, numbers.ok()?))
            })
            .unwrap_or((plain, Vec::new()));
        Self {
            family: family.to_owned(),
            version,
            or_later: later.is_some(),
            exception,
        }
    }

    /// Returns whether an entry of the list covers what a candidate is licensed under. Exceptions grant further rights: whoever
    /// allows a licence also allows it with an exception, but not the other way round.
    fn allows(&self, asked: &Self) -> bool {
        let exception = self.exception.is_none() || self.exception == asked.exception;
        let versions = match (self.or_later, asked.or_later) {
            (false, false) => self.version == asked.version,
            // The licensee chooses the version: one that is on the list.
            (false, true) => self.version >= asked.version,
            (true, false) => asked.version >= self.version,
            (true, true) => true,
        };
        self.family == asked.family && exception && versions
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn allowed(licence: &str, list: &[&str]) -> bool {
        let list: Vec<String> = list.iter().map(|entry| (*entry).to_owned()).collect();
        is_allowed(licence, &list)
    }

    #[test]
    fn one_operand_of_or_and_all_of_and() {
        for (licence, expected) in [
            ("MIT", true),
            ("GPL-3.0-only", false),
            ("GPL-3.0-only OR MIT", true),
            ("GPL-3.0-only AND MIT", false),
            ("MIT AND Apache-2.0", true),
            ("MIT AND (Apache-2.0 OR GPL-2.0-only)", true),
            ("(MIT AND GPL-2.0-only) OR GPL-3.0-only", false),
            ("not a licence", false),
            ("", false),
        ] {
            assert_eq!(
                allowed(licence, &["MIT", "Apache-2.0"]),
                expected,
                "{licence}"
            );
        }
    }

    #[test]
    fn or_later_lets_the_licensee_choose() {
        assert!(allowed("GPL-2.0-or-later", &["GPL-3.0-only"]));
        assert!(allowed("GPL-2.0-or-later", &["GPL-2.0-only"]));
        assert!(!allowed("GPL-2.0-only", &["GPL-3.0-only"]));
        assert!(!allowed("GPL-3.0-or-later", &["GPL-2.0-only"]));
        assert!(allowed("GPL-3.0-only", &["GPL-2.0-or-later"]));
        assert!(!allowed("GPL-2.0-only", &["GPL-3.0-or-later"]));
        assert!(allowed("Apache-1.1+", &["Apache-2.0"]));
        assert!(!allowed("LGPL-2.1-or-later", &["GPL-3.0-only"]));
    }

    #[test]
    fn an_exception_grants_more_than_the_licence() {
        let with = "GPL-2.0-only WITH Classpath-exception-2.0";
        assert!(allowed(with, &["GPL-2.0-only"]));
        assert!(allowed(with, &[with]));
        assert!(!allowed("GPL-2.0-only", &[with]));
        assert!(!allowed("GPL-2.0-only WITH GCC-exception-2.0", &[with]));
        assert!(allowed("Apache-2.0 WITH LLVM-exception", &["Apache-2.0"]));
    }

    #[test]
    fn names_of_ones_own_match_by_name() {
        assert!(allowed(
            "LicenseRef-Elastic-2.0",
            &["LicenseRef-Elastic-2.0"]
        ));
        assert!(!allowed(
            "LicenseRef-Elastic-2.0",
            &["LicenseRef-Elastic-3.0", "MIT"]
        ));
        assert!(allowed("house licence", &["house licence"]));
    }

    #[test]
    fn spdx_expressions_are_known_by_their_form() {
        for sound in [
            "MIT",
            "MIT OR Apache-2.0",
            "(GPL-2.0-only WITH Classpath-exception-2.0) AND MIT",
            "LicenseRef-Elastic-2.0",
        ] {
            assert!(is_licence_expression(sound), "{sound}");
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
            assert!(!is_licence_expression(unsound), "{unsound}");
        }
    }
}
