//! The user's own folders for configuration and state, as the XDG base directory specification names them.

use std::path::PathBuf;

/// `$XDG_CONFIG_HOME/weigh/keys.yaml`, or below `~/.config`.
pub(super) fn key_bindings() -> Option<PathBuf> {
    folder("XDG_CONFIG_HOME", ".config").map(|f| f.join("keys.yaml"))
}

/// `$XDG_STATE_HOME/weigh/<part>`, or below `~/.local/state`.
pub(super) fn state(part: &str) -> Option<PathBuf> {
    folder("XDG_STATE_HOME", ".local/state").map(|f| f.join(part))
}

/// The folder `weigh` in the one that `variable` names, or in `fallback` below the home folder. Relative paths are ignored.
fn folder(variable: &str, fallback: &str) -> Option<PathBuf> {
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
