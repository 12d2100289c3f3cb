//! Numeric codes for texts, so that a column of text is a column of `f64`.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use super::licence;

/// A two-way mapping between texts and codes. Programs and the facts they read must share one.
#[derive(Clone, Debug)]
pub struct TextCodes {
    codes: HashMap<Arc<str>, u32>,
    texts: Vec<Arc<str>>,
    /// Joined texts: the code of the whole and the codes of its parts.
    joined: Vec<(u32, Vec<u32>)>,
    /// Lists of texts: the code of the list and its entries.
    lists: Vec<(u32, Vec<String>)>,
}

/// `no` is 0 and `yes` is 1, so a scale with these levels is interchangeable with a flag.
impl Default for TextCodes {
    fn default() -> Self {
        let mut words = Self {
            codes: HashMap::new(),
            texts: Vec::new(),
            joined: Vec::new(),
            lists: Vec::new(),
        };
        let (no, yes) = (words.code("no"), words.code("yes"));
        debug_assert!(no == 0.0 && yes == 1.0);
        words
    }
}

impl TextCodes {
    /// Returns the code of a text and assigns one if it is new.
    ///
    /// ```
    /// let mut words = weigh_engine::formula::TextCodes::default();
    /// let go = words.code("go");
    /// assert_eq!(words.code("go"), go);
    /// assert_eq!(words.text(go), Some("go"));
    /// assert_eq!(words.text(f64::NAN), None);
    /// ```
    ///
    /// # Panics
    /// With more than 2^32 different texts.
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

    /// Returns the code of texts that all apply, joined like SPDX licence expressions. `x in [...]` is true for the joined text
    /// if it is true for each part.
    ///
    /// ```
    /// let mut words = weigh_engine::formula::TextCodes::default();
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
        let several = different.len() > 1;
        // AND binds more tightly than OR.
        let operands: Vec<String> = different
            .iter()
            .map(|text| match several && text.contains(" OR ") {
                true => format!("({text})"),
                false => (*text).to_owned(),
            })
            .collect();
        let text = operands.join(" AND ");
        let whole = self.code(&text);
        let code = self.codes[text.as_str()];
        if several && self.joined.iter().all(|(known, _)| *known != code) {
            different.iter().for_each(|text| _ = self.code(text));
            let parts = different.iter().map(|text| self.codes[*text]).collect();
            self.joined.push((code, parts));
        }
        whole
    }

    /// Returns the code of a list of texts.
    ///
    /// ```
    /// let mut words = weigh_engine::formula::TextCodes::default();
    /// let list = words.list(&["MIT".to_owned(), "ISC".to_owned()]);
    /// assert_eq!(words.text(list), Some("MIT, ISC"));
    /// ```
    pub fn list(&mut self, entries: &[String]) -> f64 {
        let whole = entries.join(", ");
        let value = self.code(&whole);
        let code = self.codes[whole.as_str()];
        if self.lists.iter().all(|(known, _)| *known != code) {
            self.lists.push((code, entries.to_vec()));
        }
        value
    }

    /// Returns the entries of the list with this code.
    pub(super) fn entries_of(&self, code: f64) -> Option<&[String]> {
        let list = self.lists.iter().find(|(own, _)| f64::from(*own) == code);
        list.map(|(_, entries)| entries.as_slice())
    }

    /// Returns for every text and every list whether the list allows the text as a licence: 1 or 0.
    pub(super) fn allowed_licences(&self) -> BTreeMap<Vec<String>, f64> {
        let mut all = BTreeMap::new();
        for (list, entries) in &self.lists {
            let list = &self.texts[*list as usize];
            for text in &self.texts {
                let allowed = f64::from(u8::from(licence::is_allowed(text, entries)));
                all.insert(vec![text.to_string(), list.to_string()], allowed);
            }
        }
        all
    }

    /// Returns the codes of the joined texts whose parts are all in `listed`.
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

    /// Returns the code of a text, if it has one.
    #[must_use]
    pub fn find(&self, text: &str) -> Option<f64> {
        self.codes.get(text).map(|&code| f64::from(code))
    }

    /// Returns the text of a code; `None` for NaN or an unknown code.
    #[must_use]
    pub fn text(&self, code: f64) -> Option<&str> {
        let whole = code >= 0.0 && code.fract() == 0.0 && code < self.texts.len() as f64;
        whole.then(|| &*self.texts[code as usize])
    }
}
