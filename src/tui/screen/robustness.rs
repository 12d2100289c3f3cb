//! 4 Robustness: how often each candidate takes each rank, and the weights that make it first.

use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::style::Style;
use ratatui::text::Line;

use super::list::{ListTable, cell};
use super::{ExportTable, note};
use crate::tr;
use crate::tui::state::{List, State};
use crate::tui::widget::{Pen, fit};
use crate::view::explore::robustness::{RankChances, RobustnessPanel};

/// Columns of a share: its mark and its percentage.
const SHARE: u16 = 7;
/// Columns of the mean rank.
const MEAN: u16 = 4;
/// Columns of the central weights, if they fit.
const CENTRAL: u16 = 30;
/// The least width that fits the central weights.
const MIN_WIDTH_WITH_CENTRAL: u16 = 78;

pub(super) fn draw(state: &State, pen: &mut Pen<'_>, area: Rect) {
    let lang = state.lang;
    let found = state.answers.robustness.value.as_ref();
    let title = match found {
        None => tr!("Rank in samples", "样本中的名次"),
        Some(found) => tr!(
            "Rank in samples: {0}, n {1}, seed {2}",
            "样本中的名次：{0}，n {1}，种子 {2}",
            found.space,
            found.samples,
            found.seed
        ),
    };
    let inside = pen.frame(area, title.get(lang), true);
    match found {
        None => note(pen, inside, lang.pick("working", "计算中")),
        Some(found) => match &found.refused {
            Some(why) => note(pen, inside, why),
            None => draw_chances(state, pen, inside, found),
        },
    }
}

fn draw_chances(state: &State, pen: &mut Pen<'_>, area: Rect, found: &RobustnessPanel) {
    let (lang, look) = (state.lang, state.look);
    let style = if state
        .answers
        .robustness
        .is_fresh(state.session.generation())
    {
        Style::new()
    } else {
        look.dim()
    };
    let name = if state.is_narrow() { 14 } else { 18 };
    let has_central = area.width >= MIN_WIDTH_WITH_CENTRAL;
    let central = if has_central { CENTRAL } else { 0 };
    let room = area.width.saturating_sub(central + name + MEAN + 4);
    let ranks = usize::from(room / (SHARE + 1)).min(found.rows.len());

    let mut columns = vec![Constraint::Length(name)];
    let mut header = vec![Line::default()];
    for rank in 1..=ranks {
        columns.push(Constraint::Length(SHARE));
        header.push(cell(format!("{:>6}", format!("#{rank}")), look.dim()));
    }
    columns.push(Constraint::Length(MEAN));
    header.push(cell(lang.pick("mean", "均值"), look.dim()));
    if has_central {
        // What is left over lies before the central weights.
        columns.extend([Constraint::Fill(1), Constraint::Length(CENTRAL)]);
        let title = lang.pick("central weights", "中心权重");
        header.extend([Line::default(), cell(title, look.dim())]);
    }
    let [list, _, legend] = Layout::vertical([
        Constraint::Fill(1),
        Constraint::Length(1),
        Constraint::Length(1),
    ])
    .areas(area);
    ListTable::new(List::Chances, columns)
        .header(header)
        .draw(state, pen, list, |_, at, _| {
            let row = &found.rows[at];
            let mut cells = vec![cell(fit(&row.name, name.into(), look.ascii), style)];
            let shares = row.ranks.iter().zip(&row.shown).take(ranks);
            cells.extend(shares.map(|(share, (mark, percent))| {
                let emphasis = if *share >= 0.5 {
                    look.strong()
                } else {
                    Style::new()
                };
                cell(format!("{mark}{percent:>5}"), style.patch(emphasis))
            }));
            cells.push(cell(format!("{:>4}", row.mean), style));
            if has_central {
                let central = match &row.weights {
                    Some(weights) => cell(fit(weights, CENTRAL.into(), look.ascii), style),
                    None => cell(lang.pick("never first", "从不居首"), look.dim()),
                };
                cells.extend([Line::default(), central]);
            }
            cells
        });
    let text = if has_central {
        lang.pick(
            "## >=50  ++ >=25  :: >=10  .. >=1 %    central weights: the mean of the weights that make it first",
            "## >=50  ++ >=25  :: >=10  .. >=1 %    中心权重：使其居首的权重的均值",
        )
    } else {
        "## >=50  ++ >=25  :: >=10  .. >=1 %"
    };
    let text = fit(text, legend.width.saturating_sub(1).into(), look.ascii);
    pen.put(legend, 1, 0, &text, look.dim());
}

pub(super) fn export(state: &State) -> ExportTable {
    let found = state.answers.robustness.value.as_ref();
    let rows = found.map_or(&[][..], |found| &found.rows);
    let candidate = state.lang.pick("candidate", "候选").to_owned();
    let ranks = (1..=rows.len()).map(|rank| format!("#{rank}"));
    let row = |chances: &RankChances| {
        let shares = chances.ranks.iter();
        let shares = shares.map(|share| crate::view::figure::percent(*share));
        std::iter::once(chances.name.clone())
            .chain(shares)
            .collect()
    };
    ExportTable {
        header: std::iter::once(candidate).chain(ranks).collect(),
        rows: rows.iter().map(row).collect(),
    }
}
