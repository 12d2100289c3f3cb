//! Two chains per formula, with literal numbers and the arithmetic beside them.

use super::Case;

#[track_caller]
fn close(found: f64, by_hand: f64) {
    assert!(
        (found - by_hand).abs() < 1e-9 * by_hand.abs().max(1.0),
        "{found} instead of {by_hand}"
    );
}

/// One framework, a team of one with a year of everything: a multiplier of 1.
const ONE_YEAR: &str = "    - {id: a, skill: {go: 12 month, gin: 12 month, this-domain: 12 month}}";
const WEB: &str = "  - {id: web, facts: {language: go, platform: gin, coupling: 0.6, learning_weeks: 2 week, effort_factor: 1.2, min_nodes: 1, goodput: 500, ops_hours: 5, breaking_majors: 0, exit_sites: 50 %}}";

fn one(criteria: &str, team: &str, context: &str, node: &str) -> f64 {
    one_of(WEB, criteria, team, context, node)
}

fn one_of(candidates: &str, criteria: &str, team: &str, context: &str, node: &str) -> f64 {
    Case {
        candidates,
        criteria,
        team,
        context,
    }
    .values(node)[0]
}

#[test]
fn the_multiplier_of_people_who_know_one_language() {
    let team = "
    - {id: a, skill: {go: 36 month, gin: 12 month, this-domain: 12 month}}
    - {id: b, share: 0.5, skill: {go: 6 month}}";
    // LTEX 0.91 * PLEX 1.00 * APEX 1.00 = 0.91
    // LTEX 1.09 * PLEX 1.19 * APEX 1.22 = 1.582462, by half of the time
    let by_hand = (0.91 + 0.5 * 1.09 * 1.19 * 1.22) / 1.5;
    close(
        one(
            "{use: team_fit, points: 1}",
            team,
            "",
            "experience_multiplier",
        ),
        by_hand,
    );
}

#[test]
fn the_multiplier_with_another_language_and_a_second_part() {
    let candidates = "
  - {id: both, parts: [web, broker]}
  - {id: web, facts: {language: go, platform: gin, coupling: 0.6}}
  - {id: broker, facts: {language: {not_applicable: its clients exist for every language}, platform: rabbitmq, coupling: 0.15}}";
    let team =
        "    - {id: a, skill: {python: 72 month, rabbitmq: 36 month, this-domain: 12 month}}";
    // Six years of Python save 0.36; 0.35 of it carries over to Go: 1.20 - 0.35 * 0.36 = 1.074.
    // Gin is new (1.19) and touched by 0.6 of the work, RabbitMQ is known for three years (0.91) and touched by 0.15.
    let by_hand = 1.074 * (0.6 * 1.19 + 0.15 * 0.91) / 0.75;
    close(
        one_of(
            candidates,
            "{use: team_fit, points: 1}",
            team,
            "",
            "experience_multiplier",
        ),
        by_hand,
    );
}

#[test]
fn learning_a_platform() {
    let team = "    - {id: a, skill: {go: 12 month, this-domain: 12 month}}";
    // 2 weeks, none known, no language gap: 2 * 1 * (1/2 + 0.1) = 1.2 person-weeks = 6 person-days
    close(
        one(
            "{use: learning_cost, points: 1}",
            team,
            "",
            "learning_effort",
        ),
        6.0,
    );
}

#[test]
fn learning_a_platform_half_known_in_a_new_language() {
    let team = "    - {id: a, count: 2, share: 0.5, skill: {gin: 3 month}}";
    // 2 people half of the time, 2 weeks, half known, 1 + 1.5 times as long: 1 * 2 * 0.5 * 2.5 * 0.6 = 1.5 person-weeks
    close(
        one(
            "{use: learning_cost, points: 1}",
            team,
            "",
            "learning_effort",
        ),
        7.5,
    );
}

#[test]
fn the_first_release() {
    // 100 person-days * 1 * 1.2 = 120, nothing to learn, one person: 24 weeks
    close(
        one(
            "{use: delivery, points: 1}",
            ONE_YEAR,
            "",
            "time_to_release",
        ),
        24.0,
    );
}

#[test]
fn the_first_release_by_newcomers() {
    let team = "
    - {id: a, skill: {go: 12 month, this-domain: 12 month}}
    - {id: b, share: 0.5, skill: {go: 12 month, this-domain: 12 month}}";
    // 100 * 1.19 * 1.2 = 142.8 person-days, learning 6 + 3, by 1.5 people: 101.2 days = 20.24 weeks
    close(
        one("{use: delivery, points: 1}", team, "", "time_to_release"),
        (142.8 + 9.0) / 1.5 / 5.0,
    );
}

#[test]
fn the_interest_of_an_end_of_support() {
    let web = WEB.replace(
        "breaking_majors: 0",
        "breaking_majors: 0, support_end: 2027-01-01",
    );
    // 100 * 0.2 a year * 0.5 = 10 person-days a year without support. From 2026-01-01 support lasts 365 days of a year of 365.25:
    // 0.25 / 365.25 of the first year, the second, and half of the third are without.
    let by_hand = 10.0 * (0.25 / 365.25 + 1.0 + 0.5);
    close(
        one_of(
            &web,
            "{use: tech_debt, points: 1}",
            ONE_YEAR,
            "horizon: 2.5 year",
            "debt_effort",
        ),
        by_hand,
    );
}

#[test]
fn the_principal_of_breaking_majors() {
    let web = WEB.replace(
        "breaking_majors: 0",
        "breaking_majors: 5, support_end: 2036-01-01, upgrade_share: 4 %",
    );
    let team = "    - {id: a, skill: {go: 12 month, gin: 12 month}}";
    // One major a year, 100 * 4 % each, three years, by people new to the domain (APEX 1.22), at 10 %: 4 * 1.22 * (1/1.1 + 1/1.21 + 1/1.331)
    let by_hand = 4.0 * 1.22 * (1.0 / 1.1 + 1.0 / 1.21 + 1.0 / 1.331);
    close(
        one_of(
            &web,
            "{use: tech_debt, points: 1}",
            team,
            "discount_rate: 10 %",
            "debt_effort",
        ),
        by_hand,
    );
}

#[test]
fn leaving_a_framework() {
    // Rewrite 100 * 0.6 * min(1, 50 % * 0.5) = 15, both in parallel 100 * 10 % * 0.6 = 6: 21 person-days
    close(
        one(
            "{id: leaving, expr: exit_effort, unit: person-day, value: {worst: 100, best: 0}, points: 1}",
            ONE_YEAR,
            "",
            "exit_effort",
        ),
        21.0,
    );
    // 168 person-hours * 70 EUR, left with 10 % in the first year or 90 % * 10 % in the second
    let by_hand = 168.0 * 70.0 * (0.1 + 0.09);
    close(
        one(
            "{use: exit_cost, points: 1}",
            ONE_YEAR,
            "horizon: 2 year",
            "exit_expected",
        ),
        by_hand,
    );
}

#[test]
fn leaving_the_parts_of_a_stack() {
    let candidates = "
  - {id: both, parts: [web, store]}
  - {id: web, facts: {coupling: 0.6, exit_sites: 50 %, hazard: 0 %, holds_data: false}}
  - {id: store, facts: {coupling: 0.3, exit_sites: 100 %, hazard: 20 %, holds_data: true}}";
    let context = "
exit.rework: 1.2
exit.data: 100 GB
horizon: 1.5 year";
    // The store: 100 * 0.3 * min(1, 1 * 1.2) = 30, data 100 * 0.05 = 5, both in parallel 3: 38 person-days = 304 person-hours;
    // left with 20 % in the first year, with half of 80 % * 20 % in the half year after. The framework is never left.
    let by_hand = 304.0 * 70.0 * (0.2 + 0.5 * 0.16);
    close(
        one_of(
            candidates,
            "{use: exit_cost, points: 1}",
            ONE_YEAR,
            context,
            "exit_expected",
        ),
        by_hand,
    );
}

#[test]
fn running_a_framework() {
    // Nodes: 1300 / (500 * 2 * 0.85) = 1.53, so 2 and a spare one: 3 * 60 * 12 = 2,160 EUR
    // Toil: 5 * 12 * 70 = 4,200 EUR; incidents: 4 * 3 * (70 + 200) = 3,240 EUR
    close(
        one("{use: ops_cost, points: 1}", ONE_YEAR, "", "operations"),
        2160.0 + 4200.0 + 3240.0,
    );
}

#[test]
fn running_a_stack_with_a_quorum_and_a_managed_part() {
    let candidates = format!(
        "  - {{id: all, parts: [web, broker, mail]}}
{WEB}
  - {{id: broker, facts: {{language: {{not_applicable: none}}, platform: kafka, coupling: 0.2, min_nodes: 3, ops_hours: 10, serves_requests: false, incident_rate: 1}}}}
  - {{id: mail, facts: {{language: {{not_applicable: none}}, platform: mail, coupling: 0.2, ops_hours: 1, serves_requests: false, managed: true, managed_fee: 50 EUR/month}}}}"
    );
    let team = "    - {id: a, skill: {go: 12 month, gin: 12 month, mail: 72 month, this-domain: 12 month}}";
    // Nodes: 3 as above and 3 for the broker: 6 * 60 * 12 = 4,320 EUR; fee 600 EUR
    // Toil: Gin 5 * 1.00, Kafka 10 * 1.19, mail 1 * 0.85: 17.75 * 12 * 70 = 14,910 EUR
    // PLEX (0.6 * 1.00 + 0.2 * 1.19 + 0.2 * 0.85) / 1 = 1.008; incidents 4 * 3 * (70 * 1.008 + 200) = 3,246.72 EUR
    let by_hand = 4320.0 + 600.0 + 14910.0 + 12.0 * (70.0 * 1.008 + 200.0);
    let team_of_one = one_of(
        &candidates,
        "{use: ops_cost, points: 1}",
        team,
        "",
        "operations",
    );
    close(team_of_one, by_hand);
}

#[test]
fn all_costs_together() {
    // Building 120, learning 0, maintenance 100 * 0.2 by somebody whose experience grows: in the middle of the first year 18 months.
    let ln =
        |m: f64, (a, x): (f64, f64), (b, y): (f64, f64)| x + (y - x) * (m / a).ln() / (b / a).ln();
    let later = |m: f64| {
        ln(m, (12.0, 1.0), (36.0, 0.91))
            * ln(m, (12.0, 1.0), (36.0, 0.91))
            * ln(m, (12.0, 1.0), (36.0, 0.88))
    };
    let maintenance = 20.0 * later(18.0);
    close(
        one(
            "{use: tco, points: 1}",
            ONE_YEAR,
            "horizon: 1 year",
            "maintenance_effort",
        ),
        maintenance,
    );
    // Debt: no end of support is published, 20 * 0.5 * 0.2 = 2. Operations 9,600 EUR. Leaving 168 person-hours * 70 * 10 %.
    let by_hand = 8.0 * 70.0 * (120.0 + maintenance + 2.0) + 9600.0 + 168.0 * 70.0 * 0.1;
    close(
        one(
            "{use: tco, points: 1}",
            ONE_YEAR,
            "horizon: 1 year",
            "total_cost",
        ),
        by_hand,
    );
}
