//! Turns evidence files into measured facts. All candidates of a decision use one session per contract, because
//! results of different sessions, machines or contracts are not comparable.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::lang::Text;
use crate::load::choice::EvidenceChoice;
use crate::load::lower::candidate::{MeasurementRef, RawCandidate};
use crate::load::lower::fact;
use crate::load::read::file_ref::FileRef;
use crate::load::read::layers::FolderLayers;
use crate::load::read::reader::Reader;
use crate::load::read::walk::run_files;
use crate::model::evidence::{EvidenceKind, Fact, FactValue, MeasuredRun, Provenance};
use crate::model::library::{Measure, ValueForm};
use crate::model::remark::RunRemark;
use crate::quantity::date::Date;
use crate::quantity::distribution::Distribution;
use crate::quantity::unit::{Unit, Units};
use crate::schema::FileKind;
use crate::schema::evidence::{EvidenceDoc, RoundDoc};
use crate::schema::fact::KindDoc;
use crate::tr;

/// All runs in the chosen locations.
#[derive(Debug, Default)]
pub(crate) struct Evidence {
    runs: Vec<RunFile>,
}

/// One run with its file.
#[derive(Debug)]
struct RunFile {
    doc: EvidenceDoc,
    file: String,
    /// Whether it is in this machine's own folder: your own runs take precedence over the repository's.
    is_own: bool,
}

impl Evidence {
    /// Reads the runs in the chosen locations.
    pub(crate) fn read(
        choice: &EvidenceChoice,
        layers: &FolderLayers,
        reader: &mut Reader,
    ) -> Self {
        let mut evidence = Self::default();
        let disk = |paths: Vec<PathBuf>| paths.into_iter().map(FileRef::Disk).collect::<Vec<_>>();
        let (own, others) = match choice {
            EvidenceChoice::Path(path) if path.is_dir() => (disk(run_files(path)), Vec::new()),
            EvidenceChoice::Path(path) => (disk(vec![path.clone()]), Vec::new()),
            EvidenceChoice::Nearest => (disk(layers.own_evidence()), layers.evidence()),
            EvidenceChoice::Repository => (Vec::new(), layers.evidence()),
        };
        for (places, is_own) in [(own, true), (others, false)] {
            for place in places {
                if let Some((doc, source)) = reader.read_shared_document::<EvidenceDoc>(
                    &place,
                    FileKind::Evidence,
                    &layers.archive,
                ) && check(&doc, &mut reader.diagnostics)
                {
                    evidence.runs.push(RunFile {
                        doc,
                        file: reader.sources.get(source).name().to_owned(),
                        is_own,
                    });
                }
            }
        }
        evidence
    }

    /// Returns every run with its file.
    pub(crate) fn into_runs(self) -> impl Iterator<Item = (String, EvidenceDoc)> {
        self.runs.into_iter().map(|run| (run.file, run.doc))
    }

    /// Returns the session to use for each contract: this machine's own before the repository's, then the one with
    /// results for most of the references, then the newest.
    fn sessions(&self, wanted: &[(&str, &MeasurementRef)]) -> BTreeMap<String, String> {
        let mut standings: BTreeMap<(&str, &str), (bool, usize, &str)> = BTreeMap::new();
        for run in &self.runs {
            let answered = wanted
                .iter()
                .filter(|(candidate, reference)| has_figure(&run.doc, candidate, reference))
                .count();
            if answered > 0 {
                let standing = standings
                    .entry((&run.doc.contract, &run.doc.session))
                    .or_insert((run.is_own, 0, ""));
                standing.1 += answered;
                standing.2 = standing.2.max(&run.doc.as_of.value);
            }
        }
        let mut best: BTreeMap<&str, ((bool, usize, &str), &str)> = BTreeMap::new();
        for ((contract, session), standing) in standings {
            // Session ids begin with a timestamp, so the later of two is the newer.
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

    /// Resolves every reference of these candidates to a fact.
    pub(crate) fn resolve(
        &self,
        candidates: &mut BTreeMap<String, RawCandidate>,
        measures: &BTreeMap<String, Measure>,
        units: &Units,
        as_of: Date,
        layers: &FolderLayers,
        sink: &mut Diagnostics,
    ) {
        let wanted: Vec<(&str, &MeasurementRef)> = candidates
            .iter()
            .flat_map(|(id, c)| c.measured.values().map(move |m| (id.as_str(), m)))
            .collect();
        let sessions = self.sessions(&wanted);
        for (id, candidate) in candidates.iter_mut() {
            for (name, reference) in std::mem::take(&mut candidate.measured) {
                let Some(measure) = measures.get(&*name) else {
                    continue;
                };
                let lookup = Lookup {
                    runs: &self.runs,
                    candidate: id,
                    reference: &reference,
                    session: sessions.get(reference.contract()).map(String::as_str),
                    service: service_id(id, &reference, layers),
                    units,
                    as_of,
                };
                let fact = lookup.fact(measure, sink);
                candidate.facts.insert(name, fact);
            }
            for (name, reference) in &candidate.replaced {
                if let Some(fact) = candidate.facts.get_mut(name) {
                    let command = format!("weigh bench run {}", service_id(id, reference, layers));
                    Arc::make_mut(&mut fact.provenance).command = Some(command.into());
                }
            }
        }
    }
}

/// One reference of one candidate, looked up in the runs.
struct Lookup<'a> {
    runs: &'a [RunFile],
    candidate: &'a str,
    reference: &'a MeasurementRef,
    /// The session that all candidates use for this contract.
    session: Option<&'a str>,
    /// The reference service that would measure it.
    service: String,
    units: &'a Units,
    as_of: Date,
}

impl Lookup<'_> {
    /// Returns the measured fact, or a missing one with the reason.
    fn fact(&self, measure: &Measure, sink: &mut Diagnostics) -> Fact {
        let found = self.runs.iter().find(|run| {
            Some(run.doc.session.as_str()) == self.session && self.has_figure(&run.doc)
        });
        let Some(run) = found else {
            return self.unmeasured(self.why_unmeasured());
        };
        let rounds: Vec<RoundFigure> = run
            .doc
            .rounds
            .iter()
            .filter_map(|round| round_figure(round, self.reference))
            .collect();
        if let Some(remark) = why_unscored(&run.doc) {
            let (id, remark) = (&run.doc.run.value, remark.name());
            return self.unmeasured(tr!(
                "the run {id} may not feed a score: {remark}",
                "运行 {id} 不得用于评分：{remark}"
            ));
        }
        let stored = stored_unit(&rounds[0].suffix, self.units);
        let ValueForm::Number(declared) = &measure.form else {
            return self.missing(tr!("a measurement is a number", "测量只能给出数值"), None);
        };
        let Some(factor) = factor(&stored, declared) else {
            let (stored, declared) = (stored.name().to_owned(), declared.name());
            let message = tr!(
                "measured in `{stored}`, declared in `{declared}`",
                "以 `{stored}` 测得，却以 `{declared}` 声明"
            );
            sink.push(Diagnostic::new(
                Code::WrongUnit,
                self.reference.address.span,
                message,
            ));
            return self.missing(tr!("the units do not match", "单位不符"), None);
        };
        let expires = run.doc.expires.as_ref().and_then(|e| Date::parse(&e.value));
        Fact {
            value: FactValue::Number(Distribution::Samples {
                group: Some(run.doc.session.as_str().into()),
                values: rounds.iter().map(|round| round.x * factor).collect(),
            }),
            provenance: Arc::new(self.provenance(run, &rounds, &stored)),
            domain: None,
            span: self.reference.span,
            stale: expires.is_some_and(|day| day < self.as_of),
        }
    }

    fn provenance(&self, run: &RunFile, rounds: &[RoundFigure], stored: &Unit) -> Provenance {
        let RunFile { doc, file, .. } = run;
        let measured = MeasuredRun {
            id: doc.run.value.clone(),
            session: doc.session.clone(),
            file: file.clone(),
            raw: doc.raw.as_ref().map(|raw| {
                Path::new(file)
                    .with_file_name(raw)
                    .to_string_lossy()
                    .replace('\\', "/")
            }),
            address: self.reference.address.value.clone(),
            service: self.service.clone(),
            variant: doc.variant.clone(),
            machine: doc.machine.clone(),
            rounds: rounds.iter().map(|round| (round.round, round.x)).collect(),
            unit: stored.name().to_owned(),
            remarks: doc.remarks.clone(),
        };
        Provenance {
            kind: Some(fact::kind(doc.kind)),
            source: doc.source.as_str().into(),
            as_of: Date::parse(&doc.as_of.value),
            expires: doc.expires.as_ref().and_then(|e| Date::parse(&e.value)),
            note: closed_loop_note(doc, self.reference),
            run: Some(Arc::new(measured)),
            ..Provenance::default()
        }
    }

    fn has_figure(&self, doc: &EvidenceDoc) -> bool {
        has_figure(doc, self.candidate, self.reference)
    }

    /// Explains why no run of the session has the referenced figure.
    fn why_unmeasured(&self) -> Text {
        let address = &self.reference.address.value;
        let elsewhere = self.runs.iter().find(|run| self.has_figure(&run.doc));
        match (elsewhere, self.session) {
            (Some(run), Some(session))
                if !run.is_own
                    && self
                        .runs
                        .iter()
                        .any(|run| run.is_own && run.doc.session == session) =>
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
                let measured = self.reference.of.as_deref().unwrap_or(self.candidate);
                tr!(
                    "`{address}` has not been measured for {measured}",
                    "尚未为 {measured} 测量 `{address}`"
                )
            }
        }
    }

    /// Returns a missing fact that running the reference service would provide.
    fn unmeasured(&self, reason: Text) -> Fact {
        self.missing(reason, Some(format!("weigh bench run {}", self.service)))
    }

    fn missing(&self, reason: Text, command: Option<String>) -> Fact {
        Fact {
            value: FactValue::Missing { reason, command },
            provenance: Arc::new(Provenance {
                kind: Some(EvidenceKind::Measured),
                ..Provenance::default()
            }),
            domain: None,
            span: self.reference.span,
            stale: false,
        }
    }
}

/// Returns the remark that keeps a run's figures from scoring.
fn why_unscored(doc: &EvidenceDoc) -> Option<RunRemark> {
    let remark = doc
        .remarks
        .iter()
        .filter_map(|word| RunRemark::from_word(word))
        .find(|remark| !remark.may_score());
    let unverified = !doc.verified && doc.kind == KindDoc::Measured;
    remark.or(unverified.then_some(RunRemark::Unverified))
}

/// Checks what the schema cannot express: dates, and round numbers that exist and are unique.
pub(crate) fn check(doc: &EvidenceDoc, sink: &mut Diagnostics) -> bool {
    let before = sink.len();
    for day in std::iter::once(&doc.as_of).chain(&doc.expires) {
        if Date::parse(&day.value).is_none() {
            sink.push(fact::not_a_day(&day.value, day.span));
        }
    }
    if doc.rounds.is_empty() {
        let message = tr!("the run has no rounds", "该运行没有轮次");
        sink.push(Diagnostic::new(Code::BadEvidence, doc.run.span, message).hint(rewrite_hint()));
    }
    let mut seen = std::collections::BTreeSet::new();
    for round in &doc.rounds {
        if !seen.insert(round.round) {
            let number = round.round;
            let message = tr!(
                "two rounds have the number {number}",
                "有两个轮次的编号都是 {number}"
            );
            sink.push(
                Diagnostic::new(Code::BadEvidence, doc.run.span, message).hint(rewrite_hint()),
            );
        }
    }
    sink.len() == before
}

fn rewrite_hint() -> Text {
    tr!(
        "write it again with `weigh bench run` or `weigh bench import`",
        "请用 `weigh bench run` 或 `weigh bench import` 重新写出"
    )
}

/// Whether a run belongs to the referenced candidate and has the figure.
fn has_figure(doc: &EvidenceDoc, candidate: &str, reference: &MeasurementRef) -> bool {
    doc.candidate.value == reference.of.as_deref().unwrap_or(candidate)
        && doc.contract == reference.contract()
        && (reference.variant.is_none() || doc.variant == reference.variant)
        && doc
            .rounds
            .iter()
            .any(|round| round_figure(round, reference).is_some())
}

/// Returns the figure of one round, as stored.
struct RoundFigure {
    round: u32,
    x: f64,
    /// Returns the unit at the end of the figure's name.
    suffix: String,
}

/// Returns the referenced figure of a round; one measured at the referenced load takes precedence.
fn round_figure(round: &RoundDoc, reference: &MeasurementRef) -> Option<RoundFigure> {
    let mut parts = reference.address.value.split('.').skip(1);
    let (first, second) = (parts.next()?, parts.next());
    let (figures, metric) = match second {
        Some(metric) => (round.operations.get(first)?, metric),
        None => (&round.process, first),
    };
    let at = reference.at.as_ref().map(|at| format!("{metric}[{at}]_"));
    at.into_iter()
        .chain([format!("{metric}_")])
        .find_map(|prefix| {
            figures.iter().find_map(|(name, x)| {
                Some(RoundFigure {
                    round: round.round,
                    x: *x,
                    suffix: name.value.strip_prefix(&prefix)?.to_owned(),
                })
            })
        })
}

/// Returns a note if a rate at an objective is requested and the run only has the closed-loop rate.
fn closed_loop_note(doc: &EvidenceDoc, reference: &MeasurementRef) -> Option<Text> {
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
        "closed-loop rate: the run did not search for the highest rate that meets {at} (`--thorough` does)",
        "闭环速率：该运行未搜索满足 {at} 的最大速率（`--thorough` 会搜索）"
    );
    (!found).then_some(note)
}

/// Returns the unit of a suffix of stored names: `rps`, `us`, `bytes`, `ms`.
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

/// Returns the factor from a stored figure to base units. A rate per core was measured on one core.
fn factor(stored: &Unit, declared: &Unit) -> Option<f64> {
    let core = Units::default().word("core")?;
    if stored.dimension() == declared.dimension() {
        return Some(stored.factor());
    }
    let per_core = stored.over(&core);
    (per_core.dimension() == declared.dimension()).then(|| per_core.factor())
}

/// Returns the id of the reference service that would measure it: `<candidate>[-variant]-<contract>`.
fn service_id(candidate: &str, reference: &MeasurementRef, layers: &FolderLayers) -> String {
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
