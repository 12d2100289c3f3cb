//! Counting places, duels and winning weights over columns of scores.
//!
//! Up to [`PACKED`] candidates the ranking of a sample fits in one integer, four bits a place. The inner loop then only makes
//! that integer; places and duels are counted once for each *different* ranking at the end, and there are far fewer of those.

use super::Acceptability;

/// Most candidates whose ranking fits in 64 bits.
const PACKED: usize = 16;

/// The score of a candidate that is out in a sample: below every other, and equal among its like.
pub(in crate::analysis) const OUT: f64 = -1e300;

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
    /// `duels[i * n + j]` for `i < j`: how often `i` came before `j`, halves for ties.
    duels: Vec<f64>,
    /// Sums of the weights in samples that a candidate won.
    weights: Vec<f64>,
    /// Samples that a candidate won.
    pub(super) first: Vec<f64>,
    /// Samples in which it could have, for the confidence factors.
    pub(super) tried: Vec<f64>,
    /// The ranking of each sample without ties, packed; beyond [`PACKED`] candidates a key of it.
    rankings: Vec<u64>,
    /// Those of samples with ties, which share places.
    tied: Vec<u64>,
    /// Rankings without ties, sorted, each with how often it came.
    different: Vec<(u64, f64)>,
    /// Of each lane the packed ranking and the number of rivals ahead over all candidates.
    keys: Vec<u64>,
    sums: Vec<u64>,
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
            tied: Vec::new(),
            different: Vec::new(),
            keys: vec![0; crate::eval::BLOCK],
            sums: vec![0; crate::eval::BLOCK],
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
        self.different.extend(other.different);
        self.tied.extend(other.tied);
    }

    /// Counts one block: `scores[i * lanes..][..lanes]` and `weights[k * lanes..][..lanes]`.
    pub(super) fn add(&mut self, scores: &mut [f64], weights: &[f64], lanes: usize) {
        if self.n == 0 {
            return;
        }
        let (tie, out) = steady(scores, lanes);
        self.decided += lanes as f64 - out;
        if self.n <= PACKED {
            self.pack(scores, lanes, tie);
        } else {
            self.duel_all(scores, lanes, tie);
        }
        // Without ties the numbers of candidates ahead add up to 0 + 1 + ... + (n - 1).
        let all = (self.n * (self.n - 1) / 2) as u64;
        for lane in 0..lanes {
            let key = self.keys[lane];
            if self.sums[lane] < all || self.n == 1 {
                self.shared(scores, weights, lanes, lane, tie, key);
                continue;
            }
            let winner = if self.n <= PACKED {
                first_of(key, self.n)
            } else {
                for i in 0..self.n {
                    self.places[i * self.n + self.above[i * lanes + lane] as usize] += 1.0;
                }
                (0..self.n).find(|&i| self.above[i * lanes + lane] == 0.0).expect("without ties somebody is first")
            };
            self.rankings.push(key);
            self.first[winner] += 1.0;
            for (sum, weights) in self.weights[winner * self.criteria..][..self.criteria].iter_mut().zip(weights.chunks_exact(lanes)) {
                *sum += weights[lane];
            }
        }
    }

    /// Packs the ranking of each lane.
    fn pack(&mut self, scores: &[f64], lanes: usize, tie: f64) {
        let whole = lanes / WIDE * WIDE;
        for at in (0..whole).step_by(WIDE) {
            let (mut keys, mut sums) = ([0_u64; WIDE], [0_u64; WIDE]);
            for own in scores.chunks_exact(lanes) {
                let own = wide(&own[at..]).map(|score| score + tie);
                let mut ahead = [0_u64; WIDE];
                for other in scores.chunks_exact(lanes) {
                    let other = wide(&other[at..]);
                    for lane in 0..WIDE {
                        ahead[lane] += u64::from(other[lane] > own[lane]);
                    }
                }
                for lane in 0..WIDE {
                    keys[lane] = (keys[lane] << 4) | ahead[lane];
                    sums[lane] += ahead[lane];
                }
            }
            self.keys[at..at + WIDE].copy_from_slice(&keys);
            self.sums[at..at + WIDE].copy_from_slice(&sums);
        }
        for lane in whole..lanes {
            (self.keys[lane], self.sums[lane]) = (0, 0);
            for own in scores.chunks_exact(lanes) {
                let ahead = scores.chunks_exact(lanes).filter(|other| other[lane] > own[lane] + tie).count() as u64;
                self.keys[lane] = (self.keys[lane] << 4) | ahead;
                self.sums[lane] += ahead;
            }
        }
    }

    /// Compares all pairs where rankings do not fit in one integer.
    fn duel_all(&mut self, scores: &[f64], lanes: usize, tie: f64) {
        let n = self.n;
        self.above[..n * lanes].fill(0.0);
        for i in 0..n {
            let (before, after) = self.above.split_at_mut((i + 1) * lanes);
            let own = &mut before[i * lanes..];
            for j in i + 1..n {
                let other = &mut after[(j - i - 1) * lanes..][..lanes];
                self.duels[i * n + j] += duel(&scores[i * lanes..][..lanes], &scores[j * lanes..][..lanes], tie, own, other);
            }
        }
        self.keys[..lanes].fill(0);
        self.sums[..lanes].fill(0);
        for own in self.above[..n * lanes].chunks_exact(lanes) {
            for ((key, sum), above) in self.keys.iter_mut().zip(&mut self.sums).zip(own) {
                // Keys of different rankings hardly ever meet.
                *key = key.wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(23) ^ *above as u64;
                *sum += *above as u64;
            }
        }
    }

    /// Gathers equal rankings and counts their places and duels: once a tally is full, by a thread of its own.
    pub(super) fn settle(&mut self) {
        self.rankings.sort_unstable();
        self.different = self.rankings.chunk_by(|a, b| a == b).map(|same| (same[0], same.len() as f64)).collect();
        self.rankings = Vec::new();
        if self.n <= PACKED {
            for &(key, count) in &self.different {
                unpack(key, count, self.n, &mut self.places, &mut self.duels);
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
        // A key that stands for no packed ranking, so that places are not counted twice.
        self.tied.push(key);
        for i in 0..n {
            for j in i + 1..n {
                let lead = score(i) - score(j);
                // Beyond the packed sizes the winners of duels are counted already.
                let won = if lead.abs() <= tie {
                    0.5
                } else if n <= PACKED && lead > tie {
                    1.0
                } else {
                    0.0
                };
                self.duels[i * n + j] += won;
            }
        }
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
        // The tallies' rankings are sorted runs one after the other, which a stable sort merges.
        self.different.sort_by_key(|(key, _)| *key);
        let same = self.different.chunk_by(|a, b| a.0 == b.0);
        let mut times: Vec<f64> = same.map(|same| same.iter().map(|(_, count)| count).sum()).collect();
        self.tied.sort_unstable();
        times.extend(self.tied.chunk_by(|a, b| a == b).map(|same| same.len() as f64));
        let share = |x: f64| if decided > 0.0 { x / decided } else { 0.0 };
        let rows = if decided > 0.0 { n } else { 0 };
        // Of a pair only the first one's duels are counted; the rest are the other's.
        let before = |i: usize, j: usize| if i < j { share(self.duels[i * n + j]) } else { 1.0 - share(self.duels[j * n + i]) };
        Acceptability {
            samples,
            decided: decided as usize,
            seed,
            rank: (0..rows).map(|i| self.places[i * n..][..n].iter().map(|&x| share(x)).collect()).collect(),
            central,
            confidence,
            winning: (0..rows).map(|i| (0..n).map(|j| (i != j).then(|| before(i, j))).collect()).collect(),
            ranking_entropy: entropy(times.into_iter().map(share)),
            choice_entropy: entropy(self.first.iter().map(|&x| share(x))),
            candidates,
        }
    }
}

/// Who is first in a packed ranking: the place of the four bits that are 0.
fn first_of(key: u64, n: usize) -> usize {
    (0..n).find(|&i| (key >> (4 * (n - 1 - i))) & 15 == 0).expect("without ties somebody is first")
}

/// Counts the places and duels of a packed ranking that came `count` times.
fn unpack(key: u64, count: f64, n: usize, places: &mut [f64], duels: &mut [f64]) {
    let mut ranks = [0_usize; PACKED];
    for (i, rank) in ranks[..n].iter_mut().enumerate() {
        *rank = (key >> (4 * (n - 1 - i))) as usize & 15;
        places[i * n + *rank] += count;
    }
    for i in 0..n {
        for j in i + 1..n {
            duels[i * n + j] += if ranks[i] < ranks[j] { count } else { 0.0 };
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

/// Compares two candidates lane by lane: how often the first came before the second; `above` gains 1 where the other one did.
fn duel(a: &[f64], b: &[f64], tie: f64, above_a: &mut [f64], above_b: &mut [f64]) -> f64 {
    let mut won = [0.0; WIDE];
    let count = |lead: f64, above_a: &mut f64, above_b: &mut f64, won: &mut f64| {
        let first = if lead > tie { 1.0 } else { 0.0 };
        *won += first;
        *above_b += first;
        *above_a += if lead < -tie { 1.0 } else { 0.0 };
    };
    let whole = a.len() / WIDE * WIDE;
    for at in (0..whole).step_by(WIDE) {
        let (a, b) = (wide(&a[at..]), wide(&b[at..]));
        let (above_a, above_b) = (&mut above_a[at..at + WIDE], &mut above_b[at..at + WIDE]);
        for lane in 0..WIDE {
            count(a[lane] - b[lane], &mut above_a[lane], &mut above_b[lane], &mut won[lane]);
        }
    }
    for lane in whole..a.len() {
        count(a[lane] - b[lane], &mut above_a[lane], &mut above_b[lane], &mut won[0]);
    }
    won.iter().sum()
}

fn wide(lanes: &[f64]) -> &[f64; WIDE] {
    lanes[..WIDE].try_into().expect("as many as are asked for")
}
