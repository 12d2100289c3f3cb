//! 9 Data: the evidence matrix, the facts behind a cell, the problems of the files, and which unknowns to resolve next.

mod matrix;
mod problems;

use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::style::Style;
use ratatui::text::Line;

use super::list::ListTable;
use super::{ExportTable, export_header, note};
use crate::tui::state::{List, State};
use crate::tui::widget::{Pen, fit, pad};
use crate::view::explore::evidence;
pub(super) use problems::problem_line;

pub(super) fn draw(state: &State, pen: &mut Pen<'_>, area: Rect) {
    if state.is_narrow() {
        match state.list() {
            List::Facts => draw_facts(state, pen, area),
            List::Problems => problems::draw(state, pen, area),
            _ => matrix::draw(state, pen, area),
        }
        return;
    }
    let below = (area.height * 2 / 5 + 2).max(7);
    let third = below / 2;
    let [top, middle, bottom] = Layout::vertical([
        Constraint::Fill(1),
        Constraint::Length(below - third),
        Constraint::Length(third),
    ])
    .areas(area);
    matrix::draw(state, pen, top);
    draw_facts(state, pen, middle);
    problems::draw(state, pen, bottom);
}

fn format_place(place: Option<&(String, usize)>) -> String {
    place.map_or_else(String::new, |(file, line)| format!("{file}:{line}"))
}

fn draw_facts(state: &State, pen: &mut Pen<'_>, area: Rect) {
    let look = state.look;
    let criterion = state.views.matrix.criteria.get(state.selection.criterion);
    let criterion = criterion.map_or("", |(_, title)| title.as_str());
    let candidate = state.candidate_name(state.selection.candidate);
    let title = format!("{candidate} / {criterion}");
    let inside = pen.frame(area, &title, state.list() == List::Facts);
    let facts = &state.views.facts;
    if facts.is_empty() {
        let text = state.lang.pick(
            "rests on no fact of the candidate",
            "不依据该候选的任何事实",
        );
        note(pen, inside, text);
        return;
    }
    ListTable::new(List::Facts, [Constraint::Fill(1)]).draw(state, pen, inside, |_, at, areas| {
        let fact = &facts[at];
        let stale = if fact.stale { "!" } else { " " };
        // Place and source have no columns of their own: either may take what the other leaves.
        let line = format!(
            "{stale}{} {} {} {}  {}",
            fact.letter,
            pad(&fact.title, 22, look.ascii),
            pad(&fact.shown, 16, look.ascii),
            format_place(fact.place.as_ref()),
            fact.command.as_ref().unwrap_or(&fact.source)
        );
        let style = if fact.letter == '?' {
            look.bad()
        } else {
            Style::new()
        };
        let line = fit(&line, areas[0].width.into(), look.ascii);
        vec![Line::styled(line, style)]
    });
}

/// The title and everything known about the fact under the cursor.
pub(super) fn describe_fact(state: &State) -> Option<(String, Vec<String>)> {
    let fact = state.views.facts.get(state.cursor(List::Facts))?;
    let mut lines = vec![
        format!("{} {}", fact.letter, fact.shown),
        fact.source.clone(),
        format_place(fact.place.as_ref()),
    ];
    lines.extend(fact.command.as_ref().map(|command| format!("$ {command}")));
    lines.retain(|line| !line.trim().is_empty());
    Some((fact.title.clone(), lines))
}

pub(super) fn export(state: &State, list: List) -> ExportTable {
    match list {
        List::Facts => export_facts(state),
        List::Problems => problems::export(state),
        _ => matrix::export(state),
    }
}

fn export_facts(state: &State) -> ExportTable {
    let header = [
        ("fact", "事实"),
        ("value", "值"),
        ("kind", "类别"),
        ("source", "来源"),
    ];
    let row = |fact: &evidence::FactLine| {
        vec![
            fact.input.clone(),
            fact.shown.clone(),
            fact.letter.to_string(),
            fact.source.clone(),
        ]
    };
    ExportTable {
        header: export_header(state, header),
        rows: state.views.facts.iter().map(row).collect(),
    }
}
