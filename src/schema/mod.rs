//! The structure of project files: `*Doc` structs, read with serde, described by JSON Schema.
//!
//! A file becomes a [`Node`](crate::yaml::Node) tree with the place of every key and value. [`validate()`] checks the tree
//! against the same JSON Schema that editors use, so that one run reports every unknown key and wrong type;
//! [`read()`] then turns a valid tree into its `*Doc`. What the documents mean is left to `load`.

pub mod bench;
pub mod catalog;
pub mod criteria;
pub mod decision;
pub mod evidence;
pub mod fact;
mod kind;
pub mod outcome;
mod reader;
mod row;
mod scalar;
mod shape;
mod spanned;
mod validate;
mod writer;

pub use kind::FileKind;
pub use reader::{read, read_as};
pub use scalar::{Scalar, Words};
pub use shape::DocumentShape;
pub use spanned::{Entries, Spanned};
pub use validate::{prune, validate};
pub use writer::write;
