//! References between files: which catalog holds a candidate, which run a measurement, which file a weight profile.

pub(crate) mod catalog_index;
pub(crate) mod composite;
pub(crate) mod criteria;
pub(crate) mod domain_defaults;
pub(crate) mod evidence;
pub(crate) mod profiles;
