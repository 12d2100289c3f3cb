//! Splits a formula into tokens with their positions.

use super::ast::Operator;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::lang::Text;
use crate::quantity::unit::Units;
use crate::source::Span;
use crate::tr;

/// A token of a formula.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Token<'a> {
    Figure(f64),
    /// Follows the number that it belongs to.
    Unit(&'a str),
    Name(&'a str),
    Text(&'a str),
    Operator(Operator),
    /// `not`, `in`, brackets, `,`, `:`, `..`
    Sign(&'static str),
    /// Invalid input that was already reported; the parser reports nothing more about it.
    Stray,
    End,
}

/// A token and its byte range.
#[derive(Clone, Copy, Debug)]
pub(super) struct SpannedToken<'a> {
    pub(super) token: Token<'a>,
    pub(super) start: usize,
    pub(super) end: usize,
}

/// Diagnostics reported per formula; later ones are counted but dropped.
const MAX_MESSAGES: usize = 16;

/// Collects the diagnostics of one formula.
pub(super) struct Reporter<'s> {
    at: Span,
    sink: &'s mut Diagnostics,
    count: usize,
}

impl<'s> Reporter<'s> {
    pub(super) fn new(at: Span, sink: &'s mut Diagnostics) -> Self {
        Self { at, sink, count: 0 }
    }

    /// Returns the span of a byte range of the formula.
    pub(super) fn span(&self, start: usize, end: usize) -> Span {
        self.at.slice(start, end)
    }

    pub(super) fn push(&mut self, diagnostic: Diagnostic) {
        if self.count < MAX_MESSAGES {
            self.sink.push(diagnostic);
        }
        self.count += 1;
    }

    pub(super) fn push_syntax_error(
        &mut self,
        (start, end): (usize, usize),
        message: Text,
        hint: Option<Text>,
    ) {
        self.push(
            Diagnostic::new(Code::FormulaSyntax, self.span(start, end), message).maybe_hint(hint),
        );
    }

    pub(super) fn has_errors(&self) -> bool {
        self.count > 0
    }
}

/// Returns the tokens of a formula, [`Token::End`] last. Invalid input is reported and becomes [`Token::Stray`].
pub(super) fn lex<'a>(text: &'a str, report: &mut Reporter<'_>) -> Vec<SpannedToken<'a>> {
    let mut lexer = Lexer {
        text,
        at: 0,
        report,
        tokens: Vec::new(),
        units: Units::default(),
    };
    while let Some(c) = lexer.skip_space() {
        lexer.lex_token(c);
    }
    lexer.push(Token::End, text.len(), text.len());
    lexer.tokens
}

/// Returns whether a word may stand for a value in a body: a parameter or a loop variable.
#[must_use]
pub fn is_variable(word: &str) -> bool {
    let mut chars = word.chars();
    chars.next().is_some_and(|c| c.is_alphabetic() || c == '_')
        && chars.all(|c| c.is_alphanumeric() || c == '_')
        && !matches!(word, "true" | "false")
}

/// Returns whether a unit may follow a number without brackets.
pub(super) fn is_bare_unit(unit: &str) -> bool {
    bare_unit(unit, &Units::default()) == Some(unit.len())
}

struct Lexer<'a, 'r, 's> {
    text: &'a str,
    at: usize,
    report: &'r mut Reporter<'s>,
    tokens: Vec<SpannedToken<'a>>,
    units: Units,
}

/// Longest first, so that the first match is the right one.
const SIGNS: &[(&str, Token<'static>)] = &[
    ("..", Token::Sign("..")),
    ("<=", Token::Operator(Operator::Le)),
    (">=", Token::Operator(Operator::Ge)),
    ("==", Token::Operator(Operator::Eq)),
    ("!=", Token::Operator(Operator::Ne)),
    ("&&", Token::Operator(Operator::And)),
    ("||", Token::Operator(Operator::Or)),
    ("<", Token::Operator(Operator::Lt)),
    (">", Token::Operator(Operator::Gt)),
    ("+", Token::Operator(Operator::Add)),
    ("-", Token::Operator(Operator::Sub)),
    ("*", Token::Operator(Operator::Mul)),
    ("/", Token::Operator(Operator::Div)),
    ("^", Token::Operator(Operator::Pow)),
    ("!", Token::Sign("not")),
    ("(", Token::Sign("(")),
    (")", Token::Sign(")")),
    ("[", Token::Sign("[")),
    ("]", Token::Sign("]")),
    (",", Token::Sign(",")),
    (":", Token::Sign(":")),
];

/// Characters from input methods and other programming languages, with the sign that was meant.
const MISTYPED_SIGNS: &[(&str, &str)] = &[
    ("**", "^"),
    ("=", "=="),
    ("&", "&&"),
    ("|", "||"),
    ("（", "("),
    ("）", ")"),
    ("，", ","),
    ("、", ","),
    ("：", ":"),
    ("［", "["),
    ("］", "]"),
    ("【", "["),
    ("】", "]"),
    ("＋", "+"),
    ("－", "-"),
    ("−", "-"),
    ("×", "*"),
    ("＊", "*"),
    ("÷", "/"),
    ("／", "/"),
    ("＜", "<"),
    ("＞", ">"),
    ("＝", "=="),
    ("≤", "<="),
    ("≥", ">="),
    ("≠", "!="),
    ("！", "!"),
];

impl<'a> Lexer<'a, '_, '_> {
    fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    fn push(&mut self, token: Token<'a>, start: usize, end: usize) {
        self.tokens.push(SpannedToken { token, start, end });
        self.at = end;
    }

    fn skip_space(&mut self) -> Option<char> {
        self.at = self.text.len() - self.rest().trim_start().len();
        self.rest().chars().next()
    }

    fn lex_token(&mut self, c: char) {
        let start = self.at;
        if c.is_ascii_digit() {
            self.lex_number();
        } else if begins_name(c) {
            let name = leading_name(self.rest());
            self.push(
                keyword_token(name).unwrap_or(Token::Name(name)),
                start,
                start + name.len(),
            );
        } else if matches!(c, '"' | '\'' | '“' | '”' | '‘' | '’') {
            self.lex_quoted(c);
        } else if !self.lex_mistyped_sign() {
            match SIGNS.iter().find(|(sign, _)| self.rest().starts_with(sign)) {
                Some(&(sign, token)) => self.push(token, start, start + sign.len()),
                None => self.lex_stray(c),
            }
        }
    }

    /// Lexes a mistyped sign as the one that was meant and reports it. Returns whether there was one.
    fn lex_mistyped_sign(&mut self) -> bool {
        let proper = ["==", "&&", "||"]
            .iter()
            .any(|sign| self.rest().starts_with(sign));
        let Some(&(typed, sign)) = MISTYPED_SIGNS
            .iter()
            .find(|(typed, _)| !proper && self.rest().starts_with(typed))
        else {
            return false;
        };
        let (start, end) = (self.at, self.at + typed.len());
        let hint = tr!("type `{sign}`", "请输入 `{sign}`");
        self.report.push_syntax_error(
            (start, end),
            tr!(
                "`{typed}` is not valid in a formula",
                "公式中不使用 `{typed}`"
            ),
            Some(hint),
        );
        let token = SIGNS
            .iter()
            .find(|(word, _)| *word == sign)
            .expect("every replacement is a sign")
            .1;
        self.push(token, start, end);
        true
    }

    fn lex_stray(&mut self, c: char) {
        let (start, end) = (self.at, self.at + c.len_utf8());
        let hint = (c == '%').then(|| {
            tr!(
                "`%` is a unit and follows a number: `5 %`",
                "`%` 是单位，写在数字之后：`5 %`"
            )
        });
        let shown = if c.is_control() || !c.is_alphanumeric() && c.len_utf8() > 2 {
            format!("U+{:04X}", u32::from(c))
        } else {
            format!("`{c}`")
        };
        self.report.push_syntax_error(
            (start, end),
            tr!(
                "{shown} is not valid in a formula",
                "{shown} 在公式中没有意义"
            ),
            hint,
        );
        self.push(Token::Stray, start, end);
    }

    fn lex_quoted(&mut self, open: char) {
        let start = self.at;
        let body = start + open.len_utf8();
        let closes = |c: char| {
            if matches!(open, '"' | '\'') {
                c == open
            } else {
                matches!(c, '"' | '\'' | '”' | '’')
            }
        };
        let Some((length, close)) = self.text[body..].char_indices().find(|&(_, c)| closes(c))
        else {
            let message = tr!("unterminated text", "从此处开始的文本没有结束");
            self.report.push_syntax_error(
                (start, body),
                message,
                Some(tr!("close it with `{open}`", "请用 `{open}` 结束")),
            );
            return self.push(Token::Stray, start, self.text.len());
        };
        let (content, end) = (
            &self.text[body..body + length],
            body + length + close.len_utf8(),
        );
        if !matches!(open, '"' | '\'') {
            let hint = tr!("type `\"{content}\"`", "请输入 `\"{content}\"`");
            self.report.push_syntax_error(
                (start, end),
                tr!(
                    "`{open}` is not a valid quotation mark",
                    "`{open}` 不能用来引用文本"
                ),
                Some(hint),
            );
        }
        if let Some(at) = content.find(char::is_control) {
            let message = tr!(
                "text must not contain control characters",
                "文本中不能含有控制字符"
            );
            self.report
                .push_syntax_error((body + at, body + at + 1), message, None);
        }
        self.push(Token::Text(content), start, end);
    }

    fn lex_number(&mut self) {
        let start = self.at;
        let length = figure_length(self.rest());
        let written = &self.rest()[..length];
        let figure: f64 = written
            .replace('_', "")
            .parse()
            .expect("digits, a point and an exponent are a number");
        if !figure.is_finite() {
            self.report.push_syntax_error(
                (start, start + length),
                tr!("the number is too large", "数值过大"),
                None,
            );
        }
        self.push(Token::Figure(figure), start, start + length);
        if self.rest().starts_with('.')
            && self.rest()[1..].starts_with(|c: char| c.is_ascii_digit())
        {
            let end = self.at + 1 + figure_length(&self.rest()[1..]);
            let message = tr!("a number has one decimal point", "一个数只能有一个小数点");
            self.report.push_syntax_error((start, end), message, None);
            self.at = end;
        }
        self.lex_unit();
    }

    fn lex_unit(&mut self) {
        match self.skip_space() {
            Some('[') => self.lex_bracketed_unit(),
            Some(_) => {
                if let Some(length) = bare_unit(self.rest(), &self.units) {
                    self.push(
                        Token::Unit(&self.rest()[..length]),
                        self.at,
                        self.at + length,
                    );
                }
            }
            None => {}
        }
    }

    fn lex_bracketed_unit(&mut self) {
        let start = self.at;
        let body = &self.rest()[1..];
        let length = body
            .find(|c: char| c == ']' || c == '[' || c.is_control() || "\"',:()".contains(c))
            .unwrap_or(body.len());
        let unit = body[..length].trim();
        if !body[length..].starts_with(']') {
            let hint = tr!(
                "close the unit with `]`: `80 [EUR/person-h]`",
                "请用 `]` 结束单位：`80 [EUR/person-h]`"
            );
            self.report.push_syntax_error(
                (start, start + 1),
                tr!("unterminated unit", "从此处开始的单位没有结束"),
                Some(hint),
            );
            self.at = start + 1 + length;
        } else if unit.is_empty() {
            let hint = tr!(
                "write a unit, as in `80 [EUR/person-h]`, or nothing",
                "请写出单位，如 `80 [EUR/person-h]`，或不写"
            );
            self.report.push_syntax_error(
                (start, start + length + 2),
                tr!("there is no unit in the brackets", "方括号内没有单位"),
                Some(hint),
            );
            self.at = start + length + 2;
        } else {
            let lead = body.len() - body.trim_start().len();
            self.push(
                Token::Unit(unit),
                start + 1 + lead,
                start + 1 + lead + unit.len(),
            );
            self.at = start + length + 2;
        }
    }
}

fn begins_name(c: char) -> bool {
    c.is_alphabetic() || c == '_'
}

/// Returns the length in bytes of the word at the start.
fn word_length(text: &str) -> usize {
    if !text.starts_with(begins_name) {
        return 0;
    }
    text.find(|c: char| !c.is_alphanumeric() && c != '_')
        .unwrap_or(text.len())
}

/// Returns the length in bytes of a domain with its two colons at the start, as in `web-frameworks::orm`; 0 if there is none.
fn domain_length(text: &str) -> usize {
    let end = text
        .find(|c: char| !c.is_alphanumeric() && c != '_' && c != '-')
        .unwrap_or(text.len());
    match text[end..].strip_prefix("::") {
        Some(after) if end > 0 && after.starts_with(begins_name) => end + 2,
        _ => 0,
    }
}

/// Returns the dotted name at the start, with its domain if it has one.
fn leading_name(text: &str) -> &str {
    let domain = domain_length(text);
    let mut end = domain + word_length(&text[domain..]);
    while let Some(after) = text[end..].strip_prefix('.') {
        match word_length(after) {
            0 => break,
            length => end += 1 + length,
        }
    }
    &text[..end]
}

fn keyword_token(word: &str) -> Option<Token<'static>> {
    match word {
        "and" => Some(Token::Operator(Operator::And)),
        "or" => Some(Token::Operator(Operator::Or)),
        "not" => Some(Token::Sign("not")),
        "in" => Some(Token::Sign("in")),
        _ => None,
    }
}

/// Returns the length in bytes of a unit without brackets at the start: `%`, a word, or a known word with a hyphen.
fn bare_unit(text: &str, units: &Units) -> Option<usize> {
    if text.starts_with('%') {
        return Some(1);
    }
    let word = leading_name(text);
    if word.is_empty() || keyword_token(word).is_some() {
        return None;
    }
    let hyphenated = text[word.len()..]
        .strip_prefix('-')
        .map(word_length)
        .filter(|&length| length > 0);
    let whole = hyphenated
        .map(|length| word.len() + 1 + length)
        .filter(|&end| units.word(&text[..end]).is_some());
    Some(whole.unwrap_or(word.len()))
}

/// Returns the length in bytes of a number: digits, `_` between digits, a fraction, an exponent.
fn figure_length(text: &str) -> usize {
    let bytes = text.as_bytes();
    let digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
    let digits = |mut at: usize| {
        while digit(at) || (bytes.get(at) == Some(&b'_') && digit(at + 1)) {
            at += 1;
        }
        at
    };
    let mut end = digits(0);
    if bytes.get(end) == Some(&b'.') && digit(end + 1) {
        end = digits(end + 1);
    }
    if matches!(bytes.get(end), Some(b'e' | b'E')) {
        let sign = usize::from(matches!(bytes.get(end + 1), Some(b'+' | b'-')));
        if digit(end + 1 + sign) {
            end = digits(end + 1 + sign);
        }
    }
    end
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tokens(text: &str) -> Vec<Token<'_>> {
        let mut sink = Diagnostics::default();
        let tokens = lex(text, &mut Reporter::new(Span::default(), &mut sink));
        assert!(sink.is_empty(), "{text}: {sink:?}");
        tokens.iter().map(|spot| spot.token).collect()
    }

    #[test]
    fn numbers_units_and_ranges_are_separated() {
        use Token::{End, Figure, Name, Sign, Unit};
        assert_eq!(tokens("1..5"), [Figure(1.0), Sign(".."), Figure(5.0), End]);
        assert_eq!(tokens("1.5..n"), [Figure(1.5), Sign(".."), Name("n"), End]);
        assert_eq!(tokens("1_000 h"), [Figure(1000.0), Unit("h"), End]);
        assert_eq!(
            tokens("5e3 [ EUR/person-h ]"),
            [Figure(5000.0), Unit("EUR/person-h"), End]
        );
        assert_eq!(tokens("5%"), [Figure(5.0), Unit("%"), End]);
        assert_eq!(tokens("3年"), [Figure(3.0), Unit("年"), End]);
    }

    #[test]
    fn a_hyphen_is_part_of_a_unit_only_if_that_unit_exists() {
        use Token::{End, Figure, Name, Unit};
        let minus = Token::Operator(Operator::Sub);
        assert_eq!(
            tokens("5 person-days"),
            [Figure(5.0), Unit("person-days"), End]
        );
        assert_eq!(
            tokens("5 person-rate"),
            [Figure(5.0), Unit("person"), minus, Name("rate"), End]
        );
        assert_eq!(tokens("a-b.c"), [Name("a"), minus, Name("b.c"), End]);
    }

    #[test]
    fn keywords_have_operator_aliases() {
        assert_eq!(tokens("a && !b || c"), tokens("a and not b or c"));
        assert_eq!(tokens("价格.节点"), [Token::Name("价格.节点"), Token::End]);
    }
}
