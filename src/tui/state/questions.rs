//! Which questions the worker has to answer for the screen, and what becomes of its answers.

use super::{Screen, State};
use crate::tr;
use crate::tui::worker::{Job, WorkerAnswer, WorkerQuestion};

impl State {
    /// Collects the questions of the screen that have not been asked about this generation.
    pub(super) fn open_questions(&mut self) -> Vec<Job> {
        let generation = self.session.generation();
        let answers = &mut self.answers;
        let mut questions = Vec::new();
        match self.screen {
            Screen::Rank if answers.spread.request(generation) => {
                questions.push(WorkerQuestion::Spread);
            }
            Screen::Sensitivity if answers.sensitivity.request(generation) => {
                questions.push(WorkerQuestion::Sensitivity);
            }
            Screen::Robustness if answers.robustness.request(generation) => {
                questions.push(WorkerQuestion::Robustness(self.selection.spread));
            }
            Screen::Tradeoff if answers.dominance.request(generation) => {
                questions.push(WorkerQuestion::Dominance);
            }
            Screen::Data if answers.information.request(generation) => {
                questions.push(WorkerQuestion::Information);
            }
            Screen::WhatIf => {
                if answers.sensitivity.request(generation) {
                    questions.push(WorkerQuestion::Sensitivity);
                }
                let asides = self.session.asides.iter().enumerate();
                let unread = asides.filter(|(_, aside)| aside.model.is_none());
                questions.extend(unread.map(|(at, aside)| WorkerQuestion::Scenario {
                    at,
                    opening: self.session.opening(aside),
                }));
            }
            Screen::Rank
            | Screen::Sensitivity
            | Screen::Robustness
            | Screen::Tradeoff
            | Screen::Data
            | Screen::Why
            | Screen::Graph
            | Screen::Compare => {}
        }
        questions
            .into_iter()
            .map(|question| self.job(question))
            .collect()
    }

    fn job(&self, question: WorkerQuestion) -> Job {
        Job {
            generation: self.session.generation(),
            question,
            model: self.session.model().clone(),
            lang: self.lang,
        }
    }

    /// Returns the job that writes the report; `None` unless a file holds the present state.
    pub fn request_report(&mut self) -> Option<Job> {
        let choice = Box::new(self.session.as_saved()?);
        self.reports += 1;
        self.set_message(&tr!("writing the report", "正在写报告"));
        Some(self.job(WorkerQuestion::Report {
            path: self.session.path().to_owned(),
            choice,
        }))
    }

    /// Stores an answer, unless the state has changed since the question was asked.
    pub fn apply_answer(&mut self, generation: u64, answer: WorkerAnswer) {
        match answer {
            WorkerAnswer::Spread(x) => self.answers.spread.store(generation, x),
            WorkerAnswer::Sensitivity(x) => self.answers.sensitivity.store(generation, x),
            WorkerAnswer::Robustness(x) => self.answers.robustness.store(generation, x),
            WorkerAnswer::Dominance(x) => self.answers.dominance.store(generation, x),
            WorkerAnswer::Information(x) => self.answers.information.store(generation, x),
            WorkerAnswer::Scenario(at, model) => {
                if let (Some(aside), Some(model)) = (self.session.asides.get_mut(at), model) {
                    aside.model = Some(model);
                }
            }
            WorkerAnswer::Report(result) => {
                self.reports = self.reports.saturating_sub(1);
                let message = match result {
                    Ok(written) => {
                        let (file, command) = (written.file.display(), written.command);
                        tr!(
                            "written: {file}  ({command})",
                            "已写入：{file}（{command}）"
                        )
                    }
                    Err(why) => why,
                };
                self.set_message(&message);
            }
            WorkerAnswer::Failed(why) => self.set_message(&why),
        }
    }

    /// Whether a report is being written or the screen still waits for an answer.
    #[must_use]
    pub fn is_waiting(&self) -> bool {
        let generation = self.session.generation();
        let answers = &self.answers;
        let is_outdated = match self.screen {
            Screen::Rank => !answers.spread.is_fresh(generation),
            Screen::Sensitivity => !answers.sensitivity.is_fresh(generation),
            Screen::Robustness => !answers.robustness.is_fresh(generation),
            Screen::Tradeoff => !answers.dominance.is_fresh(generation),
            Screen::Data => !answers.information.is_fresh(generation),
            Screen::WhatIf => {
                !answers.sensitivity.is_fresh(generation)
                    || self.session.asides.iter().any(|a| a.model.is_none())
            }
            Screen::Why | Screen::Graph | Screen::Compare => false,
        };
        self.reports > 0 || is_outdated
    }
}
