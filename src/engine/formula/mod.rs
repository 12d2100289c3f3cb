//! The formula language: parse, check, compile, then run over columns. Independent of decisions.
//!
//! ```text
//!  text --parse--> Expr --check--> Type          (names, types and dimensions; every problem is a diagnostic)
//!                   |-----compile--> Program     (team members unrolled, constants folded, common terms shared)
//!                                     |-- run    (columns of candidates or samples)
//!                                     |-- point  (one sample), used, undefined (dependencies, why there is no value)
//!                   |-----work_out---> Working   (one sample for a reader: every lookup and every element with its figures)
//! ```
//!
//! Start with [`Expr`] (the syntax tree), [`Scope`] (the names a formula may use) and [`Program`] (evaluation).
//!
//! Every value is an `f64` in base units (seconds, bytes, money). A flag is 1 or 0, a text is its code in [`TextCodes`], a date
//! is seconds since 1970-01-01. A missing value is NaN: arithmetic and comparison propagate it, `and` and `or` follow Kleene's
//! three-valued logic, `if` reads only the branch it takes. An impossible operation (division by zero, logarithm of zero,
//! overflow) gives a missing value, never an infinite one.

mod ast;
mod check;
mod compile;
mod lexer;
mod licence;
mod operation;
mod parse;
mod print;
mod program;
mod run;
mod table;
mod text_codes;
mod trace;
mod types;
mod working;

pub use ast::{
    ChainLink, Expr, ExprKind, ExprSpan, Fold, Function, Iteration, IterationSource, Operator,
    SpannedWord, seconds_of,
};
pub use check::{carried_unit, check};
pub use compile::{applies_to, compile};
pub use lexer::is_variable;
pub use licence::is_licence_expression;
pub use parse::parse;
pub use program::Program;
pub use run::{Operand, Scratch};
pub use table::{Interpolate, LookupTable};
pub use text_codes::TextCodes;
pub use trace::Undefined;
pub use types::{Collection, CollectionField, CollectionMember, DefinedFunction, Scope, Type};
pub use working::{
    NOT_TAKEN, Working, WorkingInput, WorkingKind, WorkingMember, WorkingScope, WorkingStep,
    WorkingWeight, work_out,
};

/// Maximum length of a formula in characters.
pub const MAX_CHARACTERS: usize = 10_000;
/// Maximum nesting depth of brackets, calls, unary operators and powers.
pub const MAX_DEPTH: usize = 64;
/// Maximum number of operations after team members are unrolled. An operation in a nested loop over years counts 200 times.
pub const MAX_OPERATIONS: usize = 16_384;
/// Maximum depth of calls of functions that files define.
pub const MAX_CALLS: usize = 32;
/// Maximum number of rounds of an iteration over years; with more, its value is undefined.
pub const MAX_ROUNDS: usize = 200;
