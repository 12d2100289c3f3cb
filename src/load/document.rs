//! One file to its `*Doc`: read, parse, validate, deserialise; `None` where any of it failed, with the reasons in the sink.

use serde::de::DeserializeOwned;

use super::files::{self, Place};
use super::yaml;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::schema::node::Node;
use crate::schema::{self, FileKind};
use crate::text;
use crate::text::{SourceId, Sources};

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

/// Reads the text of one file of a known kind.
pub(super) fn parse<T: DeserializeOwned>(source: SourceId, kind: FileKind, sources: &Sources, sink: &mut Diagnostics) -> Option<T> {
    lower(&yaml::parse(source, sources, sink)?, kind, sink)
}

/// Reads the tree of one file of a known kind.
pub(super) fn lower<T: DeserializeOwned>(node: &Node, kind: FileKind, sink: &mut Diagnostics) -> Option<T> {
    if !schema::validate(node, kind.shape(), sink) {
        return None;
    }
    match schema::read(node) {
        Ok(doc) => Some(doc),
        Err(error) => {
            let word = kind.word();
            let message = text!("this is not a `{word}` file: {error}", "这不是 `{word}` 文件：`{error}`");
            sink.push(Diagnostic::new(Code::WrongType, node.span, message));
            None
        }
    }
}
