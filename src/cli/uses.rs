//! `weigh uses`: the decisions that rest on a fact, an input or a candidate.

use std::collections::BTreeSet;
use std::path::PathBuf;

use schemars::JsonSchema;
use serde::Serialize;

use super::args::{ChoiceArgs, TableOrJson, UsesArgs};
use super::decision::{OpenDecision, open_quietly};
use super::output::Output;
use super::table::{Side, TextTable};
use super::{Exit, Failure};
use crate::analysis::study::StudyRequest;
use crate::load;
use crate::record::pin_inputs;
use crate::source::did_you_mean_clause;
use crate::tr;

/// The JSON of `weigh uses`.
#[derive(Serialize, JsonSchema)]
pub(super) struct UsesView {
    name: String,
    uses: Vec<Use>,
    /// Decisions with errors, which could not be searched.
    broken: Vec<String>,
}

/// What of one decision rests on the name.
#[derive(Serialize, JsonSchema)]
pub(super) struct Use {
    decision: String,
    title: String,
    file: String,
    /// The candidate, or the input by the name that `--set` takes.
    what: String,
    /// The value of an input; `None` for a candidate.
    value: Option<String>,
    expires: Option<String>,
    /// The weighted criteria that depend on it; empty where only a gate does, and for a candidate.
    criteria: Vec<String>,
    /// Whether it is the candidate that people chose, or a fact about it.
    is_choice: bool,
    /// The status of the outcome; `None` if the decision states none.
    status: Option<&'static str>,
    chosen: Option<String>,
}

pub(super) fn run(args: &UsesArgs, output: &mut Output) -> Result<Exit, Failure> {
    let choice = ChoiceArgs {
        scenario: None,
        stakeholder: None,
        profile: None,
        set: Vec::new(),
        evidence: args.evidence.clone(),
        as_of: args.as_of.clone(),
    };
    let mut view = UsesView {
        name: args.name.clone(),
        uses: Vec::new(),
        broken: Vec::new(),
    };
    let mut known = BTreeSet::new();
    for file in decision_files(args)? {
        match open_quietly(&file, &choice) {
            Ok(opened) => {
                let shown = file.display().to_string();
                view.uses
                    .extend(uses_of(&opened, &args.name, &shown, output, &mut known));
            }
            Err(
                failure @ Failure::Message {
                    exit: Exit::Failed, ..
                },
            ) => {
                let message = output.localize(failure.into_message());
                output.eprint(&message);
                view.broken.push(message);
            }
            Err(failure) => return Err(failure),
        }
    }
    match args.format {
        TableOrJson::Json => output.print_json("uses", &view)?,
        TableOrJson::Table => show(&view, &known, output)?,
    }
    Ok(if view.broken.is_empty() {
        Exit::Fine
    } else {
        Exit::Failed
    })
}

fn decision_files(args: &UsesArgs) -> Result<Vec<PathBuf>, Failure> {
    let mut files = Vec::new();
    for path in &args.paths {
        if !path.exists() {
            let shown = path.display();
            return Err(Failure::environment(tr!(
                "there is nothing at `{shown}`",
                "`{shown}` 处没有任何内容"
            )));
        }
        files.extend(load::decision_files(path));
    }
    let mut seen = BTreeSet::new();
    files.retain(|file| seen.insert(file.clone()));
    Ok(files)
}

/// Returns what of a decision rests on a name, and adds the names that could have been asked for to `known`.
fn uses_of(
    opened: &OpenDecision,
    name: &str,
    file: &str,
    output: &Output,
    known: &mut BTreeSet<String>,
) -> Vec<Use> {
    let decision = &opened.decision;
    let outcome = decision.outcome.as_ref();
    let chosen = outcome.and_then(|o| o.chosen.as_deref());
    let row = |what: &str, candidate: Option<&str>| Use {
        decision: decision.id.clone(),
        title: decision.title.get(output.lang).to_owned(),
        file: file.to_owned(),
        what: what.to_owned(),
        value: None,
        expires: None,
        criteria: Vec::new(),
        is_choice: candidate.is_some() && candidate == chosen,
        status: outcome.map(|o| o.status.word()),
        chosen: chosen.map(str::to_owned),
    };
    let mut uses = Vec::new();
    for candidate in &decision.candidates {
        known.insert(candidate.id.clone());
        known.extend(candidate.parts.iter().cloned());
        if candidate.id == name || candidate.parts.iter().any(|part| part == name) {
            uses.push(row(&candidate.id, Some(&candidate.id)));
        }
    }
    let plan = opened.plan(&StudyRequest::of(&opened.decision));
    let shares = plan.shares();
    let weighted: BTreeSet<&str> = plan
        .graph
        .criteria
        .iter()
        .zip(&shares)
        .filter(|(_, share)| **share > 0.0)
        .map(|(criterion, _)| criterion.id.as_str())
        .collect();
    for (input, pinned) in pin_inputs(&plan) {
        let about = decision.candidates.iter().find_map(|c| {
            let rest = input.strip_prefix("candidates.")?.strip_prefix(&c.id)?;
            Some((c.id.as_str(), rest.strip_prefix('.')?))
        });
        let fact = about.map(|(_, fact)| fact);
        known.insert(fact.unwrap_or(&input).to_owned());
        let is_same =
            fact == Some(name) || input == name || input.strip_prefix("candidates.") == Some(name);
        let criteria: Vec<String> = pinned
            .criteria
            .iter()
            .filter(|id| weighted.contains(id.as_str()))
            .cloned()
            .collect();
        // What feeds only criteria without weight moves nothing.
        if is_same && (!criteria.is_empty() || pinned.criteria.is_empty()) {
            uses.push(Use {
                value: Some(pinned.value),
                expires: pinned.expires,
                criteria,
                ..row(&input, about.map(|(id, _)| id))
            });
        }
    }
    uses
}

fn show(view: &UsesView, known: &BTreeSet<String>, output: &mut Output) -> Result<(), Failure> {
    let name = &view.name;
    if view.uses.is_empty() {
        let hint = if known.contains(name) {
            crate::lang::Text::default()
        } else {
            did_you_mean_clause(name, known.iter().map(String::as_str))
        };
        return output.print(tr!(
            "no decision rests on `{name}`{hint}",
            "没有决策依赖 `{name}`{hint}"
        ));
    }
    let head = [
        tr!("decision", "决策"),
        tr!("rests on", "依赖"),
        tr!("value", "取值"),
        tr!("expires", "失效日期"),
        tr!("for", "用于"),
        tr!("outcome", "结论"),
    ];
    let mut table = TextTable::new(
        head.iter().map(|t| output.localize(t)).collect(),
        vec![Side::Left; 6],
    );
    for one in &view.uses {
        let purpose = match (&one.value, one.criteria.is_empty()) {
            (None, _) => tr!("candidate", "候选"),
            (_, true) => tr!("gates", "关卡"),
            (_, false) => crate::lang::Text::name(one.criteria.join(", ")),
        };
        let status = one
            .status
            .and_then(crate::model::outcome::OutcomeStatus::of_word)
            .map(|status| output.localize(status.text()));
        let outcome = match (&one.chosen, status) {
            (Some(id), Some(status)) => format!("{id} ({status})"),
            (None, Some(status)) => status,
            _ => String::new(),
        };
        let mark = if one.is_choice { "*" } else { "" };
        table.row(vec![
            one.decision.clone(),
            format!("{}{mark}", one.what),
            one.value.clone().unwrap_or_default(),
            one.expires.clone().unwrap_or_default(),
            output.localize(purpose),
            outcome,
        ]);
    }
    output.print_table(&table)?;
    if view.uses.iter().any(|one| one.is_choice) {
        output.print(tr!(
            "* what people chose, or a fact about it",
            "* 人们选定的方案，或关于它的事实"
        ))?;
    }
    Ok(())
}
