//! Solves small linear programs exactly: minimise `c x` subject to `A x = b`, `x >= 0`.
//!
//! The two-phase simplex method on a dense tableau with Bland's rule, which cannot cycle on the many ties of best-worst
//! programs. Meant for tens of rows. Source: Bland, R. G. (1977). New finite pivoting rules for the simplex method.
//! Mathematics of Operations Research 2(2), 103-107.

/// Tolerance for rounding; coefficients are judgements between 1 and a few tens.
const ROUNDING: f64 = 1e-11;

/// A linear program in standard form; every `b` is at least 0.
pub(crate) struct LinearProgram {
    /// Coefficients, one row per constraint.
    pub(crate) rows: Vec<Vec<f64>>,
    /// Right-hand sides.
    pub(crate) sides: Vec<f64>,
    /// Costs, one per variable.
    pub(crate) costs: Vec<f64>,
}

impl LinearProgram {
    /// Returns an optimal `x`; `None` if the program is infeasible or unbounded.
    pub(crate) fn minimise(&self) -> Option<Vec<f64>> {
        let (m, n) = (self.rows.len(), self.costs.len());
        // Columns: the variables, one artificial variable per row, the right-hand side.
        let mut tableau: Vec<Vec<f64>> = (0..m)
            .map(|row| {
                let artificial = (0..m).map(|column| f64::from(u8::from(row == column)));
                self.rows[row]
                    .iter()
                    .copied()
                    .chain(artificial)
                    .chain([self.sides[row]])
                    .collect()
            })
            .collect();
        let mut basis: Vec<usize> = (n..n + m).collect();

        let artificial: Vec<f64> = (0..n + m)
            .map(|column| f64::from(u8::from(column >= n)))
            .collect();
        let infeasible = pivot_to_optimum(&mut tableau, &mut basis, &artificial, n + m)?;
        if infeasible > ROUNDING.sqrt() {
            return None;
        }
        // An artificial variable may remain in the basis at 0; any variable of its row replaces it. A row without one is
        // redundant and stays.
        for row in 0..m {
            if basis[row] >= n
                && let Some(column) = (0..n).find(|&column| tableau[row][column].abs() > ROUNDING)
            {
                pivot(&mut tableau, &mut basis, row, column);
            }
        }
        let costs: Vec<f64> = self.costs.iter().copied().chain(vec![0.0; m]).collect();
        pivot_to_optimum(&mut tableau, &mut basis, &costs, n)?;
        let mut x = vec![0.0; n];
        for (row, &column) in basis.iter().enumerate() {
            if column < n {
                x[column] = tableau[row][n + m].max(0.0);
            }
        }
        Some(x)
    }
}

/// Pivots until no column below `columns` lowers the cost. Returns the cost, or `None` if the program is unbounded.
fn pivot_to_optimum(
    tableau: &mut [Vec<f64>],
    basis: &mut [usize],
    costs: &[f64],
    columns: usize,
) -> Option<f64> {
    let side = costs.len();
    loop {
        let reduced = |column: usize| {
            costs[column]
                - tableau
                    .iter()
                    .zip(basis.iter())
                    .map(|(row, &basic)| costs[basic] * row[column])
                    .sum::<f64>()
        };
        let Some(entering) = (0..columns).find(|&column| reduced(column) < -ROUNDING) else {
            return Some(
                tableau
                    .iter()
                    .zip(basis.iter())
                    .map(|(row, &basic)| costs[basic] * row[side])
                    .sum(),
            );
        };
        // Minimum ratio test; ties go to the variable with the smallest index (Bland).
        let leaving = (0..tableau.len())
            .filter(|&row| tableau[row][entering] > ROUNDING)
            .map(|row| (tableau[row][side] / tableau[row][entering], basis[row], row))
            .min_by(|a, b| {
                if (a.0 - b.0).abs() <= ROUNDING {
                    a.1.cmp(&b.1)
                } else {
                    a.0.total_cmp(&b.0)
                }
            })?;
        pivot(tableau, basis, leaving.2, entering);
    }
}

fn pivot(tableau: &mut [Vec<f64>], basis: &mut [usize], row: usize, column: usize) {
    let divisor = tableau[row][column];
    for entry in &mut tableau[row] {
        *entry /= divisor;
    }
    let pivot_row = tableau[row].clone();
    for (other, entries) in tableau.iter_mut().enumerate() {
        let factor = entries[column];
        if other != row && factor != 0.0 {
            for (entry, pivot) in entries.iter_mut().zip(&pivot_row) {
                *entry -= factor * pivot;
            }
        }
    }
    basis[row] = column;
}

#[cfg(test)]
mod tests {
    use super::LinearProgram;

    /// maximise 3x + 5y with x <= 4, 2y <= 12, 3x + 2y <= 18 has its optimum 36 at (2, 6).
    #[test]
    fn wyndor_glass_hillier_lieberman() {
        let programme = LinearProgram {
            rows: vec![
                vec![1.0, 0.0, 1.0, 0.0, 0.0],
                vec![0.0, 2.0, 0.0, 1.0, 0.0],
                vec![3.0, 2.0, 0.0, 0.0, 1.0],
            ],
            sides: vec![4.0, 12.0, 18.0],
            costs: vec![-3.0, -5.0, 0.0, 0.0, 0.0],
        };
        let x = programme.minimise().expect("the programme has an optimum");
        assert!(
            (x[0] - 2.0).abs() < 1e-12 && (x[1] - 6.0).abs() < 1e-12,
            "{x:?}"
        );
    }

    #[test]
    fn contradictory_constraints_have_no_solution() {
        let programme = LinearProgram {
            rows: vec![vec![1.0], vec![1.0]],
            sides: vec![1.0, 2.0],
            costs: vec![1.0],
        };
        assert_eq!(programme.minimise(), None);
    }

    #[test]
    fn a_redundant_constraint_changes_nothing() {
        let programme = LinearProgram {
            rows: vec![vec![1.0, 1.0], vec![1.0, 1.0]],
            sides: vec![1.0, 1.0],
            costs: vec![1.0, 2.0],
        };
        assert_eq!(programme.minimise(), Some(vec![1.0, 0.0]));
    }

    #[test]
    fn a_cost_without_lower_bound_has_no_solution() {
        let programme = LinearProgram {
            rows: vec![vec![1.0, -1.0]],
            sides: vec![0.0],
            costs: vec![-1.0, 0.0],
        };
        assert_eq!(programme.minimise(), None);
    }
}
