//! Evidence files to measured facts. All candidates of a decision draw from one session: figures of two sessions, machines or
//! contracts are not compared.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::catalog::{Measured, RawCandidate};
use super::document;
use super::files::{Layers, Place, run_files};
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::lang::Text;
use crate::model::evidence::{EvidenceKind, Fact, FactValue, Provenance, Run};
use crate::model::library::{Measure, ValueForm};
use crate::model::verdict::Verdict;
use crate::quantity::date::Date;
use crate::quantity::distribution::Distribution;
use crate::quantity::unit::{Unit, Units};
use crate::schema::FileKind;
use crate::schema::evidence::EvidenceDoc;
use crate::source::{Sources, Span};
use crate::tr;

/// Where evidence may come from.
#[derive(Clone, Debug, Default)]
pub enum EvidenceChoice {
    /// This machine's, else the repository's.
    #[default]
    Nearest,
    /// Only what `catalogs/evidence/` holds: golden tests do.
    Repository,
    /// Only this file or folder.
    Path(PathBuf),
}

/// The runs that were read.
#[derive(Debug, Default)]
pub(super) struct Evidence {
    runs: Vec<StoredRun>,
}

/// One run with its file.
#[derive(Debug)]
struct StoredRun {
    doc: EvidenceDoc,
    file: String,
    /// Whether it lies in this machine's own folder: a run of the user's goes before the repository's.
    own: bool,
}

impl Evidence {
    /// Reads the runs of the chosen place; without one, this machine's and the repository's.
    pub(super) fn read(
        choice: &EvidenceChoice,
        layers: &Layers,
        sources: &mut Sources,
        sink: &mut Diagnostics,
    ) -> Self {
        let mut evidence = Self::default();
        let disk = |paths: Vec<PathBuf>| paths.into_iter().map(Place::Disk).collect::<Vec<_>>();
        let (own, others) = match choice {
            EvidenceChoice::Path(path) if path.is_dir() => (disk(run_files(path)), Vec::new()),
            EvidenceChoice::Path(path) => (disk(vec![path.clone()]), Vec::new()),
            EvidenceChoice::Nearest => (
                disk(run_files(Path::new(".weigh/evidence"))),
                layers.evidence(),
            ),
            EvidenceChoice::Repository => (Vec::new(), layers.evidence()),
        };
        for (places, own) in [(own, true), (others, false)] {
            for place in places {
                if let Some((doc, source)) = document::shared::<EvidenceDoc>(
                    &place,
                    FileKind::Evidence,
                    &layers.archive,
                    sources,
                    sink,
                ) && check(&doc, sink)
                {
                    evidence.runs.push(StoredRun {
                        doc,
                        file: sources.get(source).name().to_owned(),
                        own,
                    });
                }
            }
        }
        evidence
    }

    /// The files of the runs.
    pub(super) fn files(&self) -> impl Iterator<Item = &str> {
        self.runs.iter().map(|run| run.file.as_str())
    }

    /// For each contract, the session to draw on: one of this machine's own before one of the repository's, then the one that
    /// answers most of the references, then the newest.
    fn sessions(&self, wanted: &[(&str, &Measured)]) -> BTreeMap<String, String> {
        let mut standings: BTreeMap<(&str, &str), (bool, usize, &str)> = BTreeMap::new();
        for run in &self.runs {
            let answered = wanted
                .iter()
                .filter(|(candidate, reference)| matches(&run.doc, candidate, reference))
                .count();
            if answered > 0 {
                let standing = standings
                    .entry((&run.doc.contract, &run.doc.session))
                    .or_insert((run.own, 0, ""));
                standing.1 += answered;
                standing.2 = standing.2.max(&run.doc.as_of.value);
            }
        }
        let mut best: BTreeMap<&str, ((bool, usize, &str), &str)> = BTreeMap::new();
        for ((contract, session), standing) in standings {
            // Ids of sessions begin with the time, so that the later of two equals is the newer.
            if best
                .get(contract)
                .is_none_or(|(so_far, _)| standing >= *so_far)
            {
                best.insert(contract, (standing, session));
            }
        }
        best.into_iter()
            .map(|(contract, (_, session))| (contract.to_owned(), session.to_owned()))
            .collect()
    }

    /// Turns every reference of these candidates into a fact.
    pub(super) fn resolve(
        &self,
        candidates: &mut BTreeMap<String, RawCandidate>,
        measures: &BTreeMap<String, Measure>,
        units: &Units,
        as_of: Date,
        layers: &Layers,
        sink: &mut Diagnostics,
    ) {
        let wanted: Vec<(&str, &Measured)> = candidates
            .iter()
            .flat_map(|(id, c)| c.measured.values().map(move |m| (id.as_str(), m)))
            .collect();
        let sessions = self.sessions(&wanted);
        for (id, candidate) in candidates.iter_mut() {
            for (name, reference) in std::mem::take(&mut candidate.measured) {
                let Some(measure) = measures.get(&*name) else {
                    continue;
                };
                let session = sessions.get(reference.contract()).map(String::as_str);
                let fact =
                    self.lookup(id, &reference, measure, session, units, as_of, layers, sink);
                candidate.facts.insert(name, fact);
            }
            for (name, reference) in &candidate.replaced {
                if let Some(fact) = candidate.facts.get_mut(name) {
                    let command = format!("weigh bench run {}", service(id, reference, layers));
                    Arc::make_mut(&mut fact.provenance).command = Some(command.into());
                }
            }
        }
    }

    #[expect(
        clippy::too_many_arguments,
        reason = "one look-up needs all of them once"
    )]
    fn lookup(
        &self,
        candidate: &str,
        reference: &Measured,
        measure: &Measure,
        session: Option<&str>,
        units: &Units,
        as_of: Date,
        layers: &Layers,
        sink: &mut Diagnostics,
    ) -> Fact {
        let service = service(candidate, reference, layers);
        let found = self.runs.iter().find(|run| {
            Some(run.doc.session.as_str()) == session && matches(&run.doc, candidate, reference)
        });
        let Some(StoredRun { doc, file, .. }) = found else {
            let address = &reference.address.value;
            let elsewhere = self
                .runs
                .iter()
                .find(|run| matches(&run.doc, candidate, reference));
            let reason = match (elsewhere, session) {
                (Some(run), Some(session))
                    if !run.own
                        && self
                            .runs
                            .iter()
                            .any(|run| run.own && run.doc.session == session) =>
                {
                    tr!(
                        "`{address}` was not measured in your own session `{session}`; `--evidence repo` ranks with the repository's instead",
                        "`{address}` 未在你自己的会话 `{session}` 中测量；`--evidence repo` 改用仓库中的测量排名"
                    )
                }
                (Some(_), Some(session)) => tr!(
                    "`{address}` was measured, but not in the session `{session}` of the others",
                    "`{address}` 已测量，但不在其他候选所用的会话 `{session}` 中"
                ),
                _ => {
                    let measured = reference.of.as_deref().unwrap_or(candidate);
                    tr!(
                        "`{address}` has not been measured for {measured}",
                        "尚未为 {measured} 测量 `{address}`"
                    )
                }
            };
            return missing(
                reason,
                Some(format!("weigh bench run {service}")),
                reference.span,
            );
        };
        self.figures(doc, file, reference, measure, service, units, as_of, sink)
    }

    #[expect(
        clippy::too_many_arguments,
        reason = "one look-up needs all of them once"
    )]
    fn figures(
        &self,
        doc: &EvidenceDoc,
        file: &str,
        reference: &Measured,
        measure: &Measure,
        service: String,
        units: &Units,
        as_of: Date,
        sink: &mut Diagnostics,
    ) -> Fact {
        let rounds: Vec<(u32, f64, String)> = doc
            .rounds
            .iter()
            .filter_map(|round| figure(doc, round, reference))
            .collect();
        let against = doc
            .verdicts
            .iter()
            .filter_map(|word| Verdict::of_word(word))
            .find(|verdict| !verdict.may_score());
        if rounds.is_empty()
            || !doc.verified && doc.kind == crate::schema::fact::KindDoc::Measured
            || against.is_some()
        {
            let Text { en, zh } = against.unwrap_or(Verdict::Unverified).name();
            let reason = tr!(
                "the run {0} may not feed a score: {en}",
                "运行 {0} 不得用于评分：{zh}",
                doc.run.value
            );
            return missing(
                reason,
                Some(format!("weigh bench run {service}")),
                reference.span,
            );
        }
        let suffix = rounds[0].2.clone();
        let stored = stored_unit(&suffix, units);
        let ValueForm::Number(declared) = &measure.form else {
            return missing(
                tr!("a measurement gives numbers", "测量只能给出数值"),
                None,
                reference.span,
            );
        };
        let Some(factor) = factor(&stored, declared) else {
            let (stored, declared) = (stored.name().to_owned(), declared.name());
            let message = tr!(
                "measured in `{stored}`, declared in `{declared}`",
                "以 `{stored}` 测得，却以 `{declared}` 声明"
            );
            sink.push(Diagnostic::new(
                Code::WrongUnit,
                reference.address.span,
                message,
            ));
            return missing(
                tr!("the units do not fit", "单位不符"),
                None,
                reference.span,
            );
        };
        let run = Run {
            id: doc.run.value.clone(),
            session: doc.session.clone(),
            file: file.to_owned(),
            raw: doc.raw.as_ref().map(|raw| {
                Path::new(file)
                    .with_file_name(raw)
                    .to_string_lossy()
                    .replace('\\', "/")
            }),
            address: reference.address.value.clone(),
            service,
            variant: doc.variant.clone(),
            machine: doc.machine.clone(),
            rounds: rounds.iter().map(|r| (r.0, r.1)).collect(),
            unit: stored.name().to_owned(),
            verdicts: doc.verdicts.clone(),
        };
        let day = |text: &str| Date::parse(text);
        let expires = doc.expires.as_ref().and_then(|e| day(&e.value));
        let provenance = Provenance {
            kind: Some(super::fact::kind(doc.kind)),
            source: doc.source.as_str().into(),
            as_of: day(&doc.as_of.value),
            expires,
            note: without_search(doc, reference),
            run: Some(Arc::new(run)),
            ..Provenance::default()
        };
        let samples = rounds.iter().map(|r| r.1 * factor).collect();
        let stale = expires.is_some_and(|day| day < as_of);
        Fact {
            value: FactValue::Number(Distribution::Samples(samples)),
            provenance: Arc::new(provenance),
            domain: None,
            span: reference.span,
            stale,
        }
    }
}

/// Whether a run can be what the benchmark or an importer wrote; says why not.
pub(super) fn check(doc: &EvidenceDoc, sink: &mut Diagnostics) -> bool {
    let before = sink.len();
    for day in std::iter::once(&doc.as_of).chain(&doc.expires) {
        if Date::parse(&day.value).is_none() {
            sink.push(super::fact::not_a_day(&day.value, day.span));
        }
    }
    if doc.rounds.is_empty() {
        let message = tr!("the run has no rounds", "该运行没有轮次");
        sink.push(Diagnostic::new(Code::BadEvidence, doc.run.span, message).hint(again()));
    }
    let mut seen = std::collections::BTreeSet::new();
    for round in &doc.rounds {
        if !seen.insert(round.round) {
            let number = round.round;
            let message = tr!(
                "two rounds have the number {number}",
                "有两个轮次的编号都是 {number}"
            );
            sink.push(Diagnostic::new(Code::BadEvidence, doc.run.span, message).hint(again()));
        }
    }
    sink.len() == before
}

fn again() -> Text {
    tr!(
        "`weigh bench run` or `weigh bench import` writes it anew",
        "请用 `weigh bench run` 或 `weigh bench import` 重新写出"
    )
}

fn missing(reason: Text, command: Option<String>, span: Span) -> Fact {
    let provenance = Provenance {
        kind: Some(EvidenceKind::Measured),
        ..Provenance::default()
    };
    Fact {
        value: FactValue::Missing { reason, command },
        provenance: Arc::new(provenance),
        domain: None,
        span,
        stale: false,
    }
}

fn matches(doc: &EvidenceDoc, candidate: &str, reference: &Measured) -> bool {
    doc.candidate.value == reference.of.as_deref().unwrap_or(candidate)
        && doc.contract == reference.contract()
        && (reference.variant.is_none() || doc.variant == reference.variant)
        && doc
            .rounds
            .iter()
            .any(|round| figure(doc, round, reference).is_some())
}

/// The figure of one round, with the unit suffix of its name.
fn figure(
    _: &EvidenceDoc,
    round: &crate::schema::evidence::RoundDoc,
    reference: &Measured,
) -> Option<(u32, f64, String)> {
    let mut parts = reference.address.value.split('.').skip(1);
    let (first, second) = (parts.next()?, parts.next());
    let (figures, metric) = match second {
        Some(metric) => (
            round
                .operations
                .iter()
                .find(|(name, _)| name.value == first)
                .map(|(_, f)| f)?,
            metric,
        ),
        None => (&round.process, first),
    };
    let wanted = match &reference.at {
        Some(at) => vec![format!("{metric}[{at}]_"), format!("{metric}_")],
        None => vec![format!("{metric}_")],
    };
    for prefix in wanted {
        let hit = figures.iter().find_map(|(name, x)| {
            name.value
                .strip_prefix(&prefix)
                .map(|suffix| (suffix.to_owned(), *x))
        });
        if let Some((suffix, x)) = hit {
            return Some((round.round, x, suffix));
        }
    }
    None
}

/// A rate is asked for at an objective, and the run has only the closed loop's: that is said.
fn without_search(doc: &EvidenceDoc, reference: &Measured) -> Option<Text> {
    let at = reference
        .at
        .as_ref()
        .filter(|_| reference.address.value.ends_with(".goodput"))?;
    let searched = format!("goodput[{at}]_");
    let found = doc
        .rounds
        .iter()
        .flat_map(|round| &round.operations)
        .any(|(_, figures)| {
            figures
                .iter()
                .any(|(name, _)| name.value.starts_with(&searched))
        });
    let note = tr!(
        "the closed loop's rate: the run did not search for the largest rate at {at} (`--thorough` does)",
        "闭环速率：该运行未搜索满足 {at} 的最大速率（`--thorough` 会搜索）"
    );
    (!found).then_some(note)
}

/// `rps`, `us`, `bytes`, `ms`: the endings of stored names.
fn stored_unit(suffix: &str, units: &Units) -> Unit {
    let word = match suffix {
        "rps" => "req/s",
        "ops" => "op/s",
        "bytes" => "B",
        "cores" => "core",
        "count" | "ratio" => "1",
        other => other,
    };
    units.parse(word).unwrap_or_else(|_| Unit::label(suffix))
}

/// What a stored figure is multiplied by; a rate "per core" was measured on one core.
fn factor(stored: &Unit, declared: &Unit) -> Option<f64> {
    let core = Units::default().word("core")?;
    if stored.dimension() == declared.dimension() {
        return Some(stored.factor());
    }
    let per_core = stored.over(&core);
    (per_core.dimension() == declared.dimension()).then(|| per_core.factor())
}

/// The service that would measure it: `<candidate>[-variant]-<contract>`.
fn service(candidate: &str, reference: &Measured, layers: &Layers) -> String {
    let (candidate, contract) = (
        reference.of.as_deref().unwrap_or(candidate),
        reference.contract(),
    );
    if contract == "records" {
        return format!("{candidate}-{contract}");
    }
    if let Some(variant) = &reference.variant {
        let full = format!("{candidate}-{variant}-{contract}");
        if layers.find(&format!("examples/services/{full}")).is_some() {
            return full;
        }
    }
    format!("{candidate}-{contract}")
}
