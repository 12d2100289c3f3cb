//! Decision files to [`Decision`]: everything that a decision reaches is read, and every problem reported at once.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::archive::{Archive, Listing};
use super::catalog::{self, RawCandidate, Shelf};
use super::choice::Choice;
use super::evidence::Evidence;
use super::fact::{FactReader, did_you_mean, not_a_day};
use super::files::{Layers, Place};
use super::library::LibraryBuilder;
use super::weights::{Points, Profiles};
use super::{composite, document, elicited, files, gates, goals, team};
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::formula::{LookupTable, TextCodes};
use crate::lang::Text;
use crate::model::decision::{Candidate, Decision, Goal, ScenarioName, Stakeholder, Team};
use crate::model::evidence::{Fact, Provenance};
use crate::model::library::Library;
use crate::quantity::date::Date;
use crate::schema::catalog::CandidateDoc;
use crate::schema::criteria::CriteriaDoc;
use crate::schema::decision::{DecisionDoc, OrId, ProfileDoc, ScenarioDoc, TeamDoc};
use crate::schema::fact::FactDoc;
use crate::schema::{FileKind, Scalar, Spanned};
use crate::source::{SourceId, Sources, Span};
use crate::tr;

/// Most candidates of one decision.
const MOST_CANDIDATES: usize = 200_000;

/// A setting of an input, fact or team member by name.
type Setting = (Spanned<String>, Spanned<FactDoc>);

/// Reads a decision file and everything it reaches.
pub(super) fn open(
    file: &Path,
    source: SourceId,
    choice: &Choice,
    archive: &Archive,
    sources: &mut Sources,
    sink: &mut Diagnostics,
) -> Option<Decision> {
    let (draft, asked) = read(file, source, choice, archive, sources, sink)?;
    Some(draft.settle(asked, choice, sources, sink))
}

/// The same with what its scenarios start from.
pub(super) fn open_with_draft(
    file: &Path,
    source: SourceId,
    choice: &Choice,
    archive: &Archive,
    sources: &mut Sources,
    sink: &mut Diagnostics,
) -> Option<(Decision, Draft)> {
    let (draft, asked) = read(file, source, choice, archive, sources, sink)?;
    let kept = draft.clone();
    Some((draft.settle(asked, choice, sources, sink), kept))
}

/// A decision before anybody's settings: what all its scenarios have in common.
#[derive(Clone, Debug)]
pub(super) struct Draft {
    common: Arc<Common>,
    library: Library,
    raw: BTreeMap<String, RawCandidate>,
    goals: Vec<Goal>,
}

/// The part of a draft that stays as it is.
#[derive(Debug)]
struct Common {
    doc: DecisionDoc,
    file: PathBuf,
    source: SourceId,
    layers: Layers,
    gates: Vec<String>,
    wanted: Wanted,
    evidence: Evidence,
    as_of: Date,
}

/// What a choice says on top of a draft.
struct Asked {
    scenario: Option<ScenarioDoc>,
    settings: Vec<Setting>,
    team: Option<TeamDoc>,
    profile: Option<Points>,
    stakeholders: Vec<Points>,
    /// The anchors for which the weights had been asked.
    elicited: Vec<(Spanned<String>, Spanned<Scalar>)>,
}

impl Asked {
    fn read(
        doc: &DecisionDoc,
        choice: &Choice,
        folder: &Path,
        layers: &Layers,
        sources: &mut Sources,
        sink: &mut Diagnostics,
    ) -> Self {
        let scenario = scenario(doc, choice, folder, layers, sources, sink);
        let settings = settings(doc, scenario.as_ref(), choice, sources, sink);
        let team = team_doc(doc, scenario.as_ref(), folder, sources, sink);
        let mut profiles = Profiles::new(folder, layers);
        let profile = profiles.chosen(doc, scenario.as_ref(), choice, sources, sink);
        let stakeholders = profiles.stakeholders(doc, sources, sink);
        Self {
            scenario,
            settings,
            team,
            profile,
            stakeholders,
            elicited: profiles.elicited,
        }
    }
}

fn read(
    file: &Path,
    source: SourceId,
    choice: &Choice,
    archive: &Archive,
    sources: &mut Sources,
    sink: &mut Diagnostics,
) -> Option<(Draft, Asked)> {
    let doc: DecisionDoc = document::parse(source, FileKind::Decision, sources, sink)?;
    let folder = file.parent().map_or_else(PathBuf::new, Path::to_owned);
    let layers = Layers::above(&folder, archive);
    let mut shelf = Shelf::new(&layers);
    read_ahead(&doc, &layers, &shelf);
    let criteria = criteria_files(&layers, sources, sink);
    let asked = Asked::read(&doc, choice, &folder, &layers, sources, sink);

    let as_of = as_of(&doc, choice, sink);
    let mut wanted = wanted(&doc, &mut shelf, sources, sink);
    let docs = candidate_docs(&mut wanted, &mut shelf, sources, sink);
    let evidence = if docs.values().any(|(doc, own, _)| {
        refers_to_measurement(doc.as_ref()) || refers_to_measurement(own.as_deref())
    }) {
        Evidence::read(&choice.evidence, &layers, sources, sink)
    } else {
        Evidence::default()
    };

    let mut builder = LibraryBuilder::new(sources, sink, as_of);
    for (doc, _) in &criteria {
        builder.units(&doc.units);
    }
    builder.units(&doc.units);
    for (doc, _) in &criteria {
        builder.add(doc);
    }
    builder.measures(&doc.facts);
    builder.inputs(&doc.inputs);
    builder.tables(&doc.tables);
    builder.formulas(&doc.formulas);
    let gates = gates::gates(&doc, &mut builder);
    let goals = goals::goals(&doc.criteria, &mut builder);
    let mut library = std::mem::take(&mut builder.library);

    let mut words = std::mem::take(&mut library.words);
    let mut reader = FactReader {
        units: &library.units,
        words: &mut words,
        sources,
        sink,
        as_of,
        in_catalog: false,
    };
    let outer = reader.defaults(doc.defaults.as_ref(), &Arc::new(Provenance::default()));
    let mut raw = BTreeMap::new();
    for (id, (doc, own, span)) in docs {
        let nobody = Arc::new(Provenance::default());
        reader.in_catalog = true;
        let base = doc.map(|d| {
            catalog::candidate(&id, &d, None, &library.measures, &mut reader, &nobody, span)
        });
        reader.in_catalog = false;
        let candidate = match own {
            Some(own) => catalog::candidate(
                &id,
                &own,
                base,
                &library.measures,
                &mut reader,
                &outer,
                span,
            ),
            None => base.expect("a candidate without a document of its own was found in a catalog"),
        };
        raw.insert(id, candidate);
    }
    library.words = words;
    let common = Common {
        doc,
        file: file.to_owned(),
        source,
        layers,
        gates,
        wanted,
        evidence,
        as_of,
    };
    Some((
        Draft {
            common: Arc::new(common),
            library,
            raw,
            goals,
        },
        asked,
    ))
}

impl Draft {
    /// The decision under another scenario of its own; `None` where it has none of this name. What this scenario has errors in is
    /// left out.
    pub(super) fn scenario(
        &self,
        id: &str,
        choice: &Choice,
        sources: &Sources,
    ) -> Option<Decision> {
        let Common {
            doc, file, layers, ..
        } = &*self.common;
        doc.scenarios.iter().find(|(own, _)| own.value == id)?;
        let choice = Choice {
            scenario: Some(id.to_owned()),
            ..choice.clone()
        };
        let (mut sources, mut sink) = (sources.clone(), Diagnostics::default());
        let folder = file.parent().unwrap_or(Path::new(""));
        let asked = Asked::read(doc, &choice, folder, layers, &mut sources, &mut sink);
        Some(self.clone().settle(asked, &choice, &sources, &mut sink))
    }

    /// Puts what was asked for over the draft.
    fn settle(
        self,
        asked: Asked,
        choice: &Choice,
        sources: &Sources,
        sink: &mut Diagnostics,
    ) -> Decision {
        let Self {
            common,
            mut library,
            mut raw,
            mut goals,
        } = self;
        let Common {
            doc,
            file,
            source,
            layers,
            gates,
            wanted,
            evidence,
            as_of,
        } = &*common;
        let start = Span {
            source: *source,
            start: 0,
            end: 0,
        };
        let mut words = std::mem::take(&mut library.words);
        let mut reader = FactReader {
            units: &library.units,
            words: &mut words,
            sources,
            sink,
            as_of: *as_of,
            in_catalog: false,
        };
        let scale = library
            .tables
            .get(team::skill_scale())
            .map(|(_, table)| table.clone());
        let mut team = asked
            .team
            .map(|doc| team::team(&doc, scale.as_ref(), &mut reader));
        let mut context = defaults(&library);
        apply(
            &asked.settings,
            &library,
            &mut raw,
            &mut team,
            scale.as_ref(),
            &mut context,
            &mut reader,
        );
        elicited::check(&asked.elicited, &library.criteria, &mut reader);
        evidence.resolve(
            &mut raw,
            &library.measures,
            &library.units,
            *as_of,
            layers,
            sink,
        );
        let existing: BTreeSet<String> = existing(doc, asked.scenario.as_ref());
        let candidates = assemble(wanted, raw, &library, &mut words, &existing, sink);
        library.words = words;
        if candidates.is_empty() && !sink.has_errors() {
            let at = doc.decision.as_ref().map_or(start, |d| d.span);
            let message = tr!("the decision names no candidate", "决策没有列出候选");
            let hint = tr!("`candidates: [flask, gin]`", "`candidates: [flask, gin]`");
            sink.push(Diagnostic::new(Code::NoCandidates, at, message).hint(hint));
        }
        for points in &asked.stakeholders {
            goals::check_profile(points, &library, sink);
        }
        if let Some(points) = &asked.profile {
            goals::apply_profile(&mut goals, points, &library, sink);
        }
        goals::check_weights(&goals, doc, start, sink);
        let id = doc
            .decision
            .as_ref()
            .map_or_else(|| default_id(file), |d| d.value.clone());
        Decision {
            title: doc
                .title
                .as_ref()
                .map_or_else(|| Text::name(&id), |t| t.0.clone()),
            id,
            question: doc.question.as_ref().map(|q| q.0.clone()),
            about: doc.about.as_ref().map(|a| a.0.clone()),
            notes: doc.notes.iter().map(|n| n.0.clone()).collect(),
            as_of: *as_of,
            seed: doc.seed.unwrap_or(DEFAULT_SEED),
            candidates,
            goals,
            gates: gates.clone(),
            context,
            team,
            scenario: choice.scenario.clone(),
            stakeholder: choice.stakeholder.clone(),
            scenarios: scenario_names(doc),
            stakeholders: stakeholders(doc, asked.stakeholders),
            matrix: false,
            library,
        }
    }
}

/// The seed of a decision that names none.
pub(super) const DEFAULT_SEED: u64 = 7;

fn default_id(file: &Path) -> String {
    let stem = file
        .file_stem()
        .and_then(|s| s.to_str())
        .unwrap_or("decision");
    let folder = file
        .parent()
        .and_then(Path::file_name)
        .and_then(|s| s.to_str());
    if stem == "decision" {
        folder.unwrap_or(stem).to_owned()
    } else {
        stem.to_owned()
    }
}

/// The criteria files and the domains' own sections.
pub(super) fn criteria_files(
    layers: &Layers,
    sources: &mut Sources,
    sink: &mut Diagnostics,
) -> Vec<(CriteriaDoc, SourceId)> {
    let (criteria, catalogs) = (layers.list("criteria"), layers.list("catalogs"));
    let shared =
        |place| document::shared(place, FileKind::Criteria, &layers.archive, sources, sink);
    criteria_places(&criteria, &catalogs)
        .filter_map(shared)
        .collect()
}

fn criteria_places<'l>(
    criteria: &'l Listing,
    catalogs: &'l Listing,
) -> impl Iterator<Item = &'l Place> {
    let is_own = |path: &String| !path.starts_with("weights/") && !path.starts_with("scenarios/");
    let own = criteria
        .iter()
        .filter(move |(path, _)| is_own(path))
        .map(|(_, place)| place);
    own.chain(Shelf::domains(catalogs))
}

/// Reads what a decision names side by side, so that one file need not wait for another.
fn read_ahead(doc: &DecisionDoc, layers: &Layers, shelf: &Shelf) {
    let (criteria, catalogs) = (layers.list("criteria"), layers.list("catalogs"));
    let ids = doc
        .candidates
        .iter()
        .filter_map(|entry| match &entry.value {
            OrId::Id(id) => Some(id.as_str()),
            OrId::Inline(own) => own
                .id
                .as_ref()
                .or(own.candidate.as_ref())
                .map(|id| id.value.as_str()),
        });
    let places = criteria_places(&criteria, &catalogs).map(|place| (place, FileKind::Criteria));
    let places = places.chain(
        shelf
            .places(ids)
            .into_iter()
            .map(|place| (place, FileKind::Catalog)),
    );
    document::ahead(&places.collect::<Vec<_>>(), &layers.archive);
}

fn as_of(doc: &DecisionDoc, choice: &Choice, sink: &mut Diagnostics) -> Date {
    let written = doc.as_of.as_ref().and_then(|day| {
        let date = Date::parse(&day.value);
        if date.is_none() {
            sink.push(not_a_day(&day.value, day.span));
        }
        date
    });
    choice.as_of.or(written).unwrap_or(choice.today)
}

fn scenario(
    doc: &DecisionDoc,
    choice: &Choice,
    folder: &Path,
    layers: &Layers,
    sources: &mut Sources,
    sink: &mut Diagnostics,
) -> Option<ScenarioDoc> {
    let wanted = choice.scenario.as_deref()?;
    if let Some((_, scenario)) = doc.scenarios.iter().find(|(id, _)| id.value == wanted) {
        return Some(scenario.clone());
    }
    match named_file(wanted, "scenarios", folder, layers) {
        Some(place) => {
            document::open(&place, FileKind::Scenario, sources, sink).map(|(doc, _)| doc)
        }
        None => {
            let hint = did_you_mean(
                wanted,
                doc.scenarios.iter().map(|(id, _)| id.value.as_str()),
            );
            let message = tr!(
                "there is no scenario `{wanted}`",
                "没有名为 `{wanted}` 的情景"
            );
            sink.push(
                Diagnostic::about_file(Code::UnknownReference, "--scenario", message)
                    .maybe_hint(hint),
            );
            None
        }
    }
}

/// A file by path, or `<kind>/<id>.yaml` beside the decision, else under `criteria/`.
pub(super) fn named_file(name: &str, kind: &str, folder: &Path, layers: &Layers) -> Option<Place> {
    let looks_like_path = name.ends_with(".yaml") || name.ends_with(".yml") || name.contains('/');
    let direct = PathBuf::from(name);
    if looks_like_path && direct.is_file() {
        return Some(Place::Disk(direct));
    }
    let beside = folder.join(if looks_like_path {
        name.to_owned()
    } else {
        format!("{kind}/{name}.yaml")
    });
    if beside.is_file() {
        return Some(Place::Disk(beside));
    }
    layers
        .list("criteria")
        .get(&format!("{kind}/{name}.yaml"))
        .cloned()
}

/// The context, what the scenario changes, and `--set`, in this order: the last word wins.
fn settings(
    doc: &DecisionDoc,
    scenario: Option<&ScenarioDoc>,
    choice: &Choice,
    sources: &mut Sources,
    sink: &mut Diagnostics,
) -> Vec<Setting> {
    let mut all: Vec<Setting> = doc.context.iter().cloned().collect();
    if let Some(scenario) = scenario {
        all.extend(scenario.set.iter().cloned());
    }
    for typed in &choice.set {
        let source = sources.add("--set", typed.as_str());
        let end = u32::try_from(typed.len()).unwrap_or(u32::MAX);
        let whole = Span {
            source,
            start: 0,
            end,
        };
        let Some((name, value)) = typed.split_once('=') else {
            let message = tr!("`--set` takes `INPUT=VALUE`", "`--set` 的形式为 `输入=值`");
            sink.push(
                Diagnostic::new(Code::UnknownReference, whole, message).hint(tr!(
                    "`--set workload.peak_rps=4000`",
                    "`--set workload.peak_rps=4000`"
                )),
            );
            continue;
        };
        let scalar = match value.trim() {
            "true" => Scalar::Flag(true),
            "false" => Scalar::Flag(false),
            text => text.parse().map_or_else(
                |_| Scalar::Text(text.to_owned()),
                |x: f64| {
                    if x.is_finite() {
                        Scalar::Number(x)
                    } else {
                        Scalar::Text(text.to_owned())
                    }
                },
            ),
        };
        let key = Spanned {
            span: whole.slice(0, name.len()),
            value: name.trim().to_owned(),
        };
        let place = whole.slice(name.len() + 1, typed.len());
        all.push((
            key,
            Spanned {
                span: place,
                value: FactDoc::Short(scalar),
            },
        ));
    }
    all
}

fn team_doc(
    doc: &DecisionDoc,
    scenario: Option<&ScenarioDoc>,
    folder: &Path,
    sources: &mut Sources,
    sink: &mut Diagnostics,
) -> Option<TeamDoc> {
    let named = scenario
        .and_then(|s| s.team.as_ref())
        .or(doc.team.as_ref())?;
    match &named.value {
        OrId::Inline(team) => Some((**team).clone()),
        OrId::Id(path) => {
            let file = folder.join(if path.contains('.') {
                path.clone()
            } else {
                format!("{path}.yaml")
            });
            if !file.is_file() {
                let shown = files::shown(&file);
                let message = tr!("there is no team file `{shown}`", "没有团队文件 `{shown}`");
                let hint = tr!(
                    "write it, or describe the team here: `team: {{members: [...]}}`",
                    "请创建该文件，或在此描述团队：`team: {{members: [...]}}`"
                );
                sink.push(Diagnostic::new(Code::Unreadable, named.span, message).hint(hint));
                return None;
            }
            document::open(&Place::Disk(file), FileKind::Team, sources, sink).map(|(doc, _)| doc)
        }
    }
}

/// Ids of the candidates in order, each with what the decision itself says of it.
type Wanted = Vec<(String, Option<Box<CandidateDoc>>, Span)>;

fn wanted(
    doc: &DecisionDoc,
    shelf: &mut Shelf,
    sources: &mut Sources,
    sink: &mut Diagnostics,
) -> Wanted {
    let mut all: Wanted = Vec::new();
    let mut seen = BTreeSet::new();
    for entry in &doc.candidates {
        let ids: Vec<(String, Option<Box<CandidateDoc>>)> = match &entry.value {
            OrId::Id(id) if id == "*" || id.ends_with("/*") => {
                let domain = id.trim_end_matches("/*");
                let found = shelf.of_domain(domain, sources, sink);
                if found.is_empty() {
                    sink.push(Diagnostic::new(
                        Code::UnknownReference,
                        entry.span,
                        tr!(
                            "no catalog has candidates in `{id}`",
                            "没有目录含有 `{id}` 的候选"
                        ),
                    ));
                }
                found.into_iter().map(|id| (id, None)).collect()
            }
            OrId::Id(id) => vec![(id.clone(), None)],
            OrId::Inline(own) => match own.id.as_ref().or(own.candidate.as_ref()) {
                Some(id) => vec![(id.value.clone(), Some(own.clone()))],
                None => {
                    let message = tr!("a candidate needs an `id`", "候选需要 `id`");
                    sink.push(Diagnostic::new(Code::MissingKey, entry.span, message));
                    continue;
                }
            },
        };
        for (id, own) in ids {
            if !seen.insert(id.clone()) {
                let message = tr!(
                    "the candidate `{id}` is listed twice",
                    "候选 `{id}` 被列出两次"
                );
                sink.push(Diagnostic::new(Code::DefinedTwice, entry.span, message));
            } else if all.len() < MOST_CANDIDATES {
                all.push((id, own, entry.span));
            } else {
                let message = tr!(
                    "more than {MOST_CANDIDATES} candidates",
                    "候选超过 {MOST_CANDIDATES} 个"
                );
                sink.push(Diagnostic::new(Code::OutOfRange, entry.span, message));
                return all;
            }
        }
    }
    all
}

/// Catalog document, the decision's own document, place; by id, parts included.
type Docs = BTreeMap<String, (Option<CandidateDoc>, Option<Box<CandidateDoc>>, Span)>;

fn candidate_docs(
    wanted: &mut Wanted,
    shelf: &mut Shelf,
    sources: &mut Sources,
    sink: &mut Diagnostics,
) -> Docs {
    let mut docs = Docs::new();
    let mut open: Vec<(String, Span)> = wanted
        .iter()
        .rev()
        .map(|(id, _, span)| (id.clone(), *span))
        .collect();
    // One that the decision describes may be met as a part of another first.
    let described = wanted
        .iter_mut()
        .filter_map(|(id, own, _)| Some((id.clone(), own.take()?)));
    let mut described: BTreeMap<String, Box<CandidateDoc>> = described.collect();
    while let Some((id, span)) = open.pop() {
        if docs.contains_key(&id) {
            continue;
        }
        let own = described.remove(&id);
        let found = shelf.take(&id, sources, sink);
        if found.is_none() && own.is_none() {
            if !sink.has_room() {
                continue;
            }
            let hint = did_you_mean(&id, shelf.ids());
            let message = tr!("there is no candidate `{id}`", "没有名为 `{id}` 的候选");
            sink.push(Diagnostic::new(Code::UnknownReference, span, message).maybe_hint(hint));
            continue;
        }
        let parts = own
            .iter()
            .flat_map(|o| &o.parts)
            .chain(found.iter().flat_map(|d| &d.parts));
        open.extend(parts.map(|part| (part.value.clone(), part.span)));
        docs.insert(id, (found, own, span));
    }
    docs
}

fn refers_to_measurement(doc: Option<&CandidateDoc>) -> bool {
    let mut facts = doc.into_iter().flat_map(|d| d.facts.iter());
    facts.any(|(_, fact)| matches!(&fact.value, FactDoc::Full(full) if full.measured.is_some()))
}

fn defaults(library: &Library) -> BTreeMap<String, Fact> {
    library
        .inputs
        .iter()
        .filter_map(|(name, input)| input.default.clone().map(|fact| (name.clone(), fact)))
        .collect()
}

fn apply(
    settings: &[Setting],
    library: &Library,
    raw: &mut BTreeMap<String, RawCandidate>,
    team: &mut Option<Team>,
    scale: Option<&LookupTable>,
    context: &mut BTreeMap<String, Fact>,
    reader: &mut FactReader<'_>,
) {
    let given = Arc::new(Provenance::default());
    for (name, doc) in settings {
        if let Some(rest) = name.value.strip_prefix("candidates.") {
            let hit = raw.iter_mut().find_map(|(id, c)| {
                rest.strip_prefix(id.as_str())?
                    .strip_prefix('.')
                    .map(|fact| (c, fact))
            });
            if let Some((candidate, fact)) = hit
                && let Some(measure) = library.measures.get(fact)
            {
                if let Some(value) = reader.fact(doc, &measure.form, &given) {
                    candidate.measured.remove(fact);
                    candidate.facts.insert(fact.into(), value);
                }
                continue;
            }
        } else if let Some(path) = name.value.strip_prefix("team.")
            && let (Some(team), FactDoc::Short(scalar)) = (team.as_mut(), &doc.value)
        {
            let value = Spanned {
                span: doc.span,
                value: scalar.clone(),
            };
            if team::set(team, path, &value, scale, reader) {
                continue;
            }
        }
        if let Some(input) = library.inputs.get(&name.value) {
            if let Some(mut fact) = reader.fact(doc, &input.form, &given) {
                // A setting of the value alone keeps the range in which the input may lie.
                let before = context.get(&name.value).and_then(|f| f.domain);
                fact.domain = fact.domain.or(before);
                context.insert(name.value.clone(), fact);
            }
            continue;
        }
        if !reader.sink.has_room() {
            continue;
        }
        let word = &name.value;
        let facts: Vec<String> = match word.strip_prefix("candidates.") {
            Some(_) => raw
                .keys()
                .flat_map(|id| {
                    library
                        .measures
                        .keys()
                        .map(move |m| format!("candidates.{id}.{m}"))
                })
                .collect(),
            None => Vec::new(),
        };
        let members = team
            .iter()
            .flat_map(|t| &t.members)
            .flat_map(|m| m.skill.keys().map(move |s| format!("team.{}.{s}", m.id)));
        let known: Vec<String> = library
            .inputs
            .keys()
            .cloned()
            .chain(facts)
            .chain(members)
            .collect();
        let hint = did_you_mean(word, known.iter().map(String::as_str));
        let message = tr!("there is no input `{word}`", "没有名为 `{word}` 的输入");
        reader
            .sink
            .push(Diagnostic::new(Code::UnknownReference, name.span, message).maybe_hint(hint));
    }
}

fn existing(doc: &DecisionDoc, scenario: Option<&ScenarioDoc>) -> BTreeSet<String> {
    let list = scenario
        .and_then(|s| s.existing.as_ref())
        .unwrap_or(&doc.existing);
    list.iter().map(|id| id.value.clone()).collect()
}

/// Combines parts and keeps the candidates that the decision names, in its order.
fn assemble(
    wanted: &Wanted,
    mut raw: BTreeMap<String, RawCandidate>,
    library: &Library,
    words: &mut TextCodes,
    existing: &BTreeSet<String>,
    sink: &mut Diagnostics,
) -> Vec<Candidate> {
    composite::combine_all(&mut raw, &library.measures, words, sink);
    let unmet: Vec<Vec<String>> = wanted
        .iter()
        .map(|(id, ..)| {
            raw.get(id).map_or_else(Vec::new, |candidate| {
                composite::unmet(candidate, &composite::parts(candidate, &raw), existing)
            })
        })
        .collect();
    let mut all = Vec::with_capacity(wanted.len());
    for ((id, ..), unmet) in wanted.iter().zip(unmet) {
        let Some(candidate) = raw.remove(id) else {
            continue;
        };
        all.push(Candidate {
            id: candidate.id,
            name: candidate.name,
            variant: candidate.variant,
            about: candidate.about,
            facts: candidate.facts,
            parts: candidate.parts.into_iter().map(|p| p.value).collect(),
            unmet,
            span: candidate.span,
        });
    }
    all
}

fn scenario_names(doc: &DecisionDoc) -> Vec<ScenarioName> {
    let name = |(id, scenario): &(Spanned<String>, ScenarioDoc)| ScenarioName {
        id: id.value.clone(),
        title: scenario
            .title
            .as_ref()
            .map_or_else(|| Text::name(&id.value), |t| t.0.clone()),
        about: scenario.about.as_ref().map(|a| a.0.clone()),
    };
    doc.scenarios.iter().map(name).collect()
}

fn stakeholders(doc: &DecisionDoc, points: Vec<Points>) -> Vec<Stakeholder> {
    let raw: Vec<f64> = doc
        .stakeholders
        .iter()
        .map(|(_, s)| s.share.as_ref().map_or(1.0, |x| x.value.max(0.0)))
        .collect();
    let total: f64 = raw.iter().sum();
    let even = 1.0 / raw.len().max(1) as f64;
    let each = doc.stakeholders.iter().zip(points).zip(raw);
    each.map(|(((id, s), points), share)| Stakeholder {
        id: id.value.clone(),
        title: s
            .title
            .as_ref()
            .map_or_else(|| Text::name(&id.value), |t| t.0.clone()),
        points: points
            .into_iter()
            .map(|(criterion, (x, _))| (criterion, x))
            .collect(),
        share: if total > 0.0 { share / total } else { even },
    })
    .collect()
}

/// The points of a profile document.
pub(super) fn points(profile: &ProfileDoc) -> Option<BTreeMap<String, (f64, Span)>> {
    match profile {
        ProfileDoc::Id(_) => None,
        ProfileDoc::Points(points) => Some(
            points
                .iter()
                .map(|(id, x)| (id.value.clone(), (*x, id.span)))
                .collect(),
        ),
    }
}
