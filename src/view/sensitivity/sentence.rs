//! What sensitivity found, said in words and in each input's own unit.

use super::Speaker;
use crate::analysis::break_even::BreakEven;
use crate::analysis::stability::{Change, Interval};
use crate::lang::Text;
use crate::tr;
use crate::view::figure::{number, percent};

/// Flips that a sentence names before it only counts them.
const TOLD: usize = 4;

fn names(speaker: &Speaker<'_>, winner: Option<usize>) -> Text {
    winner.map_or_else(|| tr!("nobody", "无人"), |c| speaker.name(c).clone())
}

pub(super) fn weight(speaker: &Speaker<'_>, winner: usize, interval: &Interval) -> Text {
    let name = speaker.name(winner);
    let (low, high) = (percent(interval.keeps.0), percent(interval.keeps.1));
    let mut said = match (interval.below, interval.above) {
        (None, None) if interval.keeps == (0.0, 1.0) => Text {
            en: format!("{} stays first whatever this weight is", name.en),
            zh: format!("无论该权重如何，{} 都保持第一", name.zh),
        },
        _ => Text {
            en: format!("{} stays first from {low} to {high}", name.en),
            zh: format!("在 {low} 到 {high} 之间 {} 保持第一", name.zh),
        },
    };
    for (rival, en, zh) in [
        (interval.below, "below it", "低于此区间"),
        (interval.above, "above it", "高于此区间"),
    ] {
        if let Some(rival) = rival {
            let rival = speaker.name(rival);
            said.en += &format!("; {en} {}", rival.en);
            said.zh += &format!("；{zh}则为 {}", rival.zh);
        }
    }
    said
}

pub(super) fn change(speaker: &Speaker<'_>, share: f64, change: &Change) -> Text {
    let title = &speaker.plan.graph.criteria[change.criterion].title;
    let (over, under) = (speaker.name(change.over), speaker.name(change.under));
    if change.absolute == 0.0 {
        return Text {
            en: format!(
                "{} and {} are level: any change of the weight of {} parts them",
                over.en, under.en, title.en
            ),
            zh: format!(
                "{} 与 {} 并列：{}的权重稍有变化即分出先后",
                over.zh, under.zh, title.zh
            ),
        };
    }
    let to = percent(change.to);
    if !change.relative.is_finite() {
        return Text {
            en: format!(
                "giving {} a weight of {to} is enough for {} to overtake {}",
                title.en, under.en, over.en
            ),
            zh: format!(
                "给{} {to} 的权重，就足以让 {} 超过 {}",
                title.zh, under.zh, over.zh
            ),
        };
    }
    let from = percent(share);
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
    let (way, turned, reaches) = if change.absolute > 0.0 {
        ("raising", "提高", "升至")
    } else {
        ("lowering", "降低", "降至")
    };
    // A step that rounding hides is told by where it begins alone.
    let shares = if from == to {
        tr!("now {from} of all weight", "现为总权重的 {from}")
    } else {
        tr!(
            "from {from} to {to} of all weight",
            "即由总权重的 {from} {reaches} {to}"
        )
    };
    Text {
        en: format!(
            "{way} the weight of {} {}, {}, is enough for {} to overtake {}",
            title.en, by.en, shares.en, under.en, over.en
        ),
        zh: format!(
            "{}的权重{turned}{}，{}，就足以让 {} 超过 {}",
            title.zh, by.zh, shares.zh, under.zh, over.zh
        ),
    }
}

pub(super) fn break_even(speaker: &Speaker<'_>, present: Option<usize>, found: &BreakEven) -> Text {
    let amount = |x: f64| speaker.amount(found.input, x);
    let below = names(speaker, found.below);
    match found.flips.as_slice() {
        [] => {
            let (low, high) = (amount(found.domain.low), amount(found.domain.high));
            match present {
                Some(_) => Text {
                    en: format!("{} stays first from {low} to {high}", below.en),
                    zh: format!("在 {low} 到 {high} 之间 {} 始终第一", below.zh),
                },
                None => tr!(
                    "nobody is ranked from {low} to {high}",
                    "在 {low} 到 {high} 之间无人参与排名"
                ),
            }
        }
        [one] => {
            let (at, above) = (amount(one.at), names(speaker, one.winner));
            Text {
                en: format!("{} wins from {at} up; below it {}", above.en, below.en),
                zh: format!("{at} 起 {} 胜出；低于它则为 {}", above.zh, below.zh),
            }
        }
        flips if flips.len() <= TOLD => {
            let first = amount(flips[0].at);
            let mut said = Text {
                en: format!("{} wins below {first}", below.en),
                zh: format!("低于 {first} 时 {} 胜出", below.zh),
            };
            for (at, flip) in flips.iter().enumerate() {
                let (name, from) = (names(speaker, flip.winner), amount(flip.at));
                match flips.get(at + 1) {
                    Some(next) => {
                        let to = amount(next.at);
                        said.en += &format!("; {} from {from} to {to}", name.en);
                        said.zh += &format!("；{from} 到 {to} 为 {}", name.zh);
                    }
                    None => {
                        said.en += &format!("; {} from {from} up", name.en);
                        said.zh += &format!("；{from} 起为 {}", name.zh);
                    }
                }
            }
            said
        }
        flips => {
            let count = flips.len();
            let mut said = tr!("the winner changes {count} times", "第一名变化 {count} 次");
            let above = flips.iter().find(|f| f.at > found.value);
            let under = flips.iter().rposition(|f| f.at <= found.value);
            if let Some(at) = under {
                let before = at.checked_sub(1).map_or(found.below, |b| flips[b].winner);
                let (name, value) = (names(speaker, before), amount(flips[at].at));
                said.en += &format!(
                    "; nearest below the present value: {} up to {value}",
                    name.en
                );
                said.zh += &format!("；在现值以下最近的一次：{value} 以下为 {}", name.zh);
            }
            if let Some(flip) = above {
                let (name, value) = (names(speaker, flip.winner), amount(flip.at));
                said.en += &format!("; nearest above it: {} from {value}", name.en);
                said.zh += &format!("；在现值以上最近的一次：{value} 起为 {}", name.zh);
            }
            said
        }
    }
}
