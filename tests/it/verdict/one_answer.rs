//! No two commands contradict each other, in any example, scenario, profile or stakeholder.

use std::path::PathBuf;

use rayon::prelude::*;
use weigh::analysis::study::{SensitivityLimits, Study, StudyRequest};
use weigh::analysis::weight_space::WeightSpace;
use weigh::graph;
use weigh::load::{self, Choice};
use weigh::quantity::date::Date;

/// The example decisions with every scenario, and every stakeholder where no scenario is chosen.
fn situations() -> Vec<(PathBuf, Choice)> {
    let plain = || Choice::plain(Date::parse("2026-11-22").expect("a day"));
    let mut all = Vec::new();
    for path in crate::examples::decisions() {
        let Some(decision) = load::decision(&path, &plain()).decision else {
            panic!("{} cannot be read", path.display());
        };
        all.push((path.clone(), plain()));
        for scenario in &decision.scenarios {
            let mut choice = plain();
            choice.scenario = Some(scenario.id.clone());
            all.push((path.clone(), choice));
        }
        let profiles = if path.ends_with("decision.yaml") {
            profiles_beside(&path)
        } else {
            Vec::new()
        };
        for profile in profiles {
            let mut choice = plain();
            choice.profile = Some(profile);
            all.push((path.clone(), choice));
        }
        for stakeholder in &decision.stakeholders {
            let mut choice = plain();
            choice.stakeholder = Some(stakeholder.id.clone());
            all.push((path.clone(), choice));
        }
    }
    all
}

/// The weight profiles in a decision's folder, by name.
fn profiles_beside(decision: &std::path::Path) -> Vec<String> {
    let folder = decision
        .parent()
        .expect("a decision lies in a folder")
        .join("weights");
    let Ok(entries) = std::fs::read_dir(folder) else {
        return Vec::new();
    };
    let files = entries.map(|entry| entry.expect("readable").path());
    let names = files.filter_map(|file| Some(file.file_stem()?.to_str()?.to_owned()));
    names.collect()
}

#[test]
fn every_command_names_the_same_first_lead_and_shares() {
    let situations = situations();
    assert!(situations.len() > 40, "{}", situations.len());
    situations
        .par_iter()
        .for_each(|(path, choice)| agree(path, choice));
}

fn agree(path: &std::path::Path, choice: &Choice) {
    let mut loaded = load::decision(path, choice);
    let decision = loaded.decision.expect("the examples are sound");
    let graph = graph::compile(&decision, &mut loaded.diagnostics).expect("they compile");
    let request = StudyRequest::of(&decision);
    let plan = request.plan(&decision, &graph);
    let study = Study::new(&plan, request);
    let verdict = study.verdict();
    let at = format!(
        "{} {:?} {:?} {:?}",
        path.display(),
        choice.scenario,
        choice.profile,
        choice.stakeholder
    );

    let ranking = study
        .ranking()
        .expect("the additive model is always defined");
    let ranked: Vec<usize> = ranking
        .places
        .iter()
        .filter(|place| place.rank.is_some())
        .map(|place| place.candidate)
        .collect();
    assert_eq!(ranked.first().copied(), verdict.first, "rank: {at}");
    assert_eq!(ranked.get(1).copied(), verdict.runner_up, "rank: {at}");
    let Some(first) = verdict.first else { return };
    for place in &ranking.places {
        assert_eq!(place.score, verdict.expected[place.candidate], "rank: {at}");
        if place.rank.is_some() {
            let row = &ranking.evaluation.rows[place.candidate];
            let sum: f64 = row.contributions.iter().sum();
            assert!(
                (sum - place.score.expect("ranked")).abs() < 1e-12,
                "rank: {at}"
            );
        }
    }
    assert_eq!(ranking.places[0].rank, Some(1), "rank: {at}");

    let information = study.information(Some(4_096));
    assert_eq!(information.choice, Some(first), "next: {at}");
    assert_eq!(information.total, verdict.loss, "next: {at}");
    for unknown in &information.unknowns {
        assert!(unknown.value.value <= verdict.loss.value, "next: {at}");
    }

    if let Ok(drawn) = study.rank_acceptability(&WeightSpace::declared(&plan.shares())) {
        for c in 0..plan.candidates() {
            let share = drawn.first(c).unwrap_or(0.0);
            assert!(
                (share - verdict.first_share[c]).abs() < 1e-9,
                "robustness: {at}: {share} against {}",
                verdict.first_share[c]
            );
        }
    }

    let sensitivity = study
        .sensitivity(&SensitivityLimits::default())
        .expect("the additive model is always defined");
    assert_eq!(
        sensitivity.break_evens.winner,
        Some(first),
        "sensitivity: {at}"
    );
    assert_eq!(sensitivity.tornado.winner, Some(first), "sensitivity: {at}");
    if let Some([lead, ..]) = verdict.lead {
        assert!(
            (sensitivity.tornado.lead - lead).abs() < 1e-9,
            "sensitivity: {at}"
        );
    }
    // Where an input is known to be at a break-even, the two candidates are equal.
    for flip in &verdict.flips {
        assert_ne!(flip.first, Some(first), "flip: {at}");
    }

    let named = weigh::analysis::verdict::first_of(&plan);
    let id = plan.decision.candidates[first].id.clone();
    assert_eq!(named, Some(id), "scenarios: {at}");
}
