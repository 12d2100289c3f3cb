//! The screens, one file per tab. Each draws its panes from the state's views and exports its lists for copying and files.

mod compare;
mod data;
mod glossary;
mod graph;
pub(super) mod list;
mod rank;
mod robustness;
mod sensitivity;
mod tradeoff;
mod what_if;
mod why;

use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::style::Style;

use super::state::{List, Screen, State};
use super::widget::{Pen, fit, pad, width, wrap};
pub(super) use glossary::glossary_entry;

/// A list as text.
#[derive(Default)]
pub(super) struct ExportTable {
    pub header: Vec<String>,
    /// In each row the name first, then its values.
    pub rows: Vec<Vec<String>>,
}

/// Draws the screen of the active tab.
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

/// Returns a list as text.
pub(super) fn export_table(state: &State, list: List) -> ExportTable {
    match list {
        List::Weights | List::Places => rank::export(state, list),
        List::Spots => tradeoff::export(state),
        List::Bars | List::Ranges => sensitivity::export(state, list),
        List::Chances => robustness::export(state),
        List::Tree => why::export(state),
        List::Nodes => graph::export(state),
        List::Rows => compare::export(state),
        List::Knobs | List::Ranks => what_if::export(state, list),
        List::Cells | List::Facts | List::Problems => data::export(state, list),
        List::Palette | List::Help => ExportTable::default(),
    }
}

/// The header of an exported list in the language of the state.
fn export_header<const N: usize>(
    state: &State,
    names: [(&'static str, &'static str); N],
) -> Vec<String> {
    names
        .map(|(en, zh)| state.lang.pick(en, zh).to_owned())
        .into()
}

/// Splits an area into two panes side by side; if both do not fit, only the focused one is shown.
fn side_by_side(state: &State, area: Rect, left: u16) -> [Option<Rect>; 2] {
    if state.is_narrow() {
        return if state.pane() == 0 {
            [Some(area), None]
        } else {
            [None, Some(area)]
        };
    }
    let columns = [Constraint::Length(left), Constraint::Fill(1)];
    let panes: [Rect; 2] = Layout::horizontal(columns).areas(area);
    panes.map(Some)
}

/// Writes why a pane is empty.
fn note(pen: &mut Pen<'_>, area: Rect, text: &str) {
    let lines = wrap(text, usize::from(area.width.saturating_sub(2)));
    pen.put_lines(area, &lines, Style::new());
}

/// Pads or cuts a title to exactly these columns. Of `who · what` the end stays, since it tells the rows apart.
fn fit_title(title: &str, columns: usize, ascii: bool) -> String {
    let is_long = usize::from(width(title)) > columns;
    if let Some((who, what)) = title.rsplit_once(" · ").filter(|_| is_long) {
        let end = format!(" · {what}");
        let room = columns.saturating_sub(width(&end).into());
        if room >= 3 {
            return pad(&(fit(who, room, ascii) + &end), columns, ascii);
        }
    }
    pad(title, columns, ascii)
}
