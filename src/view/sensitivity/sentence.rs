//! The findings of a sensitivity analysis as sentences, in each input's own unit.

use super::Speaker;
use crate::analysis::break_even::{BreakEven, Flip};
use crate::analysis::stability::{WeightChange, WeightInterval};
use crate::lang::Text;
use crate::tr;
use crate::view::figure::{number, percent};

/// Limit on the flips that a sentence names; more are counted.
const TOLD: usize = 4;

pub(super) fn weight(speaker: &Speaker<'_>, winner: usize, interval: &WeightInterval) -> Text {
    let name = speaker.name(winner);
    let (low, high) = (percent(interval.keeps.0), percent(interval.keeps.1));
    let mut sentence = match (interval.below, interval.above) {
        (None, None) if interval.keeps == (0.0, 1.0) => tr!(
            "{name} stays first whatever this weight is",
            "无论该权重如何，{name} 都保持第一"
        ),
        _ => tr!(
            "{name} stays first from {low} to {high}",
            "在 {low} 到 {high} 之间 {name} 保持第一"
        ),
    };
    if let Some(rival) = interval.below {
        let rival = speaker.name(rival);
        sentence.push(&tr!("; below it {rival}", "；低于此区间则为 {rival}"));
    }
    if let Some(rival) = interval.above {
        let rival = speaker.name(rival);
        sentence.push(&tr!("; above it {rival}", "；高于此区间则为 {rival}"));
    }
    sentence
}

pub(super) fn change(speaker: &Speaker<'_>, share: f64, change: &WeightChange) -> Text {
    let title = &speaker.plan.graph.criteria[change.criterion].title;
    let (over, under) = (speaker.name(change.over), speaker.name(change.under));
    if change.absolute == 0.0 {
        return tr!(
            "{over} and {under} are level: any change of the weight of {title} parts them",
            "{over} 与 {under} 并列：{title}的权重稍有变化即分出先后"
        );
    }
    let to = percent(change.to);
    if !change.relative.is_finite() {
        return tr!(
            "giving {title} a weight of {to} is enough for {under} to overtake {over}",
            "给{title} {to} 的权重，就足以让 {under} 超过 {over}"
        );
    }
    let by = match change.relative {
        // "By 3275 %" says less than "33.8 times".
        grown if grown >= 2.0 => {
            let times = number(1.0 + grown);
            tr!("to {times} times what it is", "到现在的 {times} 倍")
        }
        other => {
            let part = percent(other.abs());
            tr!("by {part}", " {part}")
        }
    };
    let (way, reaches) = if change.absolute > 0.0 {
        (tr!("raising", "提高"), tr!("to", "升至"))
    } else {
        (tr!("lowering", "降低"), tr!("to", "降至"))
    };
    let from = percent(share);
    // Two shares that are rounded to the same figure are shown once.
    let shares = if from == to {
        tr!("now {from} of all weight", "现为总权重的 {from}")
    } else {
        tr!(
            "from {from} {reaches} {to} of all weight",
            "即由总权重的 {from} {reaches} {to}"
        )
    };
    tr!(
        "{way} the weight of {title} {by}, {shares}, is enough for {under} to overtake {over}",
        "{title}的权重{way}{by}，{shares}，就足以让 {under} 超过 {over}"
    )
}

pub(super) fn break_even(speaker: &Speaker<'_>, present: Option<usize>, found: &BreakEven) -> Text {
    let amount = |x: f64| speaker.amount(found.input, x);
    let place =
        |flip: &Flip| speaker.amount(found.input, speaker.told(found.input, flip.at, flip.error));
    let below = speaker.name_or_none(found.below);
    match found.flips.as_slice() {
        [] => {
            let (low, high) = (amount(found.domain.low), amount(found.domain.high));
            match present {
                Some(_) => tr!(
                    "{below} stays first from {low} to {high}",
                    "在 {low} 到 {high} 之间 {below} 始终第一"
                ),
                None => tr!(
                    "no candidate is ranked from {low} to {high}",
                    "在 {low} 到 {high} 之间无人参与排名"
                ),
            }
        }
        [one] => {
            let (at, above) = (place(one), speaker.name_or_none(one.winner));
            tr!(
                "{above} wins from {at} up; below it {below}",
                "{at} 起 {above} 胜出；低于它则为 {below}"
            )
        }
        flips if flips.len() <= TOLD => {
            let first = place(&flips[0]);
            let mut sentence = tr!("{below} wins below {first}", "低于 {first} 时 {below} 胜出");
            for (at, flip) in flips.iter().enumerate() {
                let (name, from) = (speaker.name_or_none(flip.winner), place(flip));
                sentence.push(&match flips.get(at + 1) {
                    Some(next) => {
                        let to = place(next);
                        tr!("; {name} from {from} to {to}", "；{from} 到 {to} 为 {name}")
                    }
                    None => tr!("; {name} from {from} up", "；{from} 起为 {name}"),
                });
            }
            sentence
        }
        flips => {
            let count = flips.len();
            let mut sentence = tr!("the winner changes {count} times", "第一名变化 {count} 次");
            let above = flips.iter().find(|f| f.at > found.value);
            let under = flips.iter().rposition(|f| f.at <= found.value);
            if let Some(at) = under {
                let before = at.checked_sub(1).map_or(found.below, |b| flips[b].winner);
                let (name, value) = (speaker.name_or_none(before), place(&flips[at]));
                sentence.push(&tr!(
                    "; nearest below the present value: {name} up to {value}",
                    "；在现值以下最近的一次：{value} 以下为 {name}"
                ));
            }
            if let Some(flip) = above {
                let (name, value) = (speaker.name_or_none(flip.winner), place(flip));
                sentence.push(&tr!(
                    "; nearest above it: {name} from {value}",
                    "；在现值以上最近的一次：{value} 起为 {name}"
                ));
            }
            sentence
        }
    }
}
