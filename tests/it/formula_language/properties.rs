//! What holds for every formula.

use std::collections::BTreeMap;

use proptest::prelude::*;
use weigh::diagnostic::Diagnostics;
use weigh::formula::{
    LookupTable, Operand, Scope, Scratch, TextCodes, Type, WorkingInput, WorkingMember,
    WorkingScope, compile, parse, work_out,
};
use weigh::quantity::unit::{Unit, Units};
use weigh::source::Span;

use super::naive::Row;
use super::world::World;

/// Writes well-typed formulas from bytes: the same bytes give the same formula, and fewer bytes a simpler one.
struct Writer<'a> {
    bytes: std::slice::Iter<'a, u8>,
    /// Variables of enclosing iterations that can stand for a number, with their field.
    numbers: Vec<String>,
    texts: Vec<String>,
    loops: usize,
    next: usize,
}

impl Writer<'_> {
    fn formula(bytes: &[u8]) -> String {
        let mut writer = Writer {
            bytes: bytes.iter(),
            numbers: Vec::new(),
            texts: Vec::new(),
            loops: 0,
            next: 0,
        };
        writer.number(5)
    }

    fn pick(&mut self, of: usize) -> usize {
        self.bytes.next().map_or(0, |&byte| usize::from(byte) % of)
    }

    fn one(&mut self, of: &[&str]) -> String {
        of[self.pick(of.len())].to_owned()
    }

    fn number(&mut self, depth: usize) -> String {
        let depth = depth.saturating_sub(1);
        match if depth == 0 {
            self.pick(3)
        } else {
            self.pick(16)
        } {
            0 => self.one(&["x", "y", "z", "latency / 1 s"]),
            1 => self.one(&["0", "1", "2", "0.5", "3 %", "1e200", "70"]),
            2 => match self.numbers.len() {
                0 => "x".to_owned(),
                n => {
                    let at = self.pick(n);
                    self.numbers[at].clone()
                }
            },
            3..=5 => {
                let (a, operator, b) = (
                    self.number(depth),
                    self.one(&["+", "-", "*", "/", "^"]),
                    self.number(depth),
                );
                let (a, b) = (self.bracketed(a), self.bracketed(b));
                format!("{a} {operator} {b}")
            }
            6 => format!("-({})", self.number(depth)),
            7 => format!(
                "if({}, {}, {})",
                self.flag(depth),
                self.number(depth),
                self.number(depth)
            ),
            8 => {
                let function = self.one(&[
                    "ln", "log10", "exp", "sqrt", "abs", "ceil", "floor", "round",
                ]);
                format!("{function}({})", self.number(depth))
            }
            9 => {
                let function = self.one(&["min", "max"]);
                format!("{function}({}, {})", self.number(depth), self.number(depth))
            }
            10 => format!(
                "clamp({}, {}, {})",
                self.number(depth),
                self.number(depth),
                self.number(depth)
            ),
            11 => match self.pick(3) {
                0 => format!("experience(({}) * 1 month)", self.number(depth)),
                1 => format!("slope({})", self.number(depth)),
                _ => format!("stairs({})", self.number(depth)),
            },
            12 => match self.pick(2) {
                0 => format!("transfer[{}, {}]", self.text(), self.text()),
                _ => format!("wage[{}] * 1 [person-h/EUR]", self.text()),
            },
            13 | 14 => self.over_team(depth),
            _ => self.over_years(depth),
        }
    }

    fn bracketed(&mut self, text: String) -> String {
        if text.contains(' ') || text.starts_with('-') {
            format!("({text})")
        } else {
            text
        }
    }

    fn flag(&mut self, depth: usize) -> String {
        let depth = depth.saturating_sub(1);
        match if depth == 0 {
            self.pick(3)
        } else {
            self.pick(7)
        } {
            0 => self.one(&["true", "false", "ready"]),
            1 => format!("{} in [\"go\", \"cobol\"]", self.text()),
            2 => format!("{} == {}", self.text(), self.text()),
            3 => format!("known({})", self.number(depth)),
            4 => format!("(not {})", self.flag(depth)),
            5 => {
                let (a, operator, b) =
                    (self.flag(depth), self.one(&["and", "or"]), self.flag(depth));
                format!("(({a}) {operator} ({b}))")
            }
            _ => {
                let (a, operator, b) = (
                    self.number(depth),
                    self.one(&["<", "<=", ">", ">=", "==", "!="]),
                    self.number(depth),
                );
                format!("({a}) {operator} ({b})")
            }
        }
    }

    fn text(&mut self) -> String {
        if let (Some(text), 0) = (self.texts.last().cloned(), self.pick(2)) {
            return text;
        }
        self.one(&["language", "licence", "\"go\"", "\"python\""])
    }

    fn fold(&mut self) -> String {
        self.one(&["sum", "mean", "min", "max"])
    }

    fn weight(&mut self, fold: &str, depth: usize) -> String {
        if fold == "mean" && self.pick(2) == 0 {
            format!(", weight: {}", self.number(depth))
        } else {
            String::new()
        }
    }

    fn over_team(&mut self, depth: usize) -> String {
        self.next += 1;
        let p = format!("p{}", self.next);
        let (numbers, texts) = (self.numbers.len(), self.texts.len());
        self.texts.push(format!("{p}.role"));
        self.numbers.push(format!("{p}.share"));
        let key = self.text();
        self.numbers.push(format!("({p}.skill[{key}] / 1 month)"));
        let written = match self.pick(3) {
            0 => format!("count({p} in team: {})", self.flag(depth)),
            1 => {
                let s = format!("s{}", self.next);
                self.texts.push(format!("{s}.key"));
                self.numbers.push(format!("({s}.value / 1 month)"));
                let inner = format!("{}({s} in {p}.skill: {})", self.fold(), self.number(depth));
                self.numbers.pop();
                self.texts.pop();
                format!("{}({p} in team: {inner})", self.fold())
            }
            _ => {
                let fold = self.fold();
                format!(
                    "{fold}({p} in team: {}{})",
                    self.number(depth),
                    self.weight(&fold, depth)
                )
            }
        };
        self.numbers.truncate(numbers);
        self.texts.truncate(texts);
        written
    }

    fn over_years(&mut self, depth: usize) -> String {
        if self.loops == 2 {
            return "x".to_owned();
        }
        let (first, last) = (
            self.one(&["1", "0", "x"]),
            self.one(&["3", "y", "z + 1", "horizon / 1 year"]),
        );
        self.loops += 1;
        self.next += 1;
        let t = format!("t{}", self.next);
        self.numbers.push(t.clone());
        let written = match self.pick(4) {
            0 => format!("count({t} in {first}..{last}: {})", self.flag(depth)),
            _ => {
                let fold = self.fold();
                format!(
                    "{fold}({t} in {first}..{last}: {}{})",
                    self.number(depth),
                    self.weight(&fold, depth)
                )
            }
        };
        self.numbers.pop();
        self.loops -= 1;
        written
    }
}

/// A value for an input: often missing or awkward. Texts are codes, flags 0 or 1.
fn awkward(input: &str, byte: u8) -> f64 {
    const NUMBERS: [f64; 12] = [
        f64::NAN,
        0.0,
        1.0,
        -1.0,
        2.0,
        0.5,
        3.0,
        1e-9,
        1e200,
        -2.5,
        7.0,
        40.0,
    ];
    match input {
        "ready" => [f64::NAN, 0.0, 1.0][usize::from(byte) % 3],
        "language" | "licence" => [f64::NAN, 0.0, 1.0, 2.0, 3.0][usize::from(byte) % 5],
        _ if input.ends_with(".role") => [f64::NAN, 0.0, 1.0, 2.0][usize::from(byte) % 4],
        "horizon" => f64::from(byte % 9) * super::world::YEAR,
        _ if input.contains(".skill.") => f64::from(byte % 40) * super::world::MONTH,
        _ => NUMBERS[usize::from(byte) % 12],
    }
}

/// The world at one point.
struct PointOf<'a> {
    world: &'a World,
    words: &'a TextCodes,
    values: BTreeMap<String, f64>,
}

impl WorkingScope for PointOf<'_> {
    fn function(&self, _: &str) -> Option<&weigh::formula::DefinedFunction> {
        None
    }

    fn input(&self, name: &str) -> Option<WorkingInput> {
        let field = name.rsplit('.').next().unwrap_or_default();
        let kind = match field {
            "role" => Type::Text,
            _ if name.contains(".skill.") => Type::Number(weigh::quantity::unit::Dimension::time()),
            _ => self.world.type_of(name).unwrap_or(Type::PLAIN),
        };
        Some(WorkingInput {
            value: self.values.get(name).copied().unwrap_or(f64::NAN),
            kind,
            unit: Unit::one(),
            shown: name.to_owned(),
        })
    }

    fn table(&self, name: &str) -> Option<&LookupTable> {
        self.world.table(name)
    }

    fn members(&self, collection: &str) -> Vec<WorkingMember> {
        let members = self.world.collection(collection).map(|c| &c.members);
        let members = members.into_iter().flatten();
        members
            .map(|member| WorkingMember {
                input: format!("{collection}.{}", member.id),
                name: member.id.clone(),
                keys: member.keys.clone().into_iter().collect(),
            })
            .collect()
    }

    fn absent(&self, _: &str, _: &str) -> Option<(f64, Unit)> {
        let month = self.world.units().parse("month").expect("a unit");
        Some((0.0, month))
    }

    fn words(&self) -> &TextCodes {
        self.words
    }

    fn units(&self) -> &Units {
        self.world.units()
    }

    fn show(&self, value: f64, _: &Type, _: &Unit) -> String {
        value.to_string()
    }
}

const LANES: usize = 530;

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    /// Columns give the same bits as the plainest interpreter, whichever inputs are the same in all lanes; a point is a
    /// column of one; a missing value has a reason; what is not used does not matter.
    #[test]
    fn columns_mean_what_the_shape_says(bytes in prop::collection::vec(any::<u8>(), 1..120), seed in any::<u64>()) {
        let text = Writer::formula(&bytes);
        let world = World::new();
        let (mut sink, mut words) = (Diagnostics::default(), TextCodes::default());
        for word in ["go", "python", "cobol", "MIT"] {
            words.code(word);
        }
        let expr = parse(&text, Span::default(), &mut sink).unwrap_or_else(|| panic!("{text}: {sink:?}"));
        let Some(program) = compile(&expr, &world, &mut words, &mut sink) else {
            prop_assert!(sink.sorted()[0].code == weigh::diagnostic::Code::FormulaTooLarge, "{text}: {sink:?}");
            return Ok(());
        };
        let byte = |input: usize, lane: usize| (seed.rotate_left(7 * input as u32) >> (lane % 40)) as u8 ^ (lane / 40) as u8;
        let columns: Vec<Vec<f64>> = program.inputs().iter().enumerate()
            .map(|(at, input)| (0..LANES).map(|lane| awkward(input, byte(at, lane))).collect()).collect();
        let operands: Vec<_> = columns.iter().enumerate()
            .map(|(at, column)| if seed >> at & 1 == 0 { Operand::Lanes(column) } else { Operand::Splat(column[0]) }).collect();
        let mut out = vec![0.0; LANES];
        program.run(&operands, LANES, &mut Scratch::default(), &mut out);
        for (lane, &found) in out.iter().enumerate().step_by(37) {
            let inputs: Vec<f64> = operands.iter().map(|o| match o { Operand::Splat(v) => *v, Operand::Lanes(l) => l[lane] }).collect();
            let values = program.inputs().iter().cloned().zip(inputs.iter().copied()).collect();
            let expected = Row { scope: &world, words: &words, values, variables: Vec::new() }.value(&expr);
            let same = |a: f64, b: f64| a.to_bits() == b.to_bits() || (a.is_nan() && b.is_nan());
            prop_assert!(same(found, expected), "{text} at {inputs:?}: {found}, not {expected}");
            prop_assert!(same(program.point(&inputs), expected), "{text} at the point {inputs:?}");
            prop_assert!(!found.is_infinite());
            prop_assert_eq!(program.undefined(&inputs).is_empty(), !found.is_nan(), "{} at {:?}", &text, &inputs);
            let used = program.used(&inputs);
            let others = |value: f64| inputs.iter().enumerate().map(|(at, &v)| if used.contains(&at) { v } else { value }).collect::<Vec<_>>();
            prop_assert!(same(program.point(&others(f64::NAN)), expected), "{text} rests on more than {used:?}");
            prop_assert!(same(program.point(&others(3.0)), expected), "{text} rests on more than {used:?}");
        }
    }

    /// A formula worked out step by step for a reader has the value that the program computes.
    #[test]
    fn the_working_adds_up_to_the_value(bytes in prop::collection::vec(any::<u8>(), 1..120), seed in any::<u64>()) {
        let text = Writer::formula(&bytes);
        let world = World::new();
        let (mut sink, mut words) = (Diagnostics::default(), TextCodes::default());
        for word in ["go", "python", "cobol", "MIT"] {
            words.code(word);
        }
        let expr = parse(&text, Span::default(), &mut sink).unwrap_or_else(|| panic!("{text}: {sink:?}"));
        let Some(program) = compile(&expr, &world, &mut words, &mut sink) else {
            return Ok(());
        };
        let values: BTreeMap<String, f64> = program.inputs().iter().enumerate()
            .map(|(at, input)| (input.clone(), awkward(input, seed.rotate_left(7 * at as u32) as u8))).collect();
        let inputs: Vec<f64> = program.inputs().iter().map(|input| values[input]).collect();
        let expected = program.point(&inputs);
        let found = work_out(&expr, &Unit::one(), &PointOf { world: &world, words: &words, values }).value;
        prop_assert!(found == expected || (found.is_nan() && expected.is_nan()), "{text} at {inputs:?}: {found}, not {expected}");
    }

    /// What is printed reads back as the same formula, and prints the same again.
    #[test]
    fn formulas_survive_printing(bytes in prop::collection::vec(any::<u8>(), 1..120)) {
        let mut sink = Diagnostics::default();
        let expr = parse(&Writer::formula(&bytes), Span::default(), &mut sink).expect("a well-formed formula");
        let printed = expr.to_string();
        let again = parse(&printed, Span::default(), &mut sink);
        prop_assert_eq!(again.as_ref(), Some(&expr), "{}", &printed);
        prop_assert_eq!(again.map(|again| again.to_string()), Some(printed));
    }

    /// Words of the language in any order: no panic, and what can be read survives printing.
    #[test]
    fn soup_is_survived(picks in prop::collection::vec(prop::sample::select(SOUP), 0..40)) {
        survives(&picks.join(" "))?;
        survives(&picks.concat())?;
    }

    /// Any text at all.
    #[test]
    fn any_text_is_survived(text in any::<String>()) {
        survives(&text)?;
    }

    /// Bytes that were never text, as they arrive after decoding.
    #[test]
    fn any_bytes_are_survived(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        survives(&String::from_utf8_lossy(&bytes))?;
    }
}

const SOUP: &[&str] = &[
    "x",
    "y",
    "team",
    "p",
    "p.share",
    "p.skill",
    "latency",
    "licence",
    "价格.节点",
    "1",
    "2.5",
    "1e3",
    "h",
    "%",
    "[h]",
    "\"go\"",
    "'a'",
    "+",
    "-",
    "*",
    "/",
    "^",
    "<",
    "<=",
    "==",
    "!=",
    "and",
    "or",
    "not",
    "!",
    "&&",
    "in",
    "(",
    ")",
    "[",
    "]",
    ",",
    ":",
    "..",
    "if",
    "if(",
    "min(",
    "sum(",
    "mean(",
    "count(",
    "sum(p in team:",
    "max(s in p.skill:",
    "sum(t in 1..3:",
    "t",
    "weight:",
    "experience(",
    "transfer[",
    "wage[",
    "known(",
    "date(",
    "date(\"2026-11-22\")",
    "true",
    "。",
    "（",
    "=",
];

fn survives(text: &str) -> Result<(), TestCaseError> {
    let mut sink = Diagnostics::default();
    let at = Span {
        end: u32::try_from(text.len()).expect("short"),
        ..Span::default()
    };
    let Some(expr) = parse(text, at, &mut sink) else {
        prop_assert!(sink.has_errors());
        return Ok(());
    };
    prop_assert!(sink.is_empty());
    let printed = expr.to_string();
    prop_assert_eq!(
        parse(&printed, Span::default(), &mut sink),
        Some(expr.clone()),
        "{} as {}",
        text,
        printed
    );
    let program = compile(&expr, &World::new(), &mut TextCodes::default(), &mut sink);
    prop_assert_eq!(program.is_some(), sink.is_empty());
    if let Some(program) = program {
        let inputs = vec![1.0; program.inputs().len()];
        prop_assert_eq!(
            program.undefined(&inputs).is_empty(),
            !program.point(&inputs).is_nan()
        );
    }
    Ok(())
}
