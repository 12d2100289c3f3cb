//! The shape of the files: `*Doc` structs, read with serde, described by JSON Schema.
//!
//! A file becomes a [`node::Node`] tree with a place for every key and value. [`validate()`] compares the tree with the very
//! JSON Schema that editors get, so that one run reports every unknown key and wrong type; [`read()`] then turns a sound tree
//! into its `*Doc`. Nothing here knows what the words mean: that is `load`'s business.

pub mod bench;
pub mod catalog;
pub mod criteria;
pub mod decision;
pub mod evidence;
pub mod fact;
mod kind;
pub mod node;
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
