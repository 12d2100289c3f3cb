//! Who leads where some candidates' scores move and all others stay.

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
    let best = scores.iter().copied().filter(|s| !s.is_nan()).fold(f64::NEG_INFINITY, f64::max);
    scores.iter().position(|s| *s >= best - slack(best))
}

/// What counts as equal to a score.
fn slack(best: f64) -> f64 {
    if best.is_finite() { TIE * best.abs().max(1.0) } else { 0.0 }
}

impl Race {
    /// `point` holds every candidate's score at the point, NaN unless it is ranked.
    pub(super) fn new(moving: Vec<usize>, point: &[f64]) -> Self {
        let present = winner(point);
        let still = |c: &usize| moving.binary_search(c).is_err();
        let kept: Vec<f64> = (0..point.len()).map(|c| if still(&c) { point[c] } else { f64::NAN }).collect();
        // Equals keep being equal where they stay: the present winner speaks for them.
        let best = match (present.filter(still), winner(&kept)) {
            (Some(present), Some(first)) if point[present] >= point[first] - slack(point[first]) => Some(present),
            (_, first) => first,
        };
        let others = kept.iter().enumerate().filter(|(c, s)| Some(*c) != present && !s.is_nan());
        let own = present.map(|p| moving.binary_search(&p).map_or(Own::Stays(point[p]), Own::Moves));
        Self { still: best.map(|c| (c, point[c])), present, rival: others.map(|(_, s)| *s).fold(f64::NEG_INFINITY, f64::max), own, moving }
    }

    /// The present winner.
    pub(super) fn present(&self) -> Option<usize> {
        self.present
    }

    /// Who wins in a lane; among equals whoever won in the lane before, then the present winner, then the first.
    pub(super) fn winner(&self, scores: &[Vec<f64>], lane: usize, before: Option<usize>) -> Option<usize> {
        let column = |m: usize| (self.moving[m], scores[m][lane]);
        let all = || (0..self.moving.len()).map(column).chain(self.still).filter(|(_, s)| !s.is_nan());
        let best = all().map(|(_, s)| s).fold(f64::NEG_INFINITY, f64::max);
        let equal = |(_, s): &(usize, f64)| *s >= best - slack(best);
        let leads = |wanted: Option<usize>| wanted.filter(|w| all().any(|own| own.0 == *w && equal(&own)));
        leads(before).or_else(|| leads(self.present)).or_else(|| all().filter(equal).map(|(c, _)| c).min())
    }

    /// How far the present winner leads its best rival in a lane; NaN where either is not ranked.
    pub(super) fn lead(&self, scores: &[Vec<f64>], lane: usize) -> f64 {
        let (Some(own), Some(present)) = (self.own, self.present) else { return f64::NAN };
        let mine = match own {
            Own::Moves(m) => scores[m][lane],
            Own::Stays(score) => score,
        };
        let others = (0..self.moving.len()).filter(|&m| self.moving[m] != present).map(|m| scores[m][lane]);
        let best = others.filter(|s| !s.is_nan()).fold(self.rival, f64::max);
        if best.is_finite() { mine - best } else { f64::NAN }
    }

    /// The present winner's score in a lane; NaN where it is not ranked.
    pub(super) fn score(&self, scores: &[Vec<f64>], lane: usize) -> f64 {
        match self.own {
            Some(Own::Moves(m)) => scores[m][lane],
            Some(Own::Stays(score)) => score,
            None => f64::NAN,
        }
    }
}
