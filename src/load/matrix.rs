//! A matrix CSV: a decision in one file, for anyone who comes from a spreadsheet.
//!
//! Each column becomes a measure and a criterion of the same name; `@direction`, `@weight`, `@worst`, `@best` and `@unit` rows say
//! the rest. Nothing else is read, so it opens in milliseconds.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use super::choice::Choice;
use super::decision::DEFAULT_SEED;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::formula::{Expr, ExprKind, ExprSpan};
use crate::lang::Text;
use crate::model::decision::{Candidate, Decision, Goal};
use crate::model::evidence::{Fact, FactValue, Provenance};
use crate::model::library::{Background, Criterion, Library, Measure, MissingPolicy, ValueForm};
use crate::quantity;
use crate::quantity::distribution::Distribution;
use crate::quantity::unit::{Unit, Units};
use crate::quantity::value_function::{Direction, ValueFunction};
use crate::source::{SourceId, Sources, Span, suggest};
use crate::tr;

/// The rows about criteria.
const ABOUT: [&str; 5] = ["@direction", "@weight", "@worst", "@best", "@unit"];
/// Most candidates, criteria and cells of a matrix.
const MOST_ROWS: usize = 200_000;
const MOST_COLUMNS: usize = 1_000;
const MOST_CELLS: usize = 4_000_000;

/// A row: its cells with their places.
type Row = Vec<(String, Span)>;

/// Whether a text without a name to tell by, such as standard input, begins like a matrix.
pub(super) fn looks_like_one(text: &str) -> bool {
    let first = text
        .lines()
        .find(|line| !line.trim().is_empty())
        .unwrap_or_default();
    let cell = first.trim_start().trim_start_matches('"');
    cell.strip_prefix("candidate").is_some_and(|rest| {
        rest.trim_start_matches('"')
            .trim_start()
            .starts_with([',', ';', '\t'])
    })
}

/// Reads a matrix.
pub(super) fn open(
    file: &Path,
    source: SourceId,
    choice: &Choice,
    sources: &mut Sources,
    sink: &mut Diagnostics,
) -> Option<Decision> {
    let rows = rows(source, sources, sink)?;
    let mut rows = rows.into_iter();
    let header = rows.next()?;
    let (criteria, sound) = header_names(&header, sink)?;
    let (mut about, mut body) = (BTreeMap::new(), Vec::new());
    for row in rows {
        let (name, span) = &row[0];
        if row.len() != header.len() {
            let (has, wanted) = (row.len(), header.len());
            let message = tr!(
                "this row has {has} cells, the first row {wanted}",
                "该行有 {has} 个单元格，首行有 {wanted} 个"
            );
            let hint = tr!(
                "a cell that is not known stays empty between its commas",
                "未知的单元格在逗号之间留空"
            );
            sink.push(Diagnostic::new(Code::BadMatrix, *span, message).hint(hint));
        } else if name.starts_with('@') {
            if !ABOUT.contains(&name.as_str()) {
                let hint = suggest(name, ABOUT)
                    .map(|near| tr!("did you mean `{near}`?", "是否想写 `{near}`？"));
                sink.push(
                    Diagnostic::new(
                        Code::BadMatrix,
                        *span,
                        tr!("unknown row `{name}`", "未知的行 `{name}`"),
                    )
                    .maybe_hint(hint),
                );
            } else if about.insert(name.clone(), row.clone()).is_some() {
                sink.push(Diagnostic::new(
                    Code::BadMatrix,
                    *span,
                    tr!("the row `{name}` stands here twice", "行 `{name}` 重复出现"),
                ));
            }
        } else {
            body.push(row);
        }
    }
    let mut library = Library::default();
    let mut goals = Vec::new();
    for (k, (id, span)) in criteria.iter().enumerate() {
        let column = Column::read(&about, k + 1, sink);
        goals.push(Goal::Criterion {
            id: id.clone(),
            points: column.weight,
            span: *span,
        });
        library
            .measures
            .insert(id.clone(), column.measure(id, *span));
        library
            .criteria
            .insert(id.clone(), column.criterion(id, *span, sink));
    }
    let candidates = candidates(&body, &criteria, &library.units, sink);
    check(&goals, &candidates, header[0].1, sink);
    apply_profile(&mut goals, choice, &mut library, sources, sink);
    let id = file
        .file_stem()
        .and_then(|s| s.to_str())
        .unwrap_or("matrix")
        .to_owned();
    for (flag, given) in [
        ("--scenario", &choice.scenario),
        ("--stakeholder", &choice.stakeholder),
    ] {
        if given.is_some() {
            let message = tr!(
                "a matrix CSV has no scenarios or stakeholders",
                "矩阵 CSV 没有情景或相关方"
            );
            sink.push(Diagnostic::about_file(
                Code::UnknownReference,
                flag,
                message,
            ));
        }
    }
    let mut decision = Decision {
        title: Text::name(&id),
        id,
        question: None,
        about: None,
        notes: Vec::new(),
        as_of: choice.as_of.unwrap_or(choice.today),
        seed: DEFAULT_SEED,
        library,
        candidates,
        goals,
        gates: Vec::new(),
        context: BTreeMap::new(),
        team: None,
        scenario: None,
        stakeholder: None,
        scenarios: Vec::new(),
        stakeholders: Vec::new(),
        matrix: true,
    };
    set(&mut decision, choice, sources, sink);
    // Two columns of one name make no decision that anything further could be said of.
    sound.then_some(decision)
}

fn rows(
    source: crate::source::SourceId,
    sources: &Sources,
    sink: &mut Diagnostics,
) -> Option<Vec<Row>> {
    let text = sources.get(source).text();
    let end = u32::try_from(text.len()).unwrap_or(u32::MAX);
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .trim(csv::Trim::All)
        .from_reader(text.as_bytes());
    let mut rows: Vec<Row> = Vec::new();
    let mut record = csv::StringRecord::new();
    loop {
        let start = usize::try_from(reader.position().byte()).unwrap_or(usize::MAX);
        match reader.read_record(&mut record) {
            Ok(false) => break,
            Ok(true) => {
                if record.iter().all(str::is_empty) {
                    continue;
                }
                if record.len() > MOST_COLUMNS + 1 {
                    let at = u32::try_from(start).unwrap_or(u32::MAX).min(end);
                    let message = tr!(
                        "between 1 and {MOST_COLUMNS} criteria are possible",
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
                let stop = usize::try_from(reader.position().byte())
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
                .hint(form()),
        );
        return None;
    }
    Some(rows)
}

/// Each cell with its place: looked for in the row's text from where the last one ended.
fn cells(
    record: &csv::StringRecord,
    line: &str,
    start: usize,
    source: crate::source::SourceId,
) -> Row {
    let mut from = 0;
    record
        .iter()
        .map(|cell| {
            // Not far: a cell with doubled quotes is not found as it reads, and the rest of the row may be long.
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
            // An empty cell ends right before its comma: go on behind it.
            while !line.is_char_boundary(from) {
                from += 1;
            }
            from += usize::from(line[from..].starts_with(['"']));
            from += usize::from(line[from..].starts_with([',']));
            (cell.to_owned(), span)
        })
        .collect()
}

fn form() -> Text {
    tr!(
        "first row: `candidate,criterion,...`; then `@direction`, `@weight`, `@worst`, `@best` rows; then one row a candidate",
        "首行：`candidate,准则,...`；其后可有 `@direction`、`@weight`、`@worst`、`@best` 行；再其后每个候选一行"
    )
}

/// The criteria, and whether each has a name of its own.
fn header_names(header: &Row, sink: &mut Diagnostics) -> Option<(Vec<(String, Span)>, bool)> {
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
        sink.push(Diagnostic::new(Code::BadMatrix, *at, message).hint(form()));
        return None;
    }
    if header.len() < 2 || header.len() > MOST_COLUMNS {
        let message = tr!(
            "between 1 and {MOST_COLUMNS} criteria are possible",
            "准则数量应在 1 到 {MOST_COLUMNS} 之间"
        );
        sink.push(Diagnostic::new(Code::BadMatrix, *at, message).hint(form()));
        return None;
    }
    let mut seen: BTreeMap<&str, ()> = BTreeMap::new();
    for (name, span) in &header[1..] {
        if name.is_empty() {
            let message = tr!("this column has no name", "该列没有名称");
            let hint = tr!(
                "name the criterion, or take the column out",
                "请写上准则名，或删除该列"
            );
            sink.push(Diagnostic::new(Code::BadMatrix, *span, message).hint(hint));
        } else if seen.insert(name, ()).is_some() {
            let message = tr!(
                "the criterion `{name}` stands here twice",
                "准则 `{name}` 重复出现"
            );
            sink.push(Diagnostic::new(Code::BadMatrix, *span, message));
        }
    }
    let named = seen.len() == header.len() - 1;
    Some((header[1..].to_vec(), named))
}

/// What the `@` rows say of one column.
struct Column {
    direction: Direction,
    weight: f64,
    worst: Option<f64>,
    best: Option<f64>,
    unit: Unit,
    place: Option<Span>,
}

impl Column {
    fn read(about: &BTreeMap<String, Row>, k: usize, sink: &mut Diagnostics) -> Self {
        let cell = |row: &str| {
            about
                .get(row)
                .map(|r| &r[k])
                .filter(|(text, _)| !text.is_empty())
        };
        let mut number = |row: &str| -> Option<f64> {
            let (text, span) = cell(row)?;
            let read = text.parse::<f64>().ok().filter(|x| x.is_finite());
            if read.is_none() {
                let message = tr!("`{text}` is not a number", "`{text}` 不是数字");
                sink.push(Diagnostic::new(Code::BadMatrix, *span, message));
            }
            read
        };
        let (weight, worst, best) = (number("@weight"), number("@worst"), number("@best"));
        if let (Some(x), Some((_, span))) = (weight, cell("@weight"))
            && x < 0.0
        {
            sink.push(Diagnostic::new(
                Code::OutOfRange,
                *span,
                tr!(
                    "points are zero or more, not {x}",
                    "点数应不小于零，而不是 {x}"
                ),
            ));
        }
        let direction = match cell("@direction").map(|(t, s)| (t.as_str(), *s)) {
            None | Some(("max", _)) => Direction::Max,
            Some(("min", _)) => Direction::Min,
            Some((other, span)) => {
                let message = tr!(
                    "a direction is `max` or `min`, not `{other}`",
                    "方向应为 `max` 或 `min`，而不是 `{other}`"
                );
                sink.push(Diagnostic::new(Code::BadMatrix, span, message));
                Direction::Max
            }
        };
        let unit = cell("@unit").map_or_else(Unit::one, |(text, _)| Unit::label(text));
        let place = cell("@best")
            .or_else(|| cell("@worst"))
            .map(|(_, span)| *span);
        Self {
            direction,
            weight: weight.map_or(1.0, |x| x.max(0.0)),
            worst,
            best,
            unit,
            place,
        }
    }

    fn measure(&self, id: &str, span: Span) -> Measure {
        Measure {
            title: Text::name(id),
            about: None,
            form: ValueForm::Number(self.unit.clone()),
            rollup: None,
            syntax: None,
            span,
        }
    }

    fn criterion(&self, id: &str, span: Span, sink: &mut Diagnostics) -> Criterion {
        let value = match (self.worst, self.best) {
            (Some(worst), Some(best)) => {
                let fits = if self.direction == Direction::Max {
                    worst < best
                } else {
                    worst > best
                };
                if !fits {
                    let message = tr!(
                        "`@worst` {worst} and `@best` {best} do not fit the direction",
                        "`@worst` {worst} 与 `@best` {best} 与方向不符"
                    );
                    sink.push(Diagnostic::new(
                        Code::BadAnchors,
                        self.place.unwrap_or(span),
                        message,
                    ));
                }
                Some(ValueFunction::Linear { worst, best })
            }
            (None, None) => None,
            _ => {
                let message = tr!(
                    "give both `@worst` and `@best`, or neither",
                    "`@worst` 与 `@best` 须同时给出或都不给"
                );
                sink.push(Diagnostic::new(
                    Code::BadAnchors,
                    self.place.unwrap_or(span),
                    message,
                ));
                None
            }
        };
        Criterion {
            title: Text::name(id),
            expr: Arc::new(Expr {
                kind: ExprKind::Name(id.to_owned()),
                place: ExprSpan(span),
            }),
            unit: Some((self.unit.clone(), span)),
            value,
            direction: self.direction,
            missing: MissingPolicy::Exclude,
            legacy: None,
            background: Background::default(),
            span,
        }
    }
}

fn candidates(
    body: &[Row],
    criteria: &[(String, Span)],
    units: &Units,
    sink: &mut Diagnostics,
) -> Vec<Candidate> {
    let nothing = Arc::new(Provenance::default());
    let names: Vec<Arc<str>> = criteria.iter().map(|(id, _)| id.as_str().into()).collect();
    let mut seen = std::collections::HashSet::new();
    let mut all = Vec::with_capacity(body.len());
    for row in body {
        let (id, span) = &row[0];
        if id.is_empty() {
            sink.push(Diagnostic::new(
                Code::BadMatrix,
                *span,
                tr!("this row has no candidate", "该行没有候选名"),
            ));
            continue;
        }
        if !seen.insert(id.as_str()) {
            let message = tr!(
                "the candidate `{id}` is listed twice",
                "候选 `{id}` 被列出两次"
            );
            sink.push(Diagnostic::new(Code::BadMatrix, *span, message));
            continue;
        }
        let mut facts = BTreeMap::new();
        for (name, (cell, at)) in names.iter().zip(&row[1..]) {
            if let Some(value) = cell_value(cell, *at, units, sink) {
                facts.insert(
                    name.clone(),
                    Fact {
                        value,
                        provenance: nothing.clone(),
                        domain: None,
                        span: *at,
                        stale: false,
                    },
                );
            }
        }
        all.push(Candidate {
            id: id.clone(),
            name: Text::name(id),
            variant: None,
            about: None,
            facts,
            parts: Vec::new(),
            unmet: Vec::new(),
            span: *span,
        });
    }
    all
}

fn cell_value(cell: &str, at: Span, units: &Units, sink: &mut Diagnostics) -> Option<FactValue> {
    if cell.is_empty() {
        return Some(FactValue::Missing {
            reason: tr!("the cell is empty", "单元格为空"),
            command: None,
        });
    }
    if let Ok(x) = cell.parse::<f64>()
        && x.is_finite()
    {
        return Some(FactValue::Number(Distribution::Certain(x)));
    }
    match quantity::parse(cell, units) {
        Ok(written) if written.unit.is_none() => Some(FactValue::Number(written.figures)),
        Ok(_) => {
            let message = tr!(
                "a cell has no unit; `@unit` names the column's",
                "单元格不带单位；列的单位由 `@unit` 指明"
            );
            sink.push(Diagnostic::new(Code::BadMatrix, at, message));
            None
        }
        Err(error) => {
            let code = if error.kind == quantity::QuantityErrorKind::Distribution {
                Code::BadDistribution
            } else {
                Code::BadMatrix
            };
            let message = if code == Code::BadMatrix {
                tr!(
                    "`{cell}` is neither a number nor a range",
                    "`{cell}` 既不是数字也不是区间"
                )
            } else {
                error.message
            };
            let hint = if cell.starts_with('=') {
                tr!(
                    "save the values of a spreadsheet, not its formulas",
                    "请保存电子表格的数值，而不是公式"
                )
            } else {
                tr!(
                    "write `3.5`, `2..6`, `1..2..4` or `pert(1,2,4)`; leave the cell empty where it is not known",
                    "可写 `3.5`、`2..6`、`1..2..4` 或 `pert(1,2,4)`；未知时留空"
                )
            };
            sink.push(Diagnostic::new(code, at, message).hint(hint));
            None
        }
    }
}

fn check(goals: &[Goal], candidates: &[Candidate], at: Span, sink: &mut Diagnostics) {
    if candidates.is_empty() {
        sink.push(
            Diagnostic::new(
                Code::NoCandidates,
                at,
                tr!("the matrix has no candidate", "矩阵中没有候选"),
            )
            .hint(form()),
        );
    }
    if goals
        .iter()
        .all(|g| matches!(g, Goal::Criterion { points, .. } if *points == 0.0))
    {
        sink.push(Diagnostic::new(
            Code::NoWeights,
            at,
            tr!("all points are zero", "所有点数均为零"),
        ));
    }
}

fn apply_profile(
    goals: &mut [Goal],
    choice: &Choice,
    library: &mut Library,
    sources: &mut Sources,
    sink: &mut Diagnostics,
) {
    let Some(name) = &choice.profile else { return };
    let layers = super::files::Layers::above(Path::new("."), &super::Archive::default());
    let mut profiles = super::weights::Profiles::new(Path::new("."), &layers);
    if let Some(points) = profiles.named(name, sources, sink) {
        super::goals::apply_profile(goals, &points, library, sink);
        let as_of = choice.as_of.unwrap_or(choice.today);
        let mut reader = super::fact::FactReader {
            units: &library.units,
            words: &mut library.words,
            sources,
            sink,
            as_of,
            in_catalog: false,
        };
        super::elicited::check(&profiles.elicited, &library.criteria, &mut reader);
    }
}

/// `--set candidates.ID.CRITERION=VALUE`.
fn set(decision: &mut Decision, choice: &Choice, sources: &mut Sources, sink: &mut Diagnostics) {
    for typed in &choice.set {
        let source = sources.add("--set", typed.as_str());
        let whole = Span {
            source,
            start: 0,
            end: u32::try_from(typed.len()).unwrap_or(u32::MAX),
        };
        let target = typed.split_once('=').and_then(|(name, value)| {
            let rest = name.trim().strip_prefix("candidates.")?;
            let candidate = decision.candidates.iter_mut().find(|c| {
                rest.strip_prefix(c.id.as_str())
                    .is_some_and(|r| r.starts_with('.'))
            })?;
            let criterion = &rest[candidate.id.len() + 1..];
            let key = candidate
                .facts
                .keys()
                .find(|k| ***k == *criterion)
                .cloned()?;
            Some((candidate, key, value.trim().to_owned(), name.len() + 1))
        });
        let Some((candidate, key, value, at)) = target else {
            let message = tr!(
                "there is no such input in this matrix",
                "该矩阵中没有这个输入"
            );
            let hint = tr!(
                "`--set candidates.ID.CRITERION=VALUE`",
                "`--set candidates.候选.准则=值`"
            );
            sink.push(Diagnostic::new(Code::UnknownReference, whole, message).hint(hint));
            continue;
        };
        let place = whole.slice(at, typed.len());
        if let Some(value) = cell_value(&value, place, &decision.library.units, sink) {
            let fact = Fact {
                value,
                provenance: Arc::new(Provenance::default()),
                domain: None,
                span: place,
                stale: false,
            };
            candidate.facts.insert(key, fact);
        }
    }
}
