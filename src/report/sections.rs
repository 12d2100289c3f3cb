//! Runs the analyses that a report shows; `view::report` builds their views.

use crate::analysis::ranking::Ranking;
use crate::analysis::study::{SensitivityLimits, Study};
use crate::analysis::weight_space::Width;
use crate::lang::Lang;
use crate::view;
use crate::view::report::{RobustnessSection, Sections, SensitivitySection, sweep_section};

/// Limit on the inputs with a sentence: those with the nearest break-even.
const MOST_SENTENCES: usize = 12;
/// Limit on the tornado bars passed to a template; the chart shows fewer.
const MOST_BARS: usize = 40;

/// The sections of a decision; an analysis that cannot be applied is left out.
pub(super) fn sections(study: &Study<'_>, ranking: &Ranking, lang: Lang) -> Sections {
    if ranking.ranked.len() < 2 {
        return Sections::default();
    }
    let plan = study.plan();
    let (sensitivity, (robustness, sweep)) = rayon::join(
        || sensitivity(study, lang),
        || {
            let sweep = study.load_sweep().ok().flatten();
            (
                robustness(study, ranking, lang),
                sweep.map(|found| sweep_section(plan, found.input, &found.sweep, lang)),
            )
        },
    );
    Sections {
        sensitivity,
        robustness,
        sweep,
    }
}

fn sensitivity(study: &Study<'_>, lang: Lang) -> Option<SensitivitySection> {
    let limits = SensitivityLimits {
        break_evens: Some(MOST_SENTENCES),
        bars: Some(MOST_BARS),
        ranges: Vec::new(),
        all: false,
    };
    let found = study.sensitivity(&limits).ok()?;
    let view = view::sensitivity::view(study.plan(), &found, lang);
    Some(SensitivitySection::of(&view, study.plan(), lang))
}

fn robustness(study: &Study<'_>, ranking: &Ranking, lang: Lang) -> Option<RobustnessSection> {
    let plan = study.plan();
    let found = study.robustness(&study.weights(Width::Near)).ok()?;
    let view = view::robustness::view(plan, &found, Vec::new(), lang);
    Some(RobustnessSection::of(&view, plan, ranking, lang))
}
