//! Speed of the questions that move one thing at a time: all weight and input break-evens of the authentication service.

use std::hint::black_box;
use std::path::Path;

use criterion::{Criterion, criterion_group, criterion_main};
use weigh::analysis::break_even::break_evens;
use weigh::analysis::stability::stability;
use weigh::analysis::tornado::tornado;
use weigh::analysis::value_of_information::{SAMPLES, value_of_information};
use weigh::eval::Plan;
use weigh::graph;
use weigh::load::{self, Choice};
use weigh::quantity::date::Date;
use weigh::rank::{Params, find};

fn auth_service(criterion: &mut Criterion) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/auth-service");
    let mut loaded = load::decision(
        &folder,
        &Choice::plain(Date::parse("2026-11-22").expect("a day of the calendar")),
    );
    let decision = loaded.decision.expect("the example can be read");
    let graph = graph::compile(&decision, &mut loaded.diagnostics).expect("the example compiles");
    let plan = Plan::new(&decision, &graph);
    let (shares, method, params) = (
        plan.shares(),
        find("value").expect("the default method exists"),
        Params::none(),
    );
    criterion.bench_function(
        "auth-service: all weight and input break-evens",
        |bencher| {
            bencher.iter(|| {
                let weights = stability(black_box(&plan), method, &params)
                    .expect("the additive model is always defined");
                (weights, break_evens(&plan, &shares))
            });
        },
    );
    criterion.bench_function("auth-service: tornado", |bencher| {
        bencher.iter(|| tornado(black_box(&plan), &shares))
    });
    let standing = weigh::analysis::standing::Standing::of(&plan, &shares);
    let mut group = criterion.benchmark_group("auth-service");
    group.sample_size(10);
    group.bench_function("value of information", |bencher| {
        bencher.iter(|| value_of_information(black_box(&plan), &standing, SAMPLES, 7));
    });
}

criterion_group!(benches, auth_service);
criterion_main!(benches);
