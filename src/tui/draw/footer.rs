//! The two lines at the bottom: what happened last, and the keys that matter now.

use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::style::Style;

use crate::lang::Lang;
use crate::tr;
use crate::tui::action::Action;
use crate::tui::state::{List, Screen, State};
use crate::tui::widget::{Pen, pad, width};

/// Draws the last message, or a hint while there is none; right of it the progress of the worker.
pub(super) fn draw_status(state: &State, pen: &mut Pen<'_>, area: Rect) {
    let (lang, look) = (state.lang, state.look);
    let progress = describe_progress(state);
    let columns = [
        Constraint::Length(1),
        Constraint::Fill(1),
        Constraint::Length(width(&progress).saturating_add(1)),
    ];
    let [_, left, right] = Layout::horizontal(columns).areas(area);
    let is_quiet = state.message.is_empty() && state.filter.is_empty();
    let message = if is_quiet {
        hint(state.screen, lang).to_owned()
    } else if state.filter.is_empty() {
        state.message.clone()
    } else {
        format!("{}  {}", describe_filter(state), state.message)
    };
    let style = if is_quiet { look.dim() } else { Style::new() };
    pen.put(
        left,
        0,
        0,
        &pad(&message, left.width.into(), look.ascii),
        style,
    );
    pen.put(right, 0, 0, &progress, look.dim());
}

fn describe_progress(state: &State) -> String {
    if !state.is_waiting() {
        return String::new();
    }
    let progress = state.progress.as_ref();
    let progress = progress.map_or_else(String::new, |part| format!(" {part}"));
    let text = tr!("[working{progress}]", "[计算中{progress}]");
    text.get(state.lang).to_owned()
}

/// The filter, how many rows it leaves and of how many: `/go: 3 of 18`.
fn describe_filter(state: &State) -> String {
    let shown = state.len(state.list());
    let filter = &state.filter;
    if state.list() == List::Knobs {
        return format!("/{filter}: {shown}");
    }
    let all = state.session.model().decision.candidates.len();
    let text = tr!("/{filter}: {shown} of {all}", "/{filter}: {shown} / {all}");
    text.get(state.lang).to_owned()
}

/// Where the next question is answered.
fn hint(screen: Screen, lang: Lang) -> &'static str {
    match screen {
        Screen::Rank => lang.pick(
            "why this score: 5   what would change it: 3   load and team: 8",
            "得分缘由：5   何以改变结果：3   调整负载与团队：8",
        ),
        Screen::Tradeoff => lang.pick(
            "below the list: what one step along the front exchanges",
            "列表下方为沿前沿移动一步的交换",
        ),
        Screen::Sensitivity => lang.pick(
            "! changes who is first; below: from which value on who is first   F1 explains",
            "! 会改变第一名；下方为自何值起谁居首   F1 解释",
        ),
        Screen::Robustness => lang.pick(
            "how stable the ranking is when weights and inputs are uncertain   F1 explains",
            "权重与输入不确定时排名有多稳   F1 解释",
        ),
        Screen::Why => lang.pick(
            "every number traces back to its source: enter opens, e edits the file",
            "每个数字直到来源：回车展开，e 编辑文件",
        ),
        Screen::Graph => lang.pick(
            "* and heavy lines: used for this candidate   > feeds the selected node, < uses it",
            "* 与粗线：该候选用到   > 光标节点的依据   < 用到光标节点者",
        ),
        Screen::Compare => lang.pick(
            "who is better at what: # left, * right   [ ] and p pick the two",
            "各自优势：# 左，* 右   [ ] 与 p 选择两者",
        ),
        Screen::WhatIf => lang.pick(
            "change an input and look right; S saves a scenario, P writes its report",
            "调整输入并看右侧；S 存为情景，P 写报告",
        ),
        Screen::Data => lang.pick(
            "F1 shows the whole row; enter opens the file of a fact, or copies the command after `$`",
            "F1 显示整行；在事实上回车打开文件，在 `$` 上复制命令",
        ),
    }
}

/// A key, or two of a pair, and a word about it.
type KeyHint = (String, &'static str);

/// Draws the keys that matter now, as many as fit; help and quit always do.
pub(super) fn draw_keys(state: &State, pen: &mut Pen<'_>, area: Rect) {
    let join = |(key, word): &KeyHint| format!("{key} {word}");
    let last = [
        key_hint(state, Action::Help, "help", "帮助"),
        key_hint(state, Action::Quit, "quit", "退出"),
    ];
    let last = last.each_ref().map(join).join("  ");
    let room = area.width.saturating_sub(2);
    let mut line = String::new();
    for hint in key_hints(state) {
        let next = join(&hint) + "  ";
        if !hint.0.is_empty() && width(&line) + width(&next) + width(&last) <= room {
            line += &next;
        }
    }
    pen.put(area, 1, 0, &(line + &last), state.look.dim());
}

/// The first key of an action; empty if it has none.
fn first_key(state: &State, action: Action) -> String {
    let keys = state.keymap.keys(action, state.screen);
    keys.split(' ').next().unwrap_or_default().to_owned()
}

fn key_hint(state: &State, action: Action, en: &'static str, zh: &'static str) -> KeyHint {
    (first_key(state, action), state.lang.pick(en, zh))
}

fn key_hints(state: &State) -> Vec<KeyHint> {
    let one = |action, en, zh| key_hint(state, action, en, zh);
    let pair = |a, b, en, zh| {
        let keys = format!("{}/{}", first_key(state, a), first_key(state, b));
        (keys, state.lang.pick(en, zh))
    };
    let candidates = || {
        pair(
            Action::PreviousCandidate,
            Action::NextCandidate,
            "candidate",
            "候选",
        )
    };
    let mut hints = match state.screen {
        Screen::Rank => vec![
            pair(Action::Left, Action::Right, "weight", "权重"),
            one(Action::Set, "set", "输入"),
            one(Action::Lock, "lock", "锁定"),
            one(Action::Enter, "why", "缘由"),
            one(Action::SaveScenario, "save", "保存"),
            one(Action::Report, "report", "报告"),
        ],
        Screen::Tradeoff => vec![
            one(Action::AxisX, "right axis", "横轴"),
            one(Action::AxisY, "up axis", "纵轴"),
            one(Action::Enter, "why", "缘由"),
        ],
        Screen::Sensitivity => vec![
            one(Action::Enter, "change it", "调整"),
            one(Action::NextPane, "pane", "窗格"),
        ],
        Screen::Robustness => vec![
            one(Action::Widen, "widen", "扩大"),
            one(Action::Adopt, "adopt weights", "采用权重"),
        ],
        Screen::Why => vec![
            candidates(),
            one(Action::Enter, "open", "展开"),
            one(Action::Expand, "all", "全部"),
            one(Action::Edit, "edit", "编辑"),
        ],
        Screen::Graph => vec![
            candidates(),
            pair(Action::Left, Action::Right, "along edges", "沿边移动"),
        ],
        Screen::Compare => vec![
            candidates(),
            one(Action::NextRival, "opponent", "对手"),
            one(Action::Swap, "swap", "交换"),
        ],
        Screen::WhatIf => vec![
            pair(Action::Left, Action::Right, "change", "调整"),
            one(Action::Set, "set", "输入"),
            one(Action::Reset, "reset", "复位"),
            one(Action::SaveScenario, "save scenario", "存为情景"),
            one(Action::Report, "report", "报告"),
        ],
        Screen::Data => vec![
            pair(Action::Left, Action::Right, "criterion", "准则"),
            one(Action::NextPane, "pane", "窗格"),
            one(Action::Edit, "edit", "编辑"),
        ],
    };
    // If only one pane fits, the keys to reach the other ones matter most.
    if state.is_narrow() && state.screen.lists().len() > 1 {
        let pane = one(Action::NextPane, "pane", "窗格");
        hints.retain(|hint| *hint != pane);
        hints.insert(0, pane);
    }
    hints.extend([
        one(Action::Undo, "undo", "撤销"),
        one(Action::Palette, "command", "命令"),
        one(Action::Filter, "filter", "筛选"),
    ]);
    hints
}
