//! Lowers one document at a time to the model: applies units, encodes words, parses formulas.
//!
//! This module does no I/O. [`library`] lowers criteria files, [`candidate`] and [`fact`] catalogs, [`team`] teams,
//! [`gates`] and [`goals`] the lists in a decision, [`judgement`] the judgements in a weights file.

pub(crate) mod anchors;
pub(crate) mod candidate;
pub(crate) mod definitions;
pub(crate) mod fact;
mod function;
pub(crate) mod gates;
pub(crate) mod goals;
pub(crate) mod judgement;
pub(crate) mod library;
pub(crate) mod origin;
pub(crate) mod outcome;
pub(crate) mod skills;
mod table;
pub(crate) mod team;
pub(crate) mod value_function;
