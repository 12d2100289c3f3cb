//! 2 Trade-off: the candidates on two criteria, who is dominated on both, and the exchange rate along the Pareto front.

mod scatter;

use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::style::Style;
use ratatui::text::Line;

use super::list::{ListTable, cell};
use super::{ExportTable, note};
use crate::lang::Text;
use crate::tr;
use crate::tui::state::{List, State};
use crate::tui::widget::{Pen, fit, wrap};
use crate::view::explore::tradeoff::{SpotView, StepView};

pub(super) fn draw(state: &State, pen: &mut Pen<'_>, area: Rect) {
    if state.is_narrow() {
        draw_front(state, pen, area);
        return;
    }
    let columns = (area.width * 2 / 5).clamp(30, 46);
    let [plot, front] =
        Layout::horizontal([Constraint::Fill(1), Constraint::Length(columns)]).areas(area);
    scatter::draw(state, pen, plot);
    draw_front(state, pen, front);
}

fn draw_front(state: &State, pen: &mut Pen<'_>, area: Rect) {
    let (lang, look) = (state.lang, state.look);
    let spots = &state.views.plane.spots;
    let efficient = spots.iter().filter(|spot| !spot.beaten).count();
    let all = spots.len();
    let title = tr!(
        "Pareto front: {efficient}/{all}",
        "帕累托前沿：{efficient}/{all}"
    );
    let inside = pen.frame(area, title.get(lang), true);
    if spots.is_empty() {
        let text = lang.pick(
            "No candidate has a known value on both criteria.",
            "没有候选在两项准则上都有已知度量。",
        );
        note(pen, inside, text);
        return;
    }
    let details = spots
        .get(state.cursor(List::Spots))
        .map_or_else(Vec::new, |spot| {
            let room = usize::from(inside.width.saturating_sub(2));
            let lines = describe_spot(state, spot);
            let lines = lines.iter().map(|line| line.get(lang));
            lines.flat_map(|line| wrap_indented(line, room)).collect()
        });
    // The list keeps at least a third of the pane, and all of it if there is little space.
    let most = if inside.height > 12 {
        inside.height - (inside.height / 3).max(5)
    } else {
        0
    };
    let height = u16::try_from(details.len()).unwrap_or(u16::MAX).min(most);
    let [list, below] =
        Layout::vertical([Constraint::Fill(1), Constraint::Length(height)]).areas(inside);
    let columns = [
        Constraint::Length(1),
        Constraint::Length(inside.width.saturating_sub(18).min(16)),
        Constraint::Fill(1),
    ];
    ListTable::new(List::Spots, columns).draw(state, pen, list, |_, at, areas| {
        let spot = &spots[at];
        let name = fit(&spot.name, areas[1].width.into(), look.ascii);
        if spot.beaten {
            let by = format!("{} {}", lang.pick("dominated by", "劣于"), spot.by.len());
            [("o", look.dim()), (&name, look.dim()), (&by, look.dim())]
                .map(|(text, style)| cell(text, style))
                .into()
        } else {
            let front = lang.pick("front", "前沿");
            ["*", &name, front]
                .map(|text| Line::raw(text.to_owned()))
                .into()
        }
    });
    pen.put_lines(below, &details, Style::new());
}

/// What is known about a candidate on the two criteria.
fn describe_spot(state: &State, spot: &SpotView) -> Vec<Text> {
    let plane = &state.views.plane;
    let mut lines = vec![
        Text::name(format!("{}:", spot.name)),
        Text::name(format!("   {} {}", plane.titles.1, spot.shown.1)),
        Text::name(format!("   {} {}", plane.titles.0, spot.shown.0)),
    ];
    if spot.beaten {
        let by = spot.by.join(", ");
        lines.push(tr!("dominated by {by}", "劣于 {by}"));
    }
    for step in &plane.steps {
        if step.from == spot.candidate {
            lines.extend(describe_step(state, step, true));
        } else if step.to == spot.candidate {
            lines.extend(describe_step(state, step, false));
        }
    }
    if plane.unknown > 0 {
        let unknown = plane.unknown;
        lines.push(tr!(
            "? {unknown} not known on both",
            "? {unknown} 个候选度量未知"
        ));
    }
    if let Some(found) = &state.answers.dominance.value {
        let mut standings = found.standing.iter();
        let standing = standings.find(|(candidate, _)| *candidate == spot.candidate);
        let standing = standing.map_or("?", |(_, standing)| standing);
        let (samples, seed) = (found.samples, found.seed);
        lines.push(tr!("on all criteria: {standing}", "全部准则：{standing}"));
        lines.push(tr!(
            "   (n {samples}, seed {seed})",
            "   (n {samples}, 种子 {seed})"
        ));
    }
    lines
}

/// Describes the exchange of a step along the front, forwards or backwards.
fn describe_step(state: &State, step: &StepView, is_forwards: bool) -> Vec<Text> {
    let titles = &state.views.plane.titles;
    let (better, worse) = (tr!("better", "更优"), tr!("worse", "更差"));
    let (other, first, second) = if is_forwards {
        (step.to, better, worse)
    } else {
        (step.from, worse, better)
    };
    let (right, up) = titles;
    let (gain, loss) = (&step.gain, &step.loss);
    let mut lines = vec![
        Text::name(format!("-> {}:", state.candidate_name(other))),
        tr!("   {right} {first} {gain}", "   {right} {first} {gain}"),
        tr!("   {up} {second} {loss}", "   {up} {second} {loss}"),
    ];
    if let Some(rate) = &step.rate {
        lines.push(Text::name(format!("   = {rate}")));
    }
    lines
}

/// Breaks a line between words; what follows is indented as its start is.
fn wrap_indented(line: &str, columns: usize) -> Vec<String> {
    let text = line.trim_start_matches(' ');
    let indent = &line[..line.len() - text.len()];
    wrap(text, columns.saturating_sub(indent.len()))
        .into_iter()
        .map(|part| format!("{indent}{part}"))
        .collect()
}

pub(super) fn export(state: &State) -> ExportTable {
    let lang = state.lang;
    let plane = &state.views.plane;
    let row = |spot: &SpotView| {
        vec![
            spot.name.clone(),
            spot.shown.0.clone(),
            spot.shown.1.clone(),
            spot.by.join(", "),
        ]
    };
    ExportTable {
        header: vec![
            lang.pick("candidate", "候选").to_owned(),
            plane.titles.0.clone(),
            plane.titles.1.clone(),
            lang.pick("dominated by", "劣于").to_owned(),
        ],
        rows: plane.spots.iter().map(row).collect(),
    }
}
