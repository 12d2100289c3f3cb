//! 3 Sensitivity: how far each input moves the lead and where another candidate wins; which weights keep the first candidate first.

mod tornado;

use ratatui::layout::{Constraint, Rect};
use ratatui::text::Line;

use super::list::{ListTable, cell};
use super::{ExportTable, export_header, note, side_by_side};
use crate::lang::Text;
use crate::tr;
use crate::tui::state::{List, State};
use crate::tui::widget::{Pen, fit, interval};
use crate::view::explore::sensitivity::{InputBar, WeightRange};
use crate::view::figure;

/// The most columns of the picture of a range of weights.
const MAX_INTERVAL: u16 = 30;
/// The most candidates that one input can bring to the top in one line.
const MAX_FLIPS: usize = 4;

pub(super) fn draw(state: &State, pen: &mut Pen<'_>, area: Rect) {
    let [left, right] = side_by_side(state, area, area.width * 3 / 5);
    if let Some(area) = left {
        tornado::draw(state, pen, area);
    }
    if let Some(area) = right {
        draw_ranges(state, pen, area);
    }
}

/// Who is first below, and from which values on others are: `Flask first; from 6,277 req/s Gin`.
pub(super) fn describe_flips(bar: &InputBar) -> Text {
    let first = &bar.from;
    let mut text = tr!("{first} first", "{first} 居首");
    for (at, who) in bar.flips.iter().take(MAX_FLIPS) {
        text.push(&tr!("; from {at} {who}", "；自 {at} 起 {who}"));
    }
    text
}

fn draw_ranges(state: &State, pen: &mut Pen<'_>, area: Rect) {
    let (lang, look) = (state.lang, state.look);
    let title = lang.pick("Weights that keep #1", "保持第一名的权重范围");
    let inside = pen.frame(area, title, state.list() == List::Ranges);
    let ranges = &state.views.ranges;
    if ranges.is_empty() {
        note(
            pen,
            inside,
            lang.pick("no candidate is ranked", "没有候选有名次"),
        );
        return;
    }
    let columns = [
        Constraint::Length(1),
        Constraint::Length(6),
        Constraint::Length(inside.width.saturating_sub(20).min(MAX_INTERVAL)),
        Constraint::Fill(1),
    ];
    ListTable::new(List::Ranges, columns).draw(state, pen, inside, |_, at, areas| {
        let range = &ranges[at];
        let criterion = &state.views.board.criteria[range.criterion];
        let (low, high) = range.keeps;
        let others: Vec<&str> = [&range.below, &range.above]
            .into_iter()
            .flatten()
            .map(String::as_str)
            .collect();
        let hue = look.hue(range.criterion).patch(look.strong());
        vec![
            cell(criterion.letter, hue),
            Line::raw(format!("{:>6}", criterion.percent.replace(' ', ""))),
            Line::raw(interval(low, high, range.share, areas[2].width.into())),
            Line::raw(fit(&others.join("|"), areas[3].width.into(), look.ascii)),
        ]
    });
}

pub(super) fn export(state: &State, list: List) -> ExportTable {
    if list == List::Ranges {
        export_ranges(state)
    } else {
        export_bars(state)
    }
}

fn export_ranges(state: &State) -> ExportTable {
    let header = [
        ("criterion", "准则"),
        ("keeps #1", "保持第一"),
        ("below", "以下"),
        ("above", "以上"),
    ];
    let row = |range: &WeightRange| {
        let criterion = state.views.board.criteria.get(range.criterion);
        let (low, high) = range.keeps;
        vec![
            criterion.map_or_else(String::new, |criterion| criterion.title.clone()),
            format!("{}..{}", figure::percent(low), figure::percent(high)),
            range.below.clone().unwrap_or_default(),
            range.above.clone().unwrap_or_default(),
        ]
    };
    ExportTable {
        header: export_header(state, header),
        rows: state.views.ranges.iter().map(row).collect(),
    }
}

fn export_bars(state: &State) -> ExportTable {
    let header = [
        ("input", "输入"),
        ("now", "当前"),
        ("low", "低端"),
        ("high", "高端"),
        ("another wins from", "自此他者居首"),
    ];
    let row = |bar: &&InputBar| {
        let flips = bar.flips.iter().map(|(at, who)| format!("{at}: {who}"));
        let flips: Vec<String> = flips.collect();
        vec![
            bar.input.clone(),
            bar.now.clone(),
            bar.ends[0].clone(),
            bar.ends[1].clone(),
            flips.join("; "),
        ]
    };
    ExportTable {
        header: export_header(state, header),
        rows: state.shown_bars().iter().map(row).collect(),
    }
}
