//! `weigh bench show`: one stored run with its rounds, a session side by side, or all runs.

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde_json::json;
use unicode_width::UnicodeWidthStr;

use crate::bench::statistics::{self, RateComparison};
use crate::cli::args::TableOrJson;
use crate::cli::args::bench::ShowArgs;
use crate::cli::output::Output;
use crate::cli::table::{Side, TextTable};
use crate::cli::{Exit, Failure};
use crate::lang::Text;
use crate::load::{self, EvidenceChoice, Reader, StoredRun};
use crate::model::remark::RunRemark;
use crate::schema::evidence::{CellDoc, EvidenceDoc, MeasuredCellDoc};
use crate::source::did_you_mean_clause;
use crate::tr;
use crate::view::bench::{Counted, RoundSpread, StoredRunView, figure_of, paired};
use crate::view::figure::{self, MISSING};

const MEGABYTE: f64 = 1e-6;
const MILLISECOND_OF_US: f64 = 1e-3;
/// Width of every terminal.
const COLUMNS: usize = 80;

pub(super) fn run(args: &ShowArgs, output: &mut Output) -> Result<Exit, Failure> {
    let mut reader = Reader::default();
    let typed = args.run.as_deref();
    let file = typed.map(PathBuf::from).filter(|path| path.is_file());
    let choice = match (&file, args.evidence.as_deref()) {
        (Some(path), _) => EvidenceChoice::Path(path.clone()),
        (None, None) => EvidenceChoice::Nearest,
        (None, Some("repo")) => EvidenceChoice::Repository,
        (None, Some(folder)) => EvidenceChoice::Path(folder.into()),
    };
    let runs = load::runs(&choice, &mut reader);
    let exit = output.print_diagnostics(&reader.diagnostics, &reader.sources);
    let chosen = match typed {
        Some(word) if file.is_none() => find_runs(word, &runs)?,
        _ => runs,
    };
    if chosen.is_empty() && args.format == TableOrJson::Table {
        if exit == Exit::Fine {
            output.print(&tr!(
                "no run is stored yet; measure one with:  weigh bench run SERVICE",
                "尚无已存储的运行：  weigh bench run SERVICE"
            ))?;
        }
        return Ok(exit);
    }
    match (args.format, chosen.as_slice()) {
        (TableOrJson::Json, [one]) if typed.is_some() => {
            output.print_json("bench-show", &one.doc)?
        }
        (TableOrJson::Json, all) => output.print_json(
            "bench-show",
            &json!({ "runs": all.iter().map(|run| &run.doc).collect::<Vec<_>>() }),
        )?,
        (TableOrJson::Table, [one]) if typed.is_some() => print_run(one, output)?,
        (TableOrJson::Table, all) => print_sessions(all, output)?,
    }
    Ok(exit)
}

/// Returns the runs that a word names: all of a session, one run, or the newest of a service or candidate.
fn find_runs(word: &str, runs: &[StoredRun]) -> Result<Vec<StoredRun>, Failure> {
    let session: Vec<StoredRun> = runs
        .iter()
        .filter(|run| run.doc.session == word)
        .cloned()
        .collect();
    if !session.is_empty() {
        return Ok(session);
    }
    let names: [fn(&EvidenceDoc) -> Option<&String>; 3] = [
        |doc| Some(&doc.run.value),
        |doc| doc.service.as_ref(),
        |doc| Some(&doc.candidate.value),
    ];
    let newest = names.iter().find_map(|name| {
        runs.iter()
            .filter(|run| name(&run.doc).is_some_and(|name| name == word))
            .max_by_key(|run| &run.doc.session)
    });
    if let Some(run) = newest {
        return Ok(vec![run.clone()]);
    }
    let known = runs.iter().flat_map(|StoredRun { doc, .. }| {
        [
            doc.service.as_deref().unwrap_or_default(),
            &doc.session,
            &doc.run.value,
        ]
    });
    let mut hint = did_you_mean_clause(word, known);
    if hint.is_empty() {
        hint = tr!(
            "; `weigh bench show` lists them",
            "；`weigh bench show` 可列出"
        );
    }
    Err(Failure::usage(tr!(
        "no run of `{word}` is stored{hint}",
        "没有 `{word}` 的已存储运行{hint}"
    )))
}

/// Prints services side by side, the fastest first: one table per main operation of a session and contract.
pub(super) fn print_sessions(runs: &[StoredRun], output: &mut Output) -> Result<(), Failure> {
    let mut groups: BTreeMap<(&str, &str, &str), Vec<StoredRunView<'_>>> = BTreeMap::new();
    for run in runs {
        let doc = &run.doc;
        let hash = doc.contract_hash.as_deref().unwrap_or_default();
        groups
            .entry((&doc.session, &doc.contract, hash))
            .or_default()
            .push(StoredRunView(doc));
    }
    for ((session, contract, _), rows) in groups {
        let EvidenceDoc { as_of, machine, .. } = rows[0].0;
        let (day, machine) = (&as_of.value, machine.as_deref().unwrap_or_default());
        let fastest_first = |operation| {
            let capacity = |run: &StoredRunView<'_>| {
                run.spread(Some(operation), "goodput_rps")
                    .map_or(0.0, |s| s.median)
            };
            let mut able: Vec<StoredRunView<'_>> = rows
                .iter()
                .copied()
                .filter(|run| run.operations().contains(&operation))
                .collect();
            able.sort_by(|a, b| capacity(b).total_cmp(&capacity(a)));
            (operation, able)
        };
        let tables: Vec<_> = main_operations(&rows)
            .into_iter()
            .map(fastest_first)
            .collect();
        let remarks = distinct(
            tables
                .iter()
                .flat_map(|(_, rows)| rows)
                .flat_map(|run| remarks_of(*run)),
        );
        for (i, (operation, rows)) in tables.iter().enumerate() {
            if i > 0 {
                output.print("")?;
            }
            let title = tr!(
                "{contract}.{operation}: {day}, {machine}, session {session}",
                "{contract}.{operation}：{day}，{machine}，会话 {session}"
            );
            output.print(&title)?;
            output.print_table(&session_table(rows, operation, &remarks, output))?;
        }
        for line in legend_lines(&rows, &remarks, output) {
            output.print(line)?;
        }
        output.print("")?;
    }
    Ok(())
}

/// Returns the first operation and those whose latency was measured, in the order of their runs.
fn main_operations<'a>(rows: &[StoredRunView<'a>]) -> Vec<&'a str> {
    let of = |run: &StoredRunView<'a>| {
        let run = *run;
        let main =
            move |(i, name): &(usize, &str)| *i == 0 || run.spread(Some(name), "p99_us").is_some();
        run.operations()
            .into_iter()
            .enumerate()
            .filter(main)
            .map(|(_, name)| name)
    };
    distinct(rows.iter().flat_map(of))
}

fn remarks_of(run: StoredRunView<'_>) -> impl Iterator<Item = &str> {
    run.0.remarks.iter().map(String::as_str)
}

/// Returns each word once, in the order of first occurrence.
fn distinct<'a>(words: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    let mut known = Vec::new();
    for word in words {
        if !known.contains(&word) {
            known.push(word);
        }
    }
    known
}

/// Makes a table of at most 80 columns. Each remark becomes a letter, its position in `remarks`.
fn session_table(
    rows: &[StoredRunView<'_>],
    operation: &str,
    remarks: &[&str],
    output: &Output,
) -> TextTable {
    let head = vec![
        output.localize(tr!("service", "服务")),
        output.localize(tr!("req/s", "请求/秒")),
        output.localize(tr!("spread", "波动")),
        output.localize(tr!("vs next", "比下一行")),
        "p99 ms".to_owned(),
        "MB".to_owned(),
        output.localize(tr!("start ms", "启动 ms")),
        output.localize(tr!("notes", "备注")),
    ];
    let right = Side::Right;
    let mut table = TextTable::new(
        head,
        vec![
            Side::Left,
            right,
            right,
            Side::Left,
            right,
            right,
            right,
            Side::Left,
        ],
    );
    for (at, run) in rows.iter().enumerate() {
        let rate = run.spread(Some(operation), "goodput_rps");
        let of = |spread: Option<RoundSpread>, factor| {
            spread.map_or_else(|| MISSING.to_owned(), |s| s.middle(factor))
        };
        let place = |remark: &str| remarks.iter().position(|known| *known == remark);
        let mut letters: Vec<char> = remarks_of(*run)
            .filter_map(place)
            .map(remark_letter)
            .collect();
        letters.sort_unstable();
        table.row(vec![
            run.name().to_owned(),
            of(rate, 1.0),
            rate.map_or_else(|| MISSING.to_owned(), largest_deviation),
            rows.get(at + 1)
                .map(|next| ratio_to_next(run, next, operation))
                .unwrap_or_default(),
            of(run.spread(Some(operation), "p99_us"), MILLISECOND_OF_US),
            of(run.spread(None, "pss_peak_bytes"), MEGABYTE),
            of(run.spread(None, "start_up_ms"), 1.0),
            letters.into_iter().collect(),
        ]);
    }
    table
}

/// Explains the headers and letters of a session's tables.
fn legend_lines(rows: &[StoredRunView<'_>], remarks: &[&str], output: &Output) -> Vec<String> {
    let counts = rows.iter().map(|run| run.0.rounds.len());
    let (least, most) = (counts.clone().min().unwrap_or(0), counts.max().unwrap_or(0));
    let rounds = if least == most {
        most.to_string()
    } else {
        format!("{least}..{most}")
    };
    let heads = [
        tr!(
            "req/s, p99, MB (peak), start: medians (rounds: {rounds}); spread: largest deviation",
            "请求/秒、p99、MB（峰值）、启动：{rounds} 轮的中位数；波动：偏离最远的一轮"
        ),
        tr!(
            "vs next: ratio to the next row's rate (95 % interval), ~ no difference shown",
            "比下一行：速率之比的 95 % 区间，~ 表示差异未获证实"
        ),
    ];
    let mut lines: Vec<String> = heads.iter().map(|text| output.localize(text)).collect();
    for (place, remark) in remarks.iter().enumerate() {
        let meaning = RunRemark::from_word(remark)
            .map(RunRemark::text)
            .unwrap_or_default();
        let (name, meaning) = (
            format!("{}  {remark}:", remark_letter(place)),
            output.localize(&meaning),
        );
        if name.width() + 1 + meaning.width() <= COLUMNS {
            lines.push(format!("{name} {meaning}"));
        } else {
            lines.extend([name, format!("   {meaning}")]);
        }
    }
    lines
}

/// Returns the letter of a remark.
fn remark_letter(place: usize) -> char {
    ('a'..='z').cycle().nth(place).expect("letters go round")
}

/// Formats the largest deviation of a round from the median.
fn largest_deviation(spread: RoundSpread) -> String {
    let far = (spread.high - spread.median).max(spread.median - spread.low) / spread.median;
    if far.is_finite() {
        format!("±{:.0}%", far * 100.0)
    } else {
        MISSING.to_owned()
    }
}

/// Formats the 95 % confidence interval of the ratio to the next service's rate, marked `~` where no difference is shown.
fn ratio_to_next(run: &StoredRunView<'_>, next: &StoredRunView<'_>, operation: &str) -> String {
    let (these, those) = paired(
        &run.figures(Some(operation), "goodput_rps"),
        &next.figures(Some(operation), "goodput_rps"),
    );
    let Some(ratio) = statistics::compare(&these, &those) else {
        return MISSING.to_owned();
    };
    let end = |x: f64| match x {
        x if x < 0.01 => "0.01".to_owned(),
        x if x >= 100.0 => "100+".to_owned(),
        x if x >= 10.0 => format!("{x:.0}"),
        x => format!("{x:.2}"),
    };
    let mark = if ratio.comparison() == RateComparison::Inconclusive {
        "~"
    } else {
        ""
    };
    format!("{}..{}{mark}", end(ratio.low), end(ratio.high))
}

/// Prints one run: what ran where, each operation, each round.
fn print_run(run: &StoredRun, output: &mut Output) -> Result<(), Failure> {
    let view = StoredRunView(&run.doc);
    for line in run_lines(&view, &run.file, output) {
        output.print(line)?;
    }
    output.print("")?;
    output.print_table(&operation_table(&view, output))?;
    output.print("")?;
    output.print_table(&round_table(&view, output))?;
    let counted = view.counted();
    if !counted.is_empty() {
        output.print("")?;
        output.print_table(&counter_table(&counted, output))?;
    }
    let remarks = &run.doc.remarks;
    if !remarks.is_empty() {
        output.print("")?;
    }
    for word in remarks {
        let meaning = RunRemark::from_word(word)
            .map(RunRemark::text)
            .unwrap_or_default();
        output.print(format_args!("{word}: {}", output.localize(&meaning)))?;
    }
    Ok(())
}

fn run_lines(view: &StoredRunView<'_>, file: &str, output: &Output) -> Vec<String> {
    let doc = view.0;
    let (name, run, contract) = (view.name(), &doc.run.value, &doc.contract);
    let (day, source) = (&doc.as_of.value, &doc.source);
    let machine = doc.machine.as_deref().unwrap_or_default();
    let mut lines = vec![format!("{name}  {run}")];
    let mut say = |text: Text| lines.push(output.localize(&text));
    let candidate = &doc.candidate.value;
    let variant = doc.variant.as_deref().unwrap_or_default();
    say(tr!(
        "candidate: {candidate} ({variant})",
        "候选：{candidate}（{variant}）"
    ));
    let versions = doc.versions.iter().flatten();
    let versions = versions
        .map(|(name, version)| format!("{name} {version}"))
        .collect::<Vec<_>>()
        .join(", ");
    if !versions.is_empty() {
        say(tr!("versions: {versions}", "版本：{versions}"));
    }
    let hash = doc.contract_hash.as_deref().unwrap_or_default();
    let hash: String = hash.chars().take(12).collect();
    match (doc.checks_passed, doc.checks) {
        (Some(passed), Some(checks)) => {
            say(tr!(
                "contract: {contract} {hash}, {passed} of {checks} checks passed",
                "契约：{contract} {hash}，{checks} 项检查通过 {passed} 项"
            ));
        }
        _ => say(tr!(
            "contract: {contract} {hash}",
            "契约：{contract} {hash}"
        )),
    }
    say(tr!("machine: {machine}, {day}", "机器：{machine}，{day}"));
    if let Some(ceiling) = doc.driver_ceiling_rps {
        let ceiling = figure::number(ceiling);
        say(tr!(
            "driver's ceiling: {ceiling} requests/s",
            "驱动器自身上限：{ceiling} 请求/秒"
        ));
    }
    say(tr!("source: {source}", "来源：{source}"));
    say(tr!("file: {file}", "文件：{file}"));
    lines
}

fn operation_table(view: &StoredRunView<'_>, output: &Output) -> TextTable {
    let head = vec![
        output.localize(tr!("operation", "操作")),
        output.localize(tr!("requests/s", "请求/秒")),
        output.localize(tr!("lowest..highest", "最低..最高")),
        output.localize(tr!("CPU per request [us]", "每请求 CPU [微秒]")),
        output.localize(tr!("at [requests/s]", "负载 [请求/秒]")),
        output.localize(tr!("p50 [ms]", "p50 [毫秒]")),
        output.localize(tr!("p99 [ms]", "p99 [毫秒]")),
        output.localize(tr!("errors", "错误")),
    ];
    let mut table = TextTable::new(head, [vec![Side::Left], vec![Side::Right; 7]].concat());
    for operation in view.operations() {
        let of = |name: &str, factor: f64| {
            view.spread(Some(operation), name)
                .map_or_else(|| MISSING.to_owned(), |s| s.middle(factor))
        };
        let errors: f64 = view
            .figures(Some(operation), "errors_count")
            .iter()
            .map(|(_, x)| x)
            .sum();
        table.row(vec![
            operation.to_owned(),
            of("goodput_rps", 1.0),
            view.spread(Some(operation), "goodput_rps")
                .map_or_else(|| MISSING.to_owned(), |s| s.range(1.0)),
            of("cpu_per_request_us", 1.0),
            of("offered_rps", 1.0),
            of("p50_us", MILLISECOND_OF_US),
            of("p99_us", MILLISECOND_OF_US),
            figure::number(errors),
        ]);
    }
    table
}

/// Returns the table of figures counted in addition to the load's.
fn counter_table(all: &[Counted<'_>], output: &Output) -> TextTable {
    let head = vec![
        output.localize(tr!("also counted", "另行统计")),
        output.localize(tr!("at verification", "验证时")),
        output.localize(tr!("after load", "加载后")),
        output.localize(tr!("lowest..highest", "最低..最高")),
    ];
    let mut table = TextTable::new(head, [vec![Side::Left], vec![Side::Right; 3]].concat());
    for Counted {
        name,
        verified,
        loaded,
    } in all
    {
        table.row(vec![
            (*name).to_owned(),
            verified.map_or_else(|| MISSING.to_owned(), figure::number),
            loaded.map_or_else(|| MISSING.to_owned(), |s| s.middle(1.0)),
            loaded.map_or_else(|| MISSING.to_owned(), |s| s.range(1.0)),
        ]);
    }
    table
}

fn round_table(view: &StoredRunView<'_>, output: &Output) -> TextTable {
    let operation = view.operations().first().copied().unwrap_or_default();
    let head = vec![
        output.localize(tr!("round", "轮次")),
        output.localize(tr!("{operation} [requests/s]", "{operation} [请求/秒]")),
        output.localize(tr!("p99 [ms]", "p99 [毫秒]")),
        output.localize(tr!("memory [MB]", "内存 [MB]")),
        output.localize(tr!("start [ms]", "启动 [毫秒]")),
        output.localize(tr!("seconds kept", "保留秒数")),
        output.localize(tr!("seconds discarded", "舍弃秒数")),
    ];
    let mut table = TextTable::new(head, vec![Side::Right; 7]);
    for round in &view.0.rounds {
        let number = |operation: Option<&str>, name: &str, factor: f64| {
            figure_of(round, operation, name)
                .map_or_else(|| MISSING.to_owned(), |x| figure::number(x * factor))
        };
        let seconds = |of: fn(&MeasuredCellDoc) -> usize| {
            let cells = round.cells.iter().map(|cell| match cell {
                CellDoc::Measured(cell) => of(cell),
                CellDoc::Imported(_) => 0,
            });
            cells.sum::<usize>().to_string()
        };
        table.row(vec![
            round.round.to_string(),
            number(Some(operation), "goodput_rps", 1.0),
            number(Some(operation), "p99_us", MILLISECOND_OF_US),
            number(None, "pss_peak_bytes", MEGABYTE),
            number(None, "start_up_ms", 1.0),
            seconds(|cell| cell.clean_slots),
            seconds(|cell| cell.dropped_slots),
        ]);
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::args::Color;
    use crate::lang::Lang;
    use crate::schema::Entries;
    use crate::schema::evidence::RoundDoc;

    fn stored(service: &str, rates: &[f64], remarks: &[&str]) -> EvidenceDoc {
        let round = |(round, rate): (u32, &f64)| {
            let mut token = Entries::default();
            token.push("goodput_rps", *rate);
            token.push("p99_us", 123_456.0);
            let mut doc = RoundDoc {
                round,
                ..RoundDoc::default()
            };
            doc.operations.push("token", token);
            doc.process.push("pss_peak_bytes", 1.234e9);
            doc.process.push("start_up_ms", 12_345.0);
            doc
        };
        EvidenceDoc {
            service: Some(service.to_owned()),
            remarks: remarks.iter().map(|&word| word.to_owned()).collect(),
            rounds: (1..).zip(rates).map(round).collect(),
            ..EvidenceDoc::default()
        }
    }

    #[test]
    fn a_session_fits_80_columns_with_its_remarks_beneath() {
        let all = [
            stored(
                "flask-gthread-auth",
                &[234_567.0, 200_001.0, 210_345.0],
                &["server-bound", "delayed-acknowledgement", "plateau"],
            ),
            stored(
                "postgresql-records",
                &[204_567.0, 207_001.0, 205_345.0],
                &["noisy", "littles-law", "server-bound", "unsteady"],
            ),
            stored("spring-boot-auth", &[2.0, 900.0, 30.0], &[]),
        ];
        let rows: Vec<StoredRunView<'_>> = all.iter().map(StoredRunView).collect();
        for lang in [Lang::En, Lang::Zh] {
            let (remarks, output) = (
                distinct(rows.iter().flat_map(|run| remarks_of(*run))),
                Output::new(lang, Color::Never),
            );
            let mut lines = session_table(&rows, "token", &remarks, &output).lines();
            lines.extend(legend_lines(&rows, &remarks, &output));
            let shown = lines.join("\n");
            assert!(lines.iter().all(|line| line.width() <= COLUMNS), "{shown}");
            let remarks = lines
                .iter()
                .filter(|line| matches!(line.as_bytes(), [b'a'..=b'z', b' ', b' ', ..]));
            assert_eq!(remarks.count(), 6, "each is explained once:\n{shown}");
            assert!(
                lines[2].ends_with("abc") && lines[3].ends_with("adef"),
                "{shown}"
            );
            assert!(
                lines[2].contains('~') && lines[3].contains("100+"),
                "{shown}"
            );
            assert!(lines[7].starts_with("a  server-bound: "), "{shown}");
        }
    }
}
