//! What is in every database before the first request: the same rows, events and accounts. An adapter writes the accounts
//! last, so that a database with all of them is seeded.

use crate::database::Event;

pub const ROWS: i64 = 100_000;
pub const USERS: i64 = 1000;
/// The last seeded day: the contract's today.
pub const TODAY: i64 = 60;
pub const ACCOUNTS: i64 = 1000;
pub const BALANCE: i64 = 1000;

/// Keys and values of all rows.
pub fn rows() -> impl Iterator<Item = (i64, String)> {
    (1..=ROWS).map(|key| (key, value(key)))
}

/// 1 KB of hexadecimal digits that no compression halves twice: a database that compresses does what it does to real data.
fn value(key: i64) -> String {
    // SplitMix64 (Steele, Lea, Flood 2014) with the key as its seed.
    let mut state = key.unsigned_abs();
    let word = |_| {
        state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = state;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        format!("{:016x}", z ^ (z >> 31))
    };
    (0..64).map(word).collect()
}

/// One event of 10 on each day of each user.
pub fn events() -> impl Iterator<Item = Event> {
    let of_user = |user_id| (1..=TODAY).map(move |day| Event { user_id, day, amount: 10, note: "seeded".to_owned() });
    (1..=USERS).flat_map(of_user)
}

/// Ids of all accounts, each with [`BALANCE`].
pub fn accounts() -> impl Iterator<Item = i64> {
    1..=ACCOUNTS
}
