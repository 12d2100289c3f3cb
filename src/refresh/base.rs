//! Where each source is found: the address given with `--base`, else the one that the user's package clients are
//! configured with, so that mirrors and internal registries are used here too.

use std::path::{Path, PathBuf};
use std::process::Command;

use super::http::{Client, HttpResponseBody};
use super::maven::elements;
use super::{FactSource, RefreshError, SOURCES};

/// The address of the endoflife.date API.
const ENDOFLIFE: &str = "https://endoflife.date/api/v1";
/// Size limit of a file, the same as for a response.
const LARGEST: u64 = 32_000_000;

/// The location of a source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Base {
    Url(String),
    /// A folder with files or clones.
    Folder(PathBuf),
}

impl Base {
    /// Parses an address, or else a folder.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        // Cargo writes `sparse+` before the address of an index.
        let text = text.strip_prefix("sparse+").unwrap_or(text);
        if let Some(folder) = text.strip_prefix("file://") {
            Self::Folder(folder.into())
        } else if text.contains("://") {
            Self::Url(text.trim_end_matches('/').to_owned())
        } else {
            Self::Folder(text.into())
        }
    }

    /// Returns the address or path of `path` below it.
    pub(super) fn place(&self, path: &str) -> String {
        match self {
            Self::Url(url) => format!("{url}/{path}"),
            Self::Folder(folder) => folder.join(path).display().to_string(),
        }
    }

    /// Reads what lies below it; in a folder, the file name may end in `.json`.
    pub(super) fn get(
        &self,
        client: &Client,
        path: &str,
        accept: &str,
    ) -> Result<HttpResponseBody, RefreshError> {
        let Self::Folder(folder) = self else {
            return client.get(&self.place(path), accept);
        };
        let file = folder.join(path.trim_end_matches('/'));
        let named = [
            file.clone(),
            file.with_file_name(format!(
                "{}.json",
                file.file_name().unwrap_or_default().to_string_lossy()
            )),
        ];
        let place = self.place(path);
        let file = named
            .iter()
            .find(|f| f.is_file())
            .ok_or_else(|| RefreshError::Status {
                place: place.clone(),
                status: 404,
            })?;
        let unreachable = |error: std::io::Error| RefreshError::Garbled {
            place: place.clone(),
            said: error.to_string(),
        };
        if std::fs::metadata(file).map_err(unreachable)?.len() > LARGEST {
            return Err(RefreshError::TooLarge {
                place,
                limit: LARGEST / 1_000_000,
            });
        }
        let body = std::fs::read(file).map_err(unreachable)?;
        Ok(HttpResponseBody {
            body,
            modified: None,
            place,
        })
    }
}

/// Resolves a link on a page: absolute, relative to the root, or relative to the page.
pub(super) fn resolve_link(page: &str, link: &str) -> String {
    if link.contains("://") {
        return link.to_owned();
    }
    let root = page
        .find("://")
        .and_then(|at| page[at + 3..].find('/').map(|slash| at + 3 + slash))
        .unwrap_or(page.len());
    if link.starts_with('/') {
        return format!("{}{link}", &page[..root]);
    }
    let mut folders: Vec<&str> = page[root..].split('/').collect();
    folders.pop();
    for part in link.split('/') {
        match part {
            "." => {}
            ".." if folders.len() > 1 => drop(folders.pop()),
            ".." => {}
            name => folders.push(name),
        }
    }
    format!("{}{}", &page[..root], folders.join("/"))
}

/// The configuration of the user's package clients.
pub struct ClientSettings<'a> {
    /// Looks up an environment variable.
    pub variable: &'a dyn Fn(&str) -> Option<String>,
    /// The working directory, for project-level configuration.
    pub here: PathBuf,
    /// The home directory.
    pub home: PathBuf,
    /// Whether installed clients may be run to ask for their configuration.
    pub ask_clients: bool,
}

impl ClientSettings<'_> {
    /// Returns where a source is found by this configuration; `None` if it is not configured. Repositories,
    /// Scorecards and deps.dev have to be given with `--base`.
    #[must_use]
    pub fn base(&self, source: &FactSource) -> Option<Base> {
        let found = match source.id {
            "pypi" => self.pip(),
            "npm" => self.npm(),
            "cargo" => self.cargo(),
            "go" => self.go(),
            "maven" => self.maven(),
            "endoflife" => Some(ENDOFLIFE.to_owned()),
            _ => None,
        };
        found
            .filter(|text| !text.is_empty())
            .map(|text| Base::parse(&text))
    }

    fn variable(&self, name: &str) -> Option<String> {
        (self.variable)(name).filter(|value| !value.is_empty())
    }

    fn ask_client(&self, program: &str, arguments: &[&str]) -> Option<String> {
        if !self.ask_clients {
            return None;
        }
        let output = Command::new(program)
            .args(arguments)
            .current_dir(&self.here)
            .output()
            .ok()?;
        output
            .status
            .success()
            .then(|| String::from_utf8_lossy(&output.stdout).into_owned())
    }

    fn pip(&self) -> Option<String> {
        let files = [
            self.variable("PIP_CONFIG_FILE").map(PathBuf::from),
            self.variable("VIRTUAL_ENV")
                .map(|folder| Path::new(&folder).join("pip.conf")),
            Some(self.home.join(".config/pip/pip.conf")),
            Some(self.home.join(".pip/pip.conf")),
            self.variable("APPDATA")
                .map(|folder| Path::new(&folder).join("pip/pip.ini")),
            Some(PathBuf::from("/etc/pip.conf")),
        ];
        let written = || {
            files
                .into_iter()
                .flatten()
                .find_map(|file| setting(&file, "index-url"))
        };
        // pip's own help names the index in use.
        let asked = || {
            let help = self.ask_client("pip", &["install", "--help"])?;
            let behind = help.split_once("--index-url")?.1.split_once("(default")?.1;
            behind.split([')']).next().map(|url| url.trim().to_owned())
        };
        self.variable("PIP_INDEX_URL")
            .or_else(written)
            .or_else(asked)
    }

    fn npm(&self) -> Option<String> {
        let named = || {
            self.variable("npm_config_registry")
                .or_else(|| self.variable("NPM_CONFIG_REGISTRY"))
        };
        let written = || {
            [self.here.join(".npmrc"), self.home.join(".npmrc")]
                .iter()
                .find_map(|file| setting(file, "registry"))
        };
        let asked = || {
            self.ask_client("npm", &["config", "get", "registry"])
                .map(|said| said.trim().to_owned())
        };
        named().or_else(written).or_else(asked)
    }

    fn go(&self) -> Option<String> {
        let said = self
            .variable("GOPROXY")
            .or_else(|| self.ask_client("go", &["env", "GOPROXY"]))?;
        said.trim()
            .split([',', '|'])
            .map(str::trim)
            .find(|p| !["direct", "off", ""].contains(p))
            .map(str::to_owned)
    }

    /// Returns a replacement of the default source, else the index that Cargo has used, whose folder contains the
    /// host name.
    fn cargo(&self) -> Option<String> {
        let home = self
            .variable("CARGO_HOME")
            .map_or_else(|| self.home.join(".cargo"), PathBuf::from);
        let folders = self
            .here
            .ancestors()
            .map(|a| a.join(".cargo"))
            .chain([home.clone()]);
        for file in folders.flat_map(|f| [f.join("config.toml"), f.join("config")]) {
            let Ok(text) = std::fs::read_to_string(file) else {
                continue;
            };
            if let Some(by) = in_table(&text, "source.crates-io", "replace-with")
                && let Some(registry) = in_table(&text, &format!("source.{by}"), "registry")
                    .or_else(|| in_table(&text, &format!("registries.{by}"), "index"))
            {
                return Some(registry);
            }
        }
        let used = std::fs::read_dir(home.join("registry/index"))
            .ok()?
            .flatten();
        let mut hosts: Vec<String> = used
            .filter_map(|entry| {
                entry
                    .file_name()
                    .to_str()?
                    .rsplit_once('-')
                    .map(|(host, _)| host.to_owned())
            })
            .filter(|host| host.starts_with("index.") && host.contains('.'))
            .collect();
        hosts.sort();
        hosts
            .into_iter()
            .next()
            .map(|host| format!("https://{host}"))
    }

    /// Returns a mirror of Maven Central from the user's or the machine's settings, else the default repository.
    fn maven(&self) -> Option<String> {
        let machine = self.variable("MAVEN_HOME").map_or_else(
            || PathBuf::from("/etc/maven"),
            |home| Path::new(&home).join("conf"),
        );
        let files = [
            self.home.join(".m2/settings.xml"),
            machine.join("settings.xml"),
        ];
        let asked = || {
            let question = [
                "-q",
                "-B",
                "help:evaluate",
                "-Dexpression=project.repositories[0].url",
                "-DforceStdout",
            ];
            first_address(&self.ask_client("mvn", &question)?)
        };
        files
            .iter()
            .find_map(|file| mirror_of_central(&std::fs::read_to_string(file).ok()?))
            .or_else(asked)
    }
}

/// Returns the mirror of Central in Maven's settings; examples within comments are ignored.
fn mirror_of_central(settings: &str) -> Option<String> {
    let outside: String = settings
        .split("<!--")
        .enumerate()
        .map(|(i, part)| {
            if i == 0 {
                part
            } else {
                part.split_once("-->").map_or("", |(_, rest)| rest)
            }
        })
        .collect();
    let stands_for_central = |mirror: &&str| {
        elements(mirror, "mirrorOf").any(|of| {
            of.split(',')
                .any(|name| ["*", "central", "external:*"].contains(&name.trim()))
        })
    };
    elements(&outside, "mirror")
        .find(stands_for_central)
        .and_then(|mirror| elements(mirror, "url").next())
        .map(str::to_owned)
}

/// Returns the first address in a client's output, which may contain colour codes.
fn first_address(said: &str) -> Option<String> {
    let from = &said[said.find("http")?..];
    let end = from
        .find(|c: char| c.is_whitespace() || c.is_control())
        .unwrap_or(from.len());
    Some(from[..end].to_owned())
}

/// Reads `key = value` from a settings file.
fn setting(file: &Path, key: &str) -> Option<String> {
    let text = std::fs::read_to_string(file).ok()?;
    text.lines().find_map(|line| value(line, key))
}

fn value(line: &str, key: &str) -> Option<String> {
    let (name, value) = line.split_once('=')?;
    (name.trim() == key).then(|| value.trim().trim_matches(['"', '\'']).to_owned())
}

/// Reads `key = "value"` from a table of a TOML file with one entry per line, as in Cargo's documentation.
fn in_table(text: &str, table: &str, key: &str) -> Option<String> {
    let mut inside = false;
    for line in text.lines().map(str::trim) {
        if let Some(name) = line
            .strip_prefix('[')
            .and_then(|rest| rest.strip_suffix(']'))
        {
            inside = name.replace('"', "") == table;
        } else if inside && let Some(value) = value(line, key) {
            return Some(value);
        }
    }
    None
}

/// Parses `--base SOURCE=LOCATION`.
///
/// # Errors
/// If `=` is missing or there is no such source; the error holds the most similar source id.
pub fn parse_typed(text: &str) -> Result<(&'static str, Base), String> {
    let (id, base) = text.split_once('=').ok_or_else(|| text.to_owned())?;
    let source = SOURCES
        .iter()
        .find(|s| s.id == id)
        .ok_or_else(|| id.to_owned())?;
    Ok((source.id, Base::parse(base)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings<'a>(
        variable: &'a dyn Fn(&str) -> Option<String>,
        home: &Path,
    ) -> ClientSettings<'a> {
        ClientSettings {
            variable,
            here: home.join("project"),
            home: home.to_owned(),
            ask_clients: false,
        }
    }

    fn base(settings: &ClientSettings<'_>, id: &str) -> Option<Base> {
        settings.base(super::super::find_source(id).expect("a source"))
    }

    fn url(text: &str) -> Option<Base> {
        Some(Base::Url(text.to_owned()))
    }

    #[test]
    fn the_environment_comes_first() {
        let home = tempfile::tempdir().expect("a folder");
        let variable = |name: &str| {
            let value = match name {
                "PIP_INDEX_URL" => "http://one.test/simple/",
                "npm_config_registry" => "http://two.test",
                "GOPROXY" => "off,http://three.test,direct",
                _ => return None,
            };
            Some(value.to_owned())
        };
        let settings = settings(&variable, home.path());
        assert_eq!(base(&settings, "pypi"), url("http://one.test/simple"));
        assert_eq!(base(&settings, "npm"), url("http://two.test"));
        assert_eq!(base(&settings, "go"), url("http://three.test"));
        assert_eq!(base(&settings, "git"), None);
    }

    #[test]
    fn then_the_files_of_the_clients() {
        let home = tempfile::tempdir().expect("a folder");
        let write = |path: &str, text: &str| {
            let path = home.path().join(path);
            std::fs::create_dir_all(path.parent().expect("a folder"))
                .expect("a folder can be made");
            std::fs::write(path, text).expect("a file can be written");
        };
        write(
            ".config/pip/pip.conf",
            "[global]\nindex-url = http://a.test/simple\n",
        );
        write("project/.npmrc", "registry=http://b.test/npm/\n");
        write(
            ".cargo/config.toml",
            "[source.crates-io]\nreplace-with = \"mirror\"\n[source.mirror]\nregistry = \"sparse+http://c.test/index/\"\n",
        );
        write(
            ".m2/settings.xml",
            "<settings><mirrors><mirror><id>m</id><mirrorOf>central</mirrorOf><url>http://d.test/m2</url></mirror></mirrors></settings>",
        );
        let none = |_: &str| None;
        let settings = settings(&none, home.path());
        if !Path::new("/etc/pip.conf").exists() {
            assert_eq!(base(&settings, "pypi"), url("http://a.test/simple"));
        }
        assert_eq!(base(&settings, "npm"), url("http://b.test/npm"));
        assert_eq!(base(&settings, "cargo"), url("http://c.test/index"));
        assert_eq!(base(&settings, "maven"), url("http://d.test/m2"));
        assert_eq!(base(&settings, "go"), None);
    }

    #[test]
    fn a_mirror_in_a_comment_of_mavens_settings_is_an_example() {
        let example = "<settings><!-- <mirror><mirrorOf>central</mirrorOf><url>http://example.test</url></mirror> -->MIRRORS</settings>";
        assert_eq!(mirror_of_central(example), None);
        let real = example.replace(
            "MIRRORS",
            "<mirror><mirrorOf>external:*</mirrorOf><url>http://d.test/m2</url></mirror>",
        );
        assert_eq!(
            mirror_of_central(&real).as_deref(),
            Some("http://d.test/m2")
        );
    }

    #[test]
    fn a_coloured_answer_holds_its_address() {
        assert_eq!(
            first_address("\u{1b}[0m\u{1b}[0mhttps://e.test/maven2\u{1b}[0m\n").as_deref(),
            Some("https://e.test/maven2")
        );
        assert_eq!(first_address("null object or invalid expression"), None);
    }

    #[test]
    fn links_are_whole_rooted_or_beside() {
        let page = "http://a.test/simple/flask/";
        assert_eq!(
            resolve_link(page, "../../files/f.whl"),
            "http://a.test/files/f.whl"
        );
        assert_eq!(
            resolve_link(page, "f.whl"),
            "http://a.test/simple/flask/f.whl"
        );
        assert_eq!(resolve_link(page, "/f.whl"), "http://a.test/f.whl");
        assert_eq!(resolve_link(page, "http://b.test/f"), "http://b.test/f");
        assert_eq!(
            resolve_link("http://a.test/x", "../../../f"),
            "http://a.test/f"
        );
    }
}
