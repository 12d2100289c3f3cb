//! Reference services: built, started, verified against a contract, put under load, recorded.
//!
//! A figure may feed a score only if the service did the agreed work and the measurement is sound. So [`verify`] runs every step of a
//! [`contract`] before anything is measured, [`interference`] finds the seconds in which other processes used the machine, and
//! [`bottleneck`] says what limited the rate. [`run`] is the protocol; start reading there.
//!
//! ```text
//! manifest --build, start--> process (behind a supervisor) --requests--> verify --ok--> run: rounds of cells
//! contract --steps, operations------------^                                 |      driver | interference | usage
//!                                                                 failures <-      statistics, bottleneck --> recorder
//! ```
//!
//! The module knows nothing of decisions, scores or frameworks: a new service is a folder with a manifest. It never prints;
//! [`progress`] reports to the caller. Manifests and contracts are read by `load` and passed in. Linux only.

pub mod bottleneck;
pub mod contract;
mod downstream;
pub mod driver;
pub mod environment;
pub mod error;
pub mod http;
pub mod interference;
pub mod interrupt;
pub mod manifest;
mod measure;
mod operation_load;
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
