//! Finds weight profiles: by id next to the decision or under `criteria/`, by path, or inline.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::load::choice::Choice;
use crate::load::lower::goals::Points;
use crate::load::lower::judgement;
use crate::load::read::layers::FolderLayers;
use crate::load::read::reader::Reader;
use crate::schema::criteria::WeightsDoc;
use crate::schema::decision::{DecisionDoc, ProfileDoc, ScenarioDoc};
use crate::schema::{FileKind, Scalar, Spanned};
use crate::source::{Span, did_you_mean_or_list};
use crate::tr;

/// For each criterion, the anchors `worst..best` for which its weight was elicited.
pub(crate) type ElicitedAnchors = Vec<(Spanned<String>, Spanned<Scalar>)>;

/// Finds weight profiles.
pub(crate) struct Profiles<'a> {
    folder: PathBuf,
    layers: &'a FolderLayers,
    /// The anchors of the profiles read so far.
    pub elicited: ElicitedAnchors,
}

impl<'a> Profiles<'a> {
    pub(crate) fn new(folder: &Path, layers: &'a FolderLayers) -> Self {
        Self {
            folder: folder.to_owned(),
            layers,
            elicited: Vec::new(),
        }
    }

    /// Returns the profile that replaces the decision's points: `--profile`, else the stakeholder's, else the scenario's.
    pub(crate) fn chosen(
        &mut self,
        doc: &DecisionDoc,
        scenario: Option<&ScenarioDoc>,
        choice: &Choice,
        reader: &mut Reader,
    ) -> Option<Points> {
        if let Some(name) = &choice.profile {
            return self.by_name(name, None, reader);
        }
        if let Some(id) = &choice.stakeholder {
            let Some((_, stakeholder)) =
                doc.stakeholders.iter().find(|(name, _)| name.value == *id)
            else {
                let hint = did_you_mean_or_list(
                    id,
                    doc.stakeholders.iter().map(|(name, _)| name.value.as_str()),
                );
                let message = tr!("there is no stakeholder `{id}`", "没有名为 `{id}` 的相关方");
                reader.report(
                    Diagnostic::about_file(Code::UnknownReference, "--stakeholder", message)
                        .maybe_hint(hint),
                );
                return None;
            };
            return self.of(&stakeholder.profile, reader);
        }
        scenario
            .and_then(|s| s.profile.as_ref())
            .and_then(|p| self.of(p, reader))
    }

    /// Returns the points of every stakeholder, in the decision's order.
    pub(crate) fn of_stakeholders(
        &mut self,
        doc: &DecisionDoc,
        reader: &mut Reader,
    ) -> Vec<Points> {
        doc.stakeholders
            .iter()
            .map(|(_, s)| self.of(&s.profile, reader).unwrap_or_default())
            .collect()
    }

    fn of(&mut self, profile: &Spanned<ProfileDoc>, reader: &mut Reader) -> Option<Points> {
        match &profile.value {
            ProfileDoc::Id(id) => self.by_name(id, Some(profile.span), reader),
            written @ ProfileDoc::Points(_) => points(written),
        }
    }

    /// Reads a profile by id or path; `span` is where a file names it, `None` for `--profile`.
    pub(crate) fn by_name(
        &mut self,
        name: &str,
        span: Option<Span>,
        reader: &mut Reader,
    ) -> Option<Points> {
        let Some(file) = self
            .layers
            .named_file(name, "weights", &self.folder, span.is_none())
        else {
            let message = tr!(
                "there is no weight profile `{name}`",
                "没有名为 `{name}` 的权重方案"
            );
            let hint = tr!(
                "put it in weights/{name}.yaml next to the decision",
                "请放在决策旁的 weights/{name}.yaml"
            );
            reader.report(match span {
                Some(span) => Diagnostic::new(Code::UnknownReference, span, message).hint(hint),
                None => {
                    Diagnostic::about_file(Code::UnknownReference, "--profile", message).hint(hint)
                }
            });
            return None;
        };
        let (doc, source) = reader.read_shared_document::<WeightsDoc>(
            &file,
            FileKind::Weights,
            &self.layers.archive,
        )?;
        self.elicited.extend(doc.anchors.iter().cloned());
        if doc.points.is_empty() && judgement::meant(&doc).is_none() {
            let message = tr!("this file has no `points:`", "该文件没有 `points:`");
            let hint = tr!(
                "write points, or judgements that `weigh weights FILE` can read",
                "请写点数，或 `weigh weights FILE` 能读的判断"
            );
            reader.report(
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
                &mut reader.diagnostics,
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

/// Converts the shares derived from a file's judgements into points.
fn derived(doc: &WeightsDoc, whole: Span, sink: &mut Diagnostics) -> Option<Points> {
    let place = doc.method.as_ref().map_or(whole, |m| m.span);
    match judgement::derive_weights(doc, sink)? {
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

/// The points of a profile document.
fn points(profile: &ProfileDoc) -> Option<BTreeMap<String, (f64, Span)>> {
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
