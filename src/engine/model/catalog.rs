//! The catalogs of a project: every candidate with its facts, whether or not a decision uses it.

use super::decision::Candidate;
use super::library::Library;

/// The candidates of all domains, with the library that defines their measures.
#[derive(Clone, Debug)]
pub struct Catalog {
    pub library: Library,
    /// Sorted by domain and id.
    pub entries: Vec<CatalogEntry>,
}

/// A candidate of a catalog.
#[derive(Clone, Debug)]
pub struct CatalogEntry {
    /// The name of its folder.
    pub domain: String,
    /// Facts of its parts are not combined.
    pub candidate: Candidate,
}
