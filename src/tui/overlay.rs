//! What covers a screen: help, palette, glossary, prompts and questions.

mod prompt;

use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::style::Style;
use ratatui::text::Line;
use ratatui::widgets::{Row, Table, TableState};
use tui_input::Input;

use super::action::Action;
use super::screen::list::{draw_scrollbar, first_visible_row};
use super::state::{List, Overlay, State};
use super::widget::{ClickTarget, Pen, fit};
use crate::tr;

/// Columns of the keys and of the name of an action.
const KEYS: u16 = 15;
const NAME: u16 = 18;
/// The least number of lines of the palette.
const MIN_COMMANDS: usize = 3;

pub(super) fn draw(state: &State, pen: &mut Pen<'_>, area: Rect) {
    let lang = state.lang;
    for overlay in &state.overlays {
        match overlay {
            Overlay::Help => draw_help(state, pen, area),
            Overlay::Palette(input) => draw_palette(state, input, pen, area),
            Overlay::Glossary { title, lines } => {
                let inside = open_dialog(pen, area, 72, lines.len() + 2, title);
                let hidden = lines.len().saturating_sub(inside.height.into());
                let first = state.cursor(List::Help).min(hidden);
                pen.put_lines(inside, &lines[first..], Style::new());
                draw_scrollbar(pen, inside, lines.len(), first);
            }
            Overlay::Prompt(kind, input) => prompt::draw(state, kind, input, pen, area),
            Overlay::Leave => draw_question(
                pen,
                area,
                lang.pick("Unsaved changes", "有未保存的改动"),
                lang.pick(
                    "The changed weights or values are in no file yet.",
                    "改动的权重或数值尚未写入任何文件。",
                ),
                lang.pick(
                    "y discard and leave   s save a scenario   esc stay",
                    "y 放弃并退出   s 存为情景   esc 留下",
                ),
            ),
            Overlay::Recover(_) => draw_question(
                pen,
                area,
                lang.pick("Restore unsaved changes?", "恢复未保存的改动？"),
                lang.pick(
                    "The last session ended before its changes were saved.",
                    "上次会话在保存改动之前结束。",
                ),
                lang.pick(
                    "y restore   n discard   esc ask again next time",
                    "y 恢复   n 丢弃   esc 下次再问",
                ),
            ),
        }
    }
}

/// Draws an empty box in the middle and returns its inside.
fn open_dialog(pen: &mut Pen<'_>, area: Rect, width: u16, lines: usize, title: &str) -> Rect {
    let height = u16::try_from(lines).unwrap_or(u16::MAX).saturating_add(2);
    let area = area.centered(
        Constraint::Length(width.min(area.width)),
        Constraint::Length(height.min(area.height)),
    );
    pen.clear(area);
    pen.frame(area, title, true)
}

fn draw_question(pen: &mut Pen<'_>, area: Rect, title: &str, text: &str, keys: &str) {
    let strong = pen.look.strong();
    let inside = open_dialog(pen, area, 60, 5, title);
    pen.put(inside, 1, 0, text, Style::new());
    pen.put(inside, 1, 2, keys, strong);
}

fn draw_help(state: &State, pen: &mut Pen<'_>, area: Rect) {
    let actions = state.keymap.actions_of(state.screen);
    let screen = state.screen.tab(state.lang);
    let title = tr!("Keys of {screen}", "按键：{screen}");
    let inside = open_dialog(pen, area, 78, actions.len(), title.get(state.lang));
    draw_actions(state, pen, inside, List::Help, &actions);
}

fn draw_palette(state: &State, input: &Input, pen: &mut Pen<'_>, area: Rect) {
    let commands = state.commands();
    let title = state.lang.pick("Commands", "命令");
    let lines = commands.len().max(MIN_COMMANDS) + 1;
    let inside = open_dialog(pen, area, 78, lines, title);
    let [line, list] = Layout::vertical([Constraint::Length(1), Constraint::Fill(1)]).areas(inside);
    prompt::draw_input(pen, line, ":", input);
    draw_actions(state, pen, list, List::Palette, &commands);
}

/// Draws actions with their keys and, where one is not available now, the reason.
fn draw_actions(state: &State, pen: &mut Pen<'_>, area: Rect, list: List, actions: &[Action]) {
    let look = state.look;
    let cursor = state.cursor(list);
    let first = first_visible_row(cursor, actions.len(), area.height);
    let description = usize::from(area.width.saturating_sub(KEYS + NAME + 3));
    let mut rows = Vec::new();
    for ((at, &action), y) in actions
        .iter()
        .enumerate()
        .skip(first)
        .zip(area.top()..area.bottom())
    {
        let line = Rect {
            y,
            height: 1,
            ..area
        };
        if list == List::Palette {
            pen.hit(line, ClickTarget::Row(list, at));
        }
        let mut about = action.about(state.lang).to_owned();
        let mut style = Style::new();
        if let Some(why) = action.unavailable(state) {
            about += &format!("  ({})", why.get(state.lang));
            style = look.dim();
        }
        let keys = state.keymap.keys(action, state.screen);
        let cells = [
            format!(" {}", fit(&keys, KEYS.into(), look.ascii)),
            fit(action.name(), NAME.into(), look.ascii),
            fit(&about, description, look.ascii),
        ];
        rows.push(Row::new(cells.map(Line::raw)).style(style));
    }
    let columns = [
        Constraint::Length(KEYS + 1),
        Constraint::Length(NAME),
        Constraint::Fill(1),
    ];
    let table = Table::new(rows, columns)
        .column_spacing(1)
        .row_highlight_style(look.cursor());
    let selected = (!actions.is_empty()).then(|| cursor - first);
    pen.render_stateful(table, area, &mut TableState::new().with_selected(selected));
    draw_scrollbar(pen, area, actions.len(), first);
}
