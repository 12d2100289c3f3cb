//! Parses a formula into an [`Expr`] by operator precedence.
//!
//! From loose to tight: `or`, `and`, `not`, comparison and `in`, `+ -`, `* /`, unary `-`, `^` (right-associative). A comparison
//! does not chain. After an error the parser resumes at the next comma or bracket, so that one run reports all errors.

mod special;

use super::ast::{
    ChainLink, Expr, ExprKind, ExprSpan, Fold, Function, Operator, SpannedWord, rank,
};
use super::lexer::{Report, Spot, Token, lex};
use super::{DEEPEST, LONGEST};
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::lang::Text;
use crate::source::Span;
use crate::tr;

/// Reads a formula. `at` is where its bytes lie in their file, so that messages point there.
///
/// # Errors
/// `None` when something was reported to `sink`: `FormulaSyntax`, `FormulaTooLarge`, `BadDate` or `BadCall`.
///
/// ```
/// use weigh::{diagnostic::Diagnostics, formula::parse, source::Span};
/// let mut sink = Diagnostics::default();
/// let formula = parse("ceil(peak / (goodput*cores)) + 1", Span::default(), &mut sink).unwrap();
/// assert_eq!(formula.to_string(), "ceil(peak / (goodput * cores)) + 1");
/// ```
pub fn parse(text: &str, at: Span, sink: &mut Diagnostics) -> Option<Expr> {
    if text.chars().nth(LONGEST).is_some() {
        let message = tr!(
            "the formula has more than {LONGEST} characters",
            "公式超过 {LONGEST} 个字符"
        );
        sink.push(Diagnostic::new(Code::FormulaTooLarge, at, message).hint(split_it()));
        return None;
    }
    let mut report = Report::new(at, sink);
    let spots = lex(text, &mut report);
    let mut parser = Parser {
        spots,
        next: 0,
        depth: 0,
        report,
    };
    let expr = parser.whole();
    (!parser.report.failed()).then_some(expr)
}

pub(super) fn split_it() -> Text {
    tr!("split it into named formulas", "请拆分为多个具名公式")
}

struct Parser<'a, 's> {
    spots: Vec<Spot<'a>>,
    next: usize,
    depth: usize,
    report: Report<'s>,
}

impl<'a> Parser<'a, '_> {
    fn whole(&mut self) -> Expr {
        let expr = self.expression(rank::OR);
        while self.peek() != Token::End {
            self.unexpected_after_operand();
            if self.closes() {
                self.skip_one();
            }
            if self.begins_no_operand() {
                self.skip_one();
            }
            if !self.closes() && self.peek() != Token::End {
                self.expression(rank::OR);
            }
        }
        expr
    }

    // --- words ------------------------------------------------------------------------------------------------------

    fn spot(&self) -> Spot<'a> {
        self.spots[self.next]
    }

    fn peek(&self) -> Token<'a> {
        self.spot().token
    }

    fn peek_at(&self, ahead: usize) -> Token<'a> {
        self.spots
            .get(self.next + ahead)
            .map_or(Token::End, |spot| spot.token)
    }

    /// Takes the next word; the end is never passed.
    fn take(&mut self) -> Spot<'a> {
        let spot = self.spot();
        self.skip_one();
        spot
    }

    fn skip_one(&mut self) {
        self.next = (self.next + 1).min(self.spots.len() - 1);
    }

    fn eat(&mut self, token: Token<'_>) -> bool {
        let there = self.peek() == token;
        if there {
            self.skip_one();
        }
        there
    }

    /// The place from a first byte to the end of the last word taken.
    fn since(&self, start: usize) -> ExprSpan {
        let end = self.spots[self.next.saturating_sub(1)].end.max(start);
        ExprSpan(self.report.span(start, end))
    }

    fn place(&self, spot: Spot<'_>) -> ExprSpan {
        ExprSpan(self.report.span(spot.start, spot.end))
    }

    // --- mistakes ---------------------------------------------------------------------------------------------------

    fn complain(&mut self, message: Text, hint: Option<Text>) {
        let spot = self.spot();
        self.report.syntax((spot.start, spot.end), message, hint);
    }

    /// Goes to the next comma or closing bracket that belongs to the brackets we are in.
    fn recover(&mut self) {
        let mut open = 0_usize;
        loop {
            match self.peek() {
                Token::End => return,
                Token::Sign("(" | "[") => open += 1,
                Token::Sign(")" | "]") if open > 0 => open -= 1,
                Token::Sign(")" | "]" | "," | ":" | "..") if open == 0 => return,
                _ => {}
            }
            self.skip_one();
        }
    }

    fn closes(&self) -> bool {
        matches!(self.peek(), Token::Sign(")" | "]" | ","))
    }

    fn begins_no_operand(&self) -> bool {
        matches!(
            self.peek(),
            Token::Operator(_) | Token::Unit(_) | Token::Sign("in" | ":" | "..") | Token::End
        )
    }

    fn unexpected_after_operand(&mut self) {
        let found = shown(self.peek());
        match self.peek() {
            Token::Sign(")" | "]") => self.complain(
                tr!("this {found} closes nothing", "此 {found} 没有对应的左括号"),
                None,
            ),
            Token::Sign(",") => self.complain(
                tr!(
                    "a comma stands only between arguments",
                    "逗号只能用于分隔参数"
                ),
                None,
            ),
            _ => {
                let hint = tr!("multiplication is written `*`", "乘法写作 `*`");
                self.complain(
                    tr!(
                        "an operator is missing before {found}",
                        "{found} 之前缺少运算符"
                    ),
                    Some(hint),
                );
            }
        }
    }

    fn expect(&mut self, sign: &'static str) -> bool {
        if self.eat(Token::Sign(sign)) {
            return true;
        }
        if self.report.failed() && self.peek() == Token::End {
            return false;
        }
        let found = shown(self.peek());
        self.complain(
            tr!(
                "expected `{sign}`, found {found}",
                "此处应为 `{sign}`，却是 {found}"
            ),
            None,
        );
        self.recover();
        self.eat(Token::Sign(sign))
    }

    /// One level deeper, unless that is too deep: then the rest of the formula is left unread.
    fn deeper(&mut self, read: impl FnOnce(&mut Self) -> Expr) -> Expr {
        if self.depth == DEEPEST {
            let place = self.place(self.spot());
            let message = tr!(
                "the formula nests more than {DEEPEST} levels deep",
                "公式嵌套超过 {DEEPEST} 层"
            );
            self.report
                .push(Diagnostic::new(Code::FormulaTooLarge, place.0, message).hint(split_it()));
            self.next = self.spots.len() - 1;
            return self.placeholder();
        }
        self.depth += 1;
        let expr = read(self);
        self.depth -= 1;
        expr
    }

    /// Stands where nothing could be read; never leaves this file, since the mistake was reported.
    fn placeholder(&self) -> Expr {
        Expr {
            kind: ExprKind::Flag(false),
            place: self.place(self.spot()),
        }
    }

    // --- operators --------------------------------------------------------------------------------------------------

    /// Reads operators that bind at least as tightly as `floor`.
    fn expression(&mut self, floor: u8) -> Expr {
        let start = self.spot().start;
        let mut left = self.operand();
        let mut compared = false;
        loop {
            let rank = match self.peek() {
                Token::Operator(operator) => operator.rank(),
                Token::Sign("in") => rank::COMPARE,
                Token::Stray => {
                    self.pass_stray();
                    continue;
                }
                _ => return left,
            };
            if rank < floor {
                return left;
            }
            if rank == rank::COMPARE && compared {
                let hint = tr!("write `a < b and b < c`", "请写成 `a < b and b < c`");
                self.complain(
                    tr!("comparisons do not chain", "比较运算不能连写"),
                    Some(hint),
                );
            }
            compared = rank == rank::COMPARE;
            left = match self.peek() {
                Token::Operator(operator) => self.link(left, operator, start),
                _ => self.among(left, start),
            };
        }
    }

    fn link(&mut self, left: Expr, operator: Operator, start: usize) -> Expr {
        let spot = self.take();
        let right = match operator {
            Operator::Pow => self.deeper(|this| this.expression(rank::POWER)),
            _ => self.expression(operator.rank() + 1),
        };
        let link = ChainLink {
            operator,
            place: self.place(spot),
            right,
        };
        let (first, mut rest) = match left.kind {
            ExprKind::Chain { first, rest } if operator.continues(rest[0].operator) => {
                (first, rest)
            }
            kind => (
                Box::new(Expr {
                    kind,
                    place: left.place,
                }),
                Vec::new(),
            ),
        };
        rest.push(link);
        Expr {
            kind: ExprKind::Chain { first, rest },
            place: self.since(start),
        }
    }

    fn among(&mut self, value: Expr, start: usize) -> Expr {
        self.skip_one();
        let mut words = Vec::new();
        if !self.expect("[") {
            return value;
        }
        loop {
            match self.peek() {
                Token::Text(word) => words.push(word.to_owned()),
                _ => {
                    let hint = tr!(
                        "as in `language in [\"go\", \"rust\"]`",
                        "例如 `language in [\"go\", \"rust\"]`"
                    );
                    self.complain(
                        tr!(
                            "only quoted text can stand in this list",
                            "此列表中只能是带引号的文本"
                        ),
                        Some(hint),
                    );
                    self.recover();
                    self.eat(Token::Sign("]"));
                    return value;
                }
            }
            self.skip_one();
            if !self.eat(Token::Sign(",")) {
                break;
            }
        }
        self.expect("]");
        Expr {
            kind: ExprKind::Among {
                value: Box::new(value),
                words,
            },
            place: self.since(start),
        }
    }

    // --- operands ---------------------------------------------------------------------------------------------------

    fn operand(&mut self) -> Expr {
        let spot = self.spot();
        match spot.token {
            Token::Operator(Operator::Sub) => {
                self.skip_one();
                let inner = self.deeper(|this| this.expression(rank::NEGATE));
                Expr {
                    kind: ExprKind::Negate(Box::new(inner)),
                    place: self.since(spot.start),
                }
            }
            Token::Sign("not") => {
                self.skip_one();
                let inner = self.deeper(|this| this.expression(rank::NOT));
                Expr {
                    kind: ExprKind::Not(Box::new(inner)),
                    place: self.since(spot.start),
                }
            }
            Token::Sign("(") => {
                self.skip_one();
                let inner = self.deeper(|this| this.expression(rank::OR));
                self.expect(")");
                Expr {
                    kind: inner.kind,
                    place: self.since(spot.start),
                }
            }
            _ => self.atom(spot),
        }
    }

    fn atom(&mut self, spot: Spot<'a>) -> Expr {
        let kind = match spot.token {
            Token::Figure(figure) => {
                self.skip_one();
                ExprKind::Number {
                    figure,
                    unit: self.unit(),
                }
            }
            Token::Text(text) => {
                self.skip_one();
                ExprKind::Text(text.to_owned())
            }
            Token::Name(name) => {
                self.skip_one();
                return self.named(name, spot);
            }
            Token::Stray => {
                self.skip_one();
                return self.placeholder();
            }
            _ => {
                let found = shown(spot.token);
                self.complain(
                    tr!(
                        "expected a value, found {found}",
                        "此处应为值，却是 {found}"
                    ),
                    None,
                );
                self.recover_operand();
                return self.placeholder();
            }
        };
        Expr {
            kind,
            place: self.since(spot.start),
        }
    }

    /// After a missing operand: a stray operator is passed over, so that `a + * b` is one mistake.
    fn recover_operand(&mut self) {
        if matches!(self.peek(), Token::Operator(_) | Token::Sign("in")) {
            self.skip_one();
            if !self.begins_no_operand() {
                self.deeper(Self::operand);
            }
        } else {
            self.recover();
        }
    }

    /// Passes over what could not be read where an operator belongs, and the operand behind it.
    fn pass_stray(&mut self) {
        while self.eat(Token::Stray) {}
        if matches!(
            self.peek(),
            Token::Figure(_) | Token::Text(_) | Token::Name(_) | Token::Sign("(")
        ) {
            self.deeper(Self::operand);
        }
    }

    fn unit(&mut self) -> Option<SpannedWord> {
        let Token::Unit(unit) = self.peek() else {
            return None;
        };
        let spot = self.take();
        Some(SpannedWord {
            text: unit.to_owned(),
            place: self.place(spot),
        })
    }

    fn named(&mut self, name: &'a str, spot: Spot<'a>) -> Expr {
        let word = SpannedWord {
            text: name.to_owned(),
            place: self.place(spot),
        };
        let kind = match (self.peek(), name) {
            (Token::Sign("("), "date") => return self.date(spot),
            (Token::Sign("("), _) if self.begins_iteration() => return self.iteration(name, spot),
            (Token::Sign("("), _) => {
                self.skip_one();
                let arguments = self.arguments(")");
                match Function::find(name) {
                    Some(function) => ExprKind::Call {
                        function,
                        arguments,
                    },
                    None => self.other_call(word, arguments),
                }
            }
            (Token::Sign("["), _) => {
                self.skip_one();
                ExprKind::Keyed {
                    table: word,
                    keys: self.arguments("]"),
                }
            }
            (_, "true") => ExprKind::Flag(true),
            (_, "false") => ExprKind::Flag(false),
            _ => ExprKind::Name(word.text),
        };
        Expr {
            kind,
            place: self.since(spot.start),
        }
    }

    /// Arguments up to the closing bracket, of which there is at least one.
    fn arguments(&mut self, close: &'static str) -> Vec<Expr> {
        let mut all = Vec::new();
        if self.eat(Token::Sign(close)) {
            return all;
        }
        loop {
            all.push(self.deeper(|this| this.expression(rank::OR)));
            if !self.eat(Token::Sign(",")) {
                break;
            }
        }
        self.expect(close);
        all
    }

    fn other_call(&mut self, word: SpannedWord, arguments: Vec<Expr>) -> ExprKind {
        let name = &word.text;
        if Fold::find(name).is_some() {
            let message = tr!(
                "`{name}` goes through a team or a span of years",
                "`{name}` 用于遍历团队或年份"
            );
            let hint = tr!(
                "write `{name}(p in team: ...)` or `{name}(t in 1..5: ...)`",
                "请写成 `{name}(p in team: ...)` 或 `{name}(t in 1..5: ...)`"
            );
            self.report
                .push(Diagnostic::new(Code::BadCall, word.place.0, message).hint(hint));
        }
        ExprKind::Curve {
            table: word,
            arguments,
        }
    }
}

/// How a message names a word.
fn shown(token: Token<'_>) -> Text {
    match token {
        Token::Figure(figure) => tr!("the number {figure}", "数值 {figure}"),
        Token::Unit(word) | Token::Name(word) => tr!("`{word}`", "`{word}`"),
        Token::Text(word) => tr!("the text \"{word}\"", "文本 \"{word}\""),
        Token::Operator(operator) => tr!("`{operator}`", "`{operator}`"),
        Token::Sign(sign) => tr!("`{sign}`", "`{sign}`"),
        Token::Stray => tr!("a character that has no meaning", "无意义的字符"),
        Token::End => tr!("the end of the formula", "公式结尾"),
    }
}
