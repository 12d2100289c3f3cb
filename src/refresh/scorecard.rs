//! OpenSSF Scorecard: JSON from `scorecard --format json` or from its API.

use super::release::day_of;
use super::{Base, FactSource, Findings, FoundValue, RefreshError, SourceFinding, SourceRequest};
use crate::schema::criteria::FindingDoc;

pub(super) const SOURCE: FactSource = FactSource {
    id: "scorecard",
    title: "OpenSSF Scorecard",
    ask,
};

/// The name is `owner/name`.
fn ask(request: &SourceRequest<'_>) -> Result<Findings, RefreshError> {
    let path = match request.base {
        Base::Folder(_) => request.name.to_owned(),
        Base::Url(_) => format!("projects/github.com/{}", request.name),
    };
    let doc = request.json(&path, "application/json")?;
    let garbled = || RefreshError::Garbled {
        place: request.base.place(&path),
        said: "no `score` and `date`".to_owned(),
    };
    let score = doc
        .get("score")
        .and_then(serde_json::Value::as_f64)
        .ok_or_else(garbled)?;
    let as_of = doc
        .get("date")
        .and_then(|d| d.as_str())
        .and_then(day_of)
        .ok_or_else(garbled)?;
    // -1 means that nothing could be scored.
    if !(0.0..=10.0).contains(&score) {
        return Ok(Findings::new());
    }
    let source = format!("OpenSSF Scorecard {}", request.name);
    Ok([(
        FindingDoc::Scorecard,
        SourceFinding {
            value: FoundValue::Number(score),
            source,
            as_of,
        },
    )]
    .into())
}
