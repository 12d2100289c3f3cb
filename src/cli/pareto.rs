//! `weigh pareto`.

use super::args::{ParetoArgs, TableOrJson};
use super::decision::{find_criterion, open_decision};
use super::output::Output;
use super::table::{Side, TextTable};
use super::{Exit, Failure};
use crate::analysis::study::{Study, StudyRequest};
use crate::tr;
use crate::view::figure;
use crate::view::pareto::{ParetoView, view};

pub(super) fn run(args: &ParetoArgs, output: &mut Output) -> Result<Exit, Failure> {
    let opened = open_decision(&args.decision)?;
    let mut request = StudyRequest::of(&opened.decision);
    request.seed = args.seed.unwrap_or(request.seed);
    let seed = request.seed;
    let plan = opened.plan(&request);
    let criteria = args
        .criteria
        .iter()
        .map(|id| find_criterion(&plan, id).map_err(Failure::usage))
        .collect::<Result<Vec<_>, _>>()?;
    if criteria.len() == 1 {
        return Err(Failure::usage(tr!(
            "name two criteria, or none for all",
            "请给出两个准则，或都不给以比较全部准则"
        )));
    }
    let chosen = (!criteria.is_empty()).then_some(criteria.as_slice());
    let found = Study::new(&plan, request).pareto(chosen)?;
    let view = view(&plan, &found, seed, output.lang);
    match args.format {
        TableOrJson::Json => output.print_json("pareto", &view)?,
        TableOrJson::Table => {
            output.print_diagnostics(&opened.diagnostics, &opened.sources);
            show(&view, output)?;
            opened.print_as_of(output)?;
        }
    }
    Ok(Exit::Fine)
}

fn show(view: &ParetoView, output: &mut Output) -> Result<(), Failure> {
    let mut head = vec![
        output.localize(tr!("candidate", "候选")),
        output.localize(tr!("standing", "地位")),
    ];
    let mut sides = vec![Side::Left, Side::Left];
    for criterion in &view.criteria {
        head.push(criterion.clone());
        sides.push(Side::Right);
    }
    head.extend([
        output.localize(tr!("dominated by", "被其支配")),
        output.localize(tr!("perhaps by", "可能被其支配")),
    ]);
    sides.extend([Side::Left, Side::Left]);
    let mut table = TextTable::new(head, sides);
    for own in &view.candidates {
        let standing = match own.front {
            "efficient" => tr!("efficient", "有效"),
            "perhaps" => tr!("perhaps", "可能有效"),
            _ => tr!("dominated", "被支配"),
        };
        let mut cells = vec![own.name.clone(), output.localize(standing)];
        cells.extend(
            own.values
                .iter()
                .map(|v| v.map_or_else(|| figure::MISSING.to_owned(), figure::score)),
        );
        cells.extend([
            own.dominated_by.join(", "),
            own.possibly_dominated_by.join(", "),
        ]);
        table.row(cells);
    }
    let title = view.title.clone();
    let mut lines = Vec::new();
    if view.candidates.is_empty() {
        lines.push(output.localize(tr!(
            "No candidate to compare: all are screened out.",
            "没有可比较的候选：全部被筛除。"
        )));
    } else {
        lines.extend(table.lines());
        lines.push(output.localize(tr!(
            "A candidate is dominated if another is at least as good on every criterion and better on one: no weights can make it the sole winner.",
            "若另一候选在每个准则上都不差且至少一项更好，则该候选被支配：任何权重都不能使它独居第一。"
        )));
        lines.push(output.localize(tr!(
            "`perhaps`: depends on unknown values (missing values may lie anywhere between the anchors).",
            "“可能”：取决于未知之处（缺失值可位于锚点之间任意位置）。"
        )));
        if view.samples > 1 {
            let (samples, seed) = (view.samples, view.seed);
            lines.push(output.localize(tr!(
                "Compared in {samples} samples of the uncertain inputs, seed {seed}.",
                "在不确定输入的 {samples} 个样本中比较，种子 {seed}。"
            )));
        }
        if view.candidates.len() == 1 {
            lines.push(output.localize(tr!(
                "There is only one candidate, so there is nothing to compare it with.",
                "只有一个候选：没有可比较的对象。"
            )));
        }
    }
    if !view.screened.is_empty() {
        let list = view.screened.join(", ");
        lines.push(output.localize(tr!(
            "Screened out by a gate, not compared: {list}.",
            "被关卡筛除，未比较：{list}。"
        )));
    }
    output.print(title)?;
    output.print("")?;
    lines.into_iter().try_for_each(|line| output.print(line))
}
