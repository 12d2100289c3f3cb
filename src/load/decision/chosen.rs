//! What a choice selects for a decision: scenario, settings, team, weight profiles.

use std::path::Path;

use super::settings::{Setting, collect_settings};
use crate::diagnostic::{Code, Diagnostic};
use crate::load::choice::Choice;
use crate::load::lower::goals::Points;
use crate::load::read::file_ref::{self, FileRef};
use crate::load::read::layers::FolderLayers;
use crate::load::read::reader::Reader;
use crate::load::resolve::profiles::{ElicitedAnchors, Profiles};
use crate::schema::FileKind;
use crate::schema::decision::{DecisionDoc, OrId, ScenarioDoc, TeamDoc};
use crate::source::did_you_mean_or_list;
use crate::tr;

/// The documents that a choice selects.
pub(super) struct ChosenDocs {
    pub scenario: Option<ScenarioDoc>,
    pub settings: Vec<Setting>,
    pub team: Option<TeamDoc>,
    /// The points that replace the decision's own.
    pub profile: Option<Points>,
    /// The points of each stakeholder, in the decision's order.
    pub stakeholders: Vec<Points>,
    /// The anchors for which the weights were elicited.
    pub elicited: ElicitedAnchors,
}

impl ChosenDocs {
    pub(super) fn read(
        doc: &DecisionDoc,
        choice: &Choice,
        folder: &Path,
        layers: &FolderLayers,
        reader: &mut Reader,
    ) -> Self {
        let scenario = read_scenario(doc, choice, folder, layers, reader);
        let settings = collect_settings(doc, scenario.as_ref(), choice, reader);
        let team = read_team(doc, scenario.as_ref(), folder, reader);
        let mut profiles = Profiles::new(folder, layers);
        let profile = profiles.chosen(doc, scenario.as_ref(), choice, reader);
        let stakeholders = profiles.of_stakeholders(doc, reader);
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

fn read_scenario(
    doc: &DecisionDoc,
    choice: &Choice,
    folder: &Path,
    layers: &FolderLayers,
    reader: &mut Reader,
) -> Option<ScenarioDoc> {
    let wanted = choice.scenario.as_deref()?;
    if let Some((_, scenario)) = doc.scenarios.iter().find(|(id, _)| id.value == wanted) {
        return Some(scenario.clone());
    }
    if let Some(file) = layers.named_file(wanted, "scenarios", folder, true) {
        return reader
            .read_document(&file, FileKind::Scenario)
            .map(|(doc, _)| doc);
    }
    let known = doc.scenarios.iter().map(|(id, _)| id.value.as_str());
    let hint = did_you_mean_or_list(wanted, known);
    let message = tr!(
        "there is no scenario `{wanted}`",
        "没有名为 `{wanted}` 的情景"
    );
    reader.report(
        Diagnostic::about_file(Code::UnknownReference, "--scenario", message).maybe_hint(hint),
    );
    None
}

fn read_team(
    doc: &DecisionDoc,
    scenario: Option<&ScenarioDoc>,
    folder: &Path,
    reader: &mut Reader,
) -> Option<TeamDoc> {
    let named = scenario
        .and_then(|s| s.team.as_ref())
        .or(doc.team.as_ref())?;
    let path = match &named.value {
        OrId::Inline(team) => return Some((**team).clone()),
        OrId::Id(path) => path,
    };
    let file = folder.join(if path.contains('.') {
        path.clone()
    } else {
        format!("{path}.yaml")
    });
    if !file.is_file() {
        let shown = file_ref::shown(&file);
        let message = tr!("there is no team file `{shown}`", "没有团队文件 `{shown}`");
        let hint = tr!(
            "create it, or describe the team here: `team: {{members: [...]}}`",
            "请创建该文件，或在此描述团队：`team: {{members: [...]}}`"
        );
        reader.report(Diagnostic::new(Code::Unreadable, named.span, message).hint(hint));
        return None;
    }
    reader
        .read_document(&FileRef::Disk(file), FileKind::Team)
        .map(|(doc, _)| doc)
}
