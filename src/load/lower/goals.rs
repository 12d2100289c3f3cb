//! What a decision weights: criteria of the criteria files, criteria it defines itself, and objectives that group
//! them.

use std::collections::BTreeMap;

use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::lang::Text;
use crate::load::lower::library::LibraryBuilder;
use crate::load::lower::value_function::{missing_policy, value_function, value_not_applicable};
use crate::model::decision::Goal;
use crate::model::library::{Library, Replacement, Section, ValueForm};
use crate::quantity::unit::Unit;
use crate::schema::criteria::CriterionDoc;
use crate::schema::decision::{DecisionDoc, OrId, UseDoc};
use crate::schema::{Spanned, Words};
use crate::source::{Span, did_you_mean_or_list};
use crate::tr;

/// Points by criterion, each with its place in the file.
pub(crate) type Points = BTreeMap<String, (f64, Span)>;

/// Points of a criterion that declares none.
const EQUAL_POINTS: f64 = 1.0;
/// Limit on the nesting of objectives.
const DEEPEST: usize = 16;
/// Limit on the criteria and objectives of one decision, because pairs of them are compared.
const MOST: usize = 1_000;

/// Reads the list of criteria.
pub(crate) fn goals(list: &[Spanned<OrId<UseDoc>>], builder: &mut LibraryBuilder<'_>) -> Vec<Goal> {
    let mut used = BTreeMap::new();
    level(list, builder, &mut used, 0)
}

fn level(
    list: &[Spanned<OrId<UseDoc>>],
    builder: &mut LibraryBuilder<'_>,
    used: &mut BTreeMap<String, Span>,
    depth: usize,
) -> Vec<Goal> {
    let mut all = Vec::new();
    for entry in list {
        if used.len() == MOST {
            let message = tr!(
                "a decision weighs at most {MOST} criteria",
                "一个决策最多 {MOST} 个准则"
            );
            builder
                .sink
                .push(Diagnostic::new(Code::OutOfRange, entry.span, message));
            break;
        }
        let goal = match &entry.value {
            OrId::Id(id) => reference(
                &Spanned {
                    span: entry.span,
                    value: id.clone(),
                },
                EQUAL_POINTS,
                builder,
            ),
            OrId::Inline(own) => goal(own, entry.span, builder, used, depth),
        };
        let Some(goal) = goal else { continue };
        let (Goal::Criterion { id, span, .. } | Goal::Objective { id, span, .. }) = &goal;
        if used.insert(id.clone(), *span).is_some() {
            builder.sink.push(Diagnostic::new(
                Code::DefinedTwice,
                *span,
                tr!("`{id}` is weighed twice", "`{id}` 被重复计权"),
            ));
            continue;
        }
        all.push(goal);
    }
    all
}

fn goal(
    own: &UseDoc,
    span: Span,
    builder: &mut LibraryBuilder<'_>,
    used: &mut BTreeMap<String, Span>,
    depth: usize,
) -> Option<Goal> {
    let points = points(own, builder)?;
    if let Some(id) = &own.objective {
        if depth >= DEEPEST {
            builder.sink.push(Diagnostic::new(
                Code::TooDeep,
                id.span,
                tr!("objectives nest too deeply", "目标嵌套过深"),
            ));
            return None;
        }
        let goals = level(&own.criteria, builder, used, depth + 1);
        if goals.is_empty() {
            let word = &id.value;
            let message = tr!(
                "the objective `{word}` has no criteria",
                "目标 `{word}` 没有准则"
            );
            builder
                .sink
                .push(Diagnostic::new(Code::MissingKey, id.span, message));
            return None;
        }
        let title = own
            .title
            .as_ref()
            .map_or_else(|| Text::name(&id.value), |t| t.0.clone());
        return Some(Goal::Objective {
            id: id.value.clone(),
            title,
            points,
            goals,
            span: id.span,
        });
    }
    if let Some(id) = &own.uses {
        let goal = reference(id, points, builder)?;
        changed(&in_library(id, builder), own, builder);
        return Some(goal);
    }
    let Some(id) = &own.id else {
        let message = tr!(
            "name a criterion with `use: ID`, or define one with `id:`, `expr:` and `value:`",
            "请指明准则：`use: ID`，或以 `id:`、`expr:` 与 `value:` 描述"
        );
        builder
            .sink
            .push(Diagnostic::new(Code::MissingKey, span, message));
        return None;
    };
    let (Some(expr), Some(value)) = (&own.expr, &own.value) else {
        if builder.library.criteria.contains_key(&id.value)
            && own.expr.is_none()
            && own.value.is_none()
        {
            return reference(id, points, builder);
        }
        let message = tr!(
            "a criterion defined here needs `expr:` and `value:`",
            "在此描述的准则需要 `expr:` 与 `value:`"
        );
        builder
            .sink
            .push(Diagnostic::new(Code::MissingKey, id.span, message));
        return None;
    };
    let doc = CriterionDoc {
        replaces: None,
        title: own
            .title
            .clone()
            .unwrap_or_else(|| Words(Text::name(&id.value))),
        about: own.about.clone(),
        expr: expr.clone(),
        unit: own.unit.clone(),
        value: value.value.clone(),
        missing: own.missing.unwrap_or_default(),
        not_applicable: own.not_applicable.clone(),
        legacy: None,
        source: own.source.clone(),
        assumptions: own.assumptions.clone(),
        pitfalls: own.pitfalls.clone(),
    };
    // The decision's own definition replaces one of the same name in the criteria files.
    let replaced = builder.library.criteria.remove(&id.value);
    if let Some(replaced) = replaced {
        builder.library.replacements.push(Replacement {
            section: Section::Criterion,
            name: id.value.clone(),
            by: id.span,
            instead_of: replaced.span,
        });
    }
    builder.criterion(id, &doc);
    builder
        .library
        .criteria
        .contains_key(&id.value)
        .then(|| Goal::Criterion {
            id: id.value.clone(),
            points,
            span: id.span,
        })
}

fn points(own: &UseDoc, builder: &mut LibraryBuilder<'_>) -> Option<f64> {
    let Some(points) = &own.points else {
        return Some(EQUAL_POINTS);
    };
    if points.value.is_finite() && points.value >= 0.0 {
        return Some(points.value);
    }
    let x = points.value;
    builder.sink.push(Diagnostic::new(
        Code::OutOfRange,
        points.span,
        tr!(
            "points are zero or more, not {x}",
            "点数应不小于零，而不是 {x}"
        ),
    ));
    None
}

fn reference(id: &Spanned<String>, points: f64, builder: &mut LibraryBuilder<'_>) -> Option<Goal> {
    let id = &in_library(id, builder);
    if builder.library.criteria.contains_key(&id.value) {
        return Some(Goal::Criterion {
            id: id.value.clone(),
            points,
            span: id.span,
        });
    }
    if builder.library.unread.contains(&id.value) {
        return None;
    }
    let word = &id.value;
    let names = &builder.library.criterion_names;
    if let Some((message, hint)) = names.explain(word) {
        let code = names.code_of(word, Code::AmbiguousName, Code::UnknownReference);
        builder
            .sink
            .push(Diagnostic::new(code, id.span, message).hint(hint));
        return None;
    }
    let hint = did_you_mean_or_list(word, builder.library.criteria.keys().map(String::as_str));
    let message = tr!("there is no criterion `{word}`", "没有名为 `{word}` 的准则");
    builder
        .sink
        .push(Diagnostic::new(Code::UnknownReference, id.span, message).maybe_hint(hint));
    None
}

/// Returns the id that a criterion has in the library.
fn in_library(id: &Spanned<String>, builder: &LibraryBuilder<'_>) -> Spanned<String> {
    let spelled = builder.library.criterion_names.spelled(None, &id.value);
    Spanned {
        span: id.span,
        value: spelled.unwrap_or_else(|| id.value.clone()),
    }
}

/// Applies the anchors, unit and missing policy that the decision overrides.
fn changed(id: &Spanned<String>, own: &UseDoc, builder: &mut LibraryBuilder<'_>) {
    let expr = own.expr.as_ref().map(|e| builder.expr(e));
    let Some(mut criterion) = builder.library.criteria.get(&id.value).cloned() else {
        return;
    };
    if let Some(Some(expr)) = expr {
        criterion.expr = expr;
    }
    if let Some(value) = &own.value {
        let form = ValueForm::Number(
            criterion
                .unit
                .as_ref()
                .map_or_else(Unit::one, |(u, _)| u.clone()),
        );
        if let Some(function) =
            value_function(&mut builder.reader(), &value.value, &form, value.span)
        {
            criterion.direction = function.direction().unwrap_or(criterion.direction);
            criterion.value = Some(function);
        }
    }
    if let Some(policy) = own.missing {
        criterion.missing = missing_policy(policy);
    }
    if let Some(value) = &own.not_applicable {
        criterion.not_applicable = value_not_applicable(&mut builder.reader(), value);
    }
    if let Some(title) = &own.title {
        criterion.title = title.0.clone();
    }
    builder.library.criteria.insert(id.value.clone(), criterion);
}

/// Reports unknown criteria and invalid points in a profile.
pub(crate) fn check_profile(profile: &Points, library: &Library, sink: &mut Diagnostics) {
    for (id, (x, span)) in profile {
        if !library.criteria.contains_key(id) {
            let hint = did_you_mean_or_list(id, library.criteria.keys().map(String::as_str));
            let message = tr!("there is no criterion `{id}`", "没有名为 `{id}` 的准则");
            sink.push(Diagnostic::new(Code::UnknownReference, *span, message).maybe_hint(hint));
        }
        if !x.is_finite() || *x < 0.0 {
            sink.push(Diagnostic::new(
                Code::OutOfRange,
                *span,
                tr!(
                    "points are zero or more, not {x}",
                    "点数应不小于零，而不是 {x}"
                ),
            ));
        }
    }
}

/// Applies a profile's points: a criterion that it does not name gets none, an objective gets the sum of its
/// criteria.
pub(crate) fn apply_profile(
    goals: &mut [Goal],
    profile: &Points,
    library: &Library,
    sink: &mut Diagnostics,
) {
    check_profile(profile, library, sink);
    let known = |id: &str| library.criteria.contains_key(id);
    let plain = profile
        .iter()
        .map(|(id, (x, _))| (id.clone(), x.max(0.0)))
        .collect();
    if set_points(goals, &plain) == 0.0
        && let Some((_, (_, span))) = profile.iter().find(|(id, (x, _))| known(id) && *x > 0.0)
    {
        let message = tr!(
            "this profile gives points only to criteria that the decision does not use",
            "该权重方案只给此决策未使用的准则分配了点数"
        );
        sink.push(Diagnostic::new(Code::NoWeights, *span, message));
    }
}

/// Sets points by criterion throughout the tree.
pub fn set_points(goals: &mut [Goal], profile: &BTreeMap<String, f64>) -> f64 {
    let mut total = 0.0;
    for goal in goals {
        total += match goal {
            Goal::Criterion { id, points, .. } => {
                *points = profile.get(id).copied().unwrap_or(0.0);
                *points
            }
            Goal::Objective { points, goals, .. } => {
                *points = set_points(goals, profile);
                *points
            }
        };
    }
    total
}

/// Reports a decision in which nothing has weight.
pub(crate) fn check_weights(
    goals: &[Goal],
    doc: &DecisionDoc,
    start: Span,
    sink: &mut Diagnostics,
) {
    fn total(goals: &[Goal]) -> f64 {
        goals
            .iter()
            .map(|g| match g {
                Goal::Criterion { points, .. } => *points,
                Goal::Objective { points, goals, .. } => points.min(total(goals)),
            })
            .sum()
    }
    if sink.has_errors() || total(goals) > 0.0 {
        return;
    }
    let at = doc
        .criteria
        .first()
        .map(|c| c.span)
        .or(doc.decision.as_ref().map(|d| d.span))
        .unwrap_or(start);
    let message = if goals.is_empty() {
        tr!("the decision weighs no criterion", "决策没有任何准则")
    } else {
        tr!("all points are zero", "所有点数均为零")
    };
    sink.push(Diagnostic::new(Code::NoWeights, at, message).hint(tr!(
        "`criteria: [{{use: ID, points: 30}}]`",
        "`criteria: [{{use: ID, points: 30}}]`"
    )));
}
