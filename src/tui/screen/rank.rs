//! 1 Rank: weight sliders left, contributions as stacked bars right, below them where a lead comes from.

use ratatui::layout::Rect;
use ratatui::style::Style;

use super::{Table, head, note, rows, split};
use crate::tui::state::{List, State};
use crate::tui::widget::{Pen, Target, blocks, fit, interval, pad, slider, wrap};
use crate::view::explore::board::{Standing, gap};

/// Rows that two panes above each other need.
const STACKED: u16 = 12;

pub(super) fn draw(state: &State, pen: &mut Pen<'_>, area: Rect) {
    // A narrow terminal that is high enough has the weights above the ranking: what a weight does is seen at once.
    if state.is_narrow() && area.height >= STACKED {
        let count = u16::try_from(state.views.board.criteria.len()).unwrap_or(u16::MAX);
        let high = count.saturating_add(2).min(area.height / 2);
        weights(
            state,
            pen,
            Rect {
                height: high,
                ..area
            },
        );
        ranking(
            state,
            pen,
            Rect {
                y: area.y + high,
                height: area.height - high,
                ..area
            },
        );
        return;
    }
    let left = if area.width >= 110 {
        48
    } else {
        (area.width * 9 / 20).min(42)
    };
    let [weights_area, ranking_area] = split(state, area, left);
    if let Some(area) = weights_area {
        weights(state, pen, area);
    }
    if let Some(area) = ranking_area {
        let parts = u16::try_from(state.views.board.criteria.len())
            .unwrap_or(u16::MAX)
            .min(8)
            + 2;
        let low = if area.height >= 16 {
            parts.min(area.height / 2)
        } else {
            0
        };
        ranking(
            state,
            pen,
            Rect {
                height: area.height - low,
                ..area
            },
        );
        if low > 0 {
            lead(
                state,
                pen,
                Rect {
                    y: area.y + area.height - low,
                    height: low,
                    ..area
                },
            );
        }
    }
}

fn weights(state: &State, pen: &mut Pen<'_>, area: Rect) {
    let lang = state.lang;
    let inside = pen.frame(
        area,
        lang.pick("Weights (points, share)", "权重（点数，份额）"),
        state.list() == List::Weights,
    );
    let board = &state.views.board;
    let knobs = state.session.knobs();
    let most = crate::tui::update::most(state);
    let count = u16::try_from(board.criteria.len()).unwrap_or(u16::MAX);
    let about = if inside.height > 14 { 8 } else { 0 };
    let snapshots = if inside.height > count.saturating_add(about + 4) {
        4
    } else {
        0
    };
    let list = Rect {
        height: inside.height.saturating_sub(about + snapshots).min(count),
        ..inside
    };
    let ascii = state.look.ascii;
    let bar = if inside.width >= 38 { 10_u16 } else { 8 };
    let title = usize::from(inside.width.saturating_sub(14 + bar));
    rows(state, pen, list, List::Weights, |pen, k, y| {
        let c = &board.criteria[k];
        let points = knobs.points[k];
        let x = pen.put(
            list,
            1,
            y,
            &c.letter.to_string(),
            state.look.hue(k).patch(state.look.strong()),
        );
        let x = pen.put(
            list,
            x + 1,
            y,
            &format!("{} ", pad(&c.title, title, ascii)),
            Style::new(),
        );
        pen.hit(
            Rect {
                x: list.x + x + 1,
                y: list.y + y,
                width: bar - 2,
                height: 1,
            },
            Target::Slider(List::Weights, k),
        );
        let x = pen.put(
            list,
            x,
            y,
            &slider(points, 0.0, most, usize::from(bar), ascii),
            state.look.hue(k),
        );
        let locked = if knobs.locked[k].is_some() { "*" } else { " " };
        pen.put(
            list,
            x,
            y,
            &format!(
                "{:>4}{locked}{:>5}",
                written(points),
                c.percent.replace(' ', "")
            ),
            Style::new(),
        );
    });
    let mut y = list.height + 1;
    let Some(c) = board.criteria.get(state.cursor(List::Weights)) else {
        return;
    };
    if about > 0 {
        let at = Rect {
            y: inside.y + y.min(inside.height),
            height: inside.height.saturating_sub(y),
            ..inside
        };
        let sum: f64 = knobs.points.iter().sum();
        let mut lines = vec![format!(
            "{} {}",
            lang.pick("sum of points", "点数合计"),
            written(sum)
        )];
        lines.push(format!("{}: {}", c.letter, c.swing));
        lines.extend(
            c.worth
                .as_ref()
                .map(|w| format!("{} {w}", lang.pick("0.01 of score =", "得分 0.01 ="))),
        );
        if let Some(range) = state
            .views
            .ranges
            .iter()
            .find(|r| r.criterion == state.cursor(List::Weights))
        {
            let percent = crate::view::figure::percent;
            let first = board.places.first().map_or("", |p| p.name.as_str());
            let between = format!("{}..{}", percent(range.keeps.0), percent(range.keeps.1));
            lines.push(match lang {
                crate::lang::Lang::En => format!("keeps {first} #1 at {between}"),
                crate::lang::Lang::Zh => format!("{first} 在 {between} 时居首"),
            });
            lines.push(format!(
                "0|{}|100",
                interval(
                    range.keeps.0,
                    range.keeps.1,
                    range.share,
                    usize::from(inside.width).saturating_sub(8)
                )
            ));
            let over = |who: &Option<String>| who.clone().unwrap_or_else(|| "-".to_owned());
            lines.push(format!(
                "{}{}   {}{}",
                lang.pick("below: ", "低于："),
                over(&range.below),
                lang.pick("above: ", "高于："),
                over(&range.above)
            ));
        }
        for (i, line) in lines.iter().take(usize::from(about)).enumerate() {
            pen.put(
                at,
                1,
                u16::try_from(i).unwrap_or(0),
                &fit(line, usize::from(inside.width.saturating_sub(1)), ascii),
                Style::new(),
            );
        }
        y += about;
    }
    if snapshots > 0 {
        let at = Rect {
            y: inside.y + inside.height - snapshots,
            height: snapshots,
            ..inside
        };
        pen.put(
            at,
            0,
            0,
            lang.pick("Snapshots", "快照"),
            state.look.strong(),
        );
        for (i, s) in state.session.snapshots.iter().rev().take(2).enumerate() {
            let name = if s.name == "baseline" {
                lang.pick("baseline", "基线")
            } else {
                &s.name
            };
            let candidates = &state.session.model().decision.candidates;
            let order = s
                .order
                .iter()
                .take(4)
                .filter_map(|id| candidates.iter().find(|c| c.id == *id));
            let order: Vec<&str> = order.map(|c| c.name.get(lang)).collect();
            let line = format!(" {} {}", pad(name, 9, ascii), order.join(" > "));
            pen.put(
                at,
                0,
                u16::try_from(i).unwrap_or(0) + 1,
                &fit(&line, usize::from(at.width), ascii),
                Style::new(),
            );
        }
        let n = &state.views.counts;
        let line = format!(
            "M {} R {} P {} J {} ? {} ! {}",
            n[0], n[1], n[2], n[3], n[4], n[5]
        );
        let named = format!("{} {line}", lang.pick("evidence", "证据"));
        let line = if super::width(&named) <= at.width {
            named
        } else {
            line
        };
        pen.put(
            at,
            0,
            3,
            &fit(&line, usize::from(at.width), ascii),
            state.look.dim(),
        );
    }
    let _ = y;
}

/// Points in four columns at most: adopted weights are seldom whole.
fn written(points: f64) -> String {
    if points.fract() == 0.0 {
        points.to_string()
    } else {
        format!("{points:.1}")
    }
}

/// `^1`, `v2`, `=`: against the last snapshot.
fn moved(state: &State, place: &Standing) -> String {
    let Some(before) = state
        .session
        .snapshots
        .last()
        .and_then(|s| s.order.iter().position(|id| *id == place.id))
    else {
        return "new".to_owned();
    };
    let now = place.rank;
    match (before + 1).cmp(&now) {
        std::cmp::Ordering::Greater => format!("^{}", before + 1 - now),
        std::cmp::Ordering::Less => format!("v{}", now - before - 1),
        std::cmp::Ordering::Equal => " =".to_owned(),
    }
}

fn ranking(state: &State, pen: &mut Pen<'_>, area: Rect) {
    let lang = state.lang;
    let ascii = state.look.ascii;
    let inside = pen.frame(
        area,
        lang.pick("Ranking", "排名"),
        state.list() == List::Places,
    );
    let board = &state.views.board;
    if board.weightless {
        note(
            pen,
            inside,
            lang.pick(
                "No weights: every criterion has 0 points, so nothing can be ranked. `l` gives points, `u` takes back.",
                "没有权重：所有准则均为 0 点，无法排名。按 `l` 增加点数，按 `u` 撤销。",
            ),
        );
        return;
    }
    let bars = inside.width >= 40;
    let name = if bars {
        usize::from((inside.width / 4).clamp(11, 24))
    } else {
        usize::from(inside.width.saturating_sub(17))
    };
    let bar = if bars {
        usize::from(inside.width).saturating_sub(name + 20)
    } else {
        0
    };
    let title = format!(
        "  # {} {} {}  +-",
        lang.pick("vs", "变"),
        pad(lang.pick("candidate", "候选"), name, ascii),
        lang.pick("total", "总分")
    );
    pen.put(inside, 0, 0, &title, state.look.dim());
    if bars {
        pen.put(
            inside,
            inside.width.saturating_sub(u16::try_from(bar).unwrap_or(0)),
            0,
            &format!("0{}1", " ".repeat(bar.saturating_sub(2))),
            state.look.dim(),
        );
    }
    let fresh = state.spread.is_fresh(state.session.generation());
    let spread = state.spread.value.as_ref();
    let list = Rect {
        y: inside.y + 1,
        height: inside.height.saturating_sub(2),
        ..inside
    };
    let shown = state.shown_places();
    rows(state, pen, list, List::Places, |pen, at, y| {
        let c = shown[at];
        let Some(place) = board.places.iter().find(|p| p.candidate == c) else {
            let Some(out) = board.out.iter().find(|o| o.candidate == c) else {
                return;
            };
            let why = out.reasons.first().map_or("", String::as_str);
            let mark = if out.screened { "x" } else { "?" };
            let line = format!(
                "{mark}    {} {}{why}",
                pad(&out.name, name, ascii),
                if out.screened {
                    lang.pick("gate: ", "关卡：")
                } else {
                    lang.pick("incomplete: ", "不全：")
                }
            );
            pen.put(
                list,
                2,
                y,
                &fit(&line, usize::from(list.width.saturating_sub(2)), ascii),
                state.look.dim(),
            );
            return;
        };
        let half = spread
            .and_then(|s| s.half.get(c).cloned().flatten())
            .unwrap_or_else(|| "  ".to_owned());
        let change = moved(state, place);
        let style = if change.starts_with('^') {
            state.look.good()
        } else if change.starts_with('v') {
            state.look.bad()
        } else {
            Style::new()
        };
        let x = pen.put(list, 1, y, &format!("{:>2} ", place.rank), Style::new());
        let x = pen.put(list, x, y, &pad(&change, 3, ascii), style);
        let x = pen.put(
            list,
            x,
            y,
            &format!("{} {} ", pad(&place.name, name, ascii), place.total),
            Style::new(),
        );
        pen.put(
            list,
            x,
            y,
            &half,
            if fresh {
                Style::new()
            } else {
                state.look.dim()
            },
        );
        if bars {
            let mut x = list.width.saturating_sub(u16::try_from(bar).unwrap_or(0));
            for (k, cells) in blocks(&place.parts, bar).into_iter().enumerate() {
                let letter = board.criteria[k].letter.to_string();
                x = pen.put(list, x, y, &letter.repeat(cells), state.look.bar(k));
            }
        }
    });
    foot(state, pen, inside, spread);
}

/// Ties and how the spread was found.
fn foot(
    state: &State,
    pen: &mut Pen<'_>,
    inside: Rect,
    spread: Option<&crate::view::explore::board::Spread>,
) {
    let board = &state.views.board;
    let range = |p: &Standing| spread.and_then(|s| s.range.get(p.candidate).copied().flatten());
    let mut line = String::new();
    if let [first, second, ..] = board.places.as_slice()
        && let (Some(a), Some(b)) = (range(first), range(second))
        && a.0 <= b.1
        && b.0 <= a.1
    {
        line += state
            .lang
            .pick("~ 1, 2: near tie (4)  ", "~ 1、2 近乎并列 (4)  ");
    }
    if let Some(s) = spread {
        line += &format!(
            "n {} {} {}",
            s.samples,
            state.lang.pick("seed", "种子"),
            s.seed
        );
    }
    if board.places.is_empty() {
        line = state
            .lang
            .pick(
                "nobody is ranked: 5 says why",
                "没有候选有名次：按 5 查看缘由",
            )
            .to_owned();
    }
    pen.put(
        inside,
        1,
        inside.height.saturating_sub(1),
        &fit(
            &line,
            usize::from(inside.width.saturating_sub(2)),
            state.look.ascii,
        ),
        state.look.dim(),
    );
}

fn lead(state: &State, pen: &mut Pen<'_>, area: Rect) {
    let board = &state.views.board;
    let lang = state.lang;
    let Some(first) = board.places.first() else {
        let inside = pen.frame(area, lang.pick("Why no rank", "为何没有名次"), false);
        let out = board.out.iter().find(|o| o.candidate == state.candidate);
        for (y, line) in out
            .iter()
            .flat_map(|o| &o.reasons)
            .flat_map(|r| wrap(r, usize::from(inside.width.saturating_sub(2))))
            .enumerate()
        {
            pen.put(
                inside,
                1,
                u16::try_from(y).unwrap_or(u16::MAX),
                &line,
                Style::new(),
            );
        }
        return;
    };
    if let Some(out) = board.out.iter().find(|o| o.candidate == state.candidate) {
        let inside = pen.frame(
            area,
            &format!("{}: {}", out.name, lang.pick("why no rank", "为何没有名次")),
            false,
        );
        let lines = out
            .reasons
            .iter()
            .flat_map(|r| wrap(r, usize::from(inside.width.saturating_sub(2))));
        for (y, line) in lines.enumerate() {
            pen.put(
                inside,
                1,
                u16::try_from(y).unwrap_or(u16::MAX),
                &line,
                Style::new(),
            );
        }
        return;
    }
    let second = board
        .places
        .iter()
        .find(|p| p.candidate == state.candidate && p.candidate != first.candidate)
        .or(board.places.get(1));
    let Some(second) = second else {
        pen.frame(area, &first.name, false);
        return;
    };
    let gap = gap(first, second);
    let title = match lang {
        crate::lang::Lang::En => {
            format!("Why {} leads {} by {}", first.name, second.name, gap.total)
        }
        crate::lang::Lang::Zh => {
            format!("{} 领先 {} {} 的原因", first.name, second.name, gap.total)
        }
    };
    let inside = pen.frame(area, &title, false);
    let widest = gap
        .parts
        .iter()
        .map(|p| p.amount.abs())
        .fold(1e-9, f64::max);
    let name = usize::from(inside.width / 3);
    let half = usize::from(inside.width).saturating_sub(name + 14) / 2;
    for (y, part) in gap.parts.iter().enumerate() {
        let y = u16::try_from(y).unwrap_or(u16::MAX);
        let c = &board.criteria[part.criterion];
        let cells = (part.amount.abs() / widest * half as f64).round() as usize;
        let x = pen.put(
            inside,
            1,
            y,
            &c.letter.to_string(),
            state.look.hue(part.criterion).patch(state.look.strong()),
        );
        let x = pen.put(
            inside,
            x + 1,
            y,
            &format!("{} {} ", pad(&c.title, name, state.look.ascii), part.shown),
            Style::new(),
        );
        let (left, right) = if part.amount < 0.0 {
            (cells, 0)
        } else {
            (0, cells)
        };
        let x = pen.put(
            inside,
            x,
            y,
            &format!("{}{}", " ".repeat(half - left), "*".repeat(left)),
            state.look.bad(),
        );
        let x = pen.put(inside, x, y, "|", state.look.dim());
        pen.put(inside, x, y, &"#".repeat(right), state.look.good());
    }
}

pub(super) fn table(state: &State, list: List) -> Table {
    let board = &state.views.board;
    if list == List::Weights {
        let points = &state.session.knobs().points;
        let rows = board.criteria.iter().zip(points).map(|(c, p)| {
            vec![
                c.title.clone(),
                p.to_string(),
                c.percent.clone(),
                c.swing.clone(),
            ]
        });
        return (
            head(
                state,
                [
                    ("criterion", "准则"),
                    ("points", "点数"),
                    ("share", "份额"),
                    ("swing", "摆幅"),
                ],
            ),
            rows.collect(),
        );
    }
    let shown = state.shown_places();
    let row = |c: &usize| match board.places.iter().find(|p| p.candidate == *c) {
        Some(p) => vec![p.name.clone(), p.total.clone(), p.rank.to_string()],
        None => vec![state.name(*c).to_owned(), "?".to_owned(), String::new()],
    };
    (
        head(
            state,
            [("candidate", "候选"), ("score", "得分"), ("rank", "名次")],
        ),
        shown.iter().map(row).collect(),
    )
}
