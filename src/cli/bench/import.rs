//! `weigh bench import`: result files of other tools, audited and stored as published evidence.

mod ask;
mod show;

use std::path::{Path, PathBuf};

use super::super::args::TableOrJson;
use super::super::args::import::ImportArgs;
use super::super::output::Output;
use super::super::{Exit, Failure};
use crate::import::audit::{self, AuditFinding};
use crate::import::store::{self, ImportDetails, ImportRound};
use crate::import::{ImportError, Imported};
use crate::lang::Text;
use crate::schema::evidence::EvidenceDoc;
use crate::source::did_you_mean_clause;
use crate::tr;
use ask::ImportAnswers;

pub(super) fn run(args: &ImportArgs, output: &mut Output) -> Result<Exit, Failure> {
    args.variant.iter().try_for_each(|id| check_plain_id(id))?;
    if let Some(contract) = &args.contract {
        check_plain_id(contract)?;
        if contract.contains('.') {
            return Err(Failure::usage(tr!(
                "`{contract}` must not contain a dot: it is the first part of addresses such as `auth.token.goodput`",
                "`{contract}` 是如 `auth.token.goodput` 的地址的第一部分：不能含点"
            )));
        }
    }
    let mut rows = match read_files(args) {
        Ok(rows) => rows,
        Err(error) => return report_import_error(&error, output),
    };
    if let Some(operation) = &args.operation {
        rows.iter_mut()
            .try_for_each(|row| keep_operation(&mut row.imported, operation))?;
    }
    if let Some(model) = args.model {
        rows.iter_mut()
            .flat_map(|row| &mut row.imported.cells)
            .for_each(|cell| cell.model = Some(model));
    }
    if args.dry_run {
        let hardware = args
            .hardware
            .as_deref()
            .filter(|words| *words != ask::UNKNOWN);
        let chosen = if args.candidate.is_empty() {
            rows.into_iter().map(|row| (None, vec![row])).collect()
        } else {
            assign_candidates(args, rows)?
        };
        let runs: Vec<ImportRun> = chosen
            .into_iter()
            .map(|(id, rows)| ImportRun::new(id, rows, hardware.map(str::to_owned)))
            .collect();
        return print_runs(args, &runs, output);
    }
    let chosen = assign_candidates(args, rows)?;
    let known = ImportAnswers::collect(
        args,
        chosen
            .iter()
            .flat_map(|(_, rows)| rows.iter().map(|row| &row.imported)),
        output,
    )?;
    let mut runs = Vec::with_capacity(chosen.len());
    for (id, mut rows) in chosen {
        if let Some(model) = known.model {
            rows.iter_mut()
                .flat_map(|row| &mut row.imported.cells)
                .for_each(|cell| cell.model = cell.model.or(Some(model)));
        }
        runs.push(ImportRun::new(id, rows, known.hardware.clone()));
    }
    // Prepare everything before the first file is written.
    let shared = args.files.len() == 1 || known.hardware.is_some();
    let common = session_id(&known, runs.iter().flat_map(ImportRun::hashes));
    let own = |run: &ImportRun| {
        if shared {
            common.clone()
        } else {
            session_id(&known, run.hashes())
        }
    };
    let files: Vec<_> = runs
        .iter()
        .map(|run| run.evidence(args, &known, own(run)))
        .collect();
    for (run, (path, evidence)) in runs.iter_mut().zip(files) {
        store::write_evidence(&path, &evidence)
            .map_err(|error| Failure::environment(error.text()))?;
        run.stored = Some(path);
    }
    print_runs(args, &runs, output)
}

/// A malformed file is an error in the file; one that cannot be opened is an environment error.
fn report_import_error(error: &ImportError, output: &Output) -> Result<Exit, Failure> {
    match error {
        ImportError::File(error) => Err(Failure::environment(error.text())),
        _ => {
            output.print_error(&error.text());
            output.eprint(&tr!("nothing was stored", "没有存储任何内容"));
            Ok(Exit::Failed)
        }
    }
}

/// One row of one result file.
pub(super) struct FileRow {
    path: PathBuf,
    hash: String,
    imported: Imported,
}

/// The rows that become one evidence file.
pub(super) struct ImportRun {
    candidate: Option<String>,
    rows: Vec<FileRow>,
    findings: Vec<AuditFinding>,
    hardware: Option<String>,
    stored: Option<PathBuf>,
}

fn read_files(args: &ImportArgs) -> Result<Vec<FileRow>, ImportError> {
    let mut rows = Vec::new();
    for path in &args.files {
        let imported = crate::import::read(path, args.tool)?;
        let hash = store::fingerprint(path)?;
        rows.extend(imported.into_iter().map(|imported| FileRow {
            path: path.clone(),
            hash: hash.clone(),
            imported,
        }));
    }
    Ok(rows)
}

/// Renames the only operation, or keeps one of several.
fn keep_operation(imported: &mut Imported, operation: &str) -> Result<(), Failure> {
    let mut names: Vec<String> = imported
        .cells
        .iter()
        .map(|cell| {
            cell.operation
                .as_deref()
                .map_or_else(String::new, store::operation_id)
        })
        .collect();
    names.sort();
    names.dedup();
    if names.len() <= 1 {
        imported
            .cells
            .iter_mut()
            .for_each(|cell| cell.operation = Some(operation.to_owned()));
        return Ok(());
    }
    let wanted = store::operation_id(operation);
    if !names.contains(&wanted) {
        let all = names.join(", ");
        return Err(Failure::usage(tr!(
            "there is no operation `{operation}`; there are {all}",
            "没有操作 `{operation}`；可用：{all}"
        )));
    }
    imported.cells.retain(|cell| {
        cell.operation.as_deref().map(store::operation_id).as_ref() == Some(&wanted)
    });
    Ok(())
}

type Chosen = Vec<(Option<String>, Vec<FileRow>)>;

/// Returns the rows that `--candidate` names, by candidate in the order typed.
fn assign_candidates(args: &ImportArgs, rows: Vec<FileRow>) -> Result<Chosen, Failure> {
    let several = rows.iter().any(|row| row.imported.row.is_some());
    if args.candidate.is_empty() {
        let all = list_rows(&rows);
        return Err(Failure::usage(if several {
            tr!(
                "select rows with --candidate ID=ROW; there are {all}",
                "请用 --candidate ID=行名 指明取哪些行；可用：{all}"
            )
        } else {
            tr!(
                "name the candidate of these figures with --candidate ID, such as --candidate gin",
                "请用 --candidate ID 指明这是谁的数据，如 --candidate gin"
            )
        }));
    }
    let mut left: Vec<Option<FileRow>> = rows.into_iter().map(Some).collect();
    let mut chosen: Chosen = Vec::new();
    for typed in &args.candidate {
        let (id, wanted) = typed
            .split_once('=')
            .map_or((typed.as_str(), None), |(id, row)| (id, Some(row)));
        check_plain_id(id)?;
        let meant = |row: &FileRow| match (wanted, &row.imported.row) {
            (Some(wanted), Some(name)) => name == wanted,
            (Some(wanted), None) => {
                row.path == Path::new(wanted)
                    || row.path.file_name().is_some_and(|name| name == wanted)
            }
            (None, Some(name)) => name == id,
            (None, None) => true,
        };
        let taken: Vec<FileRow> = left
            .iter_mut()
            .filter_map(|interval| interval.take_if(|row| meant(row)))
            .collect();
        if taken.is_empty() {
            let rest: Vec<FileRow> = left.into_iter().flatten().collect();
            return Err(Failure::usage(no_row_message(wanted.unwrap_or(id), &rest)));
        }
        match chosen
            .iter_mut()
            .find(|(known, _)| known.as_deref() == Some(id))
        {
            Some((_, rows)) => rows.extend(taken),
            None => chosen.push((Some(id.to_owned()), taken)),
        }
    }
    Ok(chosen)
}

/// Maximum number of rows that a message lists.
const LISTED: usize = 60;

fn list_rows(rows: &[FileRow]) -> String {
    let listed = rows
        .iter()
        .take(LISTED)
        .map(FileRow::name)
        .collect::<Vec<_>>()
        .join(", ");
    if rows.len() > LISTED {
        format!("{listed} ... ({})", rows.len())
    } else {
        listed
    }
}

fn no_row_message(wanted: &str, rest: &[FileRow]) -> Text {
    let known: Vec<String> = rest.iter().map(FileRow::name).collect();
    if known.is_empty() {
        return tr!(
            "no row is left for `{wanted}`: each row belongs to one candidate",
            "没有剩下可给 `{wanted}` 的行：每行只供一个候选"
        );
    }
    let all = list_rows(rest);
    let hint = did_you_mean_clause(wanted, known.iter().map(String::as_str));
    tr!(
        "there is no row `{wanted}`; there are {all}{hint}",
        "没有行 `{wanted}`；可用：{all}{hint}"
    )
}

/// Checks an id, because it becomes part of a file's name.
fn check_plain_id(id: &str) -> Result<(), Failure> {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    if !id.is_empty() && id.len() <= 100 && id.chars().all(plain) && !id.starts_with('.') {
        return Ok(());
    }
    Err(Failure::usage(tr!(
        "`{id}` is not a valid id: use letters, digits, `-`, `_` and `.`",
        "`{id}` 不是标识：只能用字母、数字、`-`、`_` 和 `.`"
    )))
}

/// Returns the id of a session. Rows of one session may be compared: those of one file, or of files from the same known hardware.
/// Otherwise each candidate has its own session.
fn session_id<'h>(known: &ImportAnswers, hashes: impl Iterator<Item = &'h String>) -> String {
    use sha2::{Digest, Sha256};
    let mut hash = Sha256::new();
    hashes.for_each(|one| hash.update(one));
    hash.update(&known.source);
    let digest: String = hash
        .finalize()
        .iter()
        .take(4)
        .map(|byte| format!("{byte:02x}"))
        .collect();
    format!("published-{}-{digest}", known.date)
}

impl FileRow {
    fn name(&self) -> String {
        self.imported
            .row
            .clone()
            .unwrap_or_else(|| self.path.display().to_string())
    }
}

impl ImportRun {
    fn new(candidate: Option<String>, rows: Vec<FileRow>, hardware: Option<String>) -> Self {
        let mut findings: Vec<AuditFinding> = Vec::new();
        for row in &rows {
            for found in audit::imported(&row.imported, hardware.as_deref()) {
                if !findings.iter().any(|known| known.word == found.word) {
                    findings.push(found);
                }
            }
        }
        let hardware =
            hardware.or_else(|| rows.iter().find_map(|row| row.imported.hardware.clone()));
        Self {
            candidate,
            rows,
            findings,
            hardware,
            stored: None,
        }
    }

    fn hashes(&self) -> impl Iterator<Item = &String> {
        self.rows.iter().map(|row| &row.hash)
    }

    fn evidence(
        &self,
        args: &ImportArgs,
        known: &ImportAnswers,
        session: String,
    ) -> (PathBuf, EvidenceDoc) {
        let tool = self
            .rows
            .first()
            .map_or("import", |row| row.imported.tool.name());
        let details = ImportDetails {
            candidate: self.candidate.clone().unwrap_or_default(),
            variant: args.variant.clone(),
            contract: args.contract.clone().unwrap_or_else(|| tool.to_owned()),
            operation: args
                .operation
                .clone()
                .map_or_else(|| "request".to_owned(), |name| store::operation_id(&name)),
            source: known.source.clone(),
            as_of: known.date.clone(),
            hardware: self.hardware.clone(),
            session,
        };
        let file = |row: &FileRow| {
            row.path
                .file_name()
                .map_or_else(String::new, |name| name.to_string_lossy().into_owned())
        };
        let rounds: Vec<ImportRound<'_>> = self
            .rows
            .iter()
            .map(|row| ImportRound {
                file: file(row),
                hash: row.hash.clone(),
                imported: &row.imported,
            })
            .collect();
        (
            store::evidence_path(&super::run::evidence_folder(args.out.as_ref()), &details),
            store::evidence_document(&details, &rounds, &self.findings),
        )
    }
}

fn print_runs(args: &ImportArgs, runs: &[ImportRun], output: &mut Output) -> Result<Exit, Failure> {
    match args.format {
        TableOrJson::Json => {
            output.print_json("bench-import", &show::runs_to_json(runs, output.lang))?
        }
        TableOrJson::Table => show::run_lines(runs, args.dry_run, output)
            .into_iter()
            .try_for_each(|line| output.print(line))?,
    }
    Ok(Exit::Fine)
}
