//! `weigh compare`.

use super::args::{CompareArgs, TableOrJson};
use super::decision::open_decision;
use super::output::Output;
use super::table::{Side, Table};
use super::{Exit, Failure};
use crate::analysis::study::{Study, StudyRequest};
use crate::lang::Lang;
use crate::view;
use crate::view::compare::CompareView;
use crate::view::figure;

pub(super) fn run(args: &CompareArgs, output: &mut Output) -> Result<Exit, Failure> {
    let opened = open_decision(&args.decision, output)?;
    let pair = [opened.candidate(&args.a)?, opened.candidate(&args.b)?];
    let request = StudyRequest::of(&opened.decision);
    let plan = request.plan(&opened.decision, &opened.graph);
    let study = Study::new(&plan, request);
    let view = view::compare::view(&plan, study.evaluation(), pair, output.lang);
    match args.format {
        TableOrJson::Json => output.print_json(&view)?,
        TableOrJson::Table => show(&view, output)?,
    }
    Ok(Exit::Fine)
}

/// Cells on either side of the middle of a difference bar.
const HALF: f64 = 12.0;

fn show(view: &CompareView, output: &mut Output) -> Result<(), Failure> {
    let zh = output.lang == Lang::Zh;
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
    let head = if zh {
        vec![
            "准则".to_owned(),
            "权重".to_owned(),
            a.name.clone(),
            b.name.clone(),
            "差".to_owned(),
            format!("{} <- -> {}", a.name, b.name),
        ]
    } else {
        vec![
            "criterion".to_owned(),
            "share".to_owned(),
            a.name.clone(),
            b.name.clone(),
            "difference".to_owned(),
            format!("{} <- -> {}", a.name, b.name),
        ]
    };
    let mut table = Table::new(
        head,
        vec![
            Side::Left,
            Side::Right,
            Side::Right,
            Side::Right,
            Side::Right,
            Side::Left,
        ],
    );
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
    for line in table.lines() {
        output.print(line)?;
    }
    let levels: Vec<_> = view
        .criteria
        .iter()
        .filter_map(|c| c.equal_at.as_ref().map(|x| (c, x)))
        .collect();
    if !levels.is_empty() {
        output.print("")?;
        output.print(if zh {
            format!("其他不变时，{} 达到以下取值即与 {} 持平：", b.name, a.name)
        } else {
            format!("All else equal, {} draws level with {} at:", b.name, a.name)
        })?;
        for (criterion, x) in levels {
            output.print(if zh {
                format!(
                    "  {}：{x}（现为 {}）",
                    criterion.title, criterion.measures[1]
                )
            } else {
                format!("  {}: {x} (now {})", criterion.title, criterion.measures[1])
            })?;
        }
    }
    if !view.exchange.is_empty() {
        output.print("")?;
        let rates: Vec<String> = view
            .exchange
            .iter()
            .map(|e| format!("{} {}", e.shown, e.title))
            .collect();
        output.print(if zh {
            format!("得分 0.01 = {}", rates.join(" = "))
        } else {
            format!("0.01 of score = {}", rates.join(" = "))
        })?;
    }
    Ok(())
}
