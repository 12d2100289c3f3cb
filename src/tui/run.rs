//! The loop that owns the terminal: wait, take in everything that waits, refresh once, draw once.

use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant, SystemTime};

use signal_hook::consts::signal::{SIGINT, SIGTERM};

use super::clipboard::{Way, hand_over, osc52, ways};
use super::event::event;
use super::state::{Overlay, State};
use super::terminal::Screen;
use super::update::{Effect, handle};
use super::worker::{Reporter, Worker};
use super::{draw, draw::export};
use crate::session::{forget, keep, kept};
use crate::tr;

/// What the shell gives.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Where unsaved work is kept.
    pub kept: Option<PathBuf>,
    /// The editor's command.
    pub editor: Option<String>,
    /// What writes reports: those are another room's.
    pub report: Option<Reporter>,
}

/// How it ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// The user left.
    Left,
    /// This signal came.
    Signal(i32),
}

/// How long nothing happens before files and signals are looked at.
const IDLE: Duration = Duration::from_millis(250);
/// The same while an answer is awaited.
const BUSY: Duration = Duration::from_millis(25);

/// How long the loop has to end by itself after a signal.
const GRACE: Duration = Duration::from_secs(1);

/// How long whoever leaves waits at most for a report that is being written.
const PATIENCE: Duration = Duration::from_secs(20);

/// Flags that signals set.
struct Signals {
    end: Vec<(i32, Arc<AtomicBool>)>,
    stop: Arc<AtomicBool>,
}

impl Signals {
    fn catch() -> io::Result<Self> {
        let flag = || Arc::new(AtomicBool::new(false));
        let mut signals = Self {
            end: vec![(SIGTERM, flag()), (SIGINT, flag())],
            stop: flag(),
        };
        #[cfg(unix)]
        {
            signals
                .end
                .push((signal_hook::consts::signal::SIGHUP, flag()));
            signal_hook::flag::register(
                signal_hook::consts::signal::SIGTSTP,
                signals.stop.clone(),
            )?;
        }
        for (signal, flag) in &signals.end {
            signal_hook::flag::register(*signal, flag.clone())?;
        }
        let mut watched =
            signal_hook::iterator::Signals::new(signals.end.iter().map(|(signal, _)| *signal))?;
        std::thread::spawn(move || {
            // Where the terminal itself is gone, crossterm 0.29 reads its end for ever and the loop never looks at the flags.
            if let Some(signal) = watched.forever().next() {
                std::thread::sleep(GRACE);
                super::terminal::restore();
                drop(signal_hook::low_level::emulate_default_handler(signal));
            }
        });
        Ok(signals)
    }

    fn ended(&self) -> Option<i32> {
        self.end
            .iter()
            .find(|(_, flag)| flag.load(Ordering::Relaxed))
            .map(|(signal, _)| *signal)
    }
}

/// The files' sizes and times: another state of them means another content.
fn stamp(files: &[PathBuf]) -> Vec<Option<(u64, SystemTime)>> {
    files
        .iter()
        .map(|f| {
            std::fs::metadata(f)
                .ok()
                .and_then(|m| Some((m.len(), m.modified().ok()?)))
        })
        .collect()
}

/// Runs until the user leaves or a signal comes.
///
/// # Errors
/// Where the terminal refuses.
pub fn run(state: &mut State, options: &Options) -> io::Result<Ending> {
    let signals = Signals::catch()?;
    let mut screen = Screen::enter(state.mouse)?;
    let size = screen.terminal.size()?;
    state.size = (size.width, size.height);
    if let Some(kept) = options
        .kept
        .as_deref()
        .and_then(|folder| kept(folder, state.session.path()))
        && kept.knobs(&state.session) != *state.session.knobs()
    {
        state.overlays.push(Overlay::Recover(kept));
    }
    let mut world = World {
        screen: &mut screen,
        options,
        worker: Worker::start(),
        files: Vec::new(),
        seen: Vec::new(),
        generation: 0,
    };
    world.watch(state);
    world.show(state)?;
    loop {
        let wait = if world.worker.is_busy() { BUSY } else { IDLE };
        let mut changed = false;
        if poll(wait)? {
            // Everything that waits is taken in before anything is computed: a held key leaves no backlog.
            loop {
                if let Some(event) = event(crossterm::event::read()?, state.size) {
                    changed = true;
                    for effect in handle(state, event) {
                        if world.perform(effect, state)? {
                            return Ok(Ending::Left);
                        }
                    }
                }
                if !poll(Duration::ZERO)? {
                    break;
                }
            }
        }
        if let Some(signal) = signals.ended() {
            return Ok(Ending::Signal(signal));
        }
        if signals.stop.swap(false, Ordering::Relaxed) {
            world.suspend(state)?;
            changed = true;
        }
        for (generation, answer) in world.worker.heard() {
            state.hear(generation, answer);
            changed = true;
        }
        let percent = world.worker.part().map(crate::view::figure::whole_percent);
        if state.progress != percent {
            state.progress = percent;
            changed |= state.is_waiting();
        }
        if !changed && stamp(&world.files) != world.seen {
            world.reload(state);
            changed = true;
        }
        if changed {
            world.show(state)?;
            if world.generation != state.session.generation() {
                world.generation = state.session.generation();
                if let Some(folder) = options
                    .kept
                    .as_deref()
                    .filter(|_| !matches!(state.overlays.last(), Some(Overlay::Recover(_))))
                {
                    keep(folder, &state.session);
                }
            }
        }
    }
}

/// Waits for an event; a signal that interrupts the wait is no error.
fn poll(wait: Duration) -> io::Result<bool> {
    match crossterm::event::poll(wait) {
        Err(error) if error.kind() == io::ErrorKind::Interrupted => Ok(false),
        other => other,
    }
}

struct World<'w> {
    screen: &'w mut Screen,
    options: &'w Options,
    worker: Worker,
    files: Vec<PathBuf>,
    seen: Vec<Option<(u64, SystemTime)>>,
    generation: u64,
}

impl World<'_> {
    /// Computes and paints.
    fn show(&mut self, state: &mut State) -> io::Result<()> {
        for job in state.refresh() {
            self.worker.ask(job);
        }
        self.screen.terminal.draw(|frame| draw(state, frame))?;
        Ok(())
    }

    fn watch(&mut self, state: &State) {
        self.files = state.session.model().files();
        self.seen = stamp(&self.files);
    }

    fn reload(&mut self, state: &mut State) {
        let good = state.session.reload();
        state.message = if good {
            state.lang.pick("files read again", "已重新读取文件")
        } else {
            state.lang.pick(
                "the files have errors (9): the last good state stays",
                "文件有错误 (9)：保留上一个有效状态",
            )
        }
        .to_owned();
        self.watch(state);
    }

    fn suspend(&mut self, state: &mut State) -> io::Result<()> {
        self.screen.leave();
        #[cfg(unix)]
        drop(signal_hook::low_level::raise(
            signal_hook::consts::signal::SIGSTOP,
        ));
        self.back(state)
    }

    /// Takes the terminal again: everything on it may be another's.
    fn back(&mut self, state: &mut State) -> io::Result<()> {
        self.screen.resume()?;
        let size = self.screen.terminal.size()?;
        state.size = (size.width, size.height);
        Ok(())
    }

    /// Carries out an effect; whether it was the last.
    fn perform(&mut self, effect: Effect, state: &mut State) -> io::Result<bool> {
        match effect {
            Effect::Abort => return Ok(true),
            Effect::Quit => {
                self.finish(state)?;
                return Ok(true);
            }
            Effect::Suspend => self.suspend(state)?,
            Effect::Mouse(on) => self.screen.mouse(on)?,
            Effect::Repaint => self.screen.clear()?,
            Effect::Reload => self.reload(state),
            Effect::Forget => {
                if let Some(folder) = &self.options.kept {
                    forget(folder, state.session.path());
                }
            }
            Effect::Copy(text) => self.copy(&text, state)?,
            Effect::Edit(file, line) => {
                self.edit(&file, line, state)?;
            }
            Effect::SaveScenario(id) => {
                let outcome = state
                    .session
                    .save_scenario(&id)
                    .map(|files| files.last().cloned().unwrap_or_default());
                saved(state, outcome);
                self.watch(state);
            }
            Effect::Report => {
                if let Some(job) = self.options.report.and_then(|write| state.report(write)) {
                    self.worker.ask(job);
                }
            }
            Effect::SaveProfile(id) => {
                let outcome = state.session.save_profile(&id);
                saved(state, outcome);
                self.watch(state);
            }
            Effect::Export(json) => {
                let name = format!(
                    "{}-{}.{}",
                    state.session.model().decision.id,
                    state.screen.action().name(),
                    if json { "json" } else { "md" }
                );
                let path = PathBuf::from(name);
                let outcome =
                    crate::session::write_view(&path, &export(state, json)).map(|()| path);
                saved(state, outcome);
            }
        }
        Ok(false)
    }

    /// Lets a report that was asked for be written to its end.
    fn finish(&mut self, state: &mut State) -> io::Result<()> {
        if state.reports > 0 {
            self.show(state)?;
        }
        let start = Instant::now();
        while state.reports > 0 && start.elapsed() < PATIENCE {
            std::thread::sleep(BUSY);
            self.worker
                .heard()
                .into_iter()
                .for_each(|(generation, answer)| state.hear(generation, answer));
        }
        Ok(())
    }

    fn copy(&mut self, text: &str, state: &mut State) -> io::Result<()> {
        let variable = |name: &str| std::env::var_os(name).is_some_and(|v| !v.is_empty());
        for way in ways(variable) {
            match way {
                Way::Tool(words) if hand_over(words, text) => {
                    let tool = words[0];
                    state.message = tr!("copied by {tool}", "已用 {tool} 复制")
                        .get(state.lang)
                        .to_owned();
                    return Ok(());
                }
                Way::Tool(_) => {}
                Way::Osc52 => {
                    self.screen.send(&osc52(text, variable("TMUX")))?;
                    state.message = state
                        .lang
                        .pick(
                            "sent to the terminal's clipboard (OSC 52)",
                            "已发送到终端剪贴板 (OSC 52)",
                        )
                        .to_owned();
                }
            }
        }
        Ok(())
    }

    /// Leaves the screen wholly, so that the editor has it alone; reads the files again afterwards.
    fn edit(&mut self, file: &str, line: usize, state: &mut State) -> io::Result<()> {
        let editor = self
            .options
            .editor
            .clone()
            .unwrap_or_else(|| if cfg!(windows) { "notepad" } else { "vi" }.to_owned());
        let mut words = editor.split_whitespace();
        let program = words.next().unwrap_or("vi").to_owned();
        let name = Path::new(&program)
            .file_stem()
            .map_or_else(String::new, |n| n.to_string_lossy().into_owned());
        let mut command = Command::new(&program);
        command.args(words);
        match name.as_str() {
            "code" | "codium" | "cursor" => command.arg("--goto").arg(format!("{file}:{line}")),
            "hx" | "helix" | "subl" | "zed" => command.arg(format!("{file}:{line}")),
            "vi" | "vim" | "nvim" | "nano" | "emacs" | "emacsclient" | "kak" | "micro" | "ee"
            | "joe" => command.arg(format!("+{line}")).arg(file),
            _ => command.arg(file),
        };
        self.screen.leave();
        let ran = command.status();
        self.back(state)?;
        match ran {
            Ok(_) => self.reload(state),
            Err(error) => {
                state.message = tr!(
                    "cannot run {program}: {error}",
                    "无法运行 {program}：{error}"
                )
                .get(state.lang)
                .to_owned()
            }
        }
        Ok(())
    }
}

fn saved(state: &mut State, outcome: Result<PathBuf, crate::session::EditError>) {
    let said = match outcome {
        Ok(path) => {
            let path = path.display();
            tr!("written: {path}", "已写入：{path}")
        }
        Err(error) => error.text(),
    };
    said.get(state.lang).clone_into(&mut state.message);
}
