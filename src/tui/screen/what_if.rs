//! 8 What-if: inputs and team as sliders, and the rank of every candidate in each scenario.

mod inputs;
mod scenarios;

use ratatui::layout::Rect;

use super::{ExportTable, export_header, side_by_side};
use crate::tui::state::{List, State};
use crate::tui::widget::Pen;
use crate::view::explore::knob::Knob;

pub(super) fn draw(state: &State, pen: &mut Pen<'_>, area: Rect) {
    let [left, right] = side_by_side(state, area, area.width / 2);
    if let Some(area) = left {
        inputs::draw(state, pen, area);
    }
    if let Some(area) = right {
        scenarios::draw(state, pen, area);
    }
}

pub(super) fn export(state: &State, list: List) -> ExportTable {
    if list == List::Ranks {
        return scenarios::export(state);
    }
    let header = [("input", "输入"), ("value", "取值"), ("title", "名称")];
    let row = |knob: &Knob| vec![knob.name.clone(), knob.shown.clone(), knob.title.clone()];
    ExportTable {
        header: export_header(state, header),
        rows: state.views.knobs.iter().map(row).collect(),
    }
}
