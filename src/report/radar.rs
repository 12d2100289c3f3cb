//! Candidates as blips of a technology radar: the CSV and JSON that the Thoughtworks Build Your Own Radar reads (columns `name`, `ring`,
//! `quadrant`, `isNew`, `description`; <https://github.com/thoughtworks/build-your-own-radar>), and the entries of Zalando's
//! radar (numbers for ring and quadrant; <https://github.com/zalando/tech-radar>).

use std::collections::BTreeMap;

use serde::Serialize;

use crate::view::report::ReportView;

/// The rings from the inside out, under the names that both radars use.
const RINGS: [&str; 4] = ["adopt", "trial", "assess", "hold"];
/// The quadrants of both radars.
const QUADRANTS: [&str; 4] = [
    "languages-and-frameworks",
    "platforms",
    "techniques",
    "tools",
];

/// One blip.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Blip {
    name: String,
    ring: usize,
    quadrant: usize,
    description: String,
}

/// Returns the blips of a decision: "adopt" for the winner, "trial" for a runner-up whose spread overlaps it, "hold" for candidates
/// that a gate screens out, "assess" for the rest. `domain` returns the catalog folder of a candidate.
#[must_use]
pub fn blips(view: &ReportView, domain: impl Fn(&str) -> Option<String>) -> Vec<Blip> {
    let winner_low = view.rank.ranking.first().and_then(|p| p.low);
    let blip = |p: &crate::view::rank::PlaceView| {
        let close = winner_low
            .zip(p.high)
            .is_some_and(|(low, high)| high >= low);
        let ring = match (p.status, p.rank) {
            ("screened", _) => 3,
            (_, Some(1)) => 0,
            (_, Some(2)) if close => 1,
            _ => 2,
        };
        let quadrant = match domain(&p.candidate).as_deref() {
            Some("web-frameworks" | "languages") => 0,
            Some("databases" | "streaming") => 1,
            Some("authentication" | "collaboration") => 2,
            _ => 3,
        };
        let standing = view.candidates.iter().find(|c| c.id == p.candidate);
        let figure = standing.map_or_else(String::new, |c| {
            if p.rank.is_some() {
                format!("{} ({})", c.rank, c.score)
            } else {
                c.status_word.clone()
            }
        });
        let colon = if view.lang == "zh" { "：" } else { ": " };
        Blip {
            name: p.name.clone(),
            ring,
            quadrant,
            description: format!("{}{colon}{figure}", view.title),
        }
    };
    view.rank.ranking.iter().map(blip).collect()
}

/// Merges blips of the same name: the innermost ring counts, descriptions are joined. Sorted by quadrant, ring and name.
#[must_use]
pub fn merge(all: impl IntoIterator<Item = Blip>) -> Vec<Blip> {
    let mut by_name: BTreeMap<String, Blip> = BTreeMap::new();
    for blip in all {
        match by_name.get_mut(&blip.name) {
            None => drop(by_name.insert(blip.name.clone(), blip)),
            Some(own) => {
                own.ring = own.ring.min(blip.ring);
                own.description = format!("{}; {}", own.description, blip.description);
            }
        }
    }
    let mut merged: Vec<Blip> = by_name.into_values().collect();
    merged.sort_by(|a, b| (a.quadrant, a.ring, &a.name).cmp(&(b.quadrant, b.ring, &b.name)));
    merged
}

/// Returns the CSV of Build Your Own Radar.
#[must_use]
pub fn csv(blips: &[Blip]) -> String {
    let mut writer = csv::Writer::from_writer(Vec::new());
    let rows = blips.iter().map(|b| {
        [
            &plain(&b.name),
            RINGS[b.ring],
            QUADRANTS[b.quadrant],
            "FALSE",
            &plain(&b.description),
        ]
        .map(str::to_owned)
    });
    let head =
        std::iter::once(["name", "ring", "quadrant", "isNew", "description"].map(str::to_owned));
    head.chain(rows).for_each(|row| {
        writer
            .write_record(row)
            .expect("writing to memory does not fail")
    });
    String::from_utf8(
        writer
            .into_inner()
            .expect("writing to memory does not fail"),
    )
    .expect("cells are text")
}

/// Spreadsheets read a cell that begins with one of these as a formula.
fn plain(text: &str) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        format!("'{text}")
    } else {
        text.to_owned()
    }
}

#[derive(Serialize)]
struct Named<'b> {
    name: &'b str,
    ring: &'static str,
    quadrant: &'static str,
    #[serde(rename = "isNew")]
    is_new: &'static str,
    description: &'b str,
}

/// Returns the JSON of Build Your Own Radar.
#[must_use]
pub fn json(blips: &[Blip]) -> String {
    let named = |b| {
        let Blip {
            name,
            ring,
            quadrant,
            description,
        }: &Blip = b;
        Named {
            name,
            ring: RINGS[*ring],
            quadrant: QUADRANTS[*quadrant],
            is_new: "FALSE",
            description,
        }
    };
    pretty(&blips.iter().map(named).collect::<Vec<_>>())
}

#[derive(Serialize)]
struct Numbered<'b> {
    quadrant: usize,
    ring: usize,
    label: &'b str,
    active: bool,
    moved: i8,
}

#[derive(Serialize)]
struct Radar<'b> {
    date: &'b str,
    entries: Vec<Numbered<'b>>,
}

/// Returns the entries of Zalando's radar.
#[must_use]
pub fn zalando(blips: &[Blip], date: &str) -> String {
    let entries = blips
        .iter()
        .map(|b| Numbered {
            quadrant: b.quadrant,
            ring: b.ring,
            label: &b.name,
            active: true,
            moved: 0,
        })
        .collect();
    pretty(&Radar { date, entries })
}

fn pretty(value: &impl Serialize) -> String {
    serde_json::to_string_pretty(value).expect("plain data") + "\n"
}
