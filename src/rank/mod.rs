//! Aggregation methods: a complete decision matrix and weights become one score a candidate.
//!
//! This room owns the methods of the literature, one file each, with formula, citation, assumptions and what breaks
//! them. It knows nothing of files, formulas, uncertainty or screens: incomplete candidates are set aside before a
//! [`Problem`] is built, and every number that leaves it is finite.
//!
//! Start reading at [`Problem`], then [`Method`], then [`topsis`] as an example. A new method is one file and one line
//! in [`methods`].

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

/// All methods, the default first.
#[must_use]
pub fn methods() -> &'static [&'static dyn Method] {
    &METHODS
}

/// The method with this id.
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
            let (hint_en, hint_zh) = param::did_you_mean(id, known.iter().copied());
            RankError::UnknownMethod {
                id: id.to_owned(),
                text: crate::tr!(
                    "no method is called `{id}`{hint_en}; there are {list}",
                    "没有名为 `{id}` 的方法{hint_zh}；可用：{list}"
                ),
            }
        })
}
