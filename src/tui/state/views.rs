//! What the screens show, computed from the session once after a burst of changes.

use super::tree::branches;
use super::{Branch, Screen, State};
use crate::lang::Lang;
use crate::session::Aside;
use crate::tui::wiring::{Wiring, wire_graph};
use crate::tui::worker::Job;
use crate::view::compare::CompareView;
use crate::view::diagnostic::DiagnosticView;
use crate::view::explore::board::Board;
use crate::view::explore::evidence::{EvidenceCounts, EvidenceMatrix, FactLine};
use crate::view::explore::knob::Knob;
use crate::view::explore::layers::GraphLayers;
use crate::view::explore::scenarios::Ranks;
use crate::view::explore::sensitivity::WeightRange;
use crate::view::explore::tradeoff::TradeoffPlane;
use crate::view::explore::{board, evidence, knob, layers, scenarios, sensitivity, tradeoff};

/// The most candidates for which weight ranges are computed: all pairs are compared, and beyond this the answer would take
/// longer than a frame.
const MAX_CANDIDATES_WITH_RANGES: usize = 60;
/// The most rows of the evidence matrix; the filter leads to the others.
const MAX_MATRIX_ROWS: usize = 500;

/// What the screens show.
#[derive(Debug, Default)]
pub struct Views {
    /// Weights and ranking.
    pub board: Board,
    /// The candidates of the ranking that pass the filter, as indices into the decision.
    pub shown: Vec<usize>,
    /// How many facts there are of each kind.
    pub counts: EvidenceCounts,
    /// For each criterion the weights that keep the first candidate first.
    pub ranges: Vec<WeightRange>,
    /// Two criteria against each other.
    pub plane: TradeoffPlane,
    /// The open lines of the explanation tree.
    pub tree: Vec<Branch>,
    /// The decision graph in columns.
    pub layers: GraphLayers,
    /// Where its nodes and edges are drawn.
    pub wiring: Wiring,
    /// Two candidates criterion by criterion.
    pub compare: Option<CompareView>,
    /// The inputs that pass the filter.
    pub knobs: Vec<Knob>,
    /// For each scenario its title and, once it is read, the ranks.
    pub columns: Vec<(String, Option<Ranks>)>,
    /// The evidence behind each candidate and criterion.
    pub matrix: EvidenceMatrix,
    /// The facts behind the selected cell of the matrix.
    pub facts: Vec<FactLine>,
    /// The diagnostics of the files.
    pub problems: Vec<DiagnosticView>,
    /// Commands that would measure what is missing.
    pub commands: Vec<String>,
}

/// The generation and language that a view was computed for.
type Version = Option<(u64, Lang)>;

/// For which state the expensive views were computed: moving a cursor recomputes none of them.
#[derive(Debug, Default)]
pub(super) struct Computed {
    board: Version,
    ranges: Version,
    matrix: Option<(u64, Lang, String)>,
}

impl State {
    /// Computes what the screen shows; returns the questions that take longer than a frame.
    pub fn refresh(&mut self) -> Vec<Job> {
        let count = self.session.model().decision.candidates.len();
        self.selection.candidate = self.selection.candidate.min(count.saturating_sub(1));
        self.refresh_board();
        match self.screen {
            Screen::Rank | Screen::Sensitivity => self.refresh_ranges(),
            Screen::Tradeoff => {
                let (axes, lang) = (self.selection.axes, self.lang);
                self.views.plane = self
                    .session
                    .plan(|plan| tradeoff::view(plan, &plan.evaluate(), axes, lang));
            }
            Screen::Robustness => {}
            Screen::Why => self.refresh_tree(),
            Screen::Graph => self.refresh_graph(),
            Screen::Compare => self.refresh_comparison(),
            Screen::WhatIf => {
                self.refresh_knobs();
                self.refresh_scenarios();
            }
            Screen::Data => self.refresh_evidence(),
        }
        self.open_questions()
    }

    fn version(&self) -> Version {
        Some((self.session.generation(), self.lang))
    }

    fn refresh_board(&mut self) {
        let (version, lang) = (self.version(), self.lang);
        if self.computed.board != version {
            let standing = self.session.standing();
            self.views.board = self.session.plan(|plan| board::view(plan, &standing, lang));
            self.views.counts = self.session.plan(evidence::counts);
            self.computed.board = version;
        }
        self.views.shown = self.filtered_candidates();
    }

    fn refresh_ranges(&mut self) {
        let (version, lang) = (self.version(), self.lang);
        if self.computed.ranges == version {
            return;
        }
        let is_quick = self.views.board.places.len() <= MAX_CANDIDATES_WITH_RANGES;
        self.views.ranges = if is_quick {
            self.session.plan(|plan| sensitivity::ranges(plan, lang))
        } else {
            Vec::new()
        };
        self.computed.ranges = version;
    }

    fn refresh_tree(&mut self) {
        let (candidate, lang) = (self.selection.candidate, self.lang);
        let model = self.session.model();
        let why = (candidate < model.decision.candidates.len()).then(|| {
            model.plan(|plan| {
                crate::view::why::view(plan, &plan.evaluate(), candidate, &model.sources, lang)
            })
        });
        self.views.tree = why.map_or_else(Vec::new, |why| branches(&why, &self.open, lang));
    }

    fn refresh_graph(&mut self) {
        let (candidate, lang) = (self.selection.candidate, self.lang);
        let layers = self
            .session
            .plan(|plan| layers::view(plan, candidate, lang));
        let paths: Vec<&[usize]> = layers
            .edges
            .iter()
            .map(|edge| edge.path.as_slice())
            .collect();
        self.views.wiring = wire_graph(&layers.columns, &paths);
        self.views.layers = layers;
    }

    fn refresh_comparison(&mut self) {
        let (candidate, lang) = (self.selection.candidate, self.lang);
        let rival = self
            .opponent()
            .filter(|_| candidate < self.session.model().decision.candidates.len());
        self.views.compare = rival.map(|rival| {
            self.session.plan(|plan| {
                crate::view::compare::view(plan, &plan.evaluate(), [candidate, rival], lang)
            })
        });
    }

    fn refresh_knobs(&mut self) {
        let lang = self.lang;
        let model = self.session.model();
        let mut knobs = model.plan(|plan| knob::view(plan, &model.sources, lang));
        knobs.retain(|knob| self.is_match(&knob.name) || self.is_match(&knob.title));
        self.views.knobs = knobs;
    }

    fn refresh_scenarios(&mut self) {
        let lang = self.lang;
        let shares = self.session.knobs().shares();
        let column = |aside: &Aside| {
            let model = aside.model.as_ref();
            (
                aside.title.get(lang).to_owned(),
                model.map(|model| model.plan(|plan| scenarios::ranks(plan, &shares))),
            )
        };
        let mut columns: Vec<_> = self.session.asides.iter().map(column).collect();
        let now = self.session.plan(|plan| scenarios::ranks(plan, &shares));
        columns.push((lang.pick("now", "当前").to_owned(), Some(now)));
        self.views.columns = columns;
    }

    fn refresh_evidence(&mut self) {
        let lang = self.lang;
        let (criterion, candidate) = (self.selection.criterion, self.selection.candidate);
        let version = Some((self.session.generation(), lang, self.filter.to_lowercase()));
        if self.computed.matrix != version {
            let mut shown = self.ranking_order();
            shown.retain(|&candidate| self.is_match(self.candidate_name(candidate)));
            shown.truncate(MAX_MATRIX_ROWS);
            self.views.matrix = self.session.plan(|plan| evidence::view(plan, &shown, lang));
            self.views.commands = self.session.plan(evidence::commands);
            self.computed.matrix = version;
        }
        let model = self.session.model();
        self.views.facts =
            model.plan(|plan| evidence::cell(plan, &model.sources, criterion, candidate, lang));
        let (diagnostics, sources) = match &self.session.broken {
            Some((diagnostics, sources)) => (diagnostics, sources),
            None => (&*model.diagnostics, &model.sources),
        };
        self.views.problems =
            crate::view::diagnostic::check(diagnostics, sources, lang).diagnostics;
    }

    /// Whether a text contains what the list is filtered by; everything does without a filter.
    pub(super) fn is_match(&self, text: &str) -> bool {
        self.filter.is_empty() || text.to_lowercase().contains(&self.filter.to_lowercase())
    }
}
