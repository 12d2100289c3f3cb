//! Counting places, duels and winning weights over columns of scores.

use super::Acceptability;

/// The score of a candidate that is out in a sample: below every other, and equal among its like.
pub(super) const OUT: f64 = -1e300;

/// Scores closer than this share of a block's largest are the same score, as in [`crate::rank::ranks`].
const TIE: f64 = 1e-12;

/// Lanes that are compared together.
const WIDE: usize = 8;

/// Sums over samples.
pub(super) struct Tally {
    n: usize,
    criteria: usize,
    /// Samples in which somebody was ranked.
    decided: f64,
    /// `places[i * n + r]`
    places: Vec<f64>,
    /// `duels[i * n + j]`: how often `i` came before `j`, halves for ties.
    duels: Vec<f64>,
    /// Sums of the weights in samples that a candidate won.
    weights: Vec<f64>,
    /// Samples that a candidate won.
    pub(super) first: Vec<f64>,
    /// Samples in which it could have, for the confidence factors.
    pub(super) tried: Vec<f64>,
    /// A key of the ranking in each sample.
    rankings: Vec<u64>,
    above: Vec<f64>,
}

impl Tally {
    pub(super) fn new(n: usize, criteria: usize) -> Self {
        Self {
            n,
            criteria,
            decided: 0.0,
            places: vec![0.0; n * n],
            duels: vec![0.0; n * n],
            weights: vec![0.0; n * criteria],
            first: vec![0.0; n],
            tried: vec![0.0; n],
            rankings: Vec::new(),
            above: vec![0.0; n.max(2) * crate::eval::BLOCK],
        }
    }

    pub(super) fn join(&mut self, other: Self) {
        let add = |a: &mut [f64], b: &[f64]| a.iter_mut().zip(b).for_each(|(a, b)| *a += b);
        self.decided += other.decided;
        add(&mut self.places, &other.places);
        add(&mut self.duels, &other.duels);
        add(&mut self.weights, &other.weights);
        add(&mut self.first, &other.first);
        self.rankings.extend(other.rankings);
    }

    /// Counts one block: `scores[i * lanes..][..lanes]` and `weights[k * lanes..][..lanes]`.
    pub(super) fn add(&mut self, scores: &mut [f64], weights: &[f64], lanes: usize) {
        let n = self.n;
        if n == 0 {
            return;
        }
        let (tie, out) = steady(scores, lanes);
        self.above[..n * lanes].fill(0.0);
        for i in 0..n {
            let (before, after) = self.above.split_at_mut((i + 1) * lanes);
            let own = &mut before[i * lanes..];
            for j in i + 1..n {
                let other = &mut after[(j - i - 1) * lanes..][..lanes];
                let (won, lost) = duel(&scores[i * lanes..][..lanes], &scores[j * lanes..][..lanes], tie, own, other);
                let half = (lanes as f64 - won - lost - out) / 2.0;
                self.duels[i * n + j] += won + half;
                self.duels[j * n + i] += lost + half;
            }
        }
        self.decided += lanes as f64 - out;
        // Without ties the numbers of candidates above each add up to 0 + 1 + ... + (n - 1).
        let all = (n * n.saturating_sub(1) / 2) as f64;
        for lane in 0..lanes {
            let (mut sum, mut key, mut winner) = (0.0, 0_u64, 0);
            for i in 0..n {
                let above = self.above[i * lanes + lane];
                sum += above;
                // Up to 16 candidates the key is the ranking itself; beyond, keys of different rankings hardly ever meet.
                key = if n <= 16 { key << 4 } else { key.wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(23) } ^ above as u64;
                winner = if above == 0.0 { i } else { winner };
            }
            if sum < all || n == 1 {
                self.shared(scores, weights, lanes, lane, tie, key);
                continue;
            }
            for i in 0..n {
                self.places[i * n + self.above[i * lanes + lane] as usize] += 1.0;
            }
            self.first[winner] += 1.0;
            self.rankings.push(key);
            for (k, sum) in self.weights[winner * self.criteria..][..self.criteria].iter_mut().enumerate() {
                *sum += weights[k * lanes + lane];
            }
        }
    }

    /// A sample with ties: equals share the places they cover.
    #[cold]
    fn shared(&mut self, scores: &[f64], weights: &[f64], lanes: usize, lane: usize, tie: f64, key: u64) {
        let (n, score) = (self.n, |i: usize| scores[i * lanes + lane]);
        let mut order: Vec<usize> = (0..n).collect();
        order.sort_by(|&a, &b| score(b).total_cmp(&score(a)));
        let Some(&best) = order.first().filter(|&&best| score(best) > OUT) else { return };
        self.rankings.push(key);
        let mut start = 0;
        while start < n {
            let head = score(order[start]);
            let size = order[start..].iter().take_while(|&&i| head - score(i) <= tie).count();
            let part = 1.0 / size as f64;
            for &i in &order[start..start + size] {
                self.places[i * n + start..][..size].iter_mut().for_each(|place| *place += part);
            }
            start += size;
        }
        let winners: Vec<usize> = order.iter().copied().take_while(|&i| score(best) - score(i) <= tie).collect();
        let part = 1.0 / winners.len() as f64;
        for winner in winners {
            self.first[winner] += part;
            for (k, sum) in self.weights[winner * self.criteria..][..self.criteria].iter_mut().enumerate() {
                *sum += part * weights[k * lanes + lane];
            }
        }
    }

    /// Counts how often `i` wins in one block.
    pub(super) fn won(&mut self, i: usize, scores: &mut [f64], lanes: usize) {
        let (tie, out) = steady(scores, lanes);
        self.tried[i] += lanes as f64 - out;
        // How many have a better score, and how many the same.
        let (better, same) = self.above[..2 * lanes].split_at_mut(lanes);
        better.fill(0.0);
        same.fill(0.0);
        let own = &scores[i * lanes..][..lanes];
        for other in scores.chunks_exact(lanes) {
            for ((better, same), (own, other)) in better.iter_mut().zip(&mut *same).zip(own.iter().zip(other)) {
                let lead = own - other;
                *better += if lead < -tie { 1.0 } else { 0.0 };
                *same += if lead.abs() <= tie { 1.0 } else { 0.0 };
            }
        }
        for ((better, same), own) in better.iter().zip(&*same).zip(own) {
            self.first[i] += if *better == 0.0 && *own > OUT { 1.0 / same } else { 0.0 };
        }
    }

    /// The mean weights of the samples that each candidate won.
    pub(super) fn central(&self) -> Vec<Option<Vec<f64>>> {
        let mean = |i: usize| {
            let sums = &self.weights[i * self.criteria..][..self.criteria];
            (self.first[i] > 0.0).then(|| sums.iter().map(|sum| sum / self.first[i]).collect())
        };
        (0..self.n).map(mean).collect()
    }

    pub(super) fn figures(
        mut self,
        candidates: Vec<usize>,
        samples: usize,
        seed: u64,
        central: Vec<Option<Vec<f64>>>,
        confidence: Vec<Option<f64>>,
    ) -> Acceptability {
        let (n, decided) = (self.n, self.decided);
        let share = |x: f64| if decided > 0.0 { x / decided } else { 0.0 };
        let rows = if decided > 0.0 { n } else { 0 };
        self.rankings.sort_unstable();
        let repeats = self.rankings.chunk_by(|a, b| a == b).map(|same| share(same.len() as f64));
        Acceptability {
            samples,
            decided: decided as usize,
            seed,
            rank: (0..rows).map(|i| self.places[i * n..][..n].iter().map(|&x| share(x)).collect()).collect(),
            central,
            confidence,
            winning: (0..rows).map(|i| (0..n).map(|j| (i != j).then(|| share(self.duels[i * n + j]))).collect()).collect(),
            ranking_entropy: entropy(repeats),
            choice_entropy: entropy(self.first.iter().map(|&x| share(x))),
            candidates,
        }
    }
}

/// `-sum p log2 p`, bits.
fn entropy(shares: impl Iterator<Item = f64>) -> f64 {
    shares.filter(|&p| p > 0.0).map(|p| -p * p.log2()).sum::<f64>().max(0.0)
}

/// Puts missing scores last; the width of a tie and the number of lanes in which nobody is ranked.
fn steady(scores: &mut [f64], lanes: usize) -> (f64, f64) {
    let mut largest = 0.0_f64;
    for score in scores.iter_mut() {
        *score = if score.is_nan() { OUT } else { *score };
        let size = if *score > OUT { score.abs() } else { 0.0 };
        largest = if size > largest { size } else { largest };
    }
    let mut out = 0.0;
    if scores.contains(&OUT) {
        out = (0..lanes).filter(|lane| scores.iter().skip(*lane).step_by(lanes).all(|&s| s == OUT)).count() as f64;
    }
    (TIE * largest, out)
}

/// Compares two candidates lane by lane: how often the first came before the second and after it; `above` gains 1 where the
/// other one did.
fn duel(a: &[f64], b: &[f64], tie: f64, above_a: &mut [f64], above_b: &mut [f64]) -> (f64, f64) {
    let (mut won, mut lost) = ([0.0; WIDE], [0.0; WIDE]);
    let whole = a.len() / WIDE * WIDE;
    let mut at = 0;
    while at < whole {
        let (a, b): (&[f64; WIDE], &[f64; WIDE]) = (wide(&a[at..]), wide(&b[at..]));
        let above_a = &mut above_a[at..at + WIDE];
        let above_b = &mut above_b[at..at + WIDE];
        for lane in 0..WIDE {
            let lead = a[lane] - b[lane];
            let first = if lead > tie { 1.0 } else { 0.0 };
            let second = if lead < -tie { 1.0 } else { 0.0 };
            won[lane] += first;
            lost[lane] += second;
            above_b[lane] += first;
            above_a[lane] += second;
        }
        at += WIDE;
    }
    for lane in whole..a.len() {
        let lead = a[lane] - b[lane];
        let (first, second) = (f64::from(u8::from(lead > tie)), f64::from(u8::from(lead < -tie)));
        won[0] += first;
        lost[0] += second;
        above_b[lane] += first;
        above_a[lane] += second;
    }
    (won.iter().sum(), lost.iter().sum())
}

fn wide(lanes: &[f64]) -> &[f64; WIDE] {
    lanes[..WIDE].try_into().expect("as many as are asked for")
}
