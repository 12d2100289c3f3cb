//! Warnings about a sound graph: costs counted twice, legacy models, anchors that depend on the candidates.

use super::{CriterionNode, DecisionGraph, NodeKind};
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::formula::{ExprKind, Type};
use crate::model::decision::Decision;
use crate::tr;

pub(super) fn lint(decision: &Decision, graph: &DecisionGraph, sink: &mut Diagnostics) {
    double_counting(decision, graph, sink);
    for slot in graph.criteria.iter().filter(|s| s.share > 0.0) {
        let criterion = &decision.library.criteria[&slot.id];
        let id = &slot.id;
        if rises_with_cost(decision, graph, slot) {
            let message = tr!(
                "`{id}` is a cost, but its best anchor is higher than its worst",
                "`{id}` 是成本，其最佳锚点却高于最差锚点"
            );
            let hint = tr!(
                "swap `worst` and `best`; if more is better, make the measure a formula with `cost: false`",
                "请对调 `worst` 与 `best`；若越多越好，请将该量定义为带 `cost: false` 的公式"
            );
            sink.push(Diagnostic::new(Code::SuspiciousAnchors, criterion.span, message).hint(hint));
        }
        if let Some(defects) = &criterion.legacy {
            let message = tr!(
                "`{id}` is a legacy model: {defects}",
                "`{id}` 是遗留模型：{defects}"
            );
            sink.push(Diagnostic::new(Code::LegacyModel, criterion.span, message));
        }
    }
    observed_anchors(decision, graph, sink);
}

/// One message for all criteria without anchors: a spreadsheet has either none or all of them.
fn observed_anchors(decision: &Decision, graph: &DecisionGraph, sink: &mut Diagnostics) {
    let open: Vec<&str> = graph
        .criteria
        .iter()
        .filter(|s| s.share > 0.0 && s.value.is_none())
        .map(|s| s.id.as_str())
        .collect();
    let Some(first) = open.first() else { return };
    let names = open
        .iter()
        .map(|id| format!("`{id}`"))
        .collect::<Vec<_>>()
        .join(", ");
    let message = tr!(
        "no anchors for {names}: the observed range of the candidates serves",
        "{names} 没有锚点：以候选的观测范围代替"
    );
    let hint = tr!("declare `@worst` and `@best`", "请声明 `@worst` 与 `@best`");
    sink.push(
        Diagnostic::new(
            Code::ObservedAnchors,
            decision.library.criteria[*first].span,
            message,
        )
        .hint(hint),
    );
}

/// Two weighted criteria that rest on the same cost: the terms nearest to the criteria are named, with the way to each.
fn double_counting(decision: &Decision, graph: &DecisionGraph, sink: &mut Diagnostics) {
    let weighted: Vec<_> = graph.criteria.iter().filter(|s| s.share > 0.0).collect();
    let costs: Vec<Vec<usize>> = weighted
        .iter()
        .map(|slot| {
            graph
                .rests_on(slot.node)
                .into_iter()
                .filter(|&n| is_cost(decision, graph, n))
                .collect()
        })
        .collect();
    for (i, a) in weighted.iter().enumerate() {
        for (j, b) in weighted.iter().enumerate().skip(i + 1) {
            let shared: Vec<usize> = costs[i]
                .iter()
                .copied()
                .filter(|n| costs[j].contains(n))
                .collect();
            // A term inside another shared term says nothing new.
            let inner: Vec<usize> = shared
                .iter()
                .flat_map(|&n| graph.rests_on(n).into_iter().filter(move |&m| m != n))
                .collect();
            for &term in shared.iter().filter(|n| !inner.contains(n)) {
                let ways = (way(graph, term, a.node), way(graph, term, b.node));
                let name = &graph.nodes[term].id;
                let (x, y) = (&a.id, &b.id);
                let message = tr!(
                    "`{x}` and `{y}` both count `{name}`",
                    "`{x}` 与 `{y}` 都计入了 `{name}`"
                );
                let (up, down) = ways;
                let hint = tr!(
                    "`{up}`; `{down}`: give points to one of them only",
                    "`{up}`；`{down}`：只给其中之一点数"
                );
                let span = decision.library.criteria[&b.id].span;
                sink.push(Diagnostic::new(Code::DoubleCounting, span, message).hint(hint));
            }
        }
    }
}

/// Whether a criterion measures a cost and calls more of it better.
fn rises_with_cost(decision: &Decision, graph: &DecisionGraph, slot: &CriterionNode) -> bool {
    let Some((worst, best)) = slot.value.as_ref().and_then(|value| value.anchors()) else {
        return false;
    };
    let node = &graph.nodes[slot.node];
    let expr = &decision.library.criteria[&slot.id].expr;
    let named = match &expr.kind {
        ExprKind::Name(name) => decision.library.formulas.get(name),
        _ => None,
    };
    let money = matches!(&node.value, Type::Number(d) if d.is_money());
    let is_cost = named.and_then(|formula| formula.cost).unwrap_or(money);
    is_cost && best > worst
}

fn is_cost(decision: &Decision, graph: &DecisionGraph, node: usize) -> bool {
    let node = &graph.nodes[node];
    if node.kind != NodeKind::Formula {
        return false;
    }
    let money = matches!(&node.value, Type::Number(d) if d.is_money());
    let only_inputs = node.shared;
    let declared = decision.library.formulas.get(&node.id).and_then(|f| f.cost);
    declared.unwrap_or(money && !only_inputs)
}

/// The shortest way from a term up to a criterion.
fn way(graph: &DecisionGraph, from: usize, to: usize) -> String {
    use petgraph::graph::NodeIndex;
    let found = petgraph::algo::astar(
        &graph.edges,
        NodeIndex::new(from),
        |n| n.index() == to,
        |_| 1,
        |_| 0,
    );
    let ids = found.map(|(_, path)| path).unwrap_or_default();
    ids.iter()
        .map(|n| graph.nodes[n.index()].id.as_str())
        .collect::<Vec<_>>()
        .join(" -> ")
}
