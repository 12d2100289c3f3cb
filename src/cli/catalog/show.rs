//! `weigh catalog show`: one candidate, each fact with its source and date.

use super::super::args::TableOrJson;
use super::super::args::catalog::CatalogShowArgs;
use super::super::output::Output;
use super::super::table::{Side, TextTable};
use super::super::{Exit, Failure};
use crate::tr;
use crate::view;
use crate::view::catalog::FactView;

pub(super) fn run(args: &CatalogShowArgs, output: &mut Output) -> Result<Exit, Failure> {
    let loaded = super::open_catalogs(&args.shelf)?;
    let exit = output.print_diagnostics(&loaded.diagnostics, &loaded.sources);
    let entry = super::find_entry(&loaded, &args.id)?;
    let show = view::catalog::show(&loaded.catalog, entry, output.lang);
    if args.format == TableOrJson::Json {
        output.print_json("catalog-show", &show)?;
        return Ok(exit);
    }
    let variant = show.variant.map_or_else(String::new, |v| format!(", {v}"));
    output.print(format_args!(
        "{} ({}/{}){variant}",
        show.name, show.domain, show.id
    ))?;
    if let Some(about) = &show.about {
        output.print(about)?;
    }
    output.print("")?;
    let head = [
        tr!("fact", "事实"),
        tr!("value", "值"),
        tr!("kind", "类别"),
        tr!("as of", "取证日"),
        tr!("source", "出处"),
    ];
    let mut table = TextTable::new(
        head.iter().map(|t| output.localize(t)).collect(),
        vec![Side::Left; 5],
    );
    for fact in &show.facts {
        let missing = tr!("missing", "缺失");
        let kind = fact
            .kind
            .filter(|_| fact.not_applicable.is_none())
            .map_or_else(
                || match fact.not_applicable {
                    Some(_) => String::new(),
                    None => output.localize(&missing),
                },
                str::to_owned,
            );
        table.row(vec![
            fact.fact.clone(),
            fact.shown.clone(),
            kind,
            date_cell(fact, output),
            fact.missing
                .clone()
                .or_else(|| fact.not_applicable.clone())
                .unwrap_or_else(|| fact.source.clone()),
        ]);
    }
    output.print_table(&table)?;
    Ok(exit)
}

/// Formats the date of a fact, marked if the fact is stale.
fn date_cell(fact: &FactView, output: &Output) -> String {
    let day = fact.as_of.clone().unwrap_or_default();
    if fact.stale {
        format!("{day} {}", output.localize(&tr!("stale", "过期")))
    } else {
        day
    }
}
