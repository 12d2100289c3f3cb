//! ELECTRE I.

use super::*;

const CEBRIAN: [[f64; 5]; 6] = [
    [6.0, 5.0, 28.0, 5.0, 5.0],
    [4.0, 2.0, 25.0, 10.0, 9.0],
    [5.0, 7.0, 35.0, 9.0, 6.0],
    [6.0, 1.0, 27.0, 6.0, 7.0],
    [6.0, 8.0, 30.0, 7.0, 9.0],
    [5.0, 6.0, 26.0, 4.0, 8.0],
];

/// Cebrián, L. I. G., Porcar, A. M. (2009). Localización empresarial en Aragón: una aplicación empírica de la ayuda a la
/// decisión multicriterio tipo ELECTRE I y III. Revista de Métodos Cuantitativos para la Economía y la Empresa 7, 31-56.
#[test]
fn electre_1_cebrian_porcar_2009() {
    let problem = problem("++-++", &CEBRIAN, [0.25, 0.25, 0.1, 0.2, 0.2]);
    let outcome = run(
        "electre-1",
        &problem,
        &["normalisation=sum", "discordance=global-range"],
    );
    let expected_concordance = [
        [f64::NAN, 0.5, 0.35, 0.5, 0.35, 0.45],
        [0.5, f64::NAN, 0.5, 0.75, 0.5, 0.5],
        [0.65, 0.5, f64::NAN, 0.45, 0.2, 0.7],
        [0.75, 0.25, 0.55, f64::NAN, 0.35, 0.45],
        [0.9, 0.7, 0.8, 0.9, f64::NAN, 0.9],
        [0.55, 0.5, 0.55, 0.55, 0.1, f64::NAN],
    ];
    let expected_discordance = [
        [f64::NAN, 0.5052, 0.4042, 0.1883, 0.42857, 0.2825],
        [0.4286, f64::NAN, 0.7143, 0.2589, 0.8571, 0.5714],
        [0.1696, 0.2825, f64::NAN, 0.1938, 0.2825, 0.218],
        [0.5714, 0.4042, 0.8571, f64::NAN, 1.0, 0.7143],
        [0.0485, 0.3031, 0.2021, 0.0727, f64::NAN, 0.0969],
        [0.1295, 0.6063, 0.5052, 0.2021, 0.3031, f64::NAN],
    ];
    let MethodDetail::Electre {
        concordance,
        discordance,
        kernel,
    } = &outcome.detail
    else {
        panic!("ELECTRE I gives its relations")
    };
    for (found, expected) in [
        (concordance, expected_concordance),
        (discordance, expected_discordance),
    ] {
        for (found, expected) in found.iter().zip(expected.as_flattened()) {
            match found {
                None => assert!(expected.is_nan()),
                Some(found) => {
                    assert!((found - expected).abs() < 1e-3, "{found} is not {expected}")
                }
            }
        }
    }
    assert_eq!(kernel, &[4]);
    near(
        output(&outcome, "kernel"),
        &[0.0, 0.0, 0.0, 0.0, 1.0, 0.0],
        0.0,
    );
}

/// By hand: each disadvantage over the range of its own criterion.
#[test]
fn electre_1_discordance_by_criterion_range() {
    let outcome = run(
        "electre-1",
        &problem("+-", &[[10.0, 1.0], [0.0, 3.0], [4.0, 2.0]], [3.0, 1.0]),
        &[],
    );
    let MethodDetail::Electre {
        concordance,
        discordance,
        kernel,
    } = outcome.detail
    else {
        panic!("ELECTRE I gives its relations")
    };
    assert_eq!(
        concordance,
        [
            None,
            Some(1.0),
            Some(1.0),
            Some(0.0),
            None,
            Some(0.0),
            Some(0.0),
            Some(1.0),
            None
        ]
    );
    assert_eq!(
        discordance,
        [
            None,
            Some(0.0),
            Some(0.0),
            Some(1.0),
            None,
            Some(0.5),
            Some(0.6),
            Some(0.0),
            None
        ]
    );
    assert_eq!(kernel, [0]);
}
