//! `weigh record`: writes the ranking of a decision and its evidence to a file next to it.

use std::path::{Path, PathBuf};

use super::args::RecordArgs;
use super::decision::{OpenDecision, open_decision};
use super::output::Output;
use super::{Exit, Failure};
use crate::analysis::choice::{ChoiceRank, ChoiceStanding};
use crate::analysis::study::StudyRequest;
use crate::lang::{Lang, Text};
use crate::model::decision::Decision;
use crate::rank::Params;
use crate::record::{self, Record, RecordRequest};
use crate::report::replace_file;
use crate::tr;
use crate::view;
use crate::view::document::Document;

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
    let opened = open_decision(&args.decision)?;
    let params = Params::parse(&args.method.param).map_err(|e| Failure::usage(e.text().clone()))?;
    let asked = RecordRequest {
        file: decision_file_name(path),
        profile: args.decision.choice.profile.clone(),
        set: args.decision.choice.set.clone(),
        params: args.method.param.clone(),
        choice: None,
    };
    let (pinned, verdict) = pin_decision(
        &opened,
        &args.method.method,
        &params,
        args.seed,
        asked,
        output.lang,
    )?;
    let place = args.out.clone().unwrap_or_else(|| record_path(path));
    let document = Document::new("record", &pinned);
    let text = serde_json::to_string_pretty(&document).expect("records are plain data") + "\n";
    let changed = replace_file(&place, &text)?;
    let shown = place.display();
    let said = if changed {
        let standing = describe_choice(&opened.decision, &pinned);
        tr!(
            "recorded in {shown}: {standing}",
            "已记录于 {shown}：{standing}"
        )
    } else {
        tr!("{shown} is up to date", "{shown} 已是最新")
    };
    output.print(&verdict)?;
    output.print(&said)?;
    Ok(Exit::Fine)
}

/// Describes what was recorded: the choice of people and where it stands, else the winner.
fn describe_choice(decision: &Decision, record: &Record) -> Text {
    let at = |id: &str| decision.candidates.iter().position(|c| c.id == id);
    let Some(choice) = &record.choice else {
        return tr!("no candidate could be ranked", "没有候选可以排名");
    };
    let standing = ChoiceStanding {
        chosen: at(&choice.candidate).expect("the choice is a candidate"),
        rank: choice.standing,
        against: choice.against.as_deref().and_then(at),
        lead: choice.lead,
        first_share: choice.first_share,
    };
    let stated = decision
        .outcome
        .as_ref()
        .filter(|outcome| outcome.chosen.as_deref() == Some(&choice.candidate));
    if let Some(outcome) = stated {
        return view::outcome::sentence(decision, outcome, &standing);
    }
    let first = &choice.candidate;
    let mut said = tr!("{first} ranks first", "{first} 居首");
    if let (ChoiceRank::Level, Some(other)) = (choice.standing, &choice.against) {
        said.push(&tr!(
            ", level with {other}: the figures do not tell them apart",
            "，但与 {other} 不相上下：现有数据难分高下"
        ));
    }
    said
}

/// Ranks an opened decision and returns the record of it, with the verdict in one sentence.
pub(super) fn pin_decision(
    opened: &OpenDecision,
    method: &str,
    params: &Params,
    seed: Option<u64>,
    asked: RecordRequest,
    lang: Lang,
) -> Result<(Record, Text), Failure> {
    let method = crate::rank::find(method)?;
    let seed = seed.unwrap_or(opened.decision.seed);
    let request = StudyRequest::by(method, params.clone(), seed);
    let plan = opened.plan(&request);
    let study = opened.study(&plan, request);
    let ranking = study.ranking()?;
    let mut record = record::pin(&study, &ranking, &opened.sources, asked);
    // In English, so that a record does not depend on who writes it.
    let file = record.file.clone();
    let verdict = view::verdict::view(&plan, study.verdict(), &file, Lang::En);
    record.verdict = serde_json::to_value(verdict).expect("views are plain data");
    let sentence = view::verdict::sentence(&plan, study.verdict(), lang);
    Ok((record, sentence))
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
