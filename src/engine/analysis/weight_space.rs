//! Sets of possible weights, and random draws from them.
//!
//! | space | what is drawn | how |
//! |---|---|---|
//! | declared | the declared shares, always | - |
//! | near | Dirichlet with the declared shares as its mean | normalised gamma variates |
//! | uniform | uniform over the simplex | normalised exponentials |
//! | one chain `a > b > c` | uniform over the part of the simplex in that order | normalised exponentials, the chain's own sorted |
//! | several orders, intervals | uniform over the polytope | hit-and-run |
//!
//! The first four are exact and their draws independent. Uniform numbers divided by their sum, which many tools draw, are not
//! uniform on the simplex: they concentrate around equal weights and make every result look more robust than it is.
//!
//! **Near.** A Dirichlet distribution with mean `w` and concentration `A` has the variance `w_k (1 - w_k) / (A + 1)`. The spread
//! `s` is the relative standard deviation of a criterion with an average share, `1/m` of `m` criteria, hence
//! `A = (m - 1) / s^2 - 1`, and any share has the standard deviation `s sqrt(w_k (1 - w_k) / (m - 1))`: `near:0.2` of five
//! criteria moves a share of 20 % by 4 points, one of 50 % by 5.
//!
//! **Hit-and-run** (Smith 1984) goes from a point along a random line to a uniform point of the chord in the polytope. The chain of
//! a block starts at the point that keeps the greatest distance from all constraints (a linear program), discards
//! `4 m^3` steps as burn-in, then keeps one point in `m^2` (at least 8): its draws are uniform in the limit and nearly independent.
//!
//! Each block of samples has its own random stream, so the number of threads does not change the draws. A criterion without weight
//! keeps none unless a constraint names it.
//!
//! Sources: Devroye, L. (1986). Non-Uniform Random Variate Generation. Springer, chapters 5 and 11; Marsaglia, G., Tsang, W. W.
//! (2000). A simple method for generating gamma variables. ACM TOMS 26(3), 363-372; Smith, R. L. (1984). Efficient Monte Carlo
//! procedures for generating points uniformly distributed over bounded regions. Operations Research 32(6), 1296-1308; Tervonen, T.
//! et al. (2013). Hit-And-Run enables efficient weight generation for simulation-based multiple criteria decision analysis. EJOR
//! 224(3), 552-559.

mod polytope;
mod width;

pub use width::Width;

use self::polytope::Polytope;
use super::lanes::{dispatch, level};
use crate::lang::Text;
use crate::quantity::sampler::RandomStream;
use crate::tr;
use crate::weighting::WeightError;

/// A constraint on the weights.
#[derive(Clone, Debug, PartialEq)]
pub enum Constraint {
    /// These criteria, by place, in descending order of weight.
    Order(Vec<usize>),
    /// The share of a criterion lies between two shares.
    Interval {
        /// Index of the criterion in the decision.
        criterion: usize,
        /// The smallest share.
        low: f64,
        /// The largest share.
        high: f64,
    },
}

/// A set of possible weights with a distribution over it.
#[derive(Clone, Debug)]
pub struct WeightSpace {
    criteria: usize,
    /// The criteria that may have weight.
    active: Vec<usize>,
    shape: SpaceShape,
    title: Text,
}

#[derive(Clone, Debug)]
enum SpaceShape {
    Point(Vec<f64>),
    /// Dirichlet, by the parameter of each active criterion.
    Dirichlet(Vec<f64>),
    Simplex,
    /// The simplex with one chain, by place among the active criteria.
    Chain(Vec<usize>),
    Polytope(Polytope),
}

impl WeightSpace {
    /// The declared shares and nothing else.
    #[must_use]
    pub fn declared(shares: &[f64]) -> Self {
        Self::point(
            shares.to_vec(),
            tr!("weights as declared", "权重按声明取值"),
        )
    }

    fn point(shares: Vec<f64>, title: Text) -> Self {
        let active = weighted(&shares);
        Self {
            criteria: shares.len(),
            active,
            shape: SpaceShape::Point(shares),
            title,
        }
    }

    /// Around the declared shares; see the module for what `spread` means.
    ///
    /// # Errors
    /// Where the spread is not above 0, or so large that weights would sit in the corners: more than `sqrt((m - 1) / 2)`.
    pub fn near(shares: &[f64], spread: f64) -> Result<Self, WeightError> {
        let active = weighted(shares);
        let m = active.len();
        let title = tr!(
            "weights near the declared (spread {spread})",
            "权重在声明值附近（离散度 {spread}）"
        );
        if !(spread > 0.0 && spread.is_finite()) {
            return Err(WeightError::Number(tr!(
                "the spread is {spread}: a number above 0 is needed, such as near:0.2",
                "离散度为 {spread}：需要大于 0 的数，如 near:0.2"
            )));
        }
        if m < 2 {
            return Ok(Self::point(shares.to_vec(), title));
        }
        let most = ((m - 1) as f64 / 2.0).sqrt();
        if spread > most {
            return Err(WeightError::Number(tr!(
                "the spread is {spread}: with {m} criteria at most {most:.2}; `uniform` takes any weights",
                "离散度为 {spread}：{m} 个准则时最多 {most:.2}；`uniform` 可取任意权重"
            )));
        }
        let concentration = (m - 1) as f64 / (spread * spread) - 1.0;
        let shape =
            SpaceShape::Dirichlet(active.iter().map(|&k| shares[k] * concentration).collect());
        Ok(Self {
            criteria: shares.len(),
            active,
            shape,
            title,
        })
    }

    /// Any weights of the criteria that have weight.
    #[must_use]
    pub fn uniform(shares: &[f64]) -> Self {
        let title = tr!("any weights (uniform)", "任意权重（均匀）");
        Self {
            criteria: shares.len(),
            active: weighted(shares),
            shape: SpaceShape::Simplex,
            title,
        }
    }

    /// Any weights that meet the constraints.
    ///
    /// # Errors
    /// Where the constraints contradict each other, name a criterion twice in an order, or leave no weights.
    pub fn constrained(shares: &[f64], constraints: &[Constraint]) -> Result<Self, WeightError> {
        let mut active = weighted(shares);
        for constraint in constraints {
            match constraint {
                Constraint::Order(chain) => active.extend(chain),
                Constraint::Interval { criterion, .. } => active.push(*criterion),
            }
        }
        active.sort_unstable();
        active.dedup();
        let place = |k: usize| {
            active
                .iter()
                .position(|&a| a == k)
                .expect("every criterion of a constraint was added above")
        };
        let mut chains: Vec<Vec<usize>> = Vec::new();
        let mut bounds = vec![(0.0_f64, 1.0_f64); active.len()];
        for constraint in constraints {
            match constraint {
                Constraint::Order(chain) => {
                    let chain: Vec<usize> = chain.iter().map(|&k| place(k)).collect();
                    if chain
                        .iter()
                        .enumerate()
                        .any(|(i, k)| chain[..i].contains(k))
                    {
                        return Err(WeightError::Item(tr!(
                            "an order names a criterion twice",
                            "一个次序中准则重复出现"
                        )));
                    }
                    chains.push(chain);
                }
                Constraint::Interval {
                    criterion,
                    low,
                    high,
                } => {
                    if !(0.0..=1.0).contains(low) || !(0.0..=1.0).contains(high) || low > high {
                        return Err(WeightError::Number(tr!(
                            "an interval is {low}..{high}: shares lie between 0 and 1, the low end first",
                            "区间为 {low}..{high}：占比应在 0 与 1 之间，下限在前"
                        )));
                    }
                    let (l, h) = &mut bounds[place(*criterion)];
                    (*l, *h) = (l.max(*low), h.min(*high));
                }
            }
        }
        chains.retain(|chain| chain.len() > 1);
        let title = tr!(
            "any weights that meet the constraints (uniform)",
            "满足约束的任意权重（均匀）"
        );
        let free = bounds.iter().all(|&b| b == (0.0, 1.0));
        let shape = match (free, chains.as_slice()) {
            (true, []) => SpaceShape::Simplex,
            (true, [chain]) => SpaceShape::Chain(chain.clone()),
            _ => match Polytope::between(bounds, &chains)? {
                polytope::PolytopeOrPoint::Room(polytope) => SpaceShape::Polytope(polytope),
                polytope::PolytopeOrPoint::Point(at) => {
                    let mut shares = vec![0.0; shares.len()];
                    active.iter().zip(at).for_each(|(&k, w)| shares[k] = w);
                    SpaceShape::Point(shares)
                }
            },
        };
        Ok(Self {
            criteria: shares.len(),
            active,
            shape,
            title,
        })
    }

    /// What it is called.
    #[must_use]
    pub fn title(&self) -> &Text {
        &self.title
    }

    /// How many criteria a draw has a weight for.
    #[must_use]
    pub fn criteria(&self) -> usize {
        self.criteria
    }

    /// The criteria that may have weight, by place.
    #[must_use]
    pub fn active(&self) -> &[usize] {
        &self.active
    }

    /// Whether every draw is the same.
    #[must_use]
    pub fn is_point(&self) -> bool {
        matches!(self.shape, SpaceShape::Point(_))
    }

    /// Fills the weights of one block: `out[k * lanes..][..lanes]` are those of criterion `k`; in each lane they sum to 1.
    pub fn fill(&self, seed: u64, block: usize, lanes: usize, out: &mut [f64]) {
        if self.active.len() < self.criteria || self.is_point() {
            out.fill(0.0);
        }
        let mut stream = RandomStream::new(seed, "weights", block);
        match &self.shape {
            SpaceShape::Point(shares) => shares
                .iter()
                .zip(out.chunks_exact_mut(lanes))
                .for_each(|(share, column)| column.fill(*share)),
            SpaceShape::Dirichlet(parameters) => {
                for (&k, &parameter) in self.active.iter().zip(parameters) {
                    out[k * lanes..][..lanes]
                        .iter_mut()
                        .for_each(|x| *x = gamma(parameter, &mut stream));
                }
                self.normalise(lanes, out);
            }
            SpaceShape::Simplex => {
                self.exponentials(lanes, out, &mut stream);
                dispatch!(level(), _ => self.normalise(lanes, out));
            }
            SpaceShape::Chain(chain) => {
                self.exponentials(lanes, out, &mut stream);
                let mut amounts = vec![0.0; chain.len()];
                for lane in 0..lanes {
                    let at = |place: usize| self.active[place] * lanes + lane;
                    amounts
                        .iter_mut()
                        .zip(chain)
                        .for_each(|(x, &place)| *x = out[at(place)]);
                    amounts.sort_unstable_by(|a, b| b.total_cmp(a));
                    chain
                        .iter()
                        .zip(&amounts)
                        .for_each(|(&place, x)| out[at(place)] = *x);
                }
                self.normalise(lanes, out);
            }
            SpaceShape::Polytope(polytope) => {
                let mut walk = polytope.walk(&mut stream);
                for lane in 0..lanes {
                    let at = walk.next(&mut stream);
                    self.active
                        .iter()
                        .zip(at)
                        .for_each(|(&k, w)| out[k * lanes + lane] = *w);
                }
            }
        }
    }

    fn exponentials(&self, lanes: usize, out: &mut [f64], stream: &mut RandomStream) {
        for &k in &self.active {
            let column = &mut out[k * lanes..][..lanes];
            column.iter_mut().for_each(|x| *x = stream.uniform());
            dispatch!(level(), _ => exponentials(column));
        }
    }

    #[inline(always)]
    fn normalise(&self, lanes: usize, out: &mut [f64]) {
        let mut sums = [0.0; crate::eval::BLOCK];
        let sums = &mut sums[..lanes];
        for &k in &self.active {
            sums.iter_mut()
                .zip(&out[k * lanes..][..lanes])
                .for_each(|(sum, x)| *sum += x);
        }
        sums.iter_mut().for_each(|sum| *sum = 1.0 / *sum);
        for &k in &self.active {
            out[k * lanes..][..lanes]
                .iter_mut()
                .zip(&*sums)
                .for_each(|(x, scale)| *x *= scale);
        }
    }
}

fn weighted(shares: &[f64]) -> Vec<usize> {
    (0..shares.len()).filter(|&k| shares[k] > 0.0).collect()
}

/// Turns uniform numbers of 0..1 into standard exponential ones: `-ln(1 - u)`, to 1e-15 of its size.
///
/// With `1 - u = 2^e m`, `m` between `sqrt(1/2)` and `sqrt(2)`, and `s = (m - 1) / (m + 1)`: `ln m = 2 (s + s^3/3 + s^5/5 ...)`.
/// Plain arithmetic on whole columns, so that the processor takes several lanes at once, and the same on every system, which
/// `f64::ln` is not.
#[inline(always)]
fn exponentials(column: &mut [f64]) {
    /// Bits of `sqrt(1/2)`, and what lies between it and 1.
    const LOW: u64 = 0x3fe6_a09e_667f_3bcd;
    const SHIFT: u64 = 0x3ff0_0000_0000_0000 - LOW;
    const MANTISSA: u64 = (1 << 52) - 1;
    /// As the bits of a number from 2^52 up, whose last binary place is 1, an integer becomes a float by a subtraction.
    const WHOLE: u64 = 0x4330_0000_0000_0000;
    const WHOLE_AND_BIAS: f64 = 4_503_599_627_370_496.0 + 1023.0;
    for x in column {
        let bits = (1.0 - *x).to_bits() + SHIFT;
        let exponent = f64::from_bits((bits >> 52) | WHOLE) - WHOLE_AND_BIAS;
        let m = f64::from_bits((bits & MANTISSA) + LOW);
        let s = (m - 1.0) / (m + 1.0);
        let z = s * s;
        let series = 1.0 / 19.0;
        let series = series * z + 1.0 / 17.0;
        let series = series * z + 1.0 / 15.0;
        let series = series * z + 1.0 / 13.0;
        let series = series * z + 1.0 / 11.0;
        let series = series * z + 1.0 / 9.0;
        let series = series * z + 1.0 / 7.0;
        let series = series * z + 1.0 / 5.0;
        let series = series * z + 1.0 / 3.0;
        let series = series * z + 1.0;
        *x = -(exponent * std::f64::consts::LN_2 + 2.0 * s * series);
    }
}

/// Returns a gamma variate of this shape and scale 1 (Marsaglia & Tsang 2000; below 1 their section 6).
///
/// Written here rather than taken from a crate so that a release of that crate cannot change the draws of a seed.
fn gamma(shape: f64, stream: &mut RandomStream) -> f64 {
    if shape < 1.0 {
        // A lone uniform of 0 must not make all weights 0.
        return gamma(shape + 1.0, stream) * (1.0 - stream.uniform()).powf(1.0 / shape).max(1e-300);
    }
    let d = shape - 1.0 / 3.0;
    let c = 1.0 / (9.0 * d).sqrt();
    loop {
        let x = normal(stream);
        let v = (1.0 + c * x).powi(3);
        if v <= 0.0 {
            continue;
        }
        let u = 1.0 - stream.uniform();
        // What lies below the first bound lies below the second, which takes two logarithms.
        if u < 1.0 - 0.0331 * (x * x) * (x * x) || u.ln() < 0.5 * x * x + d - d * v + d * v.ln() {
            return d * v;
        }
    }
}

/// A standard normal variate, by the polar method (Marsaglia & Bray 1964).
fn normal(stream: &mut RandomStream) -> f64 {
    loop {
        let (x, y) = (2.0 * stream.uniform() - 1.0, 2.0 * stream.uniform() - 1.0);
        let square = x * x + y * y;
        if square > 0.0 && square < 1.0 {
            return x * (-2.0 * square.ln() / square).sqrt();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::eval::BLOCK;

    /// Mean and standard deviation of each weight over 200 blocks.
    fn moments(space: &WeightSpace) -> Vec<(f64, f64)> {
        let k = space.criteria();
        let (mut sums, mut squares) = (vec![0.0; k], vec![0.0; k]);
        let mut out = vec![0.0; k * BLOCK];
        let blocks = 200;
        for block in 0..blocks {
            space.fill(5, block, BLOCK, &mut out);
            for (at, column) in out.chunks(BLOCK).enumerate() {
                sums[at] += column.iter().sum::<f64>();
                squares[at] += column.iter().map(|w| w * w).sum::<f64>();
            }
            for lane in 0..BLOCK {
                let sum: f64 = (0..k).map(|at| out[at * BLOCK + lane]).sum();
                assert!((sum - 1.0).abs() < 1e-12, "weights sum to {sum}");
            }
        }
        let n = (blocks * BLOCK) as f64;
        sums.iter()
            .zip(&squares)
            .map(|(s, q)| (s / n, (q / n - (s / n).powi(2)).sqrt()))
            .collect()
    }

    #[test]
    fn column_exponentials_are_logarithms() {
        let mut column: Vec<f64> = (0..1000)
            .map(|i| f64::from(i) / 1000.0)
            .chain([1e-16, 1e-9, 1.0 - 1e-16])
            .collect();
        let uniforms = column.clone();
        exponentials(&mut column);
        for (u, e) in uniforms.iter().zip(column) {
            let exact = -(1.0 - u).ln();
            assert!(
                (e - exact).abs() <= 1e-15 * exact,
                "{u}: {e} is not {exact}"
            );
        }
    }

    /// Of a flat Dirichlet of `m`: mean 1/m, variance (m - 1) / (m^2 (m + 1)).
    #[test]
    fn uniform_weights_have_the_moments_of_a_flat_dirichlet() {
        let space = WeightSpace::uniform(&[0.1; 8]);
        let sd = (7.0_f64 / (64.0 * 9.0)).sqrt();
        for (mean, spread) in moments(&space) {
            assert!(
                (mean - 0.125).abs() < 0.002 && (spread - sd).abs() < 0.002,
                "{mean} {spread}"
            );
        }
    }

    #[test]
    fn near_weights_have_the_declared_mean_and_the_stated_spread() {
        let shares = [0.5, 0.3, 0.15, 0.05, 0.0];
        for s in [0.1, 0.2, 0.8] {
            let space = WeightSpace::near(&shares, s).expect("a legal spread");
            for (share, (mean, spread)) in shares.iter().zip(moments(&space)) {
                let sd = s * (share * (1.0 - share) / 3.0).sqrt();
                assert!(
                    (mean - share).abs() < 0.02 * sd + 1e-12 && (spread - sd).abs() <= 0.02 * sd,
                    "{share}: {mean} {spread}, not {sd}"
                );
            }
        }
        assert!(
            WeightSpace::near(&shares, 0.0).is_err() && WeightSpace::near(&shares, 9.0).is_err()
        );
    }

    /// The mean of the ordered simplex is the rank order centroid (Barron & Barrett 1996).
    #[test]
    fn ordered_weights_have_the_rank_order_centroid_as_their_mean() {
        use crate::weighting::rank_order::{RankOrderFormula, weights};
        let names: Vec<String> = (0..4).map(|k| k.to_string()).collect();
        let centroid = weights(RankOrderFormula::Centroid, &names).expect("a legal order");
        let exact = WeightSpace::constrained(&[0.25; 4], &[Constraint::Order(vec![0, 1, 2, 3])])
            .expect("a chain");
        // The same chain in two halves that overlap is not seen to be one and goes through hit-and-run.
        let halves = [
            Constraint::Order(vec![0, 1, 2]),
            Constraint::Order(vec![2, 3]),
        ];
        let walked = WeightSpace::constrained(&[0.25; 4], &halves).expect("two chains");
        assert!(
            matches!(exact.shape, SpaceShape::Chain(_))
                && matches!(walked.shape, SpaceShape::Polytope(_))
        );
        for (space, tolerance) in [(exact, 0.002), (walked, 0.005)] {
            for ((_, share), (mean, _)) in centroid.weights.iter().zip(moments(&space)) {
                assert!((mean - share).abs() < tolerance, "{mean} is not {share}");
            }
        }
    }

    /// Three weights, the first between 0.2 and 0.4: its density is proportional to what is left for the others, `1 - w`, so its
    /// mean is the integral of `w (1 - w)` over that of `1 - w`.
    #[test]
    fn an_interval_cuts_the_simplex() {
        let cut = Constraint::Interval {
            criterion: 0,
            low: 0.2,
            high: 0.4,
        };
        let space = WeightSpace::constrained(&[0.3, 0.3, 0.4], &[cut]).expect("there is room");
        let integral = |f: fn(f64) -> f64| f(0.4) - f(0.2);
        let mean = integral(|w| w * w / 2.0 - w.powi(3) / 3.0) / integral(|w| w - w * w / 2.0);
        let found = moments(&space);
        assert!(
            (found[0].0 - mean).abs() < 0.001,
            "{} is not {mean}",
            found[0].0
        );
        assert!((found[1].0 - found[2].0).abs() < 0.005);
    }

    #[test]
    fn constraints_without_room_are_refused_and_a_single_point_is_found() {
        let interval = |criterion, low, high| Constraint::Interval {
            criterion,
            low,
            high,
        };
        let shares = [0.5, 0.3, 0.2];
        let cases = [
            vec![interval(0, 0.7, 1.0), interval(1, 0.5, 1.0)],
            vec![
                Constraint::Order(vec![0, 1]),
                Constraint::Order(vec![1, 0]),
                interval(2, 0.0, 0.5),
            ],
            vec![interval(0, 0.4, 0.2)],
            vec![Constraint::Order(vec![0, 0])],
        ];
        for case in cases {
            assert!(
                WeightSpace::constrained(&shares, &case).is_err(),
                "{case:?}"
            );
        }
        let fixed =
            WeightSpace::constrained(&shares, &[interval(0, 0.5, 0.5), interval(1, 0.2, 0.2)])
                .expect("one point");
        assert!(fixed.is_point());
        assert!((moments(&fixed)[2].0 - 0.3).abs() < 1e-9);
    }

    #[test]
    fn a_criterion_without_weight_stays_without() {
        let found = moments(&WeightSpace::uniform(&[0.5, 0.0, 0.5]));
        assert_eq!(found[1], (0.0, 0.0));
        let named = WeightSpace::constrained(&[0.5, 0.0, 0.5], &[Constraint::Order(vec![0, 1])])
            .expect("a chain");
        assert!(moments(&named)[1].0 > 0.1);
    }
}
