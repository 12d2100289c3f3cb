//! Builds the graph of a decision: only the nodes that criteria and gates reach, each after the nodes it depends on.

mod gate;
mod goal;
mod leaf;

use std::collections::{BTreeMap, BTreeSet};

use petgraph::graph::{DiGraph, NodeIndex};

use super::scope::{Names, TEAM, TODAY};
use super::{
    BoundFormula, Compute, CriterionNode, DecisionGraph, DecisionNode, Edge, GateNode, NodeKind,
};
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::formula::{self, Expr, TextCodes, Type};
use crate::model::decision::Decision;
use crate::model::library::{GateAction, Library};
use crate::quantity::unit::Unit;
use crate::source::{Span, did_you_mean};
use crate::tr;

/// Most formulas that rest on one another: each takes a piece of the stack while its operands are built.
const DEEPEST: usize = 200;

/// Compiles a decision; `None` if an error prevents it.
pub fn compile(decision: &Decision, sink: &mut Diagnostics) -> Option<DecisionGraph> {
    let errors_before = sink.has_errors();
    let mut own = Diagnostics::default();
    let mut builder = Builder::new(decision, &mut own);
    builder.requirements();
    for id in &decision.gates {
        builder.gate(id);
    }
    builder.goals(&decision.goals, 1.0, &mut Vec::new());
    let graph = builder.finish();
    if !own.has_errors() {
        super::lint::lint(decision, &graph, &mut own);
    }
    let failed = own.has_errors();
    sink.append(own);
    (!failed && !errors_before).then_some(graph)
}

/// Checks every formula, criterion and gate of a library, whether or not a decision uses it yet.
pub fn check(library: &Library, sink: &mut Diagnostics) {
    let decision = Decision::of_library(library.clone());
    let mut own = Diagnostics::default();
    let mut builder = Builder::new(&decision, &mut own);
    for id in library.gates.keys() {
        builder.gate(id);
    }
    for (name, formula) in &library.formulas {
        builder.name(name, formula.span);
    }
    builder.goals(&decision.goals, 1.0, &mut Vec::new());
    sink.append(own);
}

struct Builder<'a> {
    decision: &'a Decision,
    sink: &'a mut Diagnostics,
    words: TextCodes,
    names: Names<'a>,
    nodes: Vec<DecisionNode>,
    links: Vec<(usize, usize, Edge)>,
    /// Names of formulas, forks and leaves that are built; `None` if that failed.
    built: BTreeMap<String, Option<usize>>,
    /// What is being built: the way into a cycle.
    path: Vec<String>,
    /// Forks by the name they give.
    forks: BTreeMap<String, String>,
    criteria: Vec<CriterionNode>,
    gates: Vec<GateNode>,
    objectives: Vec<(usize, usize)>,
    asked_for_team: bool,
    /// Facts of composites, by candidate and measure, that were reported as unused.
    reported_facts: BTreeSet<(String, String)>,
}

impl<'a> Builder<'a> {
    fn new(decision: &'a Decision, sink: &'a mut Diagnostics) -> Self {
        let library = &decision.library;
        let forks = library
            .gates
            .iter()
            .filter_map(|(id, gate)| match &gate.action {
                GateAction::Fork { gives, .. } => Some((gives.clone(), id.clone())),
                GateAction::Screen { .. } => None,
            });
        Self {
            decision,
            sink,
            words: library.words.clone(),
            names: Names::new(decision),
            nodes: Vec::new(),
            links: Vec::new(),
            built: BTreeMap::new(),
            path: Vec::new(),
            forks: forks.collect(),
            criteria: Vec::new(),
            gates: Vec::new(),
            objectives: Vec::new(),
            asked_for_team: false,
            reported_facts: BTreeSet::new(),
        }
    }

    fn push(&mut self, node: DecisionNode, feeds: &[(usize, Edge)]) -> usize {
        let at = self.nodes.len();
        self.links
            .extend(feeds.iter().map(|&(from, edge)| (from, at, edge)));
        self.nodes.push(node);
        at
    }

    /// The node behind a name; `None` if there is none or it could not be built.
    fn name(&mut self, name: &str, used_at: Span) -> Option<usize> {
        if let Some(built) = self.built.get(name) {
            return *built;
        }
        if let Some(start) = self.path.iter().position(|p| p == name) {
            let way = self.path[start..]
                .iter()
                .map(String::as_str)
                .chain([name])
                .collect::<Vec<_>>()
                .join(" -> ");
            self.sink.push(Diagnostic::new(
                Code::Cycle,
                used_at,
                tr!("these refer to each other: `{way}`", "循环引用：`{way}`"),
            ));
            self.built.insert(name.to_owned(), None);
            return None;
        }
        if self.path.len() == DEEPEST {
            let message = tr!(
                "more than {DEEPEST} formulas rest on one another here",
                "此处逐层引用的公式超过 {DEEPEST} 个"
            );
            self.sink
                .push(Diagnostic::new(Code::TooDeep, used_at, message));
            self.built.insert(name.to_owned(), None);
            return None;
        }
        self.path.push(name.to_owned());
        let library = &self.decision.library;
        let node = if let Some(gate) = self.forks.get(name).cloned() {
            self.gate(&gate)
        } else if library.formulas.contains_key(name) {
            self.formula(name)
        } else if library.inputs.contains_key(name) || name == TODAY {
            self.input(name, used_at)
        } else if library.measures.contains_key(name) {
            Some(self.fact(name))
        } else {
            if !library.unread.contains(name) {
                self.unknown(name, used_at);
            }
            None
        };
        self.path.pop();
        self.built.insert(name.to_owned(), node);
        node
    }

    fn unknown(&mut self, name: &str, at: Span) {
        use crate::formula::Scope;
        let names = &self.decision.library.names;
        if let Some((message, hint)) = names.explain(name) {
            let code = names.code_of(name, Code::AmbiguousName, Code::UnknownName);
            self.sink
                .push(Diagnostic::new(code, at, message).hint(hint));
            return;
        }
        let known = self.names.names();
        let known = known
            .into_iter()
            .chain(self.forks.keys().map(String::as_str));
        let hint = did_you_mean(name, known);
        if self.decision.library.units.word(name).is_some() {
            let message = tr!(
                "`{name}` is a unit, not a name",
                "`{name}` 是单位，不是名称"
            );
            let hint = tr!(
                "put a compound unit into brackets: `12 [person-h/month]`",
                "复合单位请放入方括号：`12 [person-h/month]`"
            );
            self.sink
                .push(Diagnostic::new(Code::UnknownName, at, message).hint(hint));
            return;
        }
        let hint = hint.or_else(|| {
            Some(tr!(
                "declare it under `facts:`, `inputs:` or `formulas:` of the decision or a criteria file; quote a word of text: \"{name}\"",
                "请在决策或准则文件的 `facts:`、`inputs:` 或 `formulas:` 下声明；文本请加引号：\"{name}\""
            ))
        });
        self.sink.push(
            Diagnostic::new(
                Code::UnknownName,
                at,
                tr!("unknown name `{name}`", "未知名称 `{name}`"),
            )
            .maybe_hint(hint),
        );
    }

    /// Builds what a formula uses, checks and compiles it.
    fn step(&mut self, expr: &Expr) -> Option<(BoundFormula, Type)> {
        let mut sound = true;
        let expressions = with_called_functions(expr, &self.decision.library);
        for (expr, parameters) in &expressions {
            let names = expr.names().into_iter();
            for (name, at) in names.filter(|(name, _)| !is_parameter(name, parameters)) {
                if let Some(node) = self.name(name, at) {
                    let value = self.nodes[node].value.clone();
                    self.names.known.insert(name.to_owned(), value);
                    let unit = self.nodes[node].unit.clone();
                    self.names.units.insert(name.to_owned(), unit);
                } else {
                    sound = false;
                }
            }
        }
        let mut collections = expressions.iter().flat_map(|(expr, _)| expr.collections());
        let team = collections.find(|(name, _)| *name == TEAM);
        if let Some((_, at)) = team
            && self.decision.team.is_none()
        {
            if !std::mem::replace(&mut self.asked_for_team, true) {
                let message = tr!(
                    "a formula uses the team, but the decision has none",
                    "公式用到团队，但决策没有团队"
                );
                let hint = tr!(
                    "`team: team.yaml`, or `team: {{members: [...]}}`",
                    "`team: team.yaml`，或 `team: {{members: [...]}}`"
                );
                self.sink
                    .push(Diagnostic::new(Code::InputWithoutValue, at, message).hint(hint));
            }
            sound = false;
        }
        if !sound {
            return None;
        }
        let kind = formula::check(expr, &self.names, self.sink)?;
        let program = formula::compile(expr, &self.names, &mut self.words, self.sink)?;
        let operands = program.inputs().to_vec();
        let operands = operands
            .iter()
            .map(|input| match self.built.get(input) {
                Some(Some(node)) => Some(*node),
                _ => match formula::applies_to(input) {
                    Some(fact) => self.applies(input, fact, expr.span()),
                    None => Some(self.element(input, expr.span())),
                },
            })
            .collect::<Option<_>>()?;
        Some((BoundFormula { program, operands }, kind))
    }

    /// The unit a result is shown in: the declared one, checked, or the base unit.
    fn unit(&mut self, declared: Option<&(Unit, Span)>, kind: &Type, expr: &Expr) -> Option<Unit> {
        let (at, zero) = (expr.span(), expr.is_zero());
        let Type::Number(dimension) = kind else {
            return Some(declared.map_or_else(Unit::one, |(unit, _)| unit.clone()));
        };
        match declared {
            Some((unit, _)) if unit.dimension() == dimension || zero => Some(unit.clone()),
            Some((unit, span)) => {
                let name = unit.name();
                let message = tr!(
                    "the formula gives [{dimension}], not `{name}`",
                    "公式的结果量纲为 [{dimension}]，而不是 `{name}`"
                );
                let mut diagnostic = Diagnostic::new(Code::ResultUnit, at, message);
                if span.source == at.source {
                    diagnostic = diagnostic.label(*span, tr!("declared here", "在此声明"));
                }
                self.sink.push(diagnostic);
                None
            }
            None => Some(Unit::base_of(dimension)),
        }
    }

    fn is_shared(&self, step: &BoundFormula) -> bool {
        step.operands.iter().all(|&n| self.nodes[n].shared)
    }

    fn formula(&mut self, name: &str) -> Option<usize> {
        let formula = &self.decision.library.formulas[name];
        let (step, kind) = self.step(&formula.expr)?;
        let mut unit = self.unit(formula.unit.as_ref(), &kind, &formula.expr)?;
        if formula.unit.is_none() && kind == Type::PLAIN {
            // Twice a quantity in `h/month` is in `h/month`.
            unit = formula::carried_unit(&formula.expr, &self.names).unwrap_or(unit);
        }
        let feeds = plain(&step);
        let shared = self.is_shared(&step);
        let (title, span) = (formula.title.clone(), formula.span);
        let node = DecisionNode {
            id: name.to_owned(),
            kind: NodeKind::Formula,
            title,
            unit,
            value: kind,
            compute: Compute::Formula(step),
            shared,
            span,
        };
        Some(self.push(node, &feeds))
    }

    /// A criterion may have the name of a formula or fact; the graph's ids stay unique.
    fn free_id(&self, id: &str) -> String {
        let is_taken = self.nodes.iter().any(|n| n.id == id);
        let library = &self.decision.library;
        let is_name = library.formulas.contains_key(id)
            || library.measures.contains_key(id)
            || library.inputs.contains_key(id);
        if is_taken || is_name {
            format!("criterion.{id}")
        } else {
            id.to_owned()
        }
    }

    fn finish(mut self) -> DecisionGraph {
        let verdict = DecisionNode {
            id: "verdict".to_owned(),
            kind: NodeKind::Verdict,
            title: tr!("Decision", "决策"),
            unit: Unit::one(),
            value: Type::PLAIN,
            compute: Compute::Group,
            shared: false,
            span: Span::default(),
        };
        let at = self.push(verdict, &[]);
        let mut links = std::mem::take(&mut self.links);
        links.extend(
            self.objectives
                .iter()
                .map(|&(from, to)| (from, to, Edge::Plain)),
        );
        let grouped: BTreeSet<usize> = self.objectives.iter().map(|l| l.0).collect();
        let tops = self
            .criteria
            .iter()
            .map(|s| s.objectives.first().copied().unwrap_or(s.node))
            .filter(|n| !grouped.contains(n));
        links.extend(
            tops.collect::<BTreeSet<_>>()
                .into_iter()
                .map(|n| (n, at, Edge::Plain)),
        );
        links.extend(
            self.gates
                .iter()
                .filter(|g| g.screen.is_some())
                .map(|g| (g.node, at, Edge::Plain)),
        );
        let mut edges = DiGraph::with_capacity(self.nodes.len(), links.len());
        for node in 0..self.nodes.len() {
            edges.add_node(node);
        }
        let mut seen = BTreeSet::new();
        for (from, to, edge) in links {
            if seen.insert((from, to, edge as u8)) {
                edges.add_edge(NodeIndex::new(from), NodeIndex::new(to), edge);
            }
        }
        DecisionGraph {
            nodes: self.nodes,
            edges,
            criteria: self.criteria,
            gates: self.gates,
        }
    }
}

fn plain(step: &BoundFormula) -> Vec<(usize, Edge)> {
    step.operands.iter().map(|&n| (n, Edge::Plain)).collect()
}

/// Returns a formula and the bodies of all functions that it calls, directly or not, each with its parameters.
fn with_called_functions<'e>(
    expr: &'e Expr,
    library: &'e Library,
) -> Vec<(&'e Expr, &'e [String])> {
    let mut found: Vec<(&Expr, &[String])> = vec![(expr, &[])];
    let mut called = BTreeSet::new();
    let mut at = 0;
    while let Some((expr, _)) = found.get(at).copied() {
        at += 1;
        for (name, _) in expr.tables() {
            if let Some(function) = library.functions.get(name)
                && called.insert(name)
            {
                found.push((&function.defined.body, &function.defined.parameters));
            }
        }
    }
    found
}

/// Whether a name in the body of a function is one of its parameters, or a field of one.
fn is_parameter(name: &str, parameters: &[String]) -> bool {
    let head = name.split('.').next().unwrap_or(name);
    parameters.iter().any(|parameter| parameter == head)
}
