//! From a decision to its graph: only what criteria and gates reach is built, what is used before what uses it.

use std::collections::{BTreeMap, BTreeSet};

use petgraph::graph::{DiGraph, NodeIndex};

use super::scope::{Names, TEAM, TODAY};
use super::weights::parts;
use super::{
    BoundFormula, Compute, CriterionNode, DecisionGraph, DecisionNode, Edge, GateNode, NodeKind,
};
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::formula::{self, Expr, TextCodes, Type};
use crate::lang::Text;
use crate::model::decision::{Decision, Goal};
use crate::model::evidence::{EvidenceKind, FactValue};
use crate::model::library::{GateAction, Library};
use crate::quantity::unit::Unit;
use crate::source::{Span, suggest};
use crate::tr;

/// Most formulas that rest on one another: each takes a piece of the stack while its operands are built.
const DEEPEST: usize = 200;

/// Compiles a decision; `None` where something was reported that stands in the way.
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
    /// Names of formulas, forks and leaves that are built; `None` where that failed.
    built: BTreeMap<String, Option<usize>>,
    /// What is being built: the way into a cycle.
    path: Vec<String>,
    /// Forks by the name they give.
    forks: BTreeMap<String, String>,
    criteria: Vec<CriterionNode>,
    gates: Vec<GateNode>,
    objectives: Vec<(usize, usize)>,
    asked_for_team: bool,
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
            names: Names::new(library, decision.team.as_ref()),
            nodes: Vec::new(),
            links: Vec::new(),
            built: BTreeMap::new(),
            path: Vec::new(),
            forks: forks.collect(),
            criteria: Vec::new(),
            gates: Vec::new(),
            objectives: Vec::new(),
            asked_for_team: false,
        }
    }

    fn push(&mut self, node: DecisionNode, feeds: &[(usize, Edge)]) -> usize {
        let at = self.nodes.len();
        self.links
            .extend(feeds.iter().map(|&(from, edge)| (from, at, edge)));
        self.nodes.push(node);
        at
    }

    /// The node behind a name; `None` where there is none or it could not be built.
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
        let known = self.names.names();
        let known = known
            .into_iter()
            .chain(self.forks.keys().map(String::as_str));
        let hint =
            suggest(name, known).map(|near| tr!("did you mean `{near}`?", "是否想写 `{near}`？"));
        if self.decision.library.units.word(name).is_some() {
            let message = tr!(
                "`{name}` is a unit, not a name",
                "`{name}` 是单位，不是名称"
            );
            let hint = tr!(
                "put a compound unit into brackets: `12 [h/month]`",
                "复合单位请放入方括号：`12 [h/month]`"
            );
            self.sink
                .push(Diagnostic::new(Code::UnknownName, at, message).hint(hint));
            return;
        }
        let hint = hint.or_else(|| {
            Some(tr!(
                "a name is a fact, an input, a formula or what a fork gives; quote a word of text: \"{name}\"",
                "名称可以是事实、输入、公式或分叉的结果；文本请加引号：\"{name}\""
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

    fn fact(&mut self, name: &str) -> usize {
        let measure = &self.decision.library.measures[name];
        let measured = self.decision.candidates.iter().any(|c| {
            c.facts.get(name).is_some_and(|f| {
                f.provenance.kind == Some(EvidenceKind::Measured)
                    || matches!(
                        &f.value,
                        FactValue::Missing {
                            command: Some(_),
                            ..
                        }
                    )
            })
        });
        let node = DecisionNode {
            id: name.to_owned(),
            kind: if measured {
                NodeKind::Measurement
            } else {
                NodeKind::Fact
            },
            title: measure.title.clone(),
            unit: measure.form.unit(),
            value: measure.form.kind(),
            compute: Compute::Fact(name.to_owned()),
            shared: false,
            span: measure.span,
        };
        self.push(node, &[])
    }

    fn input(&mut self, name: &str, used_at: Span) -> Option<usize> {
        let (title, form, span) = match self.decision.library.inputs.get(name) {
            Some(input) => {
                if !self.decision.context.contains_key(name) {
                    let unit = input.form.unit();
                    let (suffix, at) = (unit.suffix(), input.span);
                    let space = if suffix.is_empty() { "" } else { " " };
                    let message = tr!(
                        "the decision gives no value for the input `{name}`",
                        "决策没有给出输入 `{name}` 的值"
                    );
                    let hint = tr!(
                        "`context: {{{name}: 100{space}{suffix}}}`",
                        "`context: {{{name}: 100{space}{suffix}}}`"
                    );
                    self.sink
                        .push(Diagnostic::new(Code::InputWithoutValue, at, message).hint(hint));
                    return None;
                }
                (input.title.clone(), input.form.clone(), input.span)
            }
            None => (
                tr!("Today", "今天"),
                crate::model::library::ValueForm::Date,
                used_at,
            ),
        };
        let node = DecisionNode {
            id: name.to_owned(),
            kind: NodeKind::Context,
            title,
            unit: form.unit(),
            value: form.kind(),
            compute: Compute::Context(name.to_owned()),
            shared: true,
            span,
        };
        Some(self.push(node, &[]))
    }

    /// `bo · go`, `bo · count`: who, and which of their values.
    fn member_title(&self, name: &str) -> Text {
        let (id, field) = name
            .strip_prefix("team.")
            .and_then(|rest| rest.split_once('.'))
            .unwrap_or((name, ""));
        let member = self
            .decision
            .team
            .iter()
            .flat_map(|team| &team.members)
            .find(|m| m.id == id);
        let who = member.map_or_else(|| Text::name(id), |m| m.name.clone());
        let what = match field {
            "count" => tr!("count", "人数"),
            "share" => tr!("share", "投入比例"),
            _ => Text::name(field.strip_prefix("skill.").unwrap_or(field)),
        };
        tr!("{who} · {what}", "{who} · {what}")
    }

    /// A value of a team member, as compiled programs name it.
    fn member(&mut self, name: &str, at: Span) -> usize {
        if let Some(Some(built)) = self.built.get(name) {
            return *built;
        }
        let is_skill = name.contains(".skill.");
        let month = self
            .decision
            .library
            .units
            .word("month")
            .expect("month is a built-in unit");
        let unit = if is_skill { month } else { Unit::one() };
        let title = self.member_title(name);
        let value = Type::Number(unit.dimension().clone());
        let node = DecisionNode {
            id: name.to_owned(),
            kind: NodeKind::Context,
            title,
            unit,
            value,
            compute: Compute::Context(name.to_owned()),
            shared: true,
            span: at,
        };
        let built = self.push(node, &[]);
        self.built.insert(name.to_owned(), Some(built));
        built
    }

    /// Builds what a formula uses, checks and compiles it.
    fn step(&mut self, expr: &Expr) -> Option<(BoundFormula, Type)> {
        let mut sound = true;
        for (name, at) in expr.names() {
            if let Some(node) = self.name(name, at) {
                let value = self.nodes[node].value.clone();
                self.names.known.insert(name.to_owned(), value);
            } else {
                sound = false;
            }
        }
        if expr.collections().iter().any(|(name, _)| *name == TEAM) && self.decision.team.is_none()
        {
            if !std::mem::replace(&mut self.asked_for_team, true) {
                let at = expr.collections()[0].1;
                let message = tr!(
                    "a formula speaks of the team, but the decision has none",
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
                Some(Some(node)) => *node,
                _ => self.member(input, expr.span()),
            })
            .collect();
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
        let unit = self.unit(formula.unit.as_ref(), &kind, &formula.expr)?;
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

    /// Builds a gate; gives the node in which the branches of a fork join, else the node of the question.
    fn gate(&mut self, id: &str) -> Option<usize> {
        if let Some(slot) = self.gates.iter().find(|g| g.id == id) {
            return Some(slot.join.unwrap_or(slot.node));
        }
        let gate = &self.decision.library.gates[id];
        let asked = self.step(&gate.ask);
        let question = asked.and_then(|(step, kind)| {
            if kind != Type::Flag {
                let what = kind.described();
                let message = tr!(
                    "a gate needs a yes-or-no question, this is {what}",
                    "关卡应回答是或否，此处却是{what}"
                );
                self.sink
                    .push(Diagnostic::new(Code::BadGate, gate.ask.span(), message));
                return None;
            }
            let (feeds, shared) = (plain(&step), self.is_shared(&step));
            let node = DecisionNode {
                id: self.free_id(id),
                kind: NodeKind::Gate,
                title: gate.title.clone(),
                unit: Unit::one(),
                value: Type::Flag,
                compute: Compute::Formula(step),
                shared,
                span: gate.span,
            };
            Some(self.push(node, &feeds))
        });
        match &gate.action {
            GateAction::Screen { when, reason } => {
                let node = question?;
                self.gates.push(GateNode {
                    node,
                    id: id.to_owned(),
                    screen: Some((*when, reason.clone())),
                    join: None,
                });
                Some(node)
            }
            GateAction::Fork {
                yes,
                no,
                gives,
                unit,
            } => {
                let on_path = self.path.last() == Some(gives);
                if !on_path {
                    self.path.push(gives.clone());
                }
                let branches = [self.step(yes), self.step(no)];
                if !on_path {
                    self.path.pop();
                }
                let join = self.join(id, gives, unit.as_ref(), question?, branches)?;
                self.built.insert(gives.clone(), Some(join));
                Some(join)
            }
        }
    }

    fn join(
        &mut self,
        id: &str,
        gives: &str,
        unit: Option<&(Unit, Span)>,
        question: usize,
        branches: [Option<(BoundFormula, Type)>; 2],
    ) -> Option<usize> {
        let [yes, no] = branches;
        let ((yes, yes_kind), (no, no_kind)) = (yes?, no?);
        let gate = &self.decision.library.gates[id];
        let GateAction::Fork {
            yes: yes_expr,
            no: no_expr,
            ..
        } = &gate.action
        else {
            return None;
        };
        if yes_kind != no_kind {
            let (yes, no) = (yes_kind.described(), no_kind.described());
            let message = tr!(
                "the branches do not join: yes gives {yes}, no gives {no}",
                "两个分支无法汇合：是分支为{yes}，否分支为{no}"
            );
            self.sink.push(
                Diagnostic::new(Code::BadGate, no_expr.span(), message)
                    .label(yes_expr.span(), tr!("the other branch", "另一分支")),
            );
            return None;
        }
        let unit = self.unit(unit, &yes_kind, yes_expr)?;
        let mut feeds = vec![(question, Edge::Plain)];
        feeds.extend(yes.operands.iter().map(|&n| (n, Edge::Yes)));
        feeds.extend(no.operands.iter().map(|&n| (n, Edge::No)));
        let shared = self.nodes[question].shared && self.is_shared(&yes) && self.is_shared(&no);
        let node = DecisionNode {
            id: gives.to_owned(),
            kind: NodeKind::Formula,
            title: gate.title.clone(),
            unit,
            value: yes_kind,
            compute: Compute::Fork {
                gate: question,
                yes,
                no,
            },
            shared,
            span: gate.span,
        };
        let join = self.push(node, &feeds);
        self.gates.push(GateNode {
            node: question,
            id: id.to_owned(),
            screen: None,
            join: Some(join),
        });
        Some(join)
    }

    /// Requirements that nothing meets screen a candidate out; where no candidate has any, there is no such gate.
    fn requirements(&mut self) {
        if self.decision.candidates.iter().all(|c| c.unmet.is_empty()) {
            return;
        }
        let node = DecisionNode {
            id: "requirements".to_owned(),
            kind: NodeKind::Gate,
            title: tr!("Requirements met", "前提满足"),
            unit: Unit::one(),
            value: Type::Flag,
            compute: Compute::Requirements,
            shared: false,
            span: Span::default(),
        };
        let node = self.push(node, &[]);
        self.gates.push(GateNode {
            node,
            id: "requirements".to_owned(),
            screen: Some((false, tr!("a requirement is not met", "前提未满足"))),
            join: None,
        });
    }

    /// A criterion may bear the name of a formula or fact; the graph's ids stay unique.
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

    fn goals(&mut self, goals: &[Goal], share: f64, above: &mut Vec<usize>) {
        for (goal, part) in parts(goals, share) {
            match goal {
                Goal::Criterion { id, points, .. } => self.criterion(id, *points, part, above),
                Goal::Objective {
                    id,
                    title,
                    goals,
                    span,
                    ..
                } => {
                    let node = self.nodes.len();
                    let own = DecisionNode {
                        id: self.free_id(id),
                        kind: NodeKind::Objective,
                        title: title.clone(),
                        unit: Unit::one(),
                        value: Type::PLAIN,
                        compute: Compute::Group,
                        shared: false,
                        span: *span,
                    };
                    self.push(own, &[]);
                    if let Some(&outer) = above.last() {
                        self.objectives.push((node, outer));
                    }
                    above.push(node);
                    self.goals(goals, part, above);
                    above.pop();
                }
            }
        }
    }

    fn criterion(&mut self, id: &str, points: f64, share: f64, above: &[usize]) {
        let criterion = &self.decision.library.criteria[id];
        let Some((step, kind)) = self.step(&criterion.expr) else {
            return;
        };
        let Some(unit) = self.unit(criterion.unit.as_ref(), &kind, &criterion.expr) else {
            return;
        };
        if !self.value_fits(id, &kind) {
            return;
        }
        let (feeds, shared) = (plain(&step), self.is_shared(&step));
        let node = DecisionNode {
            id: self.free_id(id),
            kind: NodeKind::Criterion,
            title: criterion.title.clone(),
            unit,
            value: kind,
            compute: Compute::Formula(step),
            shared,
            span: criterion.span,
        };
        let node = self.push(node, &feeds);
        if let Some(&objective) = above.last() {
            self.objectives.push((node, objective));
        }
        self.criteria.push(CriterionNode {
            node,
            id: id.to_owned(),
            title: criterion.title.clone(),
            value: criterion.value.clone(),
            direction: criterion.direction,
            missing: criterion.missing,
            points,
            share,
            objectives: above.to_vec(),
        });
    }

    fn value_fits(&mut self, id: &str, kind: &Type) -> bool {
        use crate::quantity::value_function::ValueFunction;
        let criterion = &self.decision.library.criteria[id];
        let levels = matches!(criterion.value, Some(ValueFunction::Levels(_)));
        let fits = match kind {
            Type::Number(_) => !levels,
            Type::Flag | Type::Text => levels,
            Type::Date => false,
        };
        if !fits {
            let what = kind.described();
            let message = tr!(
                "the criterion computes {what}, which its value function cannot take",
                "该准则的结果是{what}，其价值函数无法接受"
            );
            let hint = tr!(
                "words and flags take `shape: levels`, numbers every other shape",
                "词与是否用 `shape: levels`，数字用其他形状"
            );
            self.sink.push(
                Diagnostic::new(Code::TypeMismatch, criterion.expr.span(), message).hint(hint),
            );
        }
        fits
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
