//! Parses `--weights`: a keyword, or a file with intervals, orders or points.

use std::path::Path;

use crate::analysis::weight_space::{Constraint, WeightSpace};
use crate::cli::decision::find_criterion;
use crate::cli::output::Output;
use crate::cli::{Failure, args};
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::eval::Plan;
use crate::lang::Text;
use crate::load;
use crate::schema::{Scalar, Spanned};
use crate::source::{Span, did_you_mean_clause};
use crate::tr;
use crate::weighting::WeightError;

/// Parses the value of `--weights`.
pub(super) fn parse_weight_space(
    word: &str,
    plan: &Plan<'_>,
    output: &Output,
) -> Result<WeightSpace, Failure> {
    let shares = plan.shares();
    let usage = |error: WeightError| Failure::usage(error.text().clone());
    if let Some(spread) = word.strip_prefix("near:") {
        let Ok(spread) = spread.parse::<f64>() else {
            return Err(Failure::usage(tr!(
                "`{word}` needs a number, such as near:0.2",
                "`{word}` 需要一个数，如 near:0.2"
            )));
        };
        return WeightSpace::near(&shares, spread).map_err(usage);
    }
    if let Some(order) = word.strip_prefix("order:") {
        let chain = order
            .split('>')
            .map(|id| find_criterion(plan, id.trim()))
            .collect::<Result<Vec<_>, Text>>()
            .map_err(Failure::usage)?;
        return WeightSpace::constrained(&shares, &[Constraint::Order(chain)]).map_err(usage);
    }
    match word {
        "declared" => Ok(WeightSpace::declared(&shares)),
        "uniform" => Ok(WeightSpace::uniform(&shares)),
        file if Path::new(file).is_file() => read_weight_space(Path::new(file), plan, output),
        other => {
            let hint = did_you_mean_clause(other, ["declared", "uniform"]);
            Err(Failure::usage(tr!(
                "--weights takes declared, near:SPREAD, uniform, order:a>b>c or a file, not `{other}`{hint}",
                "--weights 可为 declared、near:离散度、uniform、order:a>b>c 或文件，而不是 `{other}`{hint}"
            )))
        }
    }
}

/// Reads constraints or fixed points from a weights file.
fn read_weight_space(
    file: &Path,
    plan: &Plan<'_>,
    output: &Output,
) -> Result<WeightSpace, Failure> {
    let loaded = load::weights(file, args::today());
    let (sources, mut sink) = (loaded.sources, loaded.diagnostics);
    let found = loaded.doc.and_then(|doc| {
        let whole = Span::default();
        let at =
            |id: &Spanned<String>, sink: &mut Diagnostics| match find_criterion(plan, &id.value) {
                Ok(k) => Some(k),
                Err(message) => {
                    sink.push(Diagnostic::new(Code::BadWeights, id.span, message));
                    None
                }
            };
        let mut constraints = Vec::new();
        for chain in doc
            .orders
            .iter()
            .chain(Some(&doc.order).filter(|order| !order.is_empty()))
        {
            constraints.push(Constraint::Order(
                chain.iter().filter_map(|id| at(id, &mut sink)).collect(),
            ));
        }
        for (id, interval) in &doc.intervals {
            let k = at(id, &mut sink);
            if let (Some(criterion), Some((low, high))) = (k, share_bounds(interval, &mut sink)) {
                constraints.push(Constraint::Interval {
                    criterion,
                    low,
                    high,
                });
            }
        }
        let mut shares = plan.shares();
        if !doc.points.is_empty() {
            shares.fill(0.0);
            for (id, points) in &doc.points {
                if let Some(k) = at(id, &mut sink) {
                    shares[k] = points.max(0.0);
                }
            }
            let total: f64 = shares.iter().sum();
            if total > 0.0 {
                shares.iter_mut().for_each(|share| *share /= total);
            }
        } else if constraints.is_empty() {
            let message = tr!(
                "this file has neither `points:` nor `intervals:` nor `orders:`",
                "该文件既没有 `points:`，也没有 `intervals:` 或 `orders:`"
            );
            let hint = tr!(
                "intervals: {{COST: 0.2..0.4}}",
                "intervals: {{COST: 0.2..0.4}}"
            );
            sink.push(
                Diagnostic::about_file(Code::BadWeights, file.display().to_string(), message)
                    .hint(hint),
            );
        }
        if sink.has_errors() {
            return None;
        }
        if constraints.is_empty() {
            return Some(WeightSpace::declared(&shares));
        }
        let space = WeightSpace::constrained(&shares, &constraints);
        space
            .map_err(|error| {
                sink.push(Diagnostic::new(
                    Code::BadWeights,
                    doc_span(&doc).unwrap_or(whole),
                    error.text().clone(),
                ))
            })
            .ok()
    });
    let Some(found) = found else {
        return Err(Failure::files(sink, sources));
    };
    output.print_diagnostics(&sink, &sources);
    Ok(found)
}

/// Returns a span in the file that a diagnostic can point at.
fn doc_span(doc: &crate::schema::criteria::WeightsDoc) -> Option<Span> {
    let interval = doc.intervals.iter().next().map(|(id, _)| id.span);
    interval.or_else(|| {
        doc.orders
            .iter()
            .flatten()
            .chain(&doc.order)
            .next()
            .map(|id| id.span)
    })
}

/// `0.1..0.4`, `10..40 %`, or one fixed share.
fn share_bounds(interval: &Spanned<Scalar>, sink: &mut Diagnostics) -> Option<(f64, f64)> {
    use crate::quantity::{self, unit::Units};
    let read = match &interval.value {
        Scalar::Number(x) => Some((*x, *x)),
        Scalar::Text(text) => quantity::parse(text, &Units::default())
            .ok()
            .map(|written| {
                let (low, high) = written.figures.support();
                let factor = written.unit.as_ref().map_or(1.0, |unit| unit.to_base(1.0));
                (low * factor, high * factor)
            }),
        _ => None,
    };
    if read.is_none() {
        let message = tr!(
            "an interval of shares is written 0.1..0.4",
            "占比区间写作 0.1..0.4"
        );
        sink.push(Diagnostic::new(Code::BadWeights, interval.span, message));
    }
    read
}
