//! Weight profiles: by id beside the decision or under `criteria/`, by path, or written out.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::choice::Choice;
use super::decision::{named_file, points};
use super::document;
use super::fact::did_you_mean;
use super::files::Layers;
use super::judgement;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::schema::criteria::WeightsDoc;
use crate::schema::decision::{DecisionDoc, ProfileDoc, ScenarioDoc};
use crate::schema::{FileKind, Scalar, Spanned};
use crate::source::{Sources, Span};
use crate::tr;

/// Points by criterion, with the place of each.
pub(super) type Points = BTreeMap<String, (f64, Span)>;

/// Finds weight profiles.
pub(super) struct Profiles<'a> {
    folder: PathBuf,
    layers: &'a Layers,
    /// The anchors for which the profiles that were opened had been asked.
    pub elicited: Vec<(Spanned<String>, Spanned<Scalar>)>,
}

impl<'a> Profiles<'a> {
    pub(super) fn new(folder: &Path, layers: &'a Layers) -> Self {
        Self {
            folder: folder.to_owned(),
            layers,
            elicited: Vec::new(),
        }
    }

    /// The profile that replaces the decision's points: `--profile`, else the stakeholder's, else the scenario's.
    pub(super) fn chosen(
        &mut self,
        doc: &DecisionDoc,
        scenario: Option<&ScenarioDoc>,
        choice: &Choice,
        sources: &mut Sources,
        sink: &mut Diagnostics,
    ) -> Option<Points> {
        if let Some(name) = &choice.profile {
            return self.by_name(name, None, sources, sink);
        }
        if let Some(id) = &choice.stakeholder {
            let Some((_, stakeholder)) =
                doc.stakeholders.iter().find(|(name, _)| name.value == *id)
            else {
                let hint = did_you_mean(
                    id,
                    doc.stakeholders.iter().map(|(name, _)| name.value.as_str()),
                );
                let message = tr!("there is no stakeholder `{id}`", "没有名为 `{id}` 的相关方");
                sink.push(
                    Diagnostic::about_file(Code::UnknownReference, "--stakeholder", message)
                        .maybe_hint(hint),
                );
                return None;
            };
            return self.of(&stakeholder.profile, sources, sink);
        }
        scenario
            .and_then(|s| s.profile.as_ref())
            .and_then(|p| self.of(p, sources, sink))
    }

    /// The points of every stakeholder, in the decision's order.
    pub(super) fn stakeholders(
        &mut self,
        doc: &DecisionDoc,
        sources: &mut Sources,
        sink: &mut Diagnostics,
    ) -> Vec<Points> {
        doc.stakeholders
            .iter()
            .map(|(_, s)| self.of(&s.profile, sources, sink).unwrap_or_default())
            .collect()
    }

    /// The profile that `--profile` names.
    pub(super) fn named(
        &mut self,
        name: &str,
        sources: &mut Sources,
        sink: &mut Diagnostics,
    ) -> Option<Points> {
        self.by_name(name, None, sources, sink)
    }

    fn of(
        &mut self,
        profile: &Spanned<ProfileDoc>,
        sources: &mut Sources,
        sink: &mut Diagnostics,
    ) -> Option<Points> {
        match &profile.value {
            ProfileDoc::Id(id) => self.by_name(id, Some(profile.span), sources, sink),
            written @ ProfileDoc::Points(_) => points(written),
        }
    }

    fn by_name(
        &mut self,
        name: &str,
        span: Option<Span>,
        sources: &mut Sources,
        sink: &mut Diagnostics,
    ) -> Option<Points> {
        let Some(place) = named_file(name, "weights", &self.folder, self.layers) else {
            let message = tr!(
                "there is no weight profile `{name}`",
                "没有名为 `{name}` 的权重方案"
            );
            let hint = tr!(
                "put it in weights/{name}.yaml beside the decision",
                "请放在决策旁的 weights/{name}.yaml"
            );
            sink.push(match span {
                Some(span) => Diagnostic::new(Code::UnknownReference, span, message).hint(hint),
                None => {
                    Diagnostic::about_file(Code::UnknownReference, "--profile", message).hint(hint)
                }
            });
            return None;
        };
        let (doc, source) = document::shared::<WeightsDoc>(
            &place,
            FileKind::Weights,
            &self.layers.archive,
            sources,
            sink,
        )?;
        self.elicited.extend(doc.anchors.iter().cloned());
        if doc.points.is_empty() && judgement::meant(&doc).is_none() {
            let message = tr!("this file has no `points:`", "该文件没有 `points:`");
            let hint = tr!(
                "write points, or judgements that `weigh weights FILE` can read",
                "请写点数，或 `weigh weights FILE` 能读的判断"
            );
            sink.push(
                Diagnostic::new(
                    Code::BadWeights,
                    Span {
                        source,
                        start: 0,
                        end: 0,
                    },
                    message,
                )
                .hint(hint),
            );
            return None;
        }
        if doc.points.is_empty() {
            return derived(
                &doc,
                Span {
                    source,
                    start: 0,
                    end: 0,
                },
                sink,
            );
        }
        Some(
            doc.points
                .iter()
                .map(|(id, x)| (id.value.clone(), (*x, id.span)))
                .collect(),
        )
    }
}

/// The shares that a file's judgements come to, as points.
fn derived(doc: &WeightsDoc, whole: Span, sink: &mut Diagnostics) -> Option<Points> {
    let place = doc.method.as_ref().map_or(whole, |m| m.span);
    match judgement::weights(doc, sink)? {
        Ok((_, found)) => Some(
            found
                .weights
                .into_iter()
                .map(|(id, share)| (id, (100.0 * share, place)))
                .collect(),
        ),
        Err(error) => {
            sink.push(Diagnostic::new(
                Code::BadWeights,
                place,
                error.text().clone(),
            ));
            None
        }
    }
}
