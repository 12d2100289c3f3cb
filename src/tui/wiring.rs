//! Routes the edges of a layered graph on a grid of characters: a row for every cell, a track for every vertical line, and the
//! character for every position.
//!
//! Columns and their order come from outside (`graph::layout`); a path has one cell in each column between
//! its ends, so that long edges bend around nodes. [`wire_graph`] finds [rows] near the neighbours of a cell and [tracks] between columns;
//! [`lines`](mod@lines) renders one gap. Nothing here knows about screens, titles or column widths.

mod lines;
mod rows;
mod tracks;

pub(super) use lines::{Ink, LineCell, TAIL, lines};

/// Where the cells and lines of a graph lie.
#[derive(Clone, Debug, Default)]
pub struct Wiring {
    /// The row of each cell.
    pub rows: Vec<usize>,
    pub height: usize,
    /// The gap between each column and the next.
    pub gaps: Vec<ColumnGap>,
}

/// The lines between two columns.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ColumnGap {
    /// The number of vertical lines side by side.
    pub tracks: usize,
    /// The pieces of paths that cross the gap.
    pub links: Vec<Link>,
}

/// A piece of a path: from the row of a cell to the row of the next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Link {
    pub path: usize,
    /// The row on the left.
    pub from: usize,
    /// The row on the right.
    pub to: usize,
    /// Lines of the same net may overlap: they all leave one cell, or all arrive at one.
    pub net: usize,
    /// The track in which it changes its row; `None` if its net runs straight.
    pub track: Option<usize>,
}

/// A piece of a path as cells.
#[derive(Clone, Copy, Debug)]
struct Piece {
    path: usize,
    left: usize,
    right: usize,
}

/// Finds rows and tracks. `columns` contains the cells from top to bottom, `paths` the cells of each path from left to right.
pub(super) fn wire_graph(columns: &[Vec<usize>], paths: &[&[usize]]) -> Wiring {
    let count = columns.iter().flatten().max().map_or(0, |last| last + 1);
    let mut column = vec![0; count];
    for (at, cells) in columns.iter().enumerate() {
        cells.iter().for_each(|&cell| column[cell] = at);
    }
    let mut pieces: Vec<Vec<Piece>> = vec![Vec::new(); columns.len().saturating_sub(1)];
    for (path, cells) in paths.iter().enumerate() {
        for pair in cells.windows(2) {
            pieces[column[pair[0]]].push(Piece {
                path,
                left: pair[0],
                right: pair[1],
            });
        }
    }
    let mut rows = rows::assign_rows(columns, &pieces, count);
    let gaps = pieces
        .iter()
        .map(|pieces| {
            loop {
                match tracks::route_gap(pieces, &rows) {
                    Ok(gap) => break gap,
                    // A new row changes no other pair of rows, so this ends.
                    Err(cell) => rows::move_below(cell, &mut rows),
                }
            }
        })
        .collect::<Vec<ColumnGap>>();
    // New rows for later gaps have moved the rows of earlier ones.
    let gaps = gaps
        .into_iter()
        .zip(&pieces)
        .map(|(gap, pieces)| tracks::route_gap(pieces, &rows).unwrap_or(gap))
        .collect();
    Wiring {
        height: rows.iter().max().map_or(0, |last| last + 1),
        rows,
        gaps,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Columns of cells with paths between them, long ones through cells of their own, in any order.
    fn layered() -> impl Strategy<Value = (Vec<Vec<usize>>, Vec<Vec<usize>>)> {
        let sizes = prop::collection::vec(1_usize..9, 2..6);
        let ends = prop::collection::vec(
            (any::<prop::sample::Index>(), any::<prop::sample::Index>()),
            1..40,
        );
        (sizes, ends, any::<u64>()).prop_map(|(sizes, ends, seed)| {
            let mut columns: Vec<Vec<usize>> = Vec::new();
            let mut count = 0;
            for size in sizes {
                columns.push((count..count + size).collect());
                count += size;
            }
            let mut column: Vec<usize> = columns
                .iter()
                .enumerate()
                .flat_map(|(at, cells)| vec![at; cells.len()])
                .collect();
            let nodes = count;
            let mut paths = Vec::new();
            for (a, b) in ends {
                let (a, b) = (a.index(nodes), b.index(nodes));
                let (from, to) = if column[a] <= column[b] {
                    (a, b)
                } else {
                    (b, a)
                };
                if column[from] == column[to] {
                    continue;
                }
                let mut path = vec![from];
                let (first, last) = (column[from] + 1, column[to]);
                for (between, cells) in columns.iter_mut().enumerate().take(last).skip(first) {
                    cells.push(count);
                    column.push(between);
                    path.push(count);
                    count += 1;
                }
                path.push(to);
                paths.push(path);
            }
            for (at, cells) in columns.iter_mut().enumerate() {
                cells.sort_by_key(|cell| {
                    (*cell as u64 + 1)
                        .wrapping_mul(seed | 1)
                        .rotate_left(17 + u32::try_from(at).unwrap_or(0))
                });
            }
            (columns, paths)
        })
    }

    fn wired(columns: &[Vec<usize>], paths: &[Vec<usize>]) -> Wiring {
        wire_graph(
            columns,
            &paths.iter().map(Vec::as_slice).collect::<Vec<_>>(),
        )
    }

    /// Rows that a link's upright takes, its corners among them.
    fn upright(link: &Link) -> std::ops::RangeInclusive<usize> {
        link.from.min(link.to)..=link.from.max(link.to)
    }

    /// Characters that a link takes in a row.
    fn across(link: &Link, row: usize, tracks: usize) -> Vec<std::ops::RangeInclusive<usize>> {
        let (end, turn) = (tracks + 1, link.track.map_or(0, |t| t + 1));
        let mut all = Vec::new();
        if link.from == row {
            all.push(0..=turn);
        }
        if link.to == row {
            all.push(turn..=end);
        }
        all
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn cells_keep_their_order((columns, paths) in layered()) {
            let wiring = wired(&columns, &paths);
            for cells in &columns {
                for pair in cells.windows(2) {
                    prop_assert!(wiring.rows[pair[0]] < wiring.rows[pair[1]]);
                }
            }
            prop_assert!(wiring.rows.iter().all(|row| *row < wiring.height));
        }

        #[test]
        fn uprights_lie_on_each_other_only_where_they_share_an_end((columns, paths) in layered()) {
            let wiring = wired(&columns, &paths);
            for gap in &wiring.gaps {
                for (at, a) in gap.links.iter().enumerate() {
                    for b in &gap.links[at + 1..] {
                        let meet = a.track.is_some() && a.track == b.track
                            && upright(a).start() <= upright(b).end() && upright(b).start() <= upright(a).end();
                        // Rows of one column are cells: the same row is the same end.
                        prop_assert!(!meet || a.from == b.from || a.to == b.to, "{a:?} {b:?}");
                    }
                }
            }
        }

        #[test]
        fn no_line_runs_along_another_one((columns, paths) in layered()) {
            let wiring = wired(&columns, &paths);
            for gap in &wiring.gaps {
                for (at, a) in gap.links.iter().enumerate() {
                    for b in gap.links[at + 1..].iter().filter(|b| a.from != b.from && a.to != b.to) {
                        for row in [a.from, a.to] {
                            for x in across(a, row, gap.tracks) {
                                for y in across(b, row, gap.tracks) {
                                    prop_assert!(x.end() < y.start() || y.end() < x.start(), "{a:?} {b:?}");
                                }
                            }
                        }
                    }
                }
            }
        }

        #[test]
        fn every_path_is_drawn_whole((columns, paths) in layered()) {
            let wiring = wired(&columns, &paths);
            for (at, path) in paths.iter().enumerate() {
                // The line that is looked at lies on top: it is never broken.
                let ink = |p: usize| Ink { heavy: p.is_multiple_of(2), own: p == at };
                let first = columns.iter().position(|cells| cells.contains(&path[0])).expect("it begins somewhere");
                for (step, pair) in path.windows(2).enumerate() {
                    let gap = &wiring.gaps[first + step];
                    let drawn = lines(gap, 0..wiring.height, ink);
                    let (mut x, mut y, mut came) = (0, wiring.rows[pair[0]], 2);
                    let mut steps = 0;
                    let end = (gap.tracks + TAIL - 1, wiring.rows[pair[1]]);
                    let mut seen = std::collections::BTreeSet::new();
                    // From the left side to the right one by arms that meet.
                    let mut open = vec![(x, y, came)];
                    while let Some(next) = open.pop() {
                        (x, y, came) = next;
                        let cell = drawn[y][x];
                        prop_assert!(cell.own && cell.arms[came] > 0, "path {at} breaks at {x}, {y}");
                        steps += 1;
                        if !seen.insert((x, y)) {
                            continue;
                        }
                        let go = |arm: usize| cell.arms[arm] > 0 && arm != came;
                        if go(0) && y > 0 && drawn[y - 1][x].own && drawn[y - 1][x].arms[1] > 0 {
                            open.push((x, y - 1, 1));
                        }
                        if go(1) && y + 1 < wiring.height && drawn[y + 1][x].own && drawn[y + 1][x].arms[0] > 0 {
                            open.push((x, y + 1, 0));
                        }
                        if go(3) && x < end.0 && drawn[y][x + 1].own {
                            open.push((x + 1, y, 2));
                        }
                    }
                    prop_assert!(seen.contains(&end) && steps > 0, "path {at} never arrives at {end:?}");
                }
            }
        }
    }
}
