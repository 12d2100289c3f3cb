//! What would turn the ranking: the range of each weight that keeps the winner, the value of each input at which another wins,
//! and how far each input moves the lead.

use crate::analysis::{break_even, stability, tornado};
use crate::eval::{InputId, Plan};
use crate::lang::Lang;
use crate::rank::Params;
use crate::view::figure;

/// The weights and inputs that matter.
#[derive(Clone, Debug, Default)]
pub struct Sensitivity {
    /// Who is first.
    pub winner: Option<String>,
    /// How far it leads.
    pub lead: Option<String>,
    /// One range a criterion.
    pub ranges: Vec<Range>,
    /// The longest bars first.
    pub bars: Vec<Bar>,
}

/// For which shares the winner stays first.
#[derive(Clone, Debug)]
pub struct Range {
    /// The criterion, by place.
    pub criterion: usize,
    /// Its share.
    pub share: f64,
    /// From and to.
    pub keeps: (f64, f64),
    /// Who takes over below.
    pub below: Option<String>,
    /// Who takes over above.
    pub above: Option<String>,
}

/// How one input moves the lead.
#[derive(Clone, Debug)]
pub struct Bar {
    /// The name under which `--set` changes it.
    pub input: String,
    /// What it is called, with whose it is.
    pub title: String,
    /// The lead at the low and at the high end; `None` where somebody drops out.
    pub lead: [Option<f64>; 2],
    /// Both ends for people.
    pub ends: [String; 2],
    /// The input now.
    pub now: String,
    /// The lead now.
    pub base: f64,
    /// Values at which another wins, and who: ascending.
    pub flips: Vec<(String, String)>,
    /// Who wins at the low end.
    pub from: String,
}

/// Ranges of the weights alone: quick.
#[must_use]
pub fn ranges(plan: &Plan<'_>, lang: Lang) -> Vec<Range> {
    let method = crate::rank::find(crate::analysis::ranking::DEFAULT_METHOD)
        .expect("the default method is in the list");
    let Ok(found) = stability::stability(plan, method, &Params::none()) else {
        return Vec::new();
    };
    let name = |c: Option<usize>| c.map(|c| plan.decision.candidates[c].name.get(lang).to_owned());
    let range = |i: &stability::Interval| Range {
        criterion: i.criterion,
        share: i.share,
        keeps: i.keeps,
        below: name(i.below),
        above: name(i.above),
    };
    found.intervals.iter().map(range).collect()
}

/// Most bars that are worth a look.
const MOST: usize = 60;

/// Ranges, tornado and break-evens.
#[must_use]
pub fn view(plan: &Plan<'_>, lang: Lang) -> Sensitivity {
    let shares = plan.shares();
    if shares.iter().all(|s| *s <= 0.0) {
        return Sensitivity::default();
    }
    let drawn = tornado::tornado(plan, &shares);
    let turns = break_even::break_evens(plan, &shares);
    let name = |c: Option<usize>| {
        c.map_or_else(
            || lang.pick("nobody", "无").to_owned(),
            |c| plan.decision.candidates[c].name.get(lang).to_owned(),
        )
    };
    let title = |input: InputId| {
        let own = plan.graph.nodes[input.node].title.get(lang);
        input.candidate.map_or_else(
            || own.to_owned(),
            |c| format!("{own} · {}", plan.decision.candidates[c].name.get(lang)),
        )
    };
    let mut bars: Vec<Bar> = drawn
        .bars
        .iter()
        .map(|bar| {
            let node = &plan.graph.nodes[bar.input.node];
            let of = |x: f64| figure::of_node(plan.decision, node, x, lang);
            let turn = turns.inputs.iter().find(|t| t.input == bar.input);
            Bar {
                input: plan.input_name(bar.input),
                title: title(bar.input),
                lead: bar.lead.map(|x| x.is_finite().then_some(x)),
                ends: bar.at.map(of),
                now: of(plan
                    .leaf(bar.input.node, bar.input.candidate.unwrap_or(0))
                    .point()),
                base: if drawn.lead.is_finite() {
                    drawn.lead
                } else {
                    0.0
                },
                flips: turn.map_or_else(Vec::new, |t| {
                    t.flips.iter().map(|f| (of(f.at), name(f.winner))).collect()
                }),
                from: name(turn.and_then(|t| t.below)),
            }
        })
        .collect();
    // What turns the ranking says more than what only moves the lead.
    bars.sort_by_key(|bar| bar.flips.is_empty());
    bars.truncate(MOST);
    Sensitivity {
        winner: drawn.winner.map(|c| name(Some(c))),
        lead: drawn.lead.is_finite().then(|| figure::score(drawn.lead)),
        ranges: ranges(plan, lang),
        bars,
    }
}
