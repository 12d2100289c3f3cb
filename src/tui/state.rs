//! Everything that is shown: the session, the screen, a stack of overlays, and one cursor per list.
//!
//! `state.rs` holds the cursors and filters, `views` computes what the screens show, `questions` talks to the worker,
//! `navigation` lists the screens, lists and overlays.

mod cached;
mod navigation;
mod questions;
mod tree;
mod views;

use std::collections::{BTreeMap, BTreeSet};

pub use cached::{Cached, CachedAnswers};
pub use navigation::{List, Overlay, PromptKind, Screen};
pub use tree::Branch;
pub use views::Views;

use super::theme::Look;
use super::widget::Hit;
use super::{Action, keymap::Keymap};
use crate::lang::{Lang, Text};
use crate::session::Session;
use crate::view::explore::robustness::Width;
use crate::view::explore::sensitivity::InputBar;

/// What the screens are about: it stays the same when the screen changes.
#[derive(Clone, Debug)]
pub struct Selection {
    /// The candidate that is looked at, as an index into the decision.
    pub candidate: usize,
    /// The candidate picked for comparison.
    pub rival: Option<usize>,
    /// The criteria of the trade-off, right and up.
    pub axes: (usize, usize),
    /// The criterion of the evidence matrix.
    pub criterion: usize,
    /// How far the sampled weights may lie from the present ones.
    pub spread: Width,
}

impl Selection {
    fn of_candidate(candidate: usize) -> Self {
        Self {
            candidate,
            rival: None,
            axes: (0, 1),
            criterion: 0,
            spread: Width::Near,
        }
    }
}

/// A line of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileLine {
    pub file: String,
    /// Counted from 1.
    pub line: usize,
}

/// The state of the terminal UI.
#[derive(Debug)]
pub struct State {
    pub session: Session,
    pub lang: Lang,
    /// What the terminal can show.
    pub look: Look,
    pub keymap: Keymap,
    pub screen: Screen,
    /// Overlays, the topmost last.
    pub overlays: Vec<Overlay>,
    pub selection: Selection,
    /// What the list is filtered by; empty without a filter.
    pub filter: String,
    /// The last message.
    pub message: String,
    /// Width and height of the terminal.
    pub size: (u16, u16),
    /// Whether mouse capture is on.
    pub mouse: bool,
    /// Results of the worker.
    pub answers: CachedAnswers,
    /// Progress of the worker, in percent.
    pub progress: Option<String>,
    /// How many reports are being written.
    pub reports: usize,
    pub views: Views,
    pub(super) hits: Vec<Hit>,
    computed: views::Computed,
    /// The open branches of the explanation tree; with `*` among them, the closed ones.
    open: BTreeSet<String>,
    cursors: BTreeMap<List, usize>,
    panes: BTreeMap<Screen, usize>,
}

impl State {
    /// Returns the state in which a session starts: the ranking, with its first candidate selected.
    #[must_use]
    pub fn new(session: Session, lang: Lang, look: Look) -> Self {
        let mut state = Self {
            session,
            lang,
            look,
            keymap: Keymap::default(),
            screen: Screen::Rank,
            overlays: Vec::new(),
            selection: Selection::of_candidate(0),
            filter: String::new(),
            message: String::new(),
            size: (100, 30),
            mouse: true,
            answers: CachedAnswers::default(),
            progress: None,
            reports: 0,
            views: Views::default(),
            hits: Vec::new(),
            computed: views::Computed::default(),
            open: BTreeSet::new(),
            cursors: BTreeMap::new(),
            panes: BTreeMap::new(),
        };
        state.refresh();
        let first = state.views.board.places.first();
        state.selection.candidate = first.map_or(0, |place| place.candidate);
        state.refresh();
        // The jobs that these two return are dropped: the event loop requests them again.
        state.answers.spread.invalidate();
        state
    }

    /// Shows a message in the status line until the next one.
    pub(super) fn set_message(&mut self, message: &Text) {
        message.get(self.lang).clone_into(&mut self.message);
    }

    /// The focused pane of the screen.
    #[must_use]
    pub fn pane(&self) -> usize {
        self.panes
            .get(&self.screen)
            .copied()
            .unwrap_or(0)
            .min(self.screen.lists().len() - 1)
    }

    pub(super) fn set_pane(&mut self, pane: usize) {
        self.panes.insert(self.screen, pane);
    }

    /// The list in the focused pane.
    #[must_use]
    pub fn list(&self) -> List {
        self.screen.lists()[self.pane()]
    }

    /// The number of rows of a list.
    #[must_use]
    pub fn len(&self, list: List) -> usize {
        let v = &self.views;
        match list {
            List::Weights => v.board.criteria.len(),
            List::Places => self.shown_places().len(),
            List::Spots => v.plane.spots.len(),
            List::Bars => self.shown_bars().len(),
            List::Ranges => v.ranges.len(),
            List::Chances => self
                .answers
                .robustness
                .value
                .as_ref()
                .map_or(0, |r| r.rows.len()),
            List::Tree => v.tree.len(),
            List::Nodes => v.layers.nodes.len(),
            List::Rows => v.compare.as_ref().map_or(0, |c| c.criteria.len()),
            List::Knobs => v.knobs.len(),
            List::Ranks => v.board.places.len() + v.board.out.len(),
            List::Cells => v.matrix.rows.len(),
            List::Facts => v.facts.len(),
            List::Problems => v.problems.len() + self.unknowns(),
            List::Palette => self.commands().len(),
            List::Help => self.keymap.actions_of(self.screen).len(),
        }
    }

    /// The row of a list under the cursor.
    #[must_use]
    pub fn cursor(&self, list: List) -> usize {
        let at = match list {
            List::Places => self
                .shown_places()
                .iter()
                .position(|&c| c == self.selection.candidate),
            List::Spots => self
                .views
                .plane
                .spots
                .iter()
                .position(|s| s.candidate == self.selection.candidate),
            List::Chances => self.answers.robustness.value.as_ref().and_then(|r| {
                r.rows
                    .iter()
                    .position(|c| c.candidate == self.selection.candidate)
            }),
            List::Cells => self
                .views
                .matrix
                .rows
                .iter()
                .position(|r| r.0 == self.selection.candidate),
            // The busiest node, until the user selects another one.
            List::Nodes => self
                .cursors
                .get(&list)
                .copied()
                .or_else(|| self.busiest_node()),
            _ => self.cursors.get(&list).copied(),
        };
        at.unwrap_or(0).min(self.len(list).saturating_sub(1))
    }

    /// The node with the most edges among those the candidate's score rests on, preferring nodes further right.
    fn busiest_node(&self) -> Option<usize> {
        let nodes = self.views.layers.nodes.iter().enumerate();
        nodes
            .filter(|(_, n)| n.lit && !n.used.is_empty())
            .max_by_key(|(_, n)| n.feeds.len() + n.used.len())
            .map(|(at, _)| at)
    }

    /// Moves the cursor of a list; in lists of candidates this selects the candidate.
    pub fn set_cursor(&mut self, list: List, at: usize) {
        let at = at.min(self.len(list).saturating_sub(1));
        let candidate = match list {
            List::Places => self.shown_places().get(at).copied(),
            List::Spots => self.views.plane.spots.get(at).map(|s| s.candidate),
            List::Chances => self
                .answers
                .robustness
                .value
                .as_ref()
                .and_then(|r| r.rows.get(at))
                .map(|c| c.candidate),
            List::Cells => self.views.matrix.rows.get(at).map(|r| r.0),
            _ => None,
        };
        if let Some(candidate) = candidate {
            self.selection.candidate = candidate;
        } else {
            self.cursors.insert(list, at);
        }
    }

    /// The candidates that pass the filter in the order of the ranking, those without a rank last.
    #[must_use]
    pub fn shown_places(&self) -> &[usize] {
        &self.views.shown
    }

    /// The candidates in the order of the ranking; the filter applies on the ranking only.
    fn filtered_candidates(&self) -> Vec<usize> {
        let mut candidates = self.ranking_order();
        if self.screen == Screen::Rank && !self.filter.is_empty() {
            candidates.retain(|&candidate| self.is_match(self.candidate_name(candidate)));
        }
        candidates
    }

    /// The bars of the tornado that pass the filter.
    #[must_use]
    pub fn shown_bars(&self) -> Vec<&InputBar> {
        self.answers
            .sensitivity
            .value
            .iter()
            .flat_map(|s| &s.bars)
            .filter(|bar| self.is_match(&bar.title) || self.is_match(&bar.input))
            .collect()
    }

    /// All candidates in the order of the ranking, those without a rank last.
    #[must_use]
    pub fn ranking_order(&self) -> Vec<usize> {
        let board = &self.views.board;
        board
            .places
            .iter()
            .map(|p| p.candidate)
            .chain(board.out.iter().map(|o| o.candidate))
            .collect()
    }

    /// The name of a candidate.
    #[must_use]
    pub fn candidate_name(&self, candidate: usize) -> &str {
        self.session
            .model()
            .decision
            .candidates
            .get(candidate)
            .map_or("", |c| c.name.get(self.lang))
    }

    /// The candidate that the selected one is compared with: the picked one, else the best other one.
    #[must_use]
    pub fn opponent(&self) -> Option<usize> {
        self.selection
            .rival
            .filter(|r| *r != self.selection.candidate)
            .or_else(|| {
                self.ranking_order()
                    .into_iter()
                    .find(|c| *c != self.selection.candidate)
            })
    }

    /// The commands that match what is typed into the palette.
    #[must_use]
    pub fn commands(&self) -> Vec<Action> {
        let Some(Overlay::Palette(input)) = self.overlays.last() else {
            return Vec::new();
        };
        let wanted = input.value().to_lowercase();
        let hits = |a: &Action| {
            a.name().contains(&wanted) || a.about(self.lang).to_lowercase().contains(&wanted)
        };
        Action::ALL.iter().copied().filter(hits).collect()
    }

    /// The number of unknowns listed; before the samples are drawn, one row per known command.
    #[must_use]
    pub fn unknowns(&self) -> usize {
        self.answers
            .information
            .value
            .as_ref()
            .map_or(self.views.commands.len(), |i| i.unknowns.len())
    }

    /// The command of a row about an unknown.
    #[must_use]
    pub fn command_at(&self, at: usize) -> Option<String> {
        match &self.answers.information.value {
            Some(found) => found.unknowns.get(at).map(|u| u.how.clone()),
            None => self.views.commands.get(at).cloned(),
        }
    }

    /// The central weight vector of the selected candidate; `None` if it never wins.
    #[must_use]
    pub fn central_weights(&self) -> Option<Vec<f64>> {
        let rows = &self.answers.robustness.value.as_ref()?.rows;
        rows.iter()
            .find(|r| r.candidate == self.selection.candidate)?
            .central
            .clone()
    }

    /// The file and line behind the row under the cursor.
    #[must_use]
    pub fn file_at_cursor(&self) -> Option<FileLine> {
        let (file, line) = match self.list() {
            List::Tree => self
                .views
                .tree
                .get(self.cursor(List::Tree))?
                .place
                .clone()?,
            List::Facts => self
                .views
                .facts
                .get(self.cursor(List::Facts))?
                .place
                .clone()?,
            List::Cells => self.views.facts.first()?.place.clone()?,
            List::Problems => {
                let problem = self.views.problems.get(self.cursor(List::Problems))?;
                (problem.file.clone()?, problem.line.unwrap_or(1))
            }
            _ => {
                let path = self.session.path();
                let file = if path.is_dir() {
                    path.join("decision.yaml")
                } else {
                    path.to_owned()
                };
                (file.display().to_string(), 1)
            }
        };
        // Built-in files and standard input cannot be edited.
        let is_editable = !file.starts_with('<') && !file.starts_with('-');
        is_editable.then_some(FileLine { file, line })
    }

    /// Proposes a name for a scenario or profile that no scenario has yet.
    #[must_use]
    pub fn proposed_name(&self) -> String {
        let taken = |name: &str| {
            self.session
                .asides
                .iter()
                .any(|a| a.id.as_deref() == Some(name))
        };
        let numbered = (2..).map(|n| format!("what-if-{n}"));
        std::iter::once("what-if".to_owned())
            .chain(numbered)
            .find(|name| !taken(name))
            .unwrap_or_default()
    }

    /// Whether only one pane fits at a time.
    #[must_use]
    pub fn is_narrow(&self) -> bool {
        self.size.0 < 80 || self.size.1 < 20
    }

    /// Opens or closes a branch of the explanation tree.
    pub(super) fn toggle_branch(&mut self, key: &str) {
        if !self.open.remove(key) {
            self.open.insert(key.to_owned());
        }
    }

    /// Opens all branches of the explanation tree, or closes them if all are open.
    pub(super) fn toggle_all_branches(&mut self) {
        if self.open.contains("*") {
            self.open.clear();
        } else {
            self.open.insert("*".to_owned());
        }
    }
}
