//! The leader of a sweep, in which the scores of some candidates move and those of all others stay.

/// Scores closer than this are equal: rounding must not decide who is first. Scores of the value model lie in 0..1.
pub(super) const TIE: f64 = 1e-12;

/// The candidates of a sweep: those that move, and the best of those that stay.
pub(super) struct Race {
    /// The candidates that move, by place in the sweep's scores.
    moving: Vec<usize>,
    /// The best of those that stay, with its score.
    still: Option<(usize, f64)>,
    /// The present winner.
    present: Option<usize>,
    /// The best of those that stay and are not the present winner.
    rival: f64,
    /// Where the present winner is: in the moving columns, or its constant score.
    own: Option<Own>,
}

#[derive(Clone, Copy)]
enum Own {
    Moves(usize),
    Stays(f64),
}

/// The winner of these scores: the highest, the first among equals.
pub(super) fn winner(scores: &[f64]) -> Option<usize> {
    let best = scores
        .iter()
        .copied()
        .filter(|s| !s.is_nan())
        .fold(f64::NEG_INFINITY, f64::max);
    scores.iter().position(|s| *s >= best - slack(best))
}

/// The lowest score that counts as equal to this one.
fn slack(best: f64) -> f64 {
    if best.is_finite() {
        TIE * best.abs().max(1.0)
    } else {
        0.0
    }
}

/// Raises each lane of `best` to the column's score where that is higher; one that is not ranked is NaN, and raises nothing.
fn raise(best: &mut [f64], column: &[f64]) {
    best.iter_mut()
        .zip(column)
        .for_each(|(best, score)| *best = best.max(*score));
}

impl Race {
    /// `point` holds every candidate's score at the point, NaN unless it is ranked.
    pub(super) fn new(moving: Vec<usize>, point: &[f64]) -> Self {
        let present = winner(point);
        let still = |c: &usize| moving.binary_search(c).is_err();
        let kept: Vec<f64> = (0..point.len())
            .map(|c| if still(&c) { point[c] } else { f64::NAN })
            .collect();
        // Candidates that tie with the present winner and do not move keep tying with it, so it represents them.
        let best = match (present.filter(still), winner(&kept)) {
            (Some(present), Some(first))
                if point[present] >= point[first] - slack(point[first]) =>
            {
                Some(present)
            }
            (_, first) => first,
        };
        let others = kept
            .iter()
            .enumerate()
            .filter(|(c, s)| Some(*c) != present && !s.is_nan());
        let own = present.map(|p| {
            moving
                .binary_search(&p)
                .map_or(Own::Stays(point[p]), Own::Moves)
        });
        Self {
            still: best.map(|c| (c, point[c])),
            present,
            rival: others.map(|(_, s)| *s).fold(f64::NEG_INFINITY, f64::max),
            own,
            moving,
        }
    }

    /// The present winner.
    pub(super) fn present(&self) -> Option<usize> {
        self.present
    }

    /// The winner in each lane, as [`Race::winner`] says; each lane's winner is preferred in the next.
    pub(super) fn walk(
        &self,
        scores: &[Vec<f64>],
        lanes: usize,
        mut before: Option<usize>,
    ) -> Vec<Option<usize>> {
        let mut best = vec![self.still.map_or(f64::NEG_INFINITY, |(_, score)| score); lanes];
        for column in scores {
            raise(&mut best, column);
        }
        let mut own = before.and_then(|c| self.own(c));
        let step = |(lane, &best): (usize, &f64)| {
            let bar = best - slack(best);
            // Usually the previous winner still leads, and no other candidate has to be compared.
            let leads = match own {
                Some(Own::Moves(m)) => scores[m][lane] >= bar,
                Some(Own::Stays(score)) => score >= bar,
                None => false,
            };
            if !leads {
                before = self.winner(scores, lane, before);
                own = before.and_then(|c| self.own(c));
            }
            before
        };
        best.iter().enumerate().map(step).collect()
    }

    /// Where the score of a candidate that can win is.
    fn own(&self, c: usize) -> Option<Own> {
        let moves = self.moving.binary_search(&c).ok().map(Own::Moves);
        moves.or_else(|| {
            self.still
                .filter(|(still, _)| *still == c)
                .map(|(_, score)| Own::Stays(score))
        })
    }

    /// The winner in a lane; among equals the winner of the lane before, then the present winner, then the first.
    pub(super) fn winner(
        &self,
        scores: &[Vec<f64>],
        lane: usize,
        before: Option<usize>,
    ) -> Option<usize> {
        let column = |m: usize| (self.moving[m], scores[m][lane]);
        let all = || {
            (0..self.moving.len())
                .map(column)
                .chain(self.still)
                .filter(|(_, s)| !s.is_nan())
        };
        let best = all().map(|(_, s)| s).fold(f64::NEG_INFINITY, f64::max);
        let equal = |(_, s): &(usize, f64)| *s >= best - slack(best);
        let leads =
            |wanted: Option<usize>| wanted.filter(|w| all().any(|own| own.0 == *w && equal(&own)));
        leads(before)
            .or_else(|| leads(self.present))
            .or_else(|| all().filter(equal).map(|(c, _)| c).min())
    }

    /// How far the present winner leads its best rival in each lane; NaN if either is not ranked.
    pub(super) fn leads(&self, scores: &[Vec<f64>], lanes: usize) -> Vec<f64> {
        let mut best = vec![self.rival; lanes];
        for (column, _) in scores
            .iter()
            .zip(&self.moving)
            .filter(|(_, c)| Some(**c) != self.present)
        {
            raise(&mut best, column);
        }
        let lead = |(lane, best): (usize, f64)| {
            if best.is_finite() {
                self.score(scores, lane) - best
            } else {
                f64::NAN
            }
        };
        best.into_iter().enumerate().map(lead).collect()
    }

    /// Returns the constant lead if no candidate that moves reaches `reach`, and neither the present winner nor its
    /// best rival moves; `None` otherwise.
    pub(super) fn untouched(&self, reach: f64) -> Option<f64> {
        match self.own {
            Some(Own::Stays(score))
                if self.rival.is_finite() && reach < self.rival - slack(self.rival) =>
            {
                Some(score - self.rival)
            }
            _ => None,
        }
    }

    /// The present winner's score in a lane; NaN if it is not ranked.
    pub(super) fn score(&self, scores: &[Vec<f64>], lane: usize) -> f64 {
        match self.own {
            Some(Own::Moves(m)) => scores[m][lane],
            Some(Own::Stays(score)) => score,
            None => f64::NAN,
        }
    }
}
