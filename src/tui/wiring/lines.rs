//! What every character of a gap shows. Lines of different nets never join: where they cross, one passes under the other.

use std::collections::BTreeMap;
use std::ops::Range;

use super::ColumnGap;

/// Characters right of the last track: a piece of line and the tip. Left of the first there is one.
pub(crate) const TAIL: usize = 3;

/// How a path is drawn.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Ink {
    /// With heavy lines.
    pub heavy: bool,
    /// On top of all others, unbroken.
    pub own: bool,
}

/// One character.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct LineCell {
    /// Lines up, down, left and right: none, light, heavy.
    pub arms: [u8; 4],
    /// Whether a line that lies on top passes.
    pub own: bool,
}

const UP: usize = 0;
const DOWN: usize = 1;
const LEFT: usize = 2;
const RIGHT: usize = 3;

impl LineCell {
    fn join(&mut self, arms: &[usize], ink: Ink) {
        for &arm in arms {
            self.arms[arm] = self.arms[arm].max(1 + u8::from(ink.heavy));
        }
        self.own |= ink.own;
    }

    /// What lies on top: what is looked at, then heavy lines, then uprights.
    fn rank(self) -> (bool, u8, bool) {
        (
            self.own,
            self.arms.into_iter().max().unwrap_or(0),
            self.arms[UP] + self.arms[DOWN] > 0,
        )
    }

    /// Whether a heavy line passes.
    pub(crate) fn is_heavy(self) -> bool {
        self.arms.contains(&2)
    }

    /// What is drawn; `None` if nothing passes.
    pub(crate) fn glyph(self, ascii: bool) -> Option<char> {
        let [up, down, left, right] = self.arms;
        if self.arms == [0; 4] {
            return None;
        }
        if ascii {
            return Some(match (up.max(down), left.max(right)) {
                (0, 2) => '=',
                (0, _) => '-',
                (2, 0) => '#',
                (_, 0) => '|',
                _ => '+',
            });
        }
        GLYPHS
            .chars()
            .nth(usize::from(((up * 3 + down) * 3 + left) * 3 + right))
    }
}

/// Light and heavy lines by up, down, left and right, the last one turning fastest (Unicode 2500..254B, 2574..257F).
const GLYPHS: &str =
    " ╶╺╴─╼╸╾━╷┌┍┐┬┮┑┭┯╻┎┏┒┰┲┓┱┳╵└┕┘┴┶┙┵┷│├┝┤┼┾┥┽┿╽┟┢┧╁╆┪╅╈╹┖┗┚┸┺┛┹┻╿┞┡┦╀╄┩╃╇┃┠┣┨╂╊┫╉╋";

/// Paints some rows of a gap; `ink` says how a path is drawn.
pub(crate) fn lines(
    gap: &ColumnGap,
    rows: Range<usize>,
    ink: impl Fn(usize) -> Ink,
) -> Vec<Vec<LineCell>> {
    let width = gap.tracks + TAIL;
    let mut whole = vec![vec![LineCell::default(); width]; rows.len()];
    let mut links = gap.links.as_slice();
    while let Some(first) = links.first() {
        let (net, rest) = links.split_at(
            links
                .iter()
                .position(|link| link.net != first.net)
                .unwrap_or(links.len()),
        );
        links = rest;
        let mut own: BTreeMap<(usize, usize), LineCell> = BTreeMap::new();
        for link in net {
            let ink = ink(link.path);
            let mut join = |x: usize, y: usize, arms: &[usize]| {
                if rows.contains(&y) {
                    own.entry((x, y)).or_default().join(arms, ink);
                }
            };
            let turn = 1 + link.track.unwrap_or(0);
            (0..turn).for_each(|x| join(x, link.from, &[LEFT, RIGHT]));
            (turn + 1..width).for_each(|x| join(x, link.to, &[LEFT, RIGHT]));
            let (leave, arrive) = match link.from.cmp(&link.to) {
                std::cmp::Ordering::Less => (DOWN, UP),
                std::cmp::Ordering::Greater => (UP, DOWN),
                std::cmp::Ordering::Equal => (RIGHT, LEFT),
            };
            join(turn, link.from, &[LEFT, leave]);
            join(turn, link.to, &[arrive, RIGHT]);
            (link.from.min(link.to) + 1..link.from.max(link.to))
                .for_each(|y| join(turn, y, &[UP, DOWN]));
        }
        for ((x, y), cell) in own {
            let under = &mut whole[y - rows.start][x];
            if cell.rank() > under.rank() {
                *under = cell;
            }
        }
    }
    whole
}

#[cfg(test)]
mod tests {
    use super::super::Link;
    use super::*;

    fn link(path: usize, from: usize, to: usize, net: usize, track: usize) -> Link {
        Link {
            path,
            from,
            to,
            net,
            track: Some(track),
        }
    }

    fn drawn(gap: &ColumnGap, rows: Range<usize>, heavy: &[usize], ascii: bool) -> Vec<String> {
        let cells = lines(gap, rows, |path| Ink {
            heavy: heavy.contains(&path),
            own: false,
        });
        cells
            .iter()
            .map(|row| {
                row.iter()
                    .map(|cell| cell.glyph(ascii).unwrap_or(' '))
                    .collect()
            })
            .collect()
    }

    #[test]
    fn edges_turn_at_right_angles_and_join_in_their_net() {
        let gap = ColumnGap {
            tracks: 1,
            links: vec![
                link(0, 0, 1, 0, 0),
                link(1, 1, 1, 0, 0),
                link(2, 2, 1, 0, 0),
            ],
        };
        assert_eq!(drawn(&gap, 0..3, &[], false), ["─┐  ", "─┼──", "─┘  "]);
        assert_eq!(drawn(&gap, 0..3, &[2], false), ["─┐  ", "─╆━━", "━┛  "]);
        assert_eq!(
            drawn(&gap, 0..3, &[0, 1, 2], true),
            ["=+  ", "=+==", "=+  "]
        );
    }

    #[test]
    fn lines_of_different_nets_cross_without_joining() {
        let gap = ColumnGap {
            tracks: 2,
            links: vec![link(0, 0, 2, 0, 1), link(1, 1, 1, 1, 0)],
        };
        assert_eq!(drawn(&gap, 0..3, &[], false), ["──┐  ", "──│──", "  └──"]);
        assert_eq!(drawn(&gap, 0..3, &[1], false), ["──┐  ", "━━━━━", "  └──"]);
        assert_eq!(drawn(&gap, 0..3, &[0], true), ["==+  ", "--#--", "  +=="]);
    }

    #[test]
    fn only_the_rows_in_sight_are_painted() {
        let gap = ColumnGap {
            tracks: 1,
            links: vec![link(0, 0, 9, 0, 0)],
        };
        assert_eq!(drawn(&gap, 4..6, &[], false), [" │  ", " │  "]);
        assert!(drawn(&gap, 3..3, &[], false).is_empty());
    }
}
