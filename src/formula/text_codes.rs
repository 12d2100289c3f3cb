//! Codes for texts, so that a column of text is a column of `f64` like any other.

use std::collections::HashMap;
use std::sync::Arc;

/// Gives each text a code and finds it again; facts and programs that meet share one.
#[derive(Clone, Debug)]
pub struct TextCodes {
    codes: HashMap<Arc<str>, u32>,
    texts: Vec<Arc<str>>,
    /// Texts that several parts give together: the code, and the codes of the parts' own texts.
    joined: Vec<(u32, Vec<u32>)>,
}

/// The codes of `no` and `yes` are the numbers of a flag, so that a scale whose words they are and a flag mean the same.
impl Default for TextCodes {
    fn default() -> Self {
        let mut words = Self {
            codes: HashMap::new(),
            texts: Vec::new(),
            joined: Vec::new(),
        };
        let (no, yes) = (words.code("no"), words.code("yes"));
        debug_assert!(no == 0.0 && yes == 1.0);
        words
    }
}

impl TextCodes {
    /// The code of a text, a new one if it was not met before.
    ///
    /// ```
    /// let mut words = weigh::formula::TextCodes::default();
    /// let go = words.code("go");
    /// assert_eq!(words.code("go"), go);
    /// assert_eq!(words.text(go), Some("go"));
    /// assert_eq!(words.text(f64::NAN), None);
    /// ```
    ///
    /// # Panics
    /// With more than four thousand million different texts.
    pub fn code(&mut self, text: &str) -> f64 {
        if let Some(&code) = self.codes.get(text) {
            return f64::from(code);
        }
        let code = u32::try_from(self.texts.len()).expect("memory ends before the codes do");
        let text: Arc<str> = text.into();
        self.texts.push(text.clone());
        self.codes.insert(text, code);
        f64::from(code)
    }

    /// The code of what several parts give together, written as SPDX writes licences that all apply. `x in [...]` holds for it
    /// where it holds for the text of each part.
    ///
    /// ```
    /// let mut words = weigh::formula::TextCodes::default();
    /// let both = words.join(&["MIT", "MPL-2.0", "MIT"]);
    /// assert_eq!(words.text(both), Some("MIT AND MPL-2.0"));
    /// assert_eq!(words.join(&["MIT", "MIT"]), words.code("MIT"));
    /// ```
    pub fn join(&mut self, texts: &[&str]) -> f64 {
        let mut different: Vec<&str> = Vec::new();
        for text in texts {
            if !different.contains(text) {
                different.push(text);
            }
        }
        let whole = self.code(&different.join(" AND "));
        let code = self.codes[different.join(" AND ").as_str()];
        if different.len() > 1 && self.joined.iter().all(|(known, _)| *known != code) {
            different.iter().for_each(|text| _ = self.code(text));
            let parts = different.iter().map(|text| self.codes[*text]).collect();
            self.joined.push((code, parts));
        }
        whole
    }

    /// The joined texts of which every part is one of these.
    pub(super) fn joined_of(&self, listed: &[String]) -> Vec<f64> {
        let codes: Vec<u32> = listed
            .iter()
            .filter_map(|text| self.codes.get(text.as_str()).copied())
            .collect();
        let within = self
            .joined
            .iter()
            .filter(|(_, parts)| parts.iter().all(|part| codes.contains(part)));
        within.map(|(code, _)| f64::from(*code)).collect()
    }

    /// The code of a text that was met before.
    #[must_use]
    pub fn find(&self, text: &str) -> Option<f64> {
        self.codes.get(text).map(|&code| f64::from(code))
    }

    /// The text behind a code; `None` for a missing value or a number that is no code.
    #[must_use]
    pub fn text(&self, code: f64) -> Option<&str> {
        let whole = code >= 0.0 && code.fract() == 0.0 && code < self.texts.len() as f64;
        whole.then(|| &*self.texts[code as usize])
    }
}
