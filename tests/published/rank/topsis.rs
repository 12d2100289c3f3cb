//! TOPSIS.

use super::*;

#[test]
fn topsis_tzeng_huang_2011() {
    let outcome = run("topsis", &problem("+++", &TZENG, TZENG_WEIGHTS), &[]);
    near(&outcome.scores, &[0.5037, 0.6581, 0.7482, 0.3340], 1e-4);
    ranked(&outcome, &[3, 2, 1, 4]);
}

/// Ersoy, Y. (2021). Equipment selection for an e-commerce company using entropy-based TOPSIS, EDAS and CODAS methods during
/// the COVID-19. LogForum 17(3); figures to two digits, as tested by pyrepo-mcda.
#[test]
fn topsis_ersoy_2021_with_min_criteria() {
    let outcome = run(
        "topsis",
        &problem("++++--", &ERSOY, [0.405, 0.221, 0.134, 0.199, 0.007, 0.034]),
        &[],
    );
    near(&outcome.scores, &[0.31, 0.25, 0.33, 0.26, 0.86, 0.19], 6e-3);
    ranked(&outcome, &[3, 5, 2, 4, 1, 6]);
}

/// Another normalisation is another method: pymcdm's default on the same data.
#[test]
fn topsis_minmax_on_tzeng_huang_2011_differs() {
    let outcome = run(
        "topsis",
        &problem("+++", &TZENG, TZENG_WEIGHTS),
        &["normalisation=minmax"],
    );
    near(&outcome.scores, &[0.4853, 0.6484, 0.7768, 0.3630], 5e-5);
}

/// Opricovic, S., Tzeng, G. H. (2004), the mountain climber: min-max picks A2, vector normalisation picks A1.
#[test]
fn topsis_opricovic_tzeng_2004_normalisation_changes_the_winner() {
    let problem = problem("-+", &CLIMBER, [0.5, 0.5]);
    let minmax = run("topsis", &problem, &["normalisation=minmax"]);
    near(&minmax.scores, &[0.5, 0.617, 0.5], 5e-4);
    ranked(&minmax, &[2, 1, 2]);
    assert_eq!(ranks(&run("topsis", &problem, &[]).scores, true)[0], 1);
}

/// Özdemir, M. (ed.) (2018), an example with weights 4, 2, 6, 8, as tested by JMcDM.
#[test]
fn topsis_ozdemir_2018() {
    let rows = [
        [9.0, 7.0, 6.0, 7.0],
        [8.0, 7.0, 9.0, 6.0],
        [7.0, 8.0, 6.0, 6.0],
    ];
    let outcome = run("topsis", &problem("++++", &rows, [4.0, 2.0, 6.0, 8.0]), &[]);
    near(&outcome.scores, &[0.3876870, 0.6503238, 0.0834767], 1e-7);
}
