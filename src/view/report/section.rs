//! What other analyses found, as far as they were run: each section is plain sentences, cells and the figures of its picture.

use serde::Serialize;

/// The optional sections of a report; a template shows those that are there.
#[derive(Debug, Default, Serialize)]
pub struct Sections {
    /// How far weights and inputs may move.
    pub sensitivity: Option<SensitivitySection>,
    /// How sure the ranking is.
    pub robustness: Option<RobustnessSection>,
    /// One input moved over a range.
    pub sweep: Option<SweepSection>,
}

/// How far weights and inputs may move before another candidate is first.
#[derive(Debug, Serialize)]
pub struct SensitivitySection {
    /// The findings in sentences, most telling first.
    pub sentences: Vec<String>,
    /// A row a criterion: title, share, from, to, who takes over below and above.
    pub weights: Vec<[String; 6]>,
    /// The bars of the tornado, longest first.
    pub tornado: Vec<TornadoBar>,
}

/// One bar of the tornado.
#[derive(Clone, Debug, Serialize)]
pub struct TornadoBar {
    /// The input's name.
    pub input: String,
    /// Its low and high value, for people.
    pub at: [String; 2],
    /// The winner's lead at both.
    pub lead: [f64; 2],
    /// Who wins at both, where it is not the present winner.
    pub other: [Option<String>; 2],
}

/// How sure the ranking is.
#[derive(Debug, Serialize)]
pub struct RobustnessSection {
    /// The findings in sentences.
    pub sentences: Vec<String>,
    /// How weights and inputs were drawn.
    pub about: String,
    /// The ranks that the columns stand for.
    pub ranks: Vec<String>,
    /// A row a candidate.
    pub acceptability: Vec<AcceptabilityRow>,
    /// A row a method: method, winner, agreement.
    pub methods: Vec<[String; 3]>,
}

/// How often a candidate takes each rank.
#[derive(Clone, Debug, Serialize)]
pub struct AcceptabilityRow {
    /// What it is called.
    pub name: String,
    /// The share of samples by rank.
    pub shares: Vec<f64>,
    /// The same for people.
    pub shown: Vec<String>,
}

/// One input moved over a range.
#[derive(Debug, Serialize)]
pub struct SweepSection {
    /// What the input is called.
    pub title: String,
    /// Its unit.
    pub unit: String,
    /// Its value at the point, in its unit.
    pub present: f64,
    /// Its values, in its unit.
    pub at: Vec<f64>,
    /// A line a candidate.
    pub lines: Vec<SweepLine>,
    /// Where another candidate comes first, in sentences.
    pub sentences: Vec<String>,
}

/// One candidate's score along a sweep.
#[derive(Clone, Debug, Serialize)]
pub struct SweepLine {
    /// What it is called.
    pub name: String,
    /// Its score at each value; `None` where it has none.
    pub scores: Vec<Option<f64>>,
}
