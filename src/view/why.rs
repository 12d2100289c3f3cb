//! Why a candidate has its score: a tree from the score through formulas to evidence and the raw run.

mod page;
mod shape;
mod working;

use std::collections::BTreeSet;

use super::figure;
use crate::eval::{CandidateScore, Evaluation, Leaf, Plan};
use crate::formula::{self, Expr};
use crate::graph::{BoundFormula, Compute, DecisionNode};
use crate::lang::{Lang, Text};
use crate::model::evidence::{Fact, FactValue, RolledUp};
use crate::model::library::{MissingPolicy, Replacement, Rollup, Section};
use crate::quantity::value_function::ValueFunction;
use crate::source::{Sources, Span};
use crate::tr;
use working::PointScope;

pub use page::{
    CriterionWhy, EvidenceView, NodeWhy, PartWhy, ReplacedView, RunView, ValueWhy, WhyView,
};
pub use working::{WeightView, WorkingView, arithmetic, formula_lines};

/// Builds the view of the reasons of one candidate.
#[must_use]
pub fn view(
    plan: &Plan<'_>,
    evaluation: &Evaluation,
    candidate: usize,
    sources: &Sources,
    lang: Lang,
) -> WhyView {
    let own = &plan.decision.candidates[candidate];
    let row = &evaluation.rows[candidate];
    let mut teller = Teller {
        plan,
        sources,
        lang,
        candidate,
        told: vec![false; plan.graph.nodes.len()],
    };
    let mut order: Vec<usize> = (0..plan.graph.criteria.len()).collect();
    order.sort_by(|&a, &b| {
        row.contributions[b]
            .total_cmp(&row.contributions[a])
            .then(a.cmp(&b))
    });
    let criteria = order
        .into_iter()
        .map(|k| teller.criterion(k, evaluation))
        .collect();
    // After the criteria, as they are shown: what both use is explained where it comes first.
    let gates = plan
        .graph
        .gates
        .iter()
        .map(|gate| teller.node(gate.node))
        .collect();
    WhyView {
        decision: plan.decision.id.clone(),
        as_of: plan.decision.as_of.to_string(),
        candidate: own.id.clone(),
        name: own.name.get(lang).to_owned(),
        status: row.status.word(),
        score: row.score.and_then(figure::json),
        point: row.point.and_then(figure::json),
        difference: difference(plan, row).map(|text| text.get(lang).to_owned()),
        reasons: row.reasons.iter().map(|r| r.get(lang).to_owned()).collect(),
        gates,
        criteria,
        replaced: replaced(plan, sources),
        commands: plan.commands(candidate),
    }
}

/// The definitions that the decision uses instead of others.
fn replaced(plan: &Plan<'_>, sources: &Sources) -> Vec<ReplacedView> {
    let (library, graph) = (&plan.decision.library, plan.graph);
    let tables: BTreeSet<&str> = graph
        .nodes
        .iter()
        .filter_map(|node| library.formulas.get(&node.id))
        .map(|formula| &formula.expr)
        .chain(
            graph
                .criteria
                .iter()
                .map(|own| &library.criteria[&own.id].expr),
        )
        .flat_map(|expr| expr.tables())
        .map(|(name, _)| name)
        .collect();
    let is_used = |own: &&Replacement| match own.section {
        Section::Value => graph.find(&own.name).is_some() || tables.contains(own.name.as_str()),
        Section::Criterion => graph
            .criteria
            .iter()
            .any(|criterion| criterion.id == own.name),
        Section::Gate => graph.gates.iter().any(|gate| gate.id == own.name),
    };
    let used = library.replacements.iter().filter(is_used);
    used.map(|own| ReplacedView {
        name: own.name.clone(),
        by: place_of(own.by, sources),
        instead_of: place_of(own.instead_of, sources),
    })
    .collect()
}

fn place_of(span: Span, sources: &Sources) -> String {
    let source = sources.get(span.source);
    let line = source.position(span.start).line;
    format!("{}:{line}", source.name())
}

/// The expected score beside that at the point, and what makes them differ; `None` where nothing is uncertain.
fn difference(plan: &Plan<'_>, row: &CandidateScore) -> Option<Text> {
    let (expected, point) = row.score.zip(row.point)?;
    if plan.is_certain() {
        return None;
    }
    let shares = plan.shares();
    let mut parts: Vec<(f64, usize)> = (0..shares.len())
        .map(|k| (shares[k] * (row.values[k] - row.point_values[k]), k))
        .filter(|(part, _)| part.abs() >= 0.000_5)
        .collect();
    parts.sort_by(|a, b| b.0.abs().total_cmp(&a.0.abs()));
    let named = parts.iter().map(|(part, k)| {
        let (title, part) = (&plan.graph.criteria[*k].title, figure::difference(*part));
        tr!("{title} {part}", "{title} {part}")
    });
    let list = Text::join(&named.collect::<Vec<_>>(), &tr!(", ", "，"));
    let (expected, point) = (figure::score(expected), figure::score(point));
    let mut text = tr!(
        "expected score {expected}; {point} with every input at its mean, as the arithmetic below shows it",
        "期望得分 {expected}；各输入取均值时为 {point}，即下列算式所示"
    );
    if !parts.is_empty() {
        text.push(&tr!(
            " (formulas and anchors bend what is uncertain: {list})",
            "（公式与锚点使不确定的量非线性地传递：{list}）"
        ));
    }
    Some(text)
}

struct Teller<'t> {
    plan: &'t Plan<'t>,
    sources: &'t Sources,
    lang: Lang,
    candidate: usize,
    told: Vec<bool>,
}

impl Teller<'_> {
    fn criterion(&mut self, k: usize, evaluation: &Evaluation) -> CriterionWhy {
        let (value_function, value_working) = self.function(
            k,
            evaluation.rows[self.candidate].measures[k],
            evaluation.rows[self.candidate].point_values[k],
        );
        let slot = &self.plan.graph.criteria[k];
        let row = &evaluation.rows[self.candidate];
        let criterion = &self.plan.decision.library.criteria[&slot.id];
        CriterionWhy {
            criterion: slot.id.clone(),
            title: slot.title.get(self.lang).to_owned(),
            share: figure::json(evaluation.shares[k]).unwrap_or(0.0),
            score: figure::json(row.values[k]),
            point: figure::json(row.point_values[k]),
            contribution: figure::json(row.contributions[k]),
            value_function,
            value_working,
            measure: self.node(slot.node),
            source: criterion.background.source.clone(),
            assumptions: criterion
                .background
                .assumptions
                .as_ref()
                .map(|a| a.get(self.lang).to_owned()),
        }
    }

    /// `linear 60,000 -> 0 EUR/year: (5,451 - 60,000) / (0 - 60,000) = 0.909`.
    fn function(&self, k: usize, measure: f64, value: f64) -> (String, ValueWhy) {
        let slot = &self.plan.graph.criteria[k];
        let node = &self.plan.graph.nodes[slot.node];
        let f = &self.plan.functions[k];
        let free = f.held(measure).filter(|_| self.plan.clip);
        let own = shape::work_out(
            f,
            measure,
            self.plan.clip,
            &super::unit::heading(node.unit.suffix(), self.lang),
            &|x| node.unit.of_base(x),
            &|code| figure::of_node(self.plan.decision, node, code, self.lang),
            self.lang,
        );
        let result = if value.is_nan() {
            figure::MISSING.to_owned()
        } else {
            // A curved shape limits its linear part, and nothing limits a logarithm that does not exist.
            let is_curved = matches!(
                f,
                ValueFunction::Exponential { .. } | ValueFunction::SCurve { .. }
            );
            let has_arithmetic = !own.formulas.is_empty();
            match free.filter(|free| free.is_finite() && !is_curved && has_arithmetic) {
                Some(free) => {
                    let (free, held) = (figure::number(free), figure::number(value));
                    let text = tr!("{free}, held at {held}", "{free}，记为 {held}");
                    text.get(self.lang).to_owned()
                }
                None => figure::score(value),
            }
        };
        let policy = self.plan.policy(k, self.candidate);
        let worth = match policy {
            MissingPolicy::Fixed(_) if measure.is_nan() => {
                let value = figure::score(value);
                Some(tr!(
                    "does not apply: counts as {value}, as the criterion says",
                    "不适用：按准则规定计为 {value}"
                ))
            }
            _ => own.note,
        };
        let note = worth.map(|note| note.get(self.lang).to_owned());
        let steps: Vec<&str> = own
            .formulas
            .iter()
            .map(String::as_str)
            .chain(note.as_deref())
            .collect();
        let steps = steps.join("; ");
        let line = match steps.as_str() {
            "" => format!("{}: {result}", own.shape),
            steps => format!("{}: {steps} = {result}", own.shape),
        };
        let working = ValueWhy {
            shape: own.shape,
            formulas: own.formulas,
            note,
            free: free.and_then(figure::json),
        };
        (line, working)
    }

    fn node(&mut self, at: usize) -> NodeWhy {
        let plan = self.plan;
        let node = &plan.graph.nodes[at];
        let value = plan.point[at].of(self.candidate);
        let fresh = !std::mem::replace(&mut self.told[at], true);
        let mut told = NodeWhy {
            node: node.id.clone(),
            kind: node.kind.word(),
            title: node.title.get(self.lang).to_owned(),
            value: figure::node_json(plan.decision, node, value),
            unit: node.unit.suffix().to_owned(),
            shown: figure::of_node(plan.decision, node, value, self.lang),
            range: None,
            formula: None,
            expr: None,
            working: Vec::new(),
            place: None,
            evidence: None,
            parts: Vec::new(),
            seen_above: false,
            rests_on: Vec::new(),
        };
        match &node.compute {
            Compute::Formula(step) => {
                let expr = self.expr(at);
                self.add_formula(&mut told, node, expr, step, fresh);
                if fresh {
                    told.rests_on = self.below(step);
                }
                told.seen_above = !fresh;
            }
            Compute::Fork { gate, yes, no } => {
                let answer = plan.point[*gate].of(self.candidate);
                if fresh {
                    told.rests_on.push(self.node(*gate));
                    if !answer.is_nan() {
                        let step = if answer == 0.0 { no } else { yes };
                        let below = self.below(step);
                        told.rests_on.extend(below);
                    }
                }
                let expr = (!answer.is_nan())
                    .then(|| self.branch(at, answer != 0.0))
                    .flatten();
                let step = if answer == 0.0 { no } else { yes };
                self.add_formula(&mut told, node, expr, step, fresh);
                told.seen_above = !fresh;
            }
            _ => {
                if let Leaf::Fact(fact) = plan.leaf(at, self.candidate) {
                    if fact.value.is_not_applicable() {
                        told.shown = figure::not_applicable().get(self.lang).to_owned();
                    }
                    told.range = range(node, fact);
                    told.place = self.place(fact.span);
                    told.evidence = Some(self.evidence(fact));
                    if let Some(rolled) = &fact.provenance.rolled_up {
                        let words = working::rollup_words(rolled.rule);
                        told.expr = Some(words.get(self.lang).to_owned());
                        told.parts = self.parts(node, rolled);
                        told.formula = rollup_formula(rolled.rule, &told.parts);
                    }
                    let p = &fact.provenance;
                    let is_described = !p.source.is_empty() || p.note.is_some();
                    told.seen_above = !fresh && (is_described || !told.parts.is_empty());
                }
            }
        }
        told
    }

    fn below(&mut self, step: &BoundFormula) -> Vec<NodeWhy> {
        let mut used: Vec<usize> = step
            .program
            .used(&self.plan.operands(step, self.candidate))
            .into_iter()
            .map(|slot| step.operands[slot])
            .collect();
        // Of a part its own fact is shown; whether a part or a fact is there shows from the page.
        let nodes = &self.plan.graph.nodes;
        for node in &mut used {
            if let Compute::OfPart { from, .. } = &nodes[*node].compute {
                *node = from[self.candidate].unwrap_or(*node);
            }
        }
        let is_shown = |node: &usize| {
            let compute = &nodes[*node].compute;
            !matches!(compute, Compute::HasPart(_) | Compute::Applies { .. })
        };
        used.retain(is_shown);
        let mut seen = BTreeSet::new();
        used.retain(|node| seen.insert(*node));
        used.into_iter().map(|n| self.node(n)).collect()
    }

    /// Adds the formula as written, with figures, and how these came about.
    fn add_formula(
        &self,
        told: &mut NodeWhy,
        node: &DecisionNode,
        expr: Option<&Expr>,
        step: &BoundFormula,
        is_fresh: bool,
    ) {
        let Some(expr) = expr else { return };
        let scope = PointScope {
            plan: self.plan,
            step: Some(step),
            candidate: self.candidate,
            lang: self.lang,
        };
        let worked = formula::work_out(expr, &node.unit, &scope);
        told.expr = Some(expr.to_string());
        told.place = self.place(expr.span());
        told.formula = Some(worked.formula);
        if is_fresh {
            let steps = worked.steps.iter();
            told.working = steps.map(|s| WorkingView::of(s, self.lang)).collect();
        }
    }

    /// The facts of the parts of a composite.
    fn parts(&self, node: &DecisionNode, rolled: &RolledUp) -> Vec<PartWhy> {
        let of = |(part, fact): &(std::sync::Arc<str>, Option<Fact>)| {
            let value = fact.as_ref().map_or(f64::NAN, |fact| fact.value.point());
            let below = fact.as_ref().and_then(|f| f.provenance.rolled_up.as_ref());
            PartWhy {
                part: part.to_string(),
                value: figure::node_json(self.plan.decision, node, value),
                unit: node.unit.suffix().to_owned(),
                shown: figure::of_node(self.plan.decision, node, value, self.lang),
                range: fact.as_ref().and_then(|fact| range(node, fact)),
                place: fact.as_ref().and_then(|fact| self.place(fact.span)),
                evidence: fact.as_ref().map(|fact| self.evidence(fact)),
                parts: below.map_or_else(Vec::new, |rolled| self.parts(node, rolled)),
            }
        };
        rolled.parts.iter().map(of).collect()
    }

    fn expr(&self, at: usize) -> Option<&Expr> {
        let library = &self.plan.decision.library;
        let node = &self.plan.graph.nodes[at];
        if let Some(slot) = self.plan.graph.criteria.iter().find(|s| s.node == at) {
            return Some(&library.criteria[&slot.id].expr);
        }
        if let Some(gate) = self.plan.graph.gates.iter().find(|g| g.node == at) {
            return library.gates.get(&gate.id).map(|g| &*g.ask);
        }
        library.formulas.get(&node.id).map(|f| &*f.expr)
    }

    fn branch(&self, join: usize, yes_taken: bool) -> Option<&Expr> {
        use crate::model::library::GateAction;
        let gate = self
            .plan
            .graph
            .gates
            .iter()
            .find(|g| g.join == Some(join))?;
        match &self.plan.decision.library.gates[&gate.id].action {
            GateAction::Fork { yes, no, .. } => Some(if yes_taken { yes } else { no }),
            GateAction::Screen { .. } => None,
        }
    }

    fn place(&self, span: Span) -> Option<String> {
        if span == Span::default() {
            return None;
        }
        Some(place_of(span, self.sources))
    }

    fn evidence(&self, fact: &Fact) -> EvidenceView {
        let p = &fact.provenance;
        let (missing, command) = match &fact.value {
            FactValue::Missing { reason, command } => {
                (Some(reason.get(self.lang).to_owned()), command.clone())
            }
            FactValue::Assumed { reason, .. } => (Some(reason.get(self.lang).to_owned()), None),
            _ => (None, None),
        };
        let text = |t: &Option<crate::lang::Text>| t.as_ref().map(|t| t.get(self.lang).to_owned());
        EvidenceView {
            kind: p.kind.map(crate::model::evidence::EvidenceKind::word),
            source: p.source.to_string(),
            as_of: p.as_of.map(|d| d.to_string()),
            expires: p.expires.map(|d| d.to_string()),
            stale: fact.stale,
            scale: text(&p.scale),
            note: text(&p.note),
            missing,
            not_applicable: match &fact.value {
                FactValue::NotApplicable { reason } => Some(reason.get(self.lang).to_owned()),
                _ => None,
            },
            command,
            run: p.run.as_ref().map(|run| RunView {
                id: run.id.clone(),
                session: run.session.clone(),
                file: run.file.clone(),
                raw: run.raw.clone(),
                address: run.address.clone(),
                service: run.service.clone(),
                variant: run.variant.clone(),
                machine: run.machine.clone(),
                rounds: run.rounds.clone(),
                unit: run.unit.clone(),
                verdicts: run.remarks.clone(),
            }),
        }
    }
}

/// The 5 % and 95 % quantile of an uncertain number.
fn range(node: &DecisionNode, fact: &Fact) -> Option<String> {
    match &fact.value {
        FactValue::Number(d) if !d.is_certain() => {
            let of = |p: f64| figure::number(node.unit.of_base(d.quantile(p)));
            Some(format!("{}..{}", of(0.05), of(0.95)))
        }
        _ => None,
    }
}

/// The arithmetic that combines the figures of parts; `None` where there is none.
fn rollup_formula(rule: Rollup, parts: &[PartWhy]) -> Option<String> {
    let figures: Vec<&str> = parts.iter().map(|part| part.shown.as_str()).collect();
    if parts.is_empty() || !parts.iter().all(|part| part.value.is_number()) {
        return None;
    }
    match rule {
        Rollup::Sum => Some(figures.join(" + ")),
        Rollup::Max => Some(format!("max({})", figures.join(", "))),
        Rollup::Min => Some(format!("min({})", figures.join(", "))),
        Rollup::All | Rollup::Any | Rollup::Weakest | Rollup::First => None,
    }
}
