//! Parses iterations and dates, which look like calls but have their own syntax.

use jiff::civil::Date;

use super::{Code, Diagnostic, Parser, SpannedToken, Token, precedence, tr};
use crate::formula::ast::{Expr, ExprKind, Fold, Iteration, IterationSource, SpannedWord};

impl<'a> Parser<'a, '_> {
    /// Returns whether `(p in team` follows; `(x in ["go"])` is an ordinary argument.
    pub(super) fn begins_iteration(&self) -> bool {
        matches!(self.peek_at(1), Token::Name(_))
            && self.peek_at(2) == Token::Sign("in")
            && self.peek_at(3) != Token::Sign("[")
    }

    pub(super) fn parse_iteration(&mut self, name: &'a str, start: SpannedToken<'a>) -> Expr {
        self.advance();
        let variable = self.parse_variable();
        self.advance();
        let fold = Fold::find(name);
        if fold.is_none() {
            let message = tr!("`{name}` cannot iterate", "`{name}` 不能用于遍历");
            let hint = tr!(
                "use sum, mean, min, max or count",
                "可用 sum、mean、min、max、count"
            );
            self.report
                .push(Diagnostic::new(Code::BadCall, self.span_of(start).0, message).hint(hint));
        }
        let over = self.parse_source();
        let body = if self.peek() == Token::Sign(")") {
            let hint = tr!(
                "as in `{name}(p in team: p.share)`",
                "例如 `{name}(p in team: p.share)`"
            );
            self.report_syntax(
                tr!(
                    "the expression to compute for each element is missing",
                    "缺少对每一项的计算"
                ),
                Some(hint),
            );
            self.placeholder()
        } else {
            if self.peek() == Token::Sign(",") {
                let hint = tr!(
                    "as in `{name}(p in team: p.share)`",
                    "例如 `{name}(p in team: p.share)`"
                );
                self.report_syntax(
                    tr!("expected `:`, found `,`", "应为 `:`，却是 `,`"),
                    Some(hint),
                );
                self.advance();
            } else {
                self.expect_sign(":");
            }
            self.parse_nested(|this| this.parse_expression(precedence::OR))
        };
        let weight = self.eat(Token::Sign(",")).then(|| self.parse_weight(fold));
        self.expect_sign(")");
        let each = Iteration {
            fold: fold.unwrap_or(Fold::Sum),
            variable,
            over,
            body,
            weight,
        };
        Expr {
            kind: ExprKind::Each(Box::new(each)),
            place: self.span_since(start.start),
        }
    }

    fn parse_variable(&mut self) -> SpannedWord {
        let here = self.current();
        let Token::Name(name) = here.token else {
            unreachable!("begins_iteration saw a name")
        };
        if name.contains('.') || name == "true" || name == "false" {
            let hint = tr!(
                "use a plain word, as in `p in team`",
                "请用一个简单的词，例如 `p in team`"
            );
            self.report_syntax(
                tr!("`{name}` cannot be a variable", "`{name}` 不能作为变量"),
                Some(hint),
            );
        }
        self.advance();
        SpannedWord {
            text: name.to_owned(),
            place: self.span_of(here),
        }
    }

    fn parse_source(&mut self) -> IterationSource {
        if let (Token::Name(name), Token::Sign(":" | ")" | ",")) = (self.peek(), self.peek_at(1)) {
            let here = self.take();
            return IterationSource::Named(SpannedWord {
                text: name.to_owned(),
                place: self.span_of(here),
            });
        }
        let first = self.parse_nested(|this| this.parse_expression(precedence::OR));
        self.expect_sign("..");
        let last = self.parse_nested(|this| this.parse_expression(precedence::OR));
        IterationSource::Range { first, last }
    }

    fn parse_weight(&mut self, fold: Option<Fold>) -> Expr {
        let here = self.current();
        if here.token != Token::Name("weight") || self.peek_at(1) != Token::Sign(":") {
            let hint = tr!(
                "only a weight may follow: `mean(p in team: ..., weight: p.share)`",
                "其后只能是权重：`mean(p in team: ..., weight: p.share)`"
            );
            self.report_syntax(
                tr!(
                    "an iteration computes one value per element",
                    "遍历对每一项只计算一个值"
                ),
                Some(hint),
            );
            self.skip_to_separator();
            return self.placeholder();
        }
        if fold.is_some_and(|fold| fold != Fold::Mean) {
            let hint = tr!(
                "multiply in the body: `sum(p in team: p.share * ...)`",
                "请在内部相乘：`sum(p in team: p.share * ...)`"
            );
            let message = tr!("only `mean` takes a weight", "只有 `mean` 可带权重");
            self.report
                .push(Diagnostic::new(Code::BadCall, self.span_of(here).0, message).hint(hint));
        }
        self.advance();
        self.advance();
        self.parse_nested(|this| this.parse_expression(precedence::OR))
    }

    pub(super) fn parse_date(&mut self, start: SpannedToken<'a>) -> Expr {
        self.advance();
        let here = self.current();
        let written = match here.token {
            Token::Text(written) => written,
            _ => {
                let hint = tr!(
                    "as in `date(\"2026-11-22\")`",
                    "例如 `date(\"2026-11-22\")`"
                );
                self.report_syntax(
                    tr!("a date is written in quotes", "日期须写在引号内"),
                    Some(hint),
                );
                self.skip_to_separator();
                self.eat(Token::Sign(")"));
                return self.placeholder();
            }
        };
        self.advance();
        self.expect_sign(")");
        let place = self.span_since(start.start);
        let Some(date) = read_date(written) else {
            let at = self.span_of(here);
            let message = tr!(
                "`{written}` is not a valid date",
                "`{written}` 不是日历中的日期"
            );
            let hint = tr!(
                "write it year-month-day: `date(\"2026-11-22\")`",
                "请按 年-月-日 书写：`date(\"2026-11-22\")`"
            );
            self.report
                .push(Diagnostic::new(Code::BadDate, at.0, message).hint(hint));
            return self.placeholder();
        };
        Expr {
            kind: ExprKind::Date(date),
            place,
        }
    }
}

/// Parses `2026-11-22`; `None` if that day does not exist.
fn read_date(written: &str) -> Option<Date> {
    let [year, month, day] = written.split('-').collect::<Vec<_>>().try_into().ok()?;
    let digits = |text: &str, length: usize| {
        text.len() == length && text.bytes().all(|b| b.is_ascii_digit())
    };
    if !(digits(year, 4) && digits(month, 2) && digits(day, 2)) {
        return None;
    }
    Date::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?).ok()
}
