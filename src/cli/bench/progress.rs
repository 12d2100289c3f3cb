//! Progress of a run on standard error: updated in place on a terminal, plain lines elsewhere.

use std::io::{self, IsTerminal, Write};
use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle, TermLike};

use crate::bench::progress::{BenchPhase, IntervalView, Progress};
use crate::bench::verify::StepFailure;
use crate::lang::{Lang, Text};
use crate::tr;
use crate::view::figure;

/// Updates in place where standard error is a terminal, else prints one line per phase.
pub(super) struct ProgressLines {
    lang: Lang,
    /// `None` where standard error is not a terminal.
    bar: Option<ProgressBar>,
    round: Text,
    /// The services of the round, in order.
    order: Vec<String>,
    phase: Text,
    checked: usize,
}

impl ProgressLines {
    pub(super) fn new(lang: Lang, services: usize) -> Self {
        let bar = std::io::stderr().is_terminal().then(|| {
            let bar = ProgressBar::with_draw_target(
                Some(services as u64),
                ProgressDrawTarget::term_like_with_hz(Box::<Unfilled>::default(), 10),
            );
            // Two lines: the round with its service, and what is happening. Each is short, because a terminal that becomes narrower
            // wraps long lines, and wrapped lines cannot be redrawn.
            let template = "{spinner} {elapsed_precise}  {prefix}\n  {wide_msg}";
            bar.set_style(ProgressStyle::with_template(template).expect("the template is sound"));
            // The clock keeps ticking during a silent build.
            bar.enable_steady_tick(Duration::from_millis(200));
            bar
        });
        Self {
            lang,
            bar,
            round: Text::default(),
            order: Vec::new(),
            phase: Text::default(),
            checked: 0,
        }
    }

    /// Clears the progress, so that a result can be printed.
    pub(super) fn clear(&self) {
        if let Some(bar) = &self.bar {
            bar.set_prefix("");
            bar.set_message("");
            bar.suspend(|| ());
        }
    }

    pub(super) fn finish(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }

    fn line(&self, text: &str) {
        #[expect(
            clippy::print_stderr,
            reason = "progress without a terminal is lines on standard error"
        )]
        if self.bar.is_none() {
            eprintln!("{text}");
        }
    }

    /// Shows the round, the phase, and the current figures below.
    fn show(&self, service: &str, now: &Text) {
        if let Some(bar) = &self.bar {
            bar.set_prefix(format!(
                "{}\n  {}",
                self.place(service),
                self.phase.get(self.lang)
            ));
            bar.set_message(now.get(self.lang).to_owned());
        }
    }

    /// Prints a line about a service, where nothing can be updated in place.
    fn tell(&self, service: &str, text: &Text) {
        let said = text.get(self.lang);
        if service.is_empty() {
            self.line(said)
        } else {
            self.line(&format!("{service}: {said}"))
        }
    }

    /// Describes the round and the position of the service in it.
    fn place(&self, service: &str) -> String {
        let turn = self
            .order
            .iter()
            .position(|id| id == service)
            .map(|at| format!("{}/{}", at + 1, self.order.len()));
        let parts = [
            self.round.get(self.lang).to_owned(),
            turn.unwrap_or_default(),
            service.to_owned(),
        ];
        parts
            .into_iter()
            .filter(|part| !part.is_empty())
            .collect::<Vec<_>>()
            .join("  ")
    }
}

/// Standard error as a terminal whose lines are not padded.
///
/// indicatif 0.18 pads each line to the last column and lets the terminal wrap. The echo of Ctrl-C then begins another line, and a
/// terminal that becomes narrower wraps the padding. Either leaves a line behind, so here lines end where their text does.
#[derive(Debug, Default)]
struct Unfilled(Mutex<Frame>);

/// The frame to be written.
#[derive(Debug, Default)]
struct Frame {
    text: String,
    lines: usize,
    /// Whether the padding comes next.
    fills: bool,
}

impl Unfilled {
    /// Columns left free for the echo of `^C`.
    const MARGIN: u16 = 4;

    fn frame(&self) -> MutexGuard<'_, Frame> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn put(&self, text: &str) -> io::Result<()> {
        self.frame().text.push_str(text);
        Ok(())
    }

    fn go(&self, n: usize, way: char) -> io::Result<()> {
        if n == 0 {
            Ok(())
        } else {
            self.put(&format!("\x1b[{n}{way}"))
        }
    }
}

impl TermLike for Unfilled {
    fn width(&self) -> u16 {
        let (width, _) = terminal_size();
        width.saturating_sub(Self::MARGIN).max(1)
    }

    fn height(&self) -> u16 {
        terminal_size().1
    }

    fn move_cursor_up(&self, n: usize) -> io::Result<()> {
        self.go(n, 'A')
    }

    fn move_cursor_down(&self, n: usize) -> io::Result<()> {
        self.go(n, 'B')
    }

    fn move_cursor_right(&self, n: usize) -> io::Result<()> {
        self.go(n, 'C')
    }

    fn move_cursor_left(&self, n: usize) -> io::Result<()> {
        self.go(n, 'D')
    }

    fn write_line(&self, line: &str) -> io::Result<()> {
        self.put(line)?;
        self.put("\n")
    }

    /// Receives pairs: a line, and its padding.
    fn write_str(&self, text: &str) -> io::Result<()> {
        let mut frame = self.frame();
        if text == "\r" {
            frame.text.push('\r');
            return Ok(());
        }
        if frame.fills {
            frame.text.push_str("\x1b[K");
        } else {
            if frame.lines > 0 {
                frame.text.push_str("\r\n");
            }
            frame.text.push_str(text.trim_end());
            frame.lines += 1;
        }
        frame.fills = !frame.fills;
        Ok(())
    }

    fn clear_line(&self) -> io::Result<()> {
        self.put("\r\x1b[2K")
    }

    fn flush(&self) -> io::Result<()> {
        let frame = std::mem::take(&mut *self.frame());
        let mut out = io::stderr().lock();
        out.write_all(frame.text.as_bytes())?;
        out.flush()
    }
}

/// Returns the columns and rows of the terminal on standard error. Some terminals report zero; they get 80 and 24.
fn terminal_size() -> (u16, u16) {
    rustix::termios::tcgetwinsize(io::stderr())
        .ok()
        .filter(|size| size.ws_col > 0 && size.ws_row > 0)
        .map_or((80, 24), |size| (size.ws_col, size.ws_row))
}

/// Describes a phase.
fn phase_text(phase: &BenchPhase) -> Text {
    match phase {
        BenchPhase::Build => tr!("building", "构建中"),
        BenchPhase::Start => tr!("starting", "启动中"),
        BenchPhase::Verify { steps } => tr!("checking {steps} steps", "验证中，共 {steps} 步"),
        BenchPhase::Ceiling => tr!(
            "measuring the load driver's ceiling",
            "测量负载驱动器自身的上限"
        ),
        BenchPhase::Quiet => tr!("waiting for a second without interference", "等待机器安静"),
        BenchPhase::WarmUp { operation } => tr!("{operation}: warming up", "{operation}：预热中"),
        BenchPhase::Closed {
            operation,
            connections,
        } => {
            tr!(
                "{operation}: closed loop, {connections} connections",
                "{operation}：闭环，{connections} 个连接"
            )
        }
        BenchPhase::Open {
            operation,
            rate_rps,
        } => {
            let rate = figure::number(*rate_rps);
            tr!(
                "{operation}: open loop, {rate} requests/s",
                "{operation}：开环，{rate} 请求/秒"
            )
        }
        BenchPhase::Search { operation } => {
            tr!(
                "{operation}: searching for the largest rate that meets the objective",
                "{operation}：寻找满足目标的最大速率"
            )
        }
        BenchPhase::Stop => tr!("stopping", "停止中"),
    }
}

impl Progress for ProgressLines {
    fn round(&mut self, round: u32, rounds: u32, order: &[String]) {
        let services = order.join(", ");
        self.round = tr!("round {round}/{rounds}", "第 {round}/{rounds} 轮");
        self.order = order.to_vec();
        if self.bar.is_none() {
            self.line(&format!("{}: {services}", self.round.get(self.lang)));
        }
    }

    fn phase(&mut self, service: &str, phase: &BenchPhase) {
        self.checked = 0;
        self.phase = phase_text(phase);
        self.show(service, &Text::default());
        self.tell(service, &self.phase);
    }

    fn step(&mut self, service: &str, step: &str, failure: Option<&StepFailure>) {
        self.checked += 1;
        let checked = self.checked;
        self.show(service, &tr!("{checked}  {step}", "{checked}  {step}"));
        if failure.is_some() {
            self.tell(service, &tr!("step {step} failed", "步骤 {step} 未通过"));
        }
    }

    fn interval(&mut self, service: &str, interval: &IntervalView) {
        let (rate, p99) = (
            figure::number(interval.goodput_rps),
            figure::number(interval.p99_us as f64 / 1e3),
        );
        let noise = if interval.noise.is_clean() {
            Text::default()
        } else {
            tr!(" (interference)", "（有其他负载）")
        };
        self.show(
            service,
            &tr!(
                "{rate} requests/s, p99 {p99} ms{noise}",
                "{rate} 请求/秒，p99 {p99} ms{noise}"
            ),
        );
    }

    fn stored(&mut self, service: &str, path: &Path) {
        let path = path.display();
        self.tell(service, &tr!("stored {path}", "已存入 {path}"));
    }
}
