//! Quantities: a number or distribution with a unit, written as `3.5 ms`, `2..6 week` or `pert(1,2,4) EUR/month`.
//!
//! The notation is the same in YAML, CSV and `--set`; [`parse`] reads it into a [`WrittenQuantity`]. The submodules are
//! independent of decisions: [`mod@unit`], [`tolerance`] (equality of computed figures), [`distribution`], [`sampler`] (Monte Carlo draws), [`date`], [`value_function`].

pub mod date;
pub mod distribution;
pub mod sampler;
pub mod tolerance;
pub mod unit;
pub mod value_function;

use self::distribution::Distribution;
use self::unit::{Unit, Units};
use crate::lang::Text;
use crate::tr;

/// A quantity that cannot be parsed; offsets are bytes of the text.
#[derive(Clone, Debug, PartialEq)]
pub struct QuantityError {
    pub kind: QuantityErrorKind,
    pub start: usize,
    /// Exclusive.
    pub end: usize,
    pub message: Text,
    pub hint: Option<Text>,
}

/// The kind of a [`QuantityError`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum QuantityErrorKind {
    /// Not a quantity at all.
    Form,
    /// The unit is unknown.
    Unit,
    /// The parameters of the distribution are invalid.
    Distribution,
}

/// A parsed quantity: a distribution in the written unit, and that unit.
#[derive(Clone, Debug, PartialEq)]
pub struct WrittenQuantity {
    /// In the written unit.
    pub figures: Distribution,
    /// `None` for a bare number.
    pub unit: Option<Unit>,
}

/// Maximum length in bytes; the `samples(...)` of a long benchmark fits.
const MAX_BYTES: usize = 100_000;

/// Parses a quantity.
///
/// # Errors
/// [`QuantityError`] with the invalid part and a hint.
///
/// ```
/// use weigh_engine::quantity::{self, unit::Units};
/// let weeks = quantity::parse("2..6 week", &Units::default()).unwrap();
/// assert_eq!(weeks.figures.mean(), 4.0);
/// assert_eq!(weeks.unit.unwrap().name(), "week");
/// ```
pub fn parse(written: &str, units: &Units) -> Result<WrittenQuantity, QuantityError> {
    let text = written.trim();
    let offset = written.len() - written.trim_start().len();
    let form = |start: usize, end: usize| QuantityError {
        kind: QuantityErrorKind::Form,
        start: offset + start,
        end: offset + end.max(start + 1).min(text.len().max(1)),
        message: tr!("`{0}` is not a quantity", "`{0}` 不是一个量", shorten(text)),
        hint: Some(tr!(
            "write `3.5 ms`, `2..6 week`, `1..2..4 week` or `pert(1,2,4) week`",
            "可写 `3.5 ms`、`2..6 week`、`1..2..4 week` 或 `pert(1,2,4) week`"
        )),
    };
    if text.is_empty() || text.len() > MAX_BYTES {
        return Err(form(0, 1));
    }
    let (figures, rest) = if text.starts_with(|c: char| c.is_ascii_alphabetic()) {
        parse_distribution(text, offset).map_err(|e| e.unwrap_or_else(|| form(0, text.len())))?
    } else {
        parse_range(text).ok_or_else(|| form(0, text.len()))?
    };
    let tail = &text[rest..];
    let unit_text = tail.trim();
    let unit_start = offset + rest + (tail.len() - tail.trim_start().len());
    let unit = if unit_text.is_empty() {
        None
    } else {
        let shift = |e: unit::UnitError| QuantityError {
            kind: QuantityErrorKind::Unit,
            start: unit_start + e.start,
            end: unit_start + e.end,
            message: e.message,
            hint: e.hint,
        };
        Some(units.parse(unit_text).map_err(shift)?)
    };
    check_parameters(&figures).map_err(|message| QuantityError {
        kind: QuantityErrorKind::Distribution,
        start: offset,
        end: offset + rest,
        message,
        hint: None,
    })?;
    Ok(WrittenQuantity { figures, unit })
}

fn shorten(text: &str) -> String {
    if text.chars().count() > 40 {
        format!("{}…", text.chars().take(39).collect::<String>())
    } else {
        text.to_owned()
    }
}

/// Parses a number at the start of `text`. Returns the value and its length in bytes.
fn leading_number(text: &str) -> Option<(f64, usize)> {
    let bytes = text.as_bytes();
    let digits = |mut at: usize| {
        while bytes.get(at).is_some_and(u8::is_ascii_digit) {
            at += 1;
        }
        at
    };
    let start = usize::from(matches!(bytes.first(), Some(b'-' | b'+')));
    let mut end = digits(start);
    let whole = end > start;
    // A dot is part of the number unless it begins the `..` of a range.
    if bytes.get(end) == Some(&b'.') && bytes.get(end + 1).is_some_and(u8::is_ascii_digit) {
        end = digits(end + 1);
    } else if !whole {
        return None;
    }
    if matches!(bytes.get(end), Some(b'e' | b'E')) {
        let sign = usize::from(matches!(bytes.get(end + 1), Some(b'-' | b'+')));
        let exponent = digits(end + 1 + sign);
        if exponent > end + 1 + sign {
            end = exponent;
        }
    }
    text[..end]
        .parse()
        .ok()
        .filter(|x: &f64| x.is_finite())
        .map(|x| (x, end))
}

/// Parses `a`, `a..b` or `a..m..b`.
fn parse_range(text: &str) -> Option<(Distribution, usize)> {
    let mut ends = Vec::new();
    let mut at = 0;
    loop {
        let (value, length) = leading_number(&text[at..])?;
        ends.push(value);
        at += length;
        let rest = text[at..].trim_start();
        if ends.len() == 3 || !rest.starts_with("..") {
            break;
        }
        at = text.len() - rest.len() + 2;
        at += text[at..].len() - text[at..].trim_start().len();
    }
    // `1.2.3` and `9,800` are not a number followed by a unit.
    if text[at..].starts_with(['.', ',', '_', ':', '-'])
        || text[at..].starts_with(|c: char| c.is_ascii_digit())
    {
        return None;
    }
    let distribution = match ends[..] {
        [x] => Distribution::Certain(x),
        [low, high] => Distribution::Uniform { low, high },
        [low, mode, high] => Distribution::Triangular { low, mode, high },
        _ => return None,
    };
    Some((distribution, at))
}

/// Parses `name(arguments)`; `Err(None)` if the text does not have this form.
fn parse_distribution(
    text: &str,
    offset: usize,
) -> Result<(Distribution, usize), Option<QuantityError>> {
    let open = text.find('(').ok_or(None)?;
    let close = text.find(')').ok_or(None)?;
    if close < open {
        return Err(None);
    }
    let name = text[..open].trim();
    let inside = &text[open + 1..close];
    // `samples(march: 3, 4, 5)`: repetitions of a named group.
    let (group, inside) = match inside.split_once(':') {
        Some((group, rest)) if name == "samples" && is_group_name(group.trim()) => {
            (Some(group.trim()), rest)
        }
        _ => (None, inside),
    };
    let parts: Vec<&str> = inside.split(',').map(str::trim).collect();
    let numbers = || -> Option<Vec<f64>> {
        parts
            .iter()
            .map(|p| {
                leading_number(p)
                    .filter(|(_, n)| *n == p.len())
                    .map(|(x, _)| x)
            })
            .collect()
    };
    const NAMES: [&str; 9] = [
        "uniform",
        "triangular",
        "pert",
        "normal",
        "lognormal",
        "beta",
        "discrete",
        "samples",
        "exactly",
    ];
    if name == "discrete" {
        let pair = |p: &&str| -> Option<(f64, f64)> {
            let (value, share) = p.split_once(':')?;
            let exact = |t: &str| {
                leading_number(t)
                    .filter(|(_, n)| *n == t.len())
                    .map(|(x, _)| x)
            };
            Some((exact(value.trim())?, exact(share.trim())?))
        };
        let mut points: Vec<_> = parts.iter().map(pair).collect::<Option<_>>().ok_or(None)?;
        points.sort_by(|a, b| a.0.total_cmp(&b.0));
        return Ok((Distribution::Discrete(points), close + 1));
    }
    let unknown = || QuantityError {
        kind: QuantityErrorKind::Form,
        start: offset,
        end: offset + name.len(),
        message: tr!(
            "there is no distribution `{name}`",
            "没有名为 `{name}` 的分布"
        ),
        hint: crate::source::did_you_mean(name, NAMES),
    };
    if !NAMES.contains(&name) {
        return Err(Some(unknown()));
    }
    let values = numbers().ok_or(None)?;
    let distribution = match (name, &values[..]) {
        ("uniform", &[low, high]) => Distribution::Uniform { low, high },
        ("triangular", &[low, mode, high]) => Distribution::Triangular { low, mode, high },
        ("pert", &[low, mode, high]) => Distribution::Pert { low, mode, high },
        ("normal", &[mean, sd]) => Distribution::Normal { mean, sd },
        ("lognormal", &[mu, sigma]) => Distribution::LogNormal {
            mu,
            sigma,
            scale: 1.0,
        },
        ("beta", &[a, b]) => Distribution::Beta { a, b, scale: 1.0 },
        ("exactly", &[x]) => Distribution::Certain(x),
        ("samples", [_, ..]) => Distribution::Samples {
            group: group.map(Into::into),
            values,
        },
        _ => {
            return Err(Some(QuantityError {
                kind: QuantityErrorKind::Form,
                start: offset + open,
                end: offset + close + 1,
                message: tr!(
                    "`{name}` has the wrong number of parameters",
                    "`{name}` 的参数个数不符"
                ),
                hint: Some(tr!(
                    "uniform(a,b), pert(a,m,b), normal(m,s), lognormal(m,s), beta(a,b)",
                    "uniform(a,b)、pert(a,m,b)、normal(m,s)、lognormal(m,s)、beta(a,b)"
                )),
            }));
        }
    };
    Ok((distribution, close + 1))
}

/// Returns whether a word may name a group of samples; a figure may not.
fn is_group_name(word: &str) -> bool {
    word.starts_with(char::is_alphabetic)
        && word
            .chars()
            .all(|c| c.is_alphanumeric() || matches!(c, '-' | '_' | '.'))
}

/// Checks the parameters of a distribution.
fn check_parameters(d: &Distribution) -> Result<(), Text> {
    let order = |low: f64, mode: f64, high: f64| {
        if low > high {
            Err(tr!(
                "the low end {low} lies above the high end {high}",
                "下限 {low} 高于上限 {high}"
            ))
        } else if mode < low || mode > high {
            Err(tr!(
                "the most likely value {mode} lies outside {low}..{high}",
                "最可能值 {mode} 在 {low}..{high} 之外"
            ))
        } else {
            Ok(())
        }
    };
    let positive = |x: f64, what: &Text| {
        if x > 0.0 {
            Ok(())
        } else {
            Err(tr!(
                "{what} must be above zero, not {x}",
                "{what}必须大于零，而不是 {x}"
            ))
        }
    };
    let unbounded = |x: f64| !x.is_finite() || x.abs() > LARGEST;
    let too_large = match d {
        Distribution::Certain(_) | Distribution::Samples { .. } => false,
        Distribution::Uniform { low, high } => unbounded(*low) || unbounded(*high),
        Distribution::Triangular { low, mode, high } | Distribution::Pert { low, mode, high } => {
            [*low, *mode, *high].into_iter().any(unbounded)
        }
        Distribution::Normal { mean, sd } => unbounded(*mean) || unbounded(*sd),
        Distribution::LogNormal { mu, sigma, .. } => unbounded(*mu) || unbounded(*sigma),
        // Shapes have narrower bounds of their own.
        Distribution::Beta { .. } => false,
        Distribution::Discrete(points) => points.iter().any(|p| unbounded(p.0) || unbounded(p.1)),
    };
    if too_large {
        return Err(tr!(
            "a parameter is beyond {LARGEST:e}, the largest supported magnitude",
            "参数超出可支持的最大值 {LARGEST:e}"
        ));
    }
    match d {
        Distribution::Certain(_) | Distribution::Samples { .. } => Ok(()),
        Distribution::Uniform { low, high } => order(*low, *low, *high),
        Distribution::Triangular { low, mode, high } => order(*low, *mode, *high),
        Distribution::Pert { low, mode, high } => {
            order(*low, *mode, *high)?;
            positive(high - low, &tr!("the width of a PERT", "PERT 的宽度"))
        }
        Distribution::Normal { sd, .. } => positive(*sd, &tr!("the standard deviation", "标准差")),
        Distribution::LogNormal { mu, sigma, .. } => {
            positive(*sigma, &tr!("sigma", "sigma "))?;
            let far = (mu + 8.0 * sigma).exp();
            if far.is_finite() {
                Ok(())
            } else {
                Err(tr!(
                    "the tail exceeds the largest representable number",
                    "尾部超出可表示的范围"
                ))
            }
        }
        Distribution::Beta { a, b, .. } => {
            positive(*a, &tr!("the shape a", "形状参数 a "))?;
            positive(*b, &tr!("the shape b", "形状参数 b "))?;
            let bounded = |shape: f64| (SHAPES.0..=SHAPES.1).contains(&shape);
            if bounded(*a) && bounded(*b) {
                return Ok(());
            }
            Err(beta_beyond_bounds(*a, *b))
        }
        Distribution::Discrete(points) => {
            let total: f64 = points.iter().map(|p| p.1).sum();
            if points.iter().any(|p| p.1 < 0.0) || (total - 1.0).abs() > 1e-6 {
                return Err(tr!(
                    "the probabilities add up to {total}, not 1",
                    "概率之和为 {total}，而不是 1"
                ));
            }
            Ok(())
        }
    }
}

/// Largest magnitude of a parameter, so that widths and sums of parameters stay finite.
const LARGEST: f64 = 1e150;

/// Smallest and largest shape of a Beta distribution. Its quantiles are found iteratively: within these bounds they take
/// microseconds, far beyond them the iteration does not end.
const SHAPES: (f64, f64) = (0.01, 10_000.0);

/// Says which distribution to write instead of a Beta with extreme shapes.
fn beta_beyond_bounds(a: f64, b: f64) -> Text {
    let (low, high) = SHAPES;
    let mean = if a > b {
        1.0 / (1.0 + b / a)
    } else {
        a / b / (1.0 + a / b)
    };
    let sd = (mean * (1.0 - mean) / (a + b + 1.0)).sqrt();
    if a.max(b) > high && a.min(b) >= 30.0 && sd > 1e-12 {
        return tr!(
            "the shapes of a Beta lie between {low} and {high}: write `normal({mean:.6}, {sd:.2e})`, which is as good here",
            "Beta 的形状参数须在 {low} 与 {high} 之间：此处可写 `normal({mean:.6}, {sd:.2e})`，效果相同"
        );
    }
    tr!(
        "the shapes of a Beta lie between {low} and {high}, not {a} and {b}",
        "Beta 的形状参数须在 {low} 与 {high} 之间，而不是 {a} 与 {b}"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn figures(text: &str) -> Distribution {
        parse(text, &Units::default()).expect(text).figures
    }

    #[test]
    fn every_form_is_parsed() {
        assert_eq!(figures("-1.5e3"), Distribution::Certain(-1500.0));
        assert_eq!(
            figures("0.5..1"),
            Distribution::Uniform {
                low: 0.5,
                high: 1.0
            }
        );
        assert_eq!(
            figures("1 .. 2 .. 4 week"),
            Distribution::Triangular {
                low: 1.0,
                mode: 2.0,
                high: 4.0
            }
        );
        assert_eq!(
            figures("samples(3, 4, 5) ms"),
            Distribution::samples(vec![3.0, 4.0, 5.0])
        );
        assert_eq!(
            figures("discrete(2:0.7, 1:0.3)"),
            Distribution::Discrete(vec![(1.0, 0.3), (2.0, 0.7)])
        );
        assert_eq!(
            figures("samples(march: 3, 4) ms"),
            Distribution::Samples {
                group: Some("march".into()),
                values: vec![3.0, 4.0]
            }
        );
        assert_eq!(figures("5%"), Distribution::Certain(5.0));
    }

    /// Every shape with every combination of extreme parameters is refused, or drawn from in a bounded time.
    #[test]
    fn parameters_are_bounded_and_draws_take_a_bounded_time() {
        let extremes = [
            "-1e300", "-1e150", "0", "1e-300", "0.01", "0.05", "1", "1e4", "1e7", "1e150", "1e300",
        ];
        let begin = std::time::Instant::now();
        let mut drawn = 0;
        let mut draw = |text: &str| {
            let Ok(read) = parse(text, &Units::default()) else {
                return;
            };
            let mut out = [0.0; 256];
            sampler::Sampler::new(&read.figures).fill(7, "x", 0, &mut out);
            assert!(out.iter().all(|x| x.is_finite()), "{text}: {out:?}");
            drawn += 1;
        };
        for a in extremes {
            for b in extremes {
                for shape in ["uniform", "normal", "lognormal", "beta"] {
                    draw(&format!("{shape}({a},{b})"));
                }
                for mode in extremes {
                    for shape in ["triangular", "pert"] {
                        draw(&format!("{shape}({a},{mode},{b})"));
                    }
                }
                draw(&format!("discrete({a}:0.5, {b}:0.5)"));
            }
        }
        assert!(drawn > 300, "{drawn}");
        assert!(begin.elapsed().as_secs() < 60, "{:?}", begin.elapsed());
        let error = parse("beta(1e300,1)", &Units::default()).expect_err("it hung");
        assert_eq!(error.kind, QuantityErrorKind::Distribution);
    }

    #[test]
    fn invalid_quantities_are_rejected() {
        for wrong in [
            "",
            "x",
            "9,800",
            "1.2.3",
            "..5",
            "3..",
            "NaN",
            "inf",
            "1e999",
            "pert(1,2)",
            "6..2",
            "normal(1,0)",
            "3 parsec",
            "(",
            ")(",
        ] {
            assert!(parse(wrong, &Units::default()).is_err(), "{wrong}");
        }
    }
}
