//! A layered drawing: every node in a column to the right of what it depends on, ordered so that few edges cross.
//!
//! Sugiyama, Tagawa & Toda 1981: longest-path layering, then barycentre sweeps. Edges that span several columns pass through
//! empty cells, so that they bend around nodes instead of crossing them.

use super::DecisionGraph;
use super::export::edges;

/// Where everything stands: columns of rows.
#[derive(Clone, Debug)]
pub struct GraphLayout {
    /// Column and row of each node.
    pub place: Vec<(usize, usize)>,
    /// For each edge of [`edges`]: the rows it passes in the columns between its ends.
    pub bends: Vec<Vec<(usize, usize)>>,
    /// How many columns.
    pub columns: usize,
    /// How many rows the longest column has.
    pub rows: usize,
}

/// Sweeps over the columns; more change little.
const SWEEPS: usize = 8;

/// Lays the graph out from left to right.
#[must_use]
pub fn layout(graph: &DecisionGraph) -> GraphLayout {
    let all = edges(graph);
    let count = graph.nodes.len();
    let mut column = vec![0_usize; count];
    // What a node rests on always comes before it, except that an objective is declared before its criteria.
    for _ in 0..count {
        let mut moved = false;
        for &(from, to, _) in &all {
            if column[to] <= column[from] {
                column[to] = column[from] + 1;
                moved = true;
            }
        }
        if !moved {
            break;
        }
    }
    // Leaves stand right before what uses them first.
    for node in 0..count {
        let used = all
            .iter()
            .filter(|e| e.0 == node)
            .map(|e| column[e.1])
            .min();
        let rests = all.iter().any(|e| e.1 == node);
        if let (Some(used), false) = (used, rests) {
            column[node] = used - 1;
        }
    }
    let columns = column.iter().max().map_or(0, |c| c + 1);
    // Cells: real nodes first, then one for every column an edge passes.
    let mut cells: Vec<usize> = column.clone();
    let mut chains: Vec<Vec<usize>> = Vec::new();
    for &(from, to, _) in &all {
        let mut chain = vec![from];
        for between in column[from] + 1..column[to] {
            cells.push(between);
            chain.push(cells.len() - 1);
        }
        chain.push(to);
        chains.push(chain);
    }
    let order = sweep(&cells, &chains, columns);
    let mut row = vec![0; cells.len()];
    for members in &order {
        for (at, &cell) in members.iter().enumerate() {
            row[cell] = at;
        }
    }
    let bends = chains
        .iter()
        .map(|chain| {
            chain[1..chain.len() - 1]
                .iter()
                .map(|&c| (cells[c], row[c]))
                .collect()
        })
        .collect();
    GraphLayout {
        place: (0..count).map(|n| (column[n], row[n])).collect(),
        bends,
        columns,
        rows: order.iter().map(Vec::len).max().unwrap_or(0),
    }
}

fn sweep(cells: &[usize], chains: &[Vec<usize>], columns: usize) -> Vec<Vec<usize>> {
    let mut order: Vec<Vec<usize>> = vec![Vec::new(); columns];
    for (cell, &column) in cells.iter().enumerate() {
        order[column].push(cell);
    }
    let links: Vec<(usize, usize)> = chains
        .iter()
        .flat_map(|c| c.windows(2).map(|w| (w[0], w[1])))
        .collect();
    let mut left: Vec<Vec<usize>> = vec![Vec::new(); cells.len()];
    let mut right: Vec<Vec<usize>> = vec![Vec::new(); cells.len()];
    for &(a, b) in &links {
        right[a].push(b);
        left[b].push(a);
    }
    let mut position = vec![0.0_f64; cells.len()];
    let note = |order: &[Vec<usize>], position: &mut [f64]| {
        for members in order {
            let middle = (members.len() as f64 - 1.0) / 2.0;
            for (at, &cell) in members.iter().enumerate() {
                position[cell] = at as f64 - middle;
            }
        }
    };
    note(&order, &mut position);
    for round in 0..SWEEPS {
        let forward = round % 2 == 0;
        for step in 0..columns {
            let at = if forward { step } else { columns - 1 - step };
            let near = if forward { &left } else { &right };
            let key = |cell: usize| {
                let all = &near[cell];
                if all.is_empty() {
                    position[cell]
                } else {
                    all.iter().map(|&n| position[n]).sum::<f64>() / all.len() as f64
                }
            };
            let mut keyed: Vec<(f64, usize)> =
                order[at].iter().map(|&cell| (key(cell), cell)).collect();
            keyed.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
            order[at] = keyed.into_iter().map(|(_, cell)| cell).collect();
            note(&order, &mut position);
        }
    }
    order
}
