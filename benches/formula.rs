//! Formula columns against a plain interpreter that walks the formula for each row.
//!
//! `cargo bench --bench formula`; the target is at most 40 ns an evaluation on columns of 100,000 lanes.

use std::collections::BTreeMap;
use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use weigh::diagnostic::Diagnostics;
use weigh::formula::{
    Collection, CollectionField, CollectionMember, DefinedFunction, LookupTable, Operand, Program,
    Scope, Scratch, TextCodes, Type, compile, parse,
};
use weigh::quantity::unit::Units;
use weigh::source::Span;

#[path = "../tests/it/formula_language/naive.rs"]
mod naive;

const LANES: usize = 100_000;
const FORMULA: &str = "1/stability * (10 - team)/10 * 1/support + if(x > 3, 2, 1) * ln(1 + y)";
const YEARS: &str = "sum(t in 1..5: (x + y * t) / (1 + 5 %) ^ t)";
const TEAM: &str = "mean(p in people: 1 + (x - p.months) ^ 2 / (1 + y), weight: p.share)";

#[derive(Default)]
struct Numbers {
    units: Units,
    people: Collection,
}

impl Scope for Numbers {
    fn type_of(&self, _: &str) -> Option<Type> {
        Some(Type::PLAIN)
    }
    fn names(&self) -> Vec<&str> {
        Vec::new()
    }
    fn table(&self, _: &str) -> Option<&LookupTable> {
        None
    }
    fn function(&self, _: &str) -> Option<&DefinedFunction> {
        None
    }

    fn collection(&self, name: &str) -> Option<&Collection> {
        (name == "people").then_some(&self.people)
    }
    fn units(&self) -> &Units {
        &self.units
    }
}

fn scope() -> Numbers {
    let fields =
        ["months", "share"].map(|field| (field.to_owned(), CollectionField::Value(Type::PLAIN)));
    let members = (0..6).map(|at| CollectionMember {
        id: format!("m{at}"),
        keys: BTreeMap::new(),
        optional: false,
    });
    Numbers {
        units: Units::default(),
        people: Collection {
            fields: BTreeMap::from(fields),
            members: members.collect(),
        },
    }
}

/// Values between 1 and 9 without a pattern that a branch predictor could learn.
fn column(seed: u64) -> Vec<f64> {
    let mut state = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
    let mut next = || {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        1.0 + 8.0 * ((state >> 11) as f64 / (1_u64 << 53) as f64)
    };
    (0..LANES).map(|_| next()).collect()
}

fn columns(program: &Program) -> Vec<Vec<f64>> {
    (1..)
        .zip(program.inputs())
        .map(|(seed, _)| column(seed))
        .collect()
}

fn formulas(bench: &mut Criterion) {
    let scope = scope();
    for (name, text) in [
        ("article", FORMULA),
        ("five years", YEARS),
        ("six people", TEAM),
    ] {
        let (mut sink, mut words) = (Diagnostics::default(), TextCodes::default());
        let expr = parse(text, Span::default(), &mut sink).expect("the formula is well formed");
        let program =
            compile(&expr, &scope, &mut words, &mut sink).expect("the formula is well typed");
        let data = columns(&program);
        let mut group = bench.benchmark_group(name);
        group.throughput(Throughput::Elements(LANES as u64));

        let operands: Vec<_> = program
            .inputs()
            .iter()
            .zip(&data)
            .map(|(input, lanes)| {
                if input.starts_with("people.") {
                    Operand::Splat(lanes[0])
                } else {
                    Operand::Lanes(lanes)
                }
            })
            .collect();
        let (mut scratch, mut out) = (Scratch::default(), vec![0.0; LANES]);
        group.bench_function("columns", |bench| {
            bench.iter(|| {
                program.run(black_box(&operands), LANES, &mut scratch, &mut out);
                black_box(out[LANES - 1])
            });
        });

        let values: BTreeMap<_, _> = program
            .inputs()
            .iter()
            .map(|input| (input.clone(), 0.0))
            .collect();
        let mut row = naive::Row {
            scope: &scope,
            words: &words,
            values,
            variables: Vec::new(),
        };
        group.sample_size(10);
        group.bench_function("naive rows", |bench| {
            bench.iter(|| {
                for (lane, out) in out.iter_mut().enumerate() {
                    for (input, operand) in program.inputs().iter().zip(&operands) {
                        *row.values.get_mut(input).expect("every input has a value") = match operand
                        {
                            Operand::Splat(value) => *value,
                            Operand::Lanes(lanes) => lanes[lane],
                        };
                    }
                    *out = row.value(&expr);
                }
                black_box(out[LANES - 1])
            });
        });
        group.finish();
    }
}

criterion_group!(benches, formulas);
criterion_main!(benches);
