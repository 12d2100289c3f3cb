//! An open decision that is edited interactively: the only mutable state of the program.
//!
//! A [`LoadedDecision`] is the decision as read: decision, graph, sources, and the value of every node. A [`Session`] puts
//! [`Knobs`] on top of it (weights as raw points, locked shares, values of inputs), records every change for undo,
//! and can save them as files. Settings are applied to the decision's own facts, so a knob does what `--set` does.
//! Start with [`Session::turn`].

mod keep;
mod knobs;
mod model;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

pub use crate::eval::Watch;
pub use keep::{UnsavedWork, delete_unsaved, read_unsaved, store_unsaved};
pub use knobs::{Knobs, MOST_POINTS, Turn};
pub use model::LoadedDecision;

use crate::analysis::standing::Standing;
use crate::diagnostic::Diagnostics;
use crate::edit;
pub use crate::edit::{EditError, write_file as write_view};
use crate::eval::Plan;
use crate::lang::Text;
pub use crate::load::Choice;
use crate::model::evidence::Fact;
use crate::source::Sources;
use crate::tr;

/// A named state of all knobs.
#[derive(Clone, Debug)]
pub struct Snapshot {
    pub name: String,
    pub knobs: Knobs,
    /// The candidates' names at that time, best first.
    pub order: Vec<String>,
}

/// A step that can be undone.
#[derive(Clone, Debug)]
struct UndoStep {
    label: Text,
    turn: Option<Turn>,
    knobs: Knobs,
}

/// Another scenario of the decision, opened for comparison.
#[derive(Clone, Debug)]
pub struct Aside {
    /// `None` for the decision without a scenario.
    pub id: Option<String>,
    pub title: Text,
    /// `None` until it is loaded.
    pub model: Option<Arc<LoadedDecision>>,
}

/// How another scenario is opened.
#[derive(Clone, Debug)]
pub struct Opening {
    path: PathBuf,
    choice: Choice,
}

impl Opening {
    /// Opens the scenario; `None` if it cannot be evaluated.
    #[must_use]
    pub fn open(&self) -> Option<Arc<LoadedDecision>> {
        LoadedDecision::open(&self.path, &self.choice)
            .ok()
            .map(Arc::new)
    }
}

/// An open decision.
#[derive(Debug)]
pub struct Session {
    path: PathBuf,
    choice: Choice,
    model: Arc<LoadedDecision>,
    /// The facts as the files give them, to restore them when a setting is reset.
    originals: BTreeMap<String, Fact>,
    knobs: Knobs,
    declared: Knobs,
    saved: Knobs,
    /// The scenario file that holds the saved knobs.
    saved_as: Option<String>,
    past: Vec<UndoStep>,
    future: Vec<UndoStep>,
    /// Snapshots, oldest first; the first is the state in the files.
    pub snapshots: Vec<Snapshot>,
    /// The decision's scenarios, side by side.
    pub asides: Vec<Aside>,
    /// The errors in the files on disk since they became unreadable.
    pub broken: Option<(Diagnostics, Arc<Sources>)>,
    generation: u64,
}

/// The errors that prevent opening a decision, with the sources they refer to.
pub type LoadFailure = Box<(Diagnostics, Sources)>;

impl Session {
    /// Opens a decision.
    ///
    /// # Errors
    /// Returns all errors in the files.
    pub fn open(path: &Path, choice: Choice) -> Result<Self, LoadFailure> {
        let model = LoadedDecision::open(path, &choice)?;
        let declared = Knobs::declared(&model.graph);
        let named = model.decision.scenarios.iter();
        let none = Aside {
            id: None,
            title: tr!("as declared", "按声明"),
            model: None,
        };
        let asides = std::iter::once(none).chain(named.map(|s| Aside {
            id: Some(s.id.clone()),
            title: s.title.clone(),
            model: None,
        }));
        let mut session = Self {
            path: path.to_owned(),
            choice,
            asides: asides.collect(),
            model: Arc::new(model),
            originals: BTreeMap::new(),
            knobs: declared.clone(),
            saved: declared.clone(),
            saved_as: None,
            declared,
            past: Vec::new(),
            future: Vec::new(),
            snapshots: Vec::new(),
            broken: None,
            generation: 0,
        };
        session.snapshot("baseline".to_owned());
        Ok(session)
    }

    /// The decision argument the session was opened with.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The folder that scenarios and weights are written to.
    #[must_use]
    pub fn folder(&self) -> PathBuf {
        if self.path.is_dir() {
            self.path.clone()
        } else {
            self.path.parent().map_or_else(PathBuf::new, Path::to_owned)
        }
    }

    /// Returns how the scenario of an aside is opened.
    #[must_use]
    pub fn opening(&self, aside: &Aside) -> Opening {
        Opening {
            path: self.path.clone(),
            choice: Choice {
                scenario: aside.id.clone(),
                ..self.choice.clone()
            },
        }
    }

    /// The scenario the session was opened with.
    #[must_use]
    pub fn scenario(&self) -> Option<&str> {
        self.choice.scenario.as_deref()
    }

    /// The decision as read, with the knobs applied.
    #[must_use]
    pub fn model(&self) -> &Arc<LoadedDecision> {
        &self.model
    }

    /// Calls a function with the evaluated decision.
    pub fn plan<R>(&self, look: impl FnOnce(&Plan<'_>) -> R) -> R {
        self.model.plan(look)
    }

    /// The present state of the knobs.
    #[must_use]
    pub fn knobs(&self) -> &Knobs {
        &self.knobs
    }

    /// The knobs as the files declare them.
    #[must_use]
    pub fn declared(&self) -> &Knobs {
        &self.declared
    }

    /// A number that grows with every change, so that outdated results can be recognised.
    #[must_use]
    pub fn generation(&self) -> u64 {
        self.generation
    }

    /// Whether there are changes that no file holds.
    #[must_use]
    pub fn is_unsaved(&self) -> bool {
        self.knobs != self.saved
    }

    /// Whether anything differs from the files.
    #[must_use]
    pub fn is_edited(&self) -> bool {
        self.knobs != self.declared
    }

    /// How the files can reproduce the present state; `None` if they cannot.
    #[must_use]
    pub fn as_saved(&self) -> Option<Choice> {
        if !self.is_edited() {
            return Some(self.choice.clone());
        }
        let id = self.saved_as.as_ref().filter(|_| !self.is_unsaved())?;
        Some(Choice {
            scenario: Some(id.clone()),
            ..self.plain_choice()
        })
    }

    /// The same decision on the same date from the same evidence, without any settings.
    fn plain_choice(&self) -> Choice {
        let Choice {
            evidence,
            as_of,
            today,
            ..
        } = self.choice.clone();
        Choice {
            evidence,
            as_of,
            ..Choice::plain(today)
        }
    }

    /// The value of an input in the files, in base units.
    #[must_use]
    pub fn original(&self, name: &str) -> Option<&Fact> {
        self.originals.get(name).or_else(|| self.model.fact(name))
    }

    /// Turns a knob. Turning the same knob again extends the last undo step, so that one undo reverts a whole drag.
    ///
    /// # Errors
    /// Why the knob cannot be turned.
    pub fn turn(&mut self, turn: Turn) -> Result<(), Text> {
        let mut next = self.knobs.clone();
        next.apply(&turn, &self.model, &self.declared)?;
        if next == self.knobs {
            return Ok(());
        }
        let label = turn.label(&self.model);
        let joins = turn.extends_last_step()
            && self.future.is_empty()
            && self
                .past
                .last()
                .is_some_and(|s| s.turn.as_ref().is_some_and(|t| t.is_same_knob(&turn)));
        if !joins {
            self.past.push(UndoStep {
                label,
                turn: Some(turn),
                knobs: self.knobs.clone(),
            });
        }
        self.future.clear();
        self.set_knobs(next);
        Ok(())
    }

    /// Ends a drag: the next turn of the same knob starts a new undo step.
    pub fn end_drag(&mut self) {
        if let Some(last) = self.past.last_mut() {
            last.turn = None;
        }
    }

    /// Undoes the last step and returns its label; `None` if there is none.
    pub fn undo(&mut self) -> Option<Text> {
        let step = self.past.pop()?;
        self.future.push(UndoStep {
            label: step.label.clone(),
            turn: None,
            knobs: self.knobs.clone(),
        });
        self.set_knobs(step.knobs);
        Some(step.label)
    }

    /// Redoes the last undone step and returns its label.
    pub fn redo(&mut self) -> Option<Text> {
        let step = self.future.pop()?;
        self.past.push(UndoStep {
            label: step.label.clone(),
            turn: None,
            knobs: self.knobs.clone(),
        });
        self.set_knobs(step.knobs);
        Some(step.label)
    }

    /// Where every candidate stands under the present knobs.
    #[must_use]
    pub fn standing(&self) -> Standing {
        self.plan(|plan| Standing::of(plan, &plan.shares()))
    }

    /// Whether there is a step to undo, and one to redo.
    #[must_use]
    pub fn history(&self) -> (bool, bool) {
        (!self.past.is_empty(), !self.future.is_empty())
    }

    /// Stores the present state as a named snapshot.
    pub fn snapshot(&mut self, name: String) {
        let order = self.plan(|plan| {
            Standing::of(plan, &plan.shares())
                .places()
                .into_iter()
                .map(|(c, _)| plan.decision.candidates[c].id.clone())
                .collect()
        });
        self.snapshots.push(Snapshot {
            name,
            knobs: self.knobs.clone(),
            order,
        });
    }

    /// Restores a snapshot, as a step that can be undone.
    pub fn restore(&mut self, at: usize) {
        let Some(snapshot) = self.snapshots.get(at) else {
            return;
        };
        let name = snapshot.name.clone();
        self.adopt(
            snapshot.knobs.clone(),
            tr!("snapshot {name}", "快照 {name}"),
        );
    }

    /// Replaces the state of all knobs, as a step that can be undone.
    pub fn adopt(&mut self, knobs: Knobs, label: Text) {
        if knobs == self.knobs || knobs.points.len() != self.knobs.points.len() {
            return;
        }
        self.past.push(UndoStep {
            label,
            turn: None,
            knobs: self.knobs.clone(),
        });
        self.future.clear();
        self.set_knobs(knobs);
    }

    fn set_knobs(&mut self, next: Knobs) {
        let model = Arc::make_mut(&mut self.model);
        let gone = self
            .knobs
            .settings
            .keys()
            .filter(|name| !next.settings.contains_key(*name));
        let mut moved = false;
        for name in gone {
            if let (Some(fact), Some(own)) = (model.fact_mut(name), self.originals.get(name)) {
                fact.clone_from(own);
                moved = true;
            }
        }
        for (name, value) in &next.settings {
            if self.knobs.settings.get(name) != Some(value)
                && let Some(fact) = model.fact_mut(name)
            {
                self.originals
                    .entry(name.clone())
                    .or_insert_with(|| fact.clone());
                LoadedDecision::set_fact_value(fact, *value);
                moved = true;
            }
        }
        if moved {
            model.compute();
        }
        model.set_shares(&next.shares());
        self.knobs = next;
        self.generation += 1;
    }

    /// Reads the files again and keeps the knobs. If a file has become unreadable, the last good model stays.
    pub fn reload(&mut self) -> bool {
        match LoadedDecision::open(&self.path, &self.choice) {
            Ok(model) => {
                let declared = Knobs::declared(&model.graph);
                let kept =
                    self.knobs
                        .moved_to(&self.model.graph, &model, &self.declared, &declared);
                self.saved =
                    self.saved
                        .moved_to(&self.model.graph, &model, &self.declared, &declared);
                for snapshot in &mut self.snapshots {
                    snapshot.knobs = snapshot.knobs.moved_to(
                        &self.model.graph,
                        &model,
                        &self.declared,
                        &declared,
                    );
                }
                // Undo steps refer to criteria by index, so they are invalid once the list of criteria changes.
                self.past.clear();
                self.future.clear();
                self.originals.clear();
                self.model = Arc::new(model);
                self.knobs = declared.clone();
                self.declared = declared;
                self.asides.iter_mut().for_each(|aside| aside.model = None);
                self.broken = None;
                self.set_knobs(kept);
                true
            }
            Err(refused) => {
                let (diagnostics, sources) = *refused;
                self.broken = Some((diagnostics, Arc::new(sources)));
                self.generation += 1;
                false
            }
        }
    }

    /// Saves the knobs as a scenario next to the decision, and changed weights as a profile.
    ///
    /// # Errors
    /// If a file cannot be written, or exists in a form that cannot be patched.
    pub fn save_scenario(&mut self, id: &str) -> Result<Vec<PathBuf>, EditError> {
        let mut written = Vec::new();
        // Compared with the decision without scenario and settings: those this session was opened with belong to
        // the state too.
        let plain = LoadedDecision::open(&self.path, &self.plain_choice()).ok();
        let points = plain.as_ref().map_or_else(
            || self.declared.points.clone(),
            |model| Knobs::declared(&model.graph).points,
        );
        let weights = self.knobs.points != points || self.knobs.locked.iter().any(Option::is_some);
        if weights {
            written.push(self.write_profile(id)?);
        }
        let settings = plain.map_or_else(|| self.settings(), |plain| self.settings_over(&plain));
        let file = self.folder().join("scenarios").join(format!("{id}.yaml"));
        let head = format!("scenario: {id}\n");
        let profile = weights.then_some(("profile", id));
        edit::write_mapping(&file, &head, profile, "set", &settings)?;
        written.push(file);
        self.saved = self.knobs.clone();
        self.saved_as = Some(id.to_owned());
        match self.asides.iter_mut().find(|a| a.id.as_deref() == Some(id)) {
            Some(aside) => aside.model = None,
            None => self.asides.push(Aside {
                id: Some(id.to_owned()),
                title: Text::name(id),
                model: None,
            }),
        }
        Ok(written)
    }

    /// Saves the weights as a profile next to the decision.
    ///
    /// # Errors
    /// As for a scenario.
    pub fn save_profile(&mut self, id: &str) -> Result<PathBuf, EditError> {
        let file = self.write_profile(id)?;
        if self.knobs.settings.is_empty() {
            self.saved = self.knobs.clone();
        }
        Ok(file)
    }

    fn write_profile(&self, id: &str) -> Result<PathBuf, EditError> {
        let file = self.folder().join("weights").join(format!("{id}.yaml"));
        let points = self.knobs.effective_points();
        let points: Vec<(String, String)> = self
            .model
            .graph
            .criteria
            .iter()
            .zip(points)
            .map(|(slot, p)| (slot.id.clone(), knobs::plain(p)))
            .collect();
        edit::write_mapping(&file, &format!("profile: {id}\n"), None, "points", &points)?;
        Ok(file)
    }

    /// The settings as `--set` and scenario files take them: name, and value with unit.
    #[must_use]
    pub fn settings(&self) -> Vec<(String, String)> {
        self.knobs
            .settings
            .iter()
            .map(|(name, value)| (name.clone(), self.model.format_value(name, *value)))
            .collect()
    }

    /// The settings that lead from the decision without settings to the present state.
    fn settings_over(&self, plain: &LoadedDecision) -> Vec<(String, String)> {
        let mut all: BTreeMap<String, String> = BTreeMap::new();
        for name in self
            .model
            .graph
            .nodes
            .iter()
            .filter(|n| matches!(n.compute, crate::graph::Compute::Context(_)))
            .map(|n| &n.id)
        {
            if let (Some(own), Some(other)) = (self.model.fact(name), plain.fact(name))
                && own.value.point() != other.value.point()
            {
                all.insert(
                    name.clone(),
                    self.model.format_value(name, own.value.point()),
                );
            }
        }
        all.extend(self.settings());
        all.into_iter().collect()
    }

    /// The command-line arguments that reproduce the present state.
    #[must_use]
    pub fn command(&self, verb: &str) -> String {
        let mut words = vec![
            "weigh".to_owned(),
            verb.to_owned(),
            self.path.display().to_string(),
        ];
        if let Some(id) = &self.choice.scenario {
            words.push(format!("--scenario {id}"));
        }
        words.extend(
            self.settings()
                .into_iter()
                .map(|(name, value)| format!("--set '{name}={value}'")),
        );
        words.join(" ")
    }
}
