//! The list of the focused pane as text: for the clipboard and for files.

use super::screen;
use super::state::State;
use super::update::ExportFormat;

/// The value under the cursor.
pub(super) fn cell_at_cursor(state: &State) -> String {
    cells_at_cursor(state)
        .into_iter()
        .nth(1)
        .unwrap_or_default()
}

/// The row under the cursor as Markdown.
pub(super) fn row_at_cursor(state: &State) -> String {
    markdown_row(&cells_at_cursor(state))
}

fn cells_at_cursor(state: &State) -> Vec<String> {
    let list = state.list();
    let mut rows = screen::export_table(state, list).rows;
    let at = state.cursor(list);
    if at < rows.len() {
        rows.swap_remove(at)
    } else {
        Vec::new()
    }
}

fn markdown_row(cells: &[String]) -> String {
    let escape = |cell: &String| cell.replace('|', "\\|").replace('\n', " ");
    let cells: Vec<String> = cells.iter().map(escape).collect();
    format!("| {} |", cells.join(" | "))
}

/// The list of the focused pane in a format.
pub(super) fn export_view(state: &State, format: ExportFormat) -> String {
    match format {
        ExportFormat::Markdown => markdown(state),
        ExportFormat::Json => json(state),
    }
}

fn json(state: &State) -> String {
    let table = screen::export_table(state, state.list());
    let object = |row: Vec<String>| {
        let values = row.into_iter().map(serde_json::Value::from);
        let header = table.header.iter().cloned();
        serde_json::Value::Object(header.zip(values).collect())
    };
    let rows: Vec<_> = table.rows.into_iter().map(object).collect();
    let whole = serde_json::json!({
        "decision": state.session.model().decision.id,
        "view": state.screen.action().name(),
        "settings": state.session.settings(),
        "rows": rows,
    });
    serde_json::to_string_pretty(&whole).expect("texts are plain data") + "\n"
}

fn markdown(state: &State) -> String {
    let table = screen::export_table(state, state.list());
    let title = state.session.model().decision.title.get(state.lang);
    let mut lines = vec![
        format!("# {title}: {}", state.screen.tab(state.lang)),
        String::new(),
        format!("`{}`", state.session.command("rank")),
        String::new(),
        markdown_row(&table.header),
        format!("|{}", " --- |".repeat(table.header.len())),
    ];
    lines.extend(table.rows.iter().map(|row| markdown_row(row)));
    lines.join("\n") + "\n"
}
