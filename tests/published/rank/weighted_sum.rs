//! The weighted sum.

use super::*;

#[test]
fn weighted_sum_afshari_2010_personnel_selection() {
    let problem = problem(
        "+++++++",
        &[
            [4.0, 7.0, 3.0, 2.0, 2.0, 2.0, 2.0],
            [4.0, 4.0, 6.0, 4.0, 4.0, 3.0, 7.0],
            [7.0, 6.0, 4.0, 2.0, 5.0, 5.0, 3.0],
            [3.0, 2.0, 5.0, 3.0, 3.0, 2.0, 5.0],
            [4.0, 2.0, 2.0, 5.0, 5.0, 3.0, 6.0],
        ],
        [0.283, 0.162, 0.162, 0.07, 0.085, 0.162, 0.076],
    );
    let outcome = run("weighted-sum", &problem, &[]);
    near(
        &outcome.scores,
        &[0.553228, 0.713485, 0.837428, 0.514657, 0.579342],
        1e-6,
    );
    ranked(&outcome, &[4, 2, 1, 5, 3]);
}

/// The matrix of Zavadskas et al. 2012 under the weighted sum; scores computed independently.
#[test]
fn weighted_sum_on_zavadskas_2012() {
    let outcome = run(
        "weighted-sum",
        &problem("+--+-+", &ZAVADSKAS, ZAVADSKAS_WEIGHTS),
        &[],
    );
    near(
        &outcome.scores,
        &[0.81252, 0.796865, 0.775615, 0.805453, 0.80905],
        1e-6,
    );
    ranked(&outcome, &[1, 4, 5, 3, 2]);
}

/// Kracka, M., Brauers, W. K. M., Zavadskas, E. K. (2010). Ranking heating losses in a building by applying the
/// MULTIMOORA. Engineering Economics 21(4), 352-359; shares of sums, reciprocals for min criteria, as tested by
/// scikit-criteria.
#[test]
fn weighted_sum_kracka_2010_heating_losses_with_shares_of_sums() {
    let problem = problem(
        "----+-+",
        &[
            [33.95, 23.78, 11.45, 39.97, 29.44, 167.10, 3.852],
            [38.9, 4.17, 6.32, 0.01, 4.29, 132.52, 25.184],
            [37.59, 9.36, 8.23, 4.35, 10.22, 136.71, 10.845],
            [30.44, 37.59, 13.91, 74.08, 45.10, 198.34, 2.186],
            [36.21, 14.79, 9.17, 17.77, 17.06, 148.3, 6.610],
            [37.8, 8.55, 7.97, 2.35, 9.25, 134.83, 11.935],
        ],
        [20.0; 7],
    );
    let outcome = run("weighted-sum", &problem, &["normalisation=sum"]);
    near(
        &outcome.scores,
        &[
            0.12040426, 0.3458235, 0.13838192, 0.12841246, 0.12346084, 0.14351701,
        ],
        1e-8,
    );
    ranked(&outcome, &[6, 1, 3, 4, 5, 2]);
}

/// Rizan, O. et al. (2020). SAW method in supporting the process of admission of new junior high school students. 8th
/// International Conference on Cyber and IT Service Management, 1-5; with zeros, and as tested by pyrepo-mcda.
#[test]
fn weighted_sum_rizan_2020_school_admission() {
    let rows = [
        [0.75, 0.5, 0.75, 0.0, 0.0, 0.0, 1.0],
        [0.75, 1.0, 0.75, 0.0, 0.0, 0.0, 0.75],
        [0.75, 0.75, 0.75, 0.0, 0.5, 0.25, 1.0],
        [0.5, 0.5, 0.75, 1.0, 0.5, 0.0, 0.75],
    ];
    let outcome = run(
        "weighted-sum",
        &problem("+++++++", &rows, [0.1, 0.1, 0.1, 0.15, 0.2, 0.25, 0.1]),
        &[],
    );
    near(&outcome.scores, &[0.35, 0.375, 0.825, 0.642], 5e-4);
}

/// Shares of sums and weights that add up to 2, as tested by pymcdm.
#[test]
fn weighted_sum_and_product_of_shares_with_weights_as_given() {
    let rows = [
        [96.0, 83.0, 75.0, 7.0],
        [63.0, 5.0, 56.0, 9.0],
        [72.0, 30.0, 32.0, 48.0],
        [11.0, 4.0, 27.0, 9.0],
        [77.0, 21.0, 17.0, 11.0],
    ];
    let problem = problem(
        "++--",
        &rows,
        [8.0, 5.0, 6.0, 7.0].map(|weight| weight / 13.0),
    );
    let given = ["normalisation=sum", "weights=as-given"];
    near(
        &run("weighted-sum", &problem, &given).scores,
        &[0.609, 0.313, 0.334, 0.265, 0.479],
        5e-4,
    );
    near(
        &run("weighted-product", &problem, &given).scores,
        &[0.065, 0.017, 0.019, 0.007, 0.052],
        5e-4,
    );
}
