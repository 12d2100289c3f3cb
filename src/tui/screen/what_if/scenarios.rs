//! The rank of every candidate in each scenario, joined by lines.

use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::style::Style;
use ratatui::text::{Line, Span};

use crate::tr;
use crate::tui::screen::ExportTable;
use crate::tui::screen::list::ListTable;
use crate::tui::state::{List, State};
use crate::tui::widget::{Pen, fit};
use crate::view::explore::scenarios::{Ranks, worst};

type ScenarioRanks = (String, Option<Ranks>);

/// How the columns of the scenarios are laid out.
struct Columns {
    name: u16,
    /// From the start of a column to the start of the next.
    step: u16,
    /// How many scenarios fit: the last ones.
    count: usize,
}

impl Columns {
    fn of_width(width: u16, scenarios: usize) -> Self {
        let name = (width / 4).clamp(8, 18);
        let room = width.saturating_sub(name + 3);
        let scenarios = u16::try_from(scenarios.max(1)).unwrap_or(u16::MAX);
        let step = (room / scenarios).clamp(6, 12);
        let count = (room / step).max(1).min(scenarios);
        Self {
            name,
            step,
            count: count.into(),
        }
    }

    /// Where the column of a scenario starts.
    fn start(&self, at: usize) -> u16 {
        let at = u16::try_from(at).unwrap_or(u16::MAX);
        (self.name + 3).saturating_add(at.saturating_mul(self.step))
    }
}

pub(super) fn draw(state: &State, pen: &mut Pen<'_>, area: Rect) {
    let title = state.lang.pick("Rank in each scenario", "各情景中的名次");
    let inside = pen.frame(area, title, state.list() == List::Ranks);
    let all = &state.views.columns;
    let columns = Columns::of_width(inside.width, all.len());
    let shown = &all[all.len().saturating_sub(columns.count)..];
    let has_two_lines = inside.height > 6;
    let [titles, list, _, foot] = Layout::vertical([
        Constraint::Length(if has_two_lines { 2 } else { 1 }),
        Constraint::Fill(1),
        Constraint::Length(1),
        Constraint::Length(1),
    ])
    .areas(inside);
    draw_titles(state, pen, titles, &columns, shown);
    draw_ranks(state, pen, list, &columns, shown);
    draw_worst(state, pen, foot);
}

/// Titles are longer than their columns: on two lines in turn each has the width of two columns.
fn draw_titles(
    state: &State,
    pen: &mut Pen<'_>,
    area: Rect,
    columns: &Columns,
    shown: &[ScenarioRanks],
) {
    let look = state.look;
    let has_two_lines = area.height > 1;
    let room = if has_two_lines {
        2 * columns.step - 1
    } else {
        columns.step - 1
    };
    for (at, (title, _)) in shown.iter().enumerate() {
        let line = u16::from(has_two_lines && at % 2 == 1);
        let title = fit(title, room.into(), look.ascii);
        pen.put(area, columns.start(at), line, &title, look.dim());
    }
}

fn draw_ranks(
    state: &State,
    pen: &mut Pen<'_>,
    area: Rect,
    columns: &Columns,
    shown: &[ScenarioRanks],
) {
    let order = state.ranking_order();
    let model = state.session.model();
    let widths = [Constraint::Length(columns.name + 1), Constraint::Fill(1)];
    ListTable::new(List::Ranks, widths)
        .bar_in_last_column()
        .draw(state, pen, area, |_, at, areas| {
            let candidate = &model.decision.candidates[order[at]];
            let name = usize::from(areas[0].width).saturating_sub(1);
            let name = fit(candidate.name.get(state.lang), name, state.look.ascii);
            vec![
                Line::raw(format!(" {name}")),
                slope_line(state, columns.step.into(), &candidate.id, shown),
            ]
        });
}

/// A candidate's ranks from scenario to scenario; the tip of the line before a rank shows whether it is better or worse.
fn slope_line(state: &State, step: usize, id: &str, shown: &[ScenarioRanks]) -> Line<'static> {
    let look = state.look;
    let across = if look.ascii { "-" } else { "─" };
    let mut spans: Vec<Span<'static>> = Vec::new();
    let mut before: Option<usize> = None;
    for (at, (_, ranks)) in shown.iter().enumerate() {
        let rank = ranks.as_ref().and_then(|ranks| rank_of(ranks, id));
        if at > 0 {
            let line = across.repeat(step.saturating_sub(5));
            let (tip, style) = match (before, rank) {
                (Some(before), Some(rank)) if rank < before => ("^", look.good()),
                (Some(before), Some(rank)) if rank > before => ("v", look.bad()),
                (Some(_), Some(_)) => (">", look.dim()),
                _ => ("", Style::new()),
            };
            if tip.is_empty() {
                spans.push(Span::raw(" ".repeat(step - 3)));
            } else {
                spans.push(Span::styled(format!("{line}{tip} "), style));
            }
        }
        let text = match (ranks, rank) {
            (None, _) => "..".to_owned(),
            (Some(_), Some(rank)) => rank.to_string(),
            (Some(_), None) => "-".to_owned(),
        };
        spans.push(Span::styled(format!("{text:<3}"), look.strong()));
        before = rank;
    }
    Line::from(spans)
}

fn rank_of(ranks: &Ranks, id: &str) -> Option<usize> {
    let (_, rank, _) = ranks.of.iter().find(|(own, ..)| own == id)?;
    *rank
}

/// The worst rank and the maximum regret of the selected candidate.
fn draw_worst(state: &State, pen: &mut Pen<'_>, area: Rect) {
    let known = state.views.columns.iter();
    let known: Vec<&Ranks> = known.filter_map(|(_, ranks)| ranks.as_ref()).collect();
    let order = state.ranking_order();
    let Some(&selected) = order.get(state.cursor(List::Ranks)) else {
        return;
    };
    let candidate = &state.session.model().decision.candidates[selected];
    let Some((rank, regret)) = worst(&known, &candidate.id) else {
        return;
    };
    let name = &candidate.name;
    let regret = crate::view::figure::score(regret);
    let text = tr!(
        "{name}: worst rank {rank}, maximum regret {regret}",
        "{name}：最差名次 {rank}，最大后悔值 {regret}"
    );
    pen.put_lines(area, [&text.get(state.lang).to_owned()], state.look.dim());
}

pub(super) fn export(state: &State) -> ExportTable {
    let lang = state.lang;
    let columns = &state.views.columns;
    let titles = columns.iter().map(|(title, _)| title.clone());
    let row = |candidate: &usize| {
        let candidate = &state.session.model().decision.candidates[*candidate];
        let ranks = columns.iter().map(|(_, ranks)| {
            let rank = ranks
                .as_ref()
                .and_then(|ranks| rank_of(ranks, &candidate.id));
            rank.map_or_else(|| "-".to_owned(), |rank| rank.to_string())
        });
        std::iter::once(candidate.name.get(lang).to_owned())
            .chain(ranks)
            .collect()
    };
    ExportTable {
        header: std::iter::once(lang.pick("candidate", "候选").to_owned())
            .chain(titles)
            .collect(),
        rows: state.ranking_order().iter().map(row).collect(),
    }
}
