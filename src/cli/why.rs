//! `weigh why`.

use super::args::{TableOrJson, WhyArgs};
use super::decision::open_decision;
use super::output::Output;
use super::{Exit, Failure};
use crate::analysis::study::{Study, StudyRequest};
use crate::lang::Text;
use crate::model::remark;
use crate::tr;
use crate::view;
use crate::view::figure;
use crate::view::why::{EvidenceView, NodeWhy, PartWhy, RunView, WhyView, formula_lines};

pub(super) fn run(args: &WhyArgs, output: &mut Output) -> Result<Exit, Failure> {
    let opened = open_decision(&args.decision)?;
    let c = opened.candidate(&args.candidate)?;
    let request = StudyRequest::of(&opened.decision);
    let plan = opened.plan(&request);
    let study = Study::new(&plan, request);
    let view = view::why::view(&plan, study.evaluation(), c, &opened.sources, output.lang);
    match args.format {
        TableOrJson::Json => output.print_json("why", &view)?,
        TableOrJson::Table => {
            show(&view, output)?;
            opened.print_as_of(output)?;
        }
    }
    Ok(Exit::Fine)
}

fn show(view: &WhyView, output: &mut Output) -> Result<(), Failure> {
    let name = &view.name;
    output.print(match (view.score.map(figure::score), view.status) {
        (Some(score), _) => Text::name(format!("{name}  {score}")),
        (None, "screened") => tr!("{name}  screened out", "{name}  被筛除"),
        (None, _) => tr!("{name}  incomplete", "{name}  信息不全"),
    })?;
    if let Some(difference) = &view.difference {
        output.print(format_args!("  {difference}"))?;
    }
    for reason in &view.reasons {
        output.print(format_args!("  ! {reason}"))?;
    }
    for criterion in &view.criteria {
        output.print("")?;
        let known = |x: Option<f64>| x.map_or_else(|| figure::MISSING.to_owned(), figure::score);
        output.print(format_args!(
            "{} ({})  {} x {} = {}",
            criterion.title,
            criterion.criterion,
            figure::percent(criterion.share),
            known(criterion.score),
            known(criterion.contribution)
        ))?;
        output.print(format_args!("  {}", criterion.value_function))?;
        print_node(&criterion.measure, 1, output)?;
        if let Some(source) = &criterion.source {
            output.print(tr!("  after: {source}", "  出处：{source}"))?;
        }
        if let Some(assumptions) = &criterion.assumptions {
            output.print(tr!("  assumes: {assumptions}", "  假设：{assumptions}"))?;
        }
    }
    if !view.gates.is_empty() {
        output.print("")?;
        output.print(tr!("Gates", "关卡"))?;
        for gate in &view.gates {
            print_node(gate, 1, output)?;
        }
    }
    if !view.replaced.is_empty() {
        output.print("")?;
        output.print(tr!("Replaced definitions", "被替换的定义"))?;
        for own in &view.replaced {
            let (name, by, old) = (&own.name, &own.by, &own.instead_of);
            output.print(tr!(
                "  {name}   {by}, instead of {old}",
                "  {name}   {by}，代替 {old}"
            ))?;
        }
    }
    for command in &view.commands {
        output.print("")?;
        output.print(tr!("would complete it: $ {command}", "可补全：$ {command}"))?;
    }
    Ok(())
}

fn print_node(node: &NodeWhy, depth: usize, output: &mut Output) -> Result<(), Failure> {
    let indent = "  ".repeat(depth);
    let range = node
        .range
        .as_ref()
        .map_or_else(String::new, |r| format!("  ({r})"));
    let place = node
        .place
        .as_ref()
        .map_or_else(String::new, |p| format!("   {p}"));
    let seen = if node.seen_above {
        tr!("   see above", "   见上文")
    } else {
        Text::name("")
    };
    output.print(format_args!(
        "{indent}{} = {}{range}{place}{}",
        node.node,
        node.shown,
        seen.get(output.lang)
    ))?;
    if node.seen_above {
        return Ok(());
    }
    for (depth, line) in formula_lines(node, output.lang) {
        output.print(format_args!("{indent}  {}{line}", "  ".repeat(depth)))?;
    }
    if let Some(evidence) = &node.evidence {
        for line in evidence_lines(evidence) {
            output.print(format_args!("{indent}  {line}"))?;
        }
    }
    for part in &node.parts {
        print_part(part, depth + 1, output)?;
    }
    for below in &node.rests_on {
        print_node(below, depth + 1, output)?;
    }
    Ok(())
}

/// The fact of a part of a composite.
fn print_part(part: &PartWhy, depth: usize, output: &mut Output) -> Result<(), Failure> {
    let indent = "  ".repeat(depth);
    let range = part.range.as_ref();
    let range = range.map_or_else(String::new, |r| format!("  ({r})"));
    let place = part.place.as_ref();
    let place = place.map_or_else(String::new, |p| format!("   {p}"));
    let (name, shown) = (&part.part, &part.shown);
    output.print(format_args!("{indent}{name} = {shown}{range}{place}"))?;
    for line in part.evidence.iter().flat_map(evidence_lines) {
        output.print(format_args!("{indent}  {line}"))?;
    }
    for below in &part.parts {
        print_part(below, depth + 1, output)?;
    }
    Ok(())
}

fn evidence_lines(evidence: &EvidenceView) -> Vec<Text> {
    let mut lines = Vec::new();
    let kind = evidence.kind.map(|kind| match kind {
        "measured" => tr!("measured", "实测"),
        "registry" => tr!("registry", "登记"),
        "published" => tr!("published", "公开发表"),
        "judged" => tr!("judged", "判断"),
        other => Text::name(other),
    });
    let dates = evidence.as_of.as_ref().map(|from| match &evidence.expires {
        Some(until) => tr!("{from}, until {until}", "{from}，至 {until}"),
        None => Text::name(from),
    });
    let parts: Vec<Text> = [
        kind,
        Some(Text::name(&evidence.source)),
        dates,
        evidence.stale.then(|| tr!("stale", "已过期")),
    ]
    .into_iter()
    .flatten()
    .filter(|part| !part.is_empty())
    .collect();
    if !parts.is_empty() {
        lines.push(Text::join(&parts, &Text::name(" · ")));
    }
    if let Some(scale) = &evidence.scale {
        lines.push(tr!("scale: {scale}", "量表：{scale}"));
    }
    if let Some(note) = &evidence.note {
        lines.push(tr!("note: {note}", "备注：{note}"));
    }
    if let Some(missing) = &evidence.missing {
        lines.push(tr!("not known: {missing}", "未知：{missing}"));
    }
    if let Some(reason) = &evidence.not_applicable {
        lines.push(tr!("does not apply: {reason}", "不适用：{reason}"));
    }
    if let Some(command) = &evidence.command {
        lines.push(Text::name(format!("$ {command}")));
    }
    if let Some(run) = &evidence.run {
        lines.extend(run_lines(run));
    }
    lines
}

/// The benchmark run behind a figure: where it is stored, its rounds, and the command that repeats it.
fn run_lines(run: &RunView) -> Vec<Text> {
    let machine = run.machine.as_deref().unwrap_or(figure::MISSING);
    let (id, session, file) = (&run.id, &run.session, &run.file);
    let mut lines = vec![tr!(
        "run {id}, session {session}, machine {machine}, file {file}",
        "运行 {id}，会话 {session}，机器 {machine}，文件 {file}"
    )];
    if let Some(raw) = &run.raw {
        lines.push(tr!(
            "histograms and seconds: {raw}",
            "直方图与逐秒数据：{raw}"
        ));
    }
    let rounds: Vec<String> = run
        .rounds
        .iter()
        .map(|(round, x)| format!("#{round} {}", figure::number(*x)))
        .collect();
    lines.push(Text::name(format!(
        "{} [{}]: {}",
        run.address,
        run.unit,
        rounds.join("  ")
    )));
    if !run.verdicts.is_empty() {
        let mut line = Text::name("! ");
        line.push(&remark::names(&run.verdicts));
        lines.push(line);
    }
    lines.push(Text::name(format!("$ weigh bench run {}", run.service)));
    lines
}
