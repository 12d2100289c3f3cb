//! One file to its `*Doc`: read, parse, validate, deserialise; `None` where any of it failed, with the reasons in the sink.

use rayon::prelude::*;
use serde::de::DeserializeOwned;

use super::archive::Archive;
use super::files::{self, Place};
use super::yaml;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::schema::node::Node;
use crate::schema::{self, FileKind};
use crate::source::{SourceId, Sources};
use crate::tr;

/// Reads one file of a known kind.
pub(super) fn open<T: DeserializeOwned>(
    place: &Place,
    kind: FileKind,
    sources: &mut Sources,
    sink: &mut Diagnostics,
) -> Option<(T, SourceId)> {
    let source = files::read(place, sources, sink)?;
    parse(source, kind, sources, sink).map(|doc| (doc, source))
}

/// Reads one file that other decisions read too: from the archive where it lies there, and into it where nothing speaks against it.
pub(super) fn shared<T: DeserializeOwned>(
    place: &Place,
    kind: FileKind,
    archive: &Archive,
    sources: &mut Sources,
    sink: &mut Diagnostics,
) -> Option<(T, SourceId)> {
    let name = place.name();
    if let Some(filed) = archive.find(&name, kind) {
        let source = sources
            .find(&name)
            .unwrap_or_else(|| sources.put(filed.source.clone()));
        if let Ok(doc) = schema::read_as(&filed.node, source) {
            return Some((doc, source));
        }
    }
    let mut own = Diagnostics::default();
    let read = files::read(place, sources, &mut own).and_then(|source| {
        let mut node = yaml::parse(source, sources, &mut own)?;
        let doc = fitting(&mut node, kind, &mut own)?;
        if own.is_empty() {
            archive.keep(kind, sources.get(source), node);
        }
        Some((doc, source))
    });
    sink.append(own);
    read
}

/// Reads files into the archive on all cores, before anybody asks for them one by one. One that is not sound stays out: whoever asks
/// for it reads it again and says why.
pub(super) fn ahead(places: &[(&Place, FileKind)], archive: &Archive) {
    let missing: Vec<_> = places
        .iter()
        .filter(|(place, kind)| archive.find(&place.name(), *kind).is_none())
        .collect();
    missing.par_iter().for_each(|&&(place, kind)| {
        let (mut sources, mut own) = (Sources::default(), Diagnostics::default());
        let Some(source) = files::read(place, &mut sources, &mut own) else {
            return;
        };
        let Some(mut node) = yaml::parse(source, &sources, &mut own) else {
            return;
        };
        schema::prune(&mut node, kind.shape(), &mut own);
        if own.is_empty() {
            archive.keep(kind, sources.get(source), node);
        }
    });
}

/// Reads the text of one file of a known kind.
pub(super) fn parse<T: DeserializeOwned>(
    source: SourceId,
    kind: FileKind,
    sources: &Sources,
    sink: &mut Diagnostics,
) -> Option<T> {
    lower(yaml::parse(source, sources, sink)?, kind, sink)
}

/// Reads the tree of one file of a known kind. Parts that do not fit are reported and left out; the sink then holds errors.
pub(super) fn lower<T: DeserializeOwned>(
    mut node: Node,
    kind: FileKind,
    sink: &mut Diagnostics,
) -> Option<T> {
    fitting(&mut node, kind, sink)
}

fn fitting<T: DeserializeOwned>(
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
