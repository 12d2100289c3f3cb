//! Everything that is shown. One screen, a stack of overlays, a cursor a list: no sets of booleans that could contradict.

mod place;
mod tree;
use std::collections::{BTreeMap, BTreeSet};

pub use place::{List, Overlay, Purpose, Screen};
pub use tree::Branch;
use tree::branches;

use super::theme::Look;
use super::widget::Hit;
use super::wiring::{Wiring, wire};
use super::worker::{Answer, Job, Question, Reporter};
use super::{Action, keymap::Keymap};
use crate::lang::Lang;
use crate::session::Session;
use crate::tr;
use crate::view::compare::CompareView;
use crate::view::diagnostic::DiagnosticView;
use crate::view::explore::board::{Board, Spread};
use crate::view::explore::evidence::{Line, Matrix};
use crate::view::explore::information::Information;
use crate::view::explore::knob::Knob;
use crate::view::explore::layers::Layers;
use crate::view::explore::robustness::{Robustness, Width};
use crate::view::explore::scenarios::Ranks;
use crate::view::explore::sensitivity::{Bar, Range, Sensitivity};
use crate::view::explore::tradeoff::{Dominance, Plane};
use crate::view::explore::{board, evidence, knob, layers, scenarios, sensitivity, tradeoff};

/// An answer with the generation it belongs to.
#[derive(Clone, Debug)]
pub struct Slot<T> {
    /// The answer, perhaps to an older question.
    pub value: Option<T>,
    answered: Option<u64>,
    asked: Option<u64>,
}

impl<T> Default for Slot<T> {
    fn default() -> Self {
        Self {
            value: None,
            answered: None,
            asked: None,
        }
    }
}

impl<T> Slot<T> {
    /// Whether the answer is about the present state.
    #[must_use]
    pub fn is_fresh(&self, generation: u64) -> bool {
        self.answered == Some(generation)
    }

    fn wants(&mut self, generation: u64) -> bool {
        let wants = self.asked != Some(generation) && self.answered != Some(generation);
        if wants {
            self.asked = Some(generation);
        }
        wants
    }

    fn take(&mut self, generation: u64, value: T) {
        if self.asked == Some(generation) {
            (self.value, self.answered) = (Some(value), Some(generation));
        }
    }

    /// Forgets that it was answered or asked.
    pub fn spoil(&mut self) {
        (self.answered, self.asked) = (None, None);
    }
}

/// What is computed from the session for the screen at hand.
#[derive(Debug, Default)]
pub struct Views {
    /// Weights and ranking.
    pub board: Board,
    /// The candidates of the ranking that the filter leaves, by place in the decision.
    pub shown: Vec<usize>,
    /// How many facts there are of each kind.
    pub counts: [usize; 6],
    /// Ranges of the weights.
    pub ranges: Vec<Range>,
    /// The plane of two criteria.
    pub plane: Plane,
    /// The tree of reasons.
    pub tree: Vec<Branch>,
    /// The graph.
    pub layers: Layers,
    /// Where its nodes and edges stand.
    pub wiring: Wiring,
    /// Two candidates.
    pub compare: Option<CompareView>,
    /// The inputs, filtered.
    pub knobs: Vec<Knob>,
    /// Ranks in each scenario: title and ranks where it was read.
    pub columns: Vec<(String, Option<Ranks>)>,
    /// The evidence.
    pub matrix: Matrix,
    /// The facts below the cell.
    pub facts: Vec<Line>,
    /// What stands against the files.
    pub problems: Vec<DiagnosticView>,
    /// Commands that would find out more.
    pub commands: Vec<String>,
}

/// Generation and language, where there is something.
type Of = Option<(u64, Lang)>;

/// What was shaped from which state.
#[derive(Debug, Default)]
struct Shaped {
    board: Of,
    ranges: Of,
    matrix: Option<(u64, Lang, String)>,
}

/// Everything.
#[derive(Debug)]
pub struct State {
    /// The open decision.
    pub session: Session,
    /// The language.
    pub lang: Lang,
    /// What the terminal can show.
    pub look: Look,
    /// The keys.
    pub keymap: Keymap,
    /// The screen.
    pub screen: Screen,
    /// What lies on top of it, the topmost last.
    pub overlays: Vec<Overlay>,
    /// The candidate that is looked at, by place in the decision.
    pub candidate: usize,
    /// The one it is compared with.
    pub rival: Option<usize>,
    /// The two criteria of the plane.
    pub axes: (usize, usize),
    /// The criterion of the matrix.
    pub column: usize,
    /// Which weights are drawn.
    pub width: Width,
    /// What the list is filtered by.
    pub filter: String,
    /// What happened last.
    pub message: String,
    /// Width and height of the terminal.
    pub size: (u16, u16),
    /// Whether the mouse is ours.
    pub mouse: bool,
    /// The 5 % and 95 % quantiles.
    pub spread: Slot<Spread>,
    /// What would turn the ranking.
    pub sensitivity: Slot<Sensitivity>,
    /// How often each comes where.
    pub robustness: Slot<Robustness>,
    /// Who is beaten on everything.
    pub dominance: Slot<Dominance>,
    /// What to find out next.
    pub information: Slot<Information>,
    /// How far the question is that is worked on.
    pub progress: Option<String>,
    /// How many reports are being written.
    pub reports: usize,
    /// What the screens show.
    pub views: Views,
    pub(super) hits: Vec<Hit>,
    /// What board, ranges and matrix were shaped from: moving a cursor shapes none of them again.
    shaped: Shaped,
    open: BTreeSet<String>,
    cursors: BTreeMap<List, usize>,
    panes: BTreeMap<Screen, usize>,
}

impl State {
    /// The first state of a session.
    #[must_use]
    pub fn new(session: Session, lang: Lang, look: Look) -> Self {
        let mut state = Self {
            session,
            lang,
            look,
            keymap: Keymap::default(),
            screen: Screen::Rank,
            overlays: Vec::new(),
            candidate: 0,
            rival: None,
            axes: (0, 1),
            column: 0,
            width: Width::Near,
            filter: String::new(),
            message: String::new(),
            size: (100, 30),
            mouse: true,
            spread: Slot::default(),
            sensitivity: Slot::default(),
            robustness: Slot::default(),
            dominance: Slot::default(),
            information: Slot::default(),
            progress: None,
            reports: 0,
            views: Views::default(),
            hits: Vec::new(),
            shaped: Shaped::default(),
            open: BTreeSet::new(),
            cursors: BTreeMap::new(),
            panes: BTreeMap::new(),
        };
        state.refresh();
        state.candidate = state.views.board.places.first().map_or(0, |p| p.candidate);
        state.refresh();
        // Nobody carries out what these two asked for: the loop asks again.
        state.spread.spoil();
        state
    }

    /// The pane that has the keys.
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

    /// The list that has the keys.
    #[must_use]
    pub fn list(&self) -> List {
        self.screen.lists()[self.pane()]
    }

    /// How many rows a list has.
    #[must_use]
    pub fn len(&self, list: List) -> usize {
        let v = &self.views;
        match list {
            List::Weights => v.board.criteria.len(),
            List::Places => self.shown_places().len(),
            List::Spots => v.plane.spots.len(),
            List::Bars => self.shown_bars().len(),
            List::Ranges => v.ranges.len(),
            List::Chances => self.robustness.value.as_ref().map_or(0, |r| r.rows.len()),
            List::Tree => v.tree.len(),
            List::Nodes => v.layers.nodes.len(),
            List::Rows => v.compare.as_ref().map_or(0, |c| c.criteria.len()),
            List::Knobs => v.knobs.len(),
            List::Ranks => v.board.places.len() + v.board.out.len(),
            List::Cells => v.matrix.rows.len(),
            List::Facts => v.facts.len(),
            List::Problems => v.problems.len() + self.unknowns(),
            List::Palette => self.commands().len(),
            List::Help => self.keymap.here(self.screen).len(),
        }
    }

    /// The cursor of a list, inside it.
    #[must_use]
    pub fn cursor(&self, list: List) -> usize {
        let at = match list {
            List::Places => self
                .shown_places()
                .iter()
                .position(|&c| c == self.candidate),
            List::Spots => self
                .views
                .plane
                .spots
                .iter()
                .position(|s| s.candidate == self.candidate),
            List::Chances => self
                .robustness
                .value
                .as_ref()
                .and_then(|r| r.rows.iter().position(|c| c.candidate == self.candidate)),
            List::Cells => self
                .views
                .matrix
                .rows
                .iter()
                .position(|r| r.0 == self.candidate),
            // Where most comes together, until something else is looked at.
            List::Nodes => self.cursors.get(&list).copied().or_else(|| self.busiest()),
            _ => self.cursors.get(&list).copied(),
        };
        at.unwrap_or(0).min(self.len(list).saturating_sub(1))
    }

    /// The node of the walk with the most edges, of several the one furthest right.
    fn busiest(&self) -> Option<usize> {
        let nodes = self.views.layers.nodes.iter().enumerate();
        nodes
            .filter(|(_, n)| n.lit && !n.used.is_empty())
            .max_by_key(|(_, n)| n.feeds.len() + n.used.len())
            .map(|(at, _)| at)
    }

    /// Moves a cursor.
    pub fn set_cursor(&mut self, list: List, at: usize) {
        let at = at.min(self.len(list).saturating_sub(1));
        let candidate = match list {
            List::Places => self.shown_places().get(at).copied(),
            List::Spots => self.views.plane.spots.get(at).map(|s| s.candidate),
            List::Chances => self
                .robustness
                .value
                .as_ref()
                .and_then(|r| r.rows.get(at))
                .map(|c| c.candidate),
            List::Cells => self.views.matrix.rows.get(at).map(|r| r.0),
            _ => None,
        };
        if let Some(candidate) = candidate {
            self.candidate = candidate;
        } else {
            self.cursors.insert(list, at);
        }
    }

    /// Candidates in the order of the ranking, those without a rank last, filtered; by place in the decision.
    #[must_use]
    pub fn shown_places(&self) -> &[usize] {
        &self.views.shown
    }

    fn filtered(&self) -> Vec<usize> {
        let board = &self.views.board;
        let wanted = self.filter.to_lowercase();
        let keeps = |name: &str| {
            wanted.is_empty()
                || self.screen != Screen::Rank
                || name.to_lowercase().contains(&wanted)
        };
        let ranked = board
            .places
            .iter()
            .filter(|p| keeps(&p.name))
            .map(|p| p.candidate);
        ranked
            .chain(
                board
                    .out
                    .iter()
                    .filter(|o| keeps(&o.name))
                    .map(|o| o.candidate),
            )
            .collect()
    }

    /// The bars of the tornado, filtered.
    #[must_use]
    pub fn shown_bars(&self) -> Vec<&Bar> {
        let wanted = self.filter.to_lowercase();
        let keeps = |bar: &&Bar| {
            wanted.is_empty()
                || bar.title.to_lowercase().contains(&wanted)
                || bar.input.to_lowercase().contains(&wanted)
        };
        self.sensitivity
            .value
            .iter()
            .flat_map(|s| &s.bars)
            .filter(keeps)
            .collect()
    }

    /// All candidates in the order of the ranking.
    #[must_use]
    pub fn order(&self) -> Vec<usize> {
        let board = &self.views.board;
        board
            .places
            .iter()
            .map(|p| p.candidate)
            .chain(board.out.iter().map(|o| o.candidate))
            .collect()
    }

    /// What a candidate is called.
    #[must_use]
    pub fn name(&self, candidate: usize) -> &str {
        self.session
            .model()
            .decision
            .candidates
            .get(candidate)
            .map_or("", |c| c.name.get(self.lang))
    }

    /// The one that the candidate is compared with: the one that was picked, else the best other one.
    #[must_use]
    pub fn against(&self) -> Option<usize> {
        self.rival
            .filter(|r| *r != self.candidate)
            .or_else(|| self.order().into_iter().find(|c| *c != self.candidate))
    }

    /// The commands that the palette shows.
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

    /// How many rows say what to find out: before the samples are drawn, the commands that are known anyway.
    #[must_use]
    pub fn unknowns(&self) -> usize {
        self.information
            .value
            .as_ref()
            .map_or(self.views.commands.len(), |i| i.unknowns.len())
    }

    /// The command behind a row of what to find out.
    #[must_use]
    pub fn command(&self, at: usize) -> Option<String> {
        match &self.information.value {
            Some(found) => found.unknowns.get(at).map(|u| u.how.clone()),
            None => self.views.commands.get(at).cloned(),
        }
    }

    /// The central weights of the candidate.
    #[must_use]
    pub fn central(&self) -> Option<Vec<f64>> {
        let rows = &self.robustness.value.as_ref()?.rows;
        rows.iter()
            .find(|r| r.candidate == self.candidate)?
            .central
            .clone()
    }

    /// File and line behind the row under the cursor.
    #[must_use]
    pub fn place(&self) -> Option<(String, usize)> {
        let place = match self.list() {
            List::Tree => self.views.tree.get(self.cursor(List::Tree))?.place.clone(),
            List::Facts => self
                .views
                .facts
                .get(self.cursor(List::Facts))?
                .place
                .clone(),
            List::Cells => self.views.facts.first()?.place.clone(),
            List::Problems => {
                let problem = self.views.problems.get(self.cursor(List::Problems))?;
                Some((problem.file.clone()?, problem.line.unwrap_or(1)))
            }
            _ => {
                let folder = self.session.path();
                let file = if folder.is_dir() {
                    folder.join("decision.yaml")
                } else {
                    folder.to_owned()
                };
                Some((file.display().to_string(), 1))
            }
        };
        place.filter(|(file, _)| !file.starts_with('<') && !file.starts_with('-'))
    }

    /// The name that is proposed for a scenario or profile: one that nobody has.
    #[must_use]
    pub fn proposed(&self) -> String {
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

    /// Whether one pane at a time is all there is room for.
    #[must_use]
    pub fn is_narrow(&self) -> bool {
        self.size.0 < 80 || self.size.1 < 20
    }

    /// Opens or closes a branch of the tree.
    pub(super) fn toggle(&mut self, key: &str) {
        if !self.open.remove(key) {
            self.open.insert(key.to_owned());
        }
    }

    /// Opens everything, or closes everything.
    pub(super) fn toggle_all(&mut self) {
        if self.open.contains("*") {
            self.open.clear();
        } else {
            self.open.insert("*".to_owned());
        }
    }

    /// Computes what the screen shows, once after a burst of changes; gives the questions that are too heavy for a frame.
    pub fn refresh(&mut self) -> Vec<Job> {
        let (lang, screen) = (self.lang, self.screen);
        let session = &self.session;
        let count = session.model().decision.candidates.len();
        self.candidate = self.candidate.min(count.saturating_sub(1));
        let now = Some((session.generation(), lang));
        if self.shaped.board != now {
            self.views.board = session.plan(|plan| board::view(plan, &plan.evaluate(), lang));
            self.views.counts = session.plan(evidence::counts);
            self.shaped.board = now;
        }
        self.views.shown = self.filtered();
        let rival = self.against();
        let (candidate, axes) = (self.candidate, self.axes);
        let model = session.model();
        let sources = model.sources.clone();
        let views = &mut self.views;
        match screen {
            Screen::Rank | Screen::Sensitivity if self.shaped.ranges == now => {}
            Screen::Rank | Screen::Sensitivity => {
                // All pairs are compared: beyond this the answer would not come within a frame.
                let quick = views.board.places.len() <= 60;
                views.ranges = if quick {
                    model.plan(|plan| sensitivity::ranges(plan, lang))
                } else {
                    Vec::new()
                };
                self.shaped.ranges = now;
            }
            Screen::Tradeoff => {
                views.plane = model.plan(|plan| tradeoff::view(plan, &plan.evaluate(), axes, lang))
            }
            Screen::Robustness => {}
            Screen::Why => {
                let why = model.plan(|plan| {
                    (candidate < count).then(|| {
                        crate::view::why::view(plan, &plan.evaluate(), candidate, &sources, lang)
                    })
                });
                views.tree = why.map_or_else(Vec::new, |why| branches(&why, &self.open, lang));
            }
            Screen::Graph => {
                views.layers = model.plan(|plan| layers::view(plan, candidate, lang));
                let paths: Vec<&[usize]> = views
                    .layers
                    .edges
                    .iter()
                    .map(|edge| edge.path.as_slice())
                    .collect();
                views.wiring = wire(&views.layers.columns, &paths);
            }
            Screen::Compare => {
                let pair = rival.filter(|_| candidate < count);
                views.compare = pair.map(|r| {
                    model.plan(|plan| {
                        crate::view::compare::view(plan, &plan.evaluate(), [candidate, r], lang)
                    })
                });
            }
            Screen::WhatIf => {
                let wanted = self.filter.to_lowercase();
                let mut knobs = model.plan(|plan| knob::view(plan, &sources, lang));
                knobs.retain(|k| {
                    wanted.is_empty()
                        || k.name.to_lowercase().contains(&wanted)
                        || k.title.to_lowercase().contains(&wanted)
                });
                views.knobs = knobs;
                let shares = session.knobs().shares();
                let column = |aside: &crate::session::Aside| {
                    (
                        aside.title.get(lang).to_owned(),
                        aside
                            .model
                            .as_ref()
                            .map(|m| m.plan(|plan| scenarios::ranks(plan, &shares))),
                    )
                };
                views.columns = session.asides.iter().map(column).collect();
                let now = model.plan(|plan| scenarios::ranks(plan, &shares));
                views
                    .columns
                    .push((lang.pick("now", "当前").to_owned(), Some(now)));
            }
            Screen::Data => {
                let wanted = self.filter.to_lowercase();
                let own = Some((session.generation(), lang, wanted.clone()));
                let named = |c: &usize| {
                    wanted.is_empty()
                        || model.decision.candidates[*c]
                            .name
                            .get(lang)
                            .to_lowercase()
                            .contains(&wanted)
                };
                let board = &views.board;
                let order = board
                    .places
                    .iter()
                    .map(|p| p.candidate)
                    .chain(board.out.iter().map(|o| o.candidate));
                // Thousands of candidates are looked at through the filter.
                let some: Vec<usize> = order.filter(named).take(500).collect();
                let column = self.column;
                if self.shaped.matrix != own {
                    views.matrix = model.plan(|plan| evidence::view(plan, &some, lang));
                    views.commands = model.plan(evidence::commands);
                    self.shaped.matrix = own;
                }
                views.facts =
                    model.plan(|plan| evidence::cell(plan, &sources, column, candidate, lang));
                let (diagnostics, sources) = match &session.broken {
                    Some((diagnostics, sources)) => (diagnostics.clone(), sources.clone()),
                    None => ((*model.diagnostics).clone(), sources.clone()),
                };
                views.problems =
                    crate::view::diagnostic::check(&diagnostics, &sources, lang).diagnostics;
            }
        }
        self.questions()
    }

    fn questions(&mut self) -> Vec<Job> {
        let generation = self.session.generation();
        let mut questions = Vec::new();
        match self.screen {
            Screen::Rank if self.spread.wants(generation) => questions.push(Question::Spread),
            Screen::Sensitivity if self.sensitivity.wants(generation) => {
                questions.push(Question::Sensitivity)
            }
            Screen::Robustness if self.robustness.wants(generation) => {
                questions.push(Question::Robustness(self.width))
            }
            Screen::Tradeoff if self.dominance.wants(generation) => {
                questions.push(Question::Dominance)
            }
            Screen::Data if self.information.wants(generation) => {
                questions.push(Question::Information)
            }
            Screen::WhatIf => {
                if self.sensitivity.wants(generation) {
                    questions.push(Question::Sensitivity);
                }
                let open = self
                    .session
                    .asides
                    .iter()
                    .enumerate()
                    .filter(|(_, a)| a.model.is_none());
                questions.extend(open.map(|(at, aside)| Question::Scenario {
                    at,
                    opening: self.session.opening(aside),
                }));
            }
            _ => {}
        }
        let model = self.session.model();
        questions
            .into_iter()
            .map(|question| Job {
                generation,
                question,
                model: model.clone(),
                lang: self.lang,
            })
            .collect()
    }

    /// The question that is answered by writing a report; `None` where no file holds the present state.
    pub fn report(&mut self, write: Reporter) -> Option<Job> {
        let choice = Box::new(self.session.as_saved()?);
        self.reports += 1;
        self.lang
            .pick("writing the report", "正在写报告")
            .clone_into(&mut self.message);
        let question = Question::Report {
            path: self.session.path().to_owned(),
            choice,
            write,
        };
        Some(Job {
            generation: self.session.generation(),
            question,
            model: self.session.model().clone(),
            lang: self.lang,
        })
    }

    /// Takes an answer, unless it is about an older state.
    pub fn hear(&mut self, generation: u64, answer: Answer) {
        match answer {
            Answer::Spread(x) => self.spread.take(generation, x),
            Answer::Sensitivity(x) => self.sensitivity.take(generation, x),
            Answer::Robustness(x) => self.robustness.take(generation, x),
            Answer::Dominance(x) => self.dominance.take(generation, x),
            Answer::Information(x) => self.information.take(generation, x),
            Answer::Scenario(at, model) => {
                if let (Some(aside), Some(model)) = (self.session.asides.get_mut(at), model) {
                    aside.model = Some(model);
                }
            }
            Answer::Report(outcome) => {
                self.reports = self.reports.saturating_sub(1);
                let said = outcome.map_or_else(
                    |why| why,
                    |(file, command)| {
                        let file = file.display();
                        tr!(
                            "written: {file}  ({command})",
                            "已写入：{file}（{command}）"
                        )
                    },
                );
                said.get(self.lang).clone_into(&mut self.message);
            }
            Answer::Failed(why) => why.get(self.lang).clone_into(&mut self.message),
        }
    }

    /// Whether a report is being written, or the pane of the screen waits for an answer.
    #[must_use]
    pub fn is_waiting(&self) -> bool {
        let generation = self.session.generation();
        if self.reports > 0 {
            return true;
        }
        match self.screen {
            Screen::Rank => !self.spread.is_fresh(generation),
            Screen::Sensitivity => !self.sensitivity.is_fresh(generation),
            Screen::Robustness => !self.robustness.is_fresh(generation),
            Screen::Tradeoff => !self.dominance.is_fresh(generation),
            Screen::Data => !self.information.is_fresh(generation),
            Screen::WhatIf => {
                !self.sensitivity.is_fresh(generation)
                    || self.session.asides.iter().any(|a| a.model.is_none())
            }
            _ => false,
        }
    }
}
