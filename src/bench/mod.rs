//! Reference services: built, started, verified against a contract, put under load, recorded.
//!
//! A number may feed a score only if the service did the agreed work and the measurement could be trusted. So [`verify`] runs every
//! step of a [`contract`] before anything is measured, [`noise`] drops the seconds in which somebody else used the machine, and
//! [`bottleneck`] says what limited it. [`run`] is the protocol; start reading there.
//!
//! ```text
//! manifest --build, start--> process (behind a supervisor) --requests--> verify --ok--> run: rounds of cells
//! contract --steps, operations------------^                                 |             driver | noise | usage
//!                                                                 failures <-             statistics, bottleneck --> recorder
//! ```
//!
//! The room knows nothing of decisions or scores, and of no framework: a new service is a folder with a manifest. It never prints;
//! [`progress`] tells who asked. Manifests and contracts are read elsewhere and handed over. Linux only.

pub mod bottleneck;
pub mod contract;
mod downstream;
pub mod driver;
pub mod environment;
pub mod error;
pub mod http;
pub mod interrupt;
mod load;
pub mod manifest;
mod measure;
pub mod noise;
pub mod pattern;
pub mod process;
pub mod progress;
pub mod recorder;
pub mod run;
pub mod statistics;
pub mod supervisor;
pub mod token;
pub mod usage;
pub mod verify;
pub mod wire;
