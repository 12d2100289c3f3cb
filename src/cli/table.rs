//! Plain text tables that line up wide characters, such as Chinese.

use unicode_width::UnicodeWidthStr;

/// How the cells of a column are aligned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Side {
    Left,
    Right,
}

/// A table with a header row.
pub(super) struct TextTable {
    sides: Vec<Side>,
    rows: Vec<Vec<String>>,
}

impl TextTable {
    pub(super) fn new(head: Vec<String>, sides: Vec<Side>) -> Self {
        Self {
            sides,
            rows: vec![head],
        }
    }

    pub(super) fn row(&mut self, cells: Vec<String>) {
        self.rows.push(cells);
    }

    /// Returns the lines of the table, with a rule below the header.
    pub(super) fn lines(&self) -> Vec<String> {
        let width = |k: usize| {
            self.rows
                .iter()
                .map(|row| row.get(k).map_or(0, |c| c.width()))
                .max()
                .unwrap_or(0)
        };
        let widths: Vec<usize> = (0..self.sides.len()).map(width).collect();
        let mut lines = Vec::with_capacity(self.rows.len() + 1);
        for (at, row) in self.rows.iter().enumerate() {
            let cells: Vec<String> = row
                .iter()
                .zip(&widths)
                .zip(&self.sides)
                .map(|((cell, w), side)| pad(cell, *w, *side))
                .collect();
            lines.push(cells.join("  ").trim_end().to_owned());
            if at == 0 {
                let rule: Vec<String> = widths.iter().map(|w| "─".repeat(*w)).collect();
                lines.push(rule.join("  "));
            }
        }
        lines
    }

    /// Returns the table as Markdown, with escaped cells.
    pub(super) fn markdown(&self) -> Vec<String> {
        let line = |cells: Vec<String>| format!("| {} |", cells.join(" | "));
        let mut lines = Vec::with_capacity(self.rows.len() + 1);
        for (at, row) in self.rows.iter().enumerate() {
            lines.push(line(
                row.iter()
                    .map(|c| {
                        c.replace('\\', "\\\\")
                            .replace('|', "\\|")
                            .replace('\n', " ")
                    })
                    .collect(),
            ));
            if at == 0 {
                lines.push(line(
                    self.sides
                        .iter()
                        .map(|s| {
                            if *s == Side::Left {
                                "---".to_owned()
                            } else {
                                "---:".to_owned()
                            }
                        })
                        .collect(),
                ));
            }
        }
        lines
    }
}

/// Pads a cell to a width in terminal columns.
pub(super) fn pad(cell: &str, width: usize, side: Side) -> String {
    let space = " ".repeat(width.saturating_sub(cell.width()));
    match side {
        Side::Left => format!("{cell}{space}"),
        Side::Right => format!("{space}{cell}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wide_characters_take_two_columns() {
        let mut table = TextTable::new(
            vec!["名称".into(), "n".into()],
            vec![Side::Left, Side::Right],
        );
        table.row(vec!["gin".into(), "12".into()]);
        assert_eq!(table.lines(), ["名称   n", "────  ──", "gin   12"]);
    }
}
