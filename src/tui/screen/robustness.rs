//! 4 Robustness: how often each candidate comes where, and the weights that would make it first.

use ratatui::layout::Rect;
use ratatui::style::Style;

use super::{Table, note, rows};
use crate::tui::state::{List, State};
use crate::tui::widget::{Pen, fit, pad};

pub(super) fn draw(state: &State, pen: &mut Pen<'_>, area: Rect) {
    let lang = state.lang;
    let ascii = state.look.ascii;
    let found = state.robustness.value.as_ref();
    let title = found.map_or_else(
        || lang.pick("Rank in samples", "样本中的名次").to_owned(),
        |f| {
            let (space, samples, seed) = (&f.space, f.samples, f.seed);
            match lang {
                crate::lang::Lang::En => {
                    format!("Rank in samples: {space}, n {samples}, seed {seed}")
                }
                crate::lang::Lang::Zh => format!("样本中的名次：{space}，n {samples}，种子 {seed}"),
            }
        },
    );
    let inside = pen.frame(area, &title, true);
    let Some(found) = found else {
        note(pen, inside, lang.pick("working", "计算中"));
        return;
    };
    if let Some(why) = &found.refused {
        note(pen, inside, why);
        return;
    }
    let stale = if state.robustness.is_fresh(state.session.generation()) {
        Style::new()
    } else {
        state.look.dim()
    };
    let name = if state.is_narrow() { 14 } else { 18 };
    let central = if inside.width >= 78 { 30 } else { 0 };
    let ranks = usize::from(inside.width.saturating_sub(central + 10)).saturating_sub(name) / 8;
    let ranks = ranks.min(found.rows.len());
    let mut head = format!("  {} ", pad("", name, ascii));
    for r in 1..=ranks {
        head += &pad(&format!("   #{r}"), 8, ascii);
    }
    head += lang.pick("mean ", "均值 ");
    let x = pen.put(inside, 0, 0, &head, state.look.dim());
    let at = x.max(inside.width.saturating_sub(central));
    if central > 0 {
        pen.put(
            inside,
            at,
            0,
            lang.pick("weights that make it #1", "使其居首的权重"),
            state.look.dim(),
        );
    }
    let list = Rect {
        y: inside.y + 1.min(inside.height),
        height: inside.height.saturating_sub(3),
        ..inside
    };
    rows(state, pen, list, List::Chances, |pen, i, y| {
        let row = &found.rows[i];
        let mut x = pen.put(
            list,
            1,
            y,
            &format!(" {} ", pad(&row.name, name, ascii)),
            stale,
        );
        for (p, (mark, percent)) in row.ranks.iter().zip(&row.shown).take(ranks) {
            let style = if *p >= 0.5 {
                state.look.strong()
            } else {
                Style::new()
            };
            x = pen.put(
                list,
                x,
                y,
                &format!("{mark}{percent:>5} "),
                stale.patch(style),
            );
        }
        pen.put(list, x, y, &format!("{:>4}", row.mean), stale);
        if central > 0 {
            let (text, style) = match &row.weights {
                Some(weights) => (weights.as_str(), stale),
                None => (lang.pick("never wins", "从不居首"), state.look.dim()),
            };
            pen.put(list, at, y, &fit(text, usize::from(central), ascii), style);
        }
    });
    let legend = if central > 0 {
        lang.pick(
            "## >=50  ++ >=25  :: >=10  .. >=1 %    central weights: any drawn, mean of its wins",
            "## >=50  ++ >=25  :: >=10  .. >=1 %    中心权重：任取权重时其获胜权重的均值",
        )
    } else {
        "## >=50  ++ >=25  :: >=10  .. >=1 %"
    };
    pen.put(
        inside,
        1,
        inside.height.saturating_sub(1),
        legend,
        state.look.dim(),
    );
}

pub(super) fn table(state: &State) -> Table {
    let rows = state.robustness.value.as_ref().map_or(&[][..], |r| &r.rows);
    let ranks = rows.len();
    let head = std::iter::once(state.lang.pick("candidate", "候选").to_owned())
        .chain((1..=ranks).map(|r| format!("#{r}")))
        .collect();
    let row = |c: &crate::view::explore::robustness::Chances| {
        std::iter::once(c.name.clone())
            .chain(c.ranks.iter().map(|p| crate::view::figure::percent(*p)))
            .collect()
    };
    (head, rows.iter().map(row).collect())
}
