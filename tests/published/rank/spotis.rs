//! SPOTIS.

use super::*;

#[test]
fn spotis_dezert_2020_example_1() {
    let rows = [
        [10.5, -3.1, 1.7],
        [-4.7, 0.0, 3.4],
        [8.1, 0.3, 1.3],
        [3.2, 7.3, -5.3],
    ];
    let bounds = [[-5.0, 12.0], [-6.0, 10.0], [-8.0, 5.0]];
    let outcome = run(
        "spotis",
        &bounded("+-+", &rows, [0.2, 0.3, 0.5], Some(bounds)),
        &[],
    );
    near(&outcome.scores, &[0.1989, 0.3705, 0.3063, 0.7491], 1e-4);
    assert!(!outcome.higher_is_better);
    ranked(&outcome, &[1, 3, 2, 4]);
}

/// The choice of a car, towards the best bounds and towards an expected point.
#[test]
fn spotis_dezert_2020_example_2() {
    let rows = [
        [15000.0, 4.3, 99.0, 42.0, 737.0],
        [15290.0, 5.0, 116.0, 42.0, 892.0],
        [15350.0, 5.0, 114.0, 45.0, 952.0],
        [15490.0, 5.3, 123.0, 45.0, 1120.0],
    ];
    let bounds = [
        [14000.0, 16000.0],
        [3.0, 8.0],
        [80.0, 140.0],
        [35.0, 60.0],
        [650.0, 1300.0],
    ];
    let problem = bounded("---++", &rows, [5.0, 4.0, 4.0, 1.0, 3.0], Some(bounds));
    let outcome = run("spotis", &problem, &[]);
    near(&outcome.scores, &[0.4779, 0.5781, 0.5558, 0.5801], 1e-4);
    ranked(&outcome, &[1, 3, 2, 4]);
    let expected = [
        "expected.C1=15300",
        "expected.C2=4",
        "expected.C3=115",
        "expected.C4=50",
        "expected.C5=900",
    ];
    near(
        &run("spotis", &problem, &expected).scores,
        &[0.1841, 0.0734, 0.0842, 0.1920],
        1e-4,
    );
}
