//! The command line of `weigh catalog`.

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
    /// Show the facts of a candidate with source and date.
    Show(CatalogShowArgs),
    /// Report stale, unsourced and contradictory facts, and how well each candidate is documented.
    Check(CatalogCheckArgs),
    /// Update facts from package registries, support data and Git repositories.
    #[cfg(feature = "refresh")]
    Refresh(CatalogRefreshArgs),
}

/// Which catalogs a command reads, and as of which day.
#[derive(Debug, Args)]
pub(in crate::cli) struct ShelfArgs {
    /// Only candidates of this domain.
    #[arg(long, value_name = "DOMAIN")]
    pub domain: Option<String>,
    /// Project whose catalogs/ override the built-in ones, or that folder itself [default: working directory].
    #[arg(long, value_name = "DIR")]
    pub catalogs: Option<PathBuf>,
    /// Read measurements from this path only; `repo` stands for catalogs/evidence.
    #[arg(long, value_name = "PATH|repo")]
    pub evidence: Option<String>,
    /// Evaluate as of this date (staleness, support) [alias: --date].
    #[arg(long, alias = "date", value_name = "DATE")]
    pub as_of: Option<String>,
}

#[derive(Debug, Args)]
#[command(after_help = "Example:  weigh catalog list --domain databases")]
pub(in crate::cli) struct CatalogListArgs {
    #[command(flatten)]
    pub shelf: ShelfArgs,
    /// Output format.
    #[arg(long, value_enum, default_value_t = TableOrJson::Table)]
    pub format: TableOrJson,
}

#[derive(Debug, Args)]
#[command(after_help = "Example:  weigh catalog show gin --format json")]
pub(in crate::cli) struct CatalogShowArgs {
    /// Id of the candidate.
    #[arg(value_name = "ID")]
    pub id: String,
    #[command(flatten)]
    pub shelf: ShelfArgs,
    /// Output format.
    #[arg(long, value_enum, default_value_t = TableOrJson::Table)]
    pub format: TableOrJson,
}

#[derive(Debug, Args)]
#[command(after_help = "Example:  weigh catalog check --as-of 2027-06-01")]
pub(in crate::cli) struct CatalogCheckArgs {
    #[command(flatten)]
    pub shelf: ShelfArgs,
    /// Output format.
    #[arg(long, value_enum, default_value_t = TableOrJson::Table)]
    pub format: TableOrJson,
}

#[cfg(feature = "refresh")]
#[derive(Debug, Args)]
#[command(after_help = "Example:  weigh catalog refresh flask gin --base git=../clones --write")]
pub(in crate::cli) struct CatalogRefreshArgs {
    /// Ids of the candidates to refresh [default: all].
    #[arg(value_name = "ID")]
    pub ids: Vec<String>,
    #[command(flatten)]
    pub shelf: ShelfArgs,
    /// Write the changes instead of only showing them.
    #[arg(long)]
    pub write: bool,
    /// Base URL of a source, or a folder with its files or clones; may be repeated. Sources: pypi, npm, cargo, go, maven,
    /// endoflife, git, scorecard, deps.
    #[arg(long, value_name = "SOURCE=URL|DIR")]
    pub base: Vec<String>,
    /// Query only this source; may be repeated.
    #[arg(long, value_name = "SOURCE")]
    pub source: Vec<String>,
    /// Timeout of a request in seconds.
    #[arg(long, value_name = "SECONDS", default_value_t = 20, value_parser = clap::value_parser!(u64).range(1..=600))]
    pub timeout: u64,
    /// Number of retries after a transient failure.
    #[arg(long, value_name = "N", default_value_t = 2, value_parser = clap::value_parser!(u32).range(0..=10))]
    pub retries: u32,
    /// Output format.
    #[arg(long, value_enum, default_value_t = TableOrJson::Table)]
    pub format: TableOrJson,
}
