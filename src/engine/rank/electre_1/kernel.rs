//! The kernel of a directed graph whose cycles are contracted to one node.

/// The candidates in the kernel.
pub(super) struct Kernel {
    pub(super) member: Vec<bool>,
    pub(super) has_circuit: bool,
}

/// Computes the kernel. `outranks` is row-major, `n x n`: row `a`, column `b` is "a outranks b".
pub(super) fn find_kernel(outranks: &[bool], n: usize) -> Kernel {
    let components = strong_components(outranks, n);
    let mut member = vec![false; n];
    // Components are ordered sinks first; in reverse, every outranking component is decided before those it outranks.
    for component in components.iter().rev() {
        let outranked = component
            .iter()
            .any(|&b| (0..n).any(|a| member[a] && outranks[a * n + b]));
        if !outranked {
            for &i in component {
                member[i] = true;
            }
        }
    }
    Kernel {
        member,
        has_circuit: components.iter().any(|component| component.len() > 1),
    }
}

/// Returns the strongly connected components, sinks first.
///
/// Tarjan, R. (1972). Depth-first search and linear graph algorithms. SIAM Journal on Computing 1(2), 146-160; with an
/// explicit stack, because a chain of 2,000 candidates could overflow the thread's stack.
fn strong_components(outranks: &[bool], n: usize) -> Vec<Vec<usize>> {
    const UNSEEN: usize = usize::MAX;
    let mut number = vec![UNSEEN; n];
    let mut lowest = vec![0; n];
    let mut open = Vec::new();
    let mut is_open = vec![false; n];
    let mut components = Vec::new();
    let mut next = 0;
    for root in 0..n {
        if number[root] != UNSEEN {
            continue;
        }
        let mut path = vec![(root, 0)];
        while let Some(&(node, from)) = path.last() {
            if from == 0 {
                (number[node], lowest[node]) = (next, next);
                next += 1;
                open.push(node);
                is_open[node] = true;
            }
            let target =
                (from..n).find(|&b| outranks[node * n + b] && (number[b] == UNSEEN || is_open[b]));
            if let Some(b) = target {
                // `b + 1 > 0` also marks the node as entered.
                path.last_mut().expect("the loop holds the last entry").1 = b + 1;
                if number[b] == UNSEEN {
                    path.push((b, 0));
                } else {
                    lowest[node] = lowest[node].min(number[b]);
                }
                continue;
            }
            path.pop();
            if let Some(&(parent, _)) = path.last() {
                lowest[parent] = lowest[parent].min(lowest[node]);
            }
            if lowest[node] == number[node] {
                let start = open
                    .iter()
                    .rposition(|&i| i == node)
                    .expect("a node stays open until its component closes");
                let component = open.split_off(start);
                for &i in &component {
                    is_open[i] = false;
                }
                components.push(component);
            }
        }
    }
    components
}
