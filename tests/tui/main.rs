//! The terminal UI: states without a terminal, drawn screens, and the program in a pseudo-terminal.

mod chinese;
mod defects;
mod graph;
mod one_answer;
mod pty;
mod sizes;
mod snapshots;
mod update;
mod world;
