//! Prints a formula with the fewest brackets.

use std::fmt;

use super::ast::{
    ChainLink, Expr, ExprKind, Iteration, IterationSource, Operator, SpannedWord, precedence,
    split_name,
};
use super::lexer::is_bare_unit;

impl fmt::Display for Expr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.substitute(&|_| None))
    }
}

impl Expr {
    /// Returns the formula with values in place of names, as in `300 req/s * (1 + 30 %)`. Names for which `show` returns
    /// `None` and loop variables stay.
    #[must_use]
    pub fn substitute(&self, show: &dyn Fn(&str) -> Option<String>) -> String {
        let mut printer = Printer {
            show,
            variables: Vec::new(),
            out: String::new(),
        };
        printer.print_expr(self, precedence::OR);
        printer.out
    }
}

struct Printer<'a> {
    show: &'a dyn Fn(&str) -> Option<String>,
    variables: Vec<&'a str>,
    out: String,
}

impl<'a> Printer<'a> {
    fn write_str(&mut self, text: &str) {
        self.out.push_str(text);
    }

    /// Prints an expression, with brackets if it binds less tightly than `floor`.
    fn print_expr(&mut self, expr: &'a Expr, floor: u8) {
        let bracketed = precedence_of(expr) < floor;
        if bracketed {
            self.write_str("(");
        }
        self.print_unbracketed(expr, floor);
        if bracketed {
            self.write_str(")");
        }
    }

    fn print_unbracketed(&mut self, expr: &'a Expr, floor: u8) {
        match &expr.kind {
            ExprKind::Number { figure, unit } => self.print_number(*figure, unit.as_ref()),
            ExprKind::Flag(flag) => self.write_str(if *flag { "true" } else { "false" }),
            ExprKind::Text(text) => self.print_text(text),
            ExprKind::Date(date) => self.write_str(&format!("date(\"{date}\")")),
            ExprKind::Name(name) => self.print_name(name, floor),
            ExprKind::Negate(inner) => {
                self.write_str("-");
                self.print_expr(inner, precedence::NEGATE);
            }
            ExprKind::Not(inner) => {
                self.write_str("not ");
                self.print_expr(inner, precedence::NOT);
            }
            ExprKind::Chain { first, rest } => self.print_chain(first, rest),
            ExprKind::Among { value, words } => self.print_among(value, words),
            ExprKind::Call {
                function,
                arguments,
            } => self.print_list(function.word(), "(", arguments, ")"),
            ExprKind::Curve { table, arguments } => {
                self.print_list(&table.text, "(", arguments, ")")
            }
            ExprKind::Keyed { table, keys } => self.print_list(&table.text, "[", keys, "]"),
            ExprKind::Each(each) => self.print_iteration(each),
        }
    }

    fn print_number(&mut self, figure: f64, unit: Option<&SpannedWord>) {
        let written = format!("{figure:?}");
        self.write_str(written.strip_suffix(".0").unwrap_or(&written));
        if let Some(SpannedWord { text, .. }) = unit {
            self.write_str(" ");
            self.write_str(&if is_bare_unit(text) {
                text.clone()
            } else {
                format!("[{text}]")
            });
        }
    }

    fn print_text(&mut self, text: &str) {
        let quote = if text.contains('"') { "'" } else { "\"" };
        self.write_str(quote);
        self.write_str(text);
        self.write_str(quote);
    }

    /// Prints a name or its value. A value with a sign, or with a `/` in its unit next to a power or divisor, gets brackets.
    fn print_name(&mut self, name: &str, floor: u8) {
        let bound = self.variables.contains(&split_name(name).0);
        let figure = if bound { None } else { (self.show)(name) };
        let figure = figure.as_deref().unwrap_or(name);
        let signed = figure.starts_with(['-', '−']) && floor > precedence::OR;
        let divided = figure.contains('/')
            && (floor > precedence::POWER || self.out.ends_with("/ ") || self.out.ends_with("^ "));
        if signed || divided {
            self.write_str("(");
        }
        self.write_str(figure);
        if signed || divided {
            self.write_str(")");
        }
    }

    fn print_chain(&mut self, first: &'a Expr, rest: &'a [ChainLink]) {
        let precedence = rest
            .first()
            .map_or(precedence::ATOM, |link| link.operator.precedence());
        self.print_expr(
            first,
            if matches!(precedence, precedence::COMPARE | precedence::POWER) {
                precedence + 1
            } else {
                precedence
            },
        );
        for ChainLink {
            operator, right, ..
        } in rest
        {
            self.write_str(&format!(" {operator} "));
            // `a * -b` and `a ^ -b` need no bracket: after an operator a sign cannot be anything else.
            let signed = matches!(right.kind, ExprKind::Negate(_));
            self.print_expr(
                right,
                if signed || *operator == Operator::Pow {
                    precedence.min(precedence::NEGATE + u8::from(!signed))
                } else {
                    precedence + 1
                },
            );
        }
    }

    fn print_among(&mut self, value: &'a Expr, words: &[String]) {
        self.print_expr(value, precedence::COMPARE + 1);
        self.write_str(" in [");
        for (at, word) in words.iter().enumerate() {
            self.write_str(if at == 0 { "" } else { ", " });
            self.print_text(word);
        }
        self.write_str("]");
    }

    fn print_list(&mut self, head: &str, open: &str, parts: &'a [Expr], close: &str) {
        self.write_str(head);
        self.write_str(open);
        for (at, part) in parts.iter().enumerate() {
            self.write_str(if at == 0 { "" } else { ", " });
            self.print_expr(part, precedence::OR);
        }
        self.write_str(close);
    }

    fn print_iteration(&mut self, each: &'a Iteration) {
        self.write_str(&format!("{}({} in ", each.fold, each.variable.text));
        match &each.over {
            IterationSource::Named(word) => self.write_str(&word.text),
            IterationSource::Range { first, last } => {
                self.print_expr(first, precedence::OR);
                self.write_str("..");
                self.print_expr(last, precedence::OR);
            }
        }
        self.write_str(": ");
        self.variables.push(&each.variable.text);
        self.print_expr(&each.body, precedence::OR);
        if let Some(weight) = &each.weight {
            self.write_str(", weight: ");
            self.print_expr(weight, precedence::OR);
        }
        self.variables.pop();
        self.write_str(")");
    }
}

fn precedence_of(expr: &Expr) -> u8 {
    match &expr.kind {
        ExprKind::Negate(_) => precedence::NEGATE,
        ExprKind::Not(_) => precedence::NOT,
        ExprKind::Among { .. } => precedence::COMPARE,
        ExprKind::Chain { rest, .. } => rest
            .first()
            .map_or(precedence::ATOM, |link| link.operator.precedence()),
        _ => precedence::ATOM,
    }
}
