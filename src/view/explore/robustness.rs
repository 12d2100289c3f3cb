//! Robustness as the terminal UI shows it: how often each candidate takes each rank, and the central weights that would make it
//! first. A selection of [`crate::view::robustness`].

use crate::analysis::study::{NotComputed, Study, StudyRequest};
pub use crate::analysis::weight_space::Width;
use crate::eval::Plan;
use crate::lang::Lang;
use crate::view::robustness::{CandidateChances, ChancesView, chances};

/// One candidate.
#[derive(Clone, Debug)]
pub struct RankChances {
    /// Index in the decision.
    pub candidate: usize,
    pub name: String,
    /// The share of samples in which it takes each rank.
    pub ranks: Vec<f64>,
    /// Each of them for display: a mark that grows with it, and whole percent.
    pub shown: Vec<(&'static str, String)>,
    /// The mean rank for display.
    pub mean: String,
    /// The mean of the weights with which it wins, drawn from all weights.
    pub central: Option<Vec<f64>>,
    /// Formatted for display: the letter of each criterion that counts with whole percent, `O15 T20`.
    pub weights: Option<String>,
}

/// Chances of all candidates, the likeliest winner first.
#[derive(Clone, Debug, Default)]
pub struct RobustnessPanel {
    /// Each candidate's.
    pub rows: Vec<RankChances>,
    /// Which weights were drawn.
    pub space: String,
    pub samples: usize,
    pub seed: u64,
    /// Why the analysis is not possible.
    pub refused: Option<String>,
}

/// A mark for the size of a share.
fn mark(share: f64) -> &'static str {
    match share {
        p if p >= 0.5 => "##",
        p if p >= 0.25 => "++",
        p if p >= 0.1 => "::",
        p if p >= 0.01 => "..",
        _ => "  ",
    }
}

/// Computes how often each candidate takes each rank under weights of this width, and its central weights.
#[must_use]
pub fn view(plan: &Plan<'_>, width: Width, lang: Lang) -> RobustnessPanel {
    let request = StudyRequest::of(plan.decision);
    let study = Study::new(plan, request);
    let ask = |width: Width| {
        let space = study.weights(width);
        let found = study.rank_acceptability(&space)?;
        Ok::<_, NotComputed>(chances(plan, &found, &space, lang))
    };
    match (ask(width), ask(Width::Any)) {
        (Ok(drawn), Ok(any)) if drawn.decided > 0 && any.decided > 0 => {
            RobustnessPanel::of(&drawn, &any)
        }
        (Ok(_), Ok(_)) => RobustnessPanel::refused(lang.pick(
            "no candidate is ranked in any sample: press 5 to see why",
            "任何样本中都没有候选有名次：按 5 查看缘由",
        )),
        (Err(why), _) | (_, Err(why)) => RobustnessPanel::refused(why.reason.get(lang)),
    }
}

impl RobustnessPanel {
    fn refused(why: &str) -> Self {
        Self {
            refused: Some(why.to_owned()),
            ..Self::default()
        }
    }

    /// Ranks as drawn; central weights from any weights, so that they do not only repeat the declared ones.
    fn of(drawn: &ChancesView, any: &ChancesView) -> Self {
        let letters = super::letters(drawn.criteria.iter().map(String::as_str));
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
        let row = |own: &CandidateChances| {
            let (ranks, mean) = (own.ranks.clone().unwrap_or_default(), own.mean_rank);
            let central = any
                .candidates
                .get(own.candidate)
                .and_then(|c| c.central.clone());
            RankChances {
                candidate: own.candidate,
                name: own.name.clone(),
                mean: mean.map_or_else(String::new, |mean| format!("{mean:.1}")),
                shown: ranks
                    .iter()
                    .map(|p| (mark(*p), format!("{:.0}%", p * 100.0)))
                    .collect(),
                ranks,
                weights: central.as_ref().map(weights),
                central,
            }
        };
        Self {
            rows: drawn.by_mean_rank().into_iter().map(row).collect(),
            space: drawn.weights.clone(),
            samples: drawn.samples,
            seed: drawn.seed,
            refused: None,
        }
    }
}
