//! Heavy questions beside the drawing thread. Of several questions of a kind only the newest is answered.

use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;

use crate::lang::{Lang, Text};
use crate::session::{Choice, Model, Opening, Watch};
use crate::tr;
use crate::view::explore::board::{self, Spread};
use crate::view::explore::information::{self, Information};
use crate::view::explore::robustness::{self, Robustness, Width};
use crate::view::explore::sensitivity::{self, Sensitivity};
use crate::view::explore::tradeoff::{self, Dominance};

/// Writes the report of a decision and gives its file and the command that writes the same.
pub type Reporter = fn(&Path, &Choice, Lang, &Watch) -> Result<(PathBuf, String), Text>;

/// A question.
#[derive(Clone, Debug)]
pub enum Question {
    /// The spread of the scores.
    Spread,
    /// What would turn the ranking.
    Sensitivity,
    /// How often each comes where.
    Robustness(Width),
    /// Who is beaten on everything.
    Dominance,
    /// What to find out next.
    Information,
    /// A scenario beside the open one.
    Scenario {
        /// Its place.
        at: usize,
        /// How it is opened.
        opening: Opening,
    },
    /// Where the report of what the files say was written.
    Report {
        /// The decision.
        path: PathBuf,
        /// What is chosen of it.
        choice: Box<Choice>,
        /// Who writes.
        write: Reporter,
    },
}

/// A question about a state.
#[derive(Clone, Debug)]
pub struct Job {
    /// The generation of the session.
    pub generation: u64,
    /// What is asked.
    pub question: Question,
    /// About what.
    pub model: Arc<Model>,
    /// In which language.
    pub lang: Lang,
}

/// An answer.
#[derive(Clone, Debug)]
#[expect(missing_docs, reason = "each answers the question of its name")]
pub enum Answer {
    Spread(Spread),
    Sensitivity(Sensitivity),
    Robustness(Robustness),
    Dominance(Dominance),
    Information(Information),
    Scenario(usize, Option<Arc<Model>>),
    Report(Result<(PathBuf, String), Text>),
    /// The question could not be answered: a defect, told instead of a crash.
    Failed(Text),
}

impl Job {
    /// Answers on this thread.
    #[must_use]
    pub fn run(&self) -> Answer {
        self.watched(&self.watch())
    }

    /// What counts its steps.
    fn watch(&self) -> Watch {
        // Tornado and break-evens; two spaces of weights; samples and what each input tells.
        let passes = if matches!(
            self.question,
            Question::Sensitivity | Question::Robustness(_) | Question::Information
        ) {
            2
        } else {
            1
        };
        Watch::new(passes)
    }

    /// Answers on this thread while somebody looks at the watch.
    fn watched(&self, watch: &Watch) -> Answer {
        let lang = self.lang;
        match &self.question {
            Question::Spread => Answer::Spread(self.model.watched(Some(watch), board::spread)),
            Question::Sensitivity => Answer::Sensitivity(
                self.model
                    .watched(Some(watch), |plan| sensitivity::view(plan, lang)),
            ),
            Question::Robustness(width) => Answer::Robustness(
                self.model
                    .watched(Some(watch), |plan| robustness::view(plan, *width, lang)),
            ),
            Question::Dominance => Answer::Dominance(
                self.model
                    .watched(Some(watch), |plan| tradeoff::dominance(plan, lang)),
            ),
            Question::Information => Answer::Information(
                self.model
                    .watched(Some(watch), |plan| information::view(plan, lang)),
            ),
            Question::Scenario { at, opening } => Answer::Scenario(*at, opening.open()),
            Question::Report {
                path,
                choice,
                write,
            } => Answer::Report(write(path, choice, lang, watch)),
        }
    }

    /// What is answered where the work on it panicked.
    fn failed(&self) -> Answer {
        let why = tr!(
            "this question failed; the rest goes on",
            "该问题计算失败；其余继续"
        );
        if matches!(self.question, Question::Report { .. }) {
            Answer::Report(Err(why))
        } else {
            Answer::Failed(why)
        }
    }

    /// Whether a later job makes this one pointless.
    fn is_replaced_by(&self, later: &Self) -> bool {
        match (&self.question, &later.question) {
            (Question::Scenario { at: a, .. }, Question::Scenario { at: b, .. }) => a == b,
            // Each leaves a file behind.
            (Question::Report { .. }, _) => false,
            (a, b) => std::mem::discriminant(a) == std::mem::discriminant(b),
        }
    }
}

/// The thread that answers.
pub(super) struct Worker {
    ask: Sender<Job>,
    /// `None` to a question that a later one replaced.
    answers: Receiver<(u64, Option<Answer>)>,
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

    /// Answers that came since.
    pub(super) fn take_answers(&mut self) -> Vec<(u64, Answer)> {
        let all: Vec<_> = self.answers.try_iter().collect();
        self.open = self.open.saturating_sub(all.len());
        all.into_iter()
            .filter_map(|(generation, answer)| answer.map(|answer| (generation, answer)))
            .collect()
    }

    pub(super) fn is_busy(&self) -> bool {
        self.open > 0
    }

    /// The part of the present question that is done; `None` where nothing is worked on.
    pub(super) fn progress(&self) -> Option<f64> {
        lock(&self.watch).as_ref().map(|watch| watch.part())
    }
}

/// What a panic leaves behind is a whole watch or none.
fn lock(watch: &Mutex<Option<Arc<Watch>>>) -> MutexGuard<'_, Option<Arc<Watch>>> {
    watch.lock().unwrap_or_else(PoisonError::into_inner)
}
