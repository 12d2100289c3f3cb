//! A reference service: its manifest, read and made concrete.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use super::contract::hexadecimal;
use super::error::BenchError;
use crate::lang::Text;
use crate::schema::bench::{ServiceDoc, Tool};
use crate::tr;

/// A service in its folder.
#[derive(Clone, Debug)]
pub struct Service {
    /// Its manifest.
    pub doc: ServiceDoc,
    /// Where it lives, absolute.
    pub folder: PathBuf,
}

impl Service {
    /// Checks what a schema cannot: the name is the folder's, there is a command to start it.
    ///
    /// # Errors
    /// [`BenchError::Document`] says what is wrong, [`BenchError::Read`] that there is no such folder.
    pub fn new(doc: ServiceDoc, folder: &Path) -> Result<Self, BenchError> {
        let folder = fs::canonicalize(folder).map_err(|source| BenchError::Read {
            path: folder.to_owned(),
            source,
        })?;
        let name = folder
            .file_name()
            .map(|n| n.to_string_lossy().into_owned())
            .unwrap_or_default();
        if name != doc.service {
            let what = tr!(
                "the service is called `{0}`, its folder `{name}`",
                "服务名为 `{0}`，文件夹名为 `{name}`",
                doc.service
            );
            return Err(BenchError::document(&doc.service, what));
        }
        if doc.start.is_empty() || doc.build.iter().any(Vec::is_empty) {
            return Err(BenchError::missing(&doc.service, "start"));
        }
        Ok(Self { doc, folder })
    }

    /// Its name.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.doc.service
    }

    /// Every command its manifest runs, in order, as it stands there: what a user agrees to.
    #[must_use]
    pub fn commands(&self) -> Vec<String> {
        let mut all: Vec<String> = self.doc.build.iter().map(|c| shown(c)).collect();
        for process in &self.doc.processes {
            all.extend(process.prepare.iter().map(|c| shown(c)));
            all.push(shown(&process.start));
            all.extend(process.after.iter().map(|c| shown(c)));
        }
        all.push(shown(&self.doc.start));
        all
    }

    /// SHA-256 of the manifest as it stands in its file, in hexadecimal: consent to its commands is given for it.
    ///
    /// # Errors
    /// [`BenchError::Read`] where the file cannot be read.
    pub fn manifest_hash(&self) -> Result<String, BenchError> {
        self.hash_of("service.yaml")
    }

    /// SHA-256 of the lock file, where it has one.
    ///
    /// # Errors
    /// [`BenchError::Read`] where the file cannot be read.
    pub fn lock_hash(&self) -> Result<Option<String>, BenchError> {
        self.doc
            .lock
            .as_deref()
            .map(|lock| self.hash_of(lock))
            .transpose()
    }

    fn hash_of(&self, file: &str) -> Result<String, BenchError> {
        let path = self.folder.join(file);
        let bytes = fs::read(&path).map_err(|source| BenchError::Read { path, source })?;
        Ok(hexadecimal(&Sha256::digest(bytes)))
    }

    /// Lines of its handler code that are neither blank nor a whole-line comment: evidence for development effort.
    ///
    /// # Errors
    /// [`BenchError::Read`] where a file cannot be read.
    pub fn handler_lines(&self) -> Result<usize, BenchError> {
        let mut lines = 0;
        for file in &self.doc.handler {
            let path = self.folder.join(file);
            let text =
                fs::read_to_string(&path).map_err(|source| BenchError::Read { path, source })?;
            let code = |line: &&str| {
                !line.is_empty()
                    && !["//", "#", "*", "/*", "\"\"\""]
                        .iter()
                        .any(|mark| line.starts_with(mark))
            };
            lines += text.lines().map(str::trim).filter(code).count();
        }
        Ok(lines)
    }

    /// Tools it needs that are not on `PATH`, each with what to install.
    #[must_use]
    pub fn missing_tools(&self) -> Vec<(Tool, Text)> {
        self.doc
            .tools
            .iter()
            .copied()
            .filter(|tool| !programs(*tool).iter().any(|p| find(p).is_some()))
            .map(|t| (t, advice(t)))
            .collect()
    }

    /// Whether it leans on a process of that name.
    #[must_use]
    pub fn has(&self, process: &str) -> bool {
        self.doc.processes.iter().any(|p| p.name == process)
    }

    /// Whether an operation or step of the contract applies to it: it has the process that is needed, and does not say that it
    /// cannot do it.
    #[must_use]
    pub fn does(&self, id: &str, needs: Option<&str>) -> bool {
        needs.is_none_or(|process| self.has(process)) && !self.doc.unsupported.contains_key(id)
    }

    /// Whether its process warms up for long, as a just-in-time compiler does.
    #[must_use]
    pub fn warms_slowly(&self) -> bool {
        self.doc.tools.contains(&Tool::Java)
    }
}

/// Fills `{PORT}`, `{PORT:name}`, `{DATA}` and `{FOLDER}`; every other brace stays.
pub(crate) fn concrete(text: &str, places: &BTreeMap<String, String>) -> String {
    places.iter().fold(text.to_owned(), |text, (name, value)| {
        text.replace(&format!("{{{name}}}"), value)
    })
}

/// A command as one line.
pub(crate) fn shown(arguments: &[String]) -> String {
    let quote = |argument: &String| {
        if argument.contains([' ', '"']) {
            format!("{argument:?}")
        } else {
            argument.clone()
        }
    };
    arguments.iter().map(quote).collect::<Vec<_>>().join(" ")
}

/// The program's place on `PATH`, or where Debian keeps servers.
pub(crate) fn find(program: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let mut folders: Vec<PathBuf> = std::env::split_paths(&path).collect();
    folders.extend(["/usr/sbin", "/usr/local/sbin", "/usr/lib/rabbitmq/bin"].map(PathBuf::from));
    if let Ok(versions) = fs::read_dir("/usr/lib/postgresql") {
        let mut versions: Vec<PathBuf> = versions.flatten().map(|v| v.path().join("bin")).collect();
        versions.sort();
        folders.extend(versions.into_iter().rev());
    }
    folders
        .into_iter()
        .map(|folder| folder.join(program))
        .find(|file| file.is_file())
}

fn programs(tool: Tool) -> &'static [&'static str] {
    match tool {
        Tool::Go => &["go"],
        Tool::Python => &["python3"],
        Tool::Node => &["npm"],
        Tool::Java => &["javac"],
        Tool::Maven => &["mvn"],
        Tool::Rust => &["cargo"],
        Tool::Postgresql => &["postgres"],
        Tool::Mariadb => &["mariadbd"],
        Tool::Redis => &["redis-server"],
        Tool::Rabbitmq => &["rabbitmq-server"],
        Tool::Nats => &["nats-server"],
    }
}

fn advice(tool: Tool) -> Text {
    let (name, package) = match tool {
        Tool::Go => ("Go", "golang"),
        Tool::Python => ("Python 3", "python3-venv"),
        Tool::Node => ("Node.js", "nodejs npm"),
        Tool::Java => ("JDK", "default-jdk-headless"),
        Tool::Maven => ("Apache Maven", "maven"),
        Tool::Rust => ("Rust", "cargo"),
        Tool::Postgresql => ("PostgreSQL", "postgresql"),
        Tool::Mariadb => ("MariaDB", "mariadb-server"),
        Tool::Redis => ("Redis", "redis-server"),
        Tool::Rabbitmq => ("RabbitMQ", "rabbitmq-server"),
        Tool::Nats => ("NATS", "nats-server"),
    };
    tr!(
        "{name} is not installed (Debian: apt-get install {package})",
        "未安装 {name}（Debian：apt-get install {package}）"
    )
}
