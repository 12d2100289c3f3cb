//! x
use crate::lang::Lang;
pub(super) fn localised(command: clap::Command, _: Lang) -> clap::Command {
    command
}
