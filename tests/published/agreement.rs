//! Agreement of rankings against published worked examples. Each test names its source.

use weigh::rank::agreement::{kendall_w, tau_b};

/// Kendall's tau-b of 12, 2, 1, 12, 2 and 1, 4, 7, 1, 0, the example in the documentation of scipy.stats.kendalltau.
#[test]
fn tau_b_with_ties_scipy_documentation() {
    let found = tau_b(&[12, 2, 1, 12, 2], &[1, 4, 7, 1, 0]).expect("neither ranking is all ties");
    assert!((found + 0.471_404_520_791_031_73).abs() < 1e-15, "{found}");
}

/// Siegel, S. (1956). Nonparametric Statistics for the Behavioral Sciences, three executives rank six applicants: W = .16.
#[test]
fn kendall_w_siegel_1956_executives() {
    let rankings = [
        vec![1, 6, 3, 2, 5, 4],
        vec![1, 5, 6, 4, 2, 3],
        vec![6, 3, 2, 5, 4, 1],
    ];
    let w = kendall_w(&rankings).expect("three rankings of six");
    assert!((w - 25.5 / 157.5).abs() < 1e-15, "{w}");
}

/// By hand: mean ranks 1.5, 1.5, 3 twice, and rank sums 3, 3, 6: all agree, so W is 1 once ties are taken out.
#[test]
fn kendall_w_corrects_for_ties() {
    let w = kendall_w(&[vec![1, 1, 3], vec![1, 1, 3]]).expect("the rankings are not all ties");
    assert!((w - 1.0).abs() < 1e-15, "{w}");
    assert_eq!(kendall_w(&[vec![1, 1], vec![1, 1]]), None);
    assert_eq!(kendall_w(&[vec![1, 2]]), None);
    let opposite = kendall_w(&[vec![1, 2, 3], vec![3, 2, 1]]);
    assert_eq!(opposite, Some(0.0));
}

/// Two ordinal variables of a cross table, the example of tau-b in the R package DescTools, from the SAS/STAT 9.22 User's Guide,
/// FREQ: 0.3373.
#[test]
fn tau_b_of_a_cross_table_sas_and_desctools() {
    let counts = [[26, 26, 23, 18, 9], [6, 7, 9, 14, 23]];
    let cells = (0..2).flat_map(|row| {
        (0..5).flat_map(move |column| std::iter::repeat_n((row, column), counts[row][column]))
    });
    let (rows, columns): (Vec<usize>, Vec<usize>) = cells.unzip();
    let found = tau_b(&rows, &columns).expect("neither variable is constant");
    assert!((found - 0.337_256_7).abs() < 5e-8, "{found}");
}

/// The data set `anxiety` of the R packages irr (M. Gamer) and DescTools, 20 subjects rated by three raters with many ties:
/// corrected W = 0.54, chi-squared(19) = 30.8.
#[test]
fn kendall_w_with_many_ties_irr_anxiety() {
    let ratings = [
        vec![3, 3, 3, 4, 5, 5, 2, 3, 5, 2, 2, 6, 1, 5, 2, 2, 1, 2, 4, 3],
        vec![3, 6, 4, 6, 2, 4, 2, 4, 3, 3, 2, 3, 3, 3, 2, 2, 1, 3, 3, 4],
        vec![2, 1, 4, 4, 3, 2, 1, 6, 1, 1, 1, 2, 3, 3, 1, 1, 3, 3, 2, 2],
    ];
    let w = kendall_w(&ratings).expect("the ratings differ");
    assert!((w - 0.54).abs() < 5e-3, "{w}");
    assert!((3.0 * 19.0 * w - 30.8).abs() < 0.05, "{w}");
}
