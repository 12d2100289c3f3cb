//! Assigns tracks to the vertical lines of a gap: channel routing with the left-edge rule, in an order that keeps lines of the
//! same row apart.

use std::collections::BTreeMap;

use super::{ColumnGap, Link, Piece};

/// Pieces that share a vertical line: all leave one cell, or all arrive at one.
#[derive(Debug, Default)]
struct Net {
    pieces: Vec<usize>,
    /// Whether they all leave one cell.
    spreads: bool,
    low: usize,
    high: usize,
}

/// A net that must lie left of another, and the cell on the right whose row both use if moving that cell would help.
#[derive(Debug)]
struct Before {
    left: usize,
    right: usize,
    cell: Option<usize>,
}

/// Routes a gap. If lines of the same row cannot be kept apart, returns the cell on the right that needs another row.
pub(super) fn route_gap(pieces: &[Piece], rows: &[usize]) -> Result<ColumnGap, usize> {
    let nets = nets(pieces, rows);
    let order = order(&nets, pieces, rows)?;
    let mut taken: Vec<Vec<(usize, usize)>> = Vec::new();
    let mut tracks: Vec<Option<usize>> = vec![None; nets.len()];
    for (net, after) in order {
        let own = &nets[net];
        if own.low == own.high {
            continue;
        }
        let mut track = after
            .into_iter()
            .filter_map(|before| tracks[before])
            .map(|t| t + 1)
            .max()
            .unwrap_or(0);
        // Vertical lines of the same track need a blank between them, or their corners would look connected.
        while taken.get(track).is_some_and(|all| {
            all.iter()
                .any(|(low, high)| *low <= own.high + 1 && own.low <= high + 1)
        }) {
            track += 1;
        }
        taken.resize_with(taken.len().max(track + 1), Vec::new);
        taken[track].push((own.low, own.high));
        tracks[net] = Some(track);
    }
    let mut links: Vec<Link> = Vec::with_capacity(pieces.len());
    for (net, own) in nets.iter().enumerate() {
        let link = |&at: &usize| {
            let Piece { path, left, right } = pieces[at];
            Link {
                path,
                from: rows[left],
                to: rows[right],
                net,
                track: tracks[net],
            }
        };
        links.extend(own.pieces.iter().map(link));
    }
    Ok(ColumnGap {
        tracks: taken.len(),
        links,
    })
}

/// Groups pieces into few nets with a greedy cover: the cell with the most lines takes them, until none is left. Twenty cells that
/// all feed the same three share three vertical lines instead of having twenty.
fn nets(pieces: &[Piece], rows: &[usize]) -> Vec<Net> {
    let mut open: Vec<usize> = (0..pieces.len()).collect();
    let mut nets = Vec::new();
    while !open.is_empty() {
        let mut counts: BTreeMap<(bool, usize), usize> = BTreeMap::new();
        for piece in open.iter().map(|&at| pieces[at]) {
            *counts.entry((false, piece.right)).or_default() += 1;
            *counts.entry((true, piece.left)).or_default() += 1;
        }
        let most = counts
            .into_iter()
            .rev()
            .max_by_key(|((spreads, _), count)| (*count, !spreads));
        let Some(((spreads, cell), _)) = most else {
            break;
        };
        let covers = |at: &usize| {
            if spreads {
                pieces[*at].left == cell
            } else {
                pieces[*at].right == cell
            }
        };
        let (own, rest): (Vec<usize>, Vec<usize>) = open.into_iter().partition(covers);
        open = rest;
        let used = || {
            own.iter()
                .flat_map(|&at| [rows[pieces[at].left], rows[pieces[at].right]])
        };
        let (low, high) = (used().min().unwrap_or(0), used().max().unwrap_or(0));
        nets.push(Net {
            pieces: own,
            spreads,
            low,
            high,
        });
    }
    nets
}

/// Finds which net must lie left of which: where two use the same row, one from the left and one from the right, or arrive at the
/// same cell.
fn befores(nets: &[Net], pieces: &[Piece], rows: &[usize]) -> Vec<Before> {
    let mut lefts: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    let mut rights: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    let mut cells: BTreeMap<usize, usize> = BTreeMap::new();
    for (net, own) in nets
        .iter()
        .enumerate()
        .filter(|(_, own)| own.low < own.high)
    {
        for piece in own.pieces.iter().map(|&at| &pieces[at]) {
            lefts.entry(rows[piece.left]).or_default().push(net);
            rights.entry(rows[piece.right]).or_default().push(net);
            cells.insert(rows[piece.right], piece.right);
        }
    }
    let mut all = Vec::new();
    for (row, arriving) in &rights {
        for &right in arriving {
            let leaving = lefts
                .get(row)
                .into_iter()
                .flatten()
                .filter(|left| **left != right);
            all.extend(leaving.map(|&left| Before {
                left,
                right,
                cell: cells.get(row).copied(),
            }));
            // Lines that spread from a cell lie left of lines that gather, so that reading from left to right is unambiguous.
            if !nets[right].spreads {
                let spread = arriving.iter().filter(|net| nets[**net].spreads);
                all.extend(spread.map(|&left| Before {
                    left,
                    right,
                    cell: None,
                }));
            }
        }
    }
    all
}

/// Orders the nets from left to right, each with those that lie left of it.
fn order(
    nets: &[Net],
    pieces: &[Piece],
    rows: &[usize],
) -> Result<Vec<(usize, Vec<usize>)>, usize> {
    let befores = befores(nets, pieces, rows);
    let mut after: Vec<Vec<usize>> = vec![Vec::new(); nets.len()];
    befores.iter().for_each(|b| after[b.right].push(b.left));
    let mut open: Vec<usize> = (0..nets.len()).collect();
    // Lines that go down cross least if the lower ones turn first, lines that go up if the upper ones do.
    let sort = |net: &usize| {
        let own = nets[*net].pieces.iter().map(|&at| &pieces[at]);
        let (from, to) = own.fold((0, 0), |(a, b), piece| {
            (a + rows[piece.left], b + rows[piece.right])
        });
        let whole = i64::try_from(from + to).unwrap_or(i64::MAX)
            / i64::try_from(nets[*net].pieces.len()).unwrap_or(1).max(1);
        if to >= from { -whole } else { whole }
    };
    open.sort_by_key(sort);
    let mut done = vec![false; nets.len()];
    let mut order = Vec::with_capacity(nets.len());
    while !open.is_empty() {
        let Some(next) = open
            .iter()
            .position(|net| after[*net].iter().all(|before| done[*before]))
        else {
            return Err(cell_in_cycle(&befores, &done, open[0]));
        };
        let net = open.remove(next);
        done[net] = true;
        order.push((net, std::mem::take(&mut after[net])));
    }
    Ok(order)
}

/// Finds a cell in a cycle of nets that each must lie left of the next.
fn cell_in_cycle(befores: &[Before], done: &[bool], start: usize) -> usize {
    let mut way: Vec<&Before> = Vec::new();
    let mut at = start;
    loop {
        let before = befores
            .iter()
            .find(|b| b.right == at && !done[b.left])
            .expect("a net that waits waits for one that is open");
        at = before.left;
        if let Some(first) = way.iter().position(|b| b.right == at) {
            way.push(before);
            // A gathering net lies left of another only because of a row, so each cycle has a cell.
            return way[first..]
                .iter()
                .find_map(|b| b.cell)
                .expect("no cycle consists of spreading nets before gathering ones alone");
        }
        way.push(before);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn routed(pairs: &[(usize, usize)], rows: &[usize]) -> Result<ColumnGap, usize> {
        let pieces: Vec<Piece> = pairs
            .iter()
            .enumerate()
            .map(|(path, &(left, right))| Piece { path, left, right })
            .collect();
        route_gap(&pieces, rows)
    }

    #[test]
    fn lines_that_gather_share_a_track() {
        let gap = routed(&[(0, 3), (1, 3), (2, 3)], &[0, 1, 2, 1]).expect("nothing is in the way");
        assert_eq!(gap.tracks, 1);
        assert!(gap.links.iter().all(|link| link.track == Some(0)));
    }

    #[test]
    fn many_that_feed_the_same_few_gather_there() {
        let pairs: Vec<(usize, usize)> = (0..20)
            .flat_map(|left| (20..23).map(move |right| (left, right)))
            .collect();
        let rows: Vec<usize> = (0..20).chain([30, 32, 34]).collect();
        let gap = routed(&pairs, &rows).expect("nothing is in the way");
        assert_eq!((gap.tracks, gap.links.len()), (3, 60));
    }

    #[test]
    fn a_straight_line_needs_no_track() {
        let gap = routed(&[(0, 1)], &[4, 4]).expect("nothing is in the way");
        assert_eq!((gap.tracks, gap.links[0].track), (0, None));
    }

    #[test]
    fn two_that_change_places_need_another_row() {
        // 0 at row 0 goes to 3 at row 1, 1 at row 1 to 2 at row 0: each would have to lie left of the other.
        assert!(routed(&[(0, 3), (1, 2)], &[0, 1, 0, 1]).is_err());
        let moved =
            routed(&[(0, 3), (1, 2)], &[0, 1, 0, 2]).expect("a row of its own keeps them apart");
        assert_eq!(moved.tracks, 2);
    }
}
