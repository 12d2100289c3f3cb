//! Weights under linear constraints: an interior point, and a random walk with a uniform limit distribution (hit-and-run).

use crate::quantity::sampler::RandomStream;
use crate::tr;
use crate::weighting::WeightError;
use crate::weighting::simplex::LinearProgram;

/// A largest slack below this means that the constraints leave no interior.
const ROOM: f64 = 1e-9;

/// What remains of the simplex under the constraints.
pub(super) enum PolytopeOrPoint {
    /// A polytope with an interior.
    Room(Polytope),
    /// All weights are fixed.
    Point(Vec<f64>),
}

/// Weights that sum to 1, each between its bounds, some no smaller than others.
#[derive(Clone, Debug)]
pub(super) struct Polytope {
    bounds: Vec<(f64, f64)>,
    /// The first weighs at least as much as the second.
    pairs: Vec<(usize, usize)>,
    /// Weights that the bounds do not fix.
    free: Vec<usize>,
    inside: Vec<f64>,
}

impl Polytope {
    /// The polytope of these bounds and descending chains.
    pub(super) fn between(
        bounds: Vec<(f64, f64)>,
        chains: &[Vec<usize>],
    ) -> Result<PolytopeOrPoint, WeightError> {
        let pairs: Vec<(usize, usize)> = chains
            .iter()
            .flat_map(|chain| chain.windows(2).map(|w| (w[0], w[1])))
            .collect();
        let free: Vec<usize> = (0..bounds.len())
            .filter(|&j| bounds[j].0 < bounds[j].1)
            .collect();
        let contradiction = || {
            WeightError::Contradiction(tr!(
                "no weights meet all the constraints",
                "没有权重能同时满足所有约束"
            ))
        };
        let (inside, room) = inner_point(&bounds, &pairs, &free).ok_or_else(contradiction)?;
        if free.len() < 2 {
            return Ok(PolytopeOrPoint::Point(inside));
        }
        if room < ROOM {
            return Err(WeightError::Contradiction(tr!(
                "the constraints leave no interior: write equal bounds as one value, low..low",
                "约束没有留下余地：相等的上下限请写成同一个值 low..low"
            )));
        }
        Ok(PolytopeOrPoint::Room(Self {
            bounds,
            pairs,
            free,
            inside,
        }))
    }

    /// Starts the walk of one block, burn-in included.
    pub(super) fn walk(&self, stream: &mut RandomStream) -> HitAndRun<'_> {
        let m = self.free.len();
        let mut walk = HitAndRun {
            polytope: self,
            at: self.inside.clone(),
            direction: vec![0.0; self.bounds.len()],
        };
        for _ in 0..4 * m.pow(3) {
            walk.step(stream);
        }
        walk
    }
}

/// The point whose smallest slack over all inequalities is largest, and that slack.
///
/// Variables of the linear program: the weights, the slack `t`, and what each inequality leaves beyond it.
fn inner_point(
    bounds: &[(f64, f64)],
    pairs: &[(usize, usize)],
    free: &[usize],
) -> Option<(Vec<f64>, f64)> {
    let m = bounds.len();
    let inequalities = 2 * free.len() + pairs.len();
    let columns = m + 1 + inequalities;
    let (mut rows, mut sides) = (Vec::new(), Vec::new());
    let mut row = |entries: &[(usize, f64)], side: f64| {
        let mut row = vec![0.0; columns];
        entries.iter().for_each(|&(column, x)| row[column] = x);
        rows.push(row);
        sides.push(side);
    };
    let every: Vec<(usize, f64)> = (0..m).map(|j| (j, 1.0)).collect();
    row(&every, 1.0);
    let mut beyond = m + 1;
    for (j, &(low, high)) in bounds.iter().enumerate() {
        if free.contains(&j) {
            row(&[(j, 1.0), (m, -1.0), (beyond, -1.0)], low);
            row(&[(j, 1.0), (m, 1.0), (beyond + 1, 1.0)], high);
            beyond += 2;
        } else {
            row(&[(j, 1.0)], low);
        }
    }
    for &(a, b) in pairs {
        row(&[(a, 1.0), (b, -1.0), (m, -1.0), (beyond, -1.0)], 0.0);
        beyond += 1;
    }
    let mut costs = vec![0.0; columns];
    costs[m] = -1.0;
    let x = LinearProgram { rows, sides, costs }.minimise()?;
    Some((x[..m].to_vec(), x[m]))
}

/// A random walk at its present point.
pub(super) struct HitAndRun<'p> {
    polytope: &'p Polytope,
    at: Vec<f64>,
    direction: Vec<f64>,
}

impl HitAndRun<'_> {
    /// The next point that is kept.
    pub(super) fn next(&mut self, stream: &mut RandomStream) -> &[f64] {
        let m = self.polytope.free.len();
        for _ in 0..(m * m).max(8) {
            self.step(stream);
        }
        &self.at
    }

    fn step(&mut self, stream: &mut RandomStream) {
        let Polytope {
            bounds,
            pairs,
            free,
            ..
        } = self.polytope;
        let mut mean = 0.0;
        for &j in free {
            self.direction[j] = stream.uniform() - 0.5;
            mean += self.direction[j];
        }
        mean /= free.len() as f64;
        // How far the line runs either way before a constraint is met.
        let (mut back, mut forth) = (f64::NEG_INFINITY, f64::INFINITY);
        let mut cut = |slack: f64, speed: f64| {
            // `slack + t speed >= 0`
            let t = -slack.max(0.0) / speed;
            if speed > 0.0 {
                back = back.max(t);
            } else if speed < 0.0 {
                forth = forth.min(t);
            }
        };
        for &j in free {
            self.direction[j] -= mean;
            let (w, d) = (self.at[j], self.direction[j]);
            cut(w - bounds[j].0, d);
            cut(bounds[j].1 - w, -d);
        }
        for &(a, b) in pairs {
            cut(
                self.at[a] - self.at[b],
                self.direction[a] - self.direction[b],
            );
        }
        let t = back + (forth - back) * stream.uniform();
        if !t.is_finite() {
            return;
        }
        let mut rest = 1.0;
        for (j, w) in self.at.iter_mut().enumerate() {
            *w += t * self.direction[j];
            rest -= *w;
        }
        // Rounding errors of many steps must not move the walk off the simplex.
        let share = rest / free.len() as f64;
        free.iter().for_each(|&j| self.at[j] += share);
    }
}
