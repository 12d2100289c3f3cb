//! Lowers a `ValueDoc` to a [`ValueFunction`].

use crate::diagnostic::{Code, Diagnostic};
use crate::lang::Text;
use crate::load::lower::fact::FactReader;
use crate::model::library::{MissingPolicy, ValueForm};
use crate::quantity::value_function::ValueFunction;
use crate::schema::criteria::{MissingDoc, ShapeDoc, ValueDoc};
use crate::schema::{Entries, Scalar, Spanned};
use crate::source::Span;
use crate::tr;

/// Reads a value function over measures of this form; `at` is where its criterion is named.
pub(crate) fn value_function(
    reader: &mut FactReader<'_>,
    doc: &ValueDoc,
    form: &ValueForm,
    at: Span,
) -> Option<ValueFunction> {
    match doc.shape {
        ShapeDoc::Piecewise => points(reader, &doc.points, form, at).map(ValueFunction::Piecewise),
        ShapeDoc::Step => points(reader, &doc.points, form, at).map(ValueFunction::Step),
        ShapeDoc::Levels => levels(reader, &doc.levels, at).map(ValueFunction::Levels),
        _ => anchored(reader, doc, form, at),
    }
}

fn anchored(
    reader: &mut FactReader<'_>,
    doc: &ValueDoc,
    form: &ValueForm,
    at: Span,
) -> Option<ValueFunction> {
    let worst = anchor(reader, doc.worst.as_ref(), "worst", form, at);
    let best = anchor(reader, doc.best.as_ref(), "best", form, at);
    let (worst, best) = worst.zip(best)?;
    let place = doc.best.as_ref().map_or(at, |b| b.span);
    if worst == best {
        return refuse(
            reader,
            place,
            tr!("`worst` and `best` are the same", "`worst` 与 `best` 相同"),
        );
    }
    match doc.shape {
        ShapeDoc::Logarithmic if worst <= 0.0 || best <= 0.0 => refuse(
            reader,
            place,
            tr!(
                "a logarithmic value needs positive anchors",
                "对数价值函数的锚点必须为正"
            ),
        ),
        ShapeDoc::Logarithmic => Some(ValueFunction::Logarithmic { worst, best }),
        ShapeDoc::Exponential => match doc.curvature {
            Some(curvature) if curvature != 0.0 && curvature.abs() <= 50.0 => {
                Some(ValueFunction::Exponential {
                    worst,
                    best,
                    curvature,
                })
            }
            _ => refuse(
                reader,
                place,
                tr!(
                    "an exponential value needs a `curvature` between -50 and 50, not 0",
                    "指数价值函数需要 -50 到 50 之间的非零 `curvature`"
                ),
            ),
        },
        ShapeDoc::SCurve => Some(ValueFunction::SCurve { worst, best }),
        ShapeDoc::Target => {
            let target = anchor(reader, doc.target.as_ref(), "target", form, at)?;
            let (low, high) = (worst.min(best), worst.max(best));
            if target <= low || target >= high {
                return refuse(
                    reader,
                    place,
                    tr!(
                        "`target` lies between `worst` and `best`",
                        "`target` 应位于 `worst` 与 `best` 之间"
                    ),
                );
            }
            Some(ValueFunction::Target { low, target, high })
        }
        _ => Some(ValueFunction::Linear { worst, best }),
    }
}

fn refuse(reader: &mut FactReader<'_>, at: Span, message: Text) -> Option<ValueFunction> {
    reader
        .sink
        .push(Diagnostic::new(Code::BadAnchors, at, message));
    None
}

fn anchor(
    reader: &mut FactReader<'_>,
    written: Option<&Spanned<Scalar>>,
    name: &str,
    form: &ValueForm,
    at: Span,
) -> Option<f64> {
    let Some(written) = written else {
        let message = tr!(
            "the value function has no `{name}`",
            "价值函数缺少 `{name}`"
        );
        let hint = tr!(
            "`value: {{worst: ..., best: ...}}`",
            "`value: {{worst: ..., best: ...}}`"
        );
        reader
            .sink
            .push(Diagnostic::new(Code::MissingKey, at, message).hint(hint));
        return None;
    };
    reader
        .number(&written.value, written.span, form, None)
        .map(|d| d.mean())
}

fn points(
    reader: &mut FactReader<'_>,
    points: &Entries<f64>,
    form: &ValueForm,
    at: Span,
) -> Option<Vec<(f64, f64)>> {
    let mut read = Vec::new();
    for (measure, value) in points {
        let scalar = Scalar::Text(measure.value.clone());
        read.push((
            reader.number(&scalar, measure.span, form, None)?.mean(),
            *value,
        ));
        in_unit_interval(reader, *value, measure.span)?;
    }
    if read.len() < 2 || !read.windows(2).all(|w| w[0].0 < w[1].0) {
        let at = points.iter().next().map_or(at, |(first, _)| first.span);
        refuse(
            reader,
            at,
            tr!(
                "`points` needs two or more, ascending",
                "`points` 至少两个，且递增"
            ),
        )?;
        return None;
    }
    Some(read)
}

fn levels(reader: &mut FactReader<'_>, levels: &Entries<f64>, at: Span) -> Option<Vec<(f64, f64)>> {
    let mut read = Vec::new();
    for (word, value) in levels {
        in_unit_interval(reader, *value, word.span)?;
        let word = match word.value.as_str() {
            "true" => "yes",
            "false" => "no",
            other => other,
        };
        read.push((reader.words.code(word), *value));
    }
    if read.is_empty() {
        refuse(
            reader,
            at,
            tr!(
                "`levels` needs a value for each word",
                "`levels` 需要为每个词给出取值"
            ),
        )?;
    }
    Some(read)
}

fn in_unit_interval(reader: &mut FactReader<'_>, value: f64, at: Span) -> Option<()> {
    if (0.0..=1.0).contains(&value) {
        return Some(());
    }
    reader.sink.push(Diagnostic::new(
        Code::OutOfRange,
        at,
        tr!(
            "a value lies between 0 and 1, not at {value}",
            "取值应在 0 与 1 之间，而不是 {value}"
        ),
    ));
    None
}

/// Reads what a criterion says about candidates to which it does not apply.
pub(crate) fn value_not_applicable(
    reader: &mut FactReader<'_>,
    written: &Spanned<Scalar>,
) -> Option<f64> {
    let value = match &written.value {
        Scalar::Number(value) if (0.0..=1.0).contains(value) => return Some(*value),
        Scalar::Text(word) if word == "worst" => return Some(0.0),
        Scalar::Text(word) if word == "best" => return Some(1.0),
        Scalar::Number(value) => value.to_string(),
        Scalar::Flag(flag) => flag.to_string(),
        Scalar::Text(text) => text.clone(),
        Scalar::Words(words) => words.en.clone(),
        Scalar::List(entries) => entries.join(", "),
    };
    let message = tr!(
        "`not_applicable` is a value between 0 and 1, not `{value}`",
        "`not_applicable` 应为 0 与 1 之间的值，而不是 `{value}`"
    );
    let hint = tr!(
        "`not_applicable: 0.5`, `worst` or `best`",
        "`not_applicable: 0.5`、`worst` 或 `best`"
    );
    reader
        .sink
        .push(Diagnostic::new(Code::OutOfRange, written.span, message).hint(hint));
    None
}

/// Converts the policy.
pub(crate) fn missing_policy(doc: MissingDoc) -> MissingPolicy {
    match doc {
        MissingDoc::Exclude => MissingPolicy::Exclude,
        MissingDoc::Pessimistic => MissingPolicy::Pessimistic,
        MissingDoc::Range => MissingPolicy::Range,
    }
}
