//! From a path to a validated document: finds files, reads them within limits, checks the schema.
//!
//! [`layers`] holds the folders, [`walk`] lists them, [`text`] reads one file, [`yaml`](crate::yaml) parses it, [`kind`]
//! recognises its kind, and [`document`] turns it into its `*Doc`. [`archive`] caches what several decisions share.

pub(crate) mod archive;
pub(crate) mod document;
pub(crate) mod file_ref;
pub(crate) mod kind;
pub(crate) mod layers;
pub(crate) mod reader;
pub(crate) mod text;
pub(crate) mod walk;
