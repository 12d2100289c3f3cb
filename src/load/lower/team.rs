//! Lowers team files: members, their share of working time, and their skills.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::diagnostic::{Code, Diagnostic};
use crate::formula::LookupTable;
use crate::lang::Text;
use crate::load::lower::fact::FactReader;
use crate::model::decision::{Team, TeamMember};
use crate::model::evidence::{Fact, FactValue, Provenance, StaleRule};
use crate::model::library::ValueForm;
use crate::quantity::date::Date;
use crate::quantity::distribution::Distribution;
use crate::quantity::unit::Unit;
use crate::schema::decision::{MemberDoc, TeamDoc};
use crate::schema::{Scalar, Spanned};
use crate::source::Span;
use crate::tr;

/// The table that converts a level such as "8 of 10" into months of experience.
pub(crate) const SKILL_SCALE: &str = "skill_scale";
/// Limit on the entries of a team.
const MOST_MEMBERS: usize = 200;

/// Reads a team; `scale` is the table that converts skill levels into times.
pub(crate) fn lower_team(
    doc: &TeamDoc,
    scale: Option<&LookupTable>,
    reader: &mut FactReader<'_>,
) -> Team {
    let title = doc.title.as_ref().map_or_else(
        || Text::name(doc.team.as_deref().unwrap_or("team")),
        |t| t.0.clone(),
    );
    let inherited = reader.defaults(doc.defaults.as_ref(), &Arc::new(Provenance::default()));
    let mut members: Vec<TeamMember> = Vec::new();
    let mut people: BTreeSet<&str> = BTreeSet::new();
    for member in &doc.members {
        let id = &member.value.id;
        if members.len() == MOST_MEMBERS {
            let message = tr!(
                "a team has at most {MOST_MEMBERS} entries",
                "团队最多 {MOST_MEMBERS} 项"
            );
            reader
                .sink
                .push(Diagnostic::new(Code::OutOfRange, id.span, message));
            break;
        }
        if members.iter().any(|m| m.id == id.value) {
            let name = &id.value;
            reader.sink.push(Diagnostic::new(
                Code::DefinedTwice,
                id.span,
                tr!("`{name}` is in the team twice", "`{name}` 在团队中重复出现"),
            ));
            continue;
        }
        for person in &member.value.people {
            if !people.insert(&person.value) {
                let name = &person.value;
                reader.sink.push(Diagnostic::new(
                    Code::DefinedTwice,
                    person.span,
                    tr!("`{name}` is in the team twice", "`{name}` 在团队中重复出现"),
                ));
            }
        }
        members.push(lower_member(&member.value, scale, &inherited, reader));
    }
    Team { title, members }
}

fn lower_member(
    doc: &MemberDoc,
    scale: Option<&LookupTable>,
    inherited: &Arc<Provenance>,
    reader: &mut FactReader<'_>,
) -> TeamMember {
    let own = reader.defaults(doc.defaults.as_ref(), inherited);
    let one = |span: Span| plain(Distribution::Certain(1.0), span);
    let share = doc.share.as_ref().and_then(|s| {
        let number = reader.number(&s.value, s.span, &ValueForm::Number(Unit::one()), None)?;
        bounded(reader, number, 0.0, 1.0, s.span)
    });
    let count = doc.count.as_ref().and_then(|c| {
        bounded(
            reader,
            Distribution::Certain(c.value),
            0.0,
            10_000.0,
            c.span,
        )
    });
    let mut skill = BTreeMap::new();
    for (name, level) in &doc.skill {
        if let Some(fact) = experience(&level.value, level.span, scale, reader) {
            skill.insert(name.value.clone(), sourced(fact, &own, reader.as_of));
        }
    }
    let named = people_count(doc, reader);
    let count = count.or(named);
    TeamMember {
        id: doc.id.value.clone(),
        name: doc
            .name
            .as_ref()
            .map_or_else(|| default_name(doc), |n| n.0.clone()),
        count: sourced(
            count.unwrap_or_else(|| one(doc.id.span)),
            &own,
            reader.as_of,
        ),
        share: sourced(
            share.unwrap_or_else(|| one(doc.id.span)),
            &own,
            reader.as_of,
        ),
        skill,
    }
}

/// The name of a member that states none: that of the people it lists, else its id.
fn default_name(doc: &MemberDoc) -> Text {
    if doc.people.is_empty() {
        return Text::name(&doc.id.value);
    }
    let people: Vec<Text> = doc.people.iter().map(|p| Text::name(&p.value)).collect();
    Text::list(&people)
}

/// The number of people listed by name; reports a `count` that says otherwise.
fn people_count(doc: &MemberDoc, reader: &mut FactReader<'_>) -> Option<Fact> {
    let first = doc.people.first()?;
    let listed = doc.people.len() as f64;
    if let Some(count) = doc.count.as_ref().filter(|count| count.value != listed) {
        let stated = count.value;
        let message = tr!(
            "`count` is {stated}, but `people` lists {listed}",
            "`count` 为 {stated}，而 `people` 列出 {listed} 人"
        );
        let hint = tr!(
            "leave `count` out: the people are counted",
            "请去掉 `count`：人数由名单得出"
        );
        reader
            .sink
            .push(Diagnostic::new(Code::ContradictoryFact, count.span, message).hint(hint));
    }
    Some(plain(Distribution::Certain(listed), first.span))
}

/// Returns what is said about a member with its source and date; a stale number widens, as that of a candidate does.
fn sourced(fact: Fact, provenance: &Arc<Provenance>, today: Date) -> Fact {
    Fact {
        provenance: provenance.clone(),
        stale: provenance.expires.is_some_and(|day| day < today),
        ..fact
    }
    .usable(StaleRule::default(), today)
}

fn plain(number: Distribution, span: Span) -> Fact {
    Fact {
        value: FactValue::Number(number),
        provenance: Arc::new(Provenance::default()),
        domain: None,
        span,
        stale: false,
    }
}

fn bounded(
    reader: &mut FactReader<'_>,
    number: Distribution,
    low: f64,
    high: f64,
    span: Span,
) -> Option<Fact> {
    let (least, most) = number.support();
    if least < low || most > high {
        reader.sink.push(Diagnostic::new(
            Code::OutOfRange,
            span,
            tr!("outside {low}..{high}", "超出 {low}..{high}"),
        ));
        return None;
    }
    Some(plain(number, span))
}

/// Parses an experience: a time, or a level of ten on the scale that the criteria declare.
fn experience(
    level: &Scalar,
    span: Span,
    scale: Option<&LookupTable>,
    reader: &mut FactReader<'_>,
) -> Option<Fact> {
    if let Scalar::Text(text) = level
        && let Some(of_ten) = text
            .trim()
            .strip_suffix("of 10")
            .or_else(|| text.trim().strip_suffix("/10"))
    {
        let Some(LookupTable::Curve { points, .. }) = scale else {
            let message = tr!(
                "no table `{SKILL_SCALE}` converts a level of ten into a time",
                "没有表格 `{SKILL_SCALE}` 可将十分制换算为时间"
            );
            reader
                .sink
                .push(Diagnostic::new(Code::UnknownReference, span, message));
            return None;
        };
        let Some(x) = of_ten
            .trim()
            .parse::<f64>()
            .ok()
            .filter(|x| (0.0..=10.0).contains(x))
        else {
            reader.sink.push(Diagnostic::new(
                Code::OutOfRange,
                span,
                tr!("a level lies between 0 and 10", "等级应在 0 与 10 之间"),
            ));
            return None;
        };
        let at = points.partition_point(|p| p.0 <= x);
        let months = match (at.checked_sub(1).map(|i| points[i]), points.get(at)) {
            (Some((x0, y0)), Some(&(x1, y1))) => y0 + (y1 - y0) * (x - x0) / (x1 - x0),
            (Some(last), None) => last.1,
            (None, first) => first.map_or(0.0, |p| p.1),
        };
        return Some(plain(Distribution::Certain(months), span));
    }
    let month = reader
        .units
        .word("month")
        .expect("month is a built-in unit");
    let time = reader.number(level, span, &ValueForm::Number(month), None)?;
    bounded(reader, time, 0.0, 100.0 * 365.25 * 86_400.0, span)
}

/// Sets a member's `share`, `count` or skill; `false` where `path` names no member.
pub(crate) fn set_member(
    team: &mut Team,
    path: &str,
    value: &Spanned<Scalar>,
    scale: Option<&LookupTable>,
    reader: &mut FactReader<'_>,
) -> bool {
    let Some((id, field)) = path.split_once('.') else {
        return false;
    };
    let Some(member) = team.members.iter_mut().find(|m| m.id == id) else {
        return false;
    };
    let plain_unit = ValueForm::Number(Unit::one());
    match field {
        "share" => {
            if let Some(number) = reader.number(&value.value, value.span, &plain_unit, None)
                && let Some(fact) = bounded(reader, number, 0.0, 1.0, value.span)
            {
                member.share = fact;
            }
        }
        "count" => {
            let people = ValueForm::Number(Unit::person());
            if let Some(number) = reader.number(&value.value, value.span, &people, None)
                && let Some(fact) = bounded(reader, number, 0.0, 10_000.0, value.span)
            {
                member.count = fact;
            }
        }
        other => {
            let skill = other.strip_prefix("skill.").unwrap_or(other);
            if let Some(fact) = experience(&value.value, value.span, scale, reader) {
                member.skill.insert(skill.to_owned(), fact);
            }
        }
    }
    true
}
