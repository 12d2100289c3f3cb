//! Prompts: a line that is being typed, and what is known about the value it stands for.

use ratatui::layout::Rect;
use tui_input::Input;

use super::open_dialog;
use crate::lang::Text;
use crate::tr;
use crate::tui::state::{PromptKind, State};
use crate::tui::update::max_points;
use crate::tui::widget::{Pen, width};

pub(super) fn draw(state: &State, kind: &PromptKind, input: &Input, pen: &mut Pen<'_>, area: Rect) {
    let lang = state.lang;
    if *kind == PromptKind::Filter {
        // In place of the status line, so that the list stays visible.
        let line = Rect {
            y: area.bottom().saturating_sub(2),
            height: area.height.min(1),
            ..area
        };
        pen.clear(line);
        draw_input(pen, line, "/", input);
        return;
    }
    let (title, help) = describe(state, kind, input);
    let inside = open_dialog(pen, area, 66, 3, title.get(lang));
    draw_input(pen, inside, ">", input);
    let takes_name = matches!(
        kind,
        PromptKind::Scenario | PromptKind::Report | PromptKind::Profile
    );
    if takes_name && input.value().is_empty() {
        let name = state.proposed_name();
        let text = tr!(
            "{name}  (press enter for this name, or type one)",
            "{name}  （按回车采用此名，或另行输入）"
        );
        pen.put(inside, 3, 0, text.get(lang), state.look.dim());
    }
    let last = Rect {
        y: inside.y.saturating_add(2),
        height: inside.height.saturating_sub(2),
        ..inside
    };
    pen.put_lines(last, [&help.get(lang).to_owned()], state.look.dim());
}

/// The title of a prompt, and information that helps to answer it.
fn describe(state: &State, kind: &PromptKind, input: &Input) -> (Text, Text) {
    let folder = state.session.folder();
    let file = |folder_name: &str| {
        let name = match input.value().trim() {
            "" => state.proposed_name(),
            name => name.to_owned(),
        };
        Text::name(format!("{}/{folder_name}/{name}.yaml", folder.display()))
    };
    match kind {
        PromptKind::Points(k) => {
            let criterion = state.views.board.criteria.get(*k);
            let (title, swing) = criterion.map_or(("", ""), |c| (&c.title, &c.swing));
            let most = max_points(state);
            (
                tr!("Points of {title}", "点数：{title}"),
                Text::name(format!("0..{most}  {swing}")),
            )
        }
        PromptKind::Knob(name) => {
            let Some(knob) = state.views.knobs.iter().find(|knob| knob.name == *name) else {
                return (Text::name(name), Text::default());
            };
            // The unit as it is typed.
            let (unit, now) = (&knob.unit, &knob.shown);
            let help = if unit.is_empty() {
                tr!("now {now}", "当前 {now}")
            } else {
                tr!("in {unit}, now {now}", "单位 {unit}，当前 {now}")
            };
            (Text::name(&knob.title), help)
        }
        PromptKind::Filter => (Text::default(), Text::default()),
        PromptKind::Scenario => (tr!("Save as scenario", "存为情景"), file("scenarios")),
        PromptKind::Report => (
            tr!(
                "Save as scenario, then write its report",
                "存为情景并写出报告"
            ),
            file("scenarios"),
        ),
        PromptKind::Profile => (tr!("Save weights", "保存权重"), file("weights")),
    }
}

/// Draws a line that is being typed, with its cursor.
pub(super) fn draw_input(pen: &mut Pen<'_>, area: Rect, sign: &str, input: &Input) {
    let look = pen.look;
    let room = usize::from(area.width).saturating_sub(4);
    let hidden = input.visual_scroll(room);
    let shown: String = input.value().chars().skip(hidden).collect();
    let end = pen.put(area, 1, 0, &format!("{sign}{shown}"), look.strong());
    let before = input.visual_cursor().saturating_sub(hidden);
    let cursor = u16::try_from(before)
        .unwrap_or(u16::MAX)
        .saturating_add(1 + width(sign));
    let under = input.value().chars().nth(input.cursor()).unwrap_or(' ');
    pen.put(
        area,
        cursor.min(end.max(2)),
        0,
        &under.to_string(),
        look.cursor(),
    );
}
