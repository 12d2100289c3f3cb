//! A manifest runs commands, so they are shown and agreed to, once for each manifest as it stands.
//!
//! What was agreed to is kept in the user's own state folder, never in the project: a project must not agree for its user.

use std::collections::BTreeMap;
use std::io::{BufRead, IsTerminal, Write};
use std::path::{Path, PathBuf};

use super::selection::Ready;
use crate::bench::manifest::Service;
use crate::cli::Failure;
use crate::cli::folders;
use crate::cli::output::Output;
use crate::tr;

/// Manifests agreed to, by path: the hash each had then.
#[derive(Default)]
struct Consents {
    file: Option<PathBuf>,
    agreed: BTreeMap<String, String>,
}

impl Consents {
    fn read() -> Self {
        let file = folders::state("bench").map(|folder| folder.join("agreed.json"));
        // A file that cannot be read agrees to nothing.
        let agreed = file
            .as_ref()
            .and_then(|f| serde_json::from_str(&std::fs::read_to_string(f).ok()?).ok())
            .unwrap_or_default();
        Self { file, agreed }
    }

    fn covers(&self, service: &Service) -> Result<bool, Failure> {
        Ok(self.agreed.get(&key(service)) == Some(&service.manifest_hash()?))
    }

    fn add(&mut self, service: &Service) -> Result<(), Failure> {
        self.agreed.insert(key(service), service.manifest_hash()?);
        Ok(())
    }

    fn store(&self) {
        let Some(file) = &self.file else { return };
        // Forgetting it only means to be asked again.
        drop(store(file, &self.agreed));
    }
}

fn key(service: &Service) -> String {
    service.folder.to_string_lossy().into_owned()
}

fn store(file: &Path, agreed: &BTreeMap<String, String>) -> std::io::Result<()> {
    let folder = file.parent().unwrap_or(Path::new("."));
    std::fs::create_dir_all(folder)?;
    let mut new = tempfile::NamedTempFile::new_in(folder)?;
    new.write_all(serde_json::to_string_pretty(agreed)?.as_bytes())?;
    new.persist(file)?;
    Ok(())
}

/// Shows what is about to run and asks, unless it was agreed to before or by `yes`.
pub(super) fn ask(services: &[Ready], yes: bool, output: &Output) -> Result<(), Failure> {
    let mut consents = Consents::read();
    let mut new: Vec<&Service> = Vec::new();
    for (service, _) in services {
        if !consents.covers(service)? {
            new.push(service);
        }
    }
    if new.is_empty() {
        return Ok(());
    }
    for service in &new {
        let (id, folder) = (service.id(), service.folder.display());
        output.eprint(&tr!(
            "{id} runs in {folder}:",
            "{id} 将在 {folder} 中运行："
        ));
        service
            .commands()
            .iter()
            .for_each(|command| output.eprint(format_args!("  $ {command}")));
    }
    if yes {
        return Ok(());
    }
    if !std::io::stdin().is_terminal() {
        let message = tr!(
            "nobody can be asked here whether these commands may run; --yes says they may",
            "此处无法询问可否运行这些命令；用 --yes 表示同意"
        );
        return Err(Failure::usage(message));
    }
    let question = tr!(
        "Run these commands? They are asked for once, until the manifest changes. [y/N] ",
        "运行这些命令吗？清单不变则只问一次。[y/N] "
    );
    drop(write!(std::io::stderr(), "{}", output.localize(&question)));
    let mut answer = String::new();
    std::io::stdin()
        .lock()
        .read_line(&mut answer)
        .map_err(Failure::from)?;
    if !matches!(answer.trim().to_lowercase().as_str(), "y" | "yes" | "是") {
        return Err(Failure::environment(tr!(
            "nothing was run",
            "未运行任何命令"
        )));
    }
    for service in new {
        consents.add(service)?;
    }
    consents.store();
    Ok(())
}
