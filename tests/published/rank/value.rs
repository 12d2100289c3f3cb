//! The additive value model.

use super::*;

/// Closed form: with anchors 0..10 the value is the share of the way from worst to best.
#[test]
fn value_between_and_beyond_fixed_anchors() {
    let rows = [[5.0, 2.0], [12.0, -1.0], [0.0, 10.0]];
    let problem = bounded("+-", &rows, [3.0, 1.0], Some([[0.0, 10.0], [0.0, 10.0]]));
    near(
        &run("value", &problem, &[]).scores,
        &[0.375 + 0.2, 1.0, 0.0],
        1e-15,
    );
    near(
        &run("value", &problem, &["clip=no"]).scores,
        &[0.575, 0.9 + 0.275, 0.0],
        1e-15,
    );
    assert!(run("value", &problem, &[]).warnings.is_empty());
}
