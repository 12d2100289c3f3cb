//! A reference service: its manifest and the folder it lives in.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use super::contract::to_hex;
use super::error::BenchError;
use crate::import::file::FileError;
use crate::lang::Text;
use crate::schema::bench::{RequiredTool, ServiceDoc};
use crate::tr;

/// A reference service in its folder.
#[derive(Clone, Debug)]
pub struct ReferenceService {
    /// Its manifest.
    pub doc: ServiceDoc,
    /// Its folder, as an absolute path.
    pub folder: PathBuf,
}

impl ReferenceService {
    /// Checks what the schema cannot: that the name is the folder's and that there is a command to start it.
    ///
    /// # Errors
    /// [`BenchError::Document`] for an inconsistent manifest, [`BenchError::File`] where there is no such folder.
    pub fn new(doc: ServiceDoc, folder: &Path) -> Result<Self, BenchError> {
        let folder = fs::canonicalize(folder).map_err(FileError::reading(folder))?;
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

    /// Returns every command of the manifest, in order and as written: what a user consents to.
    #[must_use]
    pub fn commands(&self) -> Vec<String> {
        let mut all: Vec<String> = self.doc.build.iter().map(|c| join_arguments(c)).collect();
        for process in &self.doc.processes {
            all.extend(process.prepare.iter().map(|c| join_arguments(c)));
            all.push(join_arguments(&process.start));
            all.extend(process.after.iter().map(|c| join_arguments(c)));
        }
        all.push(join_arguments(&self.doc.start));
        all
    }

    /// Returns the SHA-256 of the manifest's text in hexadecimal. Consent to its commands holds for this text only.
    ///
    /// # Errors
    /// [`BenchError::File`] where the file cannot be read.
    pub fn manifest_hash(&self) -> Result<String, BenchError> {
        self.hash_of("service.yaml")
    }

    /// Returns the SHA-256 of the lock file, if there is one.
    ///
    /// # Errors
    /// [`BenchError::File`] where the file cannot be read.
    pub fn lock_hash(&self) -> Result<Option<String>, BenchError> {
        self.doc
            .lock
            .as_deref()
            .map(|lock| self.hash_of(lock))
            .transpose()
    }

    fn hash_of(&self, file: &str) -> Result<String, BenchError> {
        let path = self.folder.join(file);
        let bytes = fs::read(&path).map_err(FileError::reading(path))?;
        Ok(to_hex(&Sha256::digest(bytes)))
    }

    /// Counts the lines of handler code that are neither blank nor a whole-line comment: evidence for development effort.
    ///
    /// # Errors
    /// [`BenchError::File`] where a file cannot be read.
    pub fn handler_lines(&self) -> Result<usize, BenchError> {
        let mut lines = 0;
        for file in &self.doc.handler {
            let path = self.folder.join(file);
            let text = fs::read_to_string(&path).map_err(FileError::reading(path))?;
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

    /// Returns the tools it needs that are not on `PATH`, each with what to install.
    #[must_use]
    pub fn missing_tools(&self) -> Vec<(RequiredTool, Text)> {
        self.doc
            .tools
            .iter()
            .copied()
            .filter(|tool| {
                !program_names(*tool)
                    .iter()
                    .any(|p| find_program(p).is_some())
            })
            .map(|t| (t, install_advice(t)))
            .collect()
    }

    /// Whether it has a process of that name, such as a broker.
    #[must_use]
    pub fn has(&self, process: &str) -> bool {
        self.doc.processes.iter().any(|p| p.name == process)
    }

    /// Whether an operation or step of the contract applies to it: it has the process that is needed, and does not declare it
    /// unsupported.
    #[must_use]
    pub fn does(&self, id: &str, needs: Option<&str>) -> bool {
        needs.is_none_or(|process| self.has(process)) && !self.doc.unsupported.contains_key(id)
    }

    /// Whether it needs a long warm-up, as with a just-in-time compiler.
    #[must_use]
    pub fn warms_slowly(&self) -> bool {
        self.doc.tools.contains(&RequiredTool::Java)
    }
}

/// Fills in `{PORT}`, `{PORT:name}`, `{DATA}` and `{FOLDER}`. Every other brace stays.
pub(crate) fn fill_placeholders(text: &str, places: &BTreeMap<String, String>) -> String {
    places.iter().fold(text.to_owned(), |text, (name, value)| {
        text.replace(&format!("{{{name}}}"), value)
    })
}

/// Formats a command as one line.
pub(crate) fn join_arguments(arguments: &[String]) -> String {
    let quote = |argument: &String| {
        if argument.contains([' ', '"']) {
            format!("{argument:?}")
        } else {
            argument.clone()
        }
    };
    arguments.iter().map(quote).collect::<Vec<_>>().join(" ")
}

/// Returns the path of a program: on `PATH`, or where Debian installs servers.
pub(crate) fn find_program(program: &str) -> Option<PathBuf> {
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

fn program_names(tool: RequiredTool) -> &'static [&'static str] {
    match tool {
        RequiredTool::Go => &["go"],
        RequiredTool::Python => &["python3"],
        RequiredTool::Node => &["npm"],
        RequiredTool::Java => &["javac"],
        RequiredTool::Maven => &["mvn"],
        RequiredTool::Rust => &["cargo"],
        RequiredTool::Postgresql => &["postgres"],
        RequiredTool::Mariadb => &["mariadbd"],
        RequiredTool::Redis => &["redis-server"],
        RequiredTool::Rabbitmq => &["rabbitmq-server"],
        RequiredTool::Nats => &["nats-server"],
    }
}

fn install_advice(tool: RequiredTool) -> Text {
    let (name, package) = match tool {
        RequiredTool::Go => ("Go", "golang"),
        RequiredTool::Python => ("Python 3", "python3-venv"),
        RequiredTool::Node => ("Node.js", "nodejs npm"),
        RequiredTool::Java => ("JDK", "default-jdk-headless"),
        RequiredTool::Maven => ("Apache Maven", "maven"),
        RequiredTool::Rust => ("Rust", "cargo"),
        RequiredTool::Postgresql => ("PostgreSQL", "postgresql"),
        RequiredTool::Mariadb => ("MariaDB", "mariadb-server"),
        RequiredTool::Redis => ("Redis", "redis-server"),
        RequiredTool::Rabbitmq => ("RabbitMQ", "rabbitmq-server"),
        RequiredTool::Nats => ("NATS", "nats-server"),
    };
    tr!(
        "{name} is not installed (Debian: apt-get install {package})",
        "未安装 {name}（Debian：apt-get install {package}）"
    )
}
