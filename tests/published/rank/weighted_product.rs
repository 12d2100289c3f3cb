//! The weighted product.

use super::*;

const ENWIKI: [[f64; 4]; 3] = [
    [25.0, 20.0, 15.0, 30.0],
    [10.0, 30.0, 20.0, 30.0],
    [30.0, 10.0, 30.0, 10.0],
];

/// Wikipedia, Weighted product model, revision 1015567716; Triantaphyllou, E. (2000).
#[test]
fn weighted_product_triantaphyllou_2000_ratios() {
    let outcome = run(
        "weighted-product",
        &problem("++++", &ENWIKI, [0.2, 0.15, 0.4, 0.25]),
        &["normalisation=none"],
    );
    near(&outcome.scores, &[20.628104, 20.476725, 19.33182], 1e-5);
    let [a, b, c] = outcome.scores[..] else {
        panic!("there are three candidates")
    };
    near(&[a / b, a / c, b / c], &[1.0074, 1.0671, 1.0592], 1e-3);
    near(
        output(&outcome, "log10"),
        &outcome
            .scores
            .iter()
            .map(|score| score.log10())
            .collect::<Vec<_>>(),
        1e-12,
    );
    ranked(&outcome, &[1, 2, 3]);

    let shares = run(
        "weighted-product",
        &problem("++++", &ENWIKI, [20.0, 15.0, 40.0, 25.0]),
        &["normalisation=sum"],
    );
    near(
        output(&shares, "log10"),
        &[-0.50128589, -0.50448471, -0.52947246],
        1e-8,
    );
}

/// With no normalisation only ratios mean something: they are those of the normalised product, min criteria included.
#[test]
fn weighted_product_min_criteria_enter_with_negative_exponents() {
    let problem = problem("+--+-+", &ZAVADSKAS, ZAVADSKAS_WEIGHTS);
    let bare = run("weighted-product", &problem, &["normalisation=none"]).scores;
    let normalised = run("weighted-product", &problem, &[]).scores;
    for i in 0..5 {
        assert!((bare[i] / bare[0] - normalised[i] / normalised[0]).abs() < 1e-12);
    }
}

#[test]
fn weighted_product_and_waspas_zavadskas_2012() {
    let problem = problem("+--+-+", &ZAVADSKAS, ZAVADSKAS_WEIGHTS);
    let product = run("weighted-product", &problem, &[]);
    near(
        &product.scores,
        &[
            0.7975224331331,
            0.7532541470585,
            0.7647463553356,
            0.7873956894791,
            0.7674278741782,
        ],
        1e-12,
    );
    let waspas = run("waspas", &problem, &[]);
    near(
        &waspas.scores,
        &[0.805021, 0.775060, 0.770181, 0.796424, 0.788239],
        1e-6,
    );
    near(output(&waspas, "wpm"), &product.scores, 1e-12);
    near(
        output(&waspas, "wsm"),
        &run("weighted-sum", &problem, &[]).scores,
        1e-12,
    );
}
