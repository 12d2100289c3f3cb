//! Every method under every option, on one matrix, against figures computed apart from this program: each formula was written anew,
//! loop by loop, as its source states it, and the same programs agreed with this one on 200 random problems (6,000 runs), apart
//! from kernels of relations with a circuit, which here counts as one candidate. Sources:
//! the citation of each method; for normalisations Jahan & Edwards (2015), for PROMETHEE's shapes Brans & Vincke (1985), table 1.

use weigh::rank::{Axis, Direction, Params, Problem, find};

/// Candidates by row; the second and fourth criterion are better the lower.
const ROWS: [[f64; 4]; 4] = [
    [3.5, 120.0, 0.8, 4.0],
    [2.0, 60.0, 0.5, 9.0],
    [5.0, 200.0, 0.65, 2.0],
    [4.2, 150.0, 0.9, 9.0],
];
const WEIGHTS: [f64; 4] = [0.4, 0.3, 0.2, 0.1];

type Case = (&'static str, &'static [&'static str], [f64; 4]);

#[rustfmt::skip]
const CASES: [Case; 26] = [
    ("weighted-sum", &["normalisation=max"], [0.657777777778, 0.593333333333, 0.734444444444, 0.678222222222]),
    ("weighted-sum", &["normalisation=minmax"], [0.592857142857, 0.300000000000, 0.575000000000, 0.600476190476]),
    ("weighted-sum", &["normalisation=sum"], [0.245274550011, 0.237301695798, 0.274006119194, 0.243417634997]),
    ("weighted-sum", &["normalisation=vector"], [0.535725036077, 0.442734074682, 0.523555456591, 0.517156626924]),
    ("weighted-sum", &["normalisation=none"], [-34.840000000000, -18.000000000000, -58.070000000000, -44.040000000000]),
    ("weighted-product", &["normalisation=max"], [0.641795567344, 0.530210402477, 0.652935897040, 0.609548771681]),
    ("weighted-product", &["normalisation=sum"], [0.244529327123, 0.202014472440, 0.248773883276, 0.232243035901]),
    ("weighted-product", &["normalisation=none"], [0.326802102698, 0.269982971555, 0.332474755105, 0.310382044405]),
    ("weighted-product", &["normalisation=vector"], [0.530449266891, 0.393356396865, 0.489211119090, 0.510126575334]),
    ("waspas", &["lambda=0"], [0.641795567344, 0.530210402477, 0.652935897040, 0.609548771681]),
    ("waspas", &["lambda=0.25"], [0.645791119952, 0.545991135191, 0.673313033891, 0.626717134316]),
    ("waspas", &["lambda=1"], [0.657777777778, 0.593333333333, 0.734444444444, 0.678222222222]),
    ("topsis", &["normalisation=vector"], [0.554499779150, 0.460155401131, 0.522140842917, 0.542474508237]),
    ("topsis", &["normalisation=minmax"], [0.560060537148, 0.395643923739, 0.563216875133, 0.605103046465]),
    ("topsis", &["normalisation=max"], [0.432737981253, 0.439800273304, 0.539491275054, 0.491591220142]),
    ("topsis", &["normalisation=sum"], [0.397468621853, 0.500822335450, 0.485310179977, 0.418930823751]),
    ("vikor", &["v=0"], [0.034482758621, 1.000000000000, 0.517241379310, 0.000000000000]),
    ("vikor", &["v=0.5"], [0.029919667741, 1.000000000000, 0.301013716597, 0.000000000000]),
    ("vikor", &["v=0.8"], [0.027181813214, 1.000000000000, 0.171277118968, 0.000000000000]),
    ("promethee", &["shape=usual", "q.C1=0.3", "q.C2=10", "q.C3=0.05", "q.C4=1", "p.C1=1.5", "p.C2=80", "p.C3=0.2", "p.C4=5", "s.C1=1", "s.C2=50", "s.C3=0.1", "s.C4=3"], [0.066666666667, -0.366666666667, 0.133333333333, 0.166666666667]),
    ("promethee", &["shape=u-shape", "q.C1=0.3", "q.C2=10", "q.C3=0.05", "q.C4=1", "p.C1=1.5", "p.C2=80", "p.C3=0.2", "p.C4=5", "s.C1=1", "s.C2=50", "s.C3=0.1", "s.C4=3"], [0.066666666667, -0.366666666667, 0.133333333333, 0.166666666667]),
    ("promethee", &["shape=v-shape", "q.C1=0.3", "q.C2=10", "q.C3=0.05", "q.C4=1", "p.C1=1.5", "p.C2=80", "p.C3=0.2", "p.C4=5", "s.C1=1", "s.C2=50", "s.C3=0.1", "s.C4=3"], [0.136944444444, -0.375000000000, 0.088611111111, 0.149444444444]),
    ("promethee", &["shape=level", "q.C1=0.3", "q.C2=10", "q.C3=0.05", "q.C4=1", "p.C1=1.5", "p.C2=80", "p.C3=0.2", "p.C4=5", "s.C1=1", "s.C2=50", "s.C3=0.1", "s.C4=3"], [0.066666666667, -0.300000000000, 0.083333333333, 0.150000000000]),
    ("promethee", &["shape=linear", "q.C1=0.3", "q.C2=10", "q.C3=0.05", "q.C4=1", "p.C1=1.5", "p.C2=80", "p.C3=0.2", "p.C4=5", "s.C1=1", "s.C2=50", "s.C3=0.1", "s.C4=3"], [0.159920634921, -0.373015873016, 0.073412698413, 0.139682539683]),
    ("promethee", &["shape=gaussian", "q.C1=0.3", "q.C2=10", "q.C3=0.05", "q.C4=1", "p.C1=1.5", "p.C2=80", "p.C3=0.2", "p.C4=5", "s.C1=1", "s.C2=50", "s.C3=0.1", "s.C4=3"], [0.136490792075, -0.347582307783, 0.054042152265, 0.157049363443]),
    ("marcos", &[], [0.594614872633, 0.536358685787, 0.663919646639, 0.613096145701]),
];

fn problem() -> Problem {
    let axes = (0..4).map(|k| {
        Axis::new(
            &format!("C{}", k + 1),
            if k % 2 == 0 {
                Direction::Max
            } else {
                Direction::Min
            },
        )
    });
    let values = (0..4)
        .flat_map(|k| ROWS.iter().map(move |row| row[k]))
        .collect();
    Problem::new(axes.collect(), 4, values, WEIGHTS.to_vec()).expect("the matrix is legal")
}

#[test]
fn every_option_of_every_method_agrees_with_figures_computed_apart() {
    let problem = problem();
    for (method, params, expected) in CASES {
        let given = Params::parse(params).expect("the pairs are well formed");
        let outcome = find(method)
            .expect("the method exists")
            .run(&problem, &given)
            .expect("the data allow it");
        for (found, wanted) in outcome.scores.iter().zip(expected) {
            assert!(
                (found - wanted).abs() < 1e-9 * wanted.abs().max(1.0),
                "{method} {params:?}: {found} is not {wanted}"
            );
        }
    }
}
