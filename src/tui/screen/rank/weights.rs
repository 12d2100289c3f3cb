//! The weights as sliders, and what is known about the selected one.

use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::style::Style;
use ratatui::text::{Line, Span};

use crate::tr;
use crate::tui::screen::list::{ListTable, cell};
use crate::tui::state::{List, State};
use crate::tui::update::max_points;
use crate::tui::widget::{ClickTarget, Pen, fit, interval, pad, slider, width};
use crate::view::figure::percent;

/// Columns of a weight and its share.
const FIGURES: u16 = 10;
/// The most snapshots that are listed.
const MAX_SNAPSHOTS: usize = 2;
/// The most candidates that are named of a snapshot.
const MAX_NAMES: usize = 4;

pub(super) fn draw(state: &State, pen: &mut Pen<'_>, area: Rect) {
    let title = state
        .lang
        .pick("Weights (points, share)", "权重（点数，份额）");
    let inside = pen.frame(area, title, state.list() == List::Weights);
    let criteria = u16::try_from(state.views.board.criteria.len()).unwrap_or(u16::MAX);
    let about = if inside.height > 14 { 7 } else { 0 };
    let snapshots = if inside.height > criteria.saturating_add(about + 5) {
        4
    } else {
        0
    };
    // A line apart from the list.
    let gap = u16::from(about > 0);
    let list_height = criteria.min(inside.height.saturating_sub(about + gap + snapshots));
    let [list, _, details, _, bottom] = Layout::vertical([
        Constraint::Length(list_height),
        Constraint::Length(gap),
        Constraint::Length(about),
        Constraint::Fill(1),
        Constraint::Length(snapshots),
    ])
    .areas(inside);
    draw_sliders(state, pen, list);
    if about > 0 {
        let lines = describe_weight(state, usize::from(inside.width).saturating_sub(8));
        pen.put_lines(details, &lines, Style::new());
    }
    if snapshots > 0 {
        draw_snapshots(state, pen, bottom);
    }
}

fn draw_sliders(state: &State, pen: &mut Pen<'_>, area: Rect) {
    let look = state.look;
    let board = &state.views.board;
    let knobs = state.session.knobs();
    let most = max_points(state);
    let bar = if area.width >= 38 { 10 } else { 8 };
    let columns = [
        Constraint::Length(1),
        Constraint::Fill(1),
        Constraint::Length(bar + FIGURES),
    ];
    ListTable::new(List::Weights, columns)
        .bar_in_last_column()
        .draw(state, pen, area, |pen, k, areas| {
            let criterion = &board.criteria[k];
            let points = knobs.points[k];
            // The brackets of the slider are not clickable.
            let track = Rect {
                x: areas[2].x.saturating_add(1),
                width: bar - 2,
                ..areas[2]
            };
            pen.hit(
                track.intersection(areas[2]),
                ClickTarget::Slider(List::Weights, k),
            );
            let lock = if knobs.locked[k].is_some() { "*" } else { " " };
            let figures = format!(
                "{:>4}{lock}{:>5}",
                format_points(points),
                criterion.percent.replace(' ', "")
            );
            let slider = slider(points, 0.0, most, bar.into(), look.ascii);
            vec![
                cell(criterion.letter, look.hue(k).patch(look.strong())),
                Line::raw(fit(&criterion.title, areas[1].width.into(), look.ascii)),
                Line::from(vec![Span::styled(slider, look.hue(k)), Span::raw(figures)]),
            ]
        });
}

/// What is known about the selected weight; `columns` is the width of the picture of its range.
fn describe_weight(state: &State, columns: usize) -> Vec<String> {
    let lang = state.lang;
    let board = &state.views.board;
    let at = state.cursor(List::Weights);
    let Some(criterion) = board.criteria.get(at) else {
        return Vec::new();
    };
    let sum = format_points(state.session.knobs().points.iter().sum());
    let mut lines = vec![
        format!("{} {sum}", lang.pick("sum of points", "点数合计")),
        format!("{}: {}", criterion.letter, criterion.swing),
    ];
    if let Some(worth) = &criterion.worth {
        lines.push(format!(
            "{} {worth}",
            lang.pick("0.01 of score =", "得分 0.01 =")
        ));
    }
    if let Some(range) = state.views.ranges.iter().find(|r| r.criterion == at) {
        let first = board.places.first().map_or("", |place| place.name.as_str());
        let (low, high) = range.keeps;
        let keeps = format!("{}..{}", percent(low), percent(high));
        let keeps = tr!("keeps {first} #1 at {keeps}", "{first} 在 {keeps} 时居首");
        lines.push(keeps.get(lang).to_owned());
        lines.push(format!(
            "0|{}|100",
            interval(low, high, range.share, columns)
        ));
        let below = range.below.as_deref().unwrap_or("-");
        let above = range.above.as_deref().unwrap_or("-");
        let others = tr!(
            "below: {below}   above: {above}",
            "低于：{below}   高于：{above}"
        );
        lines.push(others.get(lang).to_owned());
    }
    lines
}

/// The newest snapshots, and how much evidence of each kind the decision rests on.
fn draw_snapshots(state: &State, pen: &mut Pen<'_>, area: Rect) {
    let (lang, look) = (state.lang, state.look);
    let room = usize::from(area.width);
    pen.put(area, 0, 0, lang.pick("Snapshots", "快照"), look.strong());
    let candidates = &state.session.model().decision.candidates;
    let newest = state.session.snapshots.iter().rev().take(MAX_SNAPSHOTS);
    for (snapshot, y) in newest.zip(1..) {
        let name = match snapshot.name.as_str() {
            "baseline" => lang.pick("baseline", "基线"),
            name => name,
        };
        let order: Vec<&str> = snapshot
            .order
            .iter()
            .take(MAX_NAMES)
            .filter_map(|id| candidates.iter().find(|candidate| candidate.id == *id))
            .map(|candidate| candidate.name.get(lang))
            .collect();
        let line = format!(" {} {}", pad(name, 9, look.ascii), order.join(" > "));
        pen.put(area, 0, y, &fit(&line, room, look.ascii), Style::new());
    }
    let counts = &state.views.counts;
    let letters = format!(
        "M {} R {} P {} J {} ? {} ! {}",
        counts.measured,
        counts.registry,
        counts.published,
        counts.judged,
        counts.missing,
        counts.stale
    );
    let named = format!("{} {letters}", lang.pick("evidence", "证据"));
    let line = if width(&named) <= area.width {
        named
    } else {
        letters
    };
    pen.put(area, 0, 3, &fit(&line, room, look.ascii), look.dim());
}

/// Points in at most four columns: adopted weights are seldom whole numbers.
fn format_points(points: f64) -> String {
    if points.fract() == 0.0 {
        points.to_string()
    } else {
        format!("{points:.1}")
    }
}
