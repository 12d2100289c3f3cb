//! The three files of a radar. People may add entries, change ours or give them further fields: what they wrote is kept.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use serde_json::{Map, Value, json};

use super::Blip;
use super::edition::{BlipState, Movement, advance};
use crate::lang::Text;
use crate::model::outcome::{Quadrant, Ring};
use crate::report::records::existing_text;
use crate::report::{FolderWriter, ReportError};
use crate::tr;

/// The state of each blip, by name.
type RadarState = BTreeMap<String, BlipState>;
type Entry = Map<String, Value>;

/// The key of `radar.json` that holds the state.
const STATE: &str = "weigh";

/// Merges the blips of a run over `decisions` into the files that are there. Returns notes on entries that people changed and that
/// were kept.
pub(in crate::report) fn write(
    writer: &FolderWriter,
    suffix: &str,
    blips: &[Blip],
    decisions: &BTreeSet<&str>,
    date: &str,
) -> Result<Vec<Text>, ReportError> {
    let names = [
        format!("radar{suffix}.json"),
        format!("radar{suffix}.csv"),
        format!("radar-zalando{suffix}.json"),
    ];
    let path = |name: &String| writer.folder().join(name);
    let json = read_list(&path(&names[0]))?;
    let csv = read_csv(&path(&names[1]))?;
    let mut zalando = read_object(&path(&names[2]))?;
    let before = state_of(&json);
    if blips.is_empty() && before.is_empty() && json.is_empty() {
        return Ok(vec![tr!(
            "no decision is on the radar, so none was written. A decision opts in with `radar: {{}}` beside its `outcome:`",
            "没有决策登上雷达，因此未写出任何文件。在决策的 `outcome:` 旁写入 `radar: {{}}` 即可登上雷达"
        )]);
    }
    let after = advance(&before, blips, decisions, date);
    let order = sorted(&after);
    let mut notes = Vec::new();
    let mut merge =
        |name: &String, existing: Vec<Entry>, key: &str, form: fn(&str, &BlipState) -> Entry| {
            let old: Vec<Entry> = before.iter().map(|(n, s)| form(n, s)).collect();
            let new: Vec<Entry> = order.iter().map(|n| form(n, &after[*n])).collect();
            let (merged, kept) = merge_entries(existing, key, &old, new);
            notes.extend(kept.into_iter().map(|blip| {
                let shown = path(name).display().to_string();
                tr!(
                    "{shown}: `{blip}` was written by hand and is kept",
                    "{shown}：`{blip}` 为手工编写，予以保留"
                )
            }));
            merged
        };
    let mut json = merge(&names[0], json, "name", named);
    for entry in &mut json {
        let name = entry.get("name").and_then(Value::as_str).map(str::to_owned);
        if let Some(state) = name.and_then(|name| after.get(&name)) {
            entry.insert(STATE.to_owned(), json!(state));
        }
    }
    let csv = merge(&names[1], csv, "name", plain_named);
    let entries = match zalando.remove("entries") {
        Some(Value::Array(all)) => all.into_iter().filter_map(object).collect(),
        _ => Vec::new(),
    };
    let entries = merge(&names[2], entries, "label", numbered);
    let edition = after.values().map(|state| state.edition.as_str()).max();
    zalando.insert("date".to_owned(), json!(edition.unwrap_or(date)));
    zalando.insert("entries".to_owned(), json!(entries));
    writer.write(Path::new(&names[0]), &pretty(&json!(json)))?;
    writer.write(Path::new(&names[1]), &csv_text(&csv))?;
    writer.write(Path::new(&names[2]), &pretty(&Value::Object(zalando)))?;
    Ok(notes)
}

/// Names by quadrant, ring and name.
fn sorted(state: &RadarState) -> Vec<&str> {
    let mut names: Vec<&str> = state.keys().map(String::as_str).collect();
    names.sort_by_key(|name| (state[*name].quadrant(), state[*name].ring(), *name));
    names
}

/// Replaces our entries by the new ones and keeps all others. An entry is ours if it has every field as we wrote it; fields that
/// people added to it stay. Returns the entries, and the names of those that people changed.
fn merge_entries(
    existing: Vec<Entry>,
    key: &str,
    old: &[Entry],
    new: Vec<Entry>,
) -> (Vec<Entry>, Vec<String>) {
    let (mut extras, mut theirs, mut kept) = (BTreeMap::new(), Vec::new(), Vec::new());
    let mut taken = BTreeSet::new();
    for entry in existing {
        let name = entry.get(key).and_then(Value::as_str).unwrap_or_default();
        let name = name.to_owned();
        let of = |all: &[Entry]| {
            all.iter()
                .find(|own| own.get(key).and_then(Value::as_str) == Some(&name))
                .cloned()
        };
        match of(old) {
            Some(own) if own.iter().all(|(k, v)| entry.get(k) == Some(v)) => {
                extras.insert(name, entry);
            }
            was => {
                if was.is_some() || of(&new).is_some() {
                    kept.push(name.clone());
                }
                taken.insert(name);
                theirs.push(entry);
            }
        }
    }
    let ours = new.into_iter().filter_map(|own| {
        let name = own.get(key).and_then(Value::as_str)?.to_owned();
        let mut entry = extras.remove(&name).unwrap_or_default();
        entry.extend(own);
        (!taken.contains(&name)).then_some(entry)
    });
    let mut merged: Vec<Entry> = ours.collect();
    merged.extend(theirs);
    (merged, kept)
}

fn state_of(entries: &[Entry]) -> RadarState {
    let state = |entry: &Entry| {
        let name = entry.get("name")?.as_str()?.to_owned();
        let state = serde_json::from_value(entry.get(STATE)?.clone()).ok()?;
        Some((name, state))
    };
    entries.iter().filter_map(state).collect()
}

/// An entry of Build Your Own Radar.
fn named(name: &str, state: &BlipState) -> Entry {
    let (is_new, status) = match state.movement() {
        Movement::New => ("TRUE", "New"),
        Movement::In => ("FALSE", "Moved In"),
        Movement::Out => ("FALSE", "Moved Out"),
        Movement::None => ("FALSE", "No Change"),
    };
    let fields = [
        ("name", name.to_owned()),
        ("ring", state.ring().word().to_owned()),
        ("quadrant", state.quadrant().word().to_owned()),
        ("isNew", is_new.to_owned()),
        ("status", status.to_owned()),
        ("description", state.description()),
    ];
    fields
        .into_iter()
        .map(|(key, value)| (key.to_owned(), Value::String(value)))
        .collect()
}

/// The same for a spreadsheet, which reads a cell that begins with an operator as a formula.
fn plain_named(name: &str, state: &BlipState) -> Entry {
    let plain = |value: Value| match value {
        Value::String(text) if text.starts_with(['=', '+', '-', '@', '\t', '\r']) => {
            Value::String(format!("'{text}"))
        }
        value => value,
    };
    named(name, state)
        .into_iter()
        .map(|(key, value)| (key, plain(value)))
        .collect()
}

/// An entry of Zalando's radar.
fn numbered(name: &str, state: &BlipState) -> Entry {
    let moved = match state.movement() {
        Movement::New => 2,
        Movement::In => 1,
        Movement::Out => -1,
        Movement::None => 0,
    };
    let (quadrant, ring) = (state.quadrant(), state.ring());
    let fields = [
        (
            "quadrant",
            json!(Quadrant::ALL.iter().position(|q| *q == quadrant)),
        ),
        ("ring", json!(Ring::ALL.iter().position(|r| *r == ring))),
        ("label", json!(name)),
        ("active", json!(true)),
        ("moved", json!(moved)),
    ];
    fields
        .into_iter()
        .map(|(key, value)| (key.to_owned(), value))
        .collect()
}

fn object(value: Value) -> Option<Entry> {
    match value {
        Value::Object(entry) => Some(entry),
        _ => None,
    }
}

fn read_list(path: &Path) -> Result<Vec<Entry>, ReportError> {
    let Some(text) = existing_text(path)? else {
        return Ok(Vec::new());
    };
    serde_json::from_str(&text).map_err(|error| unreadable(path, &error))
}

fn read_object(path: &Path) -> Result<Entry, ReportError> {
    let Some(text) = existing_text(path)? else {
        return Ok(Entry::new());
    };
    serde_json::from_str(&text).map_err(|error| unreadable(path, &error))
}

fn read_csv(path: &Path) -> Result<Vec<Entry>, ReportError> {
    let Some(text) = existing_text(path)? else {
        return Ok(Vec::new());
    };
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let wrong = |error: csv::Error| unreadable(path, &error);
    let head = reader.headers().map_err(wrong)?.clone();
    let entry = |row: csv::StringRecord| {
        let cells = head.iter().zip(row.iter());
        cells
            .map(|(key, cell)| (key.to_owned(), json!(cell)))
            .collect()
    };
    reader
        .records()
        .map(|row| row.map(entry).map_err(wrong))
        .collect()
}

fn unreadable(path: &Path, error: &dyn std::fmt::Display) -> ReportError {
    let shown = path.display();
    ReportError::Kept(tr!(
        "{shown} cannot be read, so the radar was left as it is: {error}. Correct the file or move it away, and run the command again",
        "无法读取 {shown}，因此雷达保持原样：{error}。请修正或移走该文件，然后重新运行"
    ))
}

fn csv_text(entries: &[Entry]) -> String {
    let mut head: Vec<&str> = vec!["name", "ring", "quadrant", "isNew", "status", "description"];
    for key in entries.iter().flat_map(Map::keys) {
        if !head.contains(&key.as_str()) {
            head.push(key);
        }
    }
    let mut writer = csv::Writer::from_writer(Vec::new());
    let cell = |entry: &Entry, key: &str| match entry.get(key) {
        Some(Value::String(text)) => text.clone(),
        _ => String::new(),
    };
    let rows = entries
        .iter()
        .map(|entry| head.iter().map(|key| cell(entry, key)).collect::<Vec<_>>());
    let head_row = head.iter().map(|key| (*key).to_owned()).collect();
    std::iter::once(head_row).chain(rows).for_each(|row| {
        writer
            .write_record(row)
            .expect("writing to memory does not fail");
    });
    let bytes = writer
        .into_inner()
        .expect("writing to memory does not fail");
    String::from_utf8(bytes).expect("cells are text")
}

fn pretty(value: &Value) -> String {
    serde_json::to_string_pretty(value).expect("plain data") + "\n"
}
