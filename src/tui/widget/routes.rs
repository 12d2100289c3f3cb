//! Edges between two columns as lines that turn at right angles.

use std::ops::RangeInclusive;

/// An edge from a row of the left column to a row of the right one; the later of two weights is drawn over the earlier.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Edge {
    pub from: u16,
    pub to: u16,
    /// How much it matters: lines of more weight lie on top.
    pub weight: u8,
}

/// One cell of the gap: which of its four sides the lines leave by, and the weight on top.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Cell {
    sides: u8,
    source: u16,
    tip: bool,
    pub weight: u8,
}

const UP: u8 = 1;
const DOWN: u8 = 2;
const LEFT: u8 = 4;
const RIGHT: u8 = 8;

impl Cell {
    /// What is drawn; `None` where nothing passes.
    pub(crate) fn glyph(self, ascii: bool) -> Option<&'static str> {
        if self.sides == 0 {
            return None;
        }
        if self.tip {
            return Some(if ascii { ">" } else { "▸" });
        }
        let (across, along) = (self.sides & (LEFT | RIGHT) != 0, self.sides & (UP | DOWN) != 0);
        if ascii {
            return Some(match (across, along) {
                (true, true) => "+",
                (true, false) => "-",
                _ => "|",
            });
        }
        const GLYPHS: [&str; 16] = [" ", "│", "│", "│", "─", "┘", "┐", "┤", "─", "└", "┌", "├", "─", "┴", "┬", "┼"];
        Some(GLYPHS[usize::from(self.sides)])
    }
}

/// Routes edges through a gap of this width and height: each source has one upright, sources whose uprights would lie on each
/// other take different ones as long as there are any.
pub(crate) fn route(edges: &[Edge], width: u16, height: u16) -> Vec<Vec<Cell>> {
    let mut cells = vec![vec![Cell::default(); usize::from(width)]; usize::from(height)];
    if width < 3 {
        return cells;
    }
    let mut sources: Vec<u16> = edges.iter().map(|e| e.from).collect();
    sources.sort_unstable();
    sources.dedup();
    let mut taken: Vec<Vec<RangeInclusive<u16>>> = vec![Vec::new(); usize::from(width - 2)];
    let mut tracks: Vec<(u16, u16)> = Vec::new();
    for &source in &sources {
        let ends = edges.iter().filter(|e| e.from == source).map(|e| e.to);
        let (low, high) = ends.fold((source, source), |(low, high), to| (low.min(to), high.max(to)));
        if low == high {
            tracks.push((source, 0));
            continue;
        }
        let meets = |track: &Vec<RangeInclusive<u16>>| track.iter().filter(|r| *r.start() <= high && low <= *r.end()).count();
        let best = (0..taken.len()).min_by_key(|at| (meets(&taken[*at]), *at)).unwrap_or(0);
        taken[best].push(low..=high);
        tracks.push((source, u16::try_from(best).unwrap_or(0)));
    }
    let mut order: Vec<&Edge> = edges.iter().filter(|e| e.from < height && e.to < height).collect();
    order.sort_by_key(|e| e.weight);
    for edge in order {
        let track = 1 + tracks.iter().find(|(source, _)| *source == edge.from).map_or(0, |(_, track)| *track);
        let mut mark = |x: u16, y: u16, sides: u8| {
            let cell = &mut cells[usize::from(y)][usize::from(x)];
            // What lies below a line of more weight is hidden, so that the line can be followed. Lines of different sources cross
            // where both go straight on; they never join.
            let (straight, along) = (LEFT | RIGHT, UP | DOWN);
            let crosses = (cell.sides == straight && sides == along) || (cell.sides == along && sides == straight);
            if cell.sides == 0 || edge.weight > cell.weight || (cell.source != edge.from && !crosses) {
                *cell = Cell { weight: edge.weight, source: edge.from, tip: cell.tip, sides };
            } else {
                cell.sides |= sides;
            }
        };
        for x in 0..track {
            mark(x, edge.from, LEFT | RIGHT);
        }
        for x in track + 1..width {
            mark(x, edge.to, LEFT | RIGHT);
        }
        if edge.from == edge.to {
            mark(track, edge.from, LEFT | RIGHT);
        } else {
            let (leave, arrive) = if edge.from < edge.to { (DOWN, UP) } else { (UP, DOWN) };
            mark(track, edge.from, LEFT | leave);
            mark(track, edge.to, RIGHT | arrive);
            for y in edge.from.min(edge.to) + 1..edge.from.max(edge.to) {
                mark(track, y, UP | DOWN);
            }
        }
        cells[usize::from(edge.to)][usize::from(width - 1)].tip = true;
    }
    cells
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drawn(edges: &[Edge], ascii: bool) -> Vec<String> {
        let cells = route(edges, 4, 3);
        cells.iter().map(|row| row.iter().map(|c| c.glyph(ascii).unwrap_or(" ")).collect()).collect()
    }

    #[test]
    fn edges_turn_at_right_angles() {
        let edge = |from, to| Edge { from, to, weight: 1 };
        assert_eq!(drawn(&[edge(0, 0), edge(0, 2)], false), ["─┬─▸", " │  ", " └─▸"]);
        assert_eq!(drawn(&[edge(2, 0)], true), [" +->", " |  ", "-+  "]);
    }

    #[test]
    fn a_line_of_more_weight_lies_on_top() {
        let cells = route(&[Edge { from: 0, to: 2, weight: 1 }, Edge { from: 1, to: 1, weight: 2 }], 4, 3);
        assert_eq!(cells[1][1].glyph(false), Some("─"));
        assert_eq!(cells[1][1].weight, 2);
    }

    #[test]
    fn edges_out_of_sight_are_left_out() {
        assert!(route(&[Edge { from: 9, to: 1, weight: 1 }], 4, 3).concat().iter().all(|c| c.glyph(false).is_none()));
        assert!(route(&[], 0, 0).is_empty());
    }
}
