//! Parses a formula into an [`Expr`] by operator precedence.
//!
//! From loose to tight: `or`, `and`, `not`, comparison and `in`, `+ -`, `* /`, unary `-`, `^` (right-associative). A comparison
//! does not chain. After an error the parser resumes at the next comma or bracket, so that one run reports all errors.

mod special;

use super::ast::{
    ChainLink, Expr, ExprKind, ExprSpan, Fold, Function, Operator, SpannedWord, precedence,
};
use super::lexer::{Reporter, SpannedToken, Token, lex};
use super::{MAX_CHARACTERS, MAX_DEPTH};
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::lang::Text;
use crate::source::Span;
use crate::tr;

/// Parses a formula. `at` is its span in the source file, used in diagnostics.
///
/// # Errors
/// Returns `None` after reporting to `sink`: `FormulaSyntax`, `FormulaTooLarge`, `BadDate` or `BadCall`.
///
/// ```
/// use weigh_engine::{diagnostic::Diagnostics, formula::parse, source::Span};
/// let mut sink = Diagnostics::default();
/// let formula = parse("ceil(peak / (goodput*cores)) + 1", Span::default(), &mut sink).unwrap();
/// assert_eq!(formula.to_string(), "ceil(peak / (goodput * cores)) + 1");
/// ```
pub fn parse(text: &str, at: Span, sink: &mut Diagnostics) -> Option<Expr> {
    if text.chars().nth(MAX_CHARACTERS).is_some() {
        let message = tr!(
            "the formula has more than {MAX_CHARACTERS} characters",
            "公式超过 {MAX_CHARACTERS} 个字符"
        );
        sink.push(Diagnostic::new(Code::FormulaTooLarge, at, message).hint(split_formula_hint()));
        return None;
    }
    let mut report = Reporter::new(at, sink);
    let tokens = lex(text, &mut report);
    let mut parser = Parser {
        tokens,
        next: 0,
        depth: 0,
        report,
    };
    let expr = parser.parse_whole();
    (!parser.report.has_errors()).then_some(expr)
}

pub(super) fn split_formula_hint() -> Text {
    tr!("split it into named formulas", "请拆分为多个具名公式")
}

struct Parser<'a, 's> {
    tokens: Vec<SpannedToken<'a>>,
    next: usize,
    depth: usize,
    report: Reporter<'s>,
}

impl<'a> Parser<'a, '_> {
    fn parse_whole(&mut self) -> Expr {
        let expr = self.parse_expression(precedence::OR);
        while self.peek() != Token::End {
            self.unexpected_after_operand();
            if self.at_closing() {
                self.advance();
            }
            if self.at_non_operand() {
                self.advance();
            }
            if !self.at_closing() && self.peek() != Token::End {
                self.parse_expression(precedence::OR);
            }
        }
        expr
    }

    // --- tokens -----------------------------------------------------------------------------------------------------

    fn current(&self) -> SpannedToken<'a> {
        self.tokens[self.next]
    }

    fn peek(&self) -> Token<'a> {
        self.current().token
    }

    fn peek_at(&self, ahead: usize) -> Token<'a> {
        self.tokens
            .get(self.next + ahead)
            .map_or(Token::End, |here| here.token)
    }

    /// Returns the current token and advances, but never past the end.
    fn take(&mut self) -> SpannedToken<'a> {
        let here = self.current();
        self.advance();
        here
    }

    fn advance(&mut self) {
        self.next = (self.next + 1).min(self.tokens.len() - 1);
    }

    fn eat(&mut self, token: Token<'_>) -> bool {
        let there = self.peek() == token;
        if there {
            self.advance();
        }
        there
    }

    /// Returns the span from `start` to the end of the last token taken.
    fn span_since(&self, start: usize) -> ExprSpan {
        let end = self.tokens[self.next.saturating_sub(1)].end.max(start);
        ExprSpan(self.report.span(start, end))
    }

    fn span_of(&self, here: SpannedToken<'_>) -> ExprSpan {
        ExprSpan(self.report.span(here.start, here.end))
    }

    // --- errors -----------------------------------------------------------------------------------------------------

    fn report_syntax(&mut self, message: Text, hint: Option<Text>) {
        let here = self.current();
        self.report
            .push_syntax_error((here.start, here.end), message, hint);
    }

    /// Skips to the next separator or closing bracket at the current bracket depth.
    fn skip_to_separator(&mut self) {
        let mut open = 0_usize;
        loop {
            match self.peek() {
                Token::End => return,
                Token::Sign("(" | "[") => open += 1,
                Token::Sign(")" | "]") if open > 0 => open -= 1,
                Token::Sign(")" | "]" | "," | ":" | "..") if open == 0 => return,
                _ => {}
            }
            self.advance();
        }
    }

    fn at_closing(&self) -> bool {
        matches!(self.peek(), Token::Sign(")" | "]" | ","))
    }

    fn at_non_operand(&self) -> bool {
        matches!(
            self.peek(),
            Token::Operator(_) | Token::Unit(_) | Token::Sign("in" | ":" | "..") | Token::End
        )
    }

    fn unexpected_after_operand(&mut self) {
        let found = describe_token(self.peek());
        match self.peek() {
            Token::Sign(")" | "]") => self.report_syntax(
                tr!("unmatched {found}", "此 {found} 没有对应的左括号"),
                None,
            ),
            Token::Sign(",") => self.report_syntax(
                tr!(
                    "a comma is only allowed between arguments",
                    "逗号只能用于分隔参数"
                ),
                None,
            ),
            _ => {
                let hint = tr!("multiplication is written `*`", "乘法写作 `*`");
                self.report_syntax(
                    tr!(
                        "an operator is missing before {found}",
                        "{found} 之前缺少运算符"
                    ),
                    Some(hint),
                );
            }
        }
    }

    fn expect_sign(&mut self, sign: &'static str) -> bool {
        if self.eat(Token::Sign(sign)) {
            return true;
        }
        if self.report.has_errors() && self.peek() == Token::End {
            return false;
        }
        let found = describe_token(self.peek());
        self.report_syntax(
            tr!(
                "expected `{sign}`, found {found}",
                "此处应为 `{sign}`，却是 {found}"
            ),
            None,
        );
        self.skip_to_separator();
        self.eat(Token::Sign(sign))
    }

    /// Parses one nesting level deeper. At [`MAX_DEPTH`] it reports an error and skips the rest of the formula.
    fn parse_nested(&mut self, read: impl FnOnce(&mut Self) -> Expr) -> Expr {
        if self.depth == MAX_DEPTH {
            let place = self.span_of(self.current());
            let message = tr!(
                "the formula nests more than {MAX_DEPTH} levels deep",
                "公式嵌套超过 {MAX_DEPTH} 层"
            );
            self.report.push(
                Diagnostic::new(Code::FormulaTooLarge, place.0, message).hint(split_formula_hint()),
            );
            self.next = self.tokens.len() - 1;
            return self.placeholder();
        }
        self.depth += 1;
        let expr = read(self);
        self.depth -= 1;
        expr
    }

    /// Returns a stand-in for an invalid expression. It never leaves the parser, because the error was reported.
    fn placeholder(&self) -> Expr {
        Expr {
            kind: ExprKind::Flag(false),
            place: self.span_of(self.current()),
        }
    }

    // --- operators --------------------------------------------------------------------------------------------------

    /// Parses operators that bind at least as tightly as `floor`.
    fn parse_expression(&mut self, floor: u8) -> Expr {
        let start = self.current().start;
        let mut left = self.parse_operand();
        let mut compared = false;
        loop {
            let precedence = match self.peek() {
                Token::Operator(operator) => operator.precedence(),
                Token::Sign("in") => precedence::COMPARE,
                Token::Stray => {
                    self.skip_stray();
                    continue;
                }
                _ => return left,
            };
            if precedence < floor {
                return left;
            }
            if precedence == precedence::COMPARE && compared {
                let hint = tr!("write `a < b and b < c`", "请写成 `a < b and b < c`");
                self.report_syntax(
                    tr!("comparisons cannot be chained", "比较运算不能连写"),
                    Some(hint),
                );
            }
            compared = precedence == precedence::COMPARE;
            left = match self.peek() {
                Token::Operator(operator) => self.parse_link(left, operator, start),
                _ => self.parse_among(left, start),
            };
        }
    }

    fn parse_link(&mut self, left: Expr, operator: Operator, start: usize) -> Expr {
        let here = self.take();
        let right = match operator {
            Operator::Pow => self.parse_nested(|this| this.parse_expression(precedence::POWER)),
            _ => self.parse_expression(operator.precedence() + 1),
        };
        let link = ChainLink {
            operator,
            place: self.span_of(here),
            right,
        };
        let (first, mut rest) = match left.kind {
            ExprKind::Chain { first, rest } if operator.chains_after(rest[0].operator) => {
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
            place: self.span_since(start),
        }
    }

    fn parse_among(&mut self, value: Expr, start: usize) -> Expr {
        self.advance();
        let mut words = Vec::new();
        if !self.expect_sign("[") {
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
                    self.report_syntax(
                        tr!(
                            "this list accepts only quoted text",
                            "此列表中只能是带引号的文本"
                        ),
                        Some(hint),
                    );
                    self.skip_to_separator();
                    self.eat(Token::Sign("]"));
                    return value;
                }
            }
            self.advance();
            if !self.eat(Token::Sign(",")) {
                break;
            }
        }
        self.expect_sign("]");
        Expr {
            kind: ExprKind::Among {
                value: Box::new(value),
                words,
            },
            place: self.span_since(start),
        }
    }

    // --- operands ---------------------------------------------------------------------------------------------------

    fn parse_operand(&mut self) -> Expr {
        let here = self.current();
        match here.token {
            Token::Operator(Operator::Sub) => {
                self.advance();
                let inner = self.parse_nested(|this| this.parse_expression(precedence::NEGATE));
                Expr {
                    kind: ExprKind::Negate(Box::new(inner)),
                    place: self.span_since(here.start),
                }
            }
            Token::Sign("not") => {
                self.advance();
                let inner = self.parse_nested(|this| this.parse_expression(precedence::NOT));
                Expr {
                    kind: ExprKind::Not(Box::new(inner)),
                    place: self.span_since(here.start),
                }
            }
            Token::Sign("(") => {
                self.advance();
                let inner = self.parse_nested(|this| this.parse_expression(precedence::OR));
                self.expect_sign(")");
                Expr {
                    kind: inner.kind,
                    place: self.span_since(here.start),
                }
            }
            _ => self.parse_atom(here),
        }
    }

    fn parse_atom(&mut self, here: SpannedToken<'a>) -> Expr {
        let kind = match here.token {
            Token::Figure(figure) => {
                self.advance();
                ExprKind::Number {
                    figure,
                    unit: self.parse_unit(),
                }
            }
            Token::Text(text) => {
                self.advance();
                ExprKind::Text(text.to_owned())
            }
            Token::Name(name) => {
                self.advance();
                return self.parse_named(name, here);
            }
            Token::Stray => {
                self.advance();
                return self.placeholder();
            }
            _ => {
                let found = describe_token(here.token);
                self.report_syntax(
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
            place: self.span_since(here.start),
        }
    }

    /// Recovers from a missing operand. Skips an extra operator, so that `a + * b` is a single error.
    fn recover_operand(&mut self) {
        if matches!(self.peek(), Token::Operator(_) | Token::Sign("in")) {
            self.advance();
            if !self.at_non_operand() {
                self.parse_nested(Self::parse_operand);
            }
        } else {
            self.skip_to_separator();
        }
    }

    /// Skips invalid tokens where an operator is expected, and the operand that follows.
    fn skip_stray(&mut self) {
        while self.eat(Token::Stray) {}
        if matches!(
            self.peek(),
            Token::Figure(_) | Token::Text(_) | Token::Name(_) | Token::Sign("(")
        ) {
            self.parse_nested(Self::parse_operand);
        }
    }

    fn parse_unit(&mut self) -> Option<SpannedWord> {
        let Token::Unit(unit) = self.peek() else {
            return None;
        };
        let here = self.take();
        Some(SpannedWord {
            text: unit.to_owned(),
            place: self.span_of(here),
        })
    }

    fn parse_named(&mut self, name: &'a str, here: SpannedToken<'a>) -> Expr {
        let word = SpannedWord {
            text: name.to_owned(),
            place: self.span_of(here),
        };
        let kind = match (self.peek(), name) {
            (Token::Sign("("), "date") => return self.parse_date(here),
            (Token::Sign("("), _) if self.begins_iteration() => {
                return self.parse_iteration(name, here);
            }
            (Token::Sign("("), _) => {
                self.advance();
                let arguments = self.parse_arguments(")");
                match Function::find(name) {
                    Some(function) => ExprKind::Call {
                        function,
                        arguments,
                    },
                    None => self.parse_curve_call(word, arguments),
                }
            }
            (Token::Sign("["), _) => {
                self.advance();
                ExprKind::Keyed {
                    table: word,
                    keys: self.parse_arguments("]"),
                }
            }
            (_, "true") => ExprKind::Flag(true),
            (_, "false") => ExprKind::Flag(false),
            _ => ExprKind::Name(word.text),
        };
        Expr {
            kind,
            place: self.span_since(here.start),
        }
    }

    /// Parses comma-separated arguments up to `close`.
    fn parse_arguments(&mut self, close: &'static str) -> Vec<Expr> {
        let mut all = Vec::new();
        if self.eat(Token::Sign(close)) {
            return all;
        }
        loop {
            all.push(self.parse_nested(|this| this.parse_expression(precedence::OR)));
            if !self.eat(Token::Sign(",")) {
                break;
            }
        }
        self.expect_sign(close);
        all
    }

    fn parse_curve_call(&mut self, word: SpannedWord, arguments: Vec<Expr>) -> ExprKind {
        let name = &word.text;
        if Fold::find(name).is_some() {
            let message = tr!(
                "`{name}` iterates over a team or a range of years",
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

/// Describes a token in a message.
fn describe_token(token: Token<'_>) -> Text {
    match token {
        Token::Figure(figure) => tr!("the number {figure}", "数值 {figure}"),
        Token::Unit(word) | Token::Name(word) => tr!("`{word}`", "`{word}`"),
        Token::Text(word) => tr!("the text \"{word}\"", "文本 \"{word}\""),
        Token::Operator(operator) => tr!("`{operator}`", "`{operator}`"),
        Token::Sign(sign) => tr!("`{sign}`", "`{sign}`"),
        Token::Stray => tr!("an invalid character", "无意义的字符"),
        Token::End => tr!("the end of the formula", "公式结尾"),
    }
}
