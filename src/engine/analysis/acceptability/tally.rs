//! Counting places, duels and winning weights over columns of scores.
//!
//! All scores of a sample are compared with each other, many samples at once: the number of candidates ahead is the place, and
//! no sorting is needed. Up to [`PACKED`] candidates these numbers are kept as columns of bytes, in which places and duels are
//! counted a register at a time, and a sample's ranking is one integer, four bits per place.

use super::super::lanes::{WIDE, dispatch, level, wide};
use super::Acceptability;
use super::census;
use crate::eval::BLOCK;

/// Limit on the candidates whose ranking, four bits per place, fits in the 53 bits of a float's whole numbers: 16 to the power 13 is 2^52.
const PACKED: usize = 13;

/// The score of a candidate that is out in a sample: below every other, and equal to all others that are out.
pub(in crate::analysis) const OUT: f64 = -1e300;

/// Scores closer than this share of a block's largest are the same score, as in [`crate::rank::ranks`].
const TIE: f64 = 1e-12;

/// The place of every candidate in a sample with ties, whose shared places are counted separately.
const SHARED: u8 = u8::MAX;

/// Sums over samples.
pub(super) struct Tally {
    n: usize,
    criteria: usize,
    /// Samples in which a candidate was ranked.
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
    /// The ranking of each sample, packed; beyond [`PACKED`] candidates a key of it.
    rankings: Vec<u64>,
    /// Keys from merged tallies.
    joined: Vec<Vec<u64>>,
    /// Of each lane the ranking's key and the number of rivals ahead over all candidates.
    keys: Vec<u64>,
    sums: Vec<f64>,
    /// The lanes with ties.
    tied: Vec<usize>,
    /// How many are ahead of each candidate in each lane; as bytes up to [`PACKED`] candidates.
    ahead: Vec<u8>,
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
            joined: Vec::new(),
            keys: vec![0; BLOCK],
            sums: vec![0.0; BLOCK],
            tied: Vec::new(),
            ahead: vec![0; if n <= PACKED { n * BLOCK } else { 0 }],
            above: vec![0.0; n.max(2) * BLOCK],
        }
    }

    pub(super) fn join(&mut self, other: Self) {
        let add = |a: &mut [f64], b: &[f64]| a.iter_mut().zip(b).for_each(|(a, b)| *a += b);
        self.decided += other.decided;
        add(&mut self.places, &other.places);
        add(&mut self.duels, &other.duels);
        add(&mut self.weights, &other.weights);
        add(&mut self.first, &other.first);
        self.joined.push(other.rankings);
    }

    /// Counts one block: `scores[i * lanes..][..lanes]` and `weights[k * lanes..][..lanes]`.
    pub(super) fn add(&mut self, scores: &mut [f64], weights: &[f64], lanes: usize) {
        let n = self.n;
        if n == 0 {
            return;
        }
        let (tie, out) = dispatch!(level(), _ => steady(scores, lanes));
        self.decided += lanes as f64 - out;
        if n <= PACKED {
            dispatch!(level(), _ => self.pack(scores, lanes, tie));
        } else {
            dispatch!(level(), _ => self.duel_all(scores, lanes, tie));
        }
        self.tied.clear();
        // Without ties the numbers of candidates ahead add up to 0 + 1 + ... + (n - 1).
        let all = (n * (n - 1) / 2) as f64;
        for lane in 0..lanes {
            let key = self.keys[lane];
            if self.sums[lane] < all || n == 1 {
                self.shared(scores, weights, lanes, lane, tie, key);
                continue;
            }
            let winner = if n <= PACKED {
                first_of(key, n)
            } else {
                for i in 0..n {
                    self.places[i * n + self.above[i * lanes + lane] as usize] += 1.0;
                }
                (0..n)
                    .find(|&i| self.above[i * lanes + lane] == 0.0)
                    .expect("without ties one candidate is first")
            };
            self.rankings.push(key);
            self.first[winner] += 1.0;
            for (sum, weights) in self.weights[winner * self.criteria..][..self.criteria]
                .iter_mut()
                .zip(weights.chunks_exact(lanes))
            {
                *sum += weights[lane];
            }
        }
        if n <= PACKED {
            dispatch!(level(), _ => self.count(lanes));
        }
    }

    /// Packs the ranking of each lane.
    #[inline(always)]
    fn pack(&mut self, scores: &[f64], lanes: usize, tie: f64) {
        let mut tile = [[0.0; WIDE]; PACKED];
        let tile = &mut tile[..self.n];
        for at in (0..lanes).step_by(WIDE) {
            for (tile, own) in tile.iter_mut().zip(scores.chunks_exact(lanes)) {
                match own[at..].first_chunk() {
                    Some(own) => *tile = *own,
                    // The last tile may contain stale lanes; their results are ignored.
                    None => tile
                        .iter_mut()
                        .zip(&own[at..])
                        .for_each(|(tile, own)| *tile = *own),
                }
            }
            let (mut keys, mut sums) = ([0.0; WIDE], [0.0; WIDE]);
            for own in &*tile {
                let reach = own.map(|score| score + tie);
                // Floats throughout: compilers turn a comparison into 1 or 0 of the same width directly.
                let mut ahead = [0.0; WIDE];
                for other in &*tile {
                    for lane in 0..WIDE {
                        ahead[lane] += if other[lane] > reach[lane] { 1.0 } else { 0.0 };
                    }
                }
                for lane in 0..WIDE {
                    keys[lane] = keys[lane] * 16.0 + ahead[lane];
                    sums[lane] += ahead[lane];
                }
            }
            self.keys[at..at + WIDE].copy_from_slice(&keys.map(|key| key as u64));
            self.sums[at..at + WIDE].copy_from_slice(&sums);
        }
    }

    /// Counts the places and duels of the block's lanes without ties.
    #[inline(always)]
    fn count(&mut self, lanes: usize) {
        let n = self.n;
        for (i, places) in self.ahead.chunks_exact_mut(BLOCK).enumerate() {
            let shift = 4 * (n - 1 - i);
            places
                .iter_mut()
                .zip(&self.keys)
                .for_each(|(place, key)| *place = (key >> shift) as u8 & 15);
        }
        for &lane in &self.tied {
            self.ahead
                .iter_mut()
                .skip(lane)
                .step_by(BLOCK)
                .for_each(|place| *place = SHARED);
        }
        let column = |i: usize| &self.ahead[i * BLOCK..][..lanes];
        for i in 0..n {
            for (place, times) in self.places[i * n..][..n].iter_mut().enumerate() {
                *times += how_many(column(i), column(i), |own, _| own == place as u8);
            }
            for j in i + 1..n {
                self.duels[i * n + j] += how_many(column(i), column(j), |own, other| own < other);
            }
        }
    }

    /// Compares all pairs where rankings do not fit in one integer.
    #[inline(always)]
    fn duel_all(&mut self, scores: &[f64], lanes: usize, tie: f64) {
        let n = self.n;
        self.above[..n * lanes].fill(0.0);
        for i in 0..n {
            let (before, after) = self.above.split_at_mut((i + 1) * lanes);
            let own = &mut before[i * lanes..];
            for j in i + 1..n {
                let other = &mut after[(j - i - 1) * lanes..][..lanes];
                self.duels[i * n + j] += duel(
                    &scores[i * lanes..][..lanes],
                    &scores[j * lanes..][..lanes],
                    tie,
                    own,
                    other,
                );
            }
        }
        self.keys[..lanes].fill(0);
        self.sums[..lanes].fill(0.0);
        for own in self.above[..n * lanes].chunks_exact(lanes) {
            for ((key, sum), above) in self.keys.iter_mut().zip(&mut self.sums).zip(own) {
                // Hash collisions of different rankings are very unlikely.
                *key = key.wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(23) ^ *above as u64;
                *sum += *above;
            }
        }
    }

    /// Counts a sample with ties: equal candidates share the places they cover.
    #[cold]
    fn shared(
        &mut self,
        scores: &[f64],
        weights: &[f64],
        lanes: usize,
        lane: usize,
        tie: f64,
        key: u64,
    ) {
        let (n, score) = (self.n, |i: usize| scores[i * lanes + lane]);
        self.tied.push(lane);
        let mut order: Vec<usize> = (0..n).collect();
        order.sort_by(|&a, &b| score(b).total_cmp(&score(a)));
        let Some(&best) = order.first().filter(|&&best| score(best) > OUT) else {
            return;
        };
        self.rankings.push(key);
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
            let size = order[start..]
                .iter()
                .take_while(|&&i| head - score(i) <= tie)
                .count();
            let part = 1.0 / size as f64;
            for &i in &order[start..start + size] {
                self.places[i * n + start..][..size]
                    .iter_mut()
                    .for_each(|place| *place += part);
            }
            start += size;
        }
        let winners: Vec<usize> = order
            .iter()
            .copied()
            .take_while(|&i| score(best) - score(i) <= tie)
            .collect();
        let part = 1.0 / winners.len() as f64;
        for winner in winners {
            self.first[winner] += part;
            for (k, sum) in self.weights[winner * self.criteria..][..self.criteria]
                .iter_mut()
                .enumerate()
            {
                *sum += part * weights[k * lanes + lane];
            }
        }
    }

    /// Counts how often `i` wins in one block.
    pub(super) fn won(&mut self, i: usize, scores: &mut [f64], lanes: usize) {
        let (tie, out) = dispatch!(level(), _ => steady(scores, lanes));
        self.tried[i] += lanes as f64 - out;
        // How many have a better score, and how many the same.
        let (better, same) = self.above[..2 * lanes].split_at_mut(lanes);
        better.fill(0.0);
        same.fill(0.0);
        let own = &scores[i * lanes..][..lanes];
        for other in scores.chunks_exact(lanes) {
            for ((better, same), (own, other)) in
                better.iter_mut().zip(&mut *same).zip(own.iter().zip(other))
            {
                let lead = own - other;
                *better += if lead < -tie { 1.0 } else { 0.0 };
                *same += if lead.abs() <= tie { 1.0 } else { 0.0 };
            }
        }
        for ((better, same), own) in better.iter().zip(&*same).zip(own) {
            self.first[i] += if *better == 0.0 && *own > OUT {
                1.0 / same
            } else {
                0.0
            };
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
        self,
        candidates: Vec<usize>,
        samples: usize,
        seed: u64,
        central: Vec<Option<Vec<f64>>>,
        confidence: Vec<Option<f64>>,
    ) -> Acceptability {
        let (n, decided) = (self.n, self.decided);
        let share = |x: f64| if decided > 0.0 { x / decided } else { 0.0 };
        let rows = if decided > 0.0 { n } else { 0 };
        // Of a pair only the first one's duels are counted; the rest are the other's.
        let before = |i: usize, j: usize| {
            if i < j {
                share(self.duels[i * n + j])
            } else {
                1.0 - share(self.duels[j * n + i])
            }
        };
        Acceptability {
            samples,
            decided: decided as usize,
            seed,
            rank: (0..rows)
                .map(|i| {
                    self.places[i * n..][..n]
                        .iter()
                        .map(|&x| share(x))
                        .collect()
                })
                .collect(),
            central,
            confidence,
            winning: (0..rows)
                .map(|i| (0..n).map(|j| (i != j).then(|| before(i, j))).collect())
                .collect(),
            ranking_entropy: entropy(
                census::times(&self.joined)
                    .chunk_by(|a, b| a == b)
                    .map(|same| (share(same[0] as f64), same.len())),
            ),
            choice_entropy: entropy(self.first.iter().map(|&x| (share(x), 1))),
            candidates,
        }
    }
}

/// The winner of a packed ranking: the last place of four bits that are 0, which for a ranking without ties is the only one
/// among `n`.
fn first_of(key: u64, n: usize) -> usize {
    const ONES: u64 = 0x1111_1111_1111_1111;
    // Taking 1 from a 0 borrows: its highest bit was clear and is set.
    let zeros = key.wrapping_sub(ONES) & !key & (ONES << 3);
    n - 1 - zeros.trailing_zeros() as usize / 4
}

/// Counts the lanes in which two columns satisfy a predicate.
#[inline(always)]
fn how_many(a: &[u8], b: &[u8], test: impl Fn(u8, u8) -> bool) -> f64 {
    /// The largest count of a byte.
    const PART: usize = BLOCK / 2;
    let part = |(a, b): (&[u8], &[u8])| {
        a.iter()
            .zip(b)
            .map(|(&a, &b)| u8::from(test(a, b)))
            .sum::<u8>()
    };
    a.chunks(PART)
        .zip(b.chunks(PART))
        .map(part)
        .map(f64::from)
        .sum()
}

/// `-sum p log2 p`, bits, over shares with their multiplicities.
fn entropy(shares: impl Iterator<Item = (f64, usize)>) -> f64 {
    shares
        .filter(|&(p, _)| p > 0.0)
        .map(|(p, times)| -p * p.log2() * times as f64)
        .sum::<f64>()
        .max(0.0)
}

/// Puts missing scores last; the width of a tie and the number of lanes in which no candidate is ranked.
#[inline(always)]
fn steady(scores: &mut [f64], lanes: usize) -> (f64, f64) {
    // One maximum per lane, because a single running maximum is a dependency chain.
    let (mut largest, mut lowest) = ([0.0_f64; WIDE], [0.0_f64; WIDE]);
    let mut look = |scores: &mut [f64]| {
        for ((score, largest), lowest) in scores.iter_mut().zip(&mut largest).zip(&mut lowest) {
            *score = if score.is_nan() { OUT } else { *score };
            let size = if *score > OUT { score.abs() } else { 0.0 };
            *largest = if size > *largest { size } else { *largest };
            *lowest = if *score < *lowest { *score } else { *lowest };
        }
    };
    let (tiles, rest) = scores.as_chunks_mut::<WIDE>();
    tiles.iter_mut().for_each(|tile| look(tile));
    look(rest);
    let mut out = 0.0;
    if lowest.contains(&OUT) {
        out = (0..lanes)
            .filter(|lane| scores.iter().skip(*lane).step_by(lanes).all(|&s| s == OUT))
            .count() as f64;
    }
    (TIE * largest.into_iter().fold(0.0, f64::max), out)
}

/// Compares two candidates lane by lane: how often the first came before the second; `above` gains 1 where the other one did.
#[inline(always)]
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
            count(
                a[lane] - b[lane],
                &mut above_a[lane],
                &mut above_b[lane],
                &mut won[lane],
            );
        }
    }
    for lane in whole..a.len() {
        count(
            a[lane] - b[lane],
            &mut above_a[lane],
            &mut above_b[lane],
            &mut won[0],
        );
    }
    won.iter().sum()
}
