//! One frame: head, tabs, the screen, what happened last, the keys that matter now, overlays on top.

use ratatui::Frame;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use unicode_width::UnicodeWidthStr;

use super::action::Action;
use super::state::{List, Screen, State};
use super::widget::{Pen, Target, pad};
use super::{overlay, screen};

/// Least width and height of a screen.
const LEAST: (u16, u16) = (40, 10);

/// Paints a state.
pub fn draw(state: &mut State, frame: &mut Frame<'_>) {
    let area = frame.area();
    let hits = paint(state, frame.buffer_mut(), area);
    state.hits = hits;
}

fn paint(state: &State, buffer: &mut Buffer, area: Rect) -> Vec<super::widget::Hit> {
    let mut pen = Pen::new(buffer, state.look);
    if area.width < LEAST.0 || area.height < LEAST.1 {
        let (w, h) = (area.width, area.height);
        pen.put(
            area,
            0,
            0,
            &format!(
                "{} {}x{}, {} {w}x{h}",
                state.lang.pick("needs", "需要"),
                LEAST.0,
                LEAST.1,
                state.lang.pick("have", "现有")
            ),
            Style::new(),
        );
        return pen.hits;
    }
    head(state, &mut pen, area);
    tabs(state, &mut pen, area);
    let body = Rect {
        y: area.y + 2,
        height: area.height - 4,
        ..area
    };
    screen::draw(state, &mut pen, body);
    foot(state, &mut pen, area);
    overlay::draw(state, &mut pen, area);
    pen.hits
}

fn head(state: &State, pen: &mut Pen<'_>, area: Rect) {
    let lang = state.lang;
    let decision = &state.session.model().decision;
    let board = &state.views.board;
    let screened = board.out.iter().filter(|o| o.screened).count();
    let scenario = state
        .session
        .scenario()
        .unwrap_or(lang.pick("baseline", "基线"));
    let edited = if state.session.is_edited() {
        lang.pick(" (edited)", "（已改）")
    } else {
        ""
    };
    let ranked = match lang {
        crate::lang::Lang::En => format!(
            "{} ranked, {} screened, {} incomplete",
            board.places.len(),
            screened,
            board.out.len() - screened
        ),
        crate::lang::Lang::Zh => {
            format!(
                "{} 个有名次，{} 个被筛除，{} 个信息不全",
                board.places.len(),
                screened,
                board.out.len() - screened
            )
        }
    };
    let broken = if state.session.broken.is_some() {
        lang.pick("  FILES HAVE ERRORS (9)", "  文件有错误 (9)")
    } else {
        ""
    };
    let right = format!("{scenario}{edited}  {ranked}{broken} ");
    let room = usize::from(area.width).saturating_sub(right.width() + 2);
    let title = decision.title.get(lang);
    if room >= 12 {
        pen.put(
            area,
            1,
            0,
            &super::widget::fit(title, room, state.look.ascii),
            state.look.strong(),
        );
        let at = area
            .width
            .saturating_sub(u16::try_from(right.width()).unwrap_or(0));
        pen.put(
            area,
            at,
            0,
            &right,
            if broken.is_empty() {
                Style::new()
            } else {
                state.look.bad()
            },
        );
    } else {
        pen.put(area, 1, 0, title, state.look.strong());
    }
}

fn tabs(state: &State, pen: &mut Pen<'_>, area: Rect) {
    let room = usize::from(area.width);
    let wide = |name: fn(Screen, crate::lang::Lang) -> &'static str| {
        Screen::ALL
            .iter()
            .map(|s| name(*s, state.lang).width() + 4)
            .sum::<usize>()
    };
    let brief = wide(Screen::tab) > room;
    let bare = wide(Screen::brief_tab) > room;
    let mut x = 0;
    for (at, screen) in Screen::ALL.iter().copied().enumerate() {
        let active = screen == state.screen;
        let name = match (active, bare, brief) {
            (false, true, _) => String::new(),
            (true, true, _) | (_, _, false) => format!(" {}", screen.tab(state.lang)),
            _ => format!(" {}", screen.brief_tab(state.lang)),
        };
        let label = if active {
            format!("[{}{name}]", at + 1)
        } else {
            format!(" {}{name} ", at + 1)
        };
        let end = pen.put(
            area,
            x,
            1,
            &label,
            if active {
                state.look.strong()
            } else {
                Style::new()
            },
        );
        pen.hit(
            Rect {
                x: area.x + x,
                y: area.y + 1,
                width: end.saturating_sub(x),
                height: 1,
            },
            Target::Tab(screen),
        );
        x = end;
    }
}

fn foot(state: &State, pen: &mut Pen<'_>, area: Rect) {
    let lang = state.lang;
    let done = state
        .progress
        .as_ref()
        .map_or_else(String::new, |part| format!(" {part}"));
    let worker = match (state.is_waiting(), lang) {
        (false, _) => String::new(),
        (true, crate::lang::Lang::En) => format!("[working{done}] "),
        (true, crate::lang::Lang::Zh) => format!("[计算中{done}] "),
    };
    let width = usize::from(area.width);
    let room = width.saturating_sub(worker.width() + 2);
    let quiet = state.message.is_empty() && state.filter.is_empty();
    let mut message = if quiet {
        hint(state.screen, lang).to_owned()
    } else {
        state.message.clone()
    };
    if !state.filter.is_empty() {
        let (shown, all) = (
            state.len(state.list()),
            state.session.model().decision.candidates.len(),
        );
        let of = if state.list() == List::Knobs {
            String::new()
        } else {
            format!(" {} {all}", lang.pick("of", "/"))
        };
        message = format!("/{}: {shown}{of}  {message}", state.filter);
    }
    let style = if quiet {
        state.look.dim()
    } else {
        Style::new()
    };
    pen.put(
        area,
        1,
        area.height - 2,
        &pad(&message, room, state.look.ascii),
        style,
    );
    pen.put(
        area,
        area.width
            .saturating_sub(u16::try_from(worker.width()).unwrap_or(0)),
        area.height - 2,
        &worker,
        state.look.dim(),
    );
    pen.put(
        area,
        1,
        area.height - 1,
        &keys(state, width.saturating_sub(2)),
        state.look.dim(),
    );
}

/// Where the next question is answered, while nothing else is to be said.
fn hint(screen: Screen, lang: crate::lang::Lang) -> &'static str {
    match screen {
        Screen::Rank => lang.pick(
            "why this score: 5   what would turn it: 3   turn load and team: 8",
            "得分缘由：5   何以改变结果：3   调整负载与团队：8",
        ),
        Screen::Tradeoff => lang.pick(
            "what a step along the front exchanges stands below the list",
            "列表下方为沿前沿移动一步的交换",
        ),
        Screen::Sensitivity => lang.pick(
            "! turns the ranking; below: from which value who is first   F1 explains",
            "! 会改变排名；下方为自何值起谁居首   F1 解释",
        ),
        Screen::Robustness => lang.pick(
            "how sure the ranking is if weights and inputs are not   F1 explains",
            "权重与输入不确定时排名有多稳   F1 解释",
        ),
        Screen::Why => lang.pick(
            "every figure down to its source: enter opens, e edits the file",
            "每个数字直到来源：回车展开，e 编辑文件",
        ),
        Screen::Graph => lang.pick(
            "* and heavy lines: the walk   the node under the cursor rests on >, feeds <",
            "* 与粗线：路径   > 光标节点的依据   < 用到光标节点者",
        ),
        Screen::Compare => lang.pick(
            "what one is better at: # left, * right   [ ] and p pick the two",
            "各自优势：# 左，* 右   [ ] 与 p 选择两者",
        ),
        Screen::WhatIf => lang.pick(
            "turn a knob and look right; S keeps it as a scenario, P reports it",
            "调旋钮并看右侧；S 存为情景，P 写报告",
        ),
        Screen::Data => lang.pick(
            "F1 shows the whole row; enter on a fact opens its file, on `$` copies the command",
            "F1 显示整行；在事实上回车打开文件，在 `$` 上复制命令",
        ),
    }
}

/// The keys that matter now, as many as fit; help and quit always do.
fn keys(state: &State, width: usize) -> String {
    let screen = state.screen;
    let lang = state.lang;
    let key = |action: Action| {
        state
            .keymap
            .keys(action, screen)
            .split(' ')
            .next()
            .unwrap_or_default()
            .to_owned()
    };
    let said =
        |action: Action, en: &'static str, zh: &'static str| (key(action), lang.pick(en, zh));
    let pair = |a: Action, b: Action, en: &'static str, zh: &'static str| {
        (format!("{}/{}", key(a), key(b)), lang.pick(en, zh))
    };
    let mut all = match screen {
        Screen::Rank => vec![
            pair(Action::Left, Action::Right, "weight", "权重"),
            said(Action::Set, "set", "输入"),
            said(Action::Lock, "lock", "锁定"),
            said(Action::Enter, "why", "缘由"),
            said(Action::SaveScenario, "save", "保存"),
            said(Action::Report, "report", "报告"),
        ],
        Screen::Tradeoff => {
            vec![
                said(Action::AxisX, "right axis", "横轴"),
                said(Action::AxisY, "up axis", "纵轴"),
                said(Action::Enter, "why", "缘由"),
            ]
        }
        Screen::Sensitivity => vec![
            said(Action::Enter, "turn it", "调整"),
            said(Action::NextPane, "pane", "窗格"),
        ],
        Screen::Robustness => vec![
            said(Action::Widen, "widen", "扩大"),
            said(Action::Adopt, "adopt weights", "采用权重"),
        ],
        Screen::Why => vec![
            pair(
                Action::PreviousCandidate,
                Action::NextCandidate,
                "candidate",
                "候选",
            ),
            said(Action::Enter, "open", "展开"),
            said(Action::Expand, "all", "全部"),
            said(Action::Edit, "edit", "编辑"),
        ],
        Screen::Graph => vec![
            pair(
                Action::PreviousCandidate,
                Action::NextCandidate,
                "candidate",
                "候选",
            ),
            pair(Action::Left, Action::Right, "along edges", "沿边移动"),
        ],
        Screen::Compare => vec![
            pair(
                Action::PreviousCandidate,
                Action::NextCandidate,
                "candidate",
                "候选",
            ),
            said(Action::NextRival, "other one", "对手"),
            said(Action::Swap, "swap", "交换"),
        ],
        Screen::WhatIf => vec![
            pair(Action::Left, Action::Right, "turn", "调整"),
            said(Action::Set, "set", "输入"),
            said(Action::Reset, "reset", "复位"),
            said(Action::SaveScenario, "save scenario", "存为情景"),
            said(Action::Report, "report", "报告"),
        ],
        Screen::Data => vec![
            pair(Action::Left, Action::Right, "criterion", "准则"),
            said(Action::NextPane, "pane", "窗格"),
            said(Action::Edit, "edit", "编辑"),
        ],
    };
    // Where there is room for one pane, the way to the other one matters most.
    if state.is_narrow() && screen.lists().len() > 1 {
        all.retain(|(name, _)| *name != key(Action::NextPane));
        all.insert(0, said(Action::NextPane, "pane", "窗格"));
    }
    all.push(said(Action::Undo, "undo", "撤销"));
    all.push(said(Action::Palette, "command", "命令"));
    all.push(said(Action::Filter, "filter", "筛选"));
    let last = [
        said(Action::Help, "help", "帮助"),
        said(Action::Quit, "quit", "退出"),
    ]
    .map(|(k, w)| format!("{k} {w}"))
    .join("  ");
    let mut line = String::new();
    for (key, word) in all {
        let next = format!("{key} {word}  ");
        if !key.is_empty() && line.width() + next.width() + last.width() <= width {
            line += &next;
        }
    }
    line + &last
}

/// The value under the cursor.
pub(super) fn cell(state: &State) -> String {
    row_cells(state).into_iter().nth(1).unwrap_or_default()
}

/// The row under the cursor as Markdown.
pub(super) fn row(state: &State) -> String {
    format!(
        "| {} |",
        row_cells(state)
            .iter()
            .map(|c| c.replace('|', "\\|"))
            .collect::<Vec<_>>()
            .join(" | ")
    )
}

fn row_cells(state: &State) -> Vec<String> {
    let list = state.list();
    let rows = screen::table(state, list);
    rows.1.get(state.cursor(list)).cloned().unwrap_or_default()
}

/// The list of the present pane as Markdown or JSON.
#[must_use]
pub(super) fn export(state: &State, json: bool) -> String {
    let (head, rows) = screen::table(state, state.list());
    if json {
        let object = |row: &Vec<String>| {
            head.iter()
                .cloned()
                .zip(row.iter().map(|c| serde_json::Value::from(c.as_str())))
                .collect::<serde_json::Map<_, _>>()
        };
        let rows: Vec<_> = rows.iter().map(object).collect();
        let whole = serde_json::json!({
            "decision": state.session.model().decision.id, "view": state.screen.action().name(), "settings": state.session.settings(), "rows": rows,
        });
        return serde_json::to_string_pretty(&whole).expect("texts are plain data") + "\n";
    }
    let line = |cells: &[String]| {
        format!(
            "| {} |\n",
            cells
                .iter()
                .map(|c| c.replace('|', "\\|").replace('\n', " "))
                .collect::<Vec<_>>()
                .join(" | ")
        )
    };
    let mut out = format!(
        "# {}: {}\n\n",
        state.session.model().decision.title.get(state.lang),
        state.screen.tab(state.lang)
    );
    out += &format!("`{}`\n\n", state.session.command("rank"));
    out += &line(&head);
    out += &format!("|{}\n", " --- |".repeat(head.len()));
    rows.iter().for_each(|row| out += &line(row));
    out
}
