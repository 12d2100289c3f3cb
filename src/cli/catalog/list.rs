//! `weigh catalog list`: the candidates by domain.

use super::super::args::TableOrJson;
use super::super::args::catalog::CatalogListArgs;
use super::super::output::Output;
use super::super::table::{Side, TextTable};
use super::super::{Exit, Failure};
use crate::tr;
use crate::view;

pub(super) fn run(args: &CatalogListArgs, output: &mut Output) -> Result<Exit, Failure> {
    let loaded = super::open_catalogs(&args.shelf)?;
    let exit = output.print_diagnostics(&loaded.diagnostics, &loaded.sources);
    let list = view::catalog::list(super::entries_of_domain(&loaded, &args.shelf), output.lang);
    if args.format == TableOrJson::Json {
        output.print_json("catalog-list", &list)?;
        return Ok(exit);
    }
    let head = [
        tr!("domain", "领域"),
        tr!("id", "标识"),
        tr!("name", "名称"),
        tr!("variant", "变体"),
    ];
    let mut table = TextTable::new(
        head.iter().map(|t| output.localize(t)).collect(),
        vec![Side::Left; 4],
    );
    for row in list.candidates {
        table.row(vec![
            row.domain,
            row.id,
            row.name,
            row.variant.unwrap_or_default(),
        ]);
    }
    output.print_table(&table)?;
    Ok(exit)
}
