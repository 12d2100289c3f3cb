//! Consent to the commands of a manifest: they are shown, and asked for once for each version of the manifest.
//!
//! Consent is stored in the user's own state folder and never in the project, which must not consent for its user.

use std::collections::BTreeMap;
use std::io::{BufRead, IsTerminal, Write};
use std::path::{Path, PathBuf};

use super::selection::Ready;
use crate::bench::manifest::ReferenceService;
use crate::cli::Failure;
use crate::cli::folders;
use crate::cli::output::Output;
use crate::tr;

/// Manifests with consent: the hash of each by path.
#[derive(Default)]
struct Consents {
    file: Option<PathBuf>,
    agreed: BTreeMap<String, String>,
}

impl Consents {
    fn read() -> Self {
        let file = folders::state_folder("bench").map(|folder| folder.join("agreed.json"));
        // A file that cannot be read holds no consent.
        let agreed = file
            .as_ref()
            .and_then(|f| serde_json::from_str(&std::fs::read_to_string(f).ok()?).ok())
            .unwrap_or_default();
        Self { file, agreed }
    }

    fn covers(&self, service: &ReferenceService) -> Result<bool, Failure> {
        Ok(self.agreed.get(&consent_key(service)) == Some(&service.manifest_hash()?))
    }

    fn add(&mut self, service: &ReferenceService) -> Result<(), Failure> {
        self.agreed
            .insert(consent_key(service), service.manifest_hash()?);
        Ok(())
    }

    fn store(&self) {
        let Some(file) = &self.file else { return };
        // If this fails, the user is asked again.
        drop(store_consents(file, &self.agreed));
    }
}

fn consent_key(service: &ReferenceService) -> String {
    service.folder.to_string_lossy().into_owned()
}

fn store_consents(file: &Path, agreed: &BTreeMap<String, String>) -> std::io::Result<()> {
    let folder = file.parent().unwrap_or(Path::new("."));
    std::fs::create_dir_all(folder)?;
    let mut new = tempfile::NamedTempFile::new_in(folder)?;
    new.write_all(serde_json::to_string_pretty(agreed)?.as_bytes())?;
    new.persist(file)?;
    Ok(())
}

/// Shows the commands that are about to run and asks, unless there is consent already or `yes` is set.
pub(super) fn ask_for_consent(
    services: &[Ready],
    yes: bool,
    output: &Output,
) -> Result<(), Failure> {
    let mut consents = Consents::read();
    let mut new: Vec<&ReferenceService> = Vec::new();
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
            "{id} will run in {folder}:",
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
            "stdin is not a terminal; pass --yes to run these commands without asking",
            "标准输入不是终端；用 --yes 可不经询问直接运行这些命令"
        );
        return Err(Failure::usage(message));
    }
    let question = tr!(
        "Run these commands? You are asked once per version of the manifest. [y/N] ",
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
