//! Counts distinct keys among as many keys as there are samples.
//!
//! Keys are dealt to parts by their hashes and each part is counted in a table small enough for the cache: sorting one key
//! per sample would cost more than drawing the sample.

use rayon::prelude::*;

/// Parts that keys are dealt to, as a power of two.
const PARTS: u32 = 6;

/// Counts each distinct key, the rarest first; the order of the keys does not matter.
pub(super) fn times(keys: &[Vec<u64>]) -> Vec<u64> {
    let mean = keys.iter().map(Vec::len).sum::<usize>() >> PARTS;
    let mut parts: Vec<Vec<u64>> = (0..1 << PARTS)
        .map(|_| Vec::with_capacity(mean + mean / 4))
        .collect();
    for &key in keys.iter().flatten() {
        parts[(hash(key) >> (64 - PARTS)) as usize].push(key);
    }
    let mut times: Vec<u64> = parts
        .into_par_iter()
        .flat_map_iter(|part| CountTable::of(&part).0.into_iter().map(|(_, times)| times))
        .collect();
    times.retain(|&times| times > 0);
    times.sort_unstable();
    times
}

/// Fibonacci hashing (Knuth, TAOCP 3, section 6.4), which separates neighbouring keys.
fn hash(key: u64) -> u64 {
    key.wrapping_mul(0x9e37_79b9_7f4a_7c15)
}

/// Keys with their counts, by open addressing: the size is a power of two, and at least half of the entries have count 0.
struct CountTable(Vec<(u64, u64)>);

impl CountTable {
    fn of(keys: &[u64]) -> Self {
        let mut table = Self(vec![(0, 0); 64]);
        let mut used = 0;
        for &key in keys {
            used += usize::from(table.add(key, 1));
            if 2 * used >= table.0.len() {
                let room = vec![(0, 0); 4 * table.0.len()];
                for (key, times) in std::mem::replace(&mut table.0, room)
                    .into_iter()
                    .filter(|&(_, times)| times > 0)
                {
                    table.add(key, times);
                }
            }
        }
        table
    }

    /// Adds to the count of a key; returns whether the key is new.
    fn add(&mut self, key: u64, times: u64) -> bool {
        let last = self.0.len() - 1;
        let mut at = (hash(key) >> 32) as usize & last;
        loop {
            let (known, count) = &mut self.0[at];
            if *count == 0 || *known == key {
                let new = *count == 0;
                (*known, *count) = (key, *count + times);
                return new;
            }
            at = (at + 1) & last;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::times;

    /// Squares modulo a prime: 0 comes once in a period, each of the 498 others twice.
    #[test]
    fn keys_are_counted() {
        let keys: Vec<u64> = (0..3 * 997_u64).map(|i| i * i % 997).collect();
        let found = times(&[keys[..1000].to_vec(), keys[1000..].to_vec()]);
        assert_eq!(found.len(), 499);
        assert_eq!((found[0], found[1], found[498]), (3, 6, 6));
    }

    #[test]
    fn many_different_keys_are_counted_once_each() {
        let keys: Vec<u64> = (0..50_000).collect();
        assert_eq!(times(&[keys]), vec![1; 50_000]);
        assert!(times(&[]).is_empty());
    }
}
