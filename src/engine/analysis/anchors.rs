//! Anchors that all candidates lie beyond, so that a criterion gives them the same value.

use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::eval::Plan;
use crate::tr;

/// Reports every criterion with weight whose anchors hold all candidates at the same end.
pub fn report(plan: &Plan<'_>, sink: &mut Diagnostics) {
    if !plan.clip {
        return;
    }
    for (k, slot) in plan.graph.criteria.iter().enumerate() {
        let Some((worst, best)) = slot.value.as_ref().and_then(|value| value.anchors()) else {
            continue;
        };
        let measures = (0..plan.candidates()).map(|c| plan.point[slot.node].of(c));
        let known: Vec<f64> = measures.filter(|measure| !measure.is_nan()).collect();
        if slot.share <= 0.0 || known.len() < 2 {
            continue;
        }
        let ends: Vec<Option<bool>> = known
            .iter()
            .map(|measure| plan.functions[k].held(*measure).map(|free| free > 0.5))
            .collect();
        let Some(is_best) = ends[0].filter(|end| ends.iter().all(|other| *other == Some(*end)))
        else {
            continue;
        };
        let id = &slot.id;
        let unit = &plan.graph.nodes[slot.node].unit;
        let of = |x: f64| unit.of_base(x);
        let least = of(known.iter().copied().fold(f64::INFINITY, f64::min));
        let most = of(known.iter().copied().fold(f64::NEG_INFINITY, f64::max));
        let suffix = unit.suffix();
        let (worst, best) = (of(worst), of(best));
        let anchor = if is_best { best } else { worst };
        let message = if is_best {
            tr!(
                "every candidate is beyond the best anchor of `{id}`",
                "所有候选都超出 `{id}` 的最佳锚点"
            )
        } else {
            tr!(
                "every candidate is beyond the worst anchor of `{id}`",
                "所有候选都超出 `{id}` 的最差锚点"
            )
        };
        let (least, most) = (shown(least), shown(most));
        let (worst, best, anchor) = (shown(worst), shown(best), shown(anchor));
        let hint = tr!(
            "the candidates lie in {least}..{most} {suffix}, the anchors are {worst} -> {best}: move {anchor}, or check its unit",
            "候选位于 {least}..{most} {suffix}，锚点为 {worst} -> {best}：请移动 {anchor}，或检查其单位"
        );
        let span = plan.decision.library.criteria[id].span;
        sink.push(Diagnostic::new(Code::SuspiciousAnchors, span, message).hint(hint));
    }
}

/// Four significant digits.
fn shown(x: f64) -> String {
    let rounded: f64 = format!("{x:.3e}").parse().unwrap_or(x);
    rounded.to_string()
}
