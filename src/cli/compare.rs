//! `weigh compare`.

use super::args::{CompareArgs, TableOrJson};
use super::decision::open_decision;
use super::output::Output;
use super::table::{Side, TextTable};
use super::{Exit, Failure, verdict};
use crate::analysis::study::StudyRequest;
use crate::tr;
use crate::view;
use crate::view::compare::CompareView;
use crate::view::figure;

pub(super) fn run(args: &CompareArgs, output: &mut Output) -> Result<Exit, Failure> {
    let opened = open_decision(&args.decision)?;
    let pair = [opened.candidate(&args.a)?, opened.candidate(&args.b)?];
    let request = StudyRequest::of(&opened.decision);
    let plan = opened.plan(&request);
    let study = opened.study(&plan, request);
    let mut view = view::compare::view(&plan, study.evaluation(), pair, output.lang);
    view.verdict = Some(verdict::view(&study, &args.decision, output));
    match args.format {
        TableOrJson::Json => output.print_json("compare", &view)?,
        TableOrJson::Table => {
            show(&view, output)?;
            opened.print_as_of(output)?;
        }
    }
    Ok(Exit::Fine)
}

/// Cells on either side of the middle of a difference bar.
const HALF: f64 = 12.0;

fn show(view: &CompareView, output: &mut Output) -> Result<(), Failure> {
    if let Some(found) = &view.verdict {
        verdict::print(found, output)?;
    }
    let [a, b] = &view.candidates;
    let known = |x: Option<f64>| x.map_or_else(|| figure::MISSING.to_owned(), figure::score);
    output.print(format_args!(
        "{} {}  :  {} {}",
        a.name,
        known(a.score),
        b.name,
        known(b.score)
    ))?;
    for side in &view.candidates {
        for reason in &side.reasons {
            output.print(format_args!("  {}: {reason}", side.name))?;
        }
    }
    output.print("")?;
    let widest = view
        .criteria
        .iter()
        .filter_map(|c| c.difference)
        .fold(1e-9, |w: f64, d| w.max(d.abs()));
    let head = vec![
        output.localize(tr!("criterion", "准则")),
        output.localize(tr!("share", "权重")),
        a.name.clone(),
        b.name.clone(),
        output.localize(tr!("difference", "差")),
        format!("{} <- -> {}", a.name, b.name),
    ];
    let mut sides = vec![Side::Right; 6];
    (sides[0], sides[5]) = (Side::Left, Side::Left);
    let mut table = TextTable::new(head, sides);
    for row in &view.criteria {
        let difference = row
            .difference
            .map_or_else(|| figure::MISSING.to_owned(), |d| format!("{d:+.3}"));
        let bar = row.difference.map_or_else(String::new, |d| {
            let cells = (d.abs() / widest * HALF).round() as usize;
            let half = HALF as usize;
            if d > 0.0 {
                format!("{}{}|", " ".repeat(half - cells), "#".repeat(cells))
            } else {
                format!("{}|{}", " ".repeat(half), "*".repeat(cells))
            }
        });
        table.row(vec![
            row.title.clone(),
            figure::percent(row.share),
            row.measures[0].clone(),
            row.measures[1].clone(),
            difference,
            bar,
        ]);
    }
    output.print_table(&table)?;
    let levels: Vec<_> = view
        .criteria
        .iter()
        .filter_map(|c| c.equal_at.as_ref().map(|x| (c, x)))
        .collect();
    if !levels.is_empty() {
        output.print("")?;
        let (a, b) = (&a.name, &b.name);
        output.print(tr!(
            "All else equal, {b} equals {a} at:",
            "其他不变时，{b} 达到以下取值即与 {a} 持平："
        ))?;
        for (criterion, level) in levels {
            let (title, now) = (&criterion.title, &criterion.measures[1]);
            output.print(tr!(
                "  {title}: {level} (now {now})",
                "  {title}：{level}（现为 {now}）"
            ))?;
        }
    }
    if !view.exchange.is_empty() {
        output.print("")?;
        let rates: Vec<String> = view
            .exchange
            .iter()
            .map(|e| format!("{} {}", e.shown, e.title))
            .collect();
        let rates = rates.join(" = ");
        output.print(tr!("0.01 of score = {rates}", "得分 0.01 = {rates}"))?;
    }
    Ok(())
}
