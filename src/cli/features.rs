//! Commands that this build leaves out because their Cargo feature is off.

use clap::error::{ContextKind, ContextValue, ErrorKind};

use crate::lang::Text;
use crate::tr;

/// A command that a Cargo feature switches off.
struct OptionalCommand {
    /// The command line up to its name.
    parent: &'static str,
    name: &'static str,
    feature: &'static str,
    is_built: bool,
}

const OPTIONAL: [OptionalCommand; 3] = [
    OptionalCommand {
        parent: "weigh",
        name: "bench",
        feature: "bench",
        is_built: cfg!(feature = "bench"),
    },
    OptionalCommand {
        parent: "weigh",
        name: "explore",
        feature: "tui",
        is_built: cfg!(feature = "tui"),
    },
    OptionalCommand {
        parent: "weigh catalog",
        name: "refresh",
        feature: "refresh",
        is_built: cfg!(feature = "refresh"),
    },
];

/// Returns the message for an unknown command that another build of the program has.
pub(super) fn missing(error: &clap::Error) -> Option<Text> {
    let command = find(&OPTIONAL, error)?;
    let (parent, name, feature) = (command.parent, command.name, command.feature);
    Some(tr!(
        "this build of weigh has no `{parent} {name}`: build it with the Cargo feature `{feature}`",
        "当前构建的 weigh 不含 `{parent} {name}`：请启用 Cargo feature `{feature}` 重新构建"
    ))
}

/// Returns the command of `optional` that was typed and is not built.
fn find<'a>(optional: &'a [OptionalCommand], error: &clap::Error) -> Option<&'a OptionalCommand> {
    if error.kind() != ErrorKind::InvalidSubcommand {
        return None;
    }
    let Some(ContextValue::String(typed)) = error.get(ContextKind::InvalidSubcommand) else {
        return None;
    };
    let Some(ContextValue::StyledStr(usage)) = error.get(ContextKind::Usage) else {
        return None;
    };
    let usage = usage.to_string();
    optional
        .iter()
        .filter(|command| !command.is_built && command.name == typed)
        .find(|command| usage.contains(&format!("{} [", command.parent)))
}

#[cfg(test)]
mod tests {
    use super::super::args::command;
    use super::*;

    #[test]
    fn a_command_left_out_is_told_from_a_misspelt_one() {
        let entry = |parent, name| OptionalCommand {
            parent,
            name,
            feature: "extra",
            is_built: false,
        };
        let optional = [entry("weigh", "fly"), entry("weigh catalog", "swim")];
        let found = |words: &[&str]| {
            let error = command()
                .try_get_matches_from(words)
                .expect_err("no such command");
            find(&optional, &error).map(|command| command.name)
        };
        assert_eq!(found(&["weigh", "fly", "examples"]), Some("fly"));
        assert_eq!(found(&["weigh", "catalog", "swim"]), Some("swim"));
        assert_eq!(found(&["weigh", "swim"]), None);
        assert_eq!(found(&["weigh", "flying"]), None);
    }
}
