//! Where a lead comes from: the difference of each criterion's contribution.

use ratatui::layout::{Constraint, Rect};
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use ratatui::widgets::{Row, Table};

use crate::tr;
use crate::tui::screen::list::cell;
use crate::tui::state::State;
use crate::tui::widget::{Pen, fit, wrap};
use crate::view::explore::board::gap;

pub(super) fn draw(state: &State, pen: &mut Pen<'_>, area: Rect) {
    let lang = state.lang;
    let board = &state.views.board;
    let selected = state.selection.candidate;
    let out = board.out.iter().find(|out| out.candidate == selected);
    let Some(first) = board.places.first().filter(|_| out.is_none()) else {
        let mut title = lang.pick("Why no rank", "为何没有名次").to_owned();
        if let Some(out) = out.filter(|_| !board.places.is_empty()) {
            title = format!("{}: {}", out.name, lang.pick("why no rank", "为何没有名次"));
        }
        draw_reasons(pen, area, &title, out.map_or(&[][..], |out| &out.reasons));
        return;
    };
    let second = board
        .places
        .iter()
        .find(|place| place.candidate == selected && place.candidate != first.candidate)
        .or(board.places.get(1));
    let Some(second) = second else {
        pen.frame(area, &first.name, false);
        return;
    };
    let gap = gap(first, second);
    let title = tr!(
        "Why {0} leads {1} by {2}",
        "{0} 领先 {1} {2} 的原因",
        first.name,
        second.name,
        gap.total
    );
    let inside = pen.frame(area, title.get(lang), false);
    let look = state.look;
    let name = inside.width / 3;
    let half = usize::from(inside.width.saturating_sub(name + 14) / 2);
    let amounts = gap.parts.iter().map(|part| part.amount.abs());
    let largest = amounts.fold(1e-9, f64::max);
    let rows = gap.parts.iter().map(|part| {
        let criterion = &board.criteria[part.criterion];
        let length = (part.amount.abs() / largest * half as f64).round() as usize;
        let (left, right) = if part.amount < 0.0 {
            (length, 0)
        } else {
            (0, length)
        };
        let hue = look.hue(part.criterion).patch(look.strong());
        Row::new([
            Line::default(),
            cell(criterion.letter, hue),
            Line::raw(fit(&criterion.title, name.into(), look.ascii)),
            Line::raw(part.shown.clone()),
            Line::from(vec![
                Span::styled(format!("{:>half$}", "*".repeat(left)), look.bad()),
                Span::styled("|", look.dim()),
                Span::styled("#".repeat(right), look.good()),
            ]),
        ])
    });
    let columns = [
        Constraint::Length(0),
        Constraint::Length(1),
        Constraint::Length(name),
        Constraint::Length(6),
        Constraint::Fill(1),
    ];
    pen.render(Table::new(rows, columns).column_spacing(1), inside);
}

fn draw_reasons(pen: &mut Pen<'_>, area: Rect, title: &str, reasons: &[String]) {
    let inside = pen.frame(area, title, false);
    let room = usize::from(inside.width.saturating_sub(2));
    let lines: Vec<String> = reasons
        .iter()
        .flat_map(|reason| wrap(reason, room))
        .collect();
    pen.put_lines(inside, &lines, Style::new());
}
