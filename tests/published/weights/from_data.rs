//! Weights from the data: entropy, CRITIC, MEREC.

use super::*;

fn columns<const K: usize>(directions: &str, rows: &[[f64; K]]) -> Vec<CriterionColumn> {
    let column = |(k, sign): (usize, char)| CriterionColumn {
        criterion: format!("C{}", k + 1),
        higher_is_better: sign == '+',
        values: rows.iter().map(|row| row[k]).collect(),
    };
    directions.chars().enumerate().map(column).collect()
}

/// Ulutaş, A. (2019). Entropi ve MABAC yöntemleri ile personel seçimi. OPUS 13(19), 1552-1573.
#[test]
fn entropy_ulutas_2019_personnel() {
    let rows = [
        [2.0, 1.0, 4.0, 7.0, 6.0, 6.0, 7.0, 3000.0],
        [4.0, 1.0, 5.0, 6.0, 7.0, 7.0, 6.0, 3500.0],
        [3.0, 2.0, 6.0, 6.0, 5.0, 6.0, 8.0, 4000.0],
        [5.0, 1.0, 5.0, 7.0, 6.0, 7.0, 7.0, 3000.0],
        [4.0, 2.0, 5.0, 6.0, 7.0, 7.0, 6.0, 3000.0],
        [3.0, 2.0, 6.0, 6.0, 6.0, 6.0, 6.0, 3500.0],
    ];
    let weights = entropy::weights(&columns("++++++++", &rows)).expect("the values are positive");
    near(
        &weights,
        &[
            0.2996736, 0.4413673, 0.0700909, 0.0212382, 0.0490229, 0.0230804, 0.0477633, 0.0477633,
        ],
        1e-6,
    );
}

/// Published matrices whose entropy weights pyrepo-mcda tests: Xu, X. (2004), EJOR 156(2), 530-532; Zavadskas, E. K., Podvezko, V.
/// (2016), Int. J. Information Technology & Decision Making 15(2), 267-283; Ersoy, Y. (2021), LogForum 17(3); Lee, H. C., Chang,
/// C. T. (2018), Renewable and Sustainable Energy Reviews 92, 883-896.
#[test]
fn entropy_xu_2004_zavadskas_2016_ersoy_2021_lee_chang_2018() {
    let of =
        |columns: &[CriterionColumn]| entropy::weights(columns).expect("the values are positive");
    let xu = columns(
        "++++",
        &[
            [30.0, 30.0, 38.0, 29.0],
            [19.0, 54.0, 86.0, 29.0],
            [19.0, 15.0, 85.0, 28.9],
            [68.0, 70.0, 60.0, 29.0],
        ],
    );
    near(&of(&xu), &[0.4630, 0.3992, 0.1378, 0.0], 5e-5);
    let zavadskas = columns(
        "-+-+",
        &[
            [3.0, 100.0, 10.0, 7.0],
            [2.5, 80.0, 8.0, 5.0],
            [1.8, 50.0, 20.0, 11.0],
            [2.2, 70.0, 12.0, 9.0],
        ],
    );
    near(&of(&zavadskas), &[0.1146, 0.1981, 0.4185, 0.2689], 5e-5);
    let ersoy = columns("++++--", &ERSOY);
    near(
        &of(&ersoy),
        &[0.405, 0.221, 0.134, 0.199, 0.007, 0.034],
        5e-4,
    );
    let lee = columns(
        "---+++--++",
        &[
            [4550.0, 30.0, 6.74, 20.0, 15.0, 5.0, 85.0, 150.0, 0.87, 4.76],
            [3005.0, 60.86, 2.4, 35.0, 27.0, 4.0, 26.0, 200.0, 0.17, 4.51],
            [2040.0, 14.85, 1.7, 90.0, 25.0, 5.0, 26.0, 500.0, 0.27, 4.19],
            [3370.0, 99.4, 3.25, 25.3, 54.0, 3.0, 45.0, 222.0, 0.21, 3.78],
            [
                3920.0, 112.6, 4.93, 11.4, 71.7, 2.0, 50.0, 100.0, 0.25, 4.11,
            ],
        ],
    );
    near(
        &of(&lee),
        &[
            0.026, 0.154, 0.089, 0.199, 0.115, 0.04, 0.08, 0.123, 0.172, 0.002,
        ],
        5e-4,
    );
}

/// Elsayed, E. A., Dawood, A. K. S., Karthikeyan, R. (2017). Evaluating alternatives through the application of TOPSIS
/// method with entropy weight. Int. J. Eng. Trends Technol. 46(2), 60-66.
#[test]
fn entropy_elsayed_2017() {
    let rows = [
        [7.0, 312.0, 1891.0, 6613.0, 163.0],
        [72.0, 88.0, 728.0, 941804.0, 1078.0],
        [10.0, 252.0, 2594.0, 3466.0, 117471.0],
        [10.0, 145.0, 980.0, 2371.0, 86329.0],
        [65.0, 54.0, 350.0, 501.0, 29897.0],
        [29.0, 48.0, 380.0, 912.0, 34051.0],
        [7.0, 476.0, 3300.0, 78470.0, 2212.0],
        [70.0, 87.0, 650.0, 733.0, 819000.0],
        [4.0, 86.0, 591.0, 3015.0, 103.0],
        [12.0, 79.0, 579.0, 3240.0, 96098.0],
        [21.0, 45.0, 261.0, 1253.0, 453.0],
        [1.0, 72.0, 530.0, 4333.0, 0.1048],
    ];
    let weights = entropy::weights(&columns("+++++", &rows)).expect("the values are positive");
    near(
        &weights,
        &[0.104991, 0.069124, 0.071373, 0.449937, 0.304575],
        5e-7,
    );
}

/// The paper the method is from (Diakoulaki et al. 1995), eight firms; figures to eight digits as tested by scikit-criteria.
#[test]
fn critic_diakoulaki_1995_pharmaceutical_firms() {
    let rows = [
        [61.0, 1.08, 4.33],
        [20.7, 0.26, 4.34],
        [16.3, 1.98, 2.53],
        [9.0, 3.29, 1.65],
        [5.4, 2.77, 2.33],
        [4.0, 4.12, 1.21],
        [-6.1, 3.52, 2.10],
        [-34.6, 3.31, 0.98],
    ];
    let weights = critic::weights(&columns("+++", &rows)).expect("the columns differ");
    near(&weights, &[0.202_225_54, 0.480_901_73, 0.316_872_73], 5e-9);
}

/// Tuş, A., Aytaç Adalı, E. (2019). The new combination with CRITIC and WASPAS methods for the time and attendance software
/// selection problem. Opsearch 56(2), 528-538; all criteria read as benefits.
#[test]
fn critic_tus_adali_2019_time_and_attendance_software() {
    let weights = critic::weights(&columns("++++++", &TUS_ADALI)).expect("the columns differ");
    near(&weights, &[0.157, 0.249, 0.168, 0.121, 0.154, 0.151], 6e-4);
}

/// Akçakanat, Ö., Aksoy, E., Teker, T. (2018), banks of the TR-61 region, with a min criterion; figures as tested by JMcDM.
#[test]
fn critic_akcakanat_2018_with_a_min_criterion() {
    let rows = [
        [12.9918, 0.7264, -1.1009, 1.598139592],
        [4.1201, 5.8824, 3.4483, 1.021563567],
        [4.1039, 0.0, -0.5076, 0.984469444],
    ];
    let weights = critic::weights(&columns("++-+", &rows)).expect("the columns differ");
    near(
        &weights,
        &[0.16883925, 0.418444976, 0.249124763, 0.163591012],
        5e-6,
    );
}

/// Keshavarz-Ghorabaee, M., Amiri, M., Zavadskas, E. K., Turskis, Z., Antucheviciene, J. (2021). Determination of objective
/// weights using a new method based on the removal effects of criteria (MEREC). Symmetry 13(4), 525.
#[test]
fn merec_keshavarz_ghorabaee_2021() {
    let rows = [
        [450.0, 8000.0, 54.0, 145.0],
        [10.0, 9100.0, 2.0, 160.0],
        [100.0, 8200.0, 31.0, 153.0],
        [220.0, 9300.0, 1.0, 162.0],
        [5.0, 8400.0, 23.0, 158.0],
    ];
    let weights = merec::weights(&columns("++--", &rows)).expect("the values are positive");
    near(&weights, &[0.5752, 0.0141, 0.4016, 0.0091], 5e-5);
}

#[test]
fn weights_from_data_are_defined_on_degenerate_columns() {
    let constant = columns("+-", &[[1.0, 5.0], [1.0, 2.0], [1.0, 9.0]]);
    for (name, weights) in [
        ("entropy", entropy::weights(&constant)),
        ("critic", critic::weights(&constant)),
        ("merec", merec::weights(&constant)),
    ] {
        let weights = weights.expect(name);
        near(&weights, &[0.0, 1.0], 0.0);
        assert!(weights.notes[0].en.contains("constant"), "{name}");
    }
    let flat = columns("++", &[[1.0, 5.0], [1.0, 5.0]]);
    let zeros = columns("++", &[[0.0, 1.0], [0.0, 2.0]]);
    let negative = columns("++", &[[-1.0, 1.0], [3.0, 2.0]]);
    let infinite = columns("+", &[[f64::INFINITY], [1.0]]);
    for weights in [entropy::weights, critic::weights, merec::weights] {
        assert!(matches!(weights(&flat), Err(WeightError::Uninformative(_))));
        assert!(matches!(weights(&infinite), Err(WeightError::Number(_))));
        assert!(matches!(
            weights(&columns("+", &[[1.0]])),
            Err(WeightError::Shape(_))
        ));
        assert!(matches!(weights(&[]), Err(WeightError::Shape(_))));
    }
    assert!(
        entropy::weights(&zeros)
            .expect_err("no shares")
            .to_string()
            .contains("C1")
    );
    assert!(
        entropy::weights(&negative)
            .expect_err("no shares")
            .to_string()
            .contains("-1")
    );
    assert!(merec::weights(&zeros).is_err() && merec::weights(&negative).is_err());
    let alike = columns("++", &[[1.0, 2.0], [2.0, 4.0], [3.0, 6.0]]);
    assert!(
        critic::weights(&alike)
            .expect_err("no conflict")
            .to_string()
            .contains("fully correlated")
    );
}
