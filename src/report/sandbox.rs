//! Renders users' templates in a child process with limits on time, memory and output.
//!
//! A template may loop forever or allocate without bound, and one bad template must not bring down a batch. The child is this
//! same binary, called with [`COMMAND`].

use std::io::{Read, Write};
use std::path::Path;
use std::process::{Command, ExitCode, Stdio};
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};

use super::{Engine, Limited, ReportError, TemplateError};
use crate::lang::Lang;
use crate::tr;

/// Time limit of one template.
const TIME: Duration = Duration::from_secs(10);
/// Memory limit (bytes).
const MEMORY: u64 = 512 * 1024 * 1024;
/// Output limit (bytes).
const OUTPUT: usize = 16 * 1024 * 1024;
/// Size limit of a template (bytes).
const LARGEST: u64 = 1024 * 1024;

/// Fields of `/proc/<id>/statm`.
#[cfg(unix)]
const MAPPED: usize = 0;
const RESIDENT: usize = 1;

/// The hidden subcommand by which the binary calls itself.
pub const COMMAND: &str = "render-template";

/// Exit code of a child that received no valid request or could not answer it.
const CANNOT_ANSWER: u8 = 3;

/// What the parent writes to the child's standard input.
#[derive(Serialize, Deserialize)]
struct RenderRequest {
    zh: bool,
    template: String,
    templates: Vec<(String, String)>,
    view: serde_json::Value,
}

/// What the child writes to its standard output.
#[derive(Serialize, Deserialize)]
enum RenderResponse {
    Page(String),
    Wrong {
        file: String,
        line: usize,
        column: usize,
        message: String,
        excerpt: String,
    },
    TooMuch,
}

/// The templates of a user, which are rendered in a child process.
pub(super) struct Sandbox {
    own: Vec<(String, String)>,
}

/// Reads a user's folder of templates, by name: those that override a built-in one, and the user's own partials.
pub(super) fn read_templates(folder: &Path) -> Result<Vec<(String, String)>, ReportError> {
    let known: Vec<String> = super::built_in().map(|stem| format!("{stem}.md")).collect();
    let mut own = Vec::new();
    for (below, prefix) in [
        (folder.to_owned(), ""),
        (folder.join("partials"), "partials/"),
    ] {
        let Ok(entries) = std::fs::read_dir(&below) else {
            continue;
        };
        let mut names: Vec<String> = entries
            .flatten()
            .filter_map(|e| e.file_name().into_string().ok())
            .collect();
        names.sort();
        for name in names
            .into_iter()
            .filter(|n| n.ends_with(".md") && (!prefix.is_empty() || known.contains(n)))
        {
            let text = read_template(&below.join(&name))?;
            let name = format!("{prefix}{name}");
            if !super::is_built_in(&name, &text) {
                own.push((name, text));
            }
        }
    }
    Ok(own)
}

/// Reads the text of one template.
pub(super) fn read_template(path: &Path) -> Result<String, ReportError> {
    let shown = path.display();
    let mut text = String::new();
    let outcome =
        std::fs::File::open(path).and_then(|file| file.take(LARGEST + 1).read_to_string(&mut text));
    outcome.map_err(|error| {
        ReportError::Environment(tr!(
            "cannot read {shown}: {error}",
            "无法读取 {shown}：{error}"
        ))
    })?;
    if text.len() as u64 > LARGEST {
        return Err(ReportError::Environment(tr!(
            "{shown} is larger than 1 MB",
            "{shown} 超过 1 MB"
        )));
    }
    Ok(text)
}

impl Sandbox {
    pub(super) fn new(own: Vec<(String, String)>) -> Self {
        Self { own }
    }

    /// Renders a template in a child process.
    pub(super) fn page(
        &self,
        template: &str,
        view: &impl Serialize,
        lang: Lang,
    ) -> Result<String, ReportError> {
        let view = serde_json::to_value(view).expect("views are plain data");
        let request = RenderRequest {
            zh: lang == Lang::Zh,
            template: template.to_owned(),
            templates: self.own.clone(),
            view,
        };
        let request = serde_json::to_vec(&request).expect("views are plain data");
        let refused = |error: std::io::Error| {
            ReportError::Environment(tr!(
                "cannot start a process to render the template: {error}",
                "无法在独立进程中渲染：{error}"
            ))
        };
        let mut child = Command::new(std::env::current_exe().map_err(refused)?)
            .arg(COMMAND)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .map_err(refused)?;
        let (mut stdin, stdout) = (
            child.stdin.take().expect("it is piped"),
            child.stdout.take().expect("it is piped"),
        );
        // A child that ends early closes its input; its output matters, not the failed write.
        let writer = std::thread::spawn(move || drop(stdin.write_all(&request)));
        // JSON may write a character as six.
        let reader = std::thread::spawn(move || {
            let mut bytes = Vec::new();
            stdout
                .take(6 * OUTPUT as u64 + 1024)
                .read_to_end(&mut bytes)
                .map(|_| bytes)
        });
        let (started, mut late) = (Instant::now(), false);
        let status = loop {
            if let Some(status) = child.try_wait().map_err(refused)? {
                break Some(status);
            }
            late = started.elapsed() > TIME;
            if late || memory(&child.id().to_string(), RESIDENT) > MEMORY {
                drop(child.kill());
                drop(child.wait());
                break None;
            }
            std::thread::sleep(Duration::from_millis(2));
        };
        drop(writer.join());
        let bytes = reader
            .join()
            .expect("reading does not panic")
            .map_err(refused)?;
        let stopped = |message| Err(ReportError::Failed(message));
        if late {
            let seconds = TIME.as_secs();
            return stopped(tr!(
                "template {template}: stopped after {seconds} s",
                "模板 {template}：{seconds} 秒后被停止"
            ));
        }
        match serde_json::from_slice::<RenderResponse>(&bytes) {
            Ok(RenderResponse::Page(page)) if status.is_some_and(|status| status.success()) => {
                Ok(page)
            }
            Ok(RenderResponse::Wrong {
                file,
                line,
                column,
                message,
                excerpt,
            }) => Err(ReportError::from(TemplateError {
                file,
                line,
                column,
                message,
                excerpt,
            })),
            Ok(RenderResponse::TooMuch) => {
                let most = OUTPUT / 1024 / 1024;
                stopped(tr!(
                    "template {template}: writes more than {most} MB",
                    "模板 {template}：输出超过 {most} MB"
                ))
            }
            _ => {
                let most = MEMORY / 1024 / 1024;
                stopped(tr!(
                    "template {template}: stopped; it may use {most} MB of memory",
                    "模板 {template}：已停止；最多可用 {most} MB 内存"
                ))
            }
        }
    }
}

/// The child: limits itself, reads the request from standard input, answers on standard output.
#[must_use]
pub fn serve() -> ExitCode {
    limit();
    let mut bytes = Vec::new();
    let request = std::io::stdin()
        .lock()
        .read_to_end(&mut bytes)
        .ok()
        .and_then(|_| serde_json::from_slice::<RenderRequest>(&bytes).ok());
    let Some(request) = request else {
        return ExitCode::from(CANNOT_ANSWER);
    };
    let answer = render(&request);
    match serde_json::to_writer(std::io::stdout().lock(), &answer) {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::from(CANNOT_ANSWER),
    }
}

fn render(request: &RenderRequest) -> RenderResponse {
    let wrong = |e: TemplateError| {
        let TemplateError {
            file,
            line,
            column,
            message,
            excerpt,
        } = e;
        RenderResponse::Wrong {
            file,
            line,
            column,
            message,
            excerpt,
        }
    };
    let engine = match Engine::new(
        &request.templates,
        if request.zh { Lang::Zh } else { Lang::En },
    ) {
        Ok(engine) => engine,
        Err(error) => return wrong(error),
    };
    let mut page = Vec::new();
    let mut limited = Limited::new(&mut page, OUTPUT);
    match engine.render(&request.template, &request.view, &mut limited) {
        Ok(()) => RenderResponse::Page(super::tidy(&String::from_utf8_lossy(&page))),
        Err(_) if limited.is_full() => RenderResponse::TooMuch,
        Err(error) => wrong(error),
    }
}

/// Limits of this process: memory, processor time, no core file. The parent checks the memory in use; this limits what may be mapped,
/// beyond what the allocator has reserved already, so that a sudden allocation between two checks does no harm.
#[cfg(unix)]
fn limit() {
    use rustix::process::{Resource, Rlimit, setrlimit};
    // A system that refuses a limit still has the others, and the parent's clock.
    let limit = |resource, most: u64| {
        setrlimit(
            resource,
            Rlimit {
                current: Some(most),
                maximum: Some(most),
            },
        )
        .unwrap_or(())
    };
    limit(Resource::As, memory("self", MAPPED) + MEMORY);
    limit(Resource::Cpu, TIME.as_secs() + 1);
    limit(Resource::Core, 0);
}

/// Memory of a process (bytes); 0 if unknown.
#[cfg(unix)]
fn memory(process: &str, field: usize) -> u64 {
    let statm = std::fs::read_to_string(format!("/proc/{process}/statm")).unwrap_or_default();
    let pages: u64 = statm
        .split(' ')
        .nth(field)
        .and_then(|pages| pages.parse().ok())
        .unwrap_or(0);
    pages * rustix::param::page_size() as u64
}

#[cfg(not(unix))]
fn limit() {}

#[cfg(not(unix))]
fn memory(_: &str, _: usize) -> u64 {
    0
}
