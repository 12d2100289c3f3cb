//! The ranking: scores with their uncertainty, and contributions as stacked bars.

use std::cmp::Ordering;

use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::style::Style;
use ratatui::text::{Line, Span};

use crate::tr;
use crate::tui::screen::list::{ListTable, cell};
use crate::tui::screen::note;
use crate::tui::state::{List, State};
use crate::tui::widget::{Pen, fit, pad, split_bar};
use crate::view::explore::board::{Out, RankedCandidate, SpreadPanel};

/// The columns before the name: rank and change of rank.
const RANK: u16 = 2;
const CHANGE: u16 = 3;
/// Columns of the score and of half its 90 % interval.
const TOTAL: u16 = 5;
const HALF: u16 = 3;

pub(super) fn draw(state: &State, pen: &mut Pen<'_>, area: Rect) {
    let lang = state.lang;
    let title = lang.pick("Ranking", "排名");
    let inside = pen.frame(area, title, state.list() == List::Places);
    if state.views.board.weightless {
        let text = lang.pick(
            "No weights: every criterion has 0 points, so nothing can be ranked. `l` adds points, `u` undoes the last change.",
            "没有权重：所有准则均为 0 点，无法排名。按 `l` 增加点数，按 `u` 撤销。",
        );
        note(pen, inside, text);
        return;
    }
    let [list, foot] = Layout::vertical([Constraint::Fill(1), Constraint::Length(1)]).areas(inside);
    draw_list(state, pen, list);
    let line = fit(
        &describe_samples(state),
        foot.width.saturating_sub(2).into(),
        state.look.ascii,
    );
    pen.put(foot, 1, 0, &line, state.look.dim());
}

fn draw_list(state: &State, pen: &mut Pen<'_>, area: Rect) {
    let (lang, look, board) = (state.lang, state.look, &state.views.board);
    let has_bars = area.width >= 40;
    let name = if has_bars {
        Constraint::Length((area.width / 4).clamp(11, 24))
    } else {
        Constraint::Fill(1)
    };
    let mut columns = vec![
        Constraint::Length(RANK),
        Constraint::Length(CHANGE),
        name,
        Constraint::Length(TOTAL),
        Constraint::Length(HALF),
    ];
    let mut header = vec![
        cell(" #", look.dim()),
        cell(lang.pick("vs", "变"), look.dim()),
        cell(lang.pick("candidate", "候选"), look.dim()),
        cell(lang.pick("total", "总分"), look.dim()),
        cell("+-", look.dim()),
    ];
    if has_bars {
        columns.push(Constraint::Fill(1));
    }
    let mut table = ListTable::new(List::Places, columns);
    if has_bars {
        let bar = table.column_areas(area).last().map_or(0, |area| area.width);
        let scale = format!("0{}1", " ".repeat(usize::from(bar).saturating_sub(2)));
        header.push(cell(scale, look.dim()));
        table = table.bar_in_last_column();
    }
    let spread = state.answers.spread.value.as_ref();
    let spread_style = if state.answers.spread.is_fresh(state.session.generation()) {
        Style::new()
    } else {
        look.dim()
    };
    let table = table.header(header);
    let mut reasons = Vec::new();
    table.draw(state, pen, area, |_, at, areas| {
        let candidate = state.shown_places()[at];
        let name = usize::from(areas[2].width);
        let Some(place) = board.places.iter().find(|p| p.candidate == candidate) else {
            let out = board.out.iter().find(|out| out.candidate == candidate);
            return out.map_or_else(Vec::new, |out| {
                // The reason takes the width of all other columns.
                let rest = Rect {
                    width: area.right().saturating_sub(areas[3].x),
                    ..areas[3]
                };
                reasons.push((rest, describe_exclusion(state, out)));
                let mark = if out.screened { "x" } else { "?" };
                vec![
                    cell(mark, look.dim()),
                    Line::default(),
                    cell(pad(&out.name, name, look.ascii), look.dim()),
                ]
            });
        };
        let change = change_of_rank(state, place);
        let change_style = match change.chars().next() {
            Some('^') => look.good(),
            Some('v') => look.bad(),
            _ => Style::new(),
        };
        let half = spread.and_then(|spread| spread.half.get(candidate).cloned().flatten());
        let mut cells = vec![
            Line::raw(format!("{:>2}", place.rank)),
            cell(change, change_style),
            Line::raw(fit(&place.name, name, look.ascii)),
            Line::raw(place.total.clone()),
            cell(half.unwrap_or_default(), spread_style),
        ];
        if let Some(bar) = areas.get(5) {
            let parts = split_bar(&place.parts, bar.width.into())
                .into_iter()
                .enumerate();
            let parts = parts.map(|(k, cells)| {
                let letter = board.criteria[k].letter.to_string();
                Span::styled(letter.repeat(cells), look.bar(k))
            });
            cells.push(parts.collect());
        }
        cells
    });
    for (rest, reason) in reasons {
        let reason = fit(&reason, rest.width.into(), look.ascii);
        pen.put(rest, 0, 0, &reason, look.dim());
    }
}

/// Why a candidate has no rank: its first reason.
fn describe_exclusion(state: &State, out: &Out) -> String {
    let reason = out.reasons.first().map_or("", String::as_str);
    let text = if out.screened {
        tr!("gate: {reason}", "关卡：{reason}")
    } else {
        tr!("incomplete: {reason}", "不全：{reason}")
    };
    text.get(state.lang).to_owned()
}

/// How the place in the order changed since the last snapshot: `^1`, `v2`, `=`. Level candidates share a rank, not a place.
fn change_of_rank(state: &State, place: &RankedCandidate) -> String {
    let snapshot = state.session.snapshots.last();
    let before = snapshot.and_then(|s| s.order.iter().position(|id| *id == place.id));
    let Some(before) = before.map(|at| at + 1) else {
        return "new".to_owned();
    };
    let all = state.views.board.places.iter();
    let now = all.take_while(|other| other.id != place.id).count() + 1;
    match before.cmp(&now) {
        Ordering::Greater => format!("^{}", before - now),
        Ordering::Less => format!("v{}", now - before),
        Ordering::Equal => " =".to_owned(),
    }
}

/// Whether the first two are nearly tied, and how many samples say so.
fn describe_samples(state: &State) -> String {
    let lang = state.lang;
    let board = &state.views.board;
    if board.places.is_empty() {
        let text = lang.pick(
            "no candidate is ranked: press 5 to see why",
            "没有候选有名次：按 5 查看缘由",
        );
        return text.to_owned();
    }
    let Some(spread) = &state.answers.spread.value else {
        return String::new();
    };
    let samples = format!(
        "n {} {} {}",
        spread.samples,
        lang.pick("seed", "种子"),
        spread.seed
    );
    if is_near_tie(&board.places, spread) {
        let tie = lang.pick("~ 1, 2: near tie (4)  ", "~ 1、2 近乎并列 (4)  ");
        return format!("{tie}{samples}");
    }
    samples
}

/// Whether the 90 % intervals of the first two scores overlap.
fn is_near_tie(places: &[RankedCandidate], spread: &SpreadPanel) -> bool {
    let interval = |place: &RankedCandidate| spread.range.get(place.candidate).copied().flatten();
    let [first, second, ..] = places else {
        return false;
    };
    let (Some(first), Some(second)) = (interval(first), interval(second)) else {
        return false;
    };
    first.0 <= second.1 && second.0 <= first.1
}
