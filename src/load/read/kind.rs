//! Recognises the kind of a file.

use std::path::Path;

use crate::schema::FileKind;
use crate::yaml::{Node, YamlValue};

/// Returns the kind of a file by the keys that only this kind has, then by its folder.
pub(crate) fn kind_of(node: &Node, file: &Path) -> Option<FileKind> {
    let has = |key: &str| node.get(key).is_some();
    let folder = |name: &str| file.components().any(|c| c.as_os_str() == name);
    let list_of_maps = |key: &str| matches!(node.get(key).map(|n| &n.value), Some(YamlValue::List(items)) if items.iter().all(|i| matches!(i.value, YamlValue::Map(_))));
    if has("decision") {
        Some(FileKind::Decision)
    } else if has("service") && has("start") {
        Some(FileKind::Service)
    } else if has("contract") && has("steps") {
        Some(FileKind::Contract)
    } else if has("run") && has("rounds") {
        Some(FileKind::Evidence)
    } else if has("members") {
        Some(FileKind::Team)
    } else if has("scenario") || has("set") {
        Some(FileKind::Scenario)
    } else if has("method") || has("points") || has("profile") {
        Some(FileKind::Weights)
    } else if has("candidate")
        || has("candidates") && list_of_maps("candidates") && !has("criteria")
    {
        Some(FileKind::Catalog)
    } else if has("candidates") {
        Some(FileKind::Decision)
    } else if [
        "formulas",
        "functions",
        "criteria",
        "gates",
        "facts",
        "inputs",
        "tables",
        "units",
    ]
    .iter()
    .any(|k| has(k))
        || folder("criteria")
    {
        Some(FileKind::Criteria)
    } else if folder("catalogs") {
        Some(FileKind::Catalog)
    } else {
        None
    }
}
