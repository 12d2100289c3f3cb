//! `weigh recheck`: checks that what people chose still holds. Its exit codes are for CI: 0 holds, 1 another candidate is clearly first,
//! 4 level with another, 5 something is past its date or changed under `--strict`, 6 a decision cannot be read.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use schemars::JsonSchema;
use serde::Serialize;
use unicode_width::UnicodeWidthStr as _;

use super::args::{ChoiceArgs, RecheckArgs, TableOrJson};
use super::decision::open_quietly;
use super::output::Output;
use super::record::{FILE, pin_decision};
use super::table::{Side, pad};
use super::{Exit, Failure};
use crate::lang::{Lang, Text};
use crate::rank::Params;
use crate::record::{
    DriftKind, Recheck, RecheckStatus, Record, RecordRequest, recheck, recorded_choice,
};
use crate::tr;

/// Deepest folder below a path that is searched for records.
const DEEPEST: usize = 12;

/// The JSON of `weigh recheck`.
#[derive(Serialize, JsonSchema)]
pub(in crate::cli) struct View {
    rechecks: Vec<Entry>,
    /// Records whose files did not change since `--since`.
    unchanged: Vec<String>,
}

#[derive(Serialize, JsonSchema)]
struct Entry {
    record: String,
    /// The exit code that this record alone calls for.
    exit_code: u8,
    #[serde(flatten)]
    recheck: Option<Recheck>,
    /// The verdict as it is now, in the language of the command; JSON holds it in English.
    #[serde(skip)]
    sentence: Text,
    /// Why it could not be rechecked.
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<String>,
}

pub(super) fn run(args: &RecheckArgs, output: &mut Output) -> Result<Exit, Failure> {
    let mut records = Vec::new();
    for path in &args.paths {
        if !path.exists() {
            let shown = path.display();
            return Err(Failure::environment(tr!(
                "there is nothing at `{shown}`",
                "`{shown}` 处没有任何内容"
            )));
        }
        find_records(path, 0, &mut records);
    }
    records.sort();
    records.dedup();
    if records.is_empty() {
        let none = tr!(
            "no {FILE} found; `weigh record DECISION` writes one",
            "其中没有 {FILE}：`weigh record 决策` 可写出一个"
        );
        return Err(Failure::usage(none));
    }
    let since = args.since.as_deref().map(changed_files).transpose()?;
    let mut view = View {
        rechecks: Vec::new(),
        unchanged: Vec::new(),
    };
    let mut exits = Vec::new();
    for path in &records {
        let shown = path.display().to_string();
        let old = match read_record(path) {
            Ok(old) => old,
            Err(failure) => {
                view.rechecks.push(Entry {
                    record: shown,
                    exit_code: Exit::Unreadable as u8,
                    recheck: None,
                    sentence: Text::default(),
                    error: Some(output.localize(failure.into_message())),
                });
                exits.push(Exit::Unreadable);
                continue;
            }
        };
        if since
            .as_ref()
            .is_some_and(|files| !is_affected(path, &old, files))
        {
            view.unchanged.push(shown);
            continue;
        }
        let (recheck, sentence, error) = match recheck_record(path, &old, args, output.lang) {
            Ok((recheck, sentence)) => (Some(recheck), sentence, None),
            Err(failure) => {
                let error = output.localize(failure.into_message());
                (None, Text::default(), Some(error))
            }
        };
        let exit = recheck
            .as_ref()
            .map_or(Exit::Unreadable, |r| exit_of(r, args.strict));
        exits.push(exit);
        view.rechecks.push(Entry {
            record: shown,
            exit_code: exit as u8,
            recheck,
            sentence,
            error,
        });
    }
    match args.format {
        TableOrJson::Json => output.print_json("recheck", &view)?,
        TableOrJson::Table => show(&view, output)?,
    }
    Ok(most_severe(&exits))
}

/// Returns the exit code that one record calls for.
fn exit_of(recheck: &Recheck, strict: bool) -> Exit {
    match recheck.status {
        RecheckStatus::Flipped => Exit::Failed,
        RecheckStatus::Level => Exit::Level,
        RecheckStatus::Warns if strict => Exit::Overdue,
        RecheckStatus::Holds | RecheckStatus::Warns | RecheckStatus::Retired => Exit::Fine,
    }
}

/// Returns the exit code of several records: that of the gravest.
fn most_severe(exits: &[Exit]) -> Exit {
    [Exit::Unreadable, Exit::Failed, Exit::Level, Exit::Overdue]
        .into_iter()
        .find(|exit| exits.contains(exit))
        .unwrap_or(Exit::Fine)
}

/// Collects the records at or below a path.
fn find_records(path: &Path, depth: usize, found: &mut Vec<PathBuf>) {
    if path.is_file() {
        let is_record = path
            .file_name()
            .and_then(|n| n.to_str())
            .is_some_and(|n| n == FILE || n.ends_with(&format!(".{FILE}")));
        if is_record {
            found.push(path.to_owned());
        } else if depth == 0 {
            // Naming a decision selects its record.
            let stem = path
                .file_stem()
                .and_then(|s| s.to_str())
                .unwrap_or_default();
            let record = if stem == "decision" {
                path.with_file_name(FILE)
            } else {
                path.with_file_name(format!("{stem}.{FILE}"))
            };
            found.extend(Some(record).filter(|p| p.is_file()));
        }
        return;
    }
    let Ok(entries) = std::fs::read_dir(path) else {
        return;
    };
    for entry in entries.flatten() {
        // Links are not followed, so cycles are impossible.
        let Ok(kind) = entry.file_type() else {
            continue;
        };
        let hidden = entry.file_name().to_string_lossy().starts_with('.');
        if (kind.is_dir() && depth < DEEPEST && !hidden) || kind.is_file() {
            let below = entry.path();
            if kind.is_file() && !below.to_string_lossy().ends_with(FILE) {
                continue;
            }
            find_records(&below, depth + 1, found);
        }
    }
}

fn read_record(path: &Path) -> Result<Record, Failure> {
    let shown = path.display();
    let text = std::fs::read_to_string(path).map_err(|e| {
        Failure::environment(tr!("cannot read {shown}: {e}", "无法读取 {shown}：{e}"))
    })?;
    parse_record(&text, path)
}

/// Parses a record.
pub(super) fn parse_record(text: &str, path: &Path) -> Result<Record, Failure> {
    let shown = path.display();
    Record::parse(text).map_err(|why| {
        Failure::failed(tr!(
            "{shown} is not a record: {why}",
            "{shown} 不是记录：{why}"
        ))
    })
}

fn recheck_record(
    path: &Path,
    old: &Record,
    args: &RecheckArgs,
    lang: Lang,
) -> Result<(Recheck, Text), Failure> {
    let today = super::args::date_or_today(args.as_of.as_deref())?;
    let choice = ChoiceArgs {
        scenario: old.scenario.clone(),
        stakeholder: old.stakeholder.clone(),
        profile: old.profile.clone(),
        set: old.set.clone(),
        evidence: args.evidence.clone(),
        as_of: Some(today.to_string()),
    };
    let opened = open_quietly(&path.with_file_name(&old.file), &choice)?;
    let params = Params::parse(&old.params).map_err(|e| Failure::failed(e.text().clone()))?;
    let asked = RecordRequest {
        file: old.file.clone(),
        profile: old.profile.clone(),
        set: old.set.clone(),
        params: old.params.clone(),
        choice: recorded_choice(old).map(str::to_owned),
    };
    let (new, sentence) = pin_decision(&opened, &old.method, &params, Some(old.seed), asked, lang)?;
    Ok((recheck(old, &new, today), sentence))
}

/// Returns the absolute paths of files that differ from a revision.
fn changed_files(revision: &str) -> Result<BTreeSet<PathBuf>, Failure> {
    let root = super::git::run(Path::new("."), &["rev-parse", "--show-toplevel"])?;
    let root = PathBuf::from(root.trim_end());
    let tip = super::git::commit(&root, revision)?;
    let mut files = BTreeSet::new();
    // Uncommitted and untracked files count as changed.
    for words in [
        &["diff", "--name-only", "-z", &tip, "--"][..],
        &[
            "ls-files",
            "-z",
            "--others",
            "--exclude-standard",
            "--full-name",
        ][..],
    ] {
        let list = super::git::run(&root, words)?;
        files.extend(
            list.split('\0')
                .filter(|n| !n.is_empty())
                .map(|n| root.join(n)),
        );
    }
    Ok(files)
}

/// Whether a file that the decision reads, or could read, has changed.
fn is_affected(path: &Path, old: &Record, changed: &BTreeSet<PathBuf>) -> bool {
    let absolute = |p: &Path| std::fs::canonicalize(p).ok();
    let folder = path.parent().and_then(|p| {
        absolute(if p.as_os_str().is_empty() {
            Path::new(".")
        } else {
            p
        })
    });
    changed.iter().any(|file| {
        let beside = folder.as_ref().is_some_and(|f| file.starts_with(f));
        // Names in a record are relative to an unknown folder, so only their ends are compared.
        let read = old.files.keys().any(|name| {
            file.ends_with(
                name.trim_start_matches("<built-in>/")
                    .trim_start_matches("./"),
            )
        });
        beside || read
    })
}

fn show(view: &View, output: &mut Output) -> Result<(), Failure> {
    for entry in &view.rechecks {
        let Some(recheck) = &entry.recheck else {
            let error = entry.error.as_deref().unwrap_or_default();
            let record = &entry.record;
            let said = tr!(
                "{record}: cannot be rechecked: {error}",
                "{record}：无法复核：{error}"
            );
            output.print(&said)?;
            continue;
        };
        let word = match recheck.status {
            RecheckStatus::Holds => tr!("holds", "仍然成立"),
            RecheckStatus::Warns => tr!("holds, with warnings", "仍然成立，但有警告"),
            RecheckStatus::Level => tr!("LEVEL with another candidate", "与另一候选不相上下"),
            RecheckStatus::Flipped => tr!("FLIPPED", "已翻转"),
            RecheckStatus::Retired => tr!("no longer in force", "已不再生效"),
        };
        let choice = recheck.choice[1].as_ref().map(|c| c.candidate.as_str());
        let who = choice.or(recheck.winner[1].as_deref()).unwrap_or("-");
        let (decision, as_of) = (&recheck.decision, &recheck.as_of);
        output.print(tr!(
            "{decision}: {word} on {as_of} ({who})",
            "{decision}：{as_of} {word}（{who}）"
        ))?;
        output.print(&entry.sentence)?;
        let width = recheck
            .findings
            .iter()
            .map(|f| kind_label(f.kind).get(output.lang).width())
            .max()
            .unwrap_or(0);
        for finding in &recheck.findings {
            let kind = pad(kind_label(finding.kind).get(output.lang), width, Side::Left);
            let mark = if finding.winner { "*" } else { " " };
            let message = output.localize(&finding.message);
            output.print(format_args!("  {mark} {kind}  {message}"))?;
        }
    }
    if !view.unchanged.is_empty() {
        let n = view.unchanged.len();
        let said = tr!("{n} unaffected since then", "另有 {n} 个自那时起未受影响");
        output.print(&said)?;
    }
    Ok(())
}

fn kind_label(kind: DriftKind) -> crate::lang::Text {
    match kind {
        DriftKind::Flip => tr!("flip", "翻转"),
        DriftKind::SupportEnded => tr!("support ended", "支持已结束"),
        DriftKind::Level => tr!("level", "不相上下"),
        DriftKind::ReviewDue => tr!("review due", "应予复审"),
        DriftKind::OutcomeChanged => tr!("outcome changed", "结论变动"),
        DriftKind::AnchorsMoved => tr!("anchors moved", "锚点变动"),
        DriftKind::WeightChanged => tr!("weight changed", "权重变动"),
        DriftKind::Expired => tr!("expired", "已过期"),
        DriftKind::CandidateChanged => tr!("candidate changed", "候选变动"),
        DriftKind::OrderChanged => tr!("order changed", "次序变动"),
        DriftKind::FactChanged => tr!("fact changed", "事实变动"),
        DriftKind::EvidenceChanged => tr!("evidence changed", "证据变动"),
        DriftKind::VersionChanged => tr!("version changed", "版本变动"),
    }
}
