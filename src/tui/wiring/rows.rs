//! Assigns a row to every cell: in the order of its column, and as near to its neighbours as that order allows.

use super::Piece;

/// Finds the rows. The longest column is packed, and the others align with it: every cell wants the median row of its neighbours,
/// and the column gets the nearest rows that keep its order (isotonic regression).
pub(super) fn assign_rows(
    columns: &[Vec<usize>],
    pieces: &[Vec<Piece>],
    count: usize,
) -> Vec<usize> {
    let mut left: Vec<Vec<usize>> = vec![Vec::new(); count];
    let mut right: Vec<Vec<usize>> = vec![Vec::new(); count];
    for piece in pieces.iter().flatten() {
        right[piece.left].push(piece.right);
        left[piece.right].push(piece.left);
    }
    let mut row = vec![0_i64; count];
    let longest = (0..columns.len())
        .rev()
        .max_by_key(|&at| columns[at].len())
        .unwrap_or(0);
    if let Some(cells) = columns.get(longest) {
        set_rows(cells, (0..).take(cells.len()).collect(), &mut row);
    }
    for cells in columns.iter().skip(longest + 1) {
        set_rows(
            cells,
            align(cells, |cell| median_row(&left[cell], &row)),
            &mut row,
        );
    }
    for cells in columns.iter().take(longest).rev() {
        set_rows(
            cells,
            align(cells, |cell| median_row(&right[cell], &row)),
            &mut row,
        );
    }
    // Once more with both sides: a cell without inputs lies beside what uses it.
    for (at, cells) in columns
        .iter()
        .enumerate()
        .rev()
        .filter(|(at, _)| *at != longest)
    {
        let wish = |cell: usize| {
            let (near, far) = if at > longest {
                (&left[cell], &right[cell])
            } else {
                (&right[cell], &left[cell])
            };
            median_row(near, &row).or_else(|| median_row(far, &row))
        };
        set_rows(cells, align(cells, wish), &mut row);
    }
    let top = row.iter().copied().min().unwrap_or(0);
    row.iter()
        .map(|at| usize::try_from(at - top).unwrap_or(0))
        .collect()
}

/// The median row of some cells.
fn median_row(cells: &[usize], row: &[i64]) -> Option<f64> {
    let mut all: Vec<i64> = cells.iter().map(|&cell| row[cell]).collect();
    all.sort_unstable();
    let n = all.len();
    (n > 0).then(|| (all[(n - 1) / 2] + all[n / 2]) as f64 / 2.0)
}

fn set_rows(cells: &[usize], found: Vec<i64>, row: &mut [i64]) {
    for (&cell, at) in cells.iter().zip(found) {
        row[cell] = at;
    }
}

/// The rows with the least squared distance from what each cell wants, at least one row apart; a cell that wants nothing follows the
/// one above.
fn align(cells: &[usize], wish: impl Fn(usize) -> Option<f64>) -> Vec<i64> {
    let mut wishes: Vec<Option<f64>> = cells.iter().map(|&cell| wish(cell)).collect();
    let first = wishes.iter().position(Option::is_some);
    let mut last = first
        .and_then(|at| wishes[at].map(|own| own - at as f64 - 1.0))
        .unwrap_or(-1.0);
    for own in &mut wishes {
        last = own.unwrap_or(last + 1.0);
        *own = Some(last);
    }
    // Pool adjacent violators: blocks of sum and count whose means never fall.
    let mut blocks: Vec<(f64, usize)> = Vec::new();
    for (at, own) in wishes.iter().enumerate() {
        blocks.push((own.unwrap_or(0.0) - at as f64, 1));
        while let [.., (a, n), (b, m)] = blocks.as_slice() {
            if a / *n as f64 <= b / *m as f64 {
                break;
            }
            let whole = (a + b, n + m);
            blocks.truncate(blocks.len() - 2);
            blocks.push(whole);
        }
    }
    let means = blocks
        .iter()
        .flat_map(|&(sum, n)| std::iter::repeat_n((sum / n as f64).round() as i64, n));
    means.zip(0..).map(|(mean, at)| mean + at).collect()
}

/// Moves a cell to a new row below its own; everything further down moves by one.
pub(super) fn move_below(cell: usize, row: &mut [usize]) {
    let own = row[cell];
    row.iter_mut()
        .filter(|at| **at > own)
        .for_each(|at| *at += 1);
    row[cell] = own + 1;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_stand_beside_what_they_join() {
        // 0..5 feed 5 and 6: three and two of them.
        let columns = [vec![0, 1, 2, 3, 4], vec![5, 6]];
        let pieces = vec![
            [(0, 5), (1, 5), (2, 5), (3, 6), (4, 6)]
                .map(|(left, right)| Piece {
                    path: 0,
                    left,
                    right,
                })
                .to_vec(),
        ];
        assert_eq!(assign_rows(&columns, &pieces, 7), [0, 1, 2, 3, 4, 1, 4]);
    }

    #[test]
    fn order_is_kept_where_wishes_contradict_it() {
        assert_eq!(
            align(&[0, 1, 2], |cell| Some([4.0, 2.0, 2.0][cell])),
            [2, 3, 4]
        );
        assert_eq!(
            align(&[0, 1, 2], |cell| [None, Some(5.0), None][cell]),
            [4, 5, 6]
        );
    }

    #[test]
    fn a_new_row_is_nobody_elses() {
        let mut row = [0, 1, 1, 2];
        move_below(2, &mut row);
        assert_eq!(row, [0, 1, 2, 3]);
    }
}
