//! 9 Data: evidence matrix, the facts below a cell, what stands against the files, what to find out next.

use ratatui::layout::Rect;
use ratatui::style::Style;

use super::{Table, head, note, rows, scroll};
use crate::lang::Lang;
use crate::tui::state::{List, State};
use crate::tui::widget::{Pen, fit, pad};

pub(super) fn draw(state: &State, pen: &mut Pen<'_>, area: Rect) {
    if state.is_narrow() {
        match state.list() {
            List::Facts => facts(state, pen, area),
            List::Problems => problems(state, pen, area),
            _ => matrix(state, pen, area),
        }
        return;
    }
    let low = (area.height * 2 / 5 + 2).max(7);
    let third = low / 2;
    matrix(
        state,
        pen,
        Rect {
            height: area.height - low,
            ..area
        },
    );
    facts(
        state,
        pen,
        Rect {
            y: area.y + area.height - low,
            height: low - third,
            ..area
        },
    );
    problems(
        state,
        pen,
        Rect {
            y: area.y + area.height - third,
            height: third,
            ..area
        },
    );
}

fn matrix(state: &State, pen: &mut Pen<'_>, area: Rect) {
    let lang = state.lang;
    let ascii = state.look.ascii;
    let m = &state.views.matrix;
    let title = lang.pick(
        "Evidence: M measured R registry P published J judged ? missing ! stale",
        "证据：M 实测 R 登记 P 发表 J 判断 ? 缺失 ! 过期",
    );
    let inside = pen.frame(area, title, state.list() == List::Cells);
    if m.rows.is_empty() || m.criteria.is_empty() {
        note(pen, inside, lang.pick("no candidate", "没有候选"));
        return;
    }
    let name = usize::from(inside.width / 6).clamp(8, 18);
    let cell = 19_usize;
    let fits = (usize::from(inside.width).saturating_sub(name + 2) / cell).max(1);
    let first = scroll(
        state.column,
        m.criteria.len(),
        u16::try_from(fits).unwrap_or(1),
    );
    for (i, (letter, title)) in m.criteria.iter().enumerate().skip(first).take(fits) {
        let x = u16::try_from(name + 2 + (i - first) * cell).unwrap_or(u16::MAX);
        let style = if i == state.column {
            state.look.strong()
        } else {
            state.look.dim()
        };
        pen.put(
            inside,
            x,
            0,
            &fit(&format!("{letter} {title}"), cell - 1, ascii),
            style,
        );
    }
    let list = Rect {
        y: inside.y + 1.min(inside.height),
        height: inside.height.saturating_sub(1),
        ..inside
    };
    let cursor = state.cursor(List::Cells);
    rows(state, pen, list, List::Cells, |pen, at, y| {
        let (_, candidate, cells) = &m.rows[at];
        pen.put(list, 1, y, &pad(candidate, name, ascii), Style::new());
        for (i, c) in cells.iter().enumerate().skip(first).take(fits) {
            let x = u16::try_from(name + 2 + (i - first) * cell).unwrap_or(u16::MAX);
            let stale = if c.stale { "!" } else { " " };
            let style = if c.letter == '?' {
                state.look.bad()
            } else {
                Style::new()
            };
            let here = at == cursor && i == state.column;
            let style = if here {
                style.patch(state.look.cursor())
            } else {
                style
            };
            let shown = if c.letter == '?' {
                format!("{stale}?")
            } else {
                format!("{stale}{} {}", c.letter, c.shown)
            };
            pen.put(list, x, y, &fit(&shown, cell - 1, ascii), style);
        }
    });
}

fn facts(state: &State, pen: &mut Pen<'_>, area: Rect) {
    let ascii = state.look.ascii;
    let title = state
        .views
        .matrix
        .criteria
        .get(state.column)
        .map_or("", |c| c.1.as_str());
    let inside = pen.frame(
        area,
        &format!("{} / {title}", state.name(state.candidate)),
        state.list() == List::Facts,
    );
    let all = &state.views.facts;
    if all.is_empty() {
        note(
            pen,
            inside,
            state.lang.pick(
                "rests on no fact of the candidate",
                "不依据该候选的任何事实",
            ),
        );
        return;
    }
    rows(state, pen, inside, List::Facts, |pen, at, y| {
        let f = &all[at];
        let place = f
            .place
            .as_ref()
            .map_or_else(String::new, |(file, line)| format!("{file}:{line}"));
        let stale = if f.stale { "!" } else { " " };
        let source = f.command.as_ref().unwrap_or(&f.source);
        let line = format!(
            "{stale}{} {} {} {}  {source}",
            f.letter,
            pad(&f.title, 22, ascii),
            pad(&f.shown, 16, ascii),
            place
        );
        pen.put(
            inside,
            1,
            y,
            &fit(&line, usize::from(inside.width.saturating_sub(2)), ascii),
            if f.letter == '?' {
                state.look.bad()
            } else {
                Style::new()
            },
        );
    });
}

fn problems(state: &State, pen: &mut Pen<'_>, area: Rect) {
    let lang = state.lang;
    let ascii = state.look.ascii;
    let v = &state.views;
    let title = format!(
        "{} {}{} {}",
        lang.pick("Problems", "问题"),
        v.problems.len(),
        lang.pick(", find out next", "，接下来弄清"),
        state.unknowns()
    );
    let inside = pen.frame(area, &title, state.list() == List::Problems);
    if v.problems.is_empty() && state.unknowns() == 0 {
        note(pen, inside, lang.pick("none", "无"));
        return;
    }
    rows(state, pen, inside, List::Problems, |pen, at, y| {
        let line = problem(state, at);
        let stale =
            at >= v.problems.len() && !state.information.is_fresh(state.session.generation());
        let style = if stale {
            state.look.dim()
        } else {
            Style::new()
        };
        pen.put(
            inside,
            1,
            y,
            &fit(&line, usize::from(inside.width.saturating_sub(2)), ascii),
            style,
        );
    });
}

/// A row of the problems, and below them of what to find out.
pub(super) fn problem(state: &State, at: usize) -> String {
    let Some(p) = state.views.problems.get(at) else {
        return unknown(state, at - state.views.problems.len());
    };
    let place = p.file.as_ref().map_or_else(String::new, |f| {
        format!("{f}:{}:{} ", p.line.unwrap_or(1), p.column.unwrap_or(1))
    });
    let hint = p
        .hint
        .as_ref()
        .map_or_else(String::new, |h| format!("; {h}"));
    let severity = match (p.severity, state.lang) {
        ("error", Lang::Zh) => "错误",
        ("warning", Lang::Zh) => "警告",
        (word, _) => word,
    };
    format!("{severity}[{}] {place}{}{hint}", p.code, p.message)
}

/// The facts of the row under the cursor, in full.
pub(super) fn fact(state: &State) -> Option<(String, Vec<String>)> {
    let f = state.views.facts.get(state.cursor(List::Facts))?;
    let mut lines = vec![format!("{} {}", f.letter, f.shown), f.source.clone()];
    lines.extend(
        f.place
            .as_ref()
            .map(|(file, line)| format!("{file}:{line}")),
    );
    lines.extend(f.command.as_ref().map(|command| format!("$ {command}")));
    lines.retain(|line| !line.trim().is_empty());
    Some((f.title.clone(), lines))
}

/// A row of what to find out: what it is worth in score, how often it changes the choice, and what to run.
fn unknown(state: &State, at: usize) -> String {
    let lang = state.lang;
    let how = |runs: bool, how: &str| {
        if runs {
            format!("$ {how}")
        } else {
            how.to_owned()
        }
    };
    let Some(found) = &state.information.value else {
        return state
            .views
            .commands
            .get(at)
            .map_or_else(String::new, |c| how(true, c));
    };
    let Some(u) = found.unknowns.get(at) else {
        return String::new();
    };
    let mark = if u.missing { "?" } else { "~" };
    match lang {
        crate::lang::Lang::En => format!(
            "{mark} {}: worth {}, changes the choice {}  {}",
            u.title,
            u.worth,
            u.chance,
            how(u.runs, &u.how)
        ),
        crate::lang::Lang::Zh => format!(
            "{mark} {}：价值 {}，改变选择 {}  {}",
            u.title,
            u.worth,
            u.chance,
            how(u.runs, &u.how)
        ),
    }
}

pub(super) fn table(state: &State, list: List) -> Table {
    let v = &state.views;
    match list {
        List::Facts => {
            let row = |f: &crate::view::explore::evidence::Line| {
                vec![
                    f.input.clone(),
                    f.shown.clone(),
                    f.letter.to_string(),
                    f.source.clone(),
                ]
            };
            (
                head(
                    state,
                    [
                        ("fact", "事实"),
                        ("value", "值"),
                        ("kind", "类别"),
                        ("source", "来源"),
                    ],
                ),
                v.facts.iter().map(row).collect(),
            )
        }
        List::Problems => {
            let problems = v.problems.iter().map(|p| {
                vec![
                    p.code.to_owned(),
                    p.message.clone(),
                    p.file.clone().unwrap_or_default(),
                ]
            });
            let commands = (0..state.unknowns())
                .map(|at| vec!["$".to_owned(), unknown(state, at), String::new()]);
            (
                head(
                    state,
                    [("code", "编号"), ("message", "内容"), ("file", "文件")],
                ),
                problems.chain(commands).collect(),
            )
        }
        _ => {
            let titles = std::iter::once(state.lang.pick("candidate", "候选").to_owned())
                .chain(v.matrix.criteria.iter().map(|c| c.1.clone()))
                .collect();
            let row =
                |(_, name, cells): &(usize, String, Vec<crate::view::explore::evidence::Cell>)| {
                    let cell = |c: &crate::view::explore::evidence::Cell| {
                        format!("{} {}", c.letter, c.shown)
                    };
                    std::iter::once(name.clone())
                        .chain(cells.iter().map(cell))
                        .collect()
                };
            (titles, v.matrix.rows.iter().map(row).collect())
        }
    }
}
