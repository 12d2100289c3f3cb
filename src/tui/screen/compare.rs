//! 7 Compare: two candidates criterion by criterion, where they would be equal, and how much 0.01 of score is in each criterion's unit.

use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::style::Style;
use ratatui::text::{Line, Span};

use super::list::{ListTable, cell};
use super::{ExportTable, note};
use crate::tr;
use crate::tui::state::{List, State};
use crate::tui::widget::{Pen, fit, width, wrap};
use crate::view::compare::{CompareView, RowView};
use crate::view::figure;

/// Columns of a difference: `+0.077`.
const DIFFERENCE: u16 = 6;

pub(super) fn draw(state: &State, pen: &mut Pen<'_>, area: Rect) {
    let lang = state.lang;
    let Some(view) = &state.views.compare else {
        let inside = pen.frame(area, lang.pick("Compare", "对比"), true);
        let text = lang.pick("There is only one candidate.", "只有一个候选。");
        note(pen, inside, text);
        return;
    };
    let [a, b] = &view.candidates;
    let score = |score: Option<f64>| score.map_or_else(|| "?".to_owned(), figure::score);
    let title = tr!(
        "{0} against {1}   {2} : {3}",
        "{0} 对 {1}   {2} : {3}",
        a.name,
        b.name,
        score(a.score),
        score(b.score)
    );
    let inside = pen.frame(area, title.get(lang), true);
    let below = if inside.height > 14 { 7 } else { 0 };
    let [list, below] =
        Layout::vertical([Constraint::Fill(1), Constraint::Length(below)]).areas(inside);
    draw_criteria(state, pen, list, view);
    let lines = describe_pair(state, view);
    let room = usize::from(below.width.saturating_sub(2));
    let lines: Vec<String> = lines.iter().flat_map(|line| wrap(line, room)).collect();
    pen.put_lines(below, &lines, Style::new());
}

fn draw_criteria(state: &State, pen: &mut Pen<'_>, area: Rect, view: &CompareView) {
    let look = state.look;
    let (name, value) = match area.width {
        76.. => (22, 15),
        48.. => (10, 10),
        _ => (8, 9),
    };
    let table = ListTable::new(
        List::Rows,
        [
            Constraint::Length(1),
            Constraint::Length(name),
            Constraint::Length(value),
            Constraint::Length(value),
            Constraint::Fill(1),
            Constraint::Length(DIFFERENCE + 1),
        ],
    );
    // Half of the picture: bars go left and right from an axis in the middle.
    let half = usize::from(table.column_areas(area)[4].width.saturating_sub(1) / 2);
    let [a, b] = &view.candidates;
    let header = vec![
        Line::default(),
        Line::default(),
        cell(fit(&a.name, value.into(), look.ascii), look.dim()),
        cell(fit(&b.name, value.into(), look.ascii), look.dim()),
        cell(axis_header(&a.name, &b.name, half), look.dim()),
        Line::default(),
    ];
    let differences = view.criteria.iter().filter_map(|row| row.difference);
    let largest = differences.fold(1e-9, |largest: f64, d| largest.max(d.abs()));
    let table = table.header(header);
    table.draw(state, pen, area, |_, at, _| {
        let row = &view.criteria[at];
        let criteria = &state.views.board.criteria;
        let k = criteria.iter().position(|c| c.id == row.criterion);
        let letter = k.map_or('?', |k| criteria[k].letter);
        let hue = look.hue(k.unwrap_or(0)).patch(look.strong());
        let [left, right] = [0, 1].map(|side: usize| &row.measures[side]);
        let bar = row.difference.filter(|_| half >= 2).map(|difference| {
            let length = (difference.abs() / largest * half as f64).round() as usize;
            let (left, right) = if difference > 0.0 {
                (length, 0)
            } else {
                (0, length)
            };
            Line::from(vec![
                Span::styled(format!("{:>half$}", "#".repeat(left)), look.good()),
                Span::styled("|", look.dim()),
                Span::styled("*".repeat(right), look.bad()),
            ])
        });
        let difference = row
            .difference
            .map_or_else(|| "?".to_owned(), figure::difference);
        vec![
            cell(letter, hue),
            Line::raw(fit(&row.title, name.into(), look.ascii)),
            Line::raw(fit(left, value.into(), look.ascii)),
            Line::raw(fit(right, value.into(), look.ascii)),
            bar.unwrap_or_default(),
            Line::raw(difference),
        ]
    });
}

/// Labels the sides of the axis: with both names if they fit.
fn axis_header(left: &str, right: &str, half: usize) -> String {
    if half < 2 {
        return String::new();
    }
    let (left, right) = (format!("{left} <-"), format!("-> {right}"));
    let has_names = [&left, &right]
        .iter()
        .all(|side| usize::from(width(side)) <= half);
    let (left, right) = if has_names {
        (left.as_str(), right.as_str())
    } else {
        ("<-", "->")
    };
    let space = half.saturating_sub(width(left).into());
    format!("{}{left} {right}", " ".repeat(space))
}

/// Why a candidate has no score, where the two would be equal, and how much 0.01 of score is in each criterion's unit.
fn describe_pair(state: &State, view: &CompareView) -> Vec<String> {
    let lang = state.lang;
    let [a, b] = &view.candidates;
    let reasons = view.candidates.iter().filter_map(|side| {
        let reason = side.reasons.first()?;
        Some(format!("{}: {reason}", side.name))
    });
    let mut lines: Vec<String> = reasons.collect();
    if let Some(row) = view.criteria.get(state.cursor(List::Rows))
        && let Some(value) = &row.equal_at
    {
        let equal = tr!(
            "{0} equals {1} with {2}: {value} (now {3})",
            "{2}：{0} 达到 {value} 即与 {1} 持平（现为 {3}）",
            b.name,
            a.name,
            row.title,
            row.measures[1]
        );
        lines.push(equal.get(lang).to_owned());
    }
    if !view.exchange.is_empty() {
        let rates = view.exchange.iter();
        let rates = rates.map(|rate| format!("{} {}", rate.title, rate.shown));
        let rates = rates.collect::<Vec<_>>().join(lang.pick(", ", "，"));
        let worth = tr!(
            "0.01 of score is worth: {rates}",
            "得分 0.01 相当于：{rates}"
        );
        lines.push(worth.get(lang).to_owned());
    }
    lines
}

pub(super) fn export(state: &State) -> ExportTable {
    let lang = state.lang;
    let Some(view) = &state.views.compare else {
        return ExportTable::default();
    };
    let [a, b] = &view.candidates;
    let row = |row: &RowView| {
        let difference = row.difference;
        vec![
            row.title.clone(),
            row.measures[0].clone(),
            row.measures[1].clone(),
            difference.map_or_else(|| figure::MISSING.to_owned(), figure::difference),
        ]
    };
    ExportTable {
        header: vec![
            lang.pick("criterion", "准则").to_owned(),
            a.name.clone(),
            b.name.clone(),
            lang.pick("difference", "差值").to_owned(),
        ],
        rows: view.criteria.iter().map(row).collect(),
    }
}
