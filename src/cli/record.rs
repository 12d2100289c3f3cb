//! `weigh record`: writes the ranking of a decision and its evidence to a file next to it.

use std::path::{Path, PathBuf};

use super::args::RecordArgs;
use super::decision::{OpenDecision, open_decision};
use super::output::Output;
use super::{Exit, Failure};
use crate::analysis::study::{Study, StudyRequest};
use crate::rank::Params;
use crate::record::{self, Record, RecordRequest};
use crate::report::replace_file;
use crate::tr;

/// Name of the record file, which is stored next to the decision.
pub(super) const FILE: &str = "record.json";

pub(super) fn run(args: &RecordArgs, output: &mut Output) -> Result<Exit, Failure> {
    let path = &args.decision.decision;
    if path.as_os_str() == "-" {
        return Err(Failure::usage(tr!(
            "a record is stored next to its decision: name a file or folder",
            "记录存放在决策旁边：请给出文件或目录"
        )));
    }
    let opened = open_decision(&args.decision, output)?;
    let params = Params::parse(&args.method.param).map_err(|e| Failure::usage(e.text().clone()))?;
    let asked = RecordRequest {
        file: decision_file_name(path),
        profile: args.decision.choice.profile.clone(),
        set: args.decision.choice.set.clone(),
        params: args.method.param.clone(),
    };
    let pinned = pin_decision(&opened, &args.method.method, &params, args.seed, asked)?;
    let place = args.out.clone().unwrap_or_else(|| record_path(path));
    let text = serde_json::to_string_pretty(&pinned).expect("records are plain data") + "\n";
    let changed = replace_file(&place, &text)?;
    let shown = place.display();
    let said = match (&pinned.winner, changed) {
        (_, false) => tr!("{shown} is up to date", "{shown} 已是最新"),
        (Some(winner), true) => tr!(
            "recorded in {shown}: {winner} ranks first",
            "已记录于 {shown}：{winner} 居首"
        ),
        (None, true) => tr!(
            "recorded in {shown}: no candidate could be ranked",
            "已记录于 {shown}：没有候选可以排名"
        ),
    };
    output.print(&said)?;
    Ok(Exit::Fine)
}

/// Ranks an opened decision and returns the record of it.
pub(super) fn pin_decision(
    opened: &OpenDecision,
    method: &str,
    params: &Params,
    seed: Option<u64>,
    asked: RecordRequest,
) -> Result<Record, Failure> {
    let method = crate::rank::find(method)?;
    let seed = seed.unwrap_or(opened.decision.seed);
    let plan = opened.plan(params).seeded(seed);
    let ranking = Study::new(&plan, StudyRequest::by(method, params.clone(), seed)).ranking()?;
    Ok(record::pin(&plan, &ranking, &opened.sources, asked))
}

/// Returns the name of the decision's file relative to the record's folder.
fn decision_file_name(path: &Path) -> String {
    if path.is_dir() {
        return "decision.yaml".to_owned();
    }
    path.file_name()
        .map_or_else(String::new, |n| n.to_string_lossy().into_owned())
}

/// Returns the path of a decision's record. Decisions not called `decision.yaml` may share a folder, so their records carry their names.
fn record_path(path: &Path) -> PathBuf {
    if path.is_dir() {
        return path.join(FILE);
    }
    match path.file_stem().and_then(|s| s.to_str()) {
        Some("decision") | None => path.with_file_name(FILE),
        Some(stem) => path.with_file_name(format!("{stem}.{FILE}")),
    }
}
