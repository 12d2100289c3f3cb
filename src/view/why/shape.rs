//! The arithmetic of a value function: from the measure to the value.

use crate::lang::{Lang, Text};
use crate::quantity::value_function::ValueFunction;
use crate::tr;
use crate::view::figure;

/// How a measure becomes a value, for display.
pub(super) struct ValueWorking {
    /// The shape with its anchors or points: `linear 60,000 -> 0 EUR/year`.
    pub shape: String,
    /// Expressions with figures that follow from each other; the last one gives the value.
    pub formulas: Vec<String>,
    /// What is said instead of, or beside, the arithmetic.
    pub note: Option<Text>,
}

/// Works a value out. `of_base` converts to the unit shown, `level` names a code of a scale.
pub(super) fn work_out(
    f: &ValueFunction,
    measure: f64,
    clip: bool,
    unit: &str,
    of_base: &dyn Fn(f64) -> f64,
    level: &dyn Fn(f64) -> String,
    lang: Lang,
) -> ValueWorking {
    let shown = |x: f64| figure::number(of_base(x));
    let anchor = |x: f64| figure::written(of_base(x));
    let name = match lang {
        Lang::En => f.shape(),
        Lang::Zh => shape_zh(f),
    };
    let with_unit = |figures: &str| {
        let text = format!("{name} {figures}");
        if unit.is_empty() {
            text
        } else {
            format!("{text} {unit}")
        }
    };
    let pairs = |points: &[(f64, f64)], of: &dyn Fn(f64) -> String| {
        let list: Vec<String> = points
            .iter()
            .map(|(at, value)| format!("{} {}", of(*at), figure::written(*value)))
            .collect();
        list.join(", ")
    };
    let shape = match f {
        ValueFunction::Linear { worst, best }
        | ValueFunction::Logarithmic { worst, best }
        | ValueFunction::SCurve { worst, best } => {
            with_unit(&format!("{} -> {}", anchor(*worst), anchor(*best)))
        }
        ValueFunction::Exponential {
            worst,
            best,
            curvature,
        } => {
            let curvature = figure::written(*curvature);
            let curvature = tr!(", curvature {curvature}", "，曲率 {curvature}");
            let anchors = with_unit(&format!("{} -> {}", anchor(*worst), anchor(*best)));
            format!("{anchors}{}", curvature.get(lang))
        }
        ValueFunction::Target { low, target, high } => with_unit(&format!(
            "{} -> {} <- {}",
            anchor(*low),
            anchor(*target),
            anchor(*high)
        )),
        ValueFunction::Piecewise(points) | ValueFunction::Step(points) => {
            let points = pairs(points, &anchor);
            match unit {
                "" => format!("{name} ({points})"),
                unit => format!("{name} ({points}; {unit})"),
            }
        }
        ValueFunction::Levels(levels) => format!("{name} ({})", pairs(levels, level)),
    };
    let mut formulas = Vec::new();
    let mut note = None;
    if !measure.is_nan() {
        let straight = |from: f64, to: f64| {
            let (x, from, to) = (shown(measure), anchor(from), anchor(to));
            format!("({x} - {from}) / ({to} - {from})")
        };
        match f {
            ValueFunction::Linear { worst, best } => formulas.push(straight(*worst, *best)),
            ValueFunction::Logarithmic { worst, best } if measure > 0.0 => {
                let (x, worst, best) = (shown(measure), anchor(*worst), anchor(*best));
                formulas.push(format!("ln({x} / {worst}) / ln({best} / {worst})"));
            }
            ValueFunction::Logarithmic { .. } => {
                let x = shown(measure);
                note = Some(tr!(
                    "{x} has no logarithm: beyond the lower anchor",
                    "{x} 没有对数：低于较低的锚点"
                ));
            }
            ValueFunction::Exponential {
                worst,
                best,
                curvature,
            } => {
                let t = part(
                    &straight(*worst, *best),
                    (measure - worst) / (best - worst),
                    clip,
                );
                let c = figure::written(-curvature);
                formulas.push(t.line(lang));
                formulas.push(format!("(1 - exp({c} * {})) / (1 - exp({c}))", t.shown));
            }
            ValueFunction::SCurve { worst, best } => {
                let t = part(
                    &straight(*worst, *best),
                    (measure - worst) / (best - worst),
                    true,
                );
                formulas.push(t.line(lang));
                let t = t.shown;
                formulas.push(format!("{t} * {t} * (3 - 2 * {t})"));
            }
            ValueFunction::Target { low, target, high } => formulas.push(if measure <= *target {
                straight(*low, *target)
            } else {
                straight(*high, *target)
            }),
            ValueFunction::Piecewise(points) => {
                match line_at(points, measure, clip) {
                    Some([(x0, v0), (x1, v1)]) => {
                        let (v0, v1) = (figure::written(v0), figure::written(v1));
                        formulas.push(format!("{v0} + ({v1} - {v0}) * {}", straight(x0, x1)));
                    }
                    None => note = Some(end_point(points, measure, &anchor)),
                };
            }
            ValueFunction::Step(points) => {
                let at = points.partition_point(|p| p.0 <= measure);
                let x = shown(measure);
                note = Some(match at.checked_sub(1) {
                    Some(at) => {
                        let from = anchor(points[at].0);
                        tr!(
                            "{x} is in the step from {from}",
                            "{x} 位于自 {from} 起的台阶"
                        )
                    }
                    None => {
                        let first = anchor(points[0].0);
                        tr!(
                            "{x} is below the first step at {first}",
                            "{x} 低于首个台阶 {first}"
                        )
                    }
                });
            }
            ValueFunction::Levels(_) => note = Some(Text::name(level(measure))),
        }
    }
    ValueWorking {
        shape,
        formulas,
        note,
    }
}

/// The linear part of a curved shape.
struct LinearPart {
    formula: String,
    free: f64,
    /// The figure that the curve takes.
    shown: String,
}

impl LinearPart {
    fn line(&self, lang: Lang) -> String {
        let (formula, free, shown) = (&self.formula, figure::number(self.free), &self.shown);
        if free == *shown {
            return format!("t = {formula} = {shown}");
        }
        let text = tr!(
            "t = {formula} = {free}, held at {shown}",
            "t = {formula} = {free}，记为 {shown}"
        );
        text.get(lang).to_owned()
    }
}

fn part(formula: &str, free: f64, clip: bool) -> LinearPart {
    let held = if clip { free.clamp(0.0, 1.0) } else { free };
    LinearPart {
        formula: formula.to_owned(),
        free,
        shown: figure::number(held),
    }
}

/// The two points whose line gives the value; `None` where the value is that of an end.
fn line_at(points: &[(f64, f64)], x: f64, clip: bool) -> Option<[(f64, f64); 2]> {
    let at = points.partition_point(|p| p.0 <= x);
    let ends = points.len().checked_sub(2);
    match (at.checked_sub(1), points.get(at)) {
        (Some(before), Some(after)) => Some([points[before], *after]),
        _ if clip => None,
        (None, _) => ends.map(|_| [points[0], points[1]]),
        (Some(_), None) => ends.map(|at| [points[at], points[at + 1]]),
    }
}

fn end_point(points: &[(f64, f64)], x: f64, anchor: &dyn Fn(f64) -> String) -> Text {
    let (Some(first), Some(last)) = (points.first(), points.last()) else {
        return Text::name("");
    };
    let is_low = x < first.0;
    let end = anchor(if is_low { first.0 } else { last.0 });
    if is_low {
        tr!(
            "below the first point, {end}: its value",
            "低于首个点 {end}：取该点的值"
        )
    } else {
        tr!(
            "from the last point, {end}, on: its value",
            "自末尾点 {end} 起：取该点的值"
        )
    }
}

fn shape_zh(f: &ValueFunction) -> &'static str {
    match f {
        ValueFunction::Linear { .. } => "线性",
        ValueFunction::Piecewise(_) => "分段线性",
        ValueFunction::Logarithmic { .. } => "对数",
        ValueFunction::Exponential { .. } => "指数",
        ValueFunction::Step(_) => "阶梯",
        ValueFunction::SCurve { .. } => "S 形",
        ValueFunction::Target { .. } => "目标值",
        ValueFunction::Levels(_) => "等级",
    }
}
