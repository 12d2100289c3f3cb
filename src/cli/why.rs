//! `weigh why`.

use super::args::{TableOrJson, WhyArgs};
use super::decision::open_decision;
use super::output::Output;
use super::{Exit, Failure};
use crate::analysis::study::{Study, StudyRequest};
use crate::lang::Lang;
use crate::model::remark;
use crate::view;
use crate::view::figure;
use crate::view::why::{EvidenceView, NodeWhy, WhyView};

pub(super) fn run(args: &WhyArgs, output: &mut Output) -> Result<Exit, Failure> {
    let opened = open_decision(&args.decision, output)?;
    let c = opened.candidate(&args.candidate)?;
    let request = StudyRequest::of(&opened.decision);
    let plan = request.plan(&opened.decision, &opened.graph);
    let study = Study::new(&plan, request);
    let view = view::why::view(&plan, study.evaluation(), c, &opened.sources, output.lang);
    match args.format {
        TableOrJson::Json => output.print_json(&view)?,
        TableOrJson::Table => show(&view, output)?,
    }
    Ok(Exit::Fine)
}

fn show(view: &WhyView, output: &mut Output) -> Result<(), Failure> {
    let zh = output.lang == Lang::Zh;
    let head = match (view.score, view.status, zh) {
        (Some(score), _, _) => format!("{}  {}", view.name, figure::score(score)),
        (None, "screened", true) => format!("{}  被筛除", view.name),
        (None, "screened", false) => format!("{}  screened out", view.name),
        (None, _, true) => format!("{}  信息不全", view.name),
        (None, _, false) => format!("{}  incomplete", view.name),
    };
    output.print(head)?;
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
        node(&criterion.measure, 1, output)?;
        if let Some(source) = &criterion.source {
            output.print(format_args!(
                "  {}{source}",
                if zh { "出处：" } else { "after: " }
            ))?;
        }
        if let Some(assumptions) = &criterion.assumptions {
            output.print(format_args!(
                "  {}{assumptions}",
                if zh { "假设：" } else { "assumes: " }
            ))?;
        }
    }
    if !view.gates.is_empty() {
        output.print("")?;
        output.print(if zh { "关卡" } else { "Gates" })?;
        for gate in &view.gates {
            node(gate, 1, output)?;
        }
    }
    for command in &view.commands {
        output.print("")?;
        output.print(format_args!(
            "{}{command}",
            if zh {
                "可补全：$ "
            } else {
                "would complete it: $ "
            }
        ))?;
    }
    Ok(())
}

fn node(told: &NodeWhy, depth: usize, output: &mut Output) -> Result<(), Failure> {
    let indent = "  ".repeat(depth);
    let range = told
        .range
        .as_ref()
        .map_or_else(String::new, |r| format!("  ({r})"));
    let place = told
        .place
        .as_ref()
        .map_or_else(String::new, |p| format!("   {p}"));
    output.print(format_args!(
        "{indent}{} = {}{range}{place}",
        told.node, told.shown
    ))?;
    if let (Some(expr), Some(formula)) = (&told.expr, &told.formula)
        && !told.rests_on.is_empty()
        && expr != &told.rests_on[0].node
    {
        output.print(format_args!("{indent}  = {expr}"))?;
        if formula != expr {
            output.print(format_args!("{indent}  = {formula}"))?;
        }
    }
    if let Some(evidence) = &told.evidence {
        for line in evidence_lines(evidence, output.lang) {
            output.print(format_args!("{indent}  {line}"))?;
        }
    }
    for below in &told.rests_on {
        node(below, depth + 1, output)?;
    }
    Ok(())
}

fn evidence_lines(evidence: &EvidenceView, lang: Lang) -> Vec<String> {
    let zh = lang == Lang::Zh;
    let mut lines = Vec::new();
    let kind = match (evidence.kind, zh) {
        (Some("measured"), true) => "实测",
        (Some("registry"), true) => "登记",
        (Some("published"), true) => "公开发表",
        (Some("judged"), true) => "判断",
        (Some(kind), _) => kind,
        (None, _) => "",
    };
    let dates = match (&evidence.as_of, &evidence.expires) {
        (Some(from), Some(until)) if zh => format!("{from}，至 {until}"),
        (Some(from), Some(until)) => format!("{from}, until {until}"),
        (Some(from), None) => from.clone(),
        (None, _) => String::new(),
    };
    let stale = match (evidence.stale, zh) {
        (true, true) => "已过期",
        (true, false) => "stale",
        (false, _) => "",
    };
    let parts: Vec<&str> = [kind, evidence.source.as_str(), dates.as_str(), stale]
        .into_iter()
        .filter(|p| !p.is_empty())
        .collect();
    if !parts.is_empty() {
        lines.push(parts.join(" · "));
    }
    let labelled = |en: &str, chinese: &str, text: &Option<String>| {
        text.as_ref()
            .map(|t| format!("{}{t}", if zh { chinese } else { en }))
    };
    lines.extend(labelled("scale: ", "量表：", &evidence.scale));
    lines.extend(labelled("note: ", "备注：", &evidence.note));
    lines.extend(labelled("not known: ", "未知：", &evidence.missing));
    lines.extend(labelled("$ ", "$ ", &evidence.command));
    if let Some(run) = &evidence.run {
        let machine = run.machine.as_deref().unwrap_or(figure::MISSING);
        lines.push(if zh {
            format!(
                "运行 {}，会话 {}，机器 {machine}，文件 {}",
                run.id, run.session, run.file
            )
        } else {
            format!(
                "run {}, session {}, machine {machine}, file {}",
                run.id, run.session, run.file
            )
        });
        lines.extend(labelled(
            "histograms and seconds: ",
            "直方图与逐秒数据：",
            &run.raw,
        ));
        let rounds: Vec<String> = run
            .rounds
            .iter()
            .map(|(round, x)| format!("#{round} {}", figure::number(*x)))
            .collect();
        lines.push(format!(
            "{} [{}]: {}",
            run.address,
            run.unit,
            rounds.join("  ")
        ));
        if !run.verdicts.is_empty() {
            lines.push(format!(
                "! {}",
                remark::names(&run.verdicts, if zh { Lang::Zh } else { Lang::En })
            ));
        }
        lines.push(format!("$ weigh bench run {}", run.service));
    }
    lines
}
