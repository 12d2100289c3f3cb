//! Prints a formula with no more brackets than needed.

use std::fmt;

use super::ast::{
    ChainLink, Expr, ExprKind, Iteration, IterationSource, Operator, SpannedWord, rank, split,
};
use super::lexer::is_bare_unit;

impl fmt::Display for Expr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.substitute(&|_| None))
    }
}

impl Expr {
    /// The formula with figures in place of names, as in `300 req/s * (1 + 30 %)`; a name for which `show` has nothing stays.
    /// Variables of iterations stay too, since they have no one value.
    #[must_use]
    pub fn substitute(&self, show: &dyn Fn(&str) -> Option<String>) -> String {
        let mut printer = Printer {
            show,
            variables: Vec::new(),
            out: String::new(),
        };
        printer.expr(self, rank::OR);
        printer.out
    }
}

struct Printer<'a> {
    show: &'a dyn Fn(&str) -> Option<String>,
    variables: Vec<&'a str>,
    out: String,
}

impl<'a> Printer<'a> {
    fn put(&mut self, text: &str) {
        self.out.push_str(text);
    }

    /// Prints a part in a place that takes what binds at least as tightly as `floor`.
    fn expr(&mut self, expr: &'a Expr, floor: u8) {
        let bracketed = rank_of(expr) < floor;
        if bracketed {
            self.put("(");
        }
        self.bare(expr, floor);
        if bracketed {
            self.put(")");
        }
    }

    fn bare(&mut self, expr: &'a Expr, floor: u8) {
        match &expr.kind {
            ExprKind::Number { figure, unit } => self.number(*figure, unit.as_ref()),
            ExprKind::Flag(flag) => self.put(if *flag { "true" } else { "false" }),
            ExprKind::Text(text) => self.text(text),
            ExprKind::Date(date) => self.put(&format!("date(\"{date}\")")),
            ExprKind::Name(name) => self.name(name, floor),
            ExprKind::Negate(inner) => {
                self.put("-");
                self.expr(inner, rank::NEGATE);
            }
            ExprKind::Not(inner) => {
                self.put("not ");
                self.expr(inner, rank::NOT);
            }
            ExprKind::Chain { first, rest } => self.chain(first, rest),
            ExprKind::Among { value, words } => self.among(value, words),
            ExprKind::Call {
                function,
                arguments,
            } => self.list(function.word(), "(", arguments, ")"),
            ExprKind::Curve { table, arguments } => self.list(&table.text, "(", arguments, ")"),
            ExprKind::Keyed { table, keys } => self.list(&table.text, "[", keys, "]"),
            ExprKind::Each(each) => self.each(each),
        }
    }

    fn number(&mut self, figure: f64, unit: Option<&SpannedWord>) {
        let written = format!("{figure:?}");
        self.put(written.strip_suffix(".0").unwrap_or(&written));
        if let Some(SpannedWord { text, .. }) = unit {
            self.put(" ");
            self.put(&if is_bare_unit(text) {
                text.clone()
            } else {
                format!("[{text}]")
            });
        }
    }

    fn text(&mut self, text: &str) {
        let quote = if text.contains('"') { "'" } else { "\"" };
        self.put(quote);
        self.put(text);
        self.put(quote);
    }

    /// A figure with a sign is bracketed like one, and `EUR/h` would swallow the power or the divisor beside it.
    fn name(&mut self, name: &str, floor: u8) {
        let bound = self.variables.contains(&split(name).0);
        let figure = if bound { None } else { (self.show)(name) };
        let figure = figure.as_deref().unwrap_or(name);
        let signed = figure.starts_with(['-', '−']) && floor > rank::OR;
        let divided = figure.contains('/')
            && (floor > rank::POWER || self.out.ends_with("/ ") || self.out.ends_with("^ "));
        if signed || divided {
            self.put("(");
        }
        self.put(figure);
        if signed || divided {
            self.put(")");
        }
    }

    fn chain(&mut self, first: &'a Expr, rest: &'a [ChainLink]) {
        let rank = rest.first().map_or(rank::ATOM, |link| link.operator.rank());
        self.expr(
            first,
            if matches!(rank, rank::COMPARE | rank::POWER) {
                rank + 1
            } else {
                rank
            },
        );
        for ChainLink {
            operator, right, ..
        } in rest
        {
            self.put(&format!(" {operator} "));
            // `a * -b` and `a ^ -b` need no bracket: after an operator a sign cannot be anything else.
            let signed = matches!(right.kind, ExprKind::Negate(_));
            self.expr(
                right,
                if signed || *operator == Operator::Pow {
                    rank.min(rank::NEGATE + u8::from(!signed))
                } else {
                    rank + 1
                },
            );
        }
    }

    fn among(&mut self, value: &'a Expr, words: &[String]) {
        self.expr(value, rank::COMPARE + 1);
        self.put(" in [");
        for (at, word) in words.iter().enumerate() {
            self.put(if at == 0 { "" } else { ", " });
            self.text(word);
        }
        self.put("]");
    }

    fn list(&mut self, head: &str, open: &str, parts: &'a [Expr], close: &str) {
        self.put(head);
        self.put(open);
        for (at, part) in parts.iter().enumerate() {
            self.put(if at == 0 { "" } else { ", " });
            self.expr(part, rank::OR);
        }
        self.put(close);
    }

    fn each(&mut self, each: &'a Iteration) {
        self.put(&format!("{}({} in ", each.fold, each.variable.text));
        match &each.over {
            IterationSource::Named(word) => self.put(&word.text),
            IterationSource::Range { first, last } => {
                self.expr(first, rank::OR);
                self.put("..");
                self.expr(last, rank::OR);
            }
        }
        self.put(": ");
        self.variables.push(&each.variable.text);
        self.expr(&each.body, rank::OR);
        if let Some(weight) = &each.weight {
            self.put(", weight: ");
            self.expr(weight, rank::OR);
        }
        self.variables.pop();
        self.put(")");
    }
}

fn rank_of(expr: &Expr) -> u8 {
    match &expr.kind {
        ExprKind::Negate(_) => rank::NEGATE,
        ExprKind::Not(_) => rank::NOT,
        ExprKind::Among { .. } => rank::COMPARE,
        ExprKind::Chain { rest, .. } => {
            rest.first().map_or(rank::ATOM, |link| link.operator.rank())
        }
        _ => rank::ATOM,
    }
}
