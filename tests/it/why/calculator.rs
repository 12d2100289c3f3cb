//! A pocket calculator for the page of `weigh why`.

use std::collections::BTreeMap;
use std::path::Path;

use weigh::diagnostic::Diagnostics;
use weigh::formula::{Collection, LookupTable, Scope, TextCodes, Type, compile, parse};
use weigh::load::{self, Choice};
use weigh::model::library::Library;
use weigh::quantity::date::Date;
use weigh::quantity::unit::Units;
use weigh::source::Span;

/// A calculator that knows the units and tables of a decision, and no other names.
pub(super) struct Calculator {
    library: Library,
}

impl Scope for Calculator {
    fn function(&self, _: &str) -> Option<&weigh::formula::DefinedFunction> {
        None
    }

    fn type_of(&self, _: &str) -> Option<Type> {
        None
    }
    fn names(&self) -> Vec<&str> {
        Vec::new()
    }
    fn table(&self, name: &str) -> Option<&LookupTable> {
        self.library.tables.get(name).map(|(_, table)| table)
    }
    fn collection(&self, _: &str) -> Option<&Collection> {
        None
    }
    fn units(&self) -> &Units {
        &self.library.units
    }
}

/// A part of a formula as the page prints it.
enum Piece {
    Text(String),
    /// A figure and what rounding may have taken from it.
    Figure(f64, f64),
}

/// Half of the last digit that [`weigh::view::figure::number`] shows.
fn rounding(figure: f64, written: &str) -> f64 {
    let decimals = written.split_once('.').map_or(0, |(_, after)| after.len());
    let shown = if figure == 0.0 {
        0.0
    } else if figure >= 999.5 {
        0.5
    } else {
        0.5 * 10_f64.powf(figure.log10().floor() - 2.0)
    };
    // Scores have three decimals.
    if decimals == 3 {
        shown.max(0.000_5)
    } else {
        shown
    }
}

impl Calculator {
    pub(super) fn new(path: &Path) -> Self {
        let choice = Choice::plain(Date::parse("2026-11-22").expect("a day"));
        let decision = load::decision(path, &choice).decision;
        Self {
            library: decision.expect("the decision is legal").library,
        }
    }

    fn is_unit(&self, word: &str) -> bool {
        word.starts_with(|c: char| c.is_alphabetic() || c == '%')
            && !matches!(word, "in" | "and" | "or")
            && self.library.units.parse(word).is_ok()
    }

    /// Splits a printed formula into figures and the rest, with units in brackets, dates and flags as the language writes them.
    fn pieces(&self, text: &str) -> Vec<Piece> {
        let mut pieces = Vec::new();
        let mut rest = text;
        let mut before = ' ';
        while let Some(c) = rest.chars().next() {
            let is_start = !before.is_alphanumeric() && !matches!(before, '_' | '.' | '-');
            let length = if c == '"' {
                rest[1..].find('"').map_or(rest.len(), |end| end + 2)
            } else if c.is_ascii_digit() && (is_start || before == '-') {
                let is_date = rest.len() >= 10
                    && rest.is_char_boundary(10)
                    && Date::parse(&rest[..10]).is_some();
                let length = if is_date { 10 } else { figure_length(rest) };
                if is_date {
                    pieces.push(Piece::Text(format!("date(\"{}\")", &rest[..10])));
                } else {
                    let written = &rest[..length];
                    let figure: f64 = written.replace(',', "").parse().expect("a figure");
                    pieces.push(Piece::Figure(figure, rounding(figure, written)));
                    let unit = rest[length..].strip_prefix(' ').unwrap_or_default();
                    let end = unit.find([' ', '(', ')', ',', ';', '[', ']']);
                    let unit = &unit[..end.unwrap_or(unit.len())];
                    if self.is_unit(unit) {
                        pieces.push(Piece::Text(format!(" [{unit}]")));
                        rest = &rest[length + 1 + unit.len()..];
                        before = ' ';
                        continue;
                    }
                }
                rest = &rest[length..];
                before = '0';
                continue;
            } else if c.is_alphabetic() {
                let end =
                    rest.find(|c: char| !c.is_alphanumeric() && !matches!(c, '_' | '.' | '-'));
                end.unwrap_or(rest.len())
            } else {
                c.len_utf8()
            };
            let word = match &rest[..length] {
                "yes" => "true",
                "no" => "false",
                other => other,
            };
            before = rest[..length].chars().last().unwrap_or(' ');
            pieces.push(Piece::Text(word.to_owned()));
            rest = &rest[length..];
        }
        pieces
    }

    fn value(&self, text: &str) -> Option<f64> {
        let (mut sink, mut words) = (Diagnostics::default(), TextCodes::default());
        let expr = parse(text, Span::default(), &mut sink)?;
        let program = compile(&expr, self, &mut words, &mut sink)?;
        let value = program.point(&[]);
        (!value.is_nan()).then_some(value)
    }

    /// The value of a printed formula and how far the rounding of its figures may take it; `None` if it is no arithmetic.
    fn evaluate(&self, text: &str) -> Option<(f64, f64)> {
        let pieces = self.pieces(text);
        let written = |moved: Option<(usize, f64)>| {
            let piece = |(at, piece): (usize, &Piece)| match (piece, moved) {
                (Piece::Text(text), _) => text.clone(),
                (Piece::Figure(figure, _), Some((own, by))) if own == at => {
                    format!("{}", figure + by)
                }
                (Piece::Figure(figure, _), _) => format!("{figure}"),
            };
            pieces.iter().enumerate().map(piece).collect::<String>()
        };
        let value = self.value(&written(None))?;
        let mut slack = 0.0;
        for (at, piece) in pieces.iter().enumerate() {
            if let Piece::Figure(_, half) = piece
                && *half > 0.0
            {
                let moved = [*half, -half].map(|by| self.value(&written(Some((at, by)))));
                let moved = moved
                    .into_iter()
                    .flatten()
                    .map(|other| (other - value).abs());
                slack += moved.fold(0.0, f64::max);
            }
        }
        Some((value, slack))
    }

    /// Returns whether two printed formulas are equal; `None` if one is no arithmetic.
    fn agree(&self, a: &str, b: &str) -> Option<bool> {
        let ((a, slack_a), (b, slack_b)) = (self.evaluate(a)?, self.evaluate(b)?);
        let slack = 1.1 * (slack_a + slack_b) + 1e-9 * a.abs().max(b.abs());
        Some((a - b).abs() <= slack)
    }
}

fn figure_length(text: &str) -> usize {
    let bytes = text.as_bytes();
    let digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
    let mut end = 0;
    while digit(end) {
        end += 1;
        let group = bytes.get(end) == Some(&b',') && (1..4).all(|at| digit(end + at));
        if group && !digit(end + 4) {
            end += 1;
        }
    }
    if bytes.get(end) == Some(&b'.') && digit(end + 1) {
        end += 1;
        while digit(end) {
            end += 1;
        }
    }
    let sign = usize::from(matches!(bytes.get(end + 1), Some(b'-' | b'+')));
    if bytes.get(end) == Some(&b'e') && digit(end + 1 + sign) {
        end += 1 + sign;
        while digit(end) {
            end += 1;
        }
    }
    end
}

/// What was recomputed on a page.
#[derive(Default)]
pub(super) struct Recomputed {
    pub(super) equations: usize,
    pub(super) faults: Vec<String>,
}

impl Recomputed {
    fn check(&mut self, calculator: &Calculator, sides: &[&str], line: &str) {
        let sides: Vec<&str> = sides
            .iter()
            .copied()
            .filter(|side| calculator.evaluate(side).is_some())
            .collect();
        for pair in sides.windows(2) {
            self.equations += 1;
            if calculator.agree(pair[0], pair[1]) != Some(true) {
                let found = calculator.evaluate(pair[0]);
                self.faults
                    .push(format!("{line}\n    {found:?} for {}", pair[0]));
            }
        }
    }
}

impl Recomputed {
    /// `6.7 % x 0.730 = 0.049`: a share has one decimal, the others have three.
    fn check_product(&mut self, product: &str, line: &str) {
        let figure = |text: &str| text.trim_end_matches(" %").parse::<f64>().ok();
        let sides = product
            .split_once(" x ")
            .and_then(|(share, rest)| Some((share, rest.split_once(" = ")?)));
        // `<0.1 % x ? = ?`
        let Some((share, (value, found))) = sides else {
            return;
        };
        if let (Some(share), Some(value), Some(found)) =
            (figure(share), figure(value), figure(found))
        {
            self.equations += 1;
            let slack = 0.000_5 * value.abs() + 0.000_5 * share / 100.0 + 0.000_6;
            if (share / 100.0 * value - found).abs() > slack {
                self.faults.push(line.to_owned());
            }
        }
    }
}

/// Recomputes every line of a page.
pub(super) fn recompute(calculator: &Calculator, page: &str) -> Recomputed {
    let mut done = Recomputed::default();
    // The value last shown at each depth, and the last line of its formula, if that is no arithmetic.
    let mut shown: BTreeMap<usize, (String, String)> = BTreeMap::new();
    let mut open: BTreeMap<usize, String> = BTreeMap::new();
    let mut follows_head = false;
    for raw in page.lines() {
        let depth = (raw.len() - raw.trim_start().len()) / 2;
        let line = raw.trim_start();
        let is_value = std::mem::take(&mut follows_head);
        if line.contains(" · ")
            || [
                "note: ",
                "scale: ",
                "after: ",
                "assumes: ",
                "run ",
                "$ ",
                "! ",
                "not known",
            ]
            .iter()
            .any(|start| line.starts_with(start))
        {
            continue;
        }
        if depth == 0 {
            if let Some((_, product)) = line.rsplit_once(")  ")
                && product.contains(" % x ")
            {
                follows_head = true;
                done.check_product(product, line);
            }
            continue;
        }
        let line = line.split("  ").next().unwrap_or_default();
        if is_value {
            let Some((_, working)) = line.split_once(": ") else {
                continue;
            };
            let before = done.equations;
            for equation in working.split("; ") {
                let (equation, held) = match equation.split_once(", held at ") {
                    Some((equation, held)) => (equation, Some(held)),
                    None => (equation, None),
                };
                let sides: Vec<&str> = equation.split(" = ").collect();
                done.check(calculator, &sides, line);
                if let (Some(held), Some(free)) = (held, sides.last()) {
                    let limited = format!("clamp({free}, 0, 1)");
                    done.check(calculator, &[&limited, held], line);
                }
            }
            let is_without = ["step", "levels", "?", "point", "logarithm"]
                .iter()
                .any(|word| line.contains(word));
            if before == done.equations && !is_without {
                done.faults.push(format!("no arithmetic: {line}"));
            }
            continue;
        }
        if let Some(formula) = line.strip_prefix("= ") {
            let (node, value) = shown.get(&(depth - 1)).cloned().unwrap_or_default();
            if calculator.evaluate(formula).is_some() {
                open.remove(&depth);
                done.check(
                    calculator,
                    &[formula, &value],
                    &format!("{node} = {value} = {formula}"),
                );
            } else if [value.as_str(), formula]
                .iter()
                .any(|text| text.contains('?'))
                || formula.contains("part")
            {
                // What is missing, or no number, has no arithmetic.
                open.remove(&depth);
            } else {
                open.insert(depth, format!("{node} = {formula}"));
            }
            continue;
        }
        let sides: Vec<&str> = line.split(" = ").collect();
        if sides.len() == 2 && calculator.evaluate(sides[0]).is_none() && !sides[0].contains('[') {
            // A new value: the formulas of the one before at this depth are complete.
            let left: Vec<usize> = open.range(depth + 1..).map(|(at, _)| *at).collect();
            done.faults
                .extend(left.iter().filter_map(|at| open.remove(at)));
            shown.insert(depth, (sides[0].to_owned(), sides[1].to_owned()));
        }
        let labelled = line.split_once(": ");
        let line = match labelled {
            Some((label, rest)) if label.contains(" = ") && !label.contains('(') => rest,
            _ => line,
        };
        for equation in line.split("; ") {
            let equation = equation.strip_prefix("weight ").unwrap_or(equation);
            let sides: Vec<&str> = equation.split(" = ").collect();
            done.check(calculator, &sides, raw.trim_start());
        }
    }
    done.faults.extend(open.into_values());
    done
}
