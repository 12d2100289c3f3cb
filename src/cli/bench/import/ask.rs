//! Collects what a result file does not contain: from flags, from the file, by asking on a terminal, or an error that names the flag.

use std::io::{IsTerminal, Write};

use super::super::super::Failure;
use super::super::super::args::import::ImportArgs;
use super::super::super::output::Output;
use crate::import::{Imported, WorkloadKind};
use crate::lang::Text;
use crate::quantity::date::Date;
use crate::tr;

/// The word for unknown hardware.
pub(super) const UNKNOWN: &str = "unknown";

/// Number of attempts to answer a question.
const TRIES: usize = 3;

/// Details of the import.
pub(super) struct ImportAnswers {
    pub(super) source: String,
    pub(super) date: String,
    pub(super) hardware: Option<String>,
    /// The workload model of figures whose tool does not report it.
    pub(super) model: Option<WorkloadKind>,
}

impl ImportAnswers {
    pub(super) fn collect<'i>(
        args: &ImportArgs,
        rows: impl Iterator<Item = &'i Imported> + Clone,
        output: &Output,
    ) -> Result<Self, Failure> {
        // A detail is taken from the file only where all rows agree.
        let told = |of: fn(&Imported) -> Option<&String>| {
            let mut all = rows.clone().map(of);
            let first = all.next().flatten()?;
            all.all(|other| other == Some(first)).then(|| first.clone())
        };
        let source = ask_question(
            output,
            args.source.clone(),
            "--source",
            &tr!(
                "who published these figures, and where",
                "这些数据由谁发布、在何处"
            ),
            |answer| {
                let text = answer.trim();
                (!text.is_empty()).then(|| text.to_owned())
            },
        )?;
        let date = args
            .date
            .clone()
            .or_else(|| told(|row| row.date.as_ref()).filter(|day| Date::parse(day).is_some()));
        let date = ask_question(
            output,
            date,
            "--date",
            &tr!(
                "day of the run, such as 2026-03-01",
                "运行日期，如 2026-03-01"
            ),
            |answer| Date::parse(answer.trim()).map(|day| day.to_string()),
        )?;
        let hardware = args
            .hardware
            .clone()
            .or_else(|| told(|row| row.hardware.as_ref()));
        let asked = tr!("the hardware, or `unknown`", "硬件，或写 `unknown`");
        let hardware = ask_question(output, hardware, "--hardware", &asked, |answer| {
            let text = answer.trim();
            (!text.is_empty()).then(|| text.to_owned())
        })?;
        let untold = rows
            .clone()
            .flat_map(|row| &row.cells)
            .any(|cell| cell.model.is_none());
        let model = if untold {
            let asked = tr!(
                "whether requests wait for responses (closed) or arrive at a rate (open)",
                "请求是等待应答（closed）还是按速率到来（open）"
            );
            Some(ask_question(
                output,
                None,
                "--model",
                &asked,
                |answer| match answer.trim() {
                    "closed" => Some(WorkloadKind::Closed),
                    "open" => Some(WorkloadKind::Open),
                    _ => None,
                },
            )?)
        } else {
            None
        };
        Ok(Self {
            source,
            date,
            hardware: Some(hardware).filter(|words| words != UNKNOWN),
            model,
        })
    }
}

/// Returns the given answer, or asks for one.
fn ask_question<T>(
    output: &Output,
    given: Option<String>,
    flag: &str,
    what: &Text,
    read: impl Fn(&str) -> Option<T>,
) -> Result<T, Failure> {
    let wrong = |answer: &str| {
        let answer: String = answer.chars().take(60).collect();
        tr!(
            "{flag} takes {what}, not `{answer}`",
            "{flag} 需要{what}，而不是 `{answer}`"
        )
    };
    if let Some(given) = given {
        return read(&given).ok_or_else(|| Failure::usage(wrong(&given)));
    }
    let needed = || Failure::usage(tr!("{flag} is required: {what}", "需要 {flag}：{what}"));
    if !std::io::stdin().is_terminal() || !std::io::stderr().is_terminal() {
        return Err(needed());
    }
    for _ in 0..TRIES {
        let mut stderr = std::io::stderr();
        write!(stderr, "{} ({flag}): ", output.localize(what)).and_then(|()| stderr.flush())?;
        let mut answer = String::new();
        if std::io::stdin().read_line(&mut answer)? == 0 {
            break;
        }
        match read(&answer) {
            Some(value) => return Ok(value),
            None => output.eprint(wrong(answer.trim())),
        }
    }
    Err(needed())
}
