//! Where the candidate that people chose stands in the verdict.

use serde::{Deserialize, Serialize};

use super::verdict::{Verdict, VerdictClass};

/// How a choice compares with the other candidates.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ChoiceRank {
    /// It is first, and no candidate is level with it.
    First,
    /// The verdict does not tell it from the first, or from a candidate that is level with the first.
    Level,
    /// The first is ahead of it.
    Behind,
    /// A gate screens it out, or it lacks a fact.
    NotRanked,
}

impl ChoiceRank {
    /// Returns the key in records and JSON.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::First => "first",
            Self::Level => "level",
            Self::Behind => "behind",
            Self::NotRanked => "not-ranked",
        }
    }
}

/// Where a chosen candidate stands.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ChoiceStanding {
    /// The chosen candidate.
    pub chosen: usize,
    pub rank: ChoiceRank,
    /// The candidate it is compared with: the first; if it is first itself, the next that is level with it, else the runner-up.
    pub against: Option<usize>,
    /// Its expected score minus that of the other: negative if it is behind. `None` if either has no score.
    pub lead: Option<f64>,
    /// The share of the draws in which it is first.
    pub first_share: f64,
}

/// Returns where a chosen candidate stands.
#[must_use]
pub fn standing_of_choice(verdict: &Verdict, chosen: usize) -> ChoiceStanding {
    let is_first = verdict.first == Some(chosen);
    let against = if is_first {
        let mut level = verdict.level.iter().copied().filter(|&c| c != chosen);
        level.next().or(verdict.runner_up)
    } else {
        verdict.first
    };
    let score = |c: usize| verdict.expected[c];
    let is_level = verdict.class == VerdictClass::Open && verdict.level.contains(&chosen);
    let lead = against.and_then(|other| {
        let gap = (score(chosen)? - score(other)?).abs();
        Some(if is_first { gap } else { -gap })
    });
    ChoiceStanding {
        chosen,
        rank: if score(chosen).is_none() {
            ChoiceRank::NotRanked
        } else if is_level {
            ChoiceRank::Level
        } else if is_first {
            ChoiceRank::First
        } else {
            ChoiceRank::Behind
        },
        against,
        lead,
        first_share: verdict.first_share[chosen],
    }
}
