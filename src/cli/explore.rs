//! `weigh explore`.

use std::io::IsTerminal;

use super::args::{Color, ExploreArgs, MethodArgs, RankArgs, RankFormat};
use super::output::Output;
use super::{Exit, Failure, folders, rank};
use crate::session::Session;
use crate::tr;
use crate::tui::{self, Keymap, Look, Options, State};

pub(super) fn run(args: ExploreArgs, output: &mut Output) -> Result<Exit, Failure> {
    if !std::io::stdout().is_terminal() || !std::io::stdin().is_terminal() {
        let note = tr!(
            "`weigh explore` needs a terminal; showing `weigh rank` instead",
            "`weigh explore` 需要终端；改为显示 `weigh rank` 的结果"
        );
        output.eprint(&note);
        let method = MethodArgs {
            method: crate::analysis::ranking::DEFAULT_METHOD.to_owned(),
            param: Vec::new(),
        };
        return rank::run(
            &RankArgs {
                decision: args.decision,
                method,
                format: RankFormat::Table,
                seed: None,
            },
            output,
        );
    }
    let session = match Session::open(&args.decision.decision, args.decision.choice.choice()?) {
        Ok(session) => session,
        Err(refused) => {
            let (diagnostics, sources) = *refused;
            output.print_diagnostics(&diagnostics, &sources);
            output.eprint(crate::diagnostic::summary(&diagnostics));
            return Ok(Exit::Failed);
        }
    };
    let mut state = State::new(session, output.lang, detect_look(&args, output));
    state.mouse = !args.no_mouse;
    if let Some(text) =
        folders::key_bindings_file().and_then(|path| std::fs::read_to_string(path).ok())
    {
        let (keymap, wrong) = Keymap::read(&text);
        state.keymap = keymap;
        if let Some(first) = wrong.first() {
            state.message = output.localize(first);
        }
    }
    let variable = |name: &str| std::env::var(name).ok().filter(|v| !v.trim().is_empty());
    let kept = folders::state_folder("explore");
    let options = Options {
        kept,
        editor: variable("VISUAL").or_else(|| variable("EDITOR")),
    };
    let ending = tui::run(&mut state, &options).map_err(|error| {
        Failure::environment(tr!(
            "cannot use the terminal: {error}",
            "无法使用终端：{error}"
        ))
    })?;
    match ending {
        tui::Ending::Left => Ok(Exit::Fine),
        tui::Ending::Signal(signal) => {
            // The parent process sees that this signal ended the program.
            drop(signal_hook::low_level::emulate_default_handler(signal));
            Ok(Exit::Environment)
        }
    }
}

fn detect_look(args: &ExploreArgs, output: &Output) -> Look {
    let variable = |name: &str| std::env::var(name).unwrap_or_default();
    let locale = ["LC_ALL", "LC_CTYPE", "LANG"]
        .map(variable)
        .into_iter()
        .find(|v| !v.is_empty())
        .unwrap_or_default();
    let utf8 = locale.to_lowercase().replace('-', "").contains("utf8");
    let colors = match (output.color(), variable("NO_COLOR").is_empty()) {
        (Color::Never, _) | (Color::Auto, false) => tui::Colors::None,
        _ if variable("TERM").contains("256") || !variable("COLORTERM").is_empty() => {
            tui::Colors::Many
        }
        _ => tui::Colors::Sixteen,
    };
    // Border glyphs are of ambiguous width: under these locales many terminals make them two columns wide (tokscale PR 1308).
    let ambiguous = ["zh", "ja", "ko"].iter().any(|tag| locale.starts_with(tag));
    let ground = ground(&variable("COLORFGBG"));
    Look {
        ascii: args.ascii || !utf8 || (ambiguous && !args.unicode),
        dots: args.dots,
        colors,
        ground,
    }
}

/// Returns the background that rxvt, Konsole and others report as the last part of `COLORFGBG`: 7 and 15 are white.
fn ground(colors: &str) -> tui::Ground {
    match colors.rsplit(';').next() {
        Some("7" | "15") => tui::Ground::Light,
        _ => tui::Ground::Dark,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ground_is_what_the_terminal_names() {
        assert_eq!(ground("0;15"), tui::Ground::Light);
        assert_eq!(ground("0;default;7"), tui::Ground::Light);
        assert_eq!(["15;0", "", "12;8"].map(ground), [tui::Ground::Dark; 3]);
    }
}
