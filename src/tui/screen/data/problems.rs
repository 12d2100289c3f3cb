//! The problems of the files, and below them which unknowns to resolve next.

use ratatui::layout::{Constraint, Rect};
use ratatui::style::Style;
use ratatui::text::Line;

use crate::lang::Lang;
use crate::tr;
use crate::tui::screen::list::ListTable;
use crate::tui::screen::{ExportTable, export_header, note};
use crate::tui::state::{List, State};
use crate::tui::widget::{Pen, fit};
use crate::view::diagnostic::DiagnosticView;

pub(super) fn draw(state: &State, pen: &mut Pen<'_>, area: Rect) {
    let (lang, look) = (state.lang, state.look);
    let problems = state.views.problems.len();
    let unknowns = state.unknowns();
    let title = tr!(
        "Problems {problems}, find out next {unknowns}",
        "问题 {problems}，接下来弄清 {unknowns}"
    );
    let inside = pen.frame(area, title.get(lang), state.list() == List::Problems);
    if problems == 0 && unknowns == 0 {
        note(pen, inside, lang.pick("none", "无"));
        return;
    }
    let is_fresh = state
        .answers
        .information
        .is_fresh(state.session.generation());
    ListTable::new(List::Problems, [Constraint::Fill(1)]).draw(
        state,
        pen,
        inside,
        |_, at, areas| {
            let line = fit(&problem_line(state, at), areas[0].width.into(), look.ascii);
            let style = if at < problems || is_fresh {
                Style::new()
            } else {
                look.dim()
            };
            vec![Line::styled(line, style)]
        },
    );
}

/// A row of the list: a problem, or below the problems an unknown.
pub(in crate::tui::screen) fn problem_line(state: &State, at: usize) -> String {
    let problems = &state.views.problems;
    match problems.get(at) {
        Some(problem) => format_problem(problem, state.lang),
        None => unknown_line(state, at - problems.len()),
    }
}

fn format_problem(problem: &DiagnosticView, lang: Lang) -> String {
    let severity = match (problem.severity, lang) {
        ("error", Lang::Zh) => "错误",
        ("warning", Lang::Zh) => "警告",
        (severity, _) => severity,
    };
    let mut line = format!("{severity}[{}] ", problem.code);
    if let Some(file) = &problem.file {
        let (row, column) = (problem.line.unwrap_or(1), problem.column.unwrap_or(1));
        line += &format!("{file}:{row}:{column} ");
    }
    line += &problem.message;
    if let Some(hint) = &problem.hint {
        line += &format!("; {hint}");
    }
    line
}

/// Describes an unknown: its EVPPI, how often it changes the choice, and how to resolve it. Before the samples are drawn, only the
/// command is known.
fn unknown_line(state: &State, at: usize) -> String {
    let Some(found) = &state.answers.information.value else {
        let command = state.views.commands.get(at);
        return command.map_or_else(String::new, |command| format!("$ {command}"));
    };
    let Some(unknown) = found.unknowns.get(at) else {
        return String::new();
    };
    let mark = if unknown.missing { "?" } else { "~" };
    let prompt = if unknown.runs { "$ " } else { "" };
    let text = tr!(
        "{mark} {0}: worth {1}, changes the choice {2}  {prompt}{3}",
        "{mark} {0}：价值 {1}，改变选择 {2}  {prompt}{3}",
        unknown.title,
        unknown.worth,
        unknown.chance,
        unknown.how
    );
    text.get(state.lang).to_owned()
}

pub(super) fn export(state: &State) -> ExportTable {
    let header = [("code", "编号"), ("message", "内容"), ("file", "文件")];
    let problems = state.views.problems.iter().map(|problem| {
        vec![
            problem.code.to_owned(),
            problem.message.clone(),
            problem.file.clone().unwrap_or_default(),
        ]
    });
    let unknowns = (0..state.unknowns())
        .map(|at| vec!["$".to_owned(), unknown_line(state, at), String::new()]);
    ExportTable {
        header: export_header(state, header),
        rows: problems.chain(unknowns).collect(),
    }
}
