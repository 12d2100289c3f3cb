//! Measures of agreement between rankings.

/// Returns Kendall's tau-b between two rankings of the same candidates: 1 for the same order, -1 for the reverse, corrected
/// for ties. `None` if it is undefined: fewer than two candidates, or a ranking in which all tie.
///
/// `(C - D) / sqrt((P - T_a)(P - T_b))` over `P = n (n - 1) / 2` pairs, with `C` pairs in the same order, `D` in opposite
/// order and `T` tied. Kendall, M. G. (1945). The treatment of ties in ranking problems. Biometrika 33(3), 239-251.
///
/// ```
/// use weigh_engine::rank::agreement::tau_b;
/// assert_eq!(tau_b(&[1, 2, 3], &[1, 2, 3]), Some(1.0));
/// assert_eq!(tau_b(&[1, 2, 3], &[3, 2, 1]), Some(-1.0));
/// assert_eq!(tau_b(&[1, 1, 1], &[1, 2, 3]), None);
/// ```
///
/// # Panics
/// If the rankings differ in length.
#[must_use]
pub fn tau_b(a: &[usize], b: &[usize]) -> Option<f64> {
    assert_eq!(a.len(), b.len(), "both rankings are of the same candidates");
    let (mut balance, mut ordered_a, mut ordered_b) = (0_i64, 0_i64, 0_i64);
    for i in 0..a.len() {
        for j in 0..i {
            let (in_a, in_b) = (a[i].cmp(&a[j]) as i64, b[i].cmp(&b[j]) as i64);
            balance += in_a * in_b;
            ordered_a += in_a.abs();
            ordered_b += in_b.abs();
        }
    }
    (ordered_a > 0 && ordered_b > 0)
        .then(|| balance as f64 / (ordered_a as f64 * ordered_b as f64).sqrt())
}

/// Returns Kendall's coefficient of concordance W of several rankings of the same candidates, corrected for ties: 1 for full
/// agreement, 0 for equal rank sums. `None` if it is undefined: fewer than two rankings or candidates, or rankings in which
/// all tie.
///
/// `12 S / (m^2 (n^3 - n) - m sum_T)` over mean ranks, with `S` the squared deviations of the `n` rank sums of `m`
/// rankings and `T = sum (t^3 - t)` over groups of `t` ties. Kendall, M. G., Babington Smith, B. (1939). The problem of m
/// rankings. Annals of Mathematical Statistics 10(3), 275-287; ties: Kendall, M. G. (1948). Rank Correlation Methods.
///
/// # Panics
/// If the rankings differ in length.
#[must_use]
pub fn kendall_w(rankings: &[Vec<usize>]) -> Option<f64> {
    let n = rankings.first()?.len();
    if rankings.len() < 2 || n < 2 {
        return None;
    }
    let m = rankings.len() as f64;
    let mut sums = vec![0.0; n];
    let mut ties = 0.0;
    for ranking in rankings {
        assert_eq!(ranking.len(), n, "all rankings are of the same candidates");
        let (mean_ranks, tie) = mean_ranks(ranking);
        ties += tie;
        for (sum, rank) in sums.iter_mut().zip(mean_ranks) {
            *sum += rank;
        }
    }
    let n = n as f64;
    let mean = m * (n + 1.0) / 2.0;
    let squares: f64 = sums.iter().map(|sum| (sum - mean).powi(2)).sum();
    let largest = m * m * (n.powi(3) - n) - m * ties;
    (largest > 0.0).then(|| 12.0 * squares / largest)
}

/// Returns mid-ranks (ties share the mean of their ranks) and `sum (t^3 - t)` over the groups of ties.
fn mean_ranks(ranking: &[usize]) -> (Vec<f64>, f64) {
    let mut order: Vec<usize> = (0..ranking.len()).collect();
    order.sort_by_key(|&i| ranking[i]);
    let mut ranks = vec![0.0; ranking.len()];
    let (mut ties, mut start) = (0.0, 0);
    for group in order.chunk_by(|&i, &j| ranking[i] == ranking[j]) {
        let size = group.len() as f64;
        for &i in group {
            ranks[i] = start as f64 + (size + 1.0) / 2.0;
        }
        ties += size.powi(3) - size;
        start += group.len();
    }
    (ranks, ties)
}
