//! The scatter plot: ratatui's `Canvas`, with the names of the candidates beside their points.

use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::style::{Color, Style};
use ratatui::symbols::Marker;
use ratatui::widgets::canvas::{Canvas, Points};

use crate::tr;
use crate::tui::state::{List, State};
use crate::tui::widget::{ClickTarget, Pen, fit, width};
use crate::view::explore::tradeoff::SpotView;

/// The most columns of a name.
const MAX_NAME: usize = 14;

pub(super) fn draw(state: &State, pen: &mut Pen<'_>, area: Rect) {
    let plane = &state.views.plane;
    let look = state.look;
    let (right, up) = (&plane.titles.0, &plane.titles.1);
    let title = tr!("{up} (up) / {right} (right)", "{up} (上) / {right} (右)");
    let inside = pen.frame(area, title.get(state.lang), false);
    if inside.width < 12 || inside.height < 6 {
        return;
    }
    let [top, middle, bottom, axis] = Layout::vertical([
        Constraint::Length(1),
        Constraint::Fill(1),
        Constraint::Length(1),
        Constraint::Length(1),
    ])
    .areas(inside);
    let plot = Rect {
        x: middle.x + 1,
        width: middle.width - 2,
        ..middle
    };
    let ((left_end, right_end), (low_end, high_end)) = (&plane.ends.0, &plane.ends.1);
    pen.put(top, 0, 0, high_end, look.dim());
    pen.put(bottom, 0, 0, low_end, look.dim());
    pen.put(axis, 0, 0, left_end, look.dim());
    let x = axis.width.saturating_sub(width(right_end));
    pen.put(axis, x, 0, right_end, look.dim());
    draw_points(state, pen, plot);
}

/// How a candidate's point looks.
fn point_style(state: &State, spot: &SpotView) -> Style {
    let look = state.look;
    if spot.candidate == state.selection.candidate {
        look.cursor()
    } else if spot.beaten {
        look.dim()
    } else {
        look.good().patch(look.strong())
    }
}

/// The cell of a point, counted from the upper left corner of the plot: where the canvas draws its dot.
fn point_cell(spot: &SpotView, plot: Rect) -> (u16, u16) {
    let dot = |part: f64, dots: u16| (part.clamp(0.0, 1.0) * f64::from(dots - 1)).round() as u16;
    let x = dot(spot.at.0, plot.width * 2) / 2;
    let y = dot(1.0 - spot.at.1, plot.height * 4) / 4;
    (x, y)
}

fn draw_points(state: &State, pen: &mut Pen<'_>, plot: Rect) {
    let look = state.look;
    let spots = &state.views.plane.spots;
    let has_dots = !look.ascii && !look.dots;
    if has_dots {
        let points: Vec<(f64, f64)> = spots
            .iter()
            .map(|spot| (spot.at.0.clamp(0.0, 1.0), spot.at.1.clamp(0.0, 1.0)))
            .collect();
        let canvas = Canvas::default()
            .marker(Marker::Braille)
            .x_bounds([0.0, 1.0])
            .y_bounds([0.0, 1.0])
            .paint(|context| context.draw(&Points::new(&points, Color::Reset)));
        pen.render(canvas, plot);
    }
    // Row, first column and the column after the last of each name.
    let mut names: Vec<(u16, u16, u16)> = Vec::new();
    for (at, spot) in spots.iter().enumerate() {
        let (x, y) = point_cell(spot, plot);
        let is_selected = spot.candidate == state.selection.candidate;
        let style = point_style(state, spot);
        let cell = Rect {
            x: plot.x + x,
            y: plot.y + y,
            width: 1,
            height: 1,
        };
        if is_selected {
            pen.put(cell, 0, 0, "@", style);
        } else if has_dots {
            pen.set_style(cell, style);
        } else {
            pen.put(cell, 0, 0, if spot.beaten { "o" } else { "*" }, style);
        }
        pen.hit(cell, ClickTarget::Row(List::Spots, at));
        let name = fit(&spot.name, MAX_NAME, look.ascii);
        let room = width(&name) + 1;
        let start = if x + room < plot.width {
            x + 1
        } else {
            x.saturating_sub(room)
        };
        let end = start + room;
        // A name that would cover another one is left out; the list has all names.
        let is_free = names
            .iter()
            .all(|&(row, from, to)| row != y || end <= from || to <= start);
        if is_free {
            let style = if is_selected {
                look.strong()
            } else {
                Style::new()
            };
            pen.put(plot, start, y, &name, style);
            names.push((y, start.min(x), end.max(x + 1)));
        }
    }
}
