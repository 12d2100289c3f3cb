//! The screens, one file a tab. Each draws its panes from the state's views and gives its rows as a table for copy and export.

mod compare;
mod data;
mod graph;
mod rank;
mod robustness;
mod sensitivity;
mod tradeoff;
mod what_if;
mod why;

use ratatui::layout::Rect;
use ratatui::style::Style;

use super::state::{List, Screen, State};
use super::widget::{Pen, Target, fit, pad};

/// A table: head and rows.
pub(super) type Table = (Vec<String>, Vec<Vec<String>>);

pub(super) fn draw(state: &State, pen: &mut Pen<'_>, area: Rect) {
    match state.screen {
        Screen::Rank => rank::draw(state, pen, area),
        Screen::Tradeoff => tradeoff::draw(state, pen, area),
        Screen::Sensitivity => sensitivity::draw(state, pen, area),
        Screen::Robustness => robustness::draw(state, pen, area),
        Screen::Why => why::draw(state, pen, area),
        Screen::Graph => graph::draw(state, pen, area),
        Screen::Compare => compare::draw(state, pen, area),
        Screen::WhatIf => what_if::draw(state, pen, area),
        Screen::Data => data::draw(state, pen, area),
    }
}

/// A head in the user's language.
fn head<const N: usize>(state: &State, names: [(&'static str, &'static str); N]) -> Vec<String> {
    names
        .iter()
        .map(|(en, zh)| state.lang.pick(en, zh).to_owned())
        .collect()
}

/// The rows of a list with their head: name first, then what the row is about.
pub(super) fn table(state: &State, list: List) -> Table {
    match list {
        List::Weights | List::Places => rank::table(state, list),
        List::Spots => tradeoff::table(state),
        List::Bars | List::Ranges => sensitivity::table(state, list),
        List::Chances => robustness::table(state),
        List::Tree => why::table(state),
        List::Nodes => graph::table(state),
        List::Rows => compare::table(state),
        List::Knobs | List::Ranks => what_if::table(state, list),
        List::Cells | List::Facts | List::Problems => data::table(state, list),
        List::Palette | List::Help => (Vec::new(), Vec::new()),
    }
}

/// The term under the cursor and what to know about it.
pub(super) fn term(state: &State) -> (String, Vec<String>) {
    let lang = state.lang;
    let own = |text: &str| text.to_owned();
    // A row that is longer than the screen is read here.
    match state.list() {
        List::Problems if state.len(List::Problems) > 0 => {
            let title = lang.pick("Problems and what to find out", "问题与待弄清事项");
            return (
                own(title),
                vec![data::problem(state, state.cursor(List::Problems))],
            );
        }
        List::Facts => {
            if let Some(fact) = data::fact(state) {
                return fact;
            }
        }
        _ => {}
    }
    let criterion = match state.list() {
        List::Weights | List::Places => Some(state.cursor(List::Weights)),
        List::Ranges => state
            .views
            .ranges
            .get(state.cursor(List::Ranges))
            .map(|r| r.criterion),
        List::Cells => Some(state.column),
        List::Rows => {
            let id = state
                .views
                .compare
                .as_ref()
                .and_then(|c| c.criteria.get(state.cursor(List::Rows)))
                .map(|r| r.criterion.clone());
            state
                .views
                .board
                .criteria
                .iter()
                .position(|c| Some(&c.id) == id.as_ref())
        }
        _ => None,
    };
    if let Some(c) = criterion.and_then(|k| state.views.board.criteria.get(k)) {
        let colon = lang.pick(": ", "：");
        let mut lines = vec![
            format!("{} ({})", c.title, c.id),
            format!("{}{colon}{}", lang.pick("swing", "摆幅"), c.swing),
        ];
        lines.extend(
            c.worth
                .as_ref()
                .map(|w| format!("{} {w}", lang.pick("0.01 of score =", "得分 0.01 ="))),
        );
        lines.extend(
            c.background
                .iter()
                .map(|(name, text)| format!("{name}{colon}{text}")),
        );
        return (c.title.clone(), lines);
    }
    let text = match state.screen {
        Screen::Sensitivity => lang.pick(
            "Tornado: how far each input moves the lead of the first over the second when it goes from its 5 % to its 95 % quantile, or over its range, all else equal. Break-even: the value at which another candidate becomes first.",
            "龙卷风图：其他不变时，各输入从 5 % 分位到 95 % 分位（或其范围两端）使领先幅度变化多少。盈亏平衡点：使另一候选居首的取值。",
        ),
        Screen::Robustness => lang.pick(
            "Rank acceptability (SMAA-2): the share of samples of weights and inputs in which a candidate takes a rank. Central weights: the mean of the weights with which it wins. A candidate without any never wins.",
            "名次可接受度（SMAA-2）：在权重与输入的样本中，某候选取得某名次的比例。中心权重：其获胜时权重的均值；没有者从不获胜。",
        ),
        Screen::Tradeoff => lang.pick(
            "Pareto front: the candidates that nobody beats on one of the two criteria without losing on the other. Exchange: what a step along the front gains on one and costs on the other, and the gain for one unit of the cost. On all criteria: efficient where nobody is at least as good everywhere, whatever is uncertain; perhaps beaten where that depends on what is uncertain.",
            "帕累托前沿：在两项准则上，无人能胜其一而不负其二的候选。交换：沿前沿移动一步，在一项上所得与另一项上所失，以及每单位所失换得多少。全部准则：无论不确定性如何都无人处处不逊者为有效；取决于不确定性者为可能被支配。",
        ),
        Screen::Data => lang.pick(
            "Worth: the score that is gained on average by finding an unknown out before choosing, with its standard error; and how often that leads to another choice (value of information). A missing fact is taken to lie anywhere between the anchors. M measured here, R from a registry, P published by others, J judged with a range.",
            "价值：选择前弄清某未知平均增加的得分及其标准误，以及由此改变选择的频率（信息价值）。缺失的事实视为均匀落在锚点之间。M 本机实测，R 来自登记库，P 他人发表，J 附区间的判断。",
        ),
        Screen::Why => lang.pick("Contribution: share times value. Value: the measure between its worst (0) and best (1) anchor.", "贡献：份额乘以价值。价值：度量在最差（0）与最优（1）锚点之间的位置。"),
        Screen::Graph => lang.pick("Decision graph: facts and inputs left, formulas, gates and criteria right of what they rest on. The walk of a candidate is what its outcome rests on.", "决策图：左为事实与输入，公式、关卡与准则位于其依据的右侧。某候选的路径即其结果所依据的一切。"),
        _ => lang.pick("Scenario: a named set of input values. Regret: how far a candidate falls behind the best in a scenario.", "情景：一组命名的输入取值。后悔值：某候选在情景中落后于最优者的幅度。"),
    };
    (own(state.screen.tab(lang)), vec![own(text)])
}

/// Two panes side by side, or only the one that has the keys where there is no room.
fn split(state: &State, area: Rect, left: u16) -> [Option<Rect>; 2] {
    if state.is_narrow() {
        return if state.pane() == 0 {
            [Some(area), None]
        } else {
            [None, Some(area)]
        };
    }
    let left = left.min(area.width);
    [
        Some(Rect {
            width: left,
            ..area
        }),
        Some(Rect {
            x: area.x + left,
            width: area.width - left,
            ..area
        }),
    ]
}

/// The first row that is shown, so that the cursor is in sight whatever the height.
fn scroll(cursor: usize, len: usize, height: u16) -> usize {
    let height = usize::from(height);
    cursor
        .saturating_sub(height / 2)
        .min(len.saturating_sub(height))
}

/// Draws the rows of a list with its cursor; `line` writes one.
fn rows(
    state: &State,
    pen: &mut Pen<'_>,
    area: Rect,
    list: List,
    mut line: impl FnMut(&mut Pen<'_>, usize, u16),
) {
    let (len, cursor) = (state.len(list), state.cursor(list));
    let first = scroll(cursor, len, area.height);
    for y in 0..area.height {
        let at = first + usize::from(y);
        if at >= len {
            break;
        }
        // Below what the row itself offers to the mouse, such as its slider.
        pen.hit(
            Rect {
                y: area.y + y,
                height: 1,
                ..area
            },
            Target::Row(list, at),
        );
        line(pen, at, y);
        if at == cursor {
            let style = if state.list() == list {
                state.look.cursor()
            } else {
                state.look.strong()
            };
            let own = Rect {
                width: area.width.min(1),
                ..area
            };
            pen.put(own, 0, y, ">", style);
            if state.list() == list {
                pen.mark(
                    Rect {
                        width: area.width.min(mark_width(list)),
                        ..area
                    },
                    y,
                    state.look.strong(),
                );
            }
        }
    }
}

/// How much of a row is bold under the cursor: bars keep their look.
fn mark_width(list: List) -> u16 {
    if list == List::Places { 24 } else { u16::MAX }
}

/// A line about why a pane is empty.
fn note(pen: &mut Pen<'_>, area: Rect, text: &str) {
    for (y, line) in super::widget::wrap(text, usize::from(area.width.saturating_sub(2)))
        .iter()
        .enumerate()
    {
        pen.put(
            area,
            1,
            u16::try_from(y).unwrap_or(u16::MAX),
            line,
            Style::new(),
        );
    }
}

/// A title in exactly these columns; of `who · what` the end stays, since it tells the rows apart.
fn called(title: &str, columns: usize, ascii: bool) -> String {
    let long = usize::from(width(title)) > columns;
    match title.rsplit_once(" · ").filter(|_| long) {
        Some((who, what)) => {
            let rest = format!(" · {what}");
            let room = columns.saturating_sub(usize::from(width(&rest)));
            pad(
                &if room < 3 {
                    title.to_owned()
                } else {
                    fit(who, room, ascii) + &rest
                },
                columns,
                ascii,
            )
        }
        None => pad(title, columns, ascii),
    }
}

/// Columns of a text in the terminal.
fn width(text: &str) -> u16 {
    u16::try_from(unicode_width::UnicodeWidthStr::width(text)).unwrap_or(u16::MAX)
}
