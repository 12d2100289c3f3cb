//! Settings of inputs, facts and team members: the decision's context, the scenario's `set:`, and `--set`.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::formula::LookupTable;
use crate::load::choice::Choice;
use crate::load::lower::candidate::RawCandidate;
use crate::load::lower::fact::FactReader;
use crate::load::lower::skills::KnownSkills;
use crate::load::lower::team;
use crate::load::read::reader::Reader;
use crate::model::decision::Team;
use crate::model::evidence::{Fact, Provenance, StaleRule};
use crate::model::library::Library;
use crate::schema::decision::{DecisionDoc, ScenarioDoc};
use crate::schema::fact::FactDoc;
use crate::schema::{Scalar, Spanned};
use crate::source::{Span, did_you_mean_or_list};
use crate::tr;

/// A value for an input, fact or team member.
#[derive(Clone)]
pub(super) struct Setting {
    name: Spanned<String>,
    value: Spanned<FactDoc>,
}

/// Collects the context, what the scenario changes, and `--set`, in this order: later settings win.
pub(super) fn collect_settings(
    doc: &DecisionDoc,
    scenario: Option<&ScenarioDoc>,
    choice: &Choice,
    reader: &mut Reader,
) -> Vec<Setting> {
    let written = doc.context.iter().chain(
        scenario
            .into_iter()
            .flat_map(|scenario| scenario.set.iter()),
    );
    let mut all: Vec<Setting> = written
        .map(|(name, value)| Setting {
            name: name.clone(),
            value: value.clone(),
        })
        .collect();
    all.extend(
        choice
            .set
            .iter()
            .filter_map(|typed| parse_setting(typed, reader)),
    );
    all
}

/// Reports settings of a team member's skill that nothing uses, such as `team.dev.cuont`.
pub(super) fn check_skills(
    settings: &[Setting],
    team: Option<&Team>,
    skills: &KnownSkills<'_>,
    sink: &mut Diagnostics,
) {
    for setting in settings {
        let Some(path) = setting.name.value.strip_prefix("team.") else {
            continue;
        };
        let mut members = team.into_iter().flat_map(|team| &team.members);
        let field = members.find_map(|m| path.strip_prefix(m.id.as_str())?.strip_prefix('.'));
        match field {
            None | Some("count" | "share") => {}
            Some(field) => match field.strip_prefix("skill.") {
                Some(skill) => skills.check(skill, setting.name.span, false, sink),
                None => skills.check(field, setting.name.span, true, sink),
            },
        }
    }
}

/// Reads `INPUT=VALUE`.
fn parse_setting(typed: &str, reader: &mut Reader) -> Option<Setting> {
    let source = reader.sources.add("--set", typed);
    let whole = Span {
        source,
        start: 0,
        end: u32::try_from(typed.len()).unwrap_or(u32::MAX),
    };
    let Some((name, value)) = typed.split_once('=') else {
        let message = tr!("`--set` takes `INPUT=VALUE`", "`--set` 的形式为 `输入=值`");
        let hint = tr!(
            "`--set workload.peak_rps=4000`",
            "`--set workload.peak_rps=4000`"
        );
        reader.report(Diagnostic::new(Code::UnknownReference, whole, message).hint(hint));
        return None;
    };
    let scalar = match value.trim() {
        "true" => Scalar::Flag(true),
        "false" => Scalar::Flag(false),
        text => match text.parse::<f64>() {
            Ok(x) if x.is_finite() => Scalar::Number(x),
            _ => Scalar::Text(text.to_owned()),
        },
    };
    Some(Setting {
        name: Spanned {
            span: whole.slice(0, name.len()),
            value: name.trim().to_owned(),
        },
        value: Spanned {
            span: whole.slice(name.len() + 1, typed.len()),
            value: FactDoc::Short(scalar),
        },
    })
}

/// What settings change.
pub(super) struct SettingTargets<'a> {
    pub library: &'a Library,
    pub candidates: &'a mut BTreeMap<String, RawCandidate>,
    pub team: &'a mut Option<Team>,
    /// The table that converts a skill level of ten into a time.
    pub skill_scale: Option<&'a LookupTable>,
    /// The facts of inputs by name.
    pub context: &'a mut BTreeMap<String, Fact>,
}

impl SettingTargets<'_> {
    /// Applies settings in order and reports unknown names.
    pub(super) fn apply(&mut self, settings: &[Setting], reader: &mut FactReader<'_>) {
        for setting in settings {
            let applied = self.apply_to_candidate(setting, reader)
                || self.apply_to_team(setting, reader)
                || self.apply_to_input(setting, reader);
            if !applied && reader.sink.has_room() {
                self.report_unknown(&setting.name, reader);
            }
        }
    }

    /// `candidates.ID.FACT`.
    fn apply_to_candidate(&mut self, setting: &Setting, reader: &mut FactReader<'_>) -> bool {
        let Some(rest) = setting.name.value.strip_prefix("candidates.") else {
            return false;
        };
        let hit = self.candidates.iter_mut().find_map(|(id, candidate)| {
            let fact = rest.strip_prefix(id.as_str())?.strip_prefix('.')?;
            Some((candidate, fact))
        });
        let Some((candidate, fact)) = hit else {
            return false;
        };
        let spelled = self.library.names.spelled(None, fact);
        let fact = spelled.as_deref().unwrap_or(fact);
        let Some(measure) = self.library.measures.get(fact) else {
            return false;
        };
        let given = Arc::new(Provenance::default());
        if let Some(value) = reader.fact(&setting.value, &measure.form, &given) {
            candidate.measured.remove(fact);
            let value = value.usable(measure.stale, reader.as_of);
            candidate.facts.insert(fact.into(), value);
        }
        true
    }

    /// `team.MEMBER.FIELD`.
    fn apply_to_team(&mut self, setting: &Setting, reader: &mut FactReader<'_>) -> bool {
        let Some(path) = setting.name.value.strip_prefix("team.") else {
            return false;
        };
        let (Some(team), FactDoc::Short(scalar)) = (self.team.as_mut(), &setting.value.value)
        else {
            return false;
        };
        let value = Spanned {
            span: setting.value.span,
            value: scalar.clone(),
        };
        team::set_member(team, path, &value, self.skill_scale, reader)
    }

    fn apply_to_input(&mut self, setting: &Setting, reader: &mut FactReader<'_>) -> bool {
        let spelled = self.library.names.spelled(None, &setting.name.value);
        let name = spelled.as_ref().unwrap_or(&setting.name.value);
        let Some(input) = self.library.inputs.get(name) else {
            return false;
        };
        let given = Arc::new(Provenance::default());
        if let Some(fact) = reader.fact(&setting.value, &input.form, &given) {
            let mut fact = fact.usable(StaleRule::default(), reader.as_of);
            // A setting that gives only the value keeps the declared range of the input.
            let before = self.context.get(name).and_then(|f| f.domain);
            fact.domain = fact.domain.or(before);
            self.context.insert(name.clone(), fact);
        }
        true
    }

    fn report_unknown(&self, name: &Spanned<String>, reader: &mut FactReader<'_>) {
        let word = &name.value;
        let measures = &self.library.measures;
        let facts: Vec<String> = if word.starts_with("candidates.") {
            self.candidates
                .keys()
                .flat_map(|id| measures.keys().map(move |m| format!("candidates.{id}.{m}")))
                .collect()
        } else {
            Vec::new()
        };
        let members = self
            .team
            .iter()
            .flat_map(|team| &team.members)
            .flat_map(|m| m.skill.keys().map(move |s| format!("team.{}.{s}", m.id)));
        let known: Vec<String> = self
            .library
            .inputs
            .keys()
            .cloned()
            .chain(facts)
            .chain(members)
            .collect();
        let names = &self.library.names;
        let fact = word.rsplit('.').next().unwrap_or_default();
        let explained = names.explain(word).or_else(|| names.explain(fact));
        if let Some((message, hint)) = explained {
            let code = names.code_of(word, Code::AmbiguousName, Code::UnknownReference);
            reader
                .sink
                .push(Diagnostic::new(code, name.span, message).hint(hint));
            return;
        }
        let hint = did_you_mean_or_list(word, known.iter().map(String::as_str));
        let message = tr!("there is no input `{word}`", "没有名为 `{word}` 的输入");
        reader
            .sink
            .push(Diagnostic::new(Code::UnknownReference, name.span, message).maybe_hint(hint));
    }
}
