//! What holds for the answers about any decision.

use serde_json::Value;

/// Figures in JSON have twelve significant digits.
const ROUNDING: f64 = 1e-9;

/// Lists what does not hold of the answer of a command.
pub(super) fn check(command: &str, answer: &Value) -> Vec<String> {
    let mut broken = Broken(Vec::new());
    match command {
        "rank" => rank(answer, &mut broken),
        "robustness" => robustness(answer, &mut broken),
        "sensitivity" => sensitivity(answer, &mut broken),
        "next" => next(answer, &mut broken),
        "pareto" => pareto(answer, &mut broken),
        "stakeholders" => stakeholders(answer, &mut broken),
        other => panic!("{other} has no invariants"),
    }
    broken.0
}

/// The candidates of a ranking that have a rank, in its order.
pub(super) fn ranked(answer: &Value) -> Vec<&Value> {
    rows(&answer["ranking"])
        .filter(|row| row["status"] == "ranked")
        .collect()
}

struct Broken(Vec<String>);

impl Broken {
    fn unless(&mut self, holds: bool, what: impl FnOnce() -> String) {
        if !holds {
            self.0.push(what());
        }
    }

    fn is_near(&mut self, found: f64, wanted: f64, what: &str) {
        self.unless((found - wanted).abs() < ROUNDING, || {
            format!("{what}: {found} is not {wanted}")
        });
    }

    fn is_share(&mut self, value: &Value, what: &str) {
        let holds = value.as_f64().is_none_or(|v| (0.0..=1.0).contains(&v));
        self.unless(holds, || format!("{what}: {value} is not in 0..1"));
    }
}

fn rows(list: &Value) -> impl Iterator<Item = &Value> {
    list.as_array().expect("a list").iter()
}

fn figure(value: &Value) -> f64 {
    value
        .as_f64()
        .unwrap_or_else(|| panic!("{value} is no number"))
}

fn total<'a>(values: impl IntoIterator<Item = &'a Value>) -> f64 {
    values.into_iter().map(figure).sum()
}

/// Contributions add up to scores, shares to one; ranks follow scores; who has no rank has no score.
fn rank(answer: &Value, broken: &mut Broken) {
    let ranked = ranked(answer);
    broken.unless(!ranked.is_empty(), || "nobody is ranked".to_owned());
    for row in rows(&answer["ranking"]) {
        let id = &row["candidate"];
        broken.is_share(&row["pass_probability"], "probability of passing the gates");
        if row["status"] != "ranked" {
            broken.unless(row["rank"].is_null() && row["score"].is_null(), || {
                format!("{id} has a rank")
            });
            broken.unless(rows(&row["reasons"]).next().is_some(), || {
                format!("{id}: no reason is given")
            });
            continue;
        }
        let (parts, score) = (&row["contributions"], figure(&row["score"]));
        broken.is_share(&row["score"], "score");
        broken.is_near(
            rows(parts).filter_map(|p| p["contribution"].as_f64()).sum(),
            score,
            &format!("contributions of {id}"),
        );
        broken.is_near(
            total(rows(parts).map(|p| &p["share"])),
            1.0,
            &format!("shares of {id}"),
        );
        for part in rows(parts) {
            let share = figure(&part["share"]);
            // What does not count may be missing.
            let (score, contribution) = if share == 0.0 {
                (0.0, part["contribution"].as_f64().unwrap_or(0.0))
            } else {
                (figure(&part["score"]), figure(&part["contribution"]))
            };
            let of = format!("{id}, {}", part["criterion"]);
            broken.is_near(contribution, share * score, &of);
        }
        broken.unless(figure(&row["low"]) <= figure(&row["high"]), || {
            format!("{id}: low above high")
        });
        // A rank counts who wins two thirds of the draws, which only those can that are not behind.
        let better = ranked
            .iter()
            .filter(|other| figure(&other["score"]) > score)
            .count();
        let rank = row["rank"].as_u64().and_then(|r| usize::try_from(r).ok());
        let is_sound = rank.is_some_and(|rank| rank >= 1 && rank <= ranked.len());
        broken.unless(is_sound && (better > 0 || rank == Some(1)), || {
            format!("{id} has rank {rank:?}, {better} are better")
        });
    }
}

/// Rank acceptabilities are a distribution over ranks for each candidate and over candidates for the first rank.
fn robustness(answer: &Value, broken: &mut Broken) {
    let acceptability = answer["rank_acceptability"]
        .as_object()
        .expect("one row per candidate");
    for (id, row) in acceptability {
        // Nobody knows the ranks of a candidate without a score.
        if !row.is_null() {
            broken.is_near(
                total(rows(row)),
                1.0,
                &format!("rank acceptability of {id}"),
            );
            rows(row).for_each(|share| broken.is_share(share, id));
        }
    }
    let first: f64 = acceptability
        .values()
        .filter_map(|row| row[0].as_f64())
        .sum();
    broken.is_near(first, 1.0, "acceptability of the first rank");
    for (id, weights) in answer["central_weights"]
        .as_object()
        .expect("one vector per candidate")
    {
        if let Some(weights) = weights.as_object() {
            broken.is_near(
                total(weights.values()),
                1.0,
                &format!("central weights of {id}"),
            );
        }
    }
    let pairs = &answer["pairwise_winning"];
    for (one, row) in pairs.as_object().expect("one row per candidate") {
        for (other, share) in row.as_object().into_iter().flatten() {
            let both = figure(share) + figure(&pairs[other][one]);
            broken.unless(both <= 1.0 + ROUNDING, || {
                format!("{one} and {other} win {both} of the samples")
            });
        }
    }
    for share in answer["confidence_factor"]
        .as_object()
        .expect("one per candidate")
        .values()
    {
        broken.is_share(share, "confidence factor");
    }
    let methods = rows(&answer["methods"]).filter(|method| method["refused"].is_null());
    for method in methods {
        broken.unless(rows(&method["winners"]).next().is_some(), || {
            format!("{} has no winner", method["id"])
        });
    }
}

/// The interval in which the winner stays contains the weight as it is; a change of the winner changes it.
fn sensitivity(answer: &Value, broken: &mut Broken) {
    broken.unless(
        answer["lead"].as_f64().is_none_or(|lead| lead >= 0.0),
        || "the winner is behind".to_owned(),
    );
    for weight in rows(&answer["weights"]) {
        let (share, keeps) = (figure(&weight["share"]), &weight["keeps_winner"]);
        if !keeps.is_null() {
            let (low, high) = (figure(&keeps[0]) - ROUNDING, figure(&keeps[1]) + ROUNDING);
            broken.unless((low..=high).contains(&share), || {
                format!("{}: {share} outside {keeps}", weight["criterion"])
            });
        }
    }
    let change = &answer["smallest_change_of_winner"]["relative"];
    if !change.is_null() {
        broken.unless(
            change["over"] == answer["winner"] && change["under"] != answer["winner"],
            || format!("{change} does not change the winner"),
        );
    }
}

/// No unknown is worth more than knowing everything, nor less than nothing; the most valuable comes first.
fn next(answer: &Value, broken: &mut Broken) {
    let all = &answer["total"];
    if all.is_null() {
        return;
    }
    let (worth, error) = (figure(&all["value_of_information"]), figure(&all["error"]));
    broken.unless(worth >= 0.0, || {
        format!("perfect information is worth {worth}")
    });
    let mut last = f64::INFINITY;
    for unknown in rows(&answer["unknowns"]) {
        let Some(own) = unknown["value_of_information"].as_f64() else {
            continue;
        };
        let limit = worth + 3.0 * (error + unknown["error"].as_f64().unwrap_or(0.0));
        broken.unless((0.0..=limit).contains(&own), || {
            format!("{} is worth {own} of {worth}", unknown["input"])
        });
        broken.unless(own <= last, || {
            format!("{} comes too late", unknown["input"])
        });
        last = own;
    }
}

/// Who is on the front is dominated by nobody, and who is dominated is not on it.
fn pareto(answer: &Value, broken: &mut Broken) {
    let (front, possible): (Vec<&Value>, Vec<&Value>) = (
        rows(&answer["front"]).collect(),
        rows(&answer["possible_front"]).collect(),
    );
    broken.unless(front.iter().all(|id| possible.contains(id)), || {
        "the front is larger than the possible one".to_owned()
    });
    for row in rows(&answer["candidates"]) {
        let (id, dominated) = (
            &row["candidate"],
            rows(&row["dominated_by"]).next().is_some(),
        );
        broken.unless(dominated == (row["front"] == "dominated"), || {
            format!("{id}: {}", row["front"])
        });
        broken.unless(front.contains(&id) == (row["front"] == "efficient"), || {
            format!("{id}: {}", row["front"])
        });
    }
}

/// Shares of the group and weights of each add up to one; whoever is first regrets nothing.
fn stakeholders(answer: &Value, broken: &mut Broken) {
    broken.is_near(
        total(rows(&answer["stakeholders"]).map(|s| &s["share"])),
        1.0,
        "shares of the group",
    );
    for person in rows(&answer["stakeholders"]) {
        let (id, weights) = (
            &person["stakeholder"],
            person["weights"]
                .as_object()
                .expect("one weight per criterion"),
        );
        broken.is_near(total(weights.values()), 1.0, &format!("weights of {id}"));
        broken.is_near(
            figure(&person["ranking"][0]["regret"]),
            0.0,
            &format!("regret of {id} over the first"),
        );
        for row in rows(&person["ranking"]) {
            let holds = row["regret"].as_f64().is_none_or(|regret| regret >= 0.0);
            broken.unless(holds, || {
                format!("{id} regrets {} of {}", row["regret"], row["candidate"])
            });
        }
    }
}
