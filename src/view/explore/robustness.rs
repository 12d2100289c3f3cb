//! How often each candidate comes where when weights and inputs are not known exactly, and which weights would make it first.

use crate::analysis::acceptability::acceptability;
use crate::analysis::ranking::DEFAULT_METHOD;
use crate::analysis::weight_space::WeightSpace;
use crate::eval::Plan;
use crate::lang::Lang;
use crate::rank::Params;
use crate::view::figure;

/// Samples: the standard error of a share is below one percent.
pub const SAMPLES: usize = 4_096;

/// Which weights are drawn.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Width {
    /// Close to the declared ones.
    #[default]
    Near,
    /// Further away.
    Wide,
    /// Any.
    Any,
}

impl Width {
    /// The next wider one, round again.
    #[must_use]
    pub fn next(self) -> Self {
        match self {
            Self::Near => Self::Wide,
            Self::Wide => Self::Any,
            Self::Any => Self::Near,
        }
    }
}

/// One candidate.
#[derive(Clone, Debug)]
pub struct Chances {
    /// Its place in the decision.
    pub candidate: usize,
    /// What it is called.
    pub name: String,
    /// The share of samples in which it takes each place.
    pub ranks: Vec<f64>,
    /// Each of them for people: a mark that grows with it, and whole percent.
    pub shown: Vec<(&'static str, String)>,
    /// The mean rank.
    pub expected: f64,
    /// The mean rank for people.
    pub mean: String,
    /// The mean of the weights with which it wins, drawn from all weights.
    pub central: Option<Vec<f64>>,
    /// The same for people: the letter of each criterion that counts with whole percent, `O15 T20`.
    pub weights: Option<String>,
    /// How often it wins with these.
    pub confidence: Option<String>,
}

/// Chances of all candidates, the likeliest winner first.
#[derive(Clone, Debug, Default)]
pub struct Robustness {
    /// Each candidate's.
    pub rows: Vec<Chances>,
    /// Which weights were drawn.
    pub space: String,
    /// How many samples.
    pub samples: usize,
    /// Their seed.
    pub seed: u64,
    /// Why there are no figures.
    pub refused: Option<String>,
}

/// A mark that says how much a share is without its figure.
fn mark(share: f64) -> &'static str {
    match share {
        p if p >= 0.5 => "##",
        p if p >= 0.25 => "++",
        p if p >= 0.1 => "::",
        p if p >= 0.01 => "..",
        _ => "  ",
    }
}

/// Draws and counts.
#[must_use]
pub fn view(plan: &Plan<'_>, width: Width, lang: Lang) -> Robustness {
    let shares = plan.shares();
    let seed = plan.decision.seed;
    let method = crate::rank::find(DEFAULT_METHOD).expect("the default method is in the list");
    let any = WeightSpace::uniform(&shares);
    let space = match width {
        Width::Near => {
            WeightSpace::near(&shares, 0.2).unwrap_or_else(|_| WeightSpace::declared(&shares))
        }
        Width::Wide => {
            WeightSpace::near(&shares, 0.6).unwrap_or_else(|_| WeightSpace::uniform(&shares))
        }
        Width::Any => WeightSpace::uniform(&shares),
    };
    let run =
        |space: &WeightSpace| acceptability(plan, space, method, &Params::none(), SAMPLES, seed);
    let (found, wide) = match (run(&space), run(&any)) {
        (Ok(found), Ok(wide)) => (found, wide),
        (Err(error), _) | (_, Err(error)) => {
            return Robustness {
                refused: Some(error.text().get(lang).to_owned()),
                ..Robustness::default()
            };
        }
    };
    if found.decided == 0 || wide.decided == 0 {
        let why = lang.pick(
            "no sample ranks anybody: 5 says why",
            "任何样本中都没有候选有名次：按 5 查看缘由",
        );
        return Robustness {
            refused: Some(why.to_owned()),
            ..Robustness::default()
        };
    }
    let letters = super::letters(plan.graph.criteria.iter().map(|slot| slot.id.as_str()));
    let weights = |central: &Vec<f64>| {
        let counts = letters
            .iter()
            .zip(central)
            .filter(|(_, share)| **share > 0.0);
        counts
            .map(|(letter, share)| format!("{letter}{:.0}", share * 100.0))
            .collect::<Vec<_>>()
            .join(" ")
    };
    let row = |(i, &c): (usize, &usize)| {
        let expected: f64 = found.rank[i]
            .iter()
            .enumerate()
            .map(|(r, p)| (r + 1) as f64 * p)
            .sum();
        Chances {
            candidate: c,
            name: plan.decision.candidates[c].name.get(lang).to_owned(),
            expected,
            mean: format!("{expected:.1}"),
            ranks: found.rank[i].clone(),
            shown: found.rank[i]
                .iter()
                .map(|p| (mark(*p), format!("{:.0}%", p * 100.0)))
                .collect(),
            central: wide.central[i].clone(),
            weights: wide.central[i].as_ref().map(weights),
            confidence: wide.confidence[i].map(figure::percent),
        }
    };
    let mut rows: Vec<Chances> = found.candidates.iter().enumerate().map(row).collect();
    rows.sort_by(|a, b| {
        a.expected
            .total_cmp(&b.expected)
            .then(a.candidate.cmp(&b.candidate))
    });
    Robustness {
        rows,
        space: space.title().get(lang).to_owned(),
        samples: found.samples,
        seed,
        refused: None,
    }
}
