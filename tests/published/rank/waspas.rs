//! WASPAS: weighted sum and product together.

use super::*;

/// The published weights sum to 1.0155 and reproduce the scores only as given.
#[test]
fn waspas_chakraborty_2015_example_1_weights_as_given() {
    let problem = problem(
        "+++++--",
        &[
            [30.0, 23.0, 5.0, 0.745, 0.745, 1500.0, 5000.0],
            [18.0, 13.0, 15.0, 0.745, 0.745, 1300.0, 6000.0],
            [15.0, 12.0, 10.0, 0.5, 0.5, 950.0, 7000.0],
            [25.0, 20.0, 13.0, 0.745, 0.745, 1200.0, 4000.0],
            [14.0, 18.0, 14.0, 0.255, 0.745, 950.0, 3500.0],
            [17.0, 15.0, 9.0, 0.745, 0.5, 1250.0, 5250.0],
            [23.0, 18.0, 20.0, 0.5, 0.745, 1100.0, 3000.0],
            [16.0, 8.0, 14.0, 0.255, 0.5, 1500.0, 3000.0],
        ],
        [0.1181, 0.1181, 0.0445, 0.1181, 0.2861, 0.2861, 0.0445],
    );
    let outcome = run("waspas", &problem, &["weights=as-given"]);
    near(
        &outcome.scores,
        &[
            0.8329, 0.7884, 0.6987, 0.8831, 0.7971, 0.7036, 0.8728, 0.5749,
        ],
        1e-4,
    );
    ranked(&outcome, &[3, 5, 7, 1, 4, 6, 2, 8]);
    let normalised = run("waspas", &problem, &[]);
    ranked(&normalised, &[3, 5, 7, 1, 4, 6, 2, 8]);
    assert!((normalised.scores[0] - outcome.scores[0]).abs() > 1e-3);
}

#[test]
fn waspas_chakraborty_2015_example_2_over_lambda() {
    let problem = problem(
        "---+",
        &[
            [581818.0, 54.49, 3.0, 5500.0],
            [595454.0, 49.73, 3.0, 4500.0],
            [586060.0, 51.24, 3.0, 5000.0],
            [522727.0, 45.71, 3.0, 5800.0],
            [561818.0, 52.66, 3.0, 5200.0],
            [543030.0, 74.46, 4.0, 5600.0],
            [522727.0, 75.42, 4.0, 5800.0],
            [486970.0, 62.62, 4.0, 5600.0],
            [509394.0, 65.87, 4.0, 6400.0],
            [513333.0, 70.67, 4.0, 6000.0],
        ],
        [0.467, 0.160, 0.095, 0.278],
    );
    let expected = [
        (
            "lambda=0",
            [
                0.8578, 0.8144, 0.8408, 0.9413, 0.8632, 0.8241, 0.8454, 0.8915, 0.8987, 0.8697,
            ],
        ),
        (
            "lambda=0.5",
            [
                0.8584, 0.8169, 0.8419, 0.9417, 0.8638, 0.8278, 0.8503, 0.8949, 0.9027, 0.8740,
            ],
        ),
        (
            "lambda=1",
            [
                0.8590, 0.8194, 0.8430, 0.9420, 0.8645, 0.8315, 0.8552, 0.8983, 0.9067, 0.8784,
            ],
        ),
    ];
    for (lambda, scores) in expected {
        let outcome = run("waspas", &problem, &[lambda]);
        near(&outcome.scores, &scores, 1e-4);
        ranked(&outcome, &[6, 10, 8, 1, 5, 9, 7, 3, 2, 4]);
    }
}

/// Tuş, A., Aytaç Adalı, E. (2019). The new combination with CRITIC and WASPAS methods for the time and attendance software
/// selection problem. Opsearch 56(2), 528-538; the weights as its CRITIC gives them.
#[test]
fn waspas_tus_adali_2019_time_and_attendance_software() {
    let outcome = run(
        "waspas",
        &problem(
            "-+++++",
            &TUS_ADALI,
            [0.157, 0.249, 0.168, 0.121, 0.154, 0.151],
        ),
        &[],
    );
    near(
        &outcome.scores,
        &[0.5622, 0.6575, 0.6192, 0.6409, 0.722],
        1e-3,
    );
    ranked(&outcome, &[5, 2, 4, 3, 1]);
}
