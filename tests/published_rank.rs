//! Published cases of the aggregation methods. Each test names its source; figures are as printed there, tolerances half a
//! unit of the last printed digit unless the source rounds intermediate steps.

use weigh::rank::{Axis, Detail, Direction, Outcome, Params, Problem, find, ranks};

/// `directions` holds `+` for max and `-` for min; `rows` are candidates.
fn problem<const K: usize>(directions: &str, rows: &[[f64; K]], weights: [f64; K]) -> Problem {
    bounded(directions, rows, weights, None)
}

fn bounded<const K: usize>(directions: &str, rows: &[[f64; K]], weights: [f64; K], bounds: Option<[[f64; 2]; K]>) -> Problem {
    let axes = directions.chars().enumerate().map(|(k, sign)| {
        let direction = if sign == '+' { Direction::Max } else { Direction::Min };
        let axis = Axis::new(&format!("C{}", k + 1), direction);
        match (bounds.map(|bounds| bounds[k]), direction) {
            (None, _) => axis,
            (Some([low, high]), Direction::Max) => axis.anchored(low, high),
            (Some([low, high]), Direction::Min) => axis.anchored(high, low),
        }
    });
    let values = (0..K).flat_map(|k| rows.iter().map(move |row| row[k])).collect();
    Problem::new(axes.collect(), rows.len(), values, weights.to_vec()).expect("published matrices are legal")
}

fn run(method: &str, problem: &Problem, params: &[&str]) -> Outcome {
    let params = Params::parse(params).expect("the pairs are well formed");
    find(method).expect("the method exists").run(problem, &params).expect("the method is defined on published data")
}

fn output<'a>(outcome: &'a Outcome, name: &str) -> &'a [f64] {
    let found = outcome.outputs.iter().find(|(known, _)| *known == name);
    &found.unwrap_or_else(|| panic!("there is no output {name}")).1
}

#[track_caller]
fn near(found: &[f64], expected: &[f64], tolerance: f64) {
    assert_eq!(found.len(), expected.len());
    for (found, wanted) in found.iter().zip(expected) {
        assert!((found - wanted).abs() <= tolerance, "{found} is not {wanted} +- {tolerance}");
    }
}

#[track_caller]
fn ranked(outcome: &Outcome, expected: &[usize]) {
    assert_eq!(ranks(&outcome.scores, outcome.higher_is_better), expected);
}

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
    near(&outcome.scores, &[0.553228, 0.713485, 0.837428, 0.514657, 0.579342], 1e-6);
    ranked(&outcome, &[4, 2, 1, 5, 3]);
}

const ZAVADSKAS: [[f64; 6]; 5] = [
    [3.0, 12.5, 2.0, 120.0, 14.0, 3.0],
    [5.0, 15.0, 3.0, 110.0, 38.0, 4.0],
    [3.0, 13.0, 2.0, 120.0, 19.0, 3.0],
    [4.0, 14.0, 2.0, 100.0, 31.0, 4.0],
    [3.0, 15.0, 1.5, 125.0, 40.0, 4.0],
];
const ZAVADSKAS_WEIGHTS: [f64; 6] = [0.221, 0.159, 0.175, 0.127, 0.117, 0.201];

/// The matrix of Zavadskas et al. 2012 under the weighted sum; scores computed independently.
#[test]
fn weighted_sum_on_zavadskas_2012() {
    let outcome = run("weighted-sum", &problem("+--+-+", &ZAVADSKAS, ZAVADSKAS_WEIGHTS), &[]);
    near(&outcome.scores, &[0.81252, 0.796865, 0.775615, 0.805453, 0.80905], 1e-6);
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
    near(&outcome.scores, &[0.12040426, 0.3458235, 0.13838192, 0.12841246, 0.12346084, 0.14351701], 1e-8);
    ranked(&outcome, &[6, 1, 3, 4, 5, 2]);
}

const ENWIKI: [[f64; 4]; 3] = [[25.0, 20.0, 15.0, 30.0], [10.0, 30.0, 20.0, 30.0], [30.0, 10.0, 30.0, 10.0]];

/// Wikipedia, Weighted product model, revision 1015567716; Triantaphyllou, E. (2000).
#[test]
fn weighted_product_triantaphyllou_2000_ratios() {
    let outcome = run("weighted-product", &problem("++++", &ENWIKI, [0.2, 0.15, 0.4, 0.25]), &["normalisation=none"]);
    near(&outcome.scores, &[20.628104, 20.476725, 19.33182], 1e-5);
    let [a, b, c] = outcome.scores[..] else { panic!("there are three candidates") };
    near(&[a / b, a / c, b / c], &[1.0074, 1.0671, 1.0592], 1e-3);
    near(output(&outcome, "log10"), &outcome.scores.iter().map(|score| score.log10()).collect::<Vec<_>>(), 1e-12);
    ranked(&outcome, &[1, 2, 3]);

    let shares = run("weighted-product", &problem("++++", &ENWIKI, [20.0, 15.0, 40.0, 25.0]), &["normalisation=sum"]);
    near(output(&shares, "log10"), &[-0.50128589, -0.50448471, -0.52947246], 1e-8);
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
    near(&product.scores, &[0.7975224331331, 0.7532541470585, 0.7647463553356, 0.7873956894791, 0.7674278741782], 1e-12);
    let waspas = run("waspas", &problem, &[]);
    near(&waspas.scores, &[0.805021, 0.775060, 0.770181, 0.796424, 0.788239], 1e-6);
    near(output(&waspas, "wpm"), &product.scores, 1e-12);
    near(output(&waspas, "wsm"), &run("weighted-sum", &problem, &[]).scores, 1e-12);
}

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
    near(&outcome.scores, &[0.8329, 0.7884, 0.6987, 0.8831, 0.7971, 0.7036, 0.8728, 0.5749], 1e-4);
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
        ("lambda=0", [0.8578, 0.8144, 0.8408, 0.9413, 0.8632, 0.8241, 0.8454, 0.8915, 0.8987, 0.8697]),
        ("lambda=0.5", [0.8584, 0.8169, 0.8419, 0.9417, 0.8638, 0.8278, 0.8503, 0.8949, 0.9027, 0.8740]),
        ("lambda=1", [0.8590, 0.8194, 0.8430, 0.9420, 0.8645, 0.8315, 0.8552, 0.8983, 0.9067, 0.8784]),
    ];
    for (lambda, scores) in expected {
        let outcome = run("waspas", &problem, &[lambda]);
        near(&outcome.scores, &scores, 1e-4);
        ranked(&outcome, &[6, 10, 8, 1, 5, 9, 7, 3, 2, 4]);
    }
}

const TZENG: [[f64; 3]; 4] = [[5.0, 8.0, 4.0], [7.0, 6.0, 8.0], [8.0, 8.0, 6.0], [7.0, 4.0, 6.0]];
const TZENG_WEIGHTS: [f64; 3] = [0.3, 0.4, 0.3];

#[test]
fn topsis_tzeng_huang_2011() {
    let outcome = run("topsis", &problem("+++", &TZENG, TZENG_WEIGHTS), &[]);
    near(&outcome.scores, &[0.5037, 0.6581, 0.7482, 0.3340], 1e-4);
    ranked(&outcome, &[3, 2, 1, 4]);
}

/// Another normalisation is another method: pymcdm's default on the same data.
#[test]
fn topsis_minmax_on_tzeng_huang_2011_differs() {
    let outcome = run("topsis", &problem("+++", &TZENG, TZENG_WEIGHTS), &["normalisation=minmax"]);
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
    let rows = [[9.0, 7.0, 6.0, 7.0], [8.0, 7.0, 9.0, 6.0], [7.0, 8.0, 6.0, 6.0]];
    let outcome = run("topsis", &problem("++++", &rows, [4.0, 2.0, 6.0, 8.0]), &[]);
    near(&outcome.scores, &[0.3876870, 0.6503238, 0.0834767], 1e-7);
}

const CLIMBER: [[f64; 2]; 3] = [[1.0, 3000.0], [2.0, 3750.0], [5.0, 4500.0]];

#[track_caller]
fn compromise(outcome: &Outcome, set: &[usize], advantage: bool, stability: bool) {
    let expected = Detail::Vikor { compromise_set: set.to_vec(), acceptable_advantage: advantage, acceptable_stability: stability };
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
    near(output(&outcome, "Q"), &[0.75, 1.0, 0.5, 0.068, 0.4375], 1e-3);
    ranked(&outcome, &[4, 5, 3, 1, 2]);
    compromise(&outcome, &[3, 4], true, false);
}

/// Yang, W., Wu, Y. (2020). A new improvement method to avoid rank reversal in VIKOR. IEEE Access 8, 21261-21271.
#[test]
fn vikor_yang_wu_2020() {
    let rows =
        [[78.0, 56.0, 34.0, 6.0], [4.0, 45.0, 3.0, 97.0], [18.0, 2.0, 50.0, 63.0], [9.0, 14.0, 11.0, 92.0], [85.0, 9.0, 100.0, 29.0]];
    let outcome = run("vikor", &problem("++++", &rows, [0.25; 4]), &[]);
    near(&outcome.scores, &[0.5679, 0.7667, 1.0, 0.7493, 0.0], 5e-5);
}

#[test]
fn promethee_zhao_2013_usual_shape() {
    let rows = [[4.0, 3.0, 2.0], [3.0, 2.0, 4.0], [5.0, 1.0, 3.0]];
    let outcome = run("promethee", &problem("+++", &rows, [0.5, 0.3, 0.2]), &[]);
    near(output(&outcome, "phi_plus"), &[0.55, 0.35, 0.6], 1e-9);
    near(output(&outcome, "phi_minus"), &[0.45, 0.65, 0.4], 1e-9);
    near(output(&outcome, "phi"), &[0.1, -0.3, 0.2], 1e-9);
    ranked(&outcome, &[2, 3, 1]);
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
    let leaving: Vec<f64> = preferences.iter().map(|row| row.iter().sum::<f64>() / 5.0).collect();
    let entering: Vec<f64> = (0..6).map(|b| preferences.iter().map(|row| row[b]).sum::<f64>() / 5.0).collect();
    near(output(&outcome, "phi_plus"), &leaving, 6e-4);
    near(output(&outcome, "phi_minus"), &entering, 6e-4);
    assert_eq!(ranks(&outcome.scores, true)[4], 1);
}

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
    let outcome = run("electre-1", &problem, &["normalisation=sum", "discordance=global-range"]);
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
    let Detail::Electre { concordance, discordance, kernel } = &outcome.detail else { panic!("ELECTRE I gives its relations") };
    for (found, expected) in [(concordance, expected_concordance), (discordance, expected_discordance)] {
        for (found, expected) in found.iter().zip(expected.as_flattened()) {
            match found {
                None => assert!(expected.is_nan()),
                Some(found) => assert!((found - expected).abs() < 1e-3, "{found} is not {expected}"),
            }
        }
    }
    assert_eq!(kernel, &[4]);
    near(output(&outcome, "kernel"), &[0.0, 0.0, 0.0, 0.0, 1.0, 0.0], 0.0);
}

/// By hand: each disadvantage over the range of its own criterion.
#[test]
fn electre_1_discordance_by_criterion_range() {
    let outcome = run("electre-1", &problem("+-", &[[10.0, 1.0], [0.0, 3.0], [4.0, 2.0]], [3.0, 1.0]), &[]);
    let Detail::Electre { concordance, discordance, kernel } = outcome.detail else { panic!("ELECTRE I gives its relations") };
    assert_eq!(concordance, [None, Some(1.0), Some(1.0), Some(0.0), None, Some(0.0), Some(0.0), Some(1.0), None]);
    assert_eq!(discordance, [None, Some(0.0), Some(0.0), Some(1.0), None, Some(0.5), Some(0.6), Some(0.0), None]);
    assert_eq!(kernel, [0]);
}

/// Ulutaş, A. et al. (2020). Development of a novel integrated CCSD-ITARA-MARCOS decision-making approach for stackers
/// selection in a logistics system. Mathematics 8(10), 1672.
#[test]
fn marcos_ulutas_2020_stackers() {
    let problem = problem(
        "-++++",
        &[
            [660.0, 1000.0, 1600.0, 18.0, 1200.0],
            [800.0, 1000.0, 1600.0, 24.0, 900.0],
            [980.0, 1000.0, 2500.0, 24.0, 900.0],
            [920.0, 1500.0, 1600.0, 24.0, 900.0],
            [1380.0, 1500.0, 1500.0, 24.0, 1150.0],
            [1230.0, 1000.0, 1600.0, 24.0, 1150.0],
            [680.0, 1500.0, 1600.0, 18.0, 1100.0],
            [960.0, 2000.0, 1600.0, 12.0, 1150.0],
        ],
        [0.1061, 0.3476, 0.333, 0.1185, 0.0949],
    );
    let outcome = run("marcos", &problem, &[]);
    near(&outcome.scores, &[0.5649, 0.5543, 0.641, 0.6174, 0.6016, 0.5453, 0.6282, 0.6543], 1e-4);
    ranked(&outcome, &[6, 7, 2, 4, 5, 8, 3, 1]);
}

/// Puška, A., Stojanović, I., Maksimović, A., Osmanović, N. (2020). Evaluation software of project management used
/// measurement of alternatives and ranking according to compromise solution (MARCOS) method. Operational Research in
/// Engineering Sciences 3(1), 89-102, as tested by JMcDM.
#[test]
fn marcos_puska_2020_project_management_software() {
    let rows = [
        [8.675, 8.433, 8.000, 7.800, 8.025, 8.043],
        [8.825, 8.600, 7.420, 7.463, 7.825, 8.229],
        [8.325, 7.600, 8.040, 7.700, 7.925, 7.600],
        [8.525, 8.667, 7.180, 7.375, 7.750, 8.071],
    ];
    let outcome = run("marcos", &problem("++++++", &rows, [0.19019, 0.15915, 0.19819, 0.19019, 0.15115, 0.11111]), &[]);
    near(&outcome.scores, &[0.684865943528, 0.672767106696, 0.662596906139, 0.661103207660], 1e-4);
    ranked(&outcome, &[1, 2, 3, 4]);
}

#[test]
fn spotis_dezert_2020_example_1() {
    let rows = [[10.5, -3.1, 1.7], [-4.7, 0.0, 3.4], [8.1, 0.3, 1.3], [3.2, 7.3, -5.3]];
    let bounds = [[-5.0, 12.0], [-6.0, 10.0], [-8.0, 5.0]];
    let outcome = run("spotis", &bounded("+-+", &rows, [0.2, 0.3, 0.5], Some(bounds)), &[]);
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
    let bounds = [[14000.0, 16000.0], [3.0, 8.0], [80.0, 140.0], [35.0, 60.0], [650.0, 1300.0]];
    let problem = bounded("---++", &rows, [5.0, 4.0, 4.0, 1.0, 3.0], Some(bounds));
    let outcome = run("spotis", &problem, &[]);
    near(&outcome.scores, &[0.4779, 0.5781, 0.5558, 0.5801], 1e-4);
    ranked(&outcome, &[1, 3, 2, 4]);
    let expected = ["expected.C1=15300", "expected.C2=4", "expected.C3=115", "expected.C4=50", "expected.C5=900"];
    near(&run("spotis", &problem, &expected).scores, &[0.1841, 0.0734, 0.0842, 0.1920], 1e-4);
}

/// Closed form: with anchors 0..10 the value is the share of the way from worst to best.
#[test]
fn value_between_and_beyond_fixed_anchors() {
    let rows = [[5.0, 2.0], [12.0, -1.0], [0.0, 10.0]];
    let problem = bounded("+-", &rows, [3.0, 1.0], Some([[0.0, 10.0], [0.0, 10.0]]));
    near(&run("value", &problem, &[]).scores, &[0.375 + 0.2, 1.0, 0.0], 1e-15);
    near(&run("value", &problem, &["clip=no"]).scores, &[0.575, 0.9 + 0.275, 0.0], 1e-15);
    assert!(run("value", &problem, &[]).warnings.is_empty());
}

/// Kendall's tau-b of 12, 2, 1, 12, 2 and 1, 4, 7, 1, 0, the example in the documentation of scipy.stats.kendalltau.
#[test]
fn tau_b_with_ties_scipy_documentation() {
    let found = weigh::rank::agreement::tau_b(&[12, 2, 1, 12, 2], &[1, 4, 7, 1, 0]).expect("neither ranking is all ties");
    assert!((found + 0.471_404_520_791_031_73).abs() < 1e-15, "{found}");
}

/// Siegel, S. (1956). Nonparametric Statistics for the Behavioral Sciences, three executives rank six applicants: W = .16.
#[test]
fn kendall_w_siegel_1956_executives() {
    let rankings = [vec![1, 6, 3, 2, 5, 4], vec![1, 5, 6, 4, 2, 3], vec![6, 3, 2, 5, 4, 1]];
    let w = weigh::rank::agreement::kendall_w(&rankings).expect("three rankings of six");
    assert!((w - 25.5 / 157.5).abs() < 1e-15, "{w}");
}

/// By hand: mean ranks 1.5, 1.5, 3 twice, and rank sums 3, 3, 6: all agree, so W is 1 once ties are taken out.
#[test]
fn kendall_w_corrects_for_ties() {
    let w = weigh::rank::agreement::kendall_w(&[vec![1, 1, 3], vec![1, 1, 3]]).expect("the rankings are not all ties");
    assert!((w - 1.0).abs() < 1e-15, "{w}");
    assert_eq!(weigh::rank::agreement::kendall_w(&[vec![1, 1], vec![1, 1]]), None);
    assert_eq!(weigh::rank::agreement::kendall_w(&[vec![1, 2]]), None);
    let opposite = weigh::rank::agreement::kendall_w(&[vec![1, 2, 3], vec![3, 2, 1]]);
    assert_eq!(opposite, Some(0.0));
}
