//! `weigh stakeholders`.

use super::args::{StakeholdersArgs, TableOrJson};
use super::decision::open_decision;
use super::output::Output;
use super::table::{Side, TextTable};
use super::{Exit, Failure};
use crate::analysis::study::{Study, StudyRequest};
use crate::tr;
use crate::view::figure;
use crate::view::stakeholders::{StakeholdersView, view};

/// Maximum number of disagreements shown.
const SHOWN: usize = 8;

pub(super) fn run(args: &StakeholdersArgs, output: &mut Output) -> Result<Exit, Failure> {
    let opened = open_decision(&args.decision)?;
    let request = StudyRequest::of(&opened.decision);
    let plan = opened.plan(&request);
    let found = Study::new(&plan, request).stakeholders();
    let view = view(&plan, &found, output.lang);
    match args.format {
        TableOrJson::Json => output.print_json("stakeholders", &view)?,
        TableOrJson::Table => {
            output.print_diagnostics(&opened.diagnostics, &opened.sources);
            let lines = view_lines(&view, output);
            lines.into_iter().try_for_each(|line| output.print(line))?;
            opened.print_as_of(output)?;
        }
    }
    Ok(Exit::Fine)
}

fn view_lines(view: &StakeholdersView, output: &Output) -> Vec<String> {
    let mut lines = vec![view.title.clone(), String::new()];
    if view.stakeholders.is_empty() {
        lines.push(output.localize(tr!(
            "The decision names no stakeholders. Add them: `stakeholders: {{ops: {{profile: {{COST: 60, FIT: 40}}, share: 1}}}}`",
            "决策没有列出相关方。可添加：`stakeholders: {{ops: {{profile: {{COST: 60, FIT: 40}}, share: 1}}}}`"
        )));
        return lines;
    }
    lines.extend(ranking_lines(view, output));
    for silent in view.stakeholders.iter().filter(|s| s.weights.is_empty()) {
        let id = &silent.title;
        lines.push(output.localize(tr!(
            "{id} weighs no criterion of this decision",
            "{id} 未对本决策的任何准则计权"
        )));
    }
    if view.common.is_empty() {
        lines.push(output.localize(tr!(
            "No candidate is ranked by all stakeholders, so there is no agreement to measure and no group ranking.",
            "没有候选被所有相关方排名：无法衡量一致程度，也没有群体排名。"
        )));
        return lines;
    }
    lines.push(match view.agreement {
        Some(w) => {
            let w = figure::number(w);
            output.localize(tr!(
                "Agreement (Kendall's W): {w} (1: identical rankings, 0: no agreement).",
                "一致程度（Kendall W）：{w}。1 表示排名完全相同，0 表示毫无一致。"
            ))
        }
        None => output.localize(tr!(
            "Agreement is not defined: it takes two stakeholders with weights and two candidates ranked by all of them.",
            "一致程度无定义：至少需要两个有权重的相关方，以及两个人人都排名的候选。"
        )),
    });
    lines.push(String::new());
    lines.extend(group_lines(view, output));
    lines.push(String::new());
    lines.extend(disagreement_lines(view, output));
    lines
}

/// Returns the table of ranks and regrets, one row per candidate and one column per stakeholder.
fn ranking_lines(view: &StakeholdersView, output: &Output) -> Vec<String> {
    let mut head = vec![output.localize(tr!("candidate", "候选"))];
    let mut sides = vec![Side::Left];
    for own in &view.stakeholders {
        let share = own.share.map_or_else(String::new, figure::percent);
        head.push(format!("{} {share}", own.title));
        sides.push(Side::Left);
    }
    let mut table = TextTable::new(head, sides);
    let mut order: Vec<(&str, &str)> = Vec::new();
    for opinion in view.stakeholders.iter().flat_map(|s| &s.ranking) {
        if !order.iter().any(|(id, _)| *id == opinion.candidate) {
            order.push((&opinion.candidate, &opinion.name));
        }
    }
    for (id, name) in order {
        let mut cells = vec![name.to_owned()];
        for own in &view.stakeholders {
            let found = own.ranking.iter().find(|o| o.candidate == id);
            cells.push(found.map_or_else(
                || figure::MISSING.to_owned(),
                |o| {
                    let score = o
                        .score
                        .map_or_else(|| figure::MISSING.to_owned(), figure::score);
                    match o.regret.filter(|r| *r > 0.0) {
                        Some(regret) => format!("#{} {score} (-{})", o.rank, figure::score(regret)),
                        None => format!("#{} {score}", o.rank),
                    }
                },
            ));
        }
        table.row(cells);
    }
    let mut lines = table.lines();
    lines.push(output.localize(tr!(
        "Rank and score under each stakeholder's weights; in brackets the regret: the distance to their best candidate.",
        "按各方权重的名次与得分；括号内为遗憾值：比其最佳候选低多少。"
    )));
    lines
}

fn group_lines(view: &StakeholdersView, output: &Output) -> Vec<String> {
    let mut table = TextTable::new(
        vec![
            output.localize(tr!("rule for the group", "群体规则")),
            output.localize(tr!("ranking", "排名")),
            output.localize(tr!("meaning", "含义")),
        ],
        vec![Side::Left, Side::Left, Side::Left],
    );
    for own in &view.group {
        let places: Vec<String> = own
            .ranking
            .iter()
            .map(|p| {
                format!(
                    "{}. {} {}",
                    p.rank,
                    p.name,
                    p.figure.map_or_else(String::new, figure::score)
                )
            })
            .collect();
        table.row(vec![
            own.title.clone(),
            places.join("  "),
            own.about.clone(),
        ]);
    }
    let mut lines = table.lines();
    let mut winners: Vec<&str> = view
        .group
        .iter()
        .filter_map(|g| g.ranking.first())
        .map(|p| p.candidate.as_str())
        .collect();
    winners.dedup();
    if winners.len() > 1 {
        lines.push(output.localize(tr!(
            "The rules choose differently: agree beforehand which one decides.",
            "各规则的选择不同：请事先约定由哪条规则决定。"
        )));
    }
    lines
}

fn disagreement_lines(view: &StakeholdersView, output: &Output) -> Vec<String> {
    if view.partings.is_empty() {
        return vec![output.localize(tr!(
            "No two stakeholders order any two candidates differently.",
            "没有任何两个候选被不同地排序。"
        ))];
    }
    let mut lines = vec![output.localize(tr!("Disagreements:", "分歧所在："))];
    for own in view.partings.iter().take(SHOWN) {
        let (a, b, for_a, for_b) = (&own.a, &own.b, own.for_a.join(", "), own.for_b.join(", "));
        let drivers: Vec<&str> = own
            .drivers
            .iter()
            .take(3)
            .map(|d| d.criterion.as_str())
            .collect();
        let drivers = drivers.join(", ");
        lines.push(output.localize(tr!(
            "  {a} or {b}: {for_a} prefers {a}, {for_b} prefers {b}; driven by {drivers}",
            "  {a} 还是 {b}：{for_a} 偏好 {a}，{for_b} 偏好 {b}；主要由 {drivers} 造成"
        )));
    }
    if view.partings.len() > SHOWN {
        let more = view.partings.len() - SHOWN;
        lines.push(output.localize(tr!(
            "  ... and {more} more pairs: --format json",
            "  ……另有 {more} 对：--format json"
        )));
    }
    lines
}
