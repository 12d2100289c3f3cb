//! Parses the CSV text of a matrix into rows of cells, each with its place.

use std::collections::BTreeMap;

use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::lang::Text;
use crate::load::read::reader::Reader;
use crate::source::{SourceId, Span};
use crate::tr;

/// Limits of a matrix.
const MOST_ROWS: usize = 200_000;

const MOST_COLUMNS: usize = 1_000;

const MOST_CELLS: usize = 4_000_000;

/// The cells of a row, each with its place.
pub(super) type MatrixRow = Vec<(String, Span)>;

/// Reads the non-empty rows of a CSV text.
pub(super) fn read_rows(source: SourceId, reader: &mut Reader) -> Option<Vec<MatrixRow>> {
    let text = reader.sources.get(source).text();
    let sink = &mut reader.diagnostics;
    let end = u32::try_from(text.len()).unwrap_or(u32::MAX);
    let mut csv = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .trim(csv::Trim::All)
        .from_reader(text.as_bytes());
    let mut rows: Vec<MatrixRow> = Vec::new();
    let mut record = csv::StringRecord::new();
    loop {
        let start = usize::try_from(csv.position().byte()).unwrap_or(usize::MAX);
        match csv.read_record(&mut record) {
            Ok(false) => break,
            Ok(true) => {
                if record.iter().all(str::is_empty) {
                    continue;
                }
                if record.len() > MOST_COLUMNS + 1 {
                    let at = u32::try_from(start).unwrap_or(u32::MAX).min(end);
                    let message = tr!(
                        "a matrix has between 1 and {MOST_COLUMNS} criteria",
                        "准则数量应在 1 到 {MOST_COLUMNS} 之间"
                    );
                    sink.push(Diagnostic::new(
                        Code::BadMatrix,
                        Span {
                            source,
                            start: at,
                            end: at,
                        },
                        message,
                    ));
                    return None;
                }
                let stop = usize::try_from(csv.position().byte())
                    .unwrap_or(usize::MAX)
                    .min(text.len());
                rows.push(cells(&record, &text[start.min(stop)..stop], start, source));
            }
            Err(error) => {
                let at = error
                    .position()
                    .map_or(end, |p| u32::try_from(p.byte()).unwrap_or(u32::MAX))
                    .min(end);
                sink.push(Diagnostic::new(
                    Code::BadMatrix,
                    Span {
                        source,
                        start: at,
                        end: at,
                    },
                    tr!("this is not CSV", "此处不是合法的 CSV"),
                ));
                return None;
            }
        }
        if rows.len() > MOST_ROWS || rows.len() * rows[0].len() > MOST_CELLS {
            let at = rows.last().map_or(
                Span {
                    source,
                    start: end,
                    end,
                },
                |row| row[0].1,
            );
            let message = tr!(
                "more than {MOST_ROWS} rows or {MOST_CELLS} cells",
                "超过 {MOST_ROWS} 行或 {MOST_CELLS} 个单元格"
            );
            sink.push(Diagnostic::new(Code::OutOfRange, at, message));
            return None;
        }
    }
    if rows.is_empty() {
        let place = Span {
            source,
            start: 0,
            end: 0,
        };
        sink.push(
            Diagnostic::new(Code::BadMatrix, place, tr!("the file is empty", "文件为空"))
                .hint(layout_hint()),
        );
        return None;
    }
    Some(rows)
}

/// Locates each cell by searching the row's text from the end of the previous cell.
fn cells(record: &csv::StringRecord, line: &str, start: usize, source: SourceId) -> MatrixRow {
    let mut from = 0;
    record
        .iter()
        .map(|cell| {
            // Search only nearby: a cell with doubled quotes is not found verbatim, and the rest of the row may be
            // long.
            let mut near = (from + cell.len() + 64).min(line.len());
            while !line.is_char_boundary(near) {
                near += 1;
            }
            let at = line[from..near].find(cell).map_or(from, |hit| from + hit);
            from = (at + cell.len()).min(line.len());
            let byte = |x: usize| u32::try_from(start + x).unwrap_or(u32::MAX);
            let span = Span {
                source,
                start: byte(at),
                end: byte(from),
            };
            // An empty cell ends right before its comma; continue after it.
            while !line.is_char_boundary(from) {
                from += 1;
            }
            from += usize::from(line[from..].starts_with(['"']));
            from += usize::from(line[from..].starts_with([',']));
            (cell.to_owned(), span)
        })
        .collect()
}

/// Returns a hint that shows the layout of a matrix.
pub(super) fn layout_hint() -> Text {
    tr!(
        "first row: `candidate,criterion,...`; then `@direction`, `@weight`, `@worst`, `@best` rows; then one row per candidate",
        "首行：`candidate,准则,...`；其后可有 `@direction`、`@weight`、`@worst`、`@best` 行；再其后每个候选一行"
    )
}

/// Returns the criteria, and whether their names are unique.
pub(super) fn header_names(
    header: &MatrixRow,
    sink: &mut Diagnostics,
) -> Option<(Vec<(String, Span)>, bool)> {
    let (first, at) = &header[0];
    if let Some(separator) = [(';', "`;`"), ('\t', "TAB")]
        .iter()
        .find(|(c, _)| first.starts_with("candidate") && first.contains(*c))
    {
        let name = separator.1;
        let message = tr!("the cells are separated by {name}", "单元格以 {name} 分隔");
        let hint = tr!(
            "separate them by commas and write decimals with a dot: 3.5; spreadsheets call it \"CSV (comma delimited)\"",
            "请用逗号分隔，小数用点：3.5；电子表格中选择“CSV（逗号分隔）”"
        );
        sink.push(Diagnostic::new(Code::BadMatrix, *at, message).hint(hint));
        return None;
    }
    if first != "candidate" {
        let message = tr!(
            "the first cell is `{first}`, not `candidate`",
            "首个单元格是 `{first}`，而不是 `candidate`"
        );
        sink.push(Diagnostic::new(Code::BadMatrix, *at, message).hint(layout_hint()));
        return None;
    }
    if header.len() < 2 || header.len() > MOST_COLUMNS {
        let message = tr!(
            "a matrix has between 1 and {MOST_COLUMNS} criteria",
            "准则数量应在 1 到 {MOST_COLUMNS} 之间"
        );
        sink.push(Diagnostic::new(Code::BadMatrix, *at, message).hint(layout_hint()));
        return None;
    }
    let mut seen: BTreeMap<&str, ()> = BTreeMap::new();
    for (name, span) in &header[1..] {
        if name.is_empty() {
            let message = tr!("this column has no name", "该列没有名称");
            let hint = tr!(
                "name the criterion, or delete the column",
                "请写上准则名，或删除该列"
            );
            sink.push(Diagnostic::new(Code::BadMatrix, *span, message).hint(hint));
        } else if seen.insert(name, ()).is_some() {
            let message = tr!(
                "the criterion `{name}` appears twice",
                "准则 `{name}` 重复出现"
            );
            sink.push(Diagnostic::new(Code::BadMatrix, *span, message));
        }
    }
    let named = seen.len() == header.len() - 1;
    Some((header[1..].to_vec(), named))
}
