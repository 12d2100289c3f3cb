//! Text as numbers, so that a column of text is a column of `f64` like any other.

use std::collections::HashMap;
use std::sync::Arc;

/// Gives each text a code and finds it again; facts and programs that meet share one.
#[derive(Clone, Debug, Default)]
pub struct Words {
    codes: HashMap<Arc<str>, u32>,
    texts: Vec<Arc<str>>,
}

impl Words {
    /// The code of a text, a new one if it was not met before.
    ///
    /// ```
    /// let mut words = weigh::formula::Words::default();
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
