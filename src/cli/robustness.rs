//! `weigh robustness`.

pub(super) mod space;

use super::args::{RobustnessArgs, TableOrJson};
use super::decision::{open_decision, parse_method};
use super::output::Output;
use super::table::{Side, TextTable};
use super::{Exit, Failure, verdict};
use crate::analysis::study::StudyRequest;
use crate::tr;
use crate::view::robustness::{
    self, CandidateChances, ChancesView, MethodResultView, RobustnessView,
};
use crate::view::{self, figure};

/// Maximum number of rank columns; later ranks share one column.
const MAX_RANK_COLUMNS: usize = 6;
/// Maximum number of candidates in the table of pairwise wins.
const MAX_PAIRWISE: usize = 10;

pub(super) fn run(args: &RobustnessArgs, output: &mut Output) -> Result<Exit, Failure> {
    let (method, params) = parse_method(&args.method)?;
    let opened = open_decision(&args.decision)?;
    let seed = args.seed.unwrap_or(opened.decision.seed);
    let request = StudyRequest::by(method, params, seed).with_samples(args.samples as usize);
    let plan = opened.plan(&request);
    let space = space::parse_weight_space(&args.weights, &plan, output)?;
    let study = opened.study(&plan, request);
    let found = study.robustness(&space)?;
    let check = view::diagnostic::check(&opened.diagnostics, &opened.sources, output.lang);
    let warnings = check.diagnostics.into_iter().map(|d| d.message).collect();
    let mut view = robustness::view(&plan, &found, warnings, output.lang);
    view.verdict = Some(verdict::view(&study, &args.decision, output));
    match args.format {
        TableOrJson::Json => output.print_json("robustness", &view)?,
        TableOrJson::Table => {
            if let Some(found) = &view.verdict {
                verdict::print(found, output)?;
            }
            show(&view, output)?;
            let (same, all) = view.agreeing;
            if all > 0 {
                let text = tr!(
                    "{same} of {all} results have the same winner. The number is Kendall's tau: 1 is the decision's own order, -1 its reverse.",
                    "{all} 个结果中有 {same} 个选出同一胜者。数字为 Kendall tau：1 表示与本决策次序一致，-1 表示完全相反。"
                );
                output.print(text)?;
            }
            print_rank_reversals(&view, output)?;
            opened.print_as_of(output)?;
            output.print_diagnostics(&opened.diagnostics, &opened.sources);
        }
    }
    Ok(Exit::Fine)
}

fn percent_or_missing(x: Option<f64>) -> String {
    x.map_or_else(|| figure::MISSING.to_owned(), figure::percent)
}

fn show(view: &RobustnessView, output: &mut Output) -> Result<(), Failure> {
    let chances = &view.chances;
    output.print(&view.title)?;
    let (weights, samples, seed, method) = (
        &chances.weights,
        chances.samples,
        chances.seed,
        &view.method,
    );
    output.print(tr!(
        "{method}: {weights}, {samples} samples, seed {seed}",
        "{method}：{weights}，{samples} 个样本，种子 {seed}"
    ))?;
    output.print("")?;
    if chances.decided == 0 {
        return output.print(tr!(
            "No candidate can be ranked in any sample: all are incomplete or screened out.",
            "没有任何样本能够排名：所有候选均信息不全或被筛除。"
        ));
    }
    print_rank_acceptability(chances, output)?;
    print_central_weights(chances, output)?;
    print_pairwise_wins(chances, output)?;
    let (entropy, choice) = (
        chances
            .rank_entropy
            .map_or_else(String::new, figure::number),
        chances
            .choice_entropy
            .map_or_else(String::new, figure::number),
    );
    output.print(tr!(
            "Entropy {entropy} bits over whole rankings, {choice} bits over the winner (0: always the same).",
            "整体排名的熵为 {entropy} 比特，第一名的熵为 {choice} 比特：0 表示答案始终相同。"
        ),
    )?;
    if chances.rank_entropy == Some(0.0) && chances.certain {
        output.print(tr!(
                "Nothing varies: the inputs are certain and the weights fixed. Vary the weights with `--weights near:0.2` or `--weights uniform`.",
                "此处没有任何变化：输入确定，权重固定。可用 `--weights near:0.2` 或 `--weights uniform` 让权重变动。"
            ),
        )?;
    }
    if chances.decided < chances.samples {
        let none = chances.samples - chances.decided;
        output.print(tr!(
            "In {none} of the samples no candidate could be ranked; they are not counted.",
            "其中 {none} 个样本无人可以排名；未计入。"
        ))?;
    }
    output.print("")?;
    print_methods(view, output)
}

fn print_rank_acceptability(view: &ChancesView, output: &mut Output) -> Result<(), Failure> {
    let mut rows: Vec<(&CandidateChances, &[f64])> = view
        .candidates
        .iter()
        .filter_map(|c| Some((c, c.ranks.as_deref()?)))
        .collect();
    rows.sort_by(|a, b| b.0.first().total_cmp(&a.0.first()));
    let n = rows.first().map_or(0, |(_, ranks)| ranks.len());
    let shown = if n > MAX_RANK_COLUMNS + 1 {
        MAX_RANK_COLUMNS
    } else {
        n
    };
    let mut head = vec![output.localize(tr!("candidate", "候选"))];
    head.extend((1..=shown).map(|place| format!("#{place}")));
    let later = shown + 1;
    if shown < n {
        head.push(format!("#{later}.."));
    }
    head.push(output.localize(tr!("+-", "±")));
    let mut sides = vec![Side::Left];
    sides.resize(head.len(), Side::Right);
    let mut all = TextTable::new(head, sides);
    for (candidate, ranks) in rows {
        let mut cells = vec![candidate.name.clone()];
        cells.extend(ranks[..shown].iter().copied().map(figure::percent));
        if shown < n {
            cells.push(figure::percent(ranks[shown..].iter().sum()));
        }
        let error = candidate.errors.as_ref().and_then(|e| e.first().copied());
        cells.push(error.map_or_else(String::new, figure::percent));
        all.row(cells);
    }
    output.print_table(&all)?;
    output.print(tr!(
            "Rank acceptability: how often each candidate takes each rank when weights and inputs vary; +- is the standard error of the first column.",
            "权重与输入变化时，各候选取得各名次的频率；± 为第一列的标准误差。"
        ),
    )?;
    for candidate in view.candidates.iter().filter(|c| c.ranks.is_none()) {
        let name = &candidate.name;
        output.print(tr!(
            "  {name}: incomplete, not ranked",
            "  {name}：信息不全，未参与排名"
        ))?;
    }
    if n == 1 {
        output.print(tr!(
            "Only one candidate, so it is always first.",
            "只有一个候选：它排第一只因没有其他候选。"
        ))?;
    }
    output.print("")
}

fn print_central_weights(view: &ChancesView, output: &mut Output) -> Result<(), Failure> {
    let winners: Vec<(&CandidateChances, &Vec<f64>)> = view
        .candidates
        .iter()
        .filter_map(|c| Some((c, c.central.as_ref()?)))
        .collect();
    if winners.is_empty() {
        return Ok(());
    }
    let mut head = vec![
        output.localize(tr!("central weights of", "中心权重")),
        output.localize(tr!("confidence", "置信因子")),
    ];
    head.extend(view.criteria.iter().cloned());
    let mut sides = vec![Side::Left];
    sides.resize(head.len(), Side::Right);
    let mut all = TextTable::new(head, sides);
    for (candidate, weights) in winners {
        let mut cells = vec![
            candidate.name.clone(),
            percent_or_missing(candidate.confidence),
        ];
        cells.extend(weights.iter().copied().map(figure::percent));
        all.row(cells);
    }
    output.print_table(&all)?;
    output.print(tr!(
            "Central weight vector: the average weights that make a candidate first. Confidence factor: how often it is first with exactly these weights.",
            "通常使某候选居首的权重，以及恰好采用这些权重时它居首的频率。"
        ),
    )?;
    let never: Vec<&str> = view
        .candidates
        .iter()
        .filter(|c| c.central.is_none() && c.ranks.is_some())
        .map(|c| c.name.as_str())
        .collect();
    if !never.is_empty() {
        let list = never.join(", ");
        output.print(tr!("Never first: {list}.", "从未居首：{list}。"))?;
    }
    output.print("")
}

fn print_pairwise_wins(view: &ChancesView, output: &mut Output) -> Result<(), Failure> {
    let rows: Vec<(&CandidateChances, &Vec<(String, f64)>)> = view
        .candidates
        .iter()
        .filter_map(|c| Some((c, c.winning.as_ref()?)))
        .collect();
    if rows.len() < 2 || rows.len() > MAX_PAIRWISE {
        return Ok(());
    }
    let mut head = vec![output.localize(tr!("before", "先于"))];
    head.extend(rows.iter().map(|(candidate, _)| candidate.name.clone()));
    let mut sides = vec![Side::Left];
    sides.resize(head.len(), Side::Right);
    let mut all = TextTable::new(head, sides);
    for (candidate, winning) in &rows {
        let mut cells = vec![candidate.name.clone()];
        cells.extend(rows.iter().map(|(other, _)| {
            let duel = winning.iter().find(|(id, _)| *id == other.id);
            duel.map_or_else(String::new, |(_, p)| figure::percent(*p))
        }));
        all.row(cells);
    }
    output.print_table(&all)?;
    output.print(tr!(
        "Pairwise winning index: how often the candidate of the row ranks before that of the column.",
        "行中候选排在列中候选之前的频率。"
    ))?;
    output.print("")
}

fn print_methods(view: &RobustnessView, output: &mut Output) -> Result<(), Failure> {
    let name = |id: &String| {
        let found = view.chances.candidates.iter().find(|c| c.id == *id);
        found.map_or_else(|| id.clone(), |c| c.name.clone())
    };
    let mut sets: Vec<&str> = Vec::new();
    let mut forms: Vec<(String, Vec<&MethodResultView>)> = Vec::new();
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
    let mut head = vec![output.localize(tr!("method", "方法"))];
    let title = |set: &str| {
        view.methods
            .iter()
            .find(|v| v.weights == set)
            .map_or_else(|| set.to_owned(), |v| v.weights_title.clone())
    };
    head.extend(sets.iter().map(|set| title(set)));
    let mut sides = vec![Side::Left];
    sides.resize(head.len(), Side::Left);
    let mut all = TextTable::new(head, sides);
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
                        format!("{}{more}{tau}", name(winner))
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
    output.print_table(&all)?;
    for (about, why) in reasons {
        output.print(format_args!("  - {about}: {why}"))?;
    }
    if forms
        .iter()
        .flat_map(|(_, verdicts)| verdicts)
        .any(|v| v.winners.len() > 1)
    {
        output.print(tr!(
            "`+1`: one more candidate shares the first place with the one named.",
            "`+1`：另有一个候选与所列者并列第一。"
        ))?;
    }
    output.print(tr!(
            "The winner by method (rows) and weights (columns). Entropy, CRITIC and MEREC weights describe the data: a diagnosis, not a preference.",
            "各方法（行）在各组权重（列）下的胜者。熵权、CRITIC、MEREC 度量的是数据，仅供诊断，并非意愿。"
        ),
    )
}

fn print_rank_reversals(view: &RobustnessView, output: &mut Output) -> Result<(), Failure> {
    output.print("")?;
    let note = &view.reversal_note;
    output.print(tr!("Rank reversal: {note}.", "排名反转：{note}。"))?;
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
        output.print(text)?;
    }
    Ok(())
}
