//! `weigh explore`.

use std::io::IsTerminal;
use std::path::{Path, PathBuf};

use super::args::{Color, ExploreArgs, MethodArgs, RankArgs, RankFormat};
use super::output::Output;
use super::{Exit, Failure, folders, rank};
use crate::lang::{Lang, Text};
use crate::session::{Choice, Session, Watch};
use crate::tr;
use crate::tui::{self, Keymap, Look, Options, State};

pub(super) fn run(args: ExploreArgs, output: &mut Output) -> Result<Exit, Failure> {
    if !std::io::stdout().is_terminal() || !std::io::stdin().is_terminal() {
        let note = tr!(
            "`weigh explore` needs a terminal; this is what `weigh rank` says",
            "`weigh explore` 需要终端；以下为 `weigh rank` 的结果"
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
            output.eprint(&crate::diagnostic::summary(&diagnostics));
            return Ok(Exit::Failed);
        }
    };
    let mut state = State::new(session, output.lang, look(&args, output));
    state.mouse = !args.no_mouse;
    if let Some(text) = folders::key_bindings().and_then(|path| std::fs::read_to_string(path).ok())
    {
        let (keymap, wrong) = Keymap::read(&text);
        state.keymap = keymap;
        if let Some(first) = wrong.first() {
            state.message = output.localize(first);
        }
    }
    let variable = |name: &str| std::env::var(name).ok().filter(|v| !v.trim().is_empty());
    let kept = folders::state("explore");
    let options = Options {
        kept,
        editor: variable("VISUAL").or_else(|| variable("EDITOR")),
        report: Some(report),
    };
    let ending = tui::run(&mut state, &options).map_err(|error| {
        Failure::environment(tr!("the terminal refused: {error}", "终端拒绝：{error}"))
    })?;
    match ending {
        tui::Ending::Left => Ok(Exit::Fine),
        tui::Ending::Signal(signal) => {
            // Whoever sent the signal sees that it ended the program.
            drop(signal_hook::low_level::emulate_default_handler(signal));
            Ok(Exit::Environment)
        }
    }
}

/// Writes the report of what the files say under a choice.
fn report(
    path: &Path,
    choice: &Choice,
    lang: Lang,
    watch: &Watch,
) -> Result<(PathBuf, String), Text> {
    let out = choice.scenario.as_ref().map_or_else(
        || PathBuf::from("reports"),
        |id| Path::new("reports").join(id),
    );
    let file =
        super::report::one(path, choice, lang, &out, watch).map_err(Failure::into_message)?;
    let scenario = choice
        .scenario
        .as_ref()
        .map_or_else(String::new, |id| format!(" --scenario {id}"));
    Ok((
        file,
        format!(
            "weigh report {}{scenario} --out {}",
            path.display(),
            out.display()
        ),
    ))
}

fn look(args: &ExploreArgs, output: &Output) -> Look {
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

/// The ground that rxvt, Konsole and others name as the last part of `COLORFGBG`: 7 and 15 are the two whites.
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
