//! Answers questions that take longer than a frame beside the drawing thread. Of several questions of a kind only the newest is
//! answered.

use std::path::PathBuf;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;

use crate::lang::{Lang, Text};
use crate::report::{ReportError, WrittenReport, write_report};
use crate::session::{Choice, LoadedDecision, Opening, Watch};
use crate::tr;
use crate::view::explore::board::{self, SpreadPanel};
use crate::view::explore::information::{self, Information};
use crate::view::explore::robustness::{self, RobustnessPanel, Width};
use crate::view::explore::sensitivity::{self, SensitivityPanel};
use crate::view::explore::tradeoff::{self, DominancePanel};

/// What the worker is asked.
#[derive(Clone, Debug)]
pub enum WorkerQuestion {
    /// The 5 % and 95 % quantiles of the scores.
    Spread,
    /// Tornado and break-evens.
    Sensitivity,
    /// Rank acceptability.
    Robustness(Width),
    /// Dominance on all criteria.
    Dominance,
    /// EVPPI of each unknown.
    Information,
    /// The ranks in another scenario.
    Scenario {
        /// Its index among the scenarios beside the open one.
        at: usize,
        opening: Opening,
    },
    /// The report of the decision as its files state it.
    Report { path: PathBuf, choice: Box<Choice> },
}

/// A question about a state of the session.
#[derive(Clone, Debug)]
pub struct Job {
    pub generation: u64,
    pub question: WorkerQuestion,
    pub model: Arc<LoadedDecision>,
    pub lang: Lang,
}

/// The answer to the question of the same name.
#[derive(Clone, Debug)]
pub enum WorkerAnswer {
    Spread(SpreadPanel),
    Sensitivity(SensitivityPanel),
    Robustness(RobustnessPanel),
    Dominance(DominancePanel),
    Information(Information),
    Scenario(usize, Option<Arc<LoadedDecision>>),
    Report(Result<WrittenReport, Text>),
    /// The computation panicked: reported instead of ending the program.
    Failed(Text),
}

impl Job {
    /// Answers the question on this thread.
    #[must_use]
    pub fn run(&self) -> WorkerAnswer {
        self.watched(&self.watch())
    }

    /// The counter of its progress.
    fn watch(&self) -> Watch {
        // Two passes each: tornado and break-evens; two weight spaces; samples and the value of each input.
        let passes = if matches!(
            self.question,
            WorkerQuestion::Sensitivity
                | WorkerQuestion::Robustness(_)
                | WorkerQuestion::Information
        ) {
            2
        } else {
            1
        };
        Watch::new(passes)
    }

    /// Answers the question on this thread and counts the progress.
    fn watched(&self, watch: &Watch) -> WorkerAnswer {
        let lang = self.lang;
        match &self.question {
            WorkerQuestion::Spread => {
                WorkerAnswer::Spread(self.model.watched(Some(watch), board::spread))
            }
            WorkerQuestion::Sensitivity => WorkerAnswer::Sensitivity(
                self.model
                    .watched(Some(watch), |plan| sensitivity::view(plan, lang)),
            ),
            WorkerQuestion::Robustness(width) => WorkerAnswer::Robustness(
                self.model
                    .watched(Some(watch), |plan| robustness::view(plan, *width, lang)),
            ),
            WorkerQuestion::Dominance => WorkerAnswer::Dominance(
                self.model
                    .watched(Some(watch), |plan| tradeoff::dominance(plan, lang)),
            ),
            WorkerQuestion::Information => WorkerAnswer::Information(
                self.model
                    .watched(Some(watch), |plan| information::view(plan, lang)),
            ),
            WorkerQuestion::Scenario { at, opening } => WorkerAnswer::Scenario(*at, opening.open()),
            WorkerQuestion::Report { path, choice } => WorkerAnswer::Report(
                write_report(path, choice, lang, watch).map_err(ReportError::into_text),
            ),
        }
    }

    /// The answer if the computation panicked.
    fn failed(&self) -> WorkerAnswer {
        let why = tr!(
            "this analysis failed; everything else still works",
            "该问题计算失败；其余继续"
        );
        if matches!(self.question, WorkerQuestion::Report { .. }) {
            WorkerAnswer::Report(Err(why))
        } else {
            WorkerAnswer::Failed(why)
        }
    }

    /// Whether a later job makes this one superfluous.
    fn is_replaced_by(&self, later: &Self) -> bool {
        match (&self.question, &later.question) {
            (WorkerQuestion::Scenario { at: a, .. }, WorkerQuestion::Scenario { at: b, .. }) => {
                a == b
            }
            // Each report writes a file.
            (WorkerQuestion::Report { .. }, _) => false,
            (a, b) => std::mem::discriminant(a) == std::mem::discriminant(b),
        }
    }
}

/// The thread that answers questions.
pub(super) struct Worker {
    ask: Sender<Job>,
    /// `None` for a question that a later one replaced.
    answers: Receiver<(u64, Option<WorkerAnswer>)>,
    open: usize,
    watch: Arc<Mutex<Option<Arc<Watch>>>>,
}

impl Worker {
    pub(super) fn start() -> Self {
        let (ask, questions) = channel::<Job>();
        let (tell, answers) = channel();
        let watch = Arc::new(Mutex::new(None));
        let shown = watch.clone();
        thread::spawn(move || {
            let mut waiting: Vec<Job> = Vec::new();
            loop {
                if waiting.is_empty() {
                    match questions.recv() {
                        Ok(job) => waiting.push(job),
                        Err(_) => return,
                    }
                }
                waiting.extend(questions.try_iter());
                let job = waiting.remove(0);
                let stale = waiting.iter().any(|later| job.is_replaced_by(later));
                let watch = Arc::new(job.watch());
                *lock(&shown) = Some(watch.clone());
                let work = std::panic::AssertUnwindSafe(|| job.watched(&watch));
                let answer = (!stale)
                    .then(|| std::panic::catch_unwind(work).unwrap_or_else(|_| job.failed()));
                *lock(&shown) = None;
                if tell.send((job.generation, answer)).is_err() {
                    return;
                }
            }
        });
        Self {
            ask,
            answers,
            open: 0,
            watch,
        }
    }

    pub(super) fn ask(&mut self, job: Job) {
        if self.ask.send(job).is_ok() {
            self.open += 1;
        }
    }

    /// Takes the answers that have arrived.
    pub(super) fn take_answers(&mut self) -> Vec<(u64, WorkerAnswer)> {
        let all: Vec<_> = self.answers.try_iter().collect();
        self.open = self.open.saturating_sub(all.len());
        all.into_iter()
            .filter_map(|(generation, answer)| answer.map(|answer| (generation, answer)))
            .collect()
    }

    pub(super) fn is_busy(&self) -> bool {
        self.open > 0
    }

    /// The part of the present question that is done; `None` if the worker is idle.
    pub(super) fn progress(&self) -> Option<f64> {
        lock(&self.watch).as_ref().map(|watch| watch.part())
    }
}

/// Locks the watch. A panic cannot leave it half written.
fn lock(watch: &Mutex<Option<Arc<Watch>>>) -> MutexGuard<'_, Option<Arc<Watch>>> {
    watch.lock().unwrap_or_else(PoisonError::into_inner)
}
