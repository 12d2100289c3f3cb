//! Aggregation methods: a complete decision matrix and weights become one score per candidate.
//!
//! Each method of the literature is one file with its formula, citation, assumptions and limitations. The module is
//! independent of files, formulas and uncertainty: incomplete candidates are removed before a [`Problem`] is built, and every
//! number that it returns is finite.
//!
//! Start with [`Problem`], then [`Method`], then [`topsis`] as an example. To add a method, add one file and one line in
//! [`methods`].
//!
//! ```
//! use weigh_engine::rank::{self, Axis, Direction, Params, Problem};
//! let axes = vec![Axis::new("cost", Direction::Min), Axis::new("speed", Direction::Max)];
//! // Criterion-major: the costs of two candidates, then their speeds.
//! let problem = Problem::new(axes, 2, vec![10.0, 20.0, 1.0, 3.0], vec![1.0, 3.0])?;
//! let result = rank::find("topsis")?.run(&problem, &Params::none())?;
//! assert!(result.scores[1] > result.scores[0]);
//! # Ok::<(), rank::RankError>(())
//! ```

mod accumulate;
pub mod agreement;
pub mod electre_1;
pub mod marcos;
pub mod method;
mod normalise;
mod order;
pub mod param;
pub mod problem;
pub mod promethee;
pub mod spotis;
pub mod topsis;
pub mod value;
pub mod vikor;
pub mod waspas;
pub mod weighted_product;
pub mod weighted_sum;

pub use method::{Contributions, Method, MethodDetail, MethodResult, RankError};
pub use normalise::Normalisation;
pub use order::{order, ranks};
pub use param::{Parameter, ParameterDomain, Params};
pub use problem::{Axis, Direction, Problem};

static METHODS: [&dyn Method; 10] = [
    &value::AdditiveValue,
    &weighted_sum::WeightedSum,
    &weighted_product::WeightedProduct,
    &waspas::Waspas,
    &topsis::Topsis,
    &vikor::Vikor,
    &promethee::Promethee,
    &electre_1::Electre1,
    &marcos::Marcos,
    &spotis::Spotis,
];

/// Returns all methods, the default first.
#[must_use]
pub fn methods() -> &'static [&'static dyn Method] {
    &METHODS
}

/// Returns the method with this id.
///
/// # Errors
/// [`RankError::UnknownMethod`] with the nearest known id as a suggestion.
pub fn find(id: &str) -> Result<&'static dyn Method, RankError> {
    methods()
        .iter()
        .copied()
        .find(|method| method.id() == id)
        .ok_or_else(|| {
            let known: Vec<&str> = methods().iter().map(|method| method.id()).collect();
            let list = known.join(", ");
            let hint = crate::source::did_you_mean_clause(id, known.iter().copied());
            RankError::UnknownMethod {
                id: id.to_owned(),
                text: crate::tr!(
                    "no method is called `{id}`; there are {list}{hint}",
                    "没有名为 `{id}` 的方法；可用：{list}{hint}"
                ),
            }
        })
}
