//! Reads a file into its `*Doc`: read, parse, validate, deserialise. Returns `None` after reporting why if any step
//! fails.

use rayon::prelude::*;
use serde::de::DeserializeOwned;

use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::load::read::archive::Archive;
use crate::load::read::file_ref::FileRef;
use crate::load::read::reader::Reader;
use crate::schema::{self, FileKind};
use crate::source::SourceId;
use crate::tr;
use crate::yaml::{self, Node};

impl Reader {
    /// Reads a file of a known kind.
    pub(crate) fn read_document<T: DeserializeOwned>(
        &mut self,
        file: &FileRef,
        kind: FileKind,
    ) -> Option<(T, SourceId)> {
        let source = self.read_text(file)?;
        self.parse_document(source, kind).map(|doc| (doc, source))
    }

    /// Reads a file that other decisions read too, from the archive or else from disk. A file without problems is
    /// added to the archive.
    pub(crate) fn read_shared_document<T: DeserializeOwned>(
        &mut self,
        file: &FileRef,
        kind: FileKind,
        archive: &Archive,
    ) -> Option<(T, SourceId)> {
        let name = file.name();
        if let Some(archived) = archive.find(&name, kind) {
            let source = self
                .sources
                .find(&name)
                .unwrap_or_else(|| self.sources.put(archived.source.clone()));
            if let Ok(doc) = schema::read_as(&archived.node, source) {
                return Some((doc, source));
            }
        }
        let before = std::mem::take(&mut self.diagnostics);
        let read = self.read_text(file).and_then(|source| {
            let mut node = self.parse_yaml(source)?;
            let doc = prune_and_read(&mut node, kind, &mut self.diagnostics)?;
            if self.diagnostics.is_empty() {
                archive.keep(kind, self.sources.get(source), node);
            }
            Some((doc, source))
        });
        let own = std::mem::replace(&mut self.diagnostics, before);
        self.diagnostics.append(own);
        read
    }

    /// Reads the text of a file of a known kind.
    pub(crate) fn parse_document<T: DeserializeOwned>(
        &mut self,
        source: SourceId,
        kind: FileKind,
    ) -> Option<T> {
        let node = self.parse_yaml(source)?;
        self.read_node(node, kind)
    }

    /// Reads the tree of a file of a known kind. Invalid parts are reported and left out; the diagnostics then
    /// contain errors.
    pub(crate) fn read_node<T: DeserializeOwned>(
        &mut self,
        mut node: Node,
        kind: FileKind,
    ) -> Option<T> {
        prune_and_read(&mut node, kind, &mut self.diagnostics)
    }

    /// Parses the YAML of a text.
    pub(crate) fn parse_yaml(&mut self, source: SourceId) -> Option<Node> {
        yaml::parse(source, &self.sources, &mut self.diagnostics)
    }
}

/// Reads files into the archive in parallel. A file with problems is not archived, so reading it later reports
/// them.
pub(crate) fn read_ahead(files: &[(&FileRef, FileKind)], archive: &Archive) {
    let missing: Vec<_> = files
        .iter()
        .filter(|(file, kind)| archive.find(&file.name(), *kind).is_none())
        .collect();
    missing.par_iter().for_each(|&&(file, kind)| {
        let mut reader = Reader::default();
        let Some(source) = reader.read_text(file) else {
            return;
        };
        let Some(mut node) = reader.parse_yaml(source) else {
            return;
        };
        schema::prune(&mut node, kind.shape(), &mut reader.diagnostics);
        if reader.diagnostics.is_empty() {
            archive.keep(kind, reader.sources.get(source), node);
        }
    });
}

fn prune_and_read<T: DeserializeOwned>(
    node: &mut Node,
    kind: FileKind,
    sink: &mut Diagnostics,
) -> Option<T> {
    let mut own = Diagnostics::default();
    schema::prune(node, kind.shape(), &mut own);
    let read = schema::read(node);
    if let Err(error) = &read
        && !own.has_errors()
    {
        let word = kind.word();
        let message = tr!(
            "this is not a `{word}` file: {error}",
            "这不是 `{word}` 文件：`{error}`"
        );
        own.push(Diagnostic::new(Code::WrongType, node.span, message));
    }
    sink.append(own);
    read.ok()
}
