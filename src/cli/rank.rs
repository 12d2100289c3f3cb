//! `weigh rank`.

use super::args::{RankArgs, RankFormat};
use super::decision::{OpenDecision, open_decision, parse_method};
use super::output::Output;
use super::table::{Side, TextTable};
use super::{Exit, Failure, verdict};
use crate::analysis::ranking::Ranking;
use crate::analysis::study::StudyRequest;
use crate::diagnostic::Code;
use crate::eval;
use crate::tr;
use crate::view;
use crate::view::figure;

pub(super) fn run(args: &RankArgs, output: &mut Output) -> Result<Exit, Failure> {
    let (method, params) = parse_method(&args.method)?;
    let mut opened = open_decision(&args.decision)?;
    // A method that needs anchors warns by itself where it uses observed ranges; the others need none.
    opened.diagnostics = opened.diagnostics.without(Code::ObservedAnchors);
    let seed = args.seed.unwrap_or(opened.decision.seed);
    let request = StudyRequest::by(method, params, seed);
    let plan = opened.plan(&request);
    let study = opened.study(&plan, request);
    let ranking = study.ranking()?;
    let mut view = view::rank::view(
        &plan,
        &ranking,
        &opened.diagnostics,
        &opened.sources,
        output.lang,
    );
    if args.format != RankFormat::Csv {
        view.verdict = Some(verdict::view(&study, &args.decision, output));
    }
    match args.format {
        RankFormat::Json => output.print_json("rank", &view)?,
        RankFormat::Csv => print_csv(&view, output)?,
        RankFormat::Md => {
            if let Some(found) = &view.verdict {
                verdict::print(found, output)?;
            }
            for line in ranking_table(&view, output).markdown() {
                output.print(line)?;
            }
        }
        RankFormat::Table => {
            show(&opened, &ranking, &view, output)?;
            output.print_diagnostics(&opened.diagnostics, &opened.sources);
        }
    }
    Ok(Exit::Fine)
}

fn ranking_table(view: &view::rank::RankView, output: &Output) -> TextTable {
    let spread = view.ranking.iter().any(|p| p.low != p.high);
    let mut cells = vec![
        output.localize(&tr!("#", "名次")),
        output.localize(&tr!("candidate", "候选")),
        output.localize(&tr!("score", "得分")),
    ];
    let mut sides = vec![Side::Right, Side::Left, Side::Right];
    if spread {
        cells.push(output.localize(&tr!("5..95 %", "5..95 %")));
        sides.push(Side::Right);
    }
    let criteria: Vec<&view::rank::ContributionView> =
        view.ranking.first().map_or_else(Vec::new, |p| {
            p.contributions.iter().filter(|c| c.share > 0.0).collect()
        });
    for criterion in &criteria {
        cells.push(format!(
            "{} {}",
            criterion.criterion,
            view::figure::percent(criterion.share)
        ));
        sides.push(Side::Right);
    }
    for name in view.method.outputs.keys() {
        cells.push(name.clone());
        sides.push(Side::Right);
    }
    let mut table = TextTable::new(cells, sides);
    for place in view.ranking.iter().filter(|p| p.rank.is_some()) {
        let figure = |x: Option<f64>| {
            x.map_or_else(|| view::figure::MISSING.to_owned(), view::figure::score)
        };
        let mut row = vec![
            place.rank.map_or_else(String::new, |r| r.to_string()),
            place.name.clone(),
            figure(place.score),
        ];
        if spread {
            row.push(match (place.low, place.high) {
                (Some(low), Some(high)) => format!(
                    "{}..{}",
                    view::figure::score(low),
                    view::figure::score(high)
                ),
                _ => String::new(),
            });
        }
        row.extend(
            place
                .contributions
                .iter()
                .filter(|c| c.share > 0.0)
                .map(|c| figure(c.contribution)),
        );
        for values in view.method.outputs.values() {
            row.push(figure(
                values
                    .get(&place.candidate)
                    .and_then(serde_json::Value::as_f64),
            ));
        }
        table.row(row);
    }
    table
}

fn show(
    opened: &OpenDecision,
    ranking: &Ranking,
    view: &view::rank::RankView,
    output: &mut Output,
) -> Result<(), Failure> {
    if let Some(found) = &view.verdict {
        verdict::print(found, output)?;
    }
    let mut title = view.title.clone();
    if let Some(scenario) = &view.scenario {
        title += &format!("  [{scenario}]");
    }
    if let Some(stakeholder) = &view.stakeholder {
        title += &format!("  ({stakeholder})");
    }
    output.print(&title)?;
    if let Some(question) = &opened.decision.question {
        output.print(question)?;
    }
    output.print("")?;
    if view.ranking.iter().any(|p| p.rank.is_some()) {
        output.print_table(&ranking_table(view, output))?;
    } else {
        let message = tr!("No candidate could be ranked.", "没有候选可以排名。");
        output.print(&message)?;
    }
    let told: Vec<_> = view
        .ranking
        .iter()
        .filter(|p| p.rank.is_none() || !p.reasons.is_empty())
        .collect();
    if !told.is_empty() {
        output.print("")?;
    }
    for place in told {
        let word = match place.status {
            "screened" => tr!(": screened out", "：被筛除"),
            "incomplete" => tr!(": incomplete", "：信息不全"),
            _ => tr!(" is ranked on an assumption", "：排名基于假设"),
        };
        output.print(format_args!("  {}{word}", place.name))?;
        for reason in place.reasons.iter().take(4) {
            output.print(format_args!("      {reason}"))?;
        }
        if place.reasons.len() > 4 {
            let more = place.reasons.len() - 4;
            let id = &place.candidate;
            let text = tr!(
                "... and {more} more: `weigh why DECISION {id}`",
                "……另有 {more} 条：`weigh why 决策 {id}`"
            );
            output.print(format_args!("      {text}"))?;
        }
    }
    for place in view.ranking.iter().filter(|p| {
        p.status != "incomplete" && p.pass_probability.is_some_and(|x| x > 0.0 && x < 1.0)
    }) {
        let chance = view::figure::percent(place.pass_probability.unwrap_or(1.0));
        let name = &place.name;
        let text = tr!(
            "{name} passes every gate in {chance} of the samples",
            "{name} 在 {chance} 的样本中通过所有关卡"
        );
        output.print(format_args!("  {text}"))?;
    }
    print_footer(opened, ranking, view, output)
}

/// Prints method, date, sampling, the warnings of the method and the notes of the decision.
fn print_footer(
    opened: &OpenDecision,
    ranking: &Ranking,
    view: &view::rank::RankView,
    output: &mut Output,
) -> Result<(), Failure> {
    output.print("")?;
    let (method, as_of, seed) = (&view.method.title, &view.as_of, view.seed);
    let sampled = view
        .ranking
        .iter()
        .any(|p| p.low != p.high || p.pass_probability.is_some_and(|x| x > 0.0 && x < 1.0));
    let mut text = tr!("{method}, as of {as_of}", "{method}，截至 {as_of}");
    if sampled {
        let n = eval::DRAWS;
        text.push(&tr!(
            ", {n} samples, seed {seed}",
            "，{n} 个样本，种子 {seed}"
        ));
    }
    output.print(&text)?;
    if ranking.additive && view.influence.len() > 1 {
        let parts = view.influence.iter().map(|own| {
            let (id, effect) = (&own.criterion, figure::score(own.effect.unwrap_or(0.0)));
            format!("{id} {effect}")
        });
        let list = parts.collect::<Vec<_>>().join(", ");
        let text = tr!(
            "largest difference that each criterion makes between these candidates: {list}",
            "各准则在这些候选之间造成的最大差距：{list}"
        );
        output.print(&text)?;
    }
    for warning in &ranking.warnings {
        let note = tr!("note: {warning}", "注意：{warning}");
        output.print(&note)?;
    }
    for remark in &view.remarks {
        let note = tr!("note: {remark}", "注意：{remark}");
        output.print(&note)?;
    }
    for note in &opened.decision.notes {
        output.print(format_args!("- {note}"))?;
    }
    Ok(())
}

fn print_csv(view: &view::rank::RankView, output: &mut Output) -> Result<(), Failure> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    let names: Vec<&str> = view.ranking.first().map_or_else(Vec::new, |p| {
        p.contributions
            .iter()
            .map(|c| c.criterion.as_str())
            .collect()
    });
    let head = [
        "rank",
        "candidate",
        "score",
        "low",
        "high",
        "status",
        "pass_probability",
    ];
    let figure = |x: Option<f64>| x.map_or_else(String::new, |x| x.to_string());
    let written = (|| {
        writer.write_record(head.into_iter().chain(names.iter().copied()))?;
        for p in &view.ranking {
            let own = [
                p.rank.map_or_else(String::new, |r| r.to_string()),
                p.candidate.clone(),
                figure(p.score),
                figure(p.low),
                figure(p.high),
                p.status.to_owned(),
                figure(p.pass_probability),
            ];
            writer.write_record(
                own.into_iter()
                    .chain(p.contributions.iter().map(|c| figure(c.contribution))),
            )?;
        }
        writer.flush().map_err(csv::Error::from)
    })();
    written.expect("writing to memory does not fail");
    let bytes = writer.into_inner().expect("flushed above");
    output.write(&String::from_utf8(bytes).expect("cells are text"))
}
