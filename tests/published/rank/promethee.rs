//! PROMETHEE II.

use super::*;

#[test]
fn promethee_zhao_2013_usual_shape() {
    let rows = [[4.0, 3.0, 2.0], [3.0, 2.0, 4.0], [5.0, 1.0, 3.0]];
    let outcome = run("promethee", &problem("+++", &rows, [0.5, 0.3, 0.2]), &[]);
    near(output(&outcome, "phi_plus"), &[0.55, 0.35, 0.6], 1e-9);
    near(output(&outcome, "phi_minus"), &[0.45, 0.65, 0.4], 1e-9);
    near(output(&outcome, "phi"), &[0.1, -0.3, 0.2], 1e-9);
    ranked(&outcome, &[2, 3, 1]);
}

#[test]
fn promethee_papathanasiou_ploskas_2018_linear_shape() {
    let outcome = run(
        "promethee",
        &problem("++++", &PAPATHANASIOU, PAPATHANASIOU_WEIGHTS),
        &["shape=linear", "q=1", "p=2"],
    );
    near(
        &outcome.scores,
        &[-0.26, -0.52, -0.22, 0.36, 0.7, -0.06],
        1e-9,
    );
}

/// Ziemba, P. (2019). Towards strong sustainability management - a generalized PROSA method. Sustainability 11(6), 1555: linear
/// shapes with thresholds of their own, min criteria among them.
#[test]
fn promethee_ziemba_2019_thresholds_of_each_criterion() {
    let columns = [
        [
            38723.0, 34913.0, 25596.0, 34842.0, 22570.0, 39773.0, 19500.0, 34525.0, 16486.0,
        ],
        [
            33207.0, 32085.0, 2123.0, 32095.0, 1445.0, 17485.0, 868.0, 16958.0, 958.0,
        ],
        [0.0, 0.2, 5.0, 0.2, 0.2, 0.2, 99.0, 99.0, 99.0],
        [
            3375.0, 3127.0, 3547.0, 3115.0, 3090.0, 4135.0, 3160.0, 4295.0, 3653.0,
        ],
        [11.36, 12.78, 12.78, 12.86, 12.86, 17.0, 12.86, 17.0, 12.86],
        [-320.9, -148.4, -148.4, -9.9, -9.9, 0.0, -9.9, 0.0, -9.9],
        [
            203.7, 463.0, 356.2, 552.5, 295.0, 383.0, 264.0, 352.0, 264.0,
        ],
        [0.0, 11.7, 44.8, 11.7, 95.9, 95.9, 116.8, 116.8, 164.9],
        [0.0, 4.9, 10.7, 5.4, 11.2, 11.2, 11.2, 11.2, 11.2],
        [1.0, 1.0, 1.0, 3.5, 4.0, 4.0, 4.0, 4.0, 4.0],
        [21.5, 47.9, 27.7, 39.7, 1.5, 22.7, 2.7, 23.9, 1.0],
        [0.0, 3.7, 4.5, 10.3, 11.5, 11.5, 11.3, 11.3, 11.4],
    ];
    let p = [
        2100.0, 5000.0, 50.0, 200.0, 5.0, 20.0, 100.0, 80.0, 4.0, 2.0, 23.0, 3.0,
    ];
    let q = [
        420.0, 1000.0, 10.0, 40.0, 1.0, 7.0, 50.0, 20.0, 1.0, 1.0, 4.6, 1.0,
    ];
    let weights = [
        0.3333, 0.1667, 0.1667, 0.3333, 0.25, 0.75, 1.0, 1.0, 0.4, 0.20, 0.40, 1.0,
    ];
    let mut params = vec!["shape=linear".to_owned()];
    params.extend(
        p.iter()
            .enumerate()
            .map(|(k, p)| format!("p.C{}={p}", k + 1)),
    );
    params.extend(
        q.iter()
            .enumerate()
            .map(|(k, q)| format!("q.C{}={q}", k + 1)),
    );
    let params: Vec<&str> = params.iter().map(String::as_str).collect();
    let outcome = run(
        "promethee",
        &problem("--+-++-++--+", &transposed::<12, 9>(columns), weights),
        &params,
    );
    near(
        &outcome.scores,
        &[
            -0.4143, -0.5056, -0.2317, -0.2892, 0.3313, 0.0619, 0.4296, 0.1626, 0.4554,
        ],
        5e-5,
    );
}

/// Ziemba, P., Wątróbski, J., Zioło, M., Karczmarczyk, A. (2017). Using the PROSA method in offshore wind farm location
/// problems. Energies 10(11), 1755: V-shapes.
#[test]
fn promethee_ziemba_2017_offshore_wind_farms() {
    let columns = [
        [16347.0, 14219.0, 8160.0, 8160.0],
        [9.0, 8.5, 9.0, 8.5],
        [73.8, 55.0, 64.8, 62.5],
        [36.7, 36.0, 28.5, 29.5],
        [1.5, 2.0, 2.0, 1.5],
        [3730.0, 3240.0, 1860.0, 1860.0],
        [2.0, 1.0, 2.0, 1.0],
        [1.0, 1.0, 2.0, 3.0],
        [38.8, 33.1, 45.8, 27.3],
        [4.0, 2.0, 4.0, 3.0],
        [1_720_524.0, 1_496_512.0, 858_830.0, 858_830.0],
        [40012.0, 34803.0, 19973.0, 19973.0],
    ];
    let p = [
        7280.0, 4.0, 13.4, 7.4, 3.0, 1662.0, 3.0, 3.0, 13.8, 3.0, 766_240.0, 17820.0,
    ];
    let weights = [
        20.0, 5.0, 5.0, 1.67, 1.67, 11.67, 11.67, 5.0, 5.0, 16.67, 8.33, 8.33,
    ];
    let mut params = vec!["shape=v-shape".to_owned()];
    params.extend(
        p.iter()
            .enumerate()
            .map(|(k, p)| format!("p.C{}={p}", k + 1)),
    );
    let params: Vec<&str> = params.iter().map(String::as_str).collect();
    let outcome = run(
        "promethee",
        &problem("-----+--+-++", &transposed::<12, 4>(columns), weights),
        &params,
    );
    near(&outcome.scores, &[-0.0445, 0.1884, -0.0954, -0.0485], 5e-5);
}

/// Brans, J. P., Vincke, P., Mareschal, B. (1986). How to select and how to rank projects: The PROMETHEE method. European
/// Journal of Operational Research 24(2), 228-238: six power stations, one shape a criterion. The paper prints sums of
/// preferences over the five others.
#[test]
fn promethee_brans_vincke_mareschal_1986_all_six_shapes() {
    let rows = [
        [80.0, 90.0, 6.0, 5.4, 8.0, 5.0],
        [65.0, 58.0, 2.0, 9.7, 1.0, 1.0],
        [83.0, 60.0, 4.0, 7.2, 4.0, 7.0],
        [40.0, 80.0, 10.0, 7.5, 7.0, 10.0],
        [52.0, 72.0, 6.0, 2.0, 3.0, 8.0],
        [94.0, 96.0, 7.0, 3.6, 5.0, 6.0],
    ];
    let problem = problem("-+---+", &rows, [1.0; 6]);
    let shapes = [
        "shape.C1=u-shape",
        "q.C1=10",
        "shape.C2=v-shape",
        "p.C2=30",
        "shape.C3=linear",
        "q.C3=0.5",
        "p.C3=5",
        "shape.C4=level",
        "q.C4=1",
        "p.C4=6",
        "shape.C5=usual",
        "shape.C6=gaussian",
        "s.C6=5",
    ];
    let outcome = run("promethee", &problem, &shapes);
    let preferences = [
        [0.0, 0.296, 0.250, 0.268, 0.100, 0.185],
        [0.462, 0.0, 0.389, 0.333, 0.296, 0.500],
        [0.236, 0.180, 0.0, 0.333, 0.056, 0.429],
        [0.399, 0.505, 0.305, 0.0, 0.223, 0.212],
        [0.444, 0.515, 0.487, 0.380, 0.0, 0.448],
        [0.286, 0.399, 0.250, 0.432, 0.133, 0.0],
    ];
    let leaving: Vec<f64> = preferences
        .iter()
        .map(|row| row.iter().sum::<f64>() / 5.0)
        .collect();
    let entering: Vec<f64> = (0..6)
        .map(|b| preferences.iter().map(|row| row[b]).sum::<f64>() / 5.0)
        .collect();
    near(output(&outcome, "phi_plus"), &leaving, 6e-4);
    near(output(&outcome, "phi_minus"), &entering, 6e-4);
    assert_eq!(ranks(&outcome.scores, true)[4], 1);
}
