//! `weigh robustness`.

use std::path::Path;

use super::args::RobustnessArgs;
use super::args::TableOrJson;
use super::output::Output;
use super::rank::{self, Opened};
use super::table::{Side, Table};
use super::{Exit, Failure};
use crate::analysis::acceptability::acceptability;
use crate::analysis::agreement::agreement;
use crate::analysis::reversal::reversals;
use crate::analysis::weight_space::{Constraint, WeightSpace};
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::eval::Plan;
use crate::lang::Text;
use crate::load;
use crate::rank::RankError;
use crate::schema::{Scalar, Spanned};
use crate::source::{Span, suggest};
use crate::tr;
use crate::view::robustness::{self, Findings, RobustnessView};
use crate::view::{self, figure};
use crate::weighting::WeightError;

/// Most columns of a table of places; later places stand together.
const MOST_PLACES: usize = 6;
/// Most candidates of a table of duels.
const MOST_DUELS: usize = 10;

pub(super) fn run(args: &RobustnessArgs, output: &mut Output) -> Result<Exit, Failure> {
    let (method, params) = rank::method(&args.method)?;
    let opened = match rank::open(&args.decision, output)? {
        Ok(opened) => opened,
        Err(exit) => return Ok(exit),
    };
    let plan = rank::plan(&opened, &params);
    let seed = args.seed.unwrap_or(opened.decision.seed);
    let space = match space(&args.weights, &plan, output)? {
        Ok(space) => space,
        Err(exit) => return Ok(exit),
    };
    let refused = |error: RankError| Failure {
        exit: Exit::Failed,
        message: error.text().clone(),
    };
    let places = acceptability(&plan, &space, method, &params, args.samples as usize, seed)
        .map_err(refused)?;
    let agreement = agreement(&plan, method, &params).map_err(refused)?;
    let reversals = reversals(&plan, method, &params).map_err(refused)?;
    let findings = Findings {
        acceptability: &places,
        space: &space,
        agreement: &agreement,
        reversals: &reversals,
        method: method.id(),
    };
    let check = view::diagnostic::check(&opened.diagnostics, &opened.sources, output.lang);
    let warnings = check.diagnostics.into_iter().map(|d| d.message).collect();
    let view = robustness::view(&plan, &findings, warnings, output.lang);
    match args.format {
        TableOrJson::Json => output.json(&view)?,
        TableOrJson::Table => {
            output.diagnostics(&opened.diagnostics, &opened.sources);
            show(&opened, &view, output)?;
            let (same, all) = agreement.agreeing();
            if all > 0 {
                let text = tr!(
                    "{same} of {all} results name the same winner. The number is Kendall's tau: 1 is the decision's own order, -1 its reverse.",
                    "{all} 个结果中有 {same} 个选出同一胜者。数字为 Kendall tau：1 表示与本决策次序一致，-1 表示完全相反。"
                );
                line(output, &text)?;
            }
            foot(&view, output)?;
        }
    }
    Ok(Exit::Fine)
}

/// The weights that `--weights` asks for.
fn space(
    word: &str,
    plan: &Plan<'_>,
    output: &Output,
) -> Result<Result<WeightSpace, Exit>, Failure> {
    let shares = plan.shares();
    let usage = |error: WeightError| Failure::usage(error.text().clone());
    if let Some(spread) = word.strip_prefix("near:") {
        let Ok(spread) = spread.parse::<f64>() else {
            return Err(Failure::usage(tr!(
                "`{word}` needs a number, such as near:0.2",
                "`{word}` 需要一个数，如 near:0.2"
            )));
        };
        return WeightSpace::near(&shares, spread).map(Ok).map_err(usage);
    }
    if let Some(order) = word.strip_prefix("order:") {
        let chain = order
            .split('>')
            .map(|id| criterion(plan, id.trim()))
            .collect::<Result<Vec<_>, Text>>()
            .map_err(Failure::usage)?;
        return WeightSpace::constrained(&shares, &[Constraint::Order(chain)])
            .map(Ok)
            .map_err(usage);
    }
    match word {
        "declared" => Ok(Ok(WeightSpace::declared(&shares))),
        "uniform" => Ok(Ok(WeightSpace::uniform(&shares))),
        file if Path::new(file).is_file() => Ok(from_file(Path::new(file), plan, output)),
        other => {
            let hint = suggest(other, ["declared", "uniform"]).map_or_else(Text::default, |near| {
                tr!(", did you mean `{near}`?", "，是否想写 `{near}`？")
            });
            let Text { en, zh } = hint;
            Err(Failure::usage(tr!(
                "--weights takes declared, near:SPREAD, uniform, order:a>b>c or a file, not `{other}`{en}",
                "--weights 可为 declared、near:离散度、uniform、order:a>b>c 或文件，而不是 `{other}`{zh}"
            )))
        }
    }
}

/// The place of a criterion by id.
fn criterion(plan: &Plan<'_>, id: &str) -> Result<usize, Text> {
    let criteria = &plan.graph.criteria;
    criteria
        .iter()
        .position(|slot| slot.id == id)
        .ok_or_else(|| {
            let mut message = tr!(
                "the decision has no criterion `{id}`",
                "决策没有准则 `{id}`"
            );
            if let Some(near) = suggest(id, criteria.iter().map(|slot| slot.id.as_str())) {
                message.en += &format!(", did you mean `{near}`?");
                message.zh += &format!("，是否想写 `{near}`？");
            }
            message
        })
}

/// Constraints, or fixed points, from a weights file.
fn from_file(file: &Path, plan: &Plan<'_>, output: &Output) -> Result<WeightSpace, Exit> {
    let loaded = load::weights(file, super::args::today());
    let (sources, mut sink) = (loaded.sources, loaded.diagnostics);
    let found = loaded.doc.and_then(|doc| {
        let whole = Span::default();
        let at = |id: &Spanned<String>, sink: &mut Diagnostics| match criterion(plan, &id.value) {
            Ok(k) => Some(k),
            Err(message) => {
                sink.push(Diagnostic::new(Code::BadWeights, id.span, message));
                None
            }
        };
        let mut constraints = Vec::new();
        for chain in doc
            .orders
            .iter()
            .chain(Some(&doc.order).filter(|order| !order.is_empty()))
        {
            constraints.push(Constraint::Order(
                chain.iter().filter_map(|id| at(id, &mut sink)).collect(),
            ));
        }
        for (id, interval) in &doc.intervals {
            let k = at(id, &mut sink);
            if let (Some(criterion), Some((low, high))) = (k, bounds(interval, &mut sink)) {
                constraints.push(Constraint::Interval {
                    criterion,
                    low,
                    high,
                });
            }
        }
        let mut shares = plan.shares();
        if !doc.points.is_empty() {
            shares.fill(0.0);
            for (id, points) in &doc.points {
                if let Some(k) = at(id, &mut sink) {
                    shares[k] = points.max(0.0);
                }
            }
            let total: f64 = shares.iter().sum();
            if total > 0.0 {
                shares.iter_mut().for_each(|share| *share /= total);
            }
        } else if constraints.is_empty() {
            let message = tr!(
                "this file has neither `points:` nor `intervals:` nor `orders:`",
                "该文件既没有 `points:`，也没有 `intervals:` 或 `orders:`"
            );
            let hint = tr!(
                "intervals: {{COST: 0.2..0.4}}",
                "intervals: {{COST: 0.2..0.4}}"
            );
            sink.push(
                Diagnostic::about_file(Code::BadWeights, file.display().to_string(), message)
                    .hint(hint),
            );
        }
        if sink.has_errors() {
            return None;
        }
        if constraints.is_empty() {
            return Some(WeightSpace::declared(&shares));
        }
        let space = WeightSpace::constrained(&shares, &constraints);
        space
            .map_err(|error| {
                sink.push(Diagnostic::new(
                    Code::BadWeights,
                    doc_span(&doc).unwrap_or(whole),
                    error.text().clone(),
                ))
            })
            .ok()
    });
    let exit = output.diagnostics(&sink, &sources);
    found.ok_or(if exit == Exit::Fine {
        Exit::Failed
    } else {
        exit
    })
}

/// A place in the file to point at.
fn doc_span(doc: &crate::schema::criteria::WeightsDoc) -> Option<Span> {
    let interval = doc.intervals.iter().next().map(|(id, _)| id.span);
    interval.or_else(|| {
        doc.orders
            .iter()
            .flatten()
            .chain(&doc.order)
            .next()
            .map(|id| id.span)
    })
}

/// `0.1..0.4`, `10..40 %`, or one fixed share.
fn bounds(interval: &Spanned<Scalar>, sink: &mut Diagnostics) -> Option<(f64, f64)> {
    use crate::quantity::{self, unit::Units};
    let read = match &interval.value {
        Scalar::Number(x) => Some((*x, *x)),
        Scalar::Text(text) => quantity::parse(text, &Units::default())
            .ok()
            .map(|written| {
                let (low, high) = written.figures.support();
                let factor = written.unit.as_ref().map_or(1.0, |unit| unit.to_base(1.0));
                (low * factor, high * factor)
            }),
        _ => None,
    };
    if read.is_none() {
        let message = tr!(
            "an interval of shares is written 0.1..0.4",
            "占比区间写作 0.1..0.4"
        );
        sink.push(Diagnostic::new(Code::BadWeights, interval.span, message));
    }
    read
}

fn line(output: &mut Output, text: &Text) -> Result<(), Failure> {
    let text = output.say(text).to_owned();
    output.line(text)
}

fn word(output: &Output, text: Text) -> String {
    output.say(&text).to_owned()
}

fn table(output: &mut Output, table: &Table) -> Result<(), Failure> {
    table
        .lines()
        .into_iter()
        .try_for_each(|line| output.line(line))
}

fn percent(x: &serde_json::Value) -> String {
    x.as_f64()
        .map_or_else(|| figure::MISSING.to_owned(), figure::percent)
}

fn show(opened: &Opened, view: &RobustnessView, output: &mut Output) -> Result<(), Failure> {
    let name = |id: &str| {
        let found = opened.decision.candidates.iter().find(|c| c.id == id);
        found.map_or_else(|| id.to_owned(), |c| c.name.get(output.lang).to_owned())
    };
    let names: std::collections::BTreeMap<String, String> = opened
        .decision
        .candidates
        .iter()
        .map(|c| (c.id.clone(), name(&c.id)))
        .collect();
    output.line(&view.title)?;
    let (weights, samples, seed, method) = (&view.weights, view.samples, view.seed, &view.method);
    line(
        output,
        &tr!(
            "{method}: {weights}, {samples} samples, seed {seed}",
            "{method}：{weights}，{samples} 个样本，种子 {seed}"
        ),
    )?;
    output.line("")?;
    if view.decided == 0 {
        return line(
            output,
            &tr!(
                "No candidate can be ranked in any sample: all are incomplete or screened out, so there is nothing to be sure of.",
                "没有任何样本能够排名：所有候选均信息不全或被筛除，无从谈论把握。"
            ),
        );
    }
    places(view, &names, output)?;
    central(view, &names, output)?;
    duels(view, &names, output)?;
    let (entropy, choice) = (
        view.rank_entropy.map_or_else(String::new, figure::number),
        view.choice_entropy.map_or_else(String::new, figure::number),
    );
    line(
        output,
        &tr!(
            "Entropy {entropy} bits over whole rankings, {choice} bits over who is first: 0 means always the same answer.",
            "整体排名的熵为 {entropy} 比特，第一名的熵为 {choice} 比特：0 表示答案始终相同。"
        ),
    )?;
    if view.rank_entropy == Some(0.0) && view.certain {
        line(
            output,
            &tr!(
                "Nothing varies here: the inputs are certain and the weights fixed. `--weights near:0.2` or `--weights uniform` lets them move.",
                "此处没有任何变化：输入确定，权重固定。可用 `--weights near:0.2` 或 `--weights uniform` 让权重变动。"
            ),
        )?;
    }
    if view.decided < view.samples {
        let none = view.samples - view.decided;
        line(
            output,
            &tr!(
                "In {none} of the samples nobody could be ranked; they are not counted.",
                "其中 {none} 个样本无人可以排名；未计入。"
            ),
        )?;
    }
    output.line("")?;
    methods(view, &names, output)
}

type Names = std::collections::BTreeMap<String, String>;

fn places(view: &RobustnessView, names: &Names, output: &mut Output) -> Result<(), Failure> {
    let rows: Vec<_> = view
        .rank_acceptability
        .iter()
        .filter_map(|(id, row)| Some((id, row.as_array()?)))
        .collect();
    let n = rows.first().map_or(0, |(_, row)| row.len());
    let shown = if n > MOST_PLACES + 1 { MOST_PLACES } else { n };
    let mut head = vec![word(output, tr!("candidate", "候选"))];
    head.extend((1..=shown).map(|place| format!("#{place}")));
    let later = shown + 1;
    if shown < n {
        head.push(format!("#{later}.."));
    }
    head.push(word(output, tr!("+-", "±")));
    let mut sides = vec![Side::Left];
    sides.resize(head.len(), Side::Right);
    let mut all = Table::new(head, sides);
    let mut rows = rows;
    let first = |row: &[serde_json::Value]| {
        row.first()
            .and_then(serde_json::Value::as_f64)
            .unwrap_or(0.0)
    };
    rows.sort_by(|a, b| first(b.1).total_cmp(&first(a.1)));
    for (id, row) in rows {
        let mut cells = vec![names[id].clone()];
        cells.extend(row[..shown].iter().map(percent));
        if shown < n {
            cells.push(figure::percent(
                row[shown..]
                    .iter()
                    .filter_map(serde_json::Value::as_f64)
                    .sum(),
            ));
        }
        let error = view.standard_errors[id]
            .as_array()
            .and_then(|e| e.first())
            .and_then(serde_json::Value::as_f64);
        cells.push(error.map_or_else(String::new, figure::percent));
        all.row(cells);
    }
    table(output, &all)?;
    line(
        output,
        &tr!(
            "How often each candidate takes which place when weights and inputs vary; +- is the standard error of the first column.",
            "权重与输入变化时，各候选取得各名次的频率；± 为第一列的标准误差。"
        ),
    )?;
    for id in view
        .rank_acceptability
        .iter()
        .filter(|(_, row)| row.is_null())
        .map(|(id, _)| &names[id])
    {
        line(
            output,
            &tr!(
                "  {id}: incomplete, not ranked",
                "  {id}：信息不全，未参与排名"
            ),
        )?;
    }
    if n == 1 {
        line(
            output,
            &tr!(
                "One candidate: it is first because there is no other.",
                "只有一个候选：它排第一只因没有其他候选。"
            ),
        )?;
    }
    output.line("")
}

fn central(view: &RobustnessView, names: &Names, output: &mut Output) -> Result<(), Failure> {
    let winners: Vec<_> = view
        .central_weights
        .iter()
        .filter_map(|(id, w)| Some((id, w.as_object()?)))
        .collect();
    let Some((_, first)) = winners.first() else {
        return Ok(());
    };
    let mut head = vec![
        word(output, tr!("who prefers", "选择")),
        word(output, tr!("confidence", "置信因子")),
    ];
    head.extend(first.keys().cloned());
    let mut sides = vec![Side::Left];
    sides.resize(head.len(), Side::Right);
    let mut all = Table::new(head, sides);
    for (id, weights) in winners {
        let mut cells = vec![names[id].clone(), percent(&view.confidence_factor[id])];
        cells.extend(weights.values().map(percent));
        all.row(cells);
    }
    table(output, &all)?;
    line(
        output,
        &tr!(
            "The weights that typically make a candidate first, and how often it is first with exactly these weights.",
            "通常使某候选居首的权重，以及恰好采用这些权重时它居首的频率。"
        ),
    )?;
    let never: Vec<&str> = view
        .central_weights
        .iter()
        .filter(|(id, w)| w.is_null() && !view.rank_acceptability[*id].is_null())
        .map(|(id, _)| names[id].as_str())
        .collect();
    if !never.is_empty() {
        let list = never.join(", ");
        line(output, &tr!("Never first: {list}.", "从未居首：{list}。"))?;
    }
    output.line("")
}

fn duels(view: &RobustnessView, names: &Names, output: &mut Output) -> Result<(), Failure> {
    let rows: Vec<_> = view
        .pairwise_winning
        .iter()
        .filter_map(|(id, row)| Some((id, row.as_object()?)))
        .collect();
    if rows.len() < 2 || rows.len() > MOST_DUELS {
        return Ok(());
    }
    let mut head = vec![word(output, tr!("before", "先于"))];
    head.extend(rows.iter().map(|(id, _)| names[*id].clone()));
    let mut sides = vec![Side::Left];
    sides.resize(head.len(), Side::Right);
    let mut all = Table::new(head, sides);
    for (id, row) in &rows {
        let mut cells = vec![names[*id].clone()];
        cells.extend(
            rows.iter()
                .map(|(other, _)| row.get(*other).map_or_else(String::new, percent)),
        );
        all.row(cells);
    }
    table(output, &all)?;
    line(
        output,
        &tr!(
            "How often the candidate of the row comes before that of the column.",
            "行中候选排在列中候选之前的频率。"
        ),
    )?;
    output.line("")
}

fn methods(view: &RobustnessView, names: &Names, output: &mut Output) -> Result<(), Failure> {
    let mut sets: Vec<&str> = Vec::new();
    let mut forms: Vec<(String, Vec<&view::robustness::MethodVerdictView>)> = Vec::new();
    for verdict in &view.methods {
        if !sets.contains(&verdict.weights.as_str()) {
            sets.push(&verdict.weights);
        }
        let form = verdict.form.clone();
        match forms.last_mut().filter(|(own, _)| *own == form) {
            Some((_, all)) => all.push(verdict),
            None => forms.push((form, vec![verdict])),
        }
    }
    if forms.is_empty() {
        return Ok(());
    }
    let mut head = vec![word(output, tr!("method", "方法"))];
    let title = |set: &str| {
        view.methods
            .iter()
            .find(|v| v.weights == set)
            .map_or_else(|| set.to_owned(), |v| v.weights_title.clone())
    };
    head.extend(sets.iter().map(|set| title(set)));
    let mut sides = vec![Side::Left];
    sides.resize(head.len(), Side::Left);
    let mut all = Table::new(head, sides);
    let mut reasons: Vec<(String, &str)> = Vec::new();
    for (form, verdicts) in &forms {
        let mut cells = vec![form.clone()];
        for set in &sets {
            let verdict = verdicts.iter().find(|v| v.weights == *set);
            cells.push(
                match verdict.and_then(|v| v.winner.as_ref().map(|w| (v, w))) {
                    Some((v, winner)) => {
                        let more = if v.winners.len() > 1 {
                            format!(" +{}", v.winners.len() - 1)
                        } else {
                            String::new()
                        };
                        let tau = v.tau.map_or_else(String::new, |tau| format!(" {tau:.2}"));
                        format!("{}{more}{tau}", names[winner])
                    }
                    None => "-".to_owned(),
                },
            );
            if let Some(why) = verdict.and_then(|v| v.refused.as_deref())
                && !reasons.iter().any(|(_, known)| *known == why)
            {
                let about = if verdict.is_some_and(|v| v.diagnosis) {
                    title(set)
                } else {
                    form.clone()
                };
                reasons.push((about, why));
            }
        }
        all.row(cells);
    }
    table(output, &all)?;
    for (about, why) in reasons {
        output.line(format!("  - {about}: {why}"))?;
    }
    line(
        output,
        &tr!(
            "Who wins by each method (rows) under each set of weights (columns). Entropy, CRITIC and MEREC measure the data: a diagnosis, not a wish.",
            "各方法（行）在各组权重（列）下的胜者。熵权、CRITIC、MEREC 度量的是数据，仅供诊断，并非意愿。"
        ),
    )
}

fn foot(view: &RobustnessView, output: &mut Output) -> Result<(), Failure> {
    output.line("")?;
    let note = &view.reversal_note;
    line(output, &tr!("Rank reversal: {note}.", "排名反转：{note}。"))?;
    for reversal in view.reversals.iter().take(6) {
        let (who, before, after) = (
            &reversal.candidate,
            reversal.before.join(" > "),
            reversal.after.join(" > "),
        );
        let text = if reversal.change == "without" {
            tr!(
                "  without {who}: {before} becomes {after}",
                "  去掉 {who}：{before} 变为 {after}"
            )
        } else {
            tr!(
                "  with a copy of {who}: {before} becomes {after}",
                "  加入 {who} 的副本：{before} 变为 {after}"
            )
        };
        line(output, &text)?;
    }
    Ok(())
}
