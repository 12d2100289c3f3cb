//! A painted frame as an SVG: what a terminal of 256 colours on a dark ground shows.

use std::fmt::Write;

use ratatui::buffer::{Buffer, Cell};
use ratatui::style::{Color, Modifier};
use unicode_width::UnicodeWidthStr;

/// Pixels of a cell.
const CELL: (f64, f64) = (8.4, 18.0);
/// Pixels around the frame.
const EDGE: f64 = 10.0;
const GROUND: &str = "#16191f";
const INK: &str = "#d7dae0";

/// The sixteen colours, in the order of their numbers.
const SIXTEEN: [&str; 16] = [
    "#3b4048", "#e06c75", "#98c379", "#d9b45f", "#61afef", "#c678dd", "#56b6c2", "#c8ccd4",
    "#5c6370", "#ff7a85", "#b5e890", "#ffd580", "#7cc4ff", "#dd8df0", "#6fd3de", "#ffffff",
];

fn hex(color: Color) -> Option<String> {
    let named = match color {
        Color::Red => 1,
        Color::Green => 2,
        Color::Yellow => 3,
        Color::Blue => 4,
        Color::Magenta => 5,
        Color::Cyan => 6,
        Color::LightRed => 9,
        Color::LightBlue => 12,
        Color::LightMagenta => 13,
        Color::Indexed(n @ 16..=231) => {
            let level = |x: u8| if x == 0 { 0 } else { 55 + 40 * u32::from(x) };
            let n = n - 16;
            return Some(format!(
                "#{:02x}{:02x}{:02x}",
                level(n / 36),
                level(n / 6 % 6),
                level(n % 6)
            ));
        }
        _ => return None,
    };
    Some(SIXTEEN[named].to_owned())
}

/// Light and heavy lines of Unicode by their sides, as the program orders them.
const LINES: &str =
    " ╶╺╴─╼╸╾━╷┌┍┐┬┮┑┭┯╻┎┏┒┰┲┓┱┳╵└┕┘┴┶┙┵┷│├┝┤┼┾┥┽┿╽┟┢┧╁╆┪╅╈╹┖┗┚┸┺┛┹┻╿┞┡┦╀╄┩╃╇┃┠┣┨╂╊┫╉╋";

/// The sides by which a line leaves its cell: up, down, left, right; how heavy.
fn sides(symbol: &str) -> Option<[usize; 4]> {
    let at = LINES
        .chars()
        .position(|c| symbol.chars().eq([c]))
        .filter(|at| *at > 0)?;
    Some([at / 27, at / 9 % 3, at / 3 % 3, at % 3])
}

/// Foreground, ground and weight of a cell.
#[derive(PartialEq)]
struct Look {
    ink: String,
    ground: Option<String>,
    bold: bool,
    dim: bool,
}

fn look(cell: &Cell) -> Look {
    let has = |m| cell.modifier.contains(m);
    let ink = hex(cell.fg).unwrap_or_else(|| INK.to_owned());
    let (bold, dim) = (has(Modifier::BOLD), has(Modifier::DIM));
    if has(Modifier::REVERSED) {
        Look {
            ink: GROUND.to_owned(),
            ground: Some(ink),
            bold,
            dim,
        }
    } else {
        Look {
            ink,
            ground: None,
            bold,
            dim,
        }
    }
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}

/// Draws a frame; `title` is read by who cannot see it.
pub(crate) fn svg(buffer: &Buffer, title: &str) -> String {
    let (columns, rows) = (buffer.area.width, buffer.area.height);
    let (width, height) = (
        f64::from(columns) * CELL.0 + 2.0 * EDGE,
        f64::from(rows) * CELL.1 + 2.0 * EDGE,
    );
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" width=\"{width}\" height=\"{height}\" role=\"img\">\n\
         <title>{}</title>\n<rect width=\"{width}\" height=\"{height}\" rx=\"6\" fill=\"{GROUND}\"/>\n\
         <g font-family=\"ui-monospace, 'DejaVu Sans Mono', Menlo, Consolas, 'Noto Sans Mono CJK SC', monospace\" font-size=\"14\">\n",
        escape(title)
    );
    let put = "a String takes every write";
    for y in 0..rows {
        let top = EDGE + f64::from(y) * CELL.1;
        let mut x = 0;
        while x < columns {
            let look = look(&buffer[(x, y)]);
            let (from, mut text, mut lines) = (x, String::new(), [String::new(), String::new()]);
            let left = |x: u16| EDGE + f64::from(x) * CELL.0;
            // A run of one look; a wide character and a narrow one never share a run, since their fonts measure differently.
            let wide = |symbol: &str| symbol.width() > 1;
            let first = wide(buffer[(x, y)].symbol());
            while x < columns
                && self::look(&buffer[(x, y)]) == look
                && wide(buffer[(x, y)].symbol()) == first
            {
                let symbol = buffer[(x, y)].symbol();
                if let Some(sides) = sides(symbol) {
                    let (cx, cy) = (left(x) + CELL.0 / 2.0, top + CELL.1 / 2.0);
                    let ends = [
                        (cx, top),
                        (cx, top + CELL.1),
                        (left(x), cy),
                        (left(x) + CELL.0, cy),
                    ];
                    for ((ex, ey), side) in ends.iter().zip(sides).filter(|(_, side)| *side > 0) {
                        write!(lines[side - 1], "M{cx:.1} {cy:.1}L{ex:.1} {ey:.1}").expect(put);
                    }
                    text.push(' ');
                } else {
                    text.push_str(symbol);
                }
                x += if first { 2 } else { 1 };
            }
            let length = f64::from(x - from) * CELL.0;
            if let Some(ground) = &look.ground {
                writeln!(
                    out,
                    "<rect x=\"{:.1}\" y=\"{top:.1}\" width=\"{length:.1}\" height=\"{}\" fill=\"{ground}\"/>",
                    left(from),
                    CELL.1
                )
                .expect(put);
            }
            let weight = if look.bold {
                " font-weight=\"bold\""
            } else {
                ""
            };
            let faint = if look.dim { " opacity=\"0.6\"" } else { "" };
            for (lines, wide) in lines
                .iter()
                .zip(["", " stroke-width=\"2.4\""])
                .filter(|(lines, _)| !lines.is_empty())
            {
                writeln!(
                    out,
                    "<path d=\"{lines}\" stroke=\"{}\" fill=\"none\"{wide}{faint}/>",
                    look.ink
                )
                .expect(put);
            }
            let trimmed = text.trim_end();
            if !trimmed.is_empty() {
                let blank = trimmed.width() - trimmed.trim_start().width();
                let shown = trimmed.trim_start();
                let (at, long) = (
                    left(from) + blank as f64 * CELL.0,
                    shown.width() as f64 * CELL.0,
                );
                writeln!(
                    out,
                    "<text xml:space=\"preserve\" x=\"{at:.1}\" y=\"{:.1}\" textLength=\"{long:.1}\" lengthAdjust=\"spacingAndGlyphs\" fill=\"{}\"{weight}{faint}>{}</text>",
                    top + 13.5,
                    look.ink,
                    escape(shown)
                )
                .expect(put);
            }
        }
    }
    out + "</g>\n</svg>\n"
}
