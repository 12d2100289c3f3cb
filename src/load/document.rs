//! One file to its `*Doc`: read, parse, validate, deserialise; `None` where any of it failed, with the reasons in the sink.

use serde::de::DeserializeOwned;

use super::files::{self, Place};
use super::yaml;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
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
    let node = yaml::parse(source, sources, sink)?;
    if !schema::validate(&node, kind.shape(), sink) {
        return None;
    }
    match schema::read(&node) {
        Ok(doc) => Some(doc),
        Err(error) => {
            let message = text!("this is not a {0} file: {error}", "这不是 {0} 文件：{error}", kind.word());
            sink.push(Diagnostic::new(Code::WrongType, node.span, message));
            None
        }
    }
}
