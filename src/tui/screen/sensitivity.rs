//! 3 Sensitivity: how far each input moves the lead and where another wins; for which weights the first stays first.

use ratatui::layout::Rect;
use ratatui::style::Style;

use super::{Table, called, head, note, rows, split};
use crate::tui::state::{List, State};
use crate::tui::widget::{Pen, fit, interval};
use crate::view::explore::sensitivity::Bar;
use crate::view::figure;

pub(super) fn draw(state: &State, pen: &mut Pen<'_>, area: Rect) {
    let [left, right] = split(state, area, area.width * 3 / 5);
    if let Some(area) = left {
        bars(state, pen, area);
    }
    if let Some(area) = right {
        ranges(state, pen, area);
    }
}

fn bars(state: &State, pen: &mut Pen<'_>, area: Rect) {
    let lang = state.lang;
    let ascii = state.look.ascii;
    let inside = pen.frame(
        area,
        lang.pick(
            "Lead of #1 when an input moves over its range",
            "各输入变动时第一名的领先幅度",
        ),
        state.list() == List::Bars,
    );
    let Some(found) = &state.sensitivity.value else {
        note(pen, inside, lang.pick("working", "计算中"));
        return;
    };
    if found.bars.is_empty() {
        note(
            pen,
            inside,
            lang.pick(
                "No input moves the ranking, or nobody is ranked.",
                "没有输入影响排名，或没有候选有名次。",
            ),
        );
        return;
    }
    let bars = state.shown_bars();
    let stale = if state.sensitivity.is_fresh(state.session.generation()) {
        Style::new()
    } else {
        state.look.dim()
    };
    let foot = if inside.height > 10 { 4 } else { 0 };
    let list = Rect {
        height: inside.height - foot,
        ..inside
    };
    let name = usize::from(inside.width * 2 / 5);
    let room = usize::from(inside.width).saturating_sub(name + 3);
    let all = || {
        found
            .bars
            .iter()
            .flat_map(|b| b.lead.into_iter().flatten().chain([b.base]))
    };
    let (low, high) = all().fold((0.0_f64, 1e-9_f64), |(lo, hi), x| (lo.min(x), hi.max(x)));
    let at = |x: f64| {
        (((x - low) / (high - low)).clamp(0.0, 1.0) * room.saturating_sub(1) as f64).round()
            as usize
    };
    rows(state, pen, list, List::Bars, |pen, i, y| {
        let bar = bars[i];
        let x = pen.put(
            list,
            1,
            y,
            &format!(
                "{}{} ",
                if bar.flips.is_empty() { " " } else { "!" },
                called(&bar.title, name, ascii)
            ),
            stale,
        );
        let (zero, base) = (at(0.0), at(bar.base));
        let ends = bar.lead.map(|l| l.map(at));
        let (from, to) = (
            ends.iter()
                .flatten()
                .copied()
                .min()
                .unwrap_or(base)
                .min(base),
            ends.iter()
                .flatten()
                .copied()
                .max()
                .unwrap_or(base)
                .max(base),
        );
        let cell = |c: usize| {
            if Some(c) == ends[0] {
                '-'
            } else if Some(c) == ends[1] {
                '+'
            } else if c == base {
                '|'
            } else if c == zero && low < 0.0 {
                '0'
            } else if c >= from && c <= to {
                '='
            } else {
                ' '
            }
        };
        pen.put(list, x, y, &(0..room).map(cell).collect::<String>(), stale);
    });
    if foot > 0
        && let Some(bar) = bars.get(state.cursor(List::Bars))
    {
        let foot = Rect {
            y: inside.y + inside.height - foot,
            height: foot,
            ..inside
        };
        let turned = if bar.flips.is_empty() {
            lang.pick(
                "no value of its range makes another first",
                "其范围内无取值使他者居首",
            )
            .to_owned()
        } else {
            turns(state, bar)
        };
        let lines = [
            format!("{} {}   {}", lang.pick("now", "当前"), bar.now, bar.input),
            format!("- {}   + {}", bar.ends[0], bar.ends[1]),
            turned,
            format!(
                "{} {}   ! {}",
                lang.pick("lead now", "当前领先"),
                found.lead.clone().unwrap_or_else(|| "-".to_owned()),
                lang.pick("turns the ranking", "会改变排名")
            ),
        ];
        for (y, line) in lines.iter().enumerate() {
            pen.put(
                foot,
                1,
                u16::try_from(y).unwrap_or(0),
                &fit(line, usize::from(foot.width.saturating_sub(1)), ascii),
                if y == 3 {
                    state.look.dim()
                } else {
                    Style::new()
                },
            );
        }
    }
}

/// Who is first below, and from which values on others are: `Flask first; from 6,277 req/s Gin`.
pub(super) fn turns(state: &State, bar: &Bar) -> String {
    let lang = state.lang;
    let flips = bar.flips.iter().take(4).map(|(at, who)| match lang {
        crate::lang::Lang::En => format!("; from {at} {who}"),
        crate::lang::Lang::Zh => format!("；自 {at} 起 {who}"),
    });
    format!(
        "{} {}{}",
        bar.from,
        lang.pick("first", "居首"),
        flips.collect::<String>()
    )
}

fn ranges(state: &State, pen: &mut Pen<'_>, area: Rect) {
    let lang = state.lang;
    let inside = pen.frame(
        area,
        lang.pick("Weights that keep #1", "保持第一名的权重范围"),
        state.list() == List::Ranges,
    );
    let all = &state.views.ranges;
    if all.is_empty() {
        note(pen, inside, lang.pick("nobody is ranked", "没有候选有名次"));
        return;
    }
    let bar = usize::from(inside.width).saturating_sub(20).min(30);
    rows(state, pen, inside, List::Ranges, |pen, i, y| {
        let r = &all[i];
        let c = &state.views.board.criteria[r.criterion];
        let x = pen.put(
            inside,
            1,
            y,
            &c.letter.to_string(),
            state.look.hue(r.criterion).patch(state.look.strong()),
        );
        let x = pen.put(
            inside,
            x,
            y,
            &format!(
                "{:>7} {} ",
                c.percent.replace(' ', ""),
                interval(r.keeps.0, r.keeps.1, r.share, bar)
            ),
            Style::new(),
        );
        let who: Vec<&str> = [&r.below, &r.above]
            .into_iter()
            .flatten()
            .map(String::as_str)
            .collect();
        pen.put(inside, x, y, &who.join("|"), Style::new());
    });
}

pub(super) fn table(state: &State, list: List) -> Table {
    if list == List::Ranges {
        let row = |r: &crate::view::explore::sensitivity::Range| {
            let c = state.views.board.criteria.get(r.criterion);
            let keeps = format!(
                "{}..{}",
                figure::percent(r.keeps.0),
                figure::percent(r.keeps.1)
            );
            vec![
                c.map_or_else(String::new, |c| c.title.clone()),
                keeps,
                r.below.clone().unwrap_or_default(),
                r.above.clone().unwrap_or_default(),
            ]
        };
        return (
            head(
                state,
                [
                    ("criterion", "准则"),
                    ("keeps #1", "保持第一"),
                    ("below", "以下"),
                    ("above", "以上"),
                ],
            ),
            state.views.ranges.iter().map(row).collect(),
        );
    }
    let bars = state.shown_bars();
    let row = |b: &&Bar| {
        let flips = b
            .flips
            .iter()
            .map(|(at, who)| format!("{at}: {who}"))
            .collect::<Vec<_>>()
            .join("; ");
        vec![
            b.input.clone(),
            b.now.clone(),
            b.ends[0].clone(),
            b.ends[1].clone(),
            flips,
        ]
    };
    (
        head(
            state,
            [
                ("input", "输入"),
                ("now", "当前"),
                ("low", "低端"),
                ("high", "高端"),
                ("another wins from", "自此他者居首"),
            ],
        ),
        bars.iter().map(row).collect(),
    )
}
