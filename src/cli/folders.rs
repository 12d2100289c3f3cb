//! The user's own folders for configuration and state, as the XDG base directory specification names them.

use std::path::PathBuf;

/// Returns `$XDG_CONFIG_HOME/weigh/keys.yaml`, by default below `~/.config`.
#[cfg(feature = "tui")]
pub(super) fn key_bindings_file() -> Option<PathBuf> {
    xdg_folder("XDG_CONFIG_HOME", ".config").map(|f| f.join("keys.yaml"))
}

/// Returns `$XDG_STATE_HOME/weigh/<part>`, by default below `~/.local/state`.
pub(super) fn state_folder(part: &str) -> Option<PathBuf> {
    xdg_folder("XDG_STATE_HOME", ".local/state").map(|f| f.join(part))
}

/// Returns the folder `weigh` below the one that `variable` names, or below `fallback` in the home folder. Relative paths are ignored, as the specification demands.
fn xdg_folder(variable: &str, fallback: &str) -> Option<PathBuf> {
    let named = std::env::var_os(variable)
        .map(PathBuf::from)
        .filter(|p| p.is_absolute());
    named
        .or_else(|| {
            std::env::home_dir()
                .filter(|h| h.is_absolute())
                .map(|home| home.join(fallback))
        })
        .map(|p| p.join("weigh"))
}
