//! Reads service manifests and contracts. A contract is in `contracts/` next to the services, else built in.

use std::collections::BTreeMap;
use std::path::PathBuf;

use include_dir::{Dir, include_dir};

use crate::diagnostic::{Code, Diagnostic};
use crate::lang::Text;
use crate::load::read::file_ref::FileRef;
use crate::load::read::reader::Reader;
use crate::schema::FileKind;
use crate::schema::bench::{ContractDoc, ServiceDoc};
use crate::source::{Span, did_you_mean};
use crate::tr;

static CONTRACTS: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/examples/services/contracts");

/// A folder with a `service.yaml`; its name is that of the service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServiceFolder {
    pub name: String,
    pub path: PathBuf,
}

/// A service's manifest and contract.
#[derive(Clone, Debug)]
pub struct LoadedService {
    pub folder: ServiceFolder,
    pub service: ServiceDoc,
    pub contract: ContractDoc,
}

/// Returns the service folders at these paths, by name; a path is a service's folder or contains some. Without
/// paths: `examples/services` or `services` of the working directory and its ancestors up to the project root.
#[must_use]
pub fn service_folders(paths: &[PathBuf]) -> Vec<ServiceFolder> {
    let paths = if paths.is_empty() {
        usual_places()
    } else {
        paths.to_vec()
    };
    let mut found: BTreeMap<String, PathBuf> = BTreeMap::new();
    for path in paths {
        let within = std::fs::read_dir(&path)
            .into_iter()
            .flatten()
            .flatten()
            .map(|entry| entry.path());
        for folder in std::iter::once(path.clone())
            .chain(within)
            .filter(|folder| folder.join("service.yaml").is_file())
        {
            let folder = std::fs::canonicalize(&folder).unwrap_or(folder);
            if let Some(name) = folder.file_name().and_then(|name| name.to_str()) {
                found.entry(name.to_owned()).or_insert(folder);
            }
        }
    }
    found
        .into_iter()
        .map(|(name, path)| ServiceFolder { name, path })
        .collect()
}

fn usual_places() -> Vec<PathBuf> {
    let here = std::env::current_dir().unwrap_or_default();
    let mut places = Vec::new();
    for ancestor in here.ancestors() {
        places.extend([
            ancestor.join("examples/services"),
            ancestor.join("services"),
        ]);
        if ancestor.join(".git").exists() {
            break;
        }
    }
    places.retain(|place| place.is_dir());
    places
}

/// Reads a service's manifest and the contract it names.
pub fn service(folder: &ServiceFolder, reader: &mut Reader) -> Option<LoadedService> {
    let place = FileRef::Disk(folder.path.join("service.yaml"));
    let (service, source) = reader.read_document::<ServiceDoc>(&place, FileKind::Service)?;
    let (at, hint) = contract_place(folder, &service.contract);
    let Some(at) = at else {
        let id = &service.contract;
        let diagnostic = Diagnostic::new(
            Code::UnknownReference,
            Span {
                source,
                start: 0,
                end: 0,
            },
            tr!("there is no contract `{id}`", "没有契约 `{id}`"),
        );
        reader.report(diagnostic.maybe_hint(hint));
        return None;
    };
    let (contract, _) = reader.read_document::<ContractDoc>(&at, FileKind::Contract)?;
    Some(LoadedService {
        folder: folder.clone(),
        service,
        contract,
    })
}

/// Returns the file of a contract, or a hint with a similar name.
fn contract_place(folder: &ServiceFolder, id: &str) -> (Option<FileRef>, Option<Text>) {
    let file = format!("{id}.yaml");
    let beside = [folder.path.parent(), Some(&*folder.path)]
        .into_iter()
        .flatten()
        .map(|f| f.join("contracts").join(&file));
    if let Some(path) = beside.into_iter().find(|path| path.is_file()) {
        return (Some(FileRef::Disk(path)), None);
    }
    if let Some(own) = CONTRACTS.get_file(&file) {
        return (
            Some(FileRef::BuiltIn {
                name: format!("<built-in>/contracts/{file}"),
                text: own.contents(),
            }),
            None,
        );
    }
    let stems: Vec<&str> = CONTRACTS
        .files()
        .filter_map(|f| f.path().file_stem()?.to_str())
        .collect();
    (None, did_you_mean(id, stems))
}
