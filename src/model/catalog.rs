//! The catalogs of a project: every candidate with its facts, whether or not a decision uses it.

use super::decision::Candidate;
use super::library::Library;

/// The candidates of all domains, and the vocabulary of their facts.
#[derive(Clone, Debug)]
pub struct Catalog {
    /// The vocabulary.
    pub library: Library,
    /// The candidates, by domain and id.
    pub entries: Vec<CatalogEntry>,
}

/// A candidate on the shelf.
#[derive(Clone, Debug)]
pub struct CatalogEntry {
    /// The domain: the folder it lies in.
    pub domain: String,
    /// The candidate; its parts are not combined here.
    pub candidate: Candidate,
}
