//! The tornado: the lead of the first candidate at both ends of each input.

use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::style::Style;

use super::describe_flips;
use crate::tr;
use crate::tui::screen::list::{ListTable, cell};
use crate::tui::screen::{fit_title, note};
use crate::tui::state::{List, State};
use crate::tui::widget::Pen;
use crate::view::explore::sensitivity::{InputBar, SensitivityPanel};

pub(super) fn draw(state: &State, pen: &mut Pen<'_>, area: Rect) {
    let lang = state.lang;
    let title = lang.pick(
        "Lead of #1 when an input moves over its range",
        "各输入变动时第一名的领先幅度",
    );
    let inside = pen.frame(area, title, state.list() == List::Bars);
    let Some(found) = &state.answers.sensitivity.value else {
        note(pen, inside, lang.pick("working", "计算中"));
        return;
    };
    if found.bars.is_empty() {
        let text = lang.pick(
            "No input changes the ranking, or no candidate is ranked.",
            "没有输入影响排名，或没有候选有名次。",
        );
        note(pen, inside, text);
        return;
    }
    let details = if inside.height > 10 { 4 } else { 0 };
    let [list, details] =
        Layout::vertical([Constraint::Fill(1), Constraint::Length(details)]).areas(inside);
    let bars = state.shown_bars();
    draw_bars(state, pen, list, found, &bars);
    if let Some(bar) = bars.get(state.cursor(List::Bars)) {
        draw_details(state, pen, details, found, bar);
    }
}

/// Maps leads to columns.
struct LeadScale {
    low: f64,
    high: f64,
    columns: usize,
}

impl LeadScale {
    /// A scale for every lead of the tornado, and for a lead of zero.
    fn of_bars(bars: &[InputBar], columns: usize) -> Self {
        let leads = bars
            .iter()
            .flat_map(|bar| bar.lead.into_iter().flatten().chain([bar.base]));
        let (low, high) = leads.fold((0.0_f64, 1e-9_f64), |(low, high), lead| {
            (low.min(lead), high.max(lead))
        });
        Self { low, high, columns }
    }

    fn column(&self, lead: f64) -> usize {
        let part = ((lead - self.low) / (self.high - self.low)).clamp(0.0, 1.0);
        (part * self.columns.saturating_sub(1) as f64).round() as usize
    }

    /// Draws a bar: `-` and `+` where its ends lead to, `|` the present lead, `0` no lead.
    fn picture(&self, bar: &InputBar) -> String {
        let base = self.column(bar.base);
        let zero = (self.low < 0.0).then(|| self.column(0.0));
        let ends = bar.lead.map(|lead| lead.map(|lead| self.column(lead)));
        let columns = || ends.iter().flatten().copied().chain([base]);
        let (from, to) = (
            columns().min().unwrap_or(base),
            columns().max().unwrap_or(base),
        );
        let symbol = |at: usize| match Some(at) {
            at if at == ends[0] => '-',
            at if at == ends[1] => '+',
            at if at == Some(base) => '|',
            at if at == zero => '0',
            _ if (from..=to).contains(&at) => '=',
            _ => ' ',
        };
        (0..self.columns).map(symbol).collect()
    }
}

fn draw_bars(
    state: &State,
    pen: &mut Pen<'_>,
    area: Rect,
    found: &SensitivityPanel,
    bars: &[&InputBar],
) {
    let columns = [
        Constraint::Length(area.width * 2 / 5 + 1),
        Constraint::Fill(1),
    ];
    let style = if state
        .answers
        .sensitivity
        .is_fresh(state.session.generation())
    {
        Style::new()
    } else {
        state.look.dim()
    };
    let table = ListTable::new(List::Bars, columns);
    let room = table.column_areas(area)[1].width;
    let scale = LeadScale::of_bars(&found.bars, room.into());
    table.draw(state, pen, area, |_, at, areas| {
        let bar = bars[at];
        let mark = if bar.flips.is_empty() { " " } else { "!" };
        let name = usize::from(areas[0].width).saturating_sub(1);
        let title = fit_title(&bar.title, name, state.look.ascii);
        vec![
            cell(format!("{mark}{title}"), style),
            cell(scale.picture(bar), style),
        ]
    });
}

fn draw_details(
    state: &State,
    pen: &mut Pen<'_>,
    area: Rect,
    found: &SensitivityPanel,
    bar: &InputBar,
) {
    let lang = state.lang;
    let flips = if bar.flips.is_empty() {
        tr!(
            "no value in its range makes another first",
            "其范围内无取值使他者居首"
        )
    } else {
        describe_flips(bar)
    };
    let lines = [
        format!("{} {}   {}", lang.pick("now", "当前"), bar.now, bar.input),
        format!("- {}   + {}", bar.ends[0], bar.ends[1]),
        flips.get(lang).to_owned(),
    ];
    pen.put_lines(area, &lines, Style::new());
    let lead = found.lead.as_deref().unwrap_or("-");
    let legend = tr!(
        "lead now {lead}   ! changes who is first",
        "当前领先 {lead}   ! 会改变第一名"
    );
    let last = Rect {
        y: area.bottom().saturating_sub(1),
        height: area.height.min(1),
        ..area
    };
    pen.put_lines(last, [&legend.get(lang).to_owned()], state.look.dim());
}
