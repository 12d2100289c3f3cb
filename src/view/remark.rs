//! Remarks on a decision that is sound but may not say what its author means: criteria that cannot tell the candidates apart,
//! anchors that candidates exceed, inputs that reach most of the weight.

use crate::analysis::clipping::held_criteria;
use crate::analysis::influence::{self, InputReach};
use crate::analysis::standing::Standing;
use crate::eval::{Evaluation, Plan};
use crate::lang::Text;
use crate::tr;
use crate::view::figure;

/// A criterion whose effect is below this part of the score does not tell the candidates apart.
const NO_EFFECT: f64 = 1e-9;
/// Candidates that a remark names.
const MOST_NAMED: usize = 3;

/// All remarks on a decision, as `weigh check` lists them.
#[must_use]
pub fn remarks(plan: &Plan<'_>) -> Vec<Text> {
    let standing = Standing::of(plan, &plan.shares());
    let mut all = held(plan, &standing.evaluation);
    all.extend(flat(plan, &standing));
    all.extend(wide(plan));
    all
}

/// The criteria that hold candidates at 0 or 1.
#[must_use]
pub fn held(plan: &Plan<'_>, evaluation: &Evaluation) -> Vec<Text> {
    let names = |all: &[usize]| {
        let named = all.iter().take(MOST_NAMED);
        let names: Vec<Text> = named
            .map(|&c| plan.decision.candidates[c].name.clone())
            .collect();
        let list = Text::list(&names);
        let more = all.len().saturating_sub(MOST_NAMED);
        if more > 0 {
            tr!("{list} and {more} more", "{list} 等另外 {more} 个")
        } else {
            list
        }
    };
    let mut all = Vec::new();
    for own in held_criteria(plan, evaluation) {
        let id = &plan.graph.criteria[own.criterion].id;
        if !own.below.is_empty() {
            let who = names(&own.below);
            all.push(tr!(
                "`{id}` holds {who} at 0: beyond its worst anchor",
                "`{id}` 将 {who} 记为 0：超出最差锚点"
            ));
        }
        if !own.above.is_empty() {
            let who = names(&own.above);
            all.push(tr!(
                "`{id}` holds {who} at 1: beyond its best anchor",
                "`{id}` 将 {who} 记为 1：超出最佳锚点"
            ));
        }
    }
    all
}

/// The criteria with weight on which all ranked candidates have the same value.
fn flat(plan: &Plan<'_>, standing: &Standing) -> Vec<Text> {
    let criteria = influence::criteria(&standing.evaluation, &standing.order).into_iter();
    let flat = criteria.filter(|own| own.effect <= NO_EFFECT);
    flat.map(|own| {
        let id = &plan.graph.criteria[own.criterion].id;
        let share = figure::percent(own.share);
        tr!(
            "`{id}` has {share} of the weight but cannot tell these candidates apart",
            "`{id}` 占 {share} 的权重，却无法区分这些候选"
        )
    })
    .collect()
}

/// The inputs that reach more than half of the weight through several criteria.
fn wide(plan: &Plan<'_>) -> Vec<Text> {
    let reaches = influence::reach(plan).into_iter();
    let wide = reaches.filter(is_wide);
    wide.map(|own| {
        let (share, list) = (figure::percent(own.reach), criteria_of(plan, &own));
        let names = own
            .inputs
            .iter()
            .map(|input| Text::name(format!("`{input}`")));
        let inputs = Text::list(&names.collect::<Vec<_>>());
        let s = if own.inputs.len() == 1 { "s" } else { "" };
        tr!(
            "{inputs} affect{s} {share} of the weight, through {list}",
            "{inputs} 通过 {list} 影响 {share} 的权重"
        )
    })
    .collect()
}

/// Says that the team's experience counts in several of the weighed criteria, which overlap by construction.
#[must_use]
pub fn overlap(plan: &Plan<'_>) -> Option<Text> {
    plan.decision.team.as_ref()?;
    let experience = |own: &InputReach| own.inputs.iter().any(|i| i == influence::EXPERIENCE);
    let own = influence::reach(plan)
        .into_iter()
        .find(|own| experience(own) && is_wide(own))?;
    let (share, list) = (figure::percent(own.reach), criteria_of(plan, &own));
    Some(tr!(
        "{list} overlap: the team's experience is in each of them, {share} of the weight together",
        "{list} 相互重叠：团队经验包含在其中每一项，合计占 {share} 的权重"
    ))
}

fn is_wide(own: &InputReach) -> bool {
    own.reach > 0.5 && own.criteria.len() > 1
}

fn criteria_of(plan: &Plan<'_>, own: &InputReach) -> String {
    let ids = own.criteria.iter();
    let ids = ids.map(|&k| plan.graph.criteria[k].id.as_str());
    ids.collect::<Vec<_>>().join(", ")
}
