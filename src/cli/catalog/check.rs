//! `weigh catalog check`: reports stale and contradictory facts, and counts facts by kind of evidence.

use schemars::JsonSchema;
use serde::Serialize;

use super::super::args::catalog::CatalogCheckArgs;
use super::super::args::{TableOrJson, date_or_today};
use super::super::output::Output;
use super::super::table::{Side, TextTable};
use super::super::{Exit, Failure};
use crate::analysis::consistency;
use crate::diagnostic::{self, Code, Diagnostic, Diagnostics};
use crate::load::LoadedCatalog;
use crate::quantity::date::Date;
use crate::tr;
use crate::view::catalog::{Counts, TrustView};
use crate::view::{self, figure};

/// The JSON of `weigh catalog check`.
#[derive(Serialize, JsonSchema)]
pub(in crate::cli) struct CheckedView {
    #[serde(flatten)]
    trust: TrustView,
    #[serde(flatten)]
    check: view::diagnostic::CheckView,
}

pub(super) fn run(args: &CatalogCheckArgs, output: &mut Output) -> Result<Exit, Failure> {
    let mut loaded = super::open_catalogs(&args.shelf)?;
    let today = date_or_today(args.shelf.as_of.as_deref())?;
    let mut sink = std::mem::take(&mut loaded.diagnostics);
    report_contradictions(&loaded, today, &mut sink);
    for entry in super::entries_of_domain(&loaded, &args.shelf) {
        for (name, fact) in &entry.candidate.facts {
            if let Some(expired) = fact.provenance.expires.filter(|_| fact.stale) {
                let id = &entry.candidate.id;
                let message = tr!(
                    "`{name}` of `{id}` expired on {expired}",
                    "`{id}` 的 `{name}` 已于 {expired} 过期"
                );
                let hint = tr!(
                    "`weigh catalog refresh`, or look it up again",
                    "运行 `weigh catalog refresh`，或重新查证"
                );
                sink.push(Diagnostic::new(Code::StaleFact, fact.span, message).hint(hint));
            }
        }
    }
    let trust = view::catalog::trust(super::entries_of_domain(&loaded, &args.shelf));
    let exit = if sink.has_errors() {
        Exit::Failed
    } else {
        Exit::Fine
    };
    if args.format == TableOrJson::Json {
        let check = view::diagnostic::check(&sink, &loaded.sources, output.lang);
        output.print_json("catalog-check", &CheckedView { trust, check })?;
        return Ok(exit);
    }
    let style = output.style();
    for diagnostic in sink.sorted() {
        output.print(diagnostic::render(diagnostic, &loaded.sources, style))?;
        output.print("")?;
    }
    print_trust(&trust, output)?;
    let summary = diagnostic::summary(&sink);
    output.print(&summary)?;
    Ok(exit)
}

fn report_contradictions(loaded: &LoadedCatalog, today: Date, sink: &mut Diagnostics) {
    for found in consistency::contradictions(&loaded.catalog, today, sink) {
        let candidate = &loaded.catalog.entries[found.entry].candidate;
        let (id, message) = (&candidate.id, &found.otherwise);
        let mut facts = found
            .facts
            .iter()
            .filter_map(|name| candidate.facts.get(name.as_str()).map(|fact| (name, fact)));
        let at = facts.next().map_or(candidate.span, |(_, fact)| fact.span);
        let mut said = Diagnostic::new(
            Code::ContradictoryFact,
            at,
            tr!("`{id}`: {message}", "`{id}`：{message}"),
        );
        for (name, fact) in facts {
            said = said.label(fact.span, tr!("against `{name}`", "与 `{name}` 矛盾"));
        }
        sink.push(said);
    }
}

fn print_trust(trust: &TrustView, output: &mut Output) -> Result<(), Failure> {
    let head = [
        tr!("domain", "领域"),
        tr!("candidate", "候选"),
        tr!("measured", "测量"),
        tr!("registry", "登记"),
        tr!("published", "公布"),
        tr!("judged", "判断"),
        tr!("missing", "缺失"),
        tr!("stale", "过期"),
        tr!("sourced", "有出处"),
    ];
    let mut sides = vec![Side::Left; 2];
    sides.extend([Side::Right; 7]);
    let mut table = TextTable::new(head.iter().map(|t| output.localize(t)).collect(), sides);
    for row in &trust.candidates {
        table.row(trust_cells(&row.domain, &row.id, &row.counts));
    }
    let together = tr!("all", "合计");
    let count = trust.candidates.len();
    table.row(trust_cells(
        &output.localize(together),
        &count.to_string(),
        &trust.total,
    ));
    output.print_table(&table)?;
    let (missing, all) = (
        trust.total.missing,
        trust.total.sourced + trust.total.policy + trust.total.judged + trust.total.missing,
    );
    let share = figure::percent(trust.total.missing_share);
    let least = trust
        .candidates
        .iter()
        .map(|row| row.counts.sourced)
        .min()
        .unwrap_or(0);
    let said = tr!(
        "{missing} of {all} facts are missing ({share}); every candidate has at least {least} with a source",
        "{all} 项事实中缺失 {missing} 项（{share}）；每个候选至少有 {least} 项有出处"
    );
    output.print("")?;
    output.print(&said)
}

fn trust_cells(domain: &str, id: &str, counts: &Counts) -> Vec<String> {
    let figures = [
        counts.measured,
        counts.registry,
        counts.published,
        counts.judged,
        counts.missing,
        counts.stale,
        counts.sourced,
    ];
    let mut cells = vec![domain.to_owned(), id.to_owned()];
    cells.extend(figures.map(|n| n.to_string()));
    cells
}
