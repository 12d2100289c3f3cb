//! Random indices: the mean consistency index of random reciprocal matrices, by which a consistency index is divided.
//!
//! The consistency ratio depends on the table, so every result states which one was used.

use std::fmt;

/// The divisor of the consistency index.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum RandomIndex {
    /// A published table.
    Table(&'static RandomIndexTable),
    /// A number given by the user.
    Number(f64),
}

/// A published table of random indices.
#[derive(Debug)]
pub struct RandomIndexTable {
    pub id: &'static str,
    pub citation: &'static str,
    /// Indices for 3, 4, 5, ... items.
    values: &'static [f64],
    /// Formula for more items than listed, if the source gives one.
    beyond: Option<fn(f64) -> f64>,
}

impl PartialEq for RandomIndexTable {
    fn eq(&self, other: &Self) -> bool {
        self.id == other.id
    }
}

/// All tables, the default first.
pub static TABLES: [RandomIndexTable; 5] = [
    RandomIndexTable {
        id: "saaty1980",
        citation: "Saaty, T. L. (1980). The Analytic Hierarchy Process. McGraw-Hill",
        values: &[
            0.58, 0.90, 1.12, 1.24, 1.32, 1.41, 1.45, 1.49, 1.51, 1.48, 1.56, 1.57, 1.59,
        ],
        beyond: None,
    },
    RandomIndexTable {
        id: "saaty2005",
        citation: "Saaty, T. L. (2005). Theory and Applications of the Analytic Network Process. RWS Publications, p. 31",
        values: &[
            0.52, 0.89, 1.11, 1.25, 1.35, 1.40, 1.45, 1.49, 1.52, 1.54, 1.56, 1.58, 1.59,
        ],
        beyond: None,
    },
    RandomIndexTable {
        id: "donegan-dodd1991",
        citation: "Donegan, H. A., Dodd, F. J. (1991). A note on Saaty's random indexes. Mathematical and Computer Modelling 15(10), 135-137",
        values: &[
            0.4914, 0.8286, 1.0591, 1.1797, 1.2519, 1.3171, 1.3733, 1.4055, 1.4213, 1.4497, 1.4643,
            1.4822, 1.4969, 1.5078, 1.5153, 1.5262, 1.5313, 1.5371,
        ],
        beyond: None,
    },
    RandomIndexTable {
        id: "golden-wang1989",
        citation: "Golden, B. L., Wang, Q. (1989). An alternate measure of consistency. In: The Analytic Hierarchy Process: Applications and Studies, Springer, 68-81",
        values: &[
            0.5799, 0.8921, 1.1159, 1.2358, 1.3322, 1.3952, 1.4537, 1.4882, 1.5117, 1.5356, 1.5571,
            1.5714, 1.5831,
        ],
        beyond: None,
    },
    RandomIndexTable {
        id: "alonso-lamata2006",
        citation: "Alonso, J. A., Lamata, M. T. (2006). Consistency in the analytic hierarchy process: a new approach. International Journal of Uncertainty, Fuzziness and Knowledge-Based Systems 14(4), 445-459",
        values: &[
            0.5247, 0.8816, 1.1086, 1.2479, 1.3417, 1.4057, 1.4499, 1.4854, 1.5140, 1.5365, 1.5551,
            1.5713, 1.5838,
        ],
        beyond: Some(|n| (1.7699 * n - 4.3513) / (n - 1.0)),
    },
];

/// Aliases: pymcdm cites these values from a later paper (Tummala, Ling 1998).
const OTHER_NAMES: [(&str, &str); 1] = [("tummala-ling1998", "golden-wang1989")];

impl Default for RandomIndex {
    fn default() -> Self {
        Self::Table(&TABLES[0])
    }
}

impl RandomIndex {
    /// Returns the table with this id, or a fixed index for a number above 0; `None` otherwise.
    #[must_use]
    pub fn find(word: &str) -> Option<Self> {
        let id = OTHER_NAMES
            .iter()
            .find(|(other, _)| *other == word)
            .map_or(word, |(_, id)| *id);
        let table = TABLES.iter().find(|table| table.id == id).map(Self::Table);
        table.or_else(|| {
            let number = word.parse::<f64>().ok()?;
            (number > 0.0 && number.is_finite()).then_some(Self::Number(number))
        })
    }

    /// Returns the index for a matrix of `n` items; `None` beyond the end of the table. It is 0 for up to two items, whose
    /// judgements are always consistent.
    #[must_use]
    pub fn of(self, n: usize) -> Option<f64> {
        if n <= 2 {
            return Some(0.0);
        }
        match self {
            Self::Number(number) => Some(number),
            Self::Table(table) => table
                .values
                .get(n - 3)
                .copied()
                .or_else(|| table.beyond.map(|formula| formula(n as f64))),
        }
    }
}

impl fmt::Display for RandomIndex {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Table(table) => f.write_str(table.id),
            Self::Number(number) => write!(f, "{number}"),
        }
    }
}
