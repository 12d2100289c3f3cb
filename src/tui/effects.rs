//! Carries out what [`update`](super::update()) asks of the terminal and the system.

use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant, SystemTime};

use super::clipboard::{CopyMethod, copy_with, osc52, ways};
use super::draw;
use super::export::export_view;
use super::run::Options;
use super::state::{FileLine, State};
use super::terminal::AlternateScreen;
use super::update::{Effect, ExportFormat};
use super::worker::Worker;
use crate::session::{EditError, delete_unsaved};
use crate::tr;

/// Limit on the time that quitting waits for a report being written.
const REPORT_TIMEOUT: Duration = Duration::from_secs(20);
/// Interval at which quitting checks for the report.
const REPORT_POLL: Duration = Duration::from_millis(25);

/// Part of the time that looking for changed files may take: 1 in 400. Fifty files cost 0.2 ms in the cache, 5 ms on a machine that
/// has slept and more on a network drive, where the screen must not stand still for them.
const LOOK_COST_FACTOR: u32 = 400;
/// Limit on the time that a changed file goes unnoticed, whatever looking costs.
const LONGEST_PAUSE: Duration = Duration::from_secs(5);

/// Size and time of each file: if they are the same, so is the content.
type FileStamps = Vec<Option<(u64, SystemTime)>>;

fn file_stamps(files: &[PathBuf]) -> FileStamps {
    let stamp = |file: &PathBuf| {
        let metadata = std::fs::metadata(file).ok()?;
        Some((metadata.len(), metadata.modified().ok()?))
    };
    files.iter().map(stamp).collect()
}

/// Everything outside the state: the terminal, the worker and the files.
pub(super) struct World<'w> {
    screen: &'w mut AlternateScreen,
    options: &'w Options,
    pub(super) worker: Worker,
    files: Vec<PathBuf>,
    stamps: FileStamps,
    /// When to look at the files again.
    next_look: Instant,
}

impl<'w> World<'w> {
    pub(super) fn new(
        screen: &'w mut AlternateScreen,
        options: &'w Options,
        state: &State,
    ) -> Self {
        let mut world = Self {
            screen,
            options,
            worker: Worker::start(),
            files: Vec::new(),
            stamps: Vec::new(),
            next_look: Instant::now(),
        };
        world.watch_files(state);
        world
    }

    /// Computes what the screen shows and paints it.
    pub(super) fn show(&mut self, state: &mut State) -> io::Result<()> {
        for job in state.refresh() {
            self.worker.ask(job);
        }
        self.screen.terminal.draw(|frame| draw(state, frame))?;
        Ok(())
    }

    fn watch_files(&mut self, state: &State) {
        self.files = state.session.model().files();
        self.stamps = file_stamps(&self.files);
    }

    /// Whether a file of the decision has changed since it was read; `false` while it is too early to look again.
    pub(super) fn is_outdated(&mut self) -> bool {
        let start = Instant::now();
        if start < self.next_look {
            return false;
        }
        let is_outdated = file_stamps(&self.files) != self.stamps;
        let end = Instant::now();
        self.next_look = end + ((end - start) * LOOK_COST_FACTOR).min(LONGEST_PAUSE);
        is_outdated
    }

    /// Reads the files again; a broken file leaves the state as it is.
    pub(super) fn reload(&mut self, state: &mut State) {
        let message = if state.session.reload() {
            tr!("files reloaded", "已重新读取文件")
        } else {
            tr!(
                "the files have errors (9): showing the last valid state",
                "文件有错误 (9)：显示上一个有效状态"
            )
        };
        state.set_message(&message);
        self.watch_files(state);
    }

    /// Restores the terminal and suspends the process until the shell continues it.
    pub(super) fn suspend(&mut self, state: &mut State) -> io::Result<()> {
        self.screen.leave();
        #[cfg(unix)]
        drop(signal_hook::low_level::raise(
            signal_hook::consts::signal::SIGSTOP,
        ));
        self.resume(state)
    }

    /// Takes over the terminal again; its size and content may have changed meanwhile.
    fn resume(&mut self, state: &mut State) -> io::Result<()> {
        self.screen.resume()?;
        let size = self.screen.terminal.size()?;
        state.size = (size.width, size.height);
        Ok(())
    }

    /// Carries out an effect; returns whether the loop ends.
    pub(super) fn perform(&mut self, effect: Effect, state: &mut State) -> io::Result<bool> {
        match effect {
            Effect::Abort => return Ok(true),
            Effect::Quit => {
                self.finish_reports(state)?;
                return Ok(true);
            }
            Effect::Suspend => self.suspend(state)?,
            Effect::Mouse(on) => self.screen.mouse(on)?,
            Effect::Repaint => self.screen.clear()?,
            Effect::Reload => self.reload(state),
            Effect::Forget => {
                if let Some(folder) = &self.options.kept {
                    delete_unsaved(folder, state.session.path());
                }
            }
            Effect::Copy(text) => self.copy(&text, state)?,
            Effect::Edit(place) => self.edit(&place, state)?,
            Effect::SaveScenario(id) => {
                let written = state.session.save_scenario(&id);
                let file = written.map(|files| files.last().cloned().unwrap_or_default());
                report_written(state, file);
                self.watch_files(state);
            }
            Effect::Report => {
                if let Some(job) = state.request_report() {
                    self.worker.ask(job);
                }
            }
            Effect::SaveProfile(id) => {
                let file = state.session.save_profile(&id);
                report_written(state, file);
                self.watch_files(state);
            }
            Effect::Export(format) => export(state, format),
        }
        Ok(false)
    }

    /// Waits for the reports that are being written.
    fn finish_reports(&mut self, state: &mut State) -> io::Result<()> {
        if state.reports > 0 {
            self.show(state)?;
        }
        let start = Instant::now();
        while state.reports > 0 && start.elapsed() < REPORT_TIMEOUT {
            std::thread::sleep(REPORT_POLL);
            for (generation, answer) in self.worker.take_answers() {
                state.apply_answer(generation, answer);
            }
        }
        Ok(())
    }

    fn copy(&mut self, text: &str, state: &mut State) -> io::Result<()> {
        let is_set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
        for way in ways(is_set) {
            match way {
                CopyMethod::Tool(words) if copy_with(words, text) => {
                    let tool = words[0];
                    state.set_message(&tr!("copied with {tool}", "已用 {tool} 复制"));
                    return Ok(());
                }
                CopyMethod::Tool(_) => {}
                CopyMethod::Osc52 => {
                    self.screen.send(&osc52(text, is_set("TMUX")))?;
                    state.set_message(&tr!(
                        "sent to the terminal's clipboard (OSC 52)",
                        "已发送到终端剪贴板 (OSC 52)"
                    ));
                }
            }
        }
        Ok(())
    }

    /// Opens the editor, which has the terminal to itself, and reads the files again afterwards.
    fn edit(&mut self, place: &FileLine, state: &mut State) -> io::Result<()> {
        let default = if cfg!(windows) { "notepad" } else { "vi" };
        let editor = self.options.editor.as_deref().unwrap_or(default);
        let mut command = editor_command(editor, place);
        self.screen.leave();
        let status = command.status();
        self.resume(state)?;
        match status {
            Ok(_) => self.reload(state),
            Err(error) => {
                let program = command.get_program().to_string_lossy();
                state.set_message(&tr!(
                    "cannot run {program}: {error}",
                    "无法运行 {program}：{error}"
                ));
            }
        }
        Ok(())
    }
}

/// The command that opens a file at a line; an unknown editor gets the file alone.
fn editor_command(editor: &str, place: &FileLine) -> Command {
    let mut words = editor.split_whitespace();
    let program = words.next().unwrap_or("vi");
    let name = Path::new(program).file_stem().unwrap_or_default();
    let mut command = Command::new(program);
    command.args(words);
    let FileLine { file, line } = place;
    match name.to_string_lossy().as_ref() {
        "code" | "codium" | "cursor" => command.arg("--goto").arg(format!("{file}:{line}")),
        "hx" | "helix" | "subl" | "zed" => command.arg(format!("{file}:{line}")),
        "vi" | "vim" | "nvim" | "nano" | "emacs" | "emacsclient" | "kak" | "micro" | "ee"
        | "joe" => command.arg(format!("+{line}")).arg(file),
        _ => command.arg(file),
    };
    command
}

fn export(state: &mut State, format: ExportFormat) {
    let extension = match format {
        ExportFormat::Markdown => "md",
        ExportFormat::Json => "json",
    };
    let decision = &state.session.model().decision.id;
    let view = state.screen.action().name();
    let path = PathBuf::from(format!("{decision}-{view}.{extension}"));
    let written = crate::session::write_view(&path, &export_view(state, format));
    report_written(state, written.map(|()| path));
}

fn report_written(state: &mut State, file: Result<PathBuf, EditError>) {
    let message = match file {
        Ok(path) => {
            let path = path.display();
            tr!("written: {path}", "已写入：{path}")
        }
        Err(error) => error.text(),
    };
    state.set_message(&message);
}
