//! Derives weights from the judgements in a weights file.

use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::lang::Text;
use crate::schema::criteria::{WeighingDoc, WeightsDoc};
use crate::schema::{Entries, Scalar, Spanned};
use crate::source::{Span, did_you_mean};
use crate::tr;
use crate::weighting::best_worst::{self, BestWorst, BestWorstModel};
use crate::weighting::pairwise::{self, Comparison, Judgements, Pairwise};
use crate::weighting::random_index::{RandomIndex, TABLES};
use crate::weighting::rank_order::{self, RankOrderFormula};
use crate::weighting::{WeightError, Weights, points, swing};

/// Derives weights from a weights file. Returns the method's id and the weights; `None` if the file is invalid,
/// after reporting why.
pub fn derive_weights(
    doc: &WeightsDoc,
    sink: &mut Diagnostics,
) -> Option<Result<(String, Weights), WeightError>> {
    let method = method(doc, sink)?;
    let (id, found) = match method {
        WeighingDoc::Pairwise => {
            let random_index = random_index(doc, sink)?;
            let judged = pairwise_of(doc, sink)?;
            ("pairwise", pairwise::weights(&judged, random_index))
        }
        WeighingDoc::Swing => ("swing", swing::weights(&pairs(&doc.swings))),
        WeighingDoc::Points => ("points", points::weights(&pairs(&doc.points))),
        WeighingDoc::RankOrder => {
            let formula = match &doc.formula {
                None => RankOrderFormula::default(),
                Some(written) => match RankOrderFormula::find(&written.value) {
                    Some(formula) => formula,
                    None => return refuse(sink, written, ["roc", "rank-sum", "reciprocal"]),
                },
            };
            let order: Vec<String> = doc.order.iter().map(|item| item.value.clone()).collect();
            ("rank-order", rank_order::weights(formula, &order))
        }
        WeighingDoc::BestWorst => {
            let model = match doc.model.as_ref() {
                None => BestWorstModel::default(),
                Some(written) if written.value == "nonlinear" => BestWorstModel::Nonlinear,
                Some(written) if written.value == "linear" => BestWorstModel::Linear,
                Some(written) => return refuse(sink, written, ["nonlinear", "linear"]),
            };
            let (Some(best), Some(worst)) = (&doc.best, &doc.worst) else {
                let at = doc.method.as_ref().map_or(Span::default(), |m| m.span);
                let message = tr!(
                    "best-worst needs `best:` and `worst:`",
                    "best-worst 需要 `best:` 与 `worst:`"
                );
                sink.push(Diagnostic::new(Code::MissingKey, at, message));
                return None;
            };
            let judged = BestWorst {
                best: best.value.clone(),
                worst: worst.value.clone(),
                best_to_others: pairs(&doc.best_to_others),
                others_to_worst: pairs(&doc.others_to_worst),
            };
            ("best-worst", best_worst::weights(&judged, model))
        }
    };
    Some(found.map(|weights| (id.to_owned(), weights)))
}

/// Returns the declared method, else the only one that fits the file's keys.
fn method(doc: &WeightsDoc, sink: &mut Diagnostics) -> Option<WeighingDoc> {
    let found = meant(doc);
    if found.is_none() {
        let message = tr!("the file holds no judgements", "该文件没有任何判断");
        let hint = tr!(
            "method: pairwise, swing, rank-order, best-worst or points; `weigh schema weights` prints the form",
            "method 可为 pairwise、swing、rank-order、best-worst 或 points；`weigh schema weights` 可打印格式"
        );
        sink.push(Diagnostic::about_file(Code::BadWeights, "weights", message).hint(hint));
    }
    found
}

/// Returns the declared method, else the only one that fits the file's keys.
pub(crate) fn meant(doc: &WeightsDoc) -> Option<WeighingDoc> {
    if let Some(method) = &doc.method {
        return Some(method.value);
    }
    let guesses = [
        (
            !doc.comparisons.is_empty() || !doc.matrix.is_empty(),
            WeighingDoc::Pairwise,
        ),
        (!doc.swings.is_empty(), WeighingDoc::Swing),
        (doc.best.is_some(), WeighingDoc::BestWorst),
        (!doc.order.is_empty(), WeighingDoc::RankOrder),
        (!doc.points.is_empty(), WeighingDoc::Points),
    ];
    guesses
        .into_iter()
        .find(|(present, _)| *present)
        .map(|(_, method)| method)
}

fn pairs(entries: &Entries<f64>) -> Vec<(String, f64)> {
    entries
        .iter()
        .map(|(item, x)| (item.value.clone(), *x))
        .collect()
}

fn refuse<T, const N: usize>(
    sink: &mut Diagnostics,
    written: &Spanned<String>,
    words: [&str; N],
) -> Option<T> {
    let (word, list) = (&written.value, words.join(", "));
    let hint = did_you_mean(word, words);
    let message = tr!("`{word}` is not one of {list}", "`{word}` 不在 {list} 之中");
    sink.push(Diagnostic::new(Code::NotAllowed, written.span, message).maybe_hint(hint));
    None
}

fn random_index(doc: &WeightsDoc, sink: &mut Diagnostics) -> Option<RandomIndex> {
    let Some(written) = &doc.random_index else {
        return Some(RandomIndex::default());
    };
    let word = match &written.value {
        Scalar::Number(x) => x.to_string(),
        Scalar::Text(word) => word.clone(),
        Scalar::Flag(_) | Scalar::Words(_) | Scalar::List(_) => String::new(),
    };
    let found = RandomIndex::find(&word);
    if found.is_none() {
        let list = TABLES
            .iter()
            .map(|table| table.id)
            .collect::<Vec<_>>()
            .join(", ");
        let message = tr!(
            "there is no random-index table `{word}`",
            "没有随机指标表 `{word}`"
        );
        let hint = tr!("{list}, or a number above 0", "{list}，或大于 0 的数");
        sink.push(Diagnostic::new(Code::BadWeights, written.span, message).hint(hint));
    }
    found
}

fn pairwise_of(doc: &WeightsDoc, sink: &mut Diagnostics) -> Option<Pairwise> {
    let mut sound = true;
    let mut read = |written: &Spanned<Scalar>, sink: &mut Diagnostics| match ratio(&written.value) {
        Some(ratio) => ratio,
        None => {
            let message: Text = tr!(
                "a ratio is a number or a fraction such as '1/3'",
                "比率应为数或分数，如 '1/3'"
            );
            sink.push(Diagnostic::new(Code::BadWeights, written.span, message));
            sound = false;
            f64::NAN
        }
    };
    let judgements = if doc.matrix.is_empty() {
        let one = |c: &crate::schema::criteria::ComparisonDoc, ratio: f64| Comparison {
            of: c.of.value.clone(),
            over: c.over.value.clone(),
            ratio,
        };
        Judgements::List(
            doc.comparisons
                .iter()
                .map(|c| one(c, read(&c.ratio, sink)))
                .collect(),
        )
    } else {
        Judgements::Matrix(
            doc.matrix
                .iter()
                .map(|row| row.iter().map(|cell| Some(read(cell, sink))).collect())
                .collect(),
        )
    };
    let mut items: Vec<String> = doc.items.iter().map(|item| item.value.clone()).collect();
    if items.is_empty() {
        // In the order of first mention.
        for name in doc
            .comparisons
            .iter()
            .flat_map(|c| [&c.of.value, &c.over.value])
        {
            if !items.contains(name) {
                items.push(name.clone());
            }
        }
    }
    let mut children = Vec::new();
    for (item, below) in &doc.children {
        match pairwise_of(below, sink) {
            Some(below) => children.push((item.value.clone(), below)),
            None => sound = false,
        }
    }
    sound.then_some(Pairwise {
        items,
        judgements,
        children,
    })
}

/// Parses a number, or a fraction such as `1/3`.
fn ratio(scalar: &Scalar) -> Option<f64> {
    match scalar {
        Scalar::Number(x) => Some(*x),
        Scalar::Text(text) => match text.split_once('/') {
            Some((over, under)) => {
                let (over, under) = (
                    over.trim().parse::<f64>().ok()?,
                    under.trim().parse::<f64>().ok()?,
                );
                (under != 0.0).then(|| over / under)
            }
            None => text.trim().parse().ok(),
        },
        Scalar::Flag(_) | Scalar::Words(_) | Scalar::List(_) => None,
    }
}
