//! `weigh next`.

use super::args::{NextArgs, TableOrJson};
use super::decision::open_decision;
use super::output::Output;
use super::table::{Side, TextTable};
use super::{Exit, Failure, verdict};
use crate::analysis::study::StudyRequest;
use crate::tr;
use crate::view::figure::{MISSING, percent};
use crate::view::next::{NextView, UnknownView, view};

/// Maximum number of unknowns on a terminal.
const ROWS: usize = 15;

pub(super) fn run(args: &NextArgs, output: &mut Output) -> Result<Exit, Failure> {
    let opened = open_decision(&args.decision)?;
    let mut request = StudyRequest::of(&opened.decision);
    request.seed = args.seed.unwrap_or(request.seed);
    let plan = opened.plan(&request);
    let samples = args.samples.and_then(|n| usize::try_from(n).ok());
    let study = opened.study(&plan, request);
    let found = study.information(samples);
    let mut shown = view(&plan, &found, output.lang);
    shown.verdict = Some(verdict::view(&study, &args.decision, output));
    match args.format {
        TableOrJson::Json => output.print_json("next", &shown)?,
        TableOrJson::Table => {
            if let Some(found) = &shown.verdict {
                verdict::print(found, output)?;
            }
            show(&shown, output)?;
            output.print_diagnostics(&opened.diagnostics, &opened.sources);
        }
    }
    Ok(Exit::Fine)
}

/// Formats a gain in score with its standard error.
fn format_gain(value: Option<f64>, error: Option<f64>) -> String {
    match (value, error) {
        (Some(value), Some(error)) => format!("{value:.4} ± {error:.4}"),
        _ => MISSING.to_owned(),
    }
}

fn show(view: &NextView, output: &mut Output) -> Result<(), Failure> {
    output.print(&view.title)?;
    for note in &view.notes {
        output.print(format_args!("- {note}"))?;
    }
    if let (Some(choice), Some(expected)) = (&view.choice_name, view.expected_score) {
        let expected = crate::view::figure::score(expected);
        output.print(tr!(
            "{choice} has the highest expected score, {expected}",
            "{choice} 的期望得分最高，为 {expected}"
        ))?;
        let (total, chance) = (
            format_gain(view.total.value_of_information, view.total.error),
            percent(view.total.chance_to_change_the_winner.unwrap_or(0.0)),
        );
        output.print(tr!(
                "Expected value of perfect information (EVPI): {total} of score; it changes the choice in {chance} of cases",
                "完全信息期望价值（EVPI）：得分平均增加 {total}，并在 {chance} 的情形下改变选择"
            ),
        )?;
    }
    print_uncertain_inputs(view, output)?;
    print_missing_facts(view, output)?;
    print_next_steps(view, output)
}

fn print_uncertain_inputs(view: &NextView, output: &mut Output) -> Result<(), Failure> {
    let rows: Vec<&UnknownView> = view
        .unknowns
        .iter()
        .filter(|u| u.kind == "uncertain")
        .collect();
    if rows.is_empty() || view.choice.is_none() {
        return Ok(());
    }
    output.print("")?;
    output.print(tr!(
            "Value of each uncertain input (EVPPI): the average gain in score from resolving it before you choose",
            "各不确定输入的价值（EVPPI）：选择前弄清它平均可增加的得分"
        ),
    )?;
    output.print("")?;
    let (worth, idle): (Vec<&UnknownView>, Vec<&UnknownView>) =
        rows.iter().partition(|u| u.is_told());
    if !worth.is_empty() {
        let cells = [
            tr!("unknown", "未知"),
            tr!("value", "价值"),
            tr!("changes the choice", "改变选择"),
            tr!("to find out", "如何弄清"),
        ];
        let sides = vec![Side::Left, Side::Right, Side::Right, Side::Left];
        let mut table = TextTable::new(cells.iter().map(|c| output.localize(c)).collect(), sides);
        for u in worth.iter().take(ROWS) {
            let chance = percent(u.chance_to_change_the_winner.unwrap_or(0.0));
            table.row(vec![
                u.title.clone(),
                format_gain(u.value_of_information, u.error),
                chance,
                u.how.clone(),
            ]);
        }
        output.print_table(&table)?;
    }
    let more = worth.len().saturating_sub(ROWS);
    if more > 0 {
        output.print(tr!("... and {more} more", "……另有 {more} 个"))?;
    }
    if !idle.is_empty() {
        let count = idle.len();
        output.print(tr!(
            "{count} uncertain inputs have no measurable value on their own",
            "另有 {count} 个不确定输入单独弄清没有可测得的价值"
        ))?;
    }
    Ok(())
}

fn print_missing_facts(view: &NextView, output: &mut Output) -> Result<(), Failure> {
    let rows: Vec<&UnknownView> = view
        .unknowns
        .iter()
        .filter(|u| u.kind == "missing")
        .collect();
    if rows.is_empty() {
        return Ok(());
    }
    output.print("")?;
    output.print(tr!(
            "Missing facts: these candidates have no score without them. The value assumes that every fact a candidate lacks is uniform between the anchors",
            "缺失的事实：没有它们这些候选就没有得分。价值按该候选所缺各项均匀落在锚点之间计"
        ),
    )?;
    output.print("")?;
    let cells = [
        tr!("missing", "缺失"),
        tr!("value", "价值"),
        tr!("would be first", "成为第一"),
        tr!("at best", "最好时得分"),
        tr!("to find out", "如何弄清"),
    ];
    let sides = vec![
        Side::Left,
        Side::Right,
        Side::Right,
        Side::Right,
        Side::Left,
    ];
    let mut table = TextTable::new(cells.iter().map(|c| output.localize(c)).collect(), sides);
    for u in &rows {
        let best = u
            .best_score
            .map_or_else(|| MISSING.to_owned(), crate::view::figure::score);
        let chance = percent(u.chance_to_change_the_winner.unwrap_or(0.0));
        table.row(vec![
            u.title.clone(),
            format_gain(u.value_of_information, u.error),
            chance,
            best,
            u.how.clone(),
        ]);
    }
    output.print_table(&table)?;
    Ok(())
}

fn print_next_steps(view: &NextView, output: &mut Output) -> Result<(), Failure> {
    let mut commands: Vec<&str> = Vec::new();
    for command in view
        .unknowns
        .iter()
        .filter(|u| u.is_told())
        .filter_map(|u| u.command.as_deref())
    {
        if !commands.contains(&command) {
            commands.push(command);
        }
    }
    if !commands.is_empty() {
        output.print("")?;
        output.print(tr!("Next:", "下一步："))?;
        for command in commands {
            output.print(format_args!("  {command}"))?;
        }
    }
    output.print("")?;
    let (samples, seed, as_of) = (view.samples, view.seed, &view.as_of);
    output.print(tr!(
        "{samples} samples, seed {seed}, as of {as_of}",
        "{samples} 个样本，种子 {seed}，截至 {as_of}"
    ))
}
