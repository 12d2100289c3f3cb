//! Monte Carlo draws: xoshiro256++ streams seeded by name and block, mapped to values by the quantile function.
//!
//! Generator: Blackman, D., Vigna, S. (2021), "Scrambled linear pseudorandom number generators", ACM TOMS 47(4).

use rand::rngs::Xoshiro256PlusPlus;
use rand::{Rng, SeedableRng};

use super::distribution::Distribution;

/// Cells of a quantile table. Inverting a Beta distribution takes at least 90 ns per draw, a lookup 3 ns.
const CELLS: usize = 1024;

/// Returns the seed of one name in a run: different names get independent random streams.
#[must_use]
pub fn seed_for(seed: u64, name: &str) -> u64 {
    // FNV-1a over the name: stable between versions and systems, unlike the standard library's hasher.
    let hash = name.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |h, b| {
        (h ^ u64::from(b)).wrapping_mul(0x0100_0000_01b3)
    });
    hash ^ seed.wrapping_mul(0x9e37_79b9_7f4a_7c15)
}

/// A stream of random numbers for one name in one block.
pub struct RandomStream(Xoshiro256PlusPlus);

impl RandomStream {
    /// Creates the stream of a name in a block; the same arguments always give the same numbers.
    #[must_use]
    pub fn new(seed: u64, name: &str, block: usize) -> Self {
        let mixed = seed_for(seed, name) ^ (block as u64).wrapping_mul(0xd1b5_4a32_d192_ed03);
        Self(Xoshiro256PlusPlus::seed_from_u64(mixed))
    }

    /// Returns a uniform number in 0..1 with 53 random bits.
    #[inline]
    pub fn uniform(&mut self) -> f64 {
        (self.0.next_u64() >> 11) as f64 * (1.0 / 9_007_199_254_740_992.0)
    }

    /// Returns a standard exponential number. Several of them, normalised, are uniform on the simplex (Devroye 1986,
    /// chapter 11).
    #[inline]
    pub fn exponential(&mut self) -> f64 {
        -(1.0 - self.uniform()).ln()
    }
}

/// A distribution prepared for sampling.
#[derive(Debug)]
pub struct Sampler {
    distribution: Distribution,
    /// Quantiles at `i / CELLS`, for distributions without a cheap closed form.
    table: Vec<f64>,
    sorted: Vec<(f64, f64)>,
}

impl Sampler {
    /// Prepares a distribution for sampling.
    #[must_use]
    pub fn new(distribution: &Distribution) -> Self {
        let slow = matches!(
            distribution,
            Distribution::Pert { .. }
                | Distribution::Normal { .. }
                | Distribution::LogNormal { .. }
                | Distribution::Beta { .. }
        );
        let table = if slow {
            (1..CELLS)
                .map(|i| distribution.quantile(i as f64 / CELLS as f64))
                .collect()
        } else {
            Vec::new()
        };
        let sorted = if let Distribution::Discrete(points) = distribution {
            points.clone()
        } else {
            Vec::new()
        };
        Self {
            distribution: distribution.clone(),
            table,
            sorted,
        }
    }

    /// Returns the value for a uniform number.
    #[must_use]
    pub fn at(&self, uniform: f64) -> f64 {
        if self.table.is_empty() {
            return self.distribution.quantile(uniform);
        }
        let at = uniform * CELLS as f64;
        let cell = at as usize;
        if cell == 0 || cell >= CELLS - 1 {
            // Linear interpolation is too inaccurate in the tails.
            return self.distribution.quantile(uniform.max(1e-16));
        }
        let (low, high) = (self.table[cell - 1], self.table[cell]);
        low + (high - low) * (at - cell as f64)
    }

    /// Fills a column with the draws of `name` in a block. Repetitions of one group are drawn by round: within a sample, lists of
    /// the same length use the same index, whatever their names. Those without a group have a stream of their own.
    pub fn fill(&self, seed: u64, name: &str, block: usize, out: &mut [f64]) {
        if let Distribution::Samples {
            group,
            values: rounds,
        } = &self.distribution
        {
            let mut stream = match group {
                Some(group) => {
                    let round = format!("round {} of {group}", rounds.len());
                    RandomStream::new(seed, &round, block)
                }
                None => RandomStream::new(seed, name, block),
            };
            for x in out {
                let at = (stream.uniform() * rounds.len() as f64) as usize;
                *x = rounds[at.min(rounds.len() - 1)];
            }
            return;
        }
        let mut stream = RandomStream::new(seed, name, block);
        if !self.sorted.is_empty() {
            for x in out {
                let u = stream.uniform();
                let mut below = 0.0;
                let hit = self.sorted.iter().find(|(_, share)| {
                    below += share;
                    u < below
                });
                *x = hit.or(self.sorted.last()).map_or(0.0, |p| p.0);
            }
            return;
        }
        match self.distribution {
            // Branch-free loops for the common shapes, which vectorise.
            Distribution::Uniform { low, high } => {
                out.iter_mut().for_each(|x| *x = stream.uniform());
                out.iter_mut().for_each(|x| *x = low + *x * (high - low));
            }
            Distribution::Triangular { low, mode, high } if low < high => {
                let width = high - low;
                let turn = (mode - low) / width;
                out.iter_mut().for_each(|x| *x = stream.uniform());
                for x in out {
                    let p = *x;
                    let rises = p < turn;
                    let root = if rises {
                        p * width * (mode - low)
                    } else {
                        (1.0 - p) * width * (high - mode)
                    }
                    .sqrt();
                    *x = if rises { low + root } else { high - root };
                }
            }
            _ => out.iter_mut().for_each(|x| *x = self.at(stream.uniform())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn moments(d: &Distribution) -> (f64, f64) {
        let sampler = Sampler::new(d);
        let mut all = vec![0.0; 200_000];
        for (block, chunk) in all.chunks_mut(256).enumerate() {
            sampler.fill(11, "x", block, chunk);
        }
        let mean = all.iter().sum::<f64>() / all.len() as f64;
        let var = all.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / all.len() as f64;
        (mean, var.sqrt())
    }

    #[test]
    fn draws_have_the_closed_form_mean_and_spread() {
        let cases = [
            (
                Distribution::Uniform {
                    low: 2.0,
                    high: 6.0,
                },
                4.0,
                4.0 / 12_f64.sqrt(),
            ),
            (
                Distribution::Triangular {
                    low: 0.0,
                    mode: 0.0,
                    high: 3.0,
                },
                1.0,
                (9.0_f64 / 18.0).sqrt(),
            ),
            (Distribution::Normal { mean: 5.0, sd: 2.0 }, 5.0, 2.0),
            (
                Distribution::LogNormal {
                    mu: 0.0,
                    sigma: 0.5,
                    scale: 1.0,
                },
                0.125_f64.exp(),
                ((0.25_f64.exp() - 1.0) * 0.25_f64.exp()).sqrt(),
            ),
            (
                Distribution::Beta {
                    a: 20.0,
                    b: 116.0,
                    scale: 1.0,
                },
                20.0 / 136.0,
                (20.0 * 116.0 / (136.0_f64.powi(2) * 137.0)).sqrt(),
            ),
            (
                Distribution::Beta {
                    a: 1.0,
                    b: 135.0,
                    scale: 1.0,
                },
                1.0 / 136.0,
                (135.0 / (136.0_f64.powi(2) * 137.0)).sqrt(),
            ),
            (
                Distribution::Discrete(vec![(0.0, 0.25), (8.0, 0.75)]),
                6.0,
                (64.0 * 0.1875_f64).sqrt(),
            ),
            (Distribution::samples(vec![1.0, 3.0]), 2.0, 1.0),
        ];
        for (d, mean, sd) in cases {
            let (m, s) = moments(&d);
            assert!(
                (m - mean).abs() < 0.01 * sd + 1e-12,
                "{d:?}: mean {m}, expected {mean}"
            );
            assert!(
                (s - sd).abs() < 0.01 * sd,
                "{d:?}: spread {s}, expected {sd}"
            );
        }
    }

    /// The share of samples in which `a` lies below `b`.
    fn below(a: &Distribution, b: &Distribution) -> f64 {
        let (a, b) = (Sampler::new(a), Sampler::new(b));
        let mut won = 0;
        for block in 0..200 {
            let (mut x, mut y) = ([0.0; 256], [0.0; 256]);
            a.fill(3, "a", block, &mut x);
            b.fill(3, "b", block, &mut y);
            won += x.iter().zip(&y).filter(|(x, y)| x < y).count();
        }
        f64::from(u32::try_from(won).expect("few")) / (200.0 * 256.0)
    }

    #[test]
    fn only_samples_of_one_group_share_their_round() {
        let list = |group: Option<&str>, values: &[f64]| Distribution::Samples {
            group: group.map(Into::into),
            values: values.to_vec(),
        };
        let (low, high) = ([1.0, 2.0, 3.0], [1.5, 2.5, 3.5]);
        let together = below(&list(Some("s"), &low), &list(Some("s"), &high));
        assert_eq!(together, 1.0);
        // Of the nine pairs six have the first below the second.
        for (a, b) in [(None, None), (Some("s"), None), (Some("s"), Some("t"))] {
            let apart = below(&list(a, &low), &list(b, &high));
            assert!((apart - 2.0 / 3.0).abs() < 0.01, "{a:?} {b:?}: {apart}");
        }
        // Rounds of different number are not the same rounds: 5 + 4 + 3 of the 18 pairs have the first below the second.
        let longer = below(
            &list(Some("s"), &low),
            &list(Some("s"), &[1.0, 2.0, 3.0, 4.0, 5.0, 6.0]),
        );
        assert!((longer - 12.0 / 18.0).abs() < 0.01, "{longer}");
    }

    #[test]
    fn names_have_independent_streams() {
        let mut a = RandomStream::new(7, "a", 0);
        let mut again = RandomStream::new(7, "a", 0);
        let mut b = RandomStream::new(7, "b", 0);
        let (x, y, z) = (a.uniform(), again.uniform(), b.uniform());
        assert_eq!(x, y);
        assert_ne!(x, z);
    }
}
