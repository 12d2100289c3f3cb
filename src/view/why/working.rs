//! The working of a formula: every lookup and every element of an iteration, for display and JSON.

use schemars::JsonSchema;
use serde::Serialize;

use super::{NodeWhy, WhyView};
use crate::eval::Plan;
use crate::formula::{
    DefinedFunction, LookupTable, TextCodes, Type, WorkingInput, WorkingMember, WorkingScope,
    WorkingStep,
};
use crate::graph::BoundFormula;
use crate::lang::{Lang, Text};
use crate::quantity::unit::{Unit, Units};
use crate::tr;
use crate::view::figure;

/// One step of a formula's working.
#[derive(Debug, Serialize, JsonSchema)]
pub struct WorkingView {
    /// `lookup`, `bound`, `iteration`, `element` or `call`.
    pub kind: &'static str,
    /// `p = ana` for an element, the formula as it is written for an iteration.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    /// Expressions with figures, each equal to the value.
    pub formulas: Vec<String>,
    /// The value in its unit.
    pub value: Option<f64>,
    pub unit: String,
    /// The value, formatted for display.
    pub shown: String,
    /// The weight of an element in a mean.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub weight: Option<WeightView>,
    /// What is assumed, or where in a table the value is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// The steps that its formulas rest on.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub working: Vec<WorkingView>,
}

/// The weight of an element.
#[derive(Debug, Serialize, JsonSchema)]
pub struct WeightView {
    /// The formula with figures.
    pub formula: String,
    pub value: Option<f64>,
    /// The value, formatted for display.
    pub shown: String,
}

impl WorkingView {
    pub(super) fn of(step: &WorkingStep, lang: Lang) -> Self {
        Self {
            kind: step.kind.word(),
            label: (!step.label.is_empty()).then(|| step.label.clone()),
            formulas: step.formulas.clone(),
            value: figure::json(step.unit.of_base(step.value)),
            unit: step.unit.suffix().to_owned(),
            shown: step.shown.clone(),
            weight: step.weight.as_ref().map(|weight| WeightView {
                formula: weight.formula.clone(),
                value: figure::json(weight.value),
                shown: weight.shown.clone(),
            }),
            note: step.note.as_ref().map(|note| note.get(lang).to_owned()),
            working: step.steps.iter().map(|s| Self::of(s, lang)).collect(),
        }
    }
}

/// The formula of a node as it is written, how its figures come about, and the formula with figures; each line with its depth. Empty
/// where there is nothing to compute.
#[must_use]
pub fn formula_lines(node: &NodeWhy, lang: Lang) -> Vec<(usize, String)> {
    let has_arithmetic = node.formula.as_ref().is_some_and(|f| *f != node.shown);
    let Some(expr) = &node.expr else {
        return Vec::new();
    };
    if !has_arithmetic && node.working.is_empty() && node.parts.is_empty() {
        return Vec::new();
    }
    let mut out = vec![(0, format!("= {expr}"))];
    let steps = working_lines(&node.working, lang);
    out.extend(steps.into_iter().map(|(depth, line)| (depth + 1, line)));
    // The total of a lone element is its figure: it closes the steps.
    let closes = has_arithmetic || !node.working.is_empty();
    let formula = node.formula.iter().filter(|f| closes && *f != expr);
    out.extend(formula.map(|f| (0, format!("= {f}"))));
    out
}

/// The arithmetic behind a score, without the evidence: value functions, formulas and parts; each line with its depth.
#[must_use]
pub fn arithmetic(why: &WhyView, lang: Lang) -> Vec<(usize, String)> {
    let mut out = Vec::new();
    for criterion in why.criteria.iter().filter(|k| k.share > 0.0) {
        let (title, value) = (&criterion.title, &criterion.value_function);
        out.push((0, format!("{title}{}{value}", lang.pick(": ", "："))));
        push_arithmetic(&criterion.measure, 1, lang, &mut out);
    }
    out
}

fn push_arithmetic(node: &NodeWhy, depth: usize, lang: Lang, out: &mut Vec<(usize, String)>) {
    let lines = formula_lines(node, lang);
    let is_derived = !lines.is_empty() || !node.rests_on.is_empty();
    if !node.seen_above && is_derived {
        out.push((depth, format!("{} = {}", node.node, node.shown)));
        let lines = lines.into_iter();
        out.extend(lines.map(|(inner, line)| (depth + 1 + inner, line)));
    }
    for below in &node.rests_on {
        push_arithmetic(below, depth + 1, lang, out);
    }
}

/// The steps as lines, each with its depth.
fn working_lines(working: &[WorkingView], lang: Lang) -> Vec<(usize, String)> {
    let mut out = Vec::new();
    for step in working {
        push_lines(step, 0, lang, &mut out);
    }
    out
}

fn push_lines(step: &WorkingView, depth: usize, lang: Lang, out: &mut Vec<(usize, String)>) {
    let colon = lang.pick(": ", "：");
    let note = step.note.as_ref().map_or_else(String::new, |note| {
        let text = tr!("  ({note})", "（{note}）");
        text.get(lang).to_owned()
    });
    let equation = equation(&step.formulas, &step.shown);
    let weight = step.weight.as_ref().map(|weight| {
        let weighed = self::equation(std::slice::from_ref(&weight.formula), &weight.shown);
        let text = tr!("weight {weighed}", "权重 {weighed}");
        text.get(lang).to_owned()
    });
    let Some(label) = &step.label else {
        out.push((depth, format!("{equation}{note}")));
        return;
    };
    if step.working.is_empty() && step.kind == "iteration" {
        out.push((depth, format!("{label} = {}{note}", step.shown)));
        return;
    }
    if step.working.is_empty() {
        let weight = weight.map_or_else(String::new, |weight| {
            format!("{}{weight}", lang.pick("; ", "；"))
        });
        out.push((depth, format!("{label}{colon}{equation}{weight}{note}")));
        return;
    }
    out.push((depth, format!("{label}{}", colon.trim_end())));
    for inner in &step.working {
        push_lines(inner, depth + 1, lang, out);
    }
    out.push((depth + 1, equation));
    out.extend(weight.map(|weight| (depth + 1, weight)));
}

/// `1 * 0.5 = 0.5`; a lone figure is not repeated.
fn equation(formulas: &[String], shown: &str) -> String {
    let mut sides: Vec<&str> = formulas.iter().map(String::as_str).collect();
    if sides.last() != Some(&shown) {
        sides.push(shown);
    }
    sides.join(" = ")
}

/// The values of a plan at its point, for one candidate.
pub(super) struct PointScope<'p> {
    pub plan: &'p Plan<'p>,
    /// The formula, which knows the nodes behind the values of elements.
    pub step: Option<&'p BoundFormula>,
    pub candidate: usize,
    pub lang: Lang,
}

impl PointScope<'_> {
    fn node(&self, name: &str) -> Option<usize> {
        let own = self.step.and_then(|step| {
            let at = step.program.inputs().iter().position(|own| own == name)?;
            step.operands.get(at).copied()
        });
        own.or_else(|| self.plan.graph.find(name)).or_else(|| {
            // A candidate that is not composite is its own only part.
            let own = name.strip_prefix("parts.0.")?;
            self.plan.graph.find(own)
        })
    }
}

impl WorkingScope for PointScope<'_> {
    fn input(&self, name: &str) -> Option<WorkingInput> {
        let at = self.node(name)?;
        let node = &self.plan.graph.nodes[at];
        let value = self.plan.point[at].of(self.candidate);
        // Texts as formulas write them, not the titles of levels.
        let shown = match node.value {
            Type::Text => self.show(value, &Type::Text, &node.unit),
            _ => figure::of_node(self.plan.decision, node, value, self.lang),
        };
        Some(WorkingInput {
            value,
            kind: node.value.clone(),
            unit: node.unit.clone(),
            shown,
        })
    }

    fn table(&self, name: &str) -> Option<&LookupTable> {
        let tables = &self.plan.decision.library.tables;
        tables.get(name).map(|(_, table)| table)
    }

    fn function(&self, name: &str) -> Option<&DefinedFunction> {
        let functions = &self.plan.decision.library.functions;
        functions.get(name).map(|function| &function.defined)
    }

    fn members(&self, collection: &str) -> Vec<WorkingMember> {
        if collection == "parts" {
            let candidate = &self.plan.decision.candidates[self.candidate];
            let names = if candidate.basic_parts.is_empty() {
                std::slice::from_ref(&candidate.id)
            } else {
                &candidate.basic_parts
            };
            let named = names.iter().enumerate();
            return named
                .map(|(at, name)| WorkingMember {
                    input: format!("{collection}.{at}"),
                    name: name.clone(),
                    keys: Vec::new(),
                })
                .collect();
        }
        let members = self.plan.decision.team.iter().flat_map(|t| &t.members);
        members
            .map(|member| WorkingMember {
                input: format!("{collection}.{}", member.id),
                name: member.id.clone(),
                keys: vec![("skill".to_owned(), member.skill.keys().cloned().collect())],
            })
            .collect()
    }

    fn absent(&self, collection: &str, field: &str) -> Option<(f64, Unit)> {
        let is_skill = collection == "team" && field == "skill";
        let month = self.plan.decision.library.units.word("month")?;
        is_skill.then_some((0.0, month))
    }

    fn words(&self) -> &TextCodes {
        &self.plan.decision.library.words
    }

    fn units(&self) -> &Units {
        &self.plan.decision.library.units
    }

    fn show(&self, value: f64, kind: &Type, unit: &Unit) -> String {
        if value.is_nan() {
            return figure::MISSING.to_owned();
        }
        match kind {
            Type::Number(_) => figure::with_unit(value, unit, self.lang),
            Type::Flag => figure::flag(value != 0.0).get(self.lang).to_owned(),
            Type::Date => crate::quantity::date::Date::of_seconds(value)
                .map_or_else(|| figure::MISSING.to_owned(), |d| d.to_string()),
            Type::Text | Type::List => {
                let text = self.words().text(value).unwrap_or(figure::MISSING);
                format!("\"{text}\"")
            }
        }
    }
}

/// How the parts of a composite give its value, in words.
pub(super) fn rollup_words(rule: crate::model::library::Rollup) -> Text {
    use crate::model::library::Rollup;
    match rule {
        Rollup::Sum => tr!("the sum of its parts", "各部分之和"),
        Rollup::Max => tr!("the largest of its parts", "各部分中的最大值"),
        Rollup::Min => tr!("the smallest of its parts", "各部分中的最小值"),
        Rollup::All => tr!("what holds for all of its parts", "对所有部分都成立者"),
        Rollup::Any => tr!("what holds for any of its parts", "对任一部分成立者"),
        Rollup::Weakest => tr!("the weakest of its parts", "各部分中的最弱者"),
        Rollup::First => tr!("that of its first part", "首个部分的值"),
    }
}
