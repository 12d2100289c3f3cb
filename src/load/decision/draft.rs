//! A decision before any settings: what all its scenarios share, read once.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::candidates::{
    Assembled, CandidateDocs, NamedCandidate, assemble_candidates, candidate_docs, named_candidates,
};
use super::chosen::ChosenDocs;
use super::settings::{self, SettingTargets};
use super::{DEFAULT_SEED, default_id};
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::lang::Text;
use crate::load::choice::Choice;
use crate::load::lower::candidate::{RawCandidate, Vocabulary};
use crate::load::lower::definitions::Sections;
use crate::load::lower::fact::{FactReader, not_a_day};
use crate::load::lower::goals::Points;
use crate::load::lower::library::LibraryBuilder;
use crate::load::lower::skills::KnownSkills;
use crate::load::lower::{anchors, gates, goals, outcome, team};
use crate::load::read::archive::Archive;
use crate::load::read::document;
use crate::load::read::layers::FolderLayers;
use crate::load::read::reader::Reader;
use crate::load::resolve::catalog_index::CatalogIndex;
use crate::load::resolve::criteria::{ProjectCriteria, criteria_files};
use crate::load::resolve::domain_defaults::DomainDefaults;
use crate::load::resolve::evidence::Evidence;
use crate::model::decision::{Decision, Goal, ScenarioName, Stakeholder};
use crate::model::evidence::{Fact, Provenance};
use crate::model::library::Library;
use crate::quantity::date::Date;
use crate::schema::decision::{DecisionDoc, OrId, ScenarioDoc};
use crate::schema::{FileKind, Spanned};
use crate::source::{SourceId, Sources, Span};
use crate::tr;

/// A decision before any settings.
#[derive(Clone, Debug)]
pub(in crate::load) struct Draft {
    common: Arc<Common>,
    library: Library,
    candidates: BTreeMap<String, RawCandidate>,
    goals: Vec<Goal>,
}

/// The part of a draft that no choice changes.
#[derive(Debug)]
struct Common {
    doc: DecisionDoc,
    file: PathBuf,
    source: SourceId,
    layers: FolderLayers,
    gates: Vec<String>,
    named: Vec<NamedCandidate>,
    evidence: Evidence,
    /// Ids of all candidates within reach.
    catalog_ids: BTreeSet<String>,
    as_of: Date,
}

impl Draft {
    /// Reads a decision file, everything it refers to, and what the choice selects.
    pub(super) fn read(
        file: &Path,
        source: SourceId,
        choice: &Choice,
        archive: &Archive,
        reader: &mut Reader,
    ) -> Option<(Self, ChosenDocs)> {
        let doc: DecisionDoc = reader.parse_document(source, FileKind::Decision)?;
        let folder = file.parent().map_or_else(PathBuf::new, Path::to_owned);
        let layers = FolderLayers::above(&folder, archive);
        let mut catalogs = CatalogIndex::new(&layers);
        read_ahead(&doc, &layers, &catalogs);
        let mut criteria = ProjectCriteria::shared(&layers, reader);
        let chosen = ChosenDocs::read(&doc, choice, &folder, &layers, reader);

        let as_of = as_of(&doc, choice, &mut reader.diagnostics);
        let mut named = named_candidates(&doc, &mut catalogs, reader);
        let docs = candidate_docs(&mut named, &mut catalogs, reader);
        let contributing: BTreeSet<&str> =
            docs.values().filter_map(CandidateDocs::domain).collect();
        criteria.add_domains(|domain| contributing.contains(domain), &layers, reader);
        let evidence = if docs.values().any(CandidateDocs::refer_to_measurement) {
            Evidence::read(&choice.evidence, &layers, reader)
        } else {
            Evidence::default()
        };

        let mut builder = LibraryBuilder::new(reader, as_of);
        for doc in criteria.docs() {
            builder.units(&doc.units);
        }
        builder.units(&doc.units);
        let own = Sections::of_decision(&doc);
        let sections: Vec<Sections<'_>> = criteria.sections().chain([own]).collect();
        builder.define(&sections, criteria.elsewhere());
        let gates = gates::gates(&doc, &mut builder);
        let goals = goals::goals(&doc.criteria, &mut builder);
        let mut library = builder.library;

        let mut facts = FactReader::new(&library.units, &mut library.words, reader, as_of);
        let defaults = facts.defaults(doc.defaults.as_ref(), &Arc::new(Provenance::default()));
        let vocabulary = Vocabulary::of_parts(&library.measures, &library.names, &library.unread);
        let of_domains = DomainDefaults::read(criteria.defaults(), vocabulary, &mut facts);
        let candidates = docs
            .into_iter()
            .map(|(id, docs)| {
                let measures = &library.measures;
                let candidate = docs.lower(
                    &id,
                    vocabulary,
                    measures,
                    &mut facts,
                    &defaults,
                    &of_domains,
                );
                (id, candidate)
            })
            .collect();
        let common = Common {
            doc,
            file: file.to_owned(),
            source,
            layers,
            gates,
            named,
            evidence,
            catalog_ids: catalogs.ids().map(str::to_owned).collect(),
            as_of,
        };
        let draft = Self {
            common: Arc::new(common),
            library,
            candidates,
            goals,
        };
        Some((draft, chosen))
    }

    /// Returns the decision under another of its scenarios; `None` if there is no scenario with this name. Parts of
    /// the scenario with errors are left out.
    pub(in crate::load) fn scenario(
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
        let mut reader = Reader {
            sources: sources.clone(),
            diagnostics: Diagnostics::default(),
        };
        let folder = file.parent().unwrap_or(Path::new(""));
        let chosen = ChosenDocs::read(doc, &choice, folder, layers, &mut reader);
        Some(self.clone().complete(chosen, &choice, &mut reader))
    }

    /// Applies the choice.
    pub(super) fn complete(
        self,
        chosen: ChosenDocs,
        choice: &Choice,
        reader: &mut Reader,
    ) -> Decision {
        let Self {
            common,
            mut library,
            mut candidates,
            mut goals,
        } = self;
        let Common {
            doc,
            file,
            source,
            layers,
            gates,
            named,
            evidence,
            catalog_ids,
            as_of,
        } = &*common;
        let start = Span {
            source: *source,
            start: 0,
            end: 0,
        };
        let mut words = std::mem::take(&mut library.words);
        let mut facts = FactReader::new(&library.units, &mut words, reader, *as_of);
        let skill_scale = library
            .tables
            .get(team::SKILL_SCALE)
            .map(|(_, table)| table.clone());
        let mut team = chosen
            .team
            .as_ref()
            .map(|doc| team::lower_team(doc, skill_scale.as_ref(), &mut facts));
        let mut context = default_inputs(&library);
        SettingTargets {
            library: &library,
            candidates: &mut candidates,
            team: &mut team,
            skill_scale: skill_scale.as_ref(),
            context: &mut context,
        }
        .apply(&chosen.settings, &mut facts);
        let skills = KnownSkills::new(&library, &candidates, &context, catalog_ids);
        for member in chosen.team.iter().flat_map(|team| &team.members) {
            for (name, _) in &member.value.skill {
                skills.check(&name.value, name.span, false, facts.sink);
            }
        }
        settings::check_skills(&chosen.settings, team.as_ref(), &skills, facts.sink);
        anchors::check(&chosen.elicited, &library.criteria, &mut facts);
        let sink = &mut reader.diagnostics;
        evidence.resolve(
            &mut candidates,
            &library.measures,
            &library.units,
            *as_of,
            layers,
            sink,
        );
        let existing = existing(doc, chosen.scenario.as_ref());
        let Assembled { candidates, parts } =
            assemble_candidates(named, candidates, &library, &mut words, &existing, sink);
        library.words = words;
        if candidates.is_empty() && !sink.has_errors() {
            let at = doc.decision.as_ref().map_or(start, |d| d.span);
            let message = tr!("the decision names no candidate", "决策没有列出候选");
            let hint = tr!("`candidates: [flask, gin]`", "`candidates: [flask, gin]`");
            sink.push(Diagnostic::new(Code::NoCandidates, at, message).hint(hint));
        }
        for points in &chosen.stakeholders {
            goals::check_profile(points, &library, sink);
        }
        if let Some(points) = &chosen.profile {
            goals::apply_profile(&mut goals, points, &library, sink);
        }
        goals::check_weights(&goals, doc, start, sink);
        let ids: Vec<&str> = named
            .iter()
            .map(|candidate| candidate.id.as_str())
            .collect();
        let decided = doc
            .outcome
            .as_ref()
            .map(|doc| outcome::lower_outcome(doc, &ids, sink));
        let radar = doc.radar.as_ref().map(|doc| {
            let chosen = decided.as_ref().and_then(|o| o.chosen.as_ref());
            let chosen_parts = chosen
                .and_then(|id| candidates.iter().find(|c| c.id == *id))
                .map_or(&[][..], |c| &c.parts);
            outcome::lower_radar(doc, decided.as_ref(), &ids, chosen_parts, &existing, sink)
        });
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
            parts,
            goals,
            gates: gates.clone(),
            context,
            team,
            scenario: choice.scenario.clone(),
            stakeholder: choice.stakeholder.clone(),
            scenarios: scenario_names(doc),
            stakeholders: stakeholders(doc, chosen.stakeholders),
            outcome: decided,
            radar,
            matrix: false,
            library,
        }
    }
}

/// Reads the files that a decision names in parallel.
fn read_ahead(doc: &DecisionDoc, layers: &FolderLayers, catalog_index: &CatalogIndex) {
    let (criteria, domains) = (layers.list("criteria"), layers.domains());
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
    let domains = domains.iter().map(|(_, file)| file);
    let criteria = criteria_files(&criteria)
        .chain(domains)
        .map(|file| (file, FileKind::Criteria));
    let files = criteria.chain(
        catalog_index
            .files_of(ids)
            .into_iter()
            .map(|file| (file, FileKind::Catalog)),
    );
    document::read_ahead(&files.collect::<Vec<_>>(), &layers.archive);
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

fn default_inputs(library: &Library) -> BTreeMap<String, Fact> {
    library
        .inputs
        .iter()
        .filter_map(|(name, input)| input.default.clone().map(|fact| (name.clone(), fact)))
        .collect()
}

fn existing(doc: &DecisionDoc, scenario: Option<&ScenarioDoc>) -> BTreeSet<String> {
    let list = scenario
        .and_then(|s| s.existing.as_ref())
        .unwrap_or(&doc.existing);
    list.iter().map(|id| id.value.clone()).collect()
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
