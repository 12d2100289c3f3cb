//! VIKOR.

use super::*;

#[track_caller]
fn compromise(outcome: &MethodResult, set: &[usize], advantage: bool, stability: bool) {
    let expected = MethodDetail::Vikor {
        compromise_set: set.to_vec(),
        acceptable_advantage: advantage,
        acceptable_stability: stability,
    };
    assert_eq!(outcome.detail, expected);
}

/// The scores must not move when a criterion is rescaled.
#[test]
fn vikor_opricovic_tzeng_2004_mountain_climber() {
    let shifted = CLIMBER.map(|[risk, altitude]| [risk + 5.0, altitude / 1000.0 - 1.0]);
    for rows in [CLIMBER, shifted] {
        let outcome = run("vikor", &problem("-+", &rows, [0.5, 0.5]), &[]);
        near(output(&outcome, "S"), &[0.5, 0.375, 0.5], 1e-9);
        near(output(&outcome, "R"), &[0.5, 0.25, 0.5], 1e-9);
        near(output(&outcome, "Q"), &[1.0, 0.0, 1.0], 1e-9);
        ranked(&outcome, &[2, 1, 2]);
        compromise(&outcome, &[1], true, true);
    }
}

/// Opricovic, S., Tzeng, G. H. (2007). Extended VIKOR method in comparison with outranking methods. European Journal of
/// Operational Research 178(2), 514-529: hydropower on the Drina, four weight sets.
#[test]
fn vikor_opricovic_tzeng_2007_hydropower() {
    let rows = [
        [4184.3, 2914.0, 407.2, 251.0, 195.0, 244.0, 15.0, 2.41],
        [5211.9, 3630.0, 501.7, 308.3, 282.0, 346.0, 21.0, 1.41],
        [5021.3, 3920.5, 504.0, 278.6, 12.0, 56.0, 3.0, 4.42],
        [5566.1, 3957.9, 559.5, 335.3, 167.0, 268.0, 16.0, 3.36],
        [5060.5, 3293.5, 514.1, 284.2, 69.0, 90.0, 7.0, 4.04],
        [4317.9, 2925.9, 432.8, 239.3, 12.0, 55.0, 3.0, 4.36],
    ];
    struct Case {
        weights: [f64; 8],
        s: [f64; 6],
        r: [f64; 6],
        q: [f64; 6],
        ranks: [usize; 6],
        set: &'static [usize],
        advantage: bool,
    }
    let cases = [
        Case {
            weights: [1.0; 8],
            s: [0.692, 0.7, 0.29, 0.423, 0.28, 0.346],
            r: [0.125, 0.125, 0.121, 0.125, 0.067, 0.125],
            q: [0.991, 1.0, 0.473, 0.670, 0.0, 0.578],
            ranks: [5, 6, 2, 4, 1, 3],
            set: &[4],
            advantage: true,
        },
        Case {
            weights: [2.0, 2.0, 2.0, 2.0, 1.0, 1.0, 1.0, 1.0],
            s: [0.701, 0.6, 0.386, 0.365, 0.317, 0.459],
            r: [0.167, 0.114, 0.161, 0.167, 0.089, 0.167],
            q: [1.0, 0.533, 0.552, 0.563, 0.0, 0.686],
            ranks: [6, 2, 3, 4, 1, 5],
            set: &[4],
            advantage: true,
        },
        Case {
            weights: [1.0, 1.0, 1.0, 1.0, 2.0, 2.0, 2.0, 2.0],
            s: [0.683, 0.8, 0.193, 0.48, 0.243, 0.232],
            r: [0.113, 0.167, 0.08, 0.122, 0.044, 0.083],
            q: [0.684, 1.0, 0.147, 0.554, 0.041, 0.191],
            ranks: [5, 6, 2, 4, 1, 3],
            set: &[4, 2, 5],
            advantage: false,
        },
        Case {
            weights: [1.0, 1.0, 1.0, 1.0, 3.2, 3.2, 3.2, 3.2],
            s: [0.678, 0.857, 0.138, 0.513, 0.222, 0.167],
            r: [0.129, 0.190, 0.057, 0.139, 0.042, 0.060],
            q: [0.668, 1.0, 0.051, 0.588, 0.058, 0.078],
            ranks: [5, 6, 1, 4, 2, 3],
            set: &[2, 4, 5],
            advantage: false,
        },
    ];
    for case in cases {
        let outcome = run("vikor", &problem("+-++---+", &rows, case.weights), &[]);
        near(output(&outcome, "S"), &case.s, 1e-3);
        near(output(&outcome, "R"), &case.r, 1e-3);
        near(output(&outcome, "Q"), &case.q, 2e-3);
        ranked(&outcome, &case.ranks);
        compromise(&outcome, case.set, case.advantage, true);
    }
}

/// Data of Tzeng & Huang 2011; figures as tested by scikit-criteria. The second is nearer than 1 / 3.
#[test]
fn vikor_on_tzeng_huang_2011_without_acceptable_advantage() {
    let outcome = run("vikor", &problem("+++", &TZENG, TZENG_WEIGHTS), &[]);
    near(output(&outcome, "S"), &[0.6, 0.3, 0.15, 0.65], 1e-12);
    near(output(&outcome, "R"), &[0.3, 0.2, 0.15, 0.4], 1e-12);
    near(output(&outcome, "Q"), &[0.75, 0.25, 0.0, 1.0], 1e-12);
    compromise(&outcome, &[2, 1], false, true);
}

/// A made case in which the first by Q leads clearly but is first neither by S nor by R; figures as tested by
/// scikit-criteria.
#[test]
fn vikor_with_advantage_but_without_stability_proposes_first_and_second() {
    let rows = [
        [1.0, 101.0, 1.0, 101.0, 1.00],
        [101.0, 1.0, 101.0, 1.0, 101.0],
        [1.0, 1.0, 1.0, 1.0, 101.0],
        [11.0, 11.0, 11.0, 16.0, 61.0],
        [56.0, 56.0, 56.0, 56.0, 56.0],
    ];
    let outcome = run("vikor", &problem("-----", &rows, [0.2; 5]), &[]);
    near(output(&outcome, "S"), &[0.4, 0.6, 0.2, 0.21, 0.55], 1e-12);
    near(output(&outcome, "R"), &[0.2, 0.2, 0.2, 0.12, 0.11], 1e-12);
    near(
        output(&outcome, "Q"),
        &[0.75, 1.0, 0.5, 0.068, 0.4375],
        1e-3,
    );
    ranked(&outcome, &[4, 5, 3, 1, 2]);
    compromise(&outcome, &[3, 4], true, false);
}

#[test]
fn vikor_papathanasiou_ploskas_2018_facility_location() {
    let outcome = run(
        "vikor",
        &problem("++++", &PAPATHANASIOU, PAPATHANASIOU_WEIGHTS),
        &["v=0.625"],
    );
    near(
        &outcome.scores,
        &[0.640, 1.000, 0.693, 0.271, 0.000, 0.694],
        5e-4,
    );
}

/// Two tie for the first place, which leaves no second to lead; figures as tested by scikit-criteria.
#[test]
fn vikor_with_a_tie_for_the_first_place() {
    let rows = [
        [4.0, 4.0, 4.0],
        [7.0, 6.0, 8.0],
        [8.0, 8.0, 6.0],
        [6.0, 8.0, 8.0],
    ];
    let outcome = run("vikor", &problem("+++", &rows, TZENG_WEIGHTS), &[]);
    near(output(&outcome, "S"), &[1.0, 0.275, 0.15, 0.15], 1e-12);
    near(output(&outcome, "R"), &[0.4, 0.2, 0.15, 0.15], 1e-12);
    near(output(&outcome, "Q"), &[1.0, 0.173_529_41, 0.0, 0.0], 1e-8);
    compromise(&outcome, &[2, 3, 1], false, true);
}

/// Yang, W., Wu, Y. (2020). A new improvement method to avoid rank reversal in VIKOR. IEEE Access 8, 21261-21271.
#[test]
fn vikor_yang_wu_2020() {
    let rows = [
        [78.0, 56.0, 34.0, 6.0],
        [4.0, 45.0, 3.0, 97.0],
        [18.0, 2.0, 50.0, 63.0],
        [9.0, 14.0, 11.0, 92.0],
        [85.0, 9.0, 100.0, 29.0],
    ];
    let outcome = run("vikor", &problem("++++", &rows, [0.25; 4]), &[]);
    near(&outcome.scores, &[0.5679, 0.7667, 1.0, 0.7493, 0.0], 5e-5);
}
