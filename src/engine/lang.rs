//! Text in English and Simplified Chinese.
//!
//! A [`Text`] holds one sentence in English and Chinese. The [`tr!`](crate::tr) macro formats both at once, and a [`Text`]
//! among its arguments appears in the language of the sentence around it, so texts compose. Every module may use `lang`.

use std::cell::Cell;
use std::fmt;

/// The language of tables, diagnostics and reports.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Lang {
    #[default]
    En,
    Zh,
}

impl Lang {
    /// Returns the language of a locale name such as `zh_CN.UTF-8`; English for anything that is not Chinese.
    ///
    /// ```
    /// use weigh_engine::lang::Lang;
    /// assert_eq!(Lang::of_locale("zh_CN.UTF-8"), Lang::Zh);
    /// assert_eq!(Lang::of_locale("C"), Lang::En);
    /// ```
    #[must_use]
    pub fn of_locale(locale: &str) -> Self {
        let tag = locale
            .split(['_', '-', '.', '@'])
            .next()
            .unwrap_or_default();
        if tag.eq_ignore_ascii_case("zh") {
            Self::Zh
        } else {
            Self::En
        }
    }

    /// Returns the text in this language.
    #[must_use]
    pub const fn pick<'t>(self, en: &'t str, zh: &'t str) -> &'t str {
        match self {
            Self::En => en,
            Self::Zh => zh,
        }
    }

    /// Formats `value` while every [`Text`] in it displays in this language.
    ///
    /// ```
    /// use weigh_engine::{lang::Lang, tr};
    /// let gate = tr!("licence", "许可证");
    /// assert_eq!(Lang::Zh.render(format_args!("- {gate}")), "- 许可证");
    /// ```
    #[must_use]
    pub fn render(self, value: impl fmt::Display) -> String {
        in_language(self, || value.to_string())
    }
}

thread_local! {
    /// The language in which `Display` renders a [`Text`] on this thread; changed only by [`in_language`].
    static FORMATTING: Cell<Lang> = const { Cell::new(Lang::En) };
}

/// Runs `format` while every [`Text`] displays in `lang`, then restores the language from before.
///
/// Implementation detail of [`tr!`](crate::tr), which needs it for localised arguments.
#[doc(hidden)]
pub fn in_language<T>(lang: Lang, format: impl FnOnce() -> T) -> T {
    struct Restore(Lang);
    impl Drop for Restore {
        fn drop(&mut self) {
            FORMATTING.set(self.0);
        }
    }
    let _restore = Restore(FORMATTING.replace(lang));
    format()
}

/// One sentence or name in both languages.
///
/// `Display` writes English, except among the arguments of [`tr!`](crate::tr), where it follows the sentence around it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Text {
    pub en: String,
    pub zh: String,
}

impl Text {
    /// Returns a name that is the same in both languages.
    #[must_use]
    pub fn name(name: impl Into<String>) -> Self {
        let en = name.into();
        Self { zh: en.clone(), en }
    }

    /// Returns the text in `lang`.
    #[must_use]
    pub fn get(&self, lang: Lang) -> &str {
        match lang {
            Lang::En => &self.en,
            Lang::Zh => &self.zh,
        }
    }

    /// Returns whether the text is empty in both languages.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.en.is_empty() && self.zh.is_empty()
    }

    /// Appends `more` in both languages.
    ///
    /// ```
    /// use weigh_engine::{lang::Lang, tr};
    /// let mut text = tr!("two candidates", "两个候选");
    /// text.push(&tr!(", one screened out", "，一个被筛除"));
    /// assert_eq!(text.get(Lang::Zh), "两个候选，一个被筛除");
    /// ```
    pub fn push(&mut self, more: &Self) {
        self.en.push_str(&more.en);
        self.zh.push_str(&more.zh);
    }

    /// Joins the items with `separator` between them.
    ///
    /// ```
    /// use weigh_engine::{lang::{Lang, Text}, tr};
    /// let names = [tr!("apple", "苹果"), tr!("pear", "梨")];
    /// let list = Text::join(&names, &tr!(", ", "、"));
    /// assert_eq!(list.get(Lang::Zh), "苹果、梨");
    /// ```
    #[must_use]
    pub fn join<'t>(items: impl IntoIterator<Item = &'t Self>, separator: &Self) -> Self {
        let mut joined = Self::default();
        for (i, item) in items.into_iter().enumerate() {
            if i > 0 {
                joined.push(separator);
            }
            joined.push(item);
        }
        joined
    }

    /// Joins the items as a sentence lists them.
    ///
    /// ```
    /// use weigh_engine::{lang::{Lang, Text}, tr};
    /// let names = [tr!("apple", "苹果"), tr!("pear", "梨")];
    /// assert_eq!(Text::list(&names).get(Lang::En), "apple, pear");
    /// assert_eq!(Text::list(&names).get(Lang::Zh), "苹果、梨");
    /// ```
    #[must_use]
    pub fn list<'t>(items: impl IntoIterator<Item = &'t Self>) -> Self {
        Self::join(items, &crate::tr!(", ", "、"))
    }
}

impl fmt::Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.get(FORMATTING.get()))
    }
}

/// Makes a [`Text`](crate::lang::Text) from an English and a Chinese format string that share their arguments.
///
/// Arguments are captured by name or listed as in [`format!`]. An argument that is itself a `Text` appears in the language of
/// the sentence. The Chinese string may be left out: the text is then English in both languages, and
/// `cargo test untranslated` lists it until it is translated.
///
/// ```
/// use weigh_engine::{lang::Lang, tr};
/// let n = 3;
/// let gate = tr!("licence", "许可证");
/// let text = tr!("{n} candidates fail the gate {gate}", "{n} 个候选未通过{gate}");
/// assert_eq!(text.get(Lang::En), "3 candidates fail the gate licence");
/// assert_eq!(text.get(Lang::Zh), "3 个候选未通过许可证");
/// ```
#[macro_export]
macro_rules! tr {
    ($en:literal, $zh:literal $(, $($argument:tt)*)?) => {
        $crate::lang::Text {
            en: $crate::lang::in_language($crate::lang::Lang::En, || format!($en $(, $($argument)*)?)),
            zh: $crate::lang::in_language($crate::lang::Lang::Zh, || format!($zh $(, $($argument)*)?)),
        }
    };
    ($en:literal $(, $($argument:tt)*)?) => {
        $crate::tr!($en, $en $(, $($argument)*)?)
    };
}
