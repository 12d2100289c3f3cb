//! 7 Compare: two candidates criterion by criterion, where they would be equal, and what is worth what.

use ratatui::layout::Rect;
use ratatui::style::Style;

use super::{Table, note, rows, width};
use crate::tui::state::{List, State};
use crate::tui::widget::{Pen, fit, pad, wrap};
use crate::view::figure;

pub(super) fn draw(state: &State, pen: &mut Pen<'_>, area: Rect) {
    let lang = state.lang;
    let ascii = state.look.ascii;
    let Some(view) = &state.views.compare else {
        let inside = pen.frame(area, lang.pick("Compare", "对比"), true);
        note(
            pen,
            inside,
            lang.pick("There is only one candidate.", "只有一个候选。"),
        );
        return;
    };
    let [a, b] = &view.candidates;
    let known = |x: Option<f64>| x.map_or_else(|| "?".to_owned(), figure::score);
    let title = format!(
        "{} {} {}   {} : {}",
        a.name,
        lang.pick("against", "对"),
        b.name,
        known(a.score),
        known(b.score)
    );
    let inside = pen.frame(area, &title, true);
    let wide = inside.width >= 76;
    let (name, cell) = match inside.width {
        _ if wide => (24_usize, 15_usize),
        48.. => (12, 10),
        _ => (10, 9),
    };
    let half = usize::from(inside.width).saturating_sub(name + 2 * cell + 14) / 2;
    // The heads stand over their columns, the arrows on both sides of the axis.
    let column = |x: usize| u16::try_from(x).unwrap_or(u16::MAX);
    let axis = name + 2 * cell + 4 + half;
    pen.put(
        inside,
        column(name + 2),
        0,
        &fit(&a.name, cell, ascii),
        state.look.dim(),
    );
    pen.put(
        inside,
        column(name + cell + 3),
        0,
        &fit(&b.name, cell, ascii),
        state.look.dim(),
    );
    let sides = [format!("{} <-", a.name), format!("-> {}", b.name)];
    let [left, right] = if sides.iter().all(|side| usize::from(width(side)) <= half) {
        sides
    } else {
        ["<-", "->"].map(str::to_owned)
    };
    if half > 1 {
        pen.put(
            inside,
            column(axis).saturating_sub(width(&left)),
            0,
            &left,
            state.look.dim(),
        );
        pen.put(inside, column(axis + 1), 0, &right, state.look.dim());
    }
    let foot = if inside.height > 14 { 7 } else { 0 };
    let list = Rect {
        y: inside.y + 1.min(inside.height),
        height: inside.height.saturating_sub(1 + foot),
        ..inside
    };
    let widest = view
        .criteria
        .iter()
        .filter_map(|c| c.difference)
        .fold(1e-9, |w: f64, d| w.max(d.abs()));
    rows(state, pen, list, List::Rows, |pen, at, y| {
        let row = &view.criteria[at];
        let k = state
            .views
            .board
            .criteria
            .iter()
            .position(|c| c.id == row.criterion)
            .unwrap_or(0);
        let letter = state.views.board.criteria.get(k).map_or('?', |c| c.letter);
        let x = pen.put(
            list,
            1,
            y,
            &letter.to_string(),
            state.look.hue(k).patch(state.look.strong()),
        );
        let x = pen.put(
            list,
            x + 1,
            y,
            &format!(
                "{} {} {} ",
                pad(&row.title, name.saturating_sub(2), ascii),
                pad(&row.measures[0], cell, ascii),
                pad(&row.measures[1], cell, ascii)
            ),
            Style::new(),
        );
        let Some(d) = row.difference else {
            pen.put(list, x, y, "?", Style::new());
            return;
        };
        if half < 2 {
            pen.put(list, x, y, &figure::difference(d), Style::new());
            return;
        }
        let cells = (d.abs() / widest * half as f64).round() as usize;
        let (left, right) = if d > 0.0 { (cells, 0) } else { (0, cells) };
        let x = pen.put(
            list,
            x,
            y,
            &format!("{}{}", " ".repeat(half - left), "#".repeat(left)),
            state.look.good(),
        );
        let x = pen.put(list, x, y, "|", state.look.dim());
        let x = pen.put(
            list,
            x,
            y,
            &format!("{}{}", "*".repeat(right), " ".repeat(half - right)),
            state.look.bad(),
        );
        pen.put(
            list,
            x,
            y,
            &format!(" {}", figure::difference(d)),
            Style::new(),
        );
    });
    if foot == 0 {
        return;
    }
    let foot = Rect {
        y: inside.y + inside.height - foot,
        height: foot,
        ..inside
    };
    let mut lines: Vec<String> = Vec::new();
    for side in &view.candidates {
        lines.extend(
            side.reasons
                .iter()
                .take(1)
                .map(|r| format!("{}: {r}", side.name)),
        );
    }
    if let Some(row) = view.criteria.get(state.cursor(List::Rows))
        && let Some(x) = &row.equal_at
    {
        lines.push(match lang {
            crate::lang::Lang::En => format!(
                "{} draws level with {} at {}: {x} (now {})",
                b.name, a.name, row.title, row.measures[1]
            ),
            crate::lang::Lang::Zh => format!(
                "{}：{} 达到 {x} 即与 {} 持平（现为 {}）",
                row.title, b.name, a.name, row.measures[1]
            ),
        });
    }
    if !view.exchange.is_empty() {
        let rates: Vec<String> = view
            .exchange
            .iter()
            .map(|e| format!("{} {}", e.title, e.shown))
            .collect();
        lines.push(format!(
            "{}{}",
            lang.pick("0.01 of score is worth: ", "得分 0.01 相当于："),
            rates.join(lang.pick(", ", "，"))
        ));
    }
    let lines = lines
        .iter()
        .flat_map(|line| wrap(line, usize::from(foot.width.saturating_sub(2))));
    for (y, line) in lines.enumerate() {
        pen.put(
            foot,
            1,
            u16::try_from(y).unwrap_or(u16::MAX),
            &line,
            Style::new(),
        );
    }
}

pub(super) fn table(state: &State) -> Table {
    let Some(view) = &state.views.compare else {
        return (Vec::new(), Vec::new());
    };
    let [a, b] = &view.candidates;
    let head = vec![
        state.lang.pick("criterion", "准则").to_owned(),
        a.name.clone(),
        b.name.clone(),
        state.lang.pick("difference", "差值").to_owned(),
    ];
    let row = |r: &crate::view::compare::RowView| {
        let d = r
            .difference
            .map_or_else(|| figure::MISSING.to_owned(), figure::difference);
        vec![
            r.title.clone(),
            r.measures[0].clone(),
            r.measures[1].clone(),
            d,
        ]
    };
    (head, view.criteria.iter().map(row).collect())
}
