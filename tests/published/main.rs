//! Worked examples from the literature and reference implementations. Each test names its source.

mod agreement;
mod data;
mod rank;
mod reference_rank;
mod smaa;
mod weights;
