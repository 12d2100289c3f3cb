//! Names to write formulas with: a few facts, three tables, a team of two.

use std::collections::{BTreeMap, BTreeSet};

use weigh::diagnostic::{Diagnostics, Style, render};
use weigh::formula::{
    Collection, CollectionField, CollectionMember, DefinedFunction, Expr, Interpolate, LookupTable,
    Operand, Program, Scope, Scratch, TextCodes, Type, check, compile, parse,
};
use weigh::lang::Lang;
use weigh::quantity::unit::{Unit, Units};
use weigh::source::{Sources, Span};

pub(crate) const YEAR: f64 = 365.25 * 86_400.0;
pub(crate) const MONTH: f64 = YEAR / 12.0;
pub(crate) const HOUR: f64 = 3_600.0;
pub(crate) const DAY: f64 = 86_400.0;

pub(crate) struct World {
    units: Units,
    values: BTreeMap<&'static str, Type>,
    tables: BTreeMap<&'static str, LookupTable>,
    team: Collection,
}

impl Scope for World {
    fn type_of(&self, name: &str) -> Option<Type> {
        self.values.get(name).cloned()
    }
    fn names(&self) -> Vec<&str> {
        self.values
            .keys()
            .chain(self.tables.keys())
            .copied()
            .chain(["team"])
            .collect()
    }
    fn table(&self, name: &str) -> Option<&LookupTable> {
        self.tables.get(name)
    }
    fn function(&self, _: &str) -> Option<&DefinedFunction> {
        None
    }

    fn collection(&self, name: &str) -> Option<&Collection> {
        (name == "team").then_some(&self.team)
    }
    fn units(&self) -> &Units {
        &self.units
    }
}

fn strings<const N: usize>(words: [&str; N]) -> Vec<String> {
    words.map(str::to_owned).to_vec()
}

impl World {
    pub(crate) fn new() -> Self {
        let mut units = Units::default();
        units.declare("story");
        let unit = |text: &str| units.parse(text).expect("a known unit");
        let number = |text: &str| Type::Number(unit(text).dimension().clone());
        let values = BTreeMap::from([
            ("x", Type::PLAIN),
            ("y", Type::PLAIN),
            ("z", Type::PLAIN),
            ("latency", number("ms")),
            ("horizon", number("year")),
            ("memory", number("MB")),
            ("workload.peak_rps", number("req/s")),
            ("goodput", number("req/s/core")),
            ("cores", number("core/node")),
            ("stories", number("story")),
            ("toil", number("person-h/month")),
            ("rate", number("EUR/person-h")),
            ("价格.节点", number("EUR/month")),
            ("licence", Type::Text),
            ("language", Type::Text),
            ("ready", Type::Flag),
            ("born", Type::Date),
        ]);
        let experience = [
            (2.0, 1.20),
            (6.0, 1.09),
            (12.0, 1.0),
            (36.0, 0.91),
            (72.0, 0.84),
        ];
        let curve = |x: Unit, points: &[(f64, f64)], interpolate| {
            let points = points.iter().map(|&(at, y)| (x.to_base(at), y)).collect();
            LookupTable::Curve {
                x,
                y: Unit::one(),
                points,
                interpolate,
            }
        };
        let transfer = [
            (["python", "go"], 0.4),
            (["go", "go"], 1.0),
            (["python", "python"], 1.0),
        ];
        let wage = [(["go"], 90.0 / HOUR), (["python"], 80.0 / HOUR)];
        let tables = BTreeMap::from([
            (
                "experience",
                curve(unit("month"), &experience, Interpolate::Log),
            ),
            (
                "slope",
                curve(
                    Unit::one(),
                    &[(0.0, 0.0), (10.0, 100.0)],
                    Interpolate::Linear,
                ),
            ),
            (
                "stairs",
                curve(Unit::one(), &[(1.0, 10.0), (2.0, 20.0)], Interpolate::Step),
            ),
            (
                "transfer",
                LookupTable::Keyed {
                    arity: 2,
                    rows: transfer.map(|(key, figure)| (strings(key), figure)).into(),
                    default: Some(0.1),
                    unit: Unit::one(),
                },
            ),
            (
                "wage",
                LookupTable::Keyed {
                    arity: 1,
                    rows: wage.map(|(key, figure)| (strings(key), figure)).into(),
                    default: None,
                    unit: unit("EUR/person-h"),
                },
            ),
        ]);
        let fields = BTreeMap::from([
            ("share".to_owned(), CollectionField::Value(Type::PLAIN)),
            ("role".to_owned(), CollectionField::Value(Type::Text)),
            ("joined".to_owned(), CollectionField::Value(Type::Date)),
            (
                "skill".to_owned(),
                CollectionField::Map {
                    value: number("month"),
                    absent: 0.0,
                },
            ),
        ]);
        let member = |id: &str, skills: Vec<String>| CollectionMember {
            id: id.to_owned(),
            keys: [("skill".to_owned(), skills)].into(),
            optional: false,
        };
        let members = vec![
            member("ann", strings(["go", "python"])),
            member("bo", strings(["python"])),
        ];
        Self {
            units,
            values,
            tables,
            team: Collection { fields, members },
        }
    }

    /// With nobody in the team.
    pub(crate) fn without_team(mut self) -> Self {
        self.team.members.clear();
        self
    }

    /// The value that a name of the team has unless a test says otherwise.
    fn of_team(input: &str) -> Option<f64> {
        Some(match input {
            "team.ann.share" => 1.0,
            "team.bo.share" => 0.5,
            "team.ann.skill.go" => 36.0 * MONTH,
            "team.ann.skill.python" => 12.0 * MONTH,
            "team.bo.skill.python" => 6.0 * MONTH,
            "team.ann.joined" => 0.0,
            "team.bo.joined" => 86_400.0,
            _ => return None,
        })
    }
}

/// A formula read and compiled, ready to be asked.
pub(crate) struct Formula {
    pub(crate) expr: Expr,
    pub(crate) program: Program,
    pub(crate) words: TextCodes,
    pub(crate) kind: Type,
}

impl Formula {
    pub(crate) fn new(text: &str) -> Self {
        Self::within(&World::new(), text)
    }

    pub(crate) fn within(world: &World, text: &str) -> Self {
        let (mut sink, mut words) = (Diagnostics::default(), TextCodes::default());
        let built = parse(text, Span::default(), &mut sink).and_then(|expr| {
            let kind = check(&expr, world, &mut sink)?;
            let program = compile(&expr, world, &mut words, &mut sink)?;
            Some((expr, program, kind))
        });
        let (expr, program, kind) = built.unwrap_or_else(|| panic!("{text}: {sink:?}"));
        Self {
            expr,
            program,
            words,
            kind,
        }
    }

    /// Values for the inputs: given, else the team's, else missing.
    pub(crate) fn inputs(&self, given: &[(&str, f64)]) -> Vec<f64> {
        let known: BTreeSet<_> = self.program.inputs().iter().map(String::as_str).collect();
        assert!(
            given.iter().all(|(name, _)| known.contains(name)),
            "inputs are {known:?}"
        );
        let value = |input: &String| {
            given
                .iter()
                .find(|(name, _)| name == input)
                .map(|&(_, value)| value)
        };
        let inputs = self.program.inputs().iter();
        inputs
            .map(|input| {
                value(input)
                    .or_else(|| World::of_team(input))
                    .unwrap_or(f64::NAN)
            })
            .collect()
    }

    /// The value, asked in three ways that must agree: as a point, as a splat, as lanes.
    pub(crate) fn at(&self, given: &[(&str, f64)]) -> f64 {
        let inputs = self.inputs(given);
        let point = self.program.point(&inputs);
        let splats: Vec<_> = inputs.iter().map(|&value| Operand::Splat(value)).collect();
        let columns: Vec<_> = inputs.iter().map(|&value| vec![value; 300]).collect();
        let lanes: Vec<_> = columns
            .iter()
            .map(|column| Operand::Lanes(column))
            .collect();
        let mut scratch = Scratch::default();
        for operands in [splats, lanes] {
            let mut out = [0.0; 300];
            self.program.run(&operands, 300, &mut scratch, &mut out);
            assert!(
                out.iter().all(|value| value.to_bits() == point.to_bits()
                    || (value.is_nan() && point.is_nan()))
            );
        }
        point
    }

    /// The names of the inputs that matter at a point.
    pub(crate) fn used(&self, given: &[(&str, f64)]) -> Vec<&str> {
        self.program
            .used(&self.inputs(given))
            .into_iter()
            .map(|at| self.program.inputs()[at].as_str())
            .collect()
    }

    /// Why there is no value, in words.
    pub(crate) fn undefined(&self, given: &[(&str, f64)]) -> Vec<String> {
        use weigh::formula::Undefined;
        let why = self
            .program
            .undefined(&self.inputs(given))
            .into_iter()
            .map(|why| match why {
                Undefined::Missing(at) => format!("missing {}", self.program.inputs()[at]),
                Undefined::Impossible { reason, .. } => reason.en,
            });
        why.collect()
    }
}

/// The value of a formula.
pub(crate) fn value(text: &str, given: &[(&str, f64)]) -> f64 {
    Formula::new(text).at(given)
}

/// What is said about a formula, drawn as a user sees it.
pub(crate) fn complaints(text: &str, lang: Lang) -> String {
    let mut sources = Sources::default();
    let id = sources.add("criteria/x.yaml", text);
    let at = Span {
        source: id,
        start: 0,
        end: u32::try_from(text.len()).expect("short"),
    };
    let mut sink = Diagnostics::default();
    if let Some(expr) = parse(text, at, &mut sink) {
        compile(&expr, &World::new(), &mut TextCodes::default(), &mut sink);
    }
    sink.sorted()
        .into_iter()
        .map(|d| render(d, &sources, Style { lang, color: false }) + "\n")
        .collect()
}
