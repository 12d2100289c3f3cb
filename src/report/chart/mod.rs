//! Charts as SVG, one file each, drawn from views.
//!
//! Every chart has its own background, so that it is readable wherever it is embedded, follows the reader's dark theme, and has
//! a `<title>` and a `<desc>`. Colours are those of Okabe and Ito (2008), distinguishable under the common kinds of colour
//! blindness; nothing is encoded in colour alone.

mod acceptability;
mod contributions;
mod scatter;
mod sweep;
mod tornado;

use std::fmt::Write as _;

use unicode_width::UnicodeWidthStr;

pub use acceptability::acceptability;
pub use contributions::contributions;
pub use scatter::scatter;
pub use sweep::sweep;
pub use tornado::tornado;

use crate::view::svg::{FONTS, escape, fit};

/// A chart: the SVG and its alternative text.
#[derive(Clone, Debug)]
pub struct Picture {
    /// The file's text.
    pub svg: String,
    /// Alternative text.
    pub alt: String,
}

/// Colours of Okabe and Ito without black and yellow, which vanish on one of the two grounds; by CSS class `c0`..`c6`.
const COLOURS: [&str; 7] = [
    "#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00", "#8C8C8C",
];

/// How a text is anchored at its point.
#[derive(Clone, Copy, Debug)]
enum Anchor {
    Start,
    Middle,
    End,
}

/// A chart being drawn; lengths in pixels.
struct Canvas {
    body: String,
    width: f64,
    height: f64,
}

impl Canvas {
    fn new(width: f64, height: f64) -> Self {
        Self {
            body: String::new(),
            width,
            height,
        }
    }

    fn push(&mut self, line: std::fmt::Arguments<'_>) {
        self.body
            .write_fmt(line)
            .expect("a String takes every write");
        self.body.push('\n');
    }

    fn text(&mut self, (x, y): (f64, f64), class: &str, anchor: Anchor, text: &str) {
        let anchor = match anchor {
            Anchor::Start => "start",
            Anchor::Middle => "middle",
            Anchor::End => "end",
        };
        self.push(format_args!(
            "<text class=\"{class}\" x=\"{x:.1}\" y=\"{y:.1}\" text-anchor=\"{anchor}\">{}</text>",
            escape(text)
        ));
    }

    /// Draws a rectangle with a tooltip.
    fn rect(&mut self, (x, y): (f64, f64), (w, h): (f64, f64), class: &str, hint: &str) {
        let hint = if hint.is_empty() {
            String::new()
        } else {
            format!("<title>{}</title>", escape(hint))
        };
        self.push(format_args!(
            "<rect class=\"{class}\" x=\"{x:.1}\" y=\"{y:.1}\" width=\"{:.1}\" height=\"{h:.1}\">{hint}</rect>",
            w.max(0.0)
        ));
    }

    fn line(&mut self, (x1, y1): (f64, f64), (x2, y2): (f64, f64), class: &str) {
        self.push(format_args!(
            "<line class=\"{class}\" x1=\"{x1:.1}\" y1=\"{y1:.1}\" x2=\"{x2:.1}\" y2=\"{y2:.1}\"/>"
        ));
    }

    /// Returns the SVG file with background, style and accessible description.
    fn finish(self, title: &str, alt: String) -> Picture {
        let (w, h) = (self.width, self.height);
        let mut colours = String::new();
        for (at, colour) in COLOURS.iter().enumerate() {
            write!(colours, ".c{at}{{fill:{colour}}}.s{at}{{stroke:{colour}}}")
                .expect("a String takes every write");
        }
        let svg = format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {w:.0} {h:.0}\" width=\"{w:.0}\" height=\"{h:.0}\" role=\"img\" aria-labelledby=\"title desc\" font-family=\"{FONTS}\">\n<title id=\"title\">{}</title>\n<desc id=\"desc\">{}</desc>\n<style>\n{STYLE}\n{colours}\n</style>\n<rect class=\"ground\" width=\"{w:.0}\" height=\"{h:.0}\"/>\n{}</svg>\n",
            escape(title),
            escape(&alt),
            self.body
        );
        Picture { svg, alt }
    }
}

const STYLE: &str = ".ground{fill:#ffffff}text{font-size:12px;fill:#1b1f24}.head{font-size:14px;font-weight:600}.soft{fill:#57606a;font-size:11px;paint-order:stroke;stroke:#ffffff;stroke-width:3px;stroke-linejoin:round}.on{fill:#ffffff;font-size:11px}
.axis{stroke:#57606a;stroke-width:1}.grid{stroke:#d0d7de;stroke-width:1}.mark{stroke:#1b1f24;stroke-width:1.5}.dash{stroke:#57606a;stroke-width:1.2;stroke-dasharray:4 3;fill:none}.curve{fill:none;stroke-width:2}.hollow{fill:none;stroke:#57606a;stroke-width:1.6}
@media (prefers-color-scheme: dark){.ground{fill:#0d1117}text{fill:#e6edf3}.soft{fill:#9da7b1;stroke:#0d1117}.on{fill:#ffffff}.axis{stroke:#8b949e}.grid{stroke:#30363d}.mark{stroke:#e6edf3}.dash{stroke:#9da7b1}.hollow{stroke:#9da7b1}}";

/// Estimates the width of a text of 12 px.
fn width(text: &str) -> f64 {
    text.width() as f64 * 6.9
}

/// Returns the width of the widest text.
fn widest<'t>(texts: impl IntoIterator<Item = &'t str>) -> f64 {
    texts.into_iter().map(width).fold(0.0, f64::max)
}

/// Returns about five round values that cover a range: steps of 1, 2 or 5 times a power of ten.
fn ticks(low: f64, high: f64) -> Vec<f64> {
    let span = high - low;
    if span <= 0.0 || !span.is_finite() {
        return vec![low];
    }
    let rough = span / 5.0;
    let power = 10_f64.powf(rough.log10().floor());
    let step = [1.0, 2.0, 5.0, 10.0]
        .into_iter()
        .map(|m| m * power)
        .find(|s| *s >= rough * 0.999)
        .unwrap_or(rough);
    let (first, last) = ((low / step).floor() as i64, (high / step).ceil() as i64);
    (first..=last).map(|i| i as f64 * step).collect()
}

/// Draws a legend of names in rows, from `(x, y)` down; returns its height.
fn legend(
    canvas: &mut Canvas,
    (x, y): (f64, f64),
    room: f64,
    names: &[String],
    class: char,
) -> f64 {
    let (mut at, mut top) = (x, y);
    for (k, name) in names.iter().enumerate() {
        let name = fit(name, 36);
        let takes = width(&name) + 34.0;
        if at > x && at + takes > x + room {
            (at, top) = (x, top + 20.0);
        }
        let colour = format!("{class}{}", k % COLOURS.len());
        if class == 's' {
            canvas.line(
                (at, top - 4.0),
                (at + 14.0, top - 4.0),
                &format!("curve {colour}"),
            );
        } else {
            canvas.rect((at, top - 10.0), (12.0, 12.0), &colour, "");
        }
        canvas.text((at + 18.0, top), "", Anchor::Start, &name);
        at += takes;
    }
    top - y + 20.0
}

/// Returns the height of that legend.
fn legend_height(room: f64, names: &[String]) -> f64 {
    let mut scratch = Canvas::new(0.0, 0.0);
    legend(&mut scratch, (0.0, 0.0), room, names, 'c')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_are_round_and_cover_the_range() {
        assert_eq!(
            ticks(0.0, 1.0),
            [0.0, 0.2, 0.4, 0.6000000000000001, 0.8, 1.0]
        );
        assert_eq!(ticks(3.0, 97.0), [0.0, 20.0, 40.0, 60.0, 80.0, 100.0]);
        assert_eq!(ticks(5.0, 5.0), [5.0]);
    }
}
