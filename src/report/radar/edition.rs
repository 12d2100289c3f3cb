//! The radar as it is known from the last run, and what moved since the last edition.
//!
//! An edition is a date: runs with the same date belong to one edition, so repeating a run changes nothing. The state is stored
//! with the entries of `radar.json`, under the key `weigh`.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::Blip;
use crate::model::outcome::{Quadrant, Ring};

/// What is known about one blip.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct BlipState {
    /// What each decision says about it.
    pub says: Vec<Say>,
    /// Its ring in the edition before; `None` if it was not there.
    pub from: Option<String>,
    /// The edition in which `from` was the ring before.
    pub edition: String,
}

/// What one decision says about a blip.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Say {
    pub decision: String,
    pub ring: String,
    pub quadrant: String,
    pub on: String,
    pub description: String,
}

/// How a blip moved since the last edition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Movement {
    New,
    In,
    Out,
    None,
}

impl BlipState {
    /// The latest say; of one day, the innermost ring.
    fn last(&self) -> Option<&Say> {
        let by = |say: &&Say| (say.on.clone(), std::cmp::Reverse(Ring::of_word(&say.ring)));
        self.says.iter().max_by_key(by)
    }

    /// Returns the ring of the latest decision.
    pub(super) fn ring(&self) -> Ring {
        let ring = self.last().and_then(|say| Ring::of_word(&say.ring));
        ring.unwrap_or(Ring::Assess)
    }

    /// Returns the quadrant that the latest decision states.
    pub(super) fn quadrant(&self) -> Quadrant {
        let quadrant = self.last().and_then(|say| Quadrant::of_word(&say.quadrant));
        quadrant.unwrap_or(Quadrant::Tools)
    }

    /// Returns what all decisions say, joined.
    pub(super) fn description(&self) -> String {
        let all: Vec<&str> = self
            .says
            .iter()
            .map(|say| say.description.as_str())
            .collect();
        all.join("; ")
    }

    /// Returns how it moved since the last edition.
    pub(super) fn movement(&self) -> Movement {
        let Some(before) = self.from.as_deref().and_then(Ring::of_word) else {
            return Movement::New;
        };
        match self.ring().cmp(&before) {
            std::cmp::Ordering::Less => Movement::In,
            std::cmp::Ordering::Equal => Movement::None,
            std::cmp::Ordering::Greater => Movement::Out,
        }
    }
}

/// Returns the radar after a run over `decisions`: what they said before is replaced by `blips`, and what others said stays.
pub(super) fn advance(
    before: &BTreeMap<String, BlipState>,
    blips: &[Blip],
    decisions: &BTreeSet<&str>,
    date: &str,
) -> BTreeMap<String, BlipState> {
    let last = before.values().map(|state| state.edition.as_str()).max();
    let edition = last.map_or(date, |last| last.max(date));
    let mut after = before.clone();
    for state in after.values_mut() {
        if state.edition.as_str() < edition {
            state.from = Some(state.ring().word().to_owned());
            edition.clone_into(&mut state.edition);
        }
        state
            .says
            .retain(|say| !decisions.contains(say.decision.as_str()));
    }
    for blip in blips {
        let state = after.entry(blip.name.clone()).or_insert_with(|| BlipState {
            says: Vec::new(),
            from: None,
            edition: edition.to_owned(),
        });
        state.says.push(Say {
            decision: blip.decision.clone(),
            ring: blip.ring.word().to_owned(),
            quadrant: blip.quadrant.word().to_owned(),
            on: blip.on.clone(),
            description: blip.description.clone(),
        });
        state.says.sort_by(|a, b| a.decision.cmp(&b.decision));
    }
    after.retain(|_, state| !state.says.is_empty());
    after
}

#[cfg(test)]
mod tests {
    use super::*;

    fn blip(decision: &str, ring: Ring, on: &str) -> Blip {
        Blip {
            name: "Kafka".to_owned(),
            decision: decision.to_owned(),
            ring,
            quadrant: Quadrant::Platforms,
            on: on.to_owned(),
            description: decision.to_owned(),
        }
    }

    #[test]
    fn movement_is_against_the_last_edition() {
        let run = |before: &BTreeMap<String, BlipState>, blips: &[Blip], date: &str| {
            let decisions = blips.iter().map(|b| b.decision.as_str()).collect();
            advance(before, blips, &decisions, date)
        };
        let moved = |radar: &BTreeMap<String, BlipState>| radar["Kafka"].movement();
        let first = run(
            &BTreeMap::new(),
            &[blip("a", Ring::Trial, "2026-01-01")],
            "2026-01-01",
        );
        assert_eq!(moved(&first), Movement::New);
        // The same edition again: nothing changes, whatever happened to the ring.
        assert_eq!(
            run(
                &first,
                &[blip("a", Ring::Trial, "2026-01-01")],
                "2026-01-01"
            ),
            first
        );
        let second = run(
            &first,
            &[blip("a", Ring::Adopt, "2026-06-01")],
            "2026-06-01",
        );
        assert_eq!(moved(&second), Movement::In);
        let again = run(
            &second,
            &[blip("a", Ring::Hold, "2026-06-01")],
            "2026-06-01",
        );
        assert_eq!(moved(&again), Movement::Out);
        let third = run(
            &second,
            &[blip("a", Ring::Adopt, "2026-06-01")],
            "2026-09-01",
        );
        assert_eq!(moved(&third), Movement::None);
        // An older date does not turn the edition back.
        assert_eq!(
            run(
                &third,
                &[blip("a", Ring::Adopt, "2026-06-01")],
                "2026-01-01"
            ),
            third
        );
    }

    #[test]
    fn the_latest_decision_counts_and_the_others_stay() {
        let all = [
            blip("a", Ring::Adopt, "2026-01-01"),
            blip("b", Ring::Hold, "2026-06-01"),
        ];
        let radar = advance(
            &BTreeMap::new(),
            &all,
            &BTreeSet::from(["a", "b"]),
            "2026-06-01",
        );
        assert_eq!(radar["Kafka"].ring(), Ring::Hold);
        assert_eq!(radar["Kafka"].description(), "a; b");
        let one = advance(&radar, &[], &BTreeSet::from(["b"]), "2026-06-01");
        assert_eq!(one["Kafka"].ring(), Ring::Adopt);
        assert!(advance(&one, &[], &BTreeSet::from(["a"]), "2026-06-01").is_empty());
    }
}
