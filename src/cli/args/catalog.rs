//! The words of `weigh catalog`.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::TableOrJson;

#[derive(Debug, Args)]
#[command(
    after_help = "Example:  weigh catalog show gin",
    subcommand_required = true,
    arg_required_else_help = true
)]
pub(in crate::cli) struct CatalogArgs {
    #[command(subcommand)]
    pub command: CatalogCommand,
}

#[derive(Debug, Subcommand)]
pub(in crate::cli) enum CatalogCommand {
    /// List the candidates by domain.
    List(CatalogListArgs),
    /// Show one candidate: each fact, who says so and since when.
    Show(CatalogShowArgs),
    /// Check for stale, unsourced and contradictory facts, and print how far each candidate can be trusted.
    Check(CatalogCheckArgs),
    /// Bring facts up to date from registries, support data and repositories.
    #[cfg(feature = "refresh")]
    Refresh(CatalogRefreshArgs),
}

/// Which catalogs, on which day.
#[derive(Debug, Args)]
pub(in crate::cli) struct ShelfArgs {
    /// Only candidates of this domain.
    #[arg(long, value_name = "DOMAIN")]
    pub domain: Option<String>,
    /// Project whose catalogs/ come before the built-in ones, or that folder itself; the working folder otherwise.
    #[arg(long, value_name = "DIR")]
    pub catalogs: Option<PathBuf>,
    /// Take measurements only from here; `repo` is catalogs/evidence.
    #[arg(long, value_name = "PATH|repo")]
    pub evidence: Option<String>,
    /// Today's date, for staleness; --date is the same.
    #[arg(long, alias = "date", value_name = "DATE")]
    pub as_of: Option<String>,
}

#[derive(Debug, Args)]
#[command(after_help = "Example:  weigh catalog list --domain databases")]
pub(in crate::cli) struct CatalogListArgs {
    #[command(flatten)]
    pub shelf: ShelfArgs,
    /// How to print.
    #[arg(long, value_enum, default_value_t = TableOrJson::Table)]
    pub format: TableOrJson,
}

#[derive(Debug, Args)]
#[command(after_help = "Example:  weigh catalog show gin --format json")]
pub(in crate::cli) struct CatalogShowArgs {
    /// The candidate.
    #[arg(value_name = "ID")]
    pub id: String,
    #[command(flatten)]
    pub shelf: ShelfArgs,
    /// How to print.
    #[arg(long, value_enum, default_value_t = TableOrJson::Table)]
    pub format: TableOrJson,
}

#[derive(Debug, Args)]
#[command(after_help = "Example:  weigh catalog check --as-of 2027-06-01")]
pub(in crate::cli) struct CatalogCheckArgs {
    #[command(flatten)]
    pub shelf: ShelfArgs,
    /// How to print.
    #[arg(long, value_enum, default_value_t = TableOrJson::Table)]
    pub format: TableOrJson,
}

#[cfg(feature = "refresh")]
#[derive(Debug, Args)]
#[command(after_help = "Example:  weigh catalog refresh flask gin --base git=../clones --write")]
pub(in crate::cli) struct CatalogRefreshArgs {
    /// Only these candidates.
    #[arg(value_name = "ID")]
    pub ids: Vec<String>,
    #[command(flatten)]
    pub shelf: ShelfArgs,
    /// Write the changes; otherwise they are only shown.
    #[arg(long)]
    pub write: bool,
    /// Where a source is: an address, or a folder of its files or clones; repeatable. Sources: pypi, npm, cargo, go, maven,
    /// endoflife, git, scorecard, deps.
    #[arg(long, value_name = "SOURCE=URL|DIR")]
    pub base: Vec<String>,
    /// Ask only this source; repeatable.
    #[arg(long, value_name = "SOURCE")]
    pub source: Vec<String>,
    /// Seconds that one request may take.
    #[arg(long, value_name = "SECONDS", default_value_t = 20, value_parser = clap::value_parser!(u64).range(1..=600))]
    pub timeout: u64,
    /// How often a request is tried again after a failure that may pass.
    #[arg(long, value_name = "N", default_value_t = 2, value_parser = clap::value_parser!(u32).range(0..=10))]
    pub retries: u32,
    /// How to print.
    #[arg(long, value_enum, default_value_t = TableOrJson::Table)]
    pub format: TableOrJson,
}
