//! The syntax tree of a formula.
//!
//! Two formulas are equal if they read the same; their position ([`ExprSpan`]) is ignored.

use std::fmt;

use jiff::civil::Date;

use crate::source::Span;

/// The position of an expression. All positions compare equal, so that formulas compare by content.
#[derive(Clone, Copy, Debug, Default)]
pub struct ExprSpan(pub Span);

impl PartialEq for ExprSpan {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

/// A formula or a part of one.
#[derive(Clone, Debug, PartialEq)]
pub struct Expr {
    pub kind: ExprKind,
    /// Includes the outer brackets.
    pub place: ExprSpan,
}

/// The kinds of expressions.
#[derive(Clone, Debug, PartialEq)]
pub enum ExprKind {
    /// `5`, `8 h`, `80 [EUR/person-h]`: never negative.
    Number {
        figure: f64,
        unit: Option<SpannedWord>,
    },
    /// `true`, `false`.
    Flag(bool),
    /// `"MIT"`.
    Text(String),
    /// `date("2026-11-22")`.
    Date(Date),
    /// `workload.peak_rps`, or `p.share` of an iteration's variable.
    Name(String),
    /// `-x`.
    Negate(Box<Expr>),
    /// `not x`.
    Not(Box<Expr>),
    /// `a + b - c`: operators of equal precedence, from left to right. A comparison and a power have one link.
    Chain {
        first: Box<Expr>,
        /// Never empty.
        rest: Vec<ChainLink>,
    },
    /// `x in ["go", "rust"]`.
    Among {
        value: Box<Expr>,
        /// The accepted texts; never empty.
        words: Vec<String>,
    },
    /// `min(a, b)`, `if(c, a, b)`, `known(x)`.
    Call {
        function: Function,
        /// [`check`](super::check()) checks their number.
        arguments: Vec<Expr>,
    },
    /// `name(x)`: a lookup in a curve.
    Curve {
        table: SpannedWord,
        /// [`check`](super::check()) requires exactly one.
        arguments: Vec<Expr>,
    },
    /// `name[a]`, `name[a, b]`, `p.skill[language]`.
    Keyed {
        /// A table, or a map field of a loop variable.
        table: SpannedWord,
        /// Text expressions that select the row.
        keys: Vec<Expr>,
    },
    /// `sum(p in team: p.share)`.
    Each(Box<Iteration>),
}

/// An operator and its right operand.
#[derive(Clone, Debug, PartialEq)]
pub struct ChainLink {
    pub operator: Operator,
    /// The position of the operator.
    pub place: ExprSpan,
    pub right: Expr,
}

/// A word and its position.
#[derive(Clone, Debug, PartialEq)]
pub struct SpannedWord {
    pub text: String,
    pub place: ExprSpan,
}

/// An iteration: `sum(p in team: p.share)`.
#[derive(Clone, Debug, PartialEq)]
pub struct Iteration {
    pub fold: Fold,
    pub variable: SpannedWord,
    pub over: IterationSource,
    /// Evaluated once per element.
    pub body: Expr,
    /// The weight of each element in a `mean`.
    pub weight: Option<Expr>,
}

/// The source of an iteration.
#[derive(Clone, Debug, PartialEq)]
pub enum IterationSource {
    /// `team`, or a map field such as `p.skill` of an outer loop variable.
    Named(SpannedWord),
    /// `1..5`: first, first + 1, ..., at most last.
    Range {
        first: Expr,
        /// Inclusive upper bound.
        last: Expr,
    },
}

impl Expr {
    /// Returns its position.
    #[must_use]
    pub fn span(&self) -> Span {
        self.place.0
    }

    /// Returns whether the expression is the literal 0 without a unit, which is compatible with every unit.
    #[must_use]
    pub fn is_zero(&self) -> bool {
        matches!(
            self.kind,
            ExprKind::Number {
                figure: 0.0,
                unit: None
            }
        )
    }

    /// Returns the names of the values that the formula uses, in source order and with repetitions, without loop variables.
    #[must_use]
    pub fn names(&self) -> Vec<(&str, Span)> {
        self.collect_mentions(Mention::Value)
    }

    /// Returns the tables that the formula looks up, in source order and with repetitions.
    #[must_use]
    pub fn tables(&self) -> Vec<(&str, Span)> {
        self.collect_mentions(Mention::Table)
    }

    /// Returns the collections that the formula iterates over, in source order and with repetitions.
    #[must_use]
    pub fn collections(&self) -> Vec<(&str, Span)> {
        self.collect_mentions(Mention::Collection)
    }

    fn collect_mentions(&self, wanted: Mention) -> Vec<(&str, Span)> {
        let mut collector = NameCollector {
            wanted,
            variables: Vec::new(),
            found: Vec::new(),
        };
        collector.visit_expr(self);
        collector.found
    }
}

/// The role of a name in a formula.
#[derive(Clone, Copy, PartialEq)]
enum Mention {
    Value,
    Table,
    Collection,
}

struct NameCollector<'a> {
    wanted: Mention,
    variables: Vec<&'a str>,
    found: Vec<(&'a str, Span)>,
}

impl<'a> NameCollector<'a> {
    fn record_mention(&mut self, as_what: Mention, name: &'a str, span: Span) {
        let (head, _) = split_name(name);
        if as_what == self.wanted && !self.variables.contains(&head) {
            self.found.push((name, span));
        }
    }

    fn visit_expr(&mut self, expr: &'a Expr) {
        match &expr.kind {
            ExprKind::Number { .. } | ExprKind::Flag(_) | ExprKind::Text(_) | ExprKind::Date(_) => {
            }
            ExprKind::Name(name) => self.record_mention(Mention::Value, name, expr.span()),
            ExprKind::Negate(inner)
            | ExprKind::Not(inner)
            | ExprKind::Among { value: inner, .. } => self.visit_expr(inner),
            ExprKind::Chain { first, rest } => {
                self.visit_expr(first);
                rest.iter().for_each(|link| self.visit_expr(&link.right));
            }
            ExprKind::Call { arguments, .. } => arguments.iter().for_each(|a| self.visit_expr(a)),
            ExprKind::Curve {
                table,
                arguments: inner,
            }
            | ExprKind::Keyed { table, keys: inner } => {
                self.record_mention(Mention::Table, &table.text, table.place.0);
                inner.iter().for_each(|a| self.visit_expr(a));
            }
            ExprKind::Each(each) => self.visit_iteration(each),
        }
    }

    fn visit_iteration(&mut self, each: &'a Iteration) {
        match &each.over {
            IterationSource::Named(word) => {
                self.record_mention(Mention::Collection, &word.text, word.place.0)
            }
            IterationSource::Range { first, last } => {
                self.visit_expr(first);
                self.visit_expr(last);
            }
        }
        self.variables.push(&each.variable.text);
        self.visit_expr(&each.body);
        each.weight
            .iter()
            .for_each(|weight| self.visit_expr(weight));
        self.variables.pop();
    }
}

/// Splits `p.skill.x` into the loop variable `p` and the field `skill.x`.
pub(super) fn split_name(name: &str) -> (&str, Option<&str>) {
    name.split_once('.')
        .map_or((name, None), |(head, field)| (head, Some(field)))
}

/// Returns the seconds from 1970-01-01 to midnight (UTC) of `date`, the value of a date in a program.
#[must_use]
pub fn seconds_of(date: Date) -> f64 {
    let days = date
        .since(Date::constant(1970, 1, 1))
        .map_or(0, |span| span.get_days());
    f64::from(days) * 86_400.0
}

macro_rules! word_enum {
    ($(#[$about:meta])* $name:ident { $($variant:ident $word:literal,)* }) => {
        $(#[$about])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum $name {
            $(#[doc = concat!("`", $word, "`")] $variant,)*
        }

        impl $name {
            /// All variants, in declared order.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// Returns the word used in formulas.
            #[must_use]
            pub fn word(self) -> &'static str {
                match self { $(Self::$variant => $word,)* }
            }

            /// Returns the variant that `word` denotes.
            #[must_use]
            pub fn find(word: &str) -> Option<Self> {
                match word { $($word => Some(Self::$variant),)* _ => None }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.word())
            }
        }
    };
}

word_enum! {
    /// A binary operator.
    Operator {
        Or "or", And "and",
        Lt "<", Le "<=", Gt ">", Ge ">=", Eq "==", Ne "!=",
        Add "+", Sub "-", Mul "*", Div "/", Pow "^",
    }
}

word_enum! {
    /// A built-in function.
    Function {
        If "if", Known "known", Applies "applies", LicenceAllowed "licence_allowed", Min "min", Max "max", Clamp "clamp", Ceil "ceil", Floor "floor", Round "round",
        Abs "abs", Ln "ln", Log10 "log10", Exp "exp", Pow "pow", Sqrt "sqrt",
    }
}

word_enum! {
    /// How an iteration combines its values.
    Fold { Sum "sum", Mean "mean", Min "min", Max "max", Count "count", }
}

impl Operator {
    /// Returns its precedence, from 1 (`or`) to 8 (`^`).
    pub(super) fn precedence(self) -> u8 {
        match self {
            Self::Or => precedence::OR,
            Self::And => precedence::AND,
            Self::Lt | Self::Le | Self::Gt | Self::Ge | Self::Eq | Self::Ne => precedence::COMPARE,
            Self::Add | Self::Sub => precedence::ADD,
            Self::Mul | Self::Div => precedence::MULTIPLY,
            Self::Pow => precedence::POWER,
        }
    }

    /// Returns whether `a other b self c` is one chain that means `(a other b) self c`. Comparisons and powers do not chain.
    pub(super) fn chains_after(self, other: Self) -> bool {
        self.precedence() == other.precedence()
            && !matches!(self.precedence(), precedence::COMPARE | precedence::POWER)
    }
}

/// Operator precedence. The parser and the printer share it so that they agree on brackets.
pub(super) mod precedence {
    pub(crate) const OR: u8 = 1;
    pub(crate) const AND: u8 = 2;
    pub(crate) const NOT: u8 = 3;
    pub(crate) const COMPARE: u8 = 4;
    pub(crate) const ADD: u8 = 5;
    pub(crate) const MULTIPLY: u8 = 6;
    pub(crate) const NEGATE: u8 = 7;
    pub(crate) const POWER: u8 = 8;
    pub(crate) const ATOM: u8 = 9;
}
