//! The verdict: one answer in every command, the rule of its classes, and how often it is right.

mod calibration;
mod gates;
mod one_answer;

use weigh::analysis::study::{Study, StudyRequest};
use weigh::analysis::verdict::{Cap, Verdict, VerdictClass};
use weigh::eval::Plan;
use weigh::lang::Lang;

use crate::sensitivity::world::World;

/// The verdict on a matrix.
fn verdict(csv: &str) -> (Verdict, String, String) {
    let world = World::csv(csv);
    let plan = world.plan();
    let study = Study::new(&plan, StudyRequest::of(&world.decision));
    let found = study.verdict().clone();
    let [en, zh] = [Lang::En, Lang::Zh].map(|lang| {
        weigh::view::verdict::sentence(&plan, &found, lang)
            .get(lang)
            .to_owned()
    });
    (found, en, zh)
}

fn with_rows(rows: &str) -> String {
    format!("candidate,speed,price\n@direction,max,min\n@worst,0,100\n@best,100,0\n{rows}")
}

#[test]
fn a_lead_that_holds_when_spreads_double_is_clear() {
    let (found, en, zh) = verdict(&with_rows("a,70..80..90,20\nb,20..30..40,40\n"));
    assert_eq!(found.class, VerdictClass::Clear);
    assert_eq!(found.first, Some(0));
    assert_eq!(found.loss.value, 0.0);
    assert!(
        en.starts_with("a is clearly first: in over 99 of 100"),
        "{en}"
    );
    assert!(
        zh.starts_with("a 明显领先：每 100 种模拟情形中有 99 种以上居首"),
        "{zh}"
    );
}

#[test]
fn a_lead_within_the_spread_is_open_and_names_who_is_level() {
    let (found, en, _) = verdict(&with_rows("a,30..90,20\nb,30..88,20\nc,0,100\n"));
    assert_eq!(found.class, VerdictClass::Open);
    assert_eq!(found.level, [0, 1]);
    assert!(
        en.starts_with("Too close to call between a and b: first in 5"),
        "{en}"
    );
}

#[test]
fn equal_candidates_are_open_and_either_will_do() {
    let (found, en, zh) = verdict(&with_rows("a,50,20\nb,50,20\n"));
    assert_eq!(found.class, VerdictClass::Open);
    assert_eq!(found.first_share, [0.5, 0.5]);
    assert!(found.either_will_do());
    assert_eq!(en, "a and b have the same score.");
    assert_eq!(zh, "a 与 b 得分相同。");
}

#[test]
fn nobody_is_clearly_first_where_nobody_stated_an_uncertainty() {
    let (found, en, _) = verdict(&with_rows("a,90,10\nb,10,90\n"));
    assert_eq!(found.class, VerdictClass::Leaning);
    assert_eq!(found.cap, Some(Cap::NothingUncertain));
    assert!(en.contains("nobody stated how uncertain"), "{en}");
}

#[test]
fn the_class_follows_the_shares_of_the_draws() {
    // Uniform speeds of widths 60 and gap g: the share in which a beats b is known in closed form.
    for gap in [2, 10, 18, 26, 34, 46, 58, 70] {
        let csv = with_rows(&format!("a,{gap}..{},50\nb,0..30,50\n", gap + 30));
        let (found, ..) = verdict(&csv);
        let t = f64::from(gap) / 30.0;
        let beats = if t >= 1.0 {
            1.0
        } else {
            1.0 - (1.0 - t).powi(2) / 2.0
        };
        assert!(
            (found.first_share[0] - beats).abs() < 0.03,
            "{gap}: {found:?}"
        );
        let class = match beats {
            p if p < 0.64 => VerdictClass::Open,
            p if p > 0.69 && p < 0.94 => VerdictClass::Leaning,
            p if p > 0.97 => VerdictClass::Clear,
            _ => continue,
        };
        assert_eq!(found.class, class, "{gap}: {beats}");
    }
}

#[test]
fn nobody_is_ranked_without_facts() {
    let (found, en, zh) = verdict(&with_rows("a,,20\nb,,40\n"));
    assert_eq!(found.class, VerdictClass::None);
    assert_eq!(found.first, None);
    assert_eq!(
        en,
        "Nobody can be ranked: of 2 candidates 0 are screened out and 2 lack facts."
    );
    assert!(zh.starts_with("没有可排名的方案"), "{zh}");
}

/// Two thousand candidates are compared draw by draw; those behind them by their expected scores.
#[test]
fn many_candidates_have_a_verdict_too() {
    let rows: String = (0..2_300)
        .map(|c| format!("c{c},{},50\n", 10.0 + f64::from(c) / 50.0))
        .collect();
    let (found, ..) = verdict(&with_rows(&rows));
    assert_eq!(
        (found.first, found.class),
        (Some(2_299), VerdictClass::Leaning)
    );
    let world = World::csv(&with_rows(&rows));
    let plan = world.plan();
    let study = Study::new(&plan, StudyRequest::of(&world.decision));
    let standing = study.standing();
    assert_eq!(standing.left_out, 300);
    assert_eq!(standing.beats(2_299, 0), 1.0);
    assert_eq!(standing.ranks[0], Some(2_300));
    let tied: String = (0..2_300).map(|c| format!("c{c},{},50\n", c / 2)).collect();
    let world = World::csv(&with_rows(&tied).replace("@best,100", "@best,2000"));
    let standing = Study::new(&world.plan(), StudyRequest::of(&world.decision))
        .standing()
        .clone();
    assert_eq!(standing.ranks[..2], [Some(2_299), Some(2_299)]);
    assert_eq!(standing.ranks[2_298..], [Some(1), Some(1)]);
}

#[test]
fn the_lead_is_the_difference_of_the_expected_scores() {
    let world = World::csv(&with_rows("a,30..90,20\nb,30..50..88,40\nc,0..30,100\n"));
    let plan: Plan<'_> = world.plan();
    let study = Study::new(&plan, StudyRequest::of(&world.decision));
    let (found, standing) = (study.verdict(), study.standing());
    for c in 0..3 {
        let row = &standing.evaluation.rows[c];
        let sum: f64 = row.contributions.iter().sum();
        assert_eq!(row.score, Some(sum));
    }
    let [a, b] = [0, 1].map(|at| found.expected[standing.order[at]].expect("ranked"));
    assert_eq!(found.lead.expect("two are ranked")[0], a - b);
    // The mean of the draws is the expected score.
    let drawn = standing.leads(standing.order[0], standing.order[1]);
    let mean = drawn.iter().sum::<f64>() / drawn.len() as f64;
    assert!((mean - (a - b)).abs() < 1e-12);
}
