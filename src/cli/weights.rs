//! `weigh weights`.

use super::args::{DecisionArgs, TableOrJson, WeightsArgs};
use super::decision::open_decision;
use super::output::Output;
use super::table::{Side, TextTable};
use super::{Exit, Failure};
use crate::analysis::ranking;
use crate::analysis::study::StudyRequest;
use crate::diagnostic::{Code, Diagnostic};
use crate::eval::Status;
use crate::lang::Text;
use crate::load;
use crate::model::decision::Decision;
use crate::rank::Direction;
use crate::source::did_you_mean_clause;
use crate::tr;
use crate::view::figure;
use crate::view::weights::{ConsistencyView, WeightsView, view};
use crate::weighting::matrix::CriterionColumn;
use crate::weighting::{WeightError, Weights, critic, entropy, merec};

type WeightRule = fn(&[CriterionColumn]) -> Result<Weights, WeightError>;

/// Methods that derive weights from data.
const MEASURED: [(&str, WeightRule); 3] = [
    ("entropy", entropy::weights),
    ("critic", critic::weights),
    ("merec", merec::weights),
];

pub(super) fn run(args: &WeightsArgs, output: &mut Output) -> Result<Exit, Failure> {
    let (method, weights) = match &args.method {
        Some(method) => weights_from_data(args, method, output)?,
        None => weights_from_judgements(args, output)?,
    };
    let view = view(&method, &weights, output.lang);
    match args.format {
        TableOrJson::Json => output.print_json("weights", &view)?,
        TableOrJson::Table => {
            let lines = view_lines(&view, args.method.is_some(), output);
            lines.into_iter().try_for_each(|line| output.print(line))?;
        }
    }
    Ok(Exit::Fine)
}

/// Derives weights from the spread of a decision's data.
fn weights_from_data(
    args: &WeightsArgs,
    method: &str,
    output: &Output,
) -> Result<(String, Weights), Failure> {
    let Some((id, weights)) = MEASURED.iter().find(|(id, _)| *id == method) else {
        let hint = did_you_mean_clause(method, MEASURED.iter().map(|(id, _)| *id));
        return Err(Failure::usage(tr!(
            "--method is entropy, critic or merec, not `{method}`; set other weighting methods with `method:` in the file{hint}",
            "--method 可为 entropy、critic 或 merec，而不是 `{method}`；其他赋权方式写在文件的 `method:` 中{hint}"
        )));
    };
    let decision = DecisionArgs {
        decision: args.file.clone(),
        choice: args.choice.clone(),
    };
    let opened = open_decision(&decision)?;
    output.print_diagnostics(&opened.diagnostics, &opened.sources);
    let plan = opened.plan(&StudyRequest::of(&opened.decision));
    let evaluation = plan.evaluate();
    let ranked: Vec<usize> = (0..plan.candidates())
        .filter(|&c| evaluation.rows[c].status == Status::Ranked)
        .collect();
    if ranked.is_empty() {
        return Err(Failure::failed(tr!(
            "no candidate is complete, so there are no data to measure",
            "没有信息完整的候选，因此无数据可度量"
        )));
    }
    let problem = ranking::problem(&plan, &evaluation, &ranked)?;
    let column = |k: usize| CriterionColumn {
        criterion: problem.axes()[k].id.clone(),
        higher_is_better: problem.axes()[k].direction == Direction::Max,
        values: problem.column(k).to_vec(),
    };
    let columns: Vec<CriterionColumn> = (0..problem.criteria()).map(column).collect();
    let mut weights = weights(&columns).map_err(|e| Failure::failed(e.text().clone()))?;
    weights.notes.extend(left_out(&opened.decision, &ranked));
    Ok(((*id).to_owned(), weights))
}

/// Names the candidates whose figures the weights do not rest on, because a gate or a missing fact leaves them out.
fn left_out(decision: &Decision, used: &[usize]) -> Option<Text> {
    let others = (0..decision.candidates.len()).filter(|c| !used.contains(c));
    let names: Vec<Text> = others
        .map(|c| decision.candidates[c].name.clone())
        .collect();
    let list = Text::list(&names);
    (!names.is_empty()).then(|| {
        tr!(
            "left out, because a gate screens them out or they lack facts: {list}",
            "因被准入条件筛除或缺少事实而未计入：{list}"
        )
    })
}

/// Derives weights from the judgements in a file.
fn weights_from_judgements(
    args: &WeightsArgs,
    output: &Output,
) -> Result<(String, Weights), Failure> {
    let file = &args.file;
    if file.is_dir()
        || file
            .extension()
            .is_some_and(|e| e.eq_ignore_ascii_case("csv"))
    {
        return Err(Failure::usage(tr!(
            "weights of a matrix or decision are measured with --method entropy, critic or merec",
            "矩阵或决策的权重用 --method entropy、critic 或 merec 度量"
        )));
    }
    let loaded = load::weights(file, super::args::today());
    let (sources, mut sink) = (loaded.sources, loaded.diagnostics);
    let found = loaded
        .doc
        .and_then(|doc| match load::derive_weights(&doc, &mut sink) {
            Some(Ok(found)) => Some(found),
            Some(Err(error)) => {
                let place = doc.method.as_ref().map(|m| m.span);
                let name = file.display().to_string();
                let message = error.text().clone();
                sink.push(match place {
                    Some(span) => Diagnostic::new(Code::BadWeights, span, message),
                    None => Diagnostic::about_file(Code::BadWeights, name, message),
                });
                None
            }
            None => None,
        });
    let Some(found) = found else {
        return Err(Failure::files(sink, sources));
    };
    output.print_diagnostics(&sink, &sources);
    Ok(found)
}

fn view_lines(view: &WeightsView, measured: bool, output: &Output) -> Vec<String> {
    let ranges = !view.intervals.is_empty();
    let mut head = vec![
        output.localize(tr!("criterion", "准则")),
        output.localize(tr!("weight", "权重")),
    ];
    let mut sides = vec![Side::Left, Side::Right];
    if ranges {
        head.push(output.localize(tr!("equally good", "同样好的范围")));
        sides.push(Side::Right);
    }
    let mut table = TextTable::new(head, sides);
    let number = |x: &serde_json::Value| {
        x.as_f64()
            .map_or_else(|| figure::MISSING.to_owned(), figure::score)
    };
    for (item, share) in &view.weights {
        let mut cells = vec![item.clone(), number(share)];
        if ranges {
            let interval = view.intervals.get(item).and_then(|i| i.as_array());
            cells.push(interval.map_or_else(String::new, |i| {
                format!("{}..{}", number(&i[0]), number(&i[1]))
            }));
        }
        table.row(cells);
    }
    let mut lines = table.lines();
    lines.push(String::new());
    if let Some(own) = &view.consistency {
        lines.extend(consistency_lines(own, output));
    }
    if let Some(epsilon) = view.epsilon.map(figure::number) {
        lines.push(output.localize(tr!(
            "Largest deviation of the weights from a judgement (epsilon): {epsilon}.",
            "权重与判断的最大偏差（epsilon）：{epsilon}。"
        )));
    }
    lines.extend(view.notes.iter().map(|note| format!("- {note}")));
    if measured {
        lines.push(output.localize(tr!(
            "These weights say how far the candidates differ in the data, not what matters to you: a diagnosis, not a preference.",
            "这些权重反映候选在数据上的差异，而不是任何人的意愿：仅供诊断，并非偏好。"
        )));
    }
    lines
}

fn consistency_lines(own: &ConsistencyView, output: &Output) -> Vec<String> {
    let table = &own.table;
    let mut lines = vec![match own.ratio.map(figure::score) {
        Some(ratio) => output.localize(tr!(
            "Consistency ratio {ratio} (table {table}): 0 is perfect, above 0.1 the judgements contradict each other.",
            "一致性比率 {ratio}（表 {table}）：0 为完全一致，高于 0.1 说明判断相互矛盾。"
        )),
        None => output.localize(tr!(
            "No consistency ratio: table {table} has no entry for this many items.",
            "没有一致性比率：表 {table} 没有这一规模的值。"
        )),
    }];
    if let Some(worst) = &own.worst {
        let figure = |x: Option<f64>| x.map_or_else(|| figure::MISSING.to_owned(), figure::number);
        let (of, over, ratio, fit) = (
            &worst.of,
            &worst.over,
            figure(worst.ratio),
            figure(worst.consistent),
        );
        lines.push(output.localize(tr!(
            "The least consistent judgement: {of} over {over} is {ratio}; the others imply {fit}.",
            "最不相符的判断：{of} 比 {over} 为 {ratio}；其余判断意味着 {fit}。"
        )));
    }
    lines
}
