//! What lies on top of a screen: help, palette, glossary, a line to type, questions.

use ratatui::layout::Rect;
use ratatui::style::Style;

use super::action::Action;
use super::state::{List, Overlay, Purpose, State};
use super::widget::{Pen, fit, pad};
use crate::lang::Lang;

pub(super) fn draw(state: &State, pen: &mut Pen<'_>, area: Rect) {
    for overlay in &state.overlays {
        match overlay {
            Overlay::Help => help(state, pen, area),
            Overlay::Palette(input) => palette(state, input, pen, area),
            Overlay::Glossary { title, lines } => {
                let inside = sheet(pen, area, 72, lines.len() + 2, title);
                let first = state
                    .cursor(List::Help)
                    .min(lines.len().saturating_sub(usize::from(inside.height)));
                for (y, line) in lines
                    .iter()
                    .skip(first)
                    .take(usize::from(inside.height))
                    .enumerate()
                {
                    pen.put(inside, 1, row(y), line, Style::new());
                }
            }
            Overlay::Prompt(purpose, input) => prompt(state, purpose, input, pen, area),
            Overlay::Leave => {
                let lang = state.lang;
                let title = lang.pick("Unsaved changes", "有未保存的改动");
                let inside = sheet(pen, area, 56, 5, title);
                pen.put(
                    inside,
                    1,
                    0,
                    lang.pick(
                        "The weights or values are in no file yet.",
                        "权重或数值尚未写入任何文件。",
                    ),
                    Style::new(),
                );
                pen.put(
                    inside,
                    1,
                    2,
                    lang.pick(
                        "y leave without them   s save a scenario   esc stay",
                        "y 放弃并退出   s 存为情景   esc 留下",
                    ),
                    state.look.strong(),
                );
            }
            Overlay::Recover(_) => {
                let lang = state.lang;
                let inside = sheet(
                    pen,
                    area,
                    60,
                    5,
                    lang.pick("Unsaved work was kept", "保留了未保存的工作"),
                );
                pen.put(
                    inside,
                    1,
                    0,
                    lang.pick(
                        "The last session ended before its changes were saved.",
                        "上次会话在保存改动之前结束。",
                    ),
                    Style::new(),
                );
                pen.put(
                    inside,
                    1,
                    2,
                    lang.pick(
                        "y take it up again   n drop it   esc later",
                        "y 恢复   n 丢弃   esc 稍后",
                    ),
                    state.look.strong(),
                );
            }
        }
    }
}

fn row(y: usize) -> u16 {
    u16::try_from(y).unwrap_or(u16::MAX)
}

/// An empty box in the middle; gives its inside.
fn sheet(pen: &mut Pen<'_>, area: Rect, width: u16, lines: usize, title: &str) -> Rect {
    let width = width.min(area.width);
    let height = row(lines + 2).min(area.height);
    let area = Rect {
        x: area.x + (area.width - width) / 2,
        y: area.y + (area.height - height) / 2,
        width,
        height,
    };
    pen.clear(area);
    pen.frame(area, title, true)
}

fn help(state: &State, pen: &mut Pen<'_>, area: Rect) {
    let actions = state.keymap.here(state.screen);
    let title = format!(
        "{}{}",
        state.lang.pick("Keys of ", "按键："),
        state.screen.tab(state.lang)
    );
    let inside = sheet(pen, area, 78, actions.len(), &title);
    let at = state.cursor(List::Help);
    let height = usize::from(inside.height);
    let first = at
        .saturating_sub(height / 2)
        .min(actions.len().saturating_sub(height));
    for (y, action) in actions.iter().skip(first).take(height).enumerate() {
        line(state, *action, pen, inside, row(y), first + y == at);
    }
}

fn palette(state: &State, input: &tui_input::Input, pen: &mut Pen<'_>, area: Rect) {
    let commands = state.commands();
    let inside = sheet(
        pen,
        area,
        78,
        commands.len().max(3) + 1,
        state.lang.pick("Commands", "命令"),
    );
    typed(pen, inside, 0, ":", input);
    let at = state.cursor(List::Palette);
    let height = usize::from(inside.height).saturating_sub(1);
    let first = at
        .saturating_sub(height / 2)
        .min(commands.len().saturating_sub(height));
    for (y, action) in commands.iter().skip(first).take(height).enumerate() {
        line(state, *action, pen, inside, row(y + 1), first + y == at);
        pen.hit(
            Rect {
                y: inside.y + row(y + 1),
                height: 1,
                ..inside
            },
            super::widget::Target::Row(List::Palette, first + y),
        );
    }
}

/// A command with its keys and, where it cannot be used now, the reason.
fn line(state: &State, action: Action, pen: &mut Pen<'_>, area: Rect, y: u16, marked: bool) {
    let ascii = state.look.ascii;
    let why = action
        .unavailable(state)
        .map(|why| format!("  ({})", why.get(state.lang)))
        .unwrap_or_default();
    let style = if why.is_empty() {
        Style::new()
    } else {
        state.look.dim()
    };
    let keys = state.keymap.keys(action, state.screen);
    let about = format!("{}{why}", action.about(state.lang));
    let text = format!(
        " {} {} {about}",
        pad(&keys, 15, ascii),
        pad(action.name(), 18, ascii)
    );
    pen.row(
        area,
        y,
        &fit(&text, usize::from(area.width), ascii),
        if marked {
            style.patch(state.look.cursor())
        } else {
            style
        },
    );
}

fn typed(pen: &mut Pen<'_>, area: Rect, y: u16, lead: &str, input: &tui_input::Input) {
    let room = usize::from(area.width).saturating_sub(4);
    let skip = input.visual_scroll(room);
    let shown: String = input.value().chars().skip(skip).collect();
    let x = pen.put(area, 1, y, &format!("{lead}{shown}"), pen.look.strong());
    let at = 1 + 1 + row(input.visual_cursor().saturating_sub(skip));
    let under = input.value().chars().nth(input.cursor()).unwrap_or(' ');
    pen.put(
        area,
        at.min(x.max(2)),
        y,
        &under.to_string(),
        pen.look.cursor(),
    );
}

fn prompt(
    state: &State,
    purpose: &Purpose,
    input: &tui_input::Input,
    pen: &mut Pen<'_>,
    area: Rect,
) {
    let lang = state.lang;
    if *purpose == Purpose::Filter {
        let line = Rect {
            y: area.y + area.height.saturating_sub(2),
            height: 1.min(area.height),
            ..area
        };
        pen.clear(line);
        typed(pen, line, 0, "/", input);
        return;
    }
    let named = |input: &tui_input::Input| match input.value().trim() {
        "" => state.proposed(),
        name => name.to_owned(),
    };
    let (title, help) = match purpose {
        Purpose::Points(k) => {
            let own = state.views.board.criteria.get(*k);
            let title = format!(
                "{}{}",
                lang.pick("Points of ", "点数："),
                own.map_or("", |c| c.title.as_str())
            );
            (
                title,
                format!(
                    "0..{}  {}",
                    super::update::most(state),
                    own.map_or("", |c| c.swing.as_str())
                ),
            )
        }
        Purpose::Knob(name) => {
            let knob = state.views.knobs.iter().find(|k| k.name == *name);
            let range = knob.map_or_else(String::new, |k| match (lang, k.unit.as_str()) {
                (_, "") => format!("{} {}", lang.pick("now", "当前"), k.shown),
                (Lang::En, unit) => format!("in {unit}, now {}", k.shown),
                (Lang::Zh, unit) => format!("单位 {unit}，当前 {}", k.shown),
            });
            (
                knob.map_or_else(|| name.clone(), |k| k.title.clone()),
                range,
            )
        }
        Purpose::Filter => (String::new(), String::new()),
        Purpose::Scenario | Purpose::Report => {
            let (save, report) = (
                lang.pick("Save as scenario", "存为情景"),
                lang.pick("Save as scenario, then report it", "存为情景并写出报告"),
            );
            let title = if *purpose == Purpose::Report {
                report
            } else {
                save
            };
            (
                title.to_owned(),
                format!(
                    "{}/scenarios/{}.yaml",
                    state.session.folder().display(),
                    named(input)
                ),
            )
        }
        Purpose::Profile => (
            lang.pick("Save weights", "保存权重").to_owned(),
            format!(
                "{}/weights/{}.yaml",
                state.session.folder().display(),
                named(input)
            ),
        ),
    };
    let inside = sheet(pen, area, 66, 3, &title);
    typed(pen, inside, 0, ">", input);
    if input.value().is_empty()
        && matches!(
            purpose,
            Purpose::Scenario | Purpose::Report | Purpose::Profile
        )
    {
        let line = format!(
            "{}  {}",
            state.proposed(),
            lang.pick(
                "(enter takes this name, or type one)",
                "（回车采用此名，或另行输入）"
            )
        );
        pen.put(inside, 3, 0, &line, state.look.dim());
    }
    pen.put(
        inside,
        1,
        2,
        &fit(
            &help,
            usize::from(inside.width.saturating_sub(2)),
            state.look.ascii,
        ),
        state.look.dim(),
    );
}
