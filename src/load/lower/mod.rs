//! From a document to the model, one document at a time: units are applied, words coded, formulas parsed.
//!
//! Nothing here opens a file. [`library`] lowers criteria files, [`candidate`] and [`fact`] catalogs, [`team`] teams,
//! [`gates`] and [`goals`] what a decision itself lists, [`judgement`] the answers of a weights file.

pub(crate) mod anchors;
pub(crate) mod candidate;
pub(crate) mod fact;
pub(crate) mod gates;
pub(crate) mod goals;
pub(crate) mod judgement;
pub(crate) mod library;
pub(crate) mod origin;
pub(crate) mod spdx;
pub(crate) mod team;
pub(crate) mod value_function;
