//! What the term under the cursor means.

use super::data;
use crate::tui::state::{List, Screen, State};
use crate::view::explore::board::Weight;

/// The term under the cursor and the lines that explain it.
pub(in crate::tui) fn glossary_entry(state: &State) -> (String, Vec<String>) {
    let lang = state.lang;
    // A row that is longer than the screen can be read here.
    match state.list() {
        List::Problems if state.len(List::Problems) > 0 => {
            let title = lang.pick("Problems and what to find out", "问题与待弄清事项");
            let line = data::problem_line(state, state.cursor(List::Problems));
            return (title.to_owned(), vec![line]);
        }
        List::Facts => {
            if let Some(fact) = data::describe_fact(state) {
                return fact;
            }
        }
        _ => {}
    }
    if let Some(criterion) = selected_criterion(state) {
        return (
            criterion.title.clone(),
            describe_criterion(state, criterion),
        );
    }
    let title = state.screen.tab(lang).to_owned();
    (title, vec![explain_screen(state).to_owned()])
}

/// The criterion that the row under the cursor is about.
fn selected_criterion(state: &State) -> Option<&Weight> {
    let criteria = &state.views.board.criteria;
    let list = state.list();
    match list {
        List::Weights | List::Places => criteria.get(state.cursor(List::Weights)),
        List::Ranges => criteria.get(state.views.ranges.get(state.cursor(list))?.criterion),
        List::Cells => criteria.get(state.selection.criterion),
        List::Rows => {
            let view = state.views.compare.as_ref()?;
            let id = &view.criteria.get(state.cursor(list))?.criterion;
            criteria.iter().find(|criterion| criterion.id == *id)
        }
        _ => None,
    }
}

fn describe_criterion(state: &State, criterion: &Weight) -> Vec<String> {
    let lang = state.lang;
    let colon = lang.pick(": ", "：");
    let mut lines = vec![
        format!("{} ({})", criterion.title, criterion.id),
        format!("{}{colon}{}", lang.pick("swing", "摆幅"), criterion.swing),
    ];
    if let Some(worth) = &criterion.worth {
        let equals = lang.pick("0.01 of score =", "得分 0.01 =");
        lines.push(format!("{equals} {worth}"));
    }
    let background = criterion.background.iter();
    lines.extend(background.map(|(name, text)| format!("{name}{colon}{text}")));
    lines
}

fn explain_screen(state: &State) -> &'static str {
    let lang = state.lang;
    match state.screen {
        Screen::Sensitivity => lang.pick(
            "Tornado: the lead of the first candidate over the second when one input moves from its 5 % to its 95 % quantile, or over its range, all else equal. Break-even: the value at which another candidate becomes first.",
            "龙卷风图：其他不变时，各输入从 5 % 分位到 95 % 分位（或其范围两端）使领先幅度变化多少。盈亏平衡点：使另一候选居首的取值。",
        ),
        Screen::Robustness => lang.pick(
            "Rank acceptability (SMAA-2): the share of Monte Carlo samples of weights and inputs in which a candidate takes a rank. Central weights: the mean of the weights that make it first; a candidate without any is never first.",
            "名次可接受度（SMAA-2）：在权重与输入的蒙特卡洛样本中，某候选取得某名次的比例。中心权重：使其居首的权重的均值；没有者从不居首。",
        ),
        Screen::Tradeoff => lang.pick(
            "Pareto front: the candidates that no other is at least as good as on both criteria and better than on one. Exchange: what a step along the front gains on one criterion and costs on the other, and the gain per unit of the cost. On all criteria: efficient if no other candidate dominates it, whatever is uncertain; perhaps beaten if that depends on what is uncertain.",
            "帕累托前沿：在两项准则上，没有其他候选两项都不差且至少一项更优的候选。交换：沿前沿移动一步，在一项上所得与另一项上所失，以及每单位所失换得多少。全部准则：无论不确定性如何都不被支配者为有效；取决于不确定性者为可能被支配。",
        ),
        Screen::Data => lang.pick(
            "Worth: the expected value of perfect information about one unknown (EVPPI), in score and with its standard error, and how often knowing it changes the choice. A missing fact may lie anywhere between the anchors. M measured here, R from a registry, P published by others, J judged with a range.",
            "价值：单个未知的完全信息期望价值（EVPPI），以得分计并附标准误，以及知晓后改变选择的频率。缺失的事实视为均匀落在锚点之间。M 本机实测，R 来自登记库，P 他人发表，J 附区间的判断。",
        ),
        Screen::Why => lang.pick(
            "Contribution: share times value. Value: where the measure lies between its worst (0) and best (1) anchor.",
            "贡献：份额乘以价值。价值：度量在最差（0）与最优（1）锚点之间的位置。",
        ),
        Screen::Graph => lang.pick(
            "Decision graph: facts and inputs on the left; formulas, gates and criteria to the right of what they depend on. Heavy lines: what the candidate's result depends on.",
            "决策图：左为事实与输入，公式、关卡与准则位于其依据的右侧。粗线：该候选的结果所依据的一切。",
        ),
        Screen::Rank | Screen::Compare | Screen::WhatIf => lang.pick(
            "Scenario: a named set of input values. Regret: how far a candidate falls behind the best in a scenario.",
            "情景：一组命名的输入取值。后悔值：某候选在情景中落后于最优者的幅度。",
        ),
    }
}
