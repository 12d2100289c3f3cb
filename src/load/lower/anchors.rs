//! Reports weights that were elicited for other anchors than a criterion has: a swing weight is only valid for its
//! range.

use std::collections::BTreeMap;

use crate::diagnostic::{Code, Diagnostic};
use crate::load::lower::fact::FactReader;
use crate::model::library::{Criterion, ValueForm};
use crate::quantity::unit::Unit;
use crate::schema::{Scalar, Spanned};
use crate::tr;

/// Relative tolerance when comparing anchors, because a file may round.
const SAME: f64 = 1e-6;

/// Compares the anchors `worst..best` that weights were elicited for with those of the criteria. Ignores unknown
/// criteria and criteria without two anchors.
pub(crate) fn check(
    elicited: &[(Spanned<String>, Spanned<Scalar>)],
    criteria: &BTreeMap<String, Criterion>,
    reader: &mut FactReader<'_>,
) {
    for (id, written) in elicited {
        let Some(criterion) = criteria.get(&id.value) else {
            continue;
        };
        let Some((worst, best)) = criterion.value.as_ref().and_then(|v| v.anchors()) else {
            continue;
        };
        let unit = criterion
            .unit
            .as_ref()
            .map_or_else(Unit::one, |(unit, _)| unit.clone());
        let Some((from, to)) = anchors(written, &ValueForm::Number(unit.clone()), reader) else {
            continue;
        };
        let near = |a: f64, b: f64| (a - b).abs() <= SAME * (best - worst).abs();
        if near(from, worst) && near(to, best) {
            continue;
        }
        let (name, unit_name) = (&id.value, unit.suffix());
        // Nine digits hide the rounding error of conversion to base units and back.
        let typed = |base: f64| {
            format!("{:.8e}", unit.of_base(base))
                .parse()
                .unwrap_or(base)
        };
        let (worst, best): (f64, f64) = (typed(worst), typed(best));
        let (now, suffix) = (
            format!("{worst}..{best}"),
            if unit_name.is_empty() {
                String::new()
            } else {
                format!(" {unit_name}")
            },
        );
        let message = tr!(
            "the weight of `{name}` was elicited for other anchors; they are now `{now}{suffix}`",
            "`{name}` 的权重是针对其他锚点征询的；现在的锚点为 `{now}{suffix}`"
        );
        let hint = tr!(
            "elicit the value of the swing from `{worst}` to `{best}{suffix}` again, then write `{name}: {now}{suffix}` under `for:`",
            "请重新征询从 `{worst}` 到 `{best}{suffix}` 的摆动价值，再在 `for:` 下写 `{name}: {now}{suffix}`"
        );
        reader
            .sink
            .push(Diagnostic::new(Code::AnchorsMoved, written.span, message).hint(hint));
    }
}

/// Parses `worst..best` in base units; unlike a range it may descend. A unit after the last number applies to both.
fn anchors(
    written: &Spanned<Scalar>,
    form: &ValueForm,
    reader: &mut FactReader<'_>,
) -> Option<(f64, f64)> {
    let parts = match &written.value {
        Scalar::Text(text) => text.split_once(".."),
        _ => None,
    };
    let Some((worst, best)) = parts.map(|(worst, best)| (worst.trim(), best.trim())) else {
        let message = tr!("anchors are written worst..best", "锚点写作 最差..最佳");
        let hint = tr!("`60000..0 EUR/year`", "`60000..0 EUR/year`");
        reader
            .sink
            .push(Diagnostic::new(Code::NotAQuantity, written.span, message).hint(hint));
        return None;
    };
    let unit = best
        .split_once(' ')
        .filter(|_| worst.parse::<f64>().is_ok())
        .map(|(_, unit)| unit.trim());
    let worst = unit.map_or_else(|| worst.to_owned(), |unit| format!("{worst} {unit}"));
    let mut read = |text: String| {
        reader
            .number(&Scalar::Text(text), written.span, form, None)
            .map(|d| d.mean())
    };
    read(worst).zip(read(best.to_owned()))
}
