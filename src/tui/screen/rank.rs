//! 1 Rank: weight sliders left; right the scores as stacked bars, and below them where the lead comes from.

mod lead;
mod ranking;
mod weights;

use ratatui::layout::{Constraint, Layout, Rect};

use super::{ExportTable, export_header, side_by_side};
use crate::tui::state::{List, State};
use crate::tui::widget::Pen;

/// The least height of a narrow screen that shows both panes, one above the other.
const MIN_STACKED_HEIGHT: u16 = 12;
/// The most contributions that the lower right pane has space for.
const MAX_CONTRIBUTIONS: u16 = 8;

pub(super) fn draw(state: &State, pen: &mut Pen<'_>, area: Rect) {
    let criteria = u16::try_from(state.views.board.criteria.len()).unwrap_or(u16::MAX);
    // A narrow terminal that is high enough has the weights above the ranking, so that one sees at once what a weight does.
    if state.is_narrow() && area.height >= MIN_STACKED_HEIGHT {
        let height = criteria.saturating_add(2).min(area.height / 2);
        let [top, bottom] =
            Layout::vertical([Constraint::Length(height), Constraint::Fill(1)]).areas(area);
        weights::draw(state, pen, top);
        ranking::draw(state, pen, bottom);
        return;
    }
    let left = if area.width >= 110 {
        48
    } else {
        (area.width * 9 / 20).min(42)
    };
    let [left, right] = side_by_side(state, area, left);
    if let Some(area) = left {
        weights::draw(state, pen, area);
    }
    if let Some(area) = right {
        let below = if area.height >= 16 {
            (criteria.min(MAX_CONTRIBUTIONS) + 2).min(area.height / 2)
        } else {
            0
        };
        let [top, bottom] =
            Layout::vertical([Constraint::Fill(1), Constraint::Length(below)]).areas(area);
        ranking::draw(state, pen, top);
        if below > 0 {
            lead::draw(state, pen, bottom);
        }
    }
}

fn export_weights(state: &State) -> ExportTable {
    let header = [
        ("criterion", "准则"),
        ("points", "点数"),
        ("share", "份额"),
        ("swing", "摆幅"),
    ];
    let criteria = state.views.board.criteria.iter();
    let rows = criteria
        .zip(&state.session.knobs().points)
        .map(|(criterion, points)| {
            vec![
                criterion.title.clone(),
                points.to_string(),
                criterion.percent.clone(),
                criterion.swing.clone(),
            ]
        });
    ExportTable {
        header: export_header(state, header),
        rows: rows.collect(),
    }
}

fn export_ranking(state: &State) -> ExportTable {
    let header = [("candidate", "候选"), ("score", "得分"), ("rank", "名次")];
    let places = &state.views.board.places;
    let row = |candidate: &usize| match places.iter().find(|p| p.candidate == *candidate) {
        Some(place) => vec![
            place.name.clone(),
            place.total.clone(),
            place.rank.to_string(),
        ],
        None => vec![
            state.candidate_name(*candidate).to_owned(),
            "?".to_owned(),
            String::new(),
        ],
    };
    ExportTable {
        header: export_header(state, header),
        rows: state.shown_places().iter().map(row).collect(),
    }
}

pub(super) fn export(state: &State, list: List) -> ExportTable {
    if list == List::Weights {
        export_weights(state)
    } else {
        export_ranking(state)
    }
}
