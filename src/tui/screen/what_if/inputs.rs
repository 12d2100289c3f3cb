//! The inputs as sliders, and what is known about the selected one.

use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::style::Style;
use ratatui::text::Line;

use crate::tr;
use crate::tui::screen::list::ListTable;
use crate::tui::screen::sensitivity::describe_flips;
use crate::tui::screen::{fit_title, note};
use crate::tui::state::{List, State};
use crate::tui::widget::{ClickTarget, Pen, fit, slider};
use crate::view::explore::knob::Knob;

/// Columns of a slider.
const SLIDER: u16 = 8;
/// Columns of a value.
const VALUE: u16 = 13;
/// From this ratio between the ends of its range on, a slider is logarithmic.
const LOGARITHMIC_FROM: f64 = 50.0;

pub(super) fn draw(state: &State, pen: &mut Pen<'_>, area: Rect) {
    let lang = state.lang;
    let title = lang.pick("Inputs (* = changed)", "输入（* 已改）");
    let inside = pen.frame(area, title, state.list() == List::Knobs);
    if state.views.knobs.is_empty() {
        note(
            pen,
            inside,
            lang.pick("no input of that name", "没有该名称的输入"),
        );
        return;
    }
    // Which value changes who is first always has its line; name and range if they fit.
    let details = if inside.height >= 10 { 3 } else { 1 };
    let [list, _, details] = Layout::vertical([
        Constraint::Fill(1),
        Constraint::Length(1),
        Constraint::Length(details),
    ])
    .areas(inside);
    draw_sliders(state, pen, list);
    if let Some(knob) = state.views.knobs.get(state.cursor(List::Knobs)) {
        draw_details(state, pen, details, knob);
    }
}

fn is_logarithmic(knob: &Knob) -> bool {
    let (low, high) = knob.range;
    low > 0.0 && high / low > LOGARITHMIC_FROM
}

fn picture(knob: &Knob, ascii: bool) -> String {
    let (low, high) = knob.range;
    let columns = usize::from(SLIDER);
    if knob.flag {
        if knob.value == 0.0 { "[ ]" } else { "[x]" }.to_owned()
    } else if is_logarithmic(knob) {
        slider(knob.value.ln(), low.ln(), high.ln(), columns, ascii)
    } else {
        slider(knob.value, low, high, columns, ascii)
    }
}

fn draw_sliders(state: &State, pen: &mut Pen<'_>, area: Rect) {
    let ascii = state.look.ascii;
    let settings = &state.session.knobs().settings;
    let columns = [
        Constraint::Fill(1),
        Constraint::Length(SLIDER),
        Constraint::Length(VALUE),
    ];
    ListTable::new(List::Knobs, columns).draw(state, pen, area, |pen, at, areas| {
        let knob = &state.views.knobs[at];
        if !is_logarithmic(knob) && !knob.flag {
            // The brackets of the slider are not clickable.
            let track = Rect {
                x: areas[1].x + 1,
                width: SLIDER - 2,
                ..areas[1]
            };
            pen.hit(track, ClickTarget::Slider(List::Knobs, at));
        }
        let mark = if settings.contains_key(&knob.name) {
            "*"
        } else {
            " "
        };
        let name = usize::from(areas[0].width).saturating_sub(1);
        let title = fit_title(&knob.title, name, ascii);
        vec![
            Line::raw(format!("{mark}{title}")),
            Line::raw(picture(knob, ascii)),
            Line::raw(fit(&knob.shown, areas[2].width.into(), ascii)),
        ]
    });
}

fn draw_details(state: &State, pen: &mut Pen<'_>, area: Rect, knob: &Knob) {
    let (lang, look) = (state.lang, state.look);
    if let Some(found) = &state.answers.sensitivity.value {
        // After changing an input, the user wants to know at which value another candidate wins.
        let bar = found.bars.iter().find(|bar| bar.input == knob.name);
        let flips = bar.filter(|bar| !bar.flips.is_empty()).map_or_else(
            || {
                tr!(
                    "no value of it makes another first",
                    "其任何取值都不会使他者居首"
                )
            },
            describe_flips,
        );
        let is_fresh = state
            .answers
            .sensitivity
            .is_fresh(state.session.generation());
        let style = if is_fresh { Style::new() } else { look.dim() };
        pen.put_lines(area, [&flips.get(lang).to_owned()], style);
    }
    let written = |value: f64| state.session.model().format_value(&knob.name, value);
    let mut range = format_range(&written(knob.range.0), &written(knob.range.1));
    let is_changed = state.session.knobs().settings.contains_key(&knob.name);
    let declared = state.session.original(&knob.name).filter(|_| is_changed);
    if let Some(fact) = declared {
        let value = written(fact.value.point());
        let text = tr!("files: {value}  {range}", "文件：{value}  {range}");
        range = text.get(lang).to_owned();
    }
    let below = Rect {
        y: area.y.saturating_add(1),
        height: area.height.saturating_sub(1),
        ..area
    };
    pen.put_lines(below, [&knob.name, &range], look.dim());
}

/// A range with its unit once.
fn format_range(low: &str, high: &str) -> String {
    match (low.split_once(' '), high.split_once(' ')) {
        (Some((number, unit)), Some((_, same))) if unit == same => format!("{number}..{high}"),
        _ => format!("{low}..{high}"),
    }
}
