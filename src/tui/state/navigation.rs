//! The screens, their lists, and the overlays that cover them.

use tui_input::Input;

use crate::lang::Lang;
use crate::session::UnsavedWork;
use crate::tui::Action;

/// The screens, in the order of their digits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Screen {
    #[default]
    Rank,
    Tradeoff,
    Sensitivity,
    Robustness,
    Why,
    Graph,
    Compare,
    WhatIf,
    Data,
}

impl Screen {
    /// All screens.
    pub const ALL: [Self; 9] = [
        Self::Rank,
        Self::Tradeoff,
        Self::Sensitivity,
        Self::Robustness,
        Self::Why,
        Self::Graph,
        Self::Compare,
        Self::WhatIf,
        Self::Data,
    ];

    /// The action that opens the screen.
    #[must_use]
    pub fn action(self) -> Action {
        match self {
            Self::Rank => Action::Rank,
            Self::Tradeoff => Action::Tradeoff,
            Self::Sensitivity => Action::Sensitivity,
            Self::Robustness => Action::Robustness,
            Self::Why => Action::Why,
            Self::Graph => Action::Graph,
            Self::Compare => Action::Compare,
            Self::WhatIf => Action::WhatIf,
            Self::Data => Action::Data,
        }
    }

    /// The name on the tab.
    #[must_use]
    pub fn tab(self, lang: Lang) -> &'static str {
        match self {
            Self::Rank => lang.pick("Rank", "排名"),
            Self::Tradeoff => lang.pick("Trade-off", "权衡"),
            Self::Sensitivity => lang.pick("Sensitivity", "敏感性"),
            Self::Robustness => lang.pick("Robustness", "稳健性"),
            Self::Why => lang.pick("Why", "缘由"),
            Self::Graph => lang.pick("Graph", "决策图"),
            Self::Compare => lang.pick("Compare", "对比"),
            Self::WhatIf => lang.pick("What-if", "假设"),
            Self::Data => lang.pick("Data", "数据"),
        }
    }

    /// A shorter name for narrow terminals.
    #[must_use]
    pub fn brief_tab(self, lang: Lang) -> &'static str {
        match (self, lang) {
            (Self::Tradeoff, Lang::En) => "Trade",
            (Self::Sensitivity, Lang::En) => "Sens",
            (Self::Robustness, Lang::En) => "Robust",
            (Self::Compare, Lang::En) => "Comp",
            _ => self.tab(lang),
        }
    }

    /// The lists of the screen, one per pane.
    #[must_use]
    pub fn lists(self) -> &'static [List] {
        match self {
            Self::Rank => &[List::Weights, List::Places],
            Self::Tradeoff => &[List::Spots],
            Self::Sensitivity => &[List::Bars, List::Ranges],
            Self::Robustness => &[List::Chances],
            Self::Why => &[List::Tree],
            Self::Graph => &[List::Nodes],
            Self::Compare => &[List::Rows],
            Self::WhatIf => &[List::Knobs, List::Ranks],
            Self::Data => &[List::Cells, List::Facts, List::Problems],
        }
    }
}

/// A list with a cursor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum List {
    Weights,
    Places,
    Spots,
    Bars,
    Ranges,
    Chances,
    Tree,
    Nodes,
    Rows,
    Knobs,
    Ranks,
    Cells,
    Facts,
    Problems,
    Palette,
    Help,
}

/// What a prompt asks for.
#[derive(Clone, Debug, PartialEq)]
pub enum PromptKind {
    /// Points of a criterion.
    Points(usize),
    /// The value of an input.
    Knob(String),
    /// The filter of the list.
    Filter,
    /// The name of a scenario.
    Scenario,
    /// The name of a scenario whose report is then written.
    Report,
    /// The name of a weight profile.
    Profile,
}

/// What covers the screen.
#[derive(Clone, Debug)]
pub enum Overlay {
    /// The keys of the screen.
    Help,
    /// The commands that match what is typed.
    Palette(Input),
    /// The meaning of a term.
    Glossary { title: String, lines: Vec<String> },
    /// A line that is being typed.
    Prompt(PromptKind, Input),
    /// Asks whether to quit in spite of unsaved changes.
    Leave,
    /// Asks whether to restore what the last session left unsaved.
    Recover(UnsavedWork),
}
