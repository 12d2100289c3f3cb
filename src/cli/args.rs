//! The command line: every command, flag and its English help. Chinese help is in `help.rs`.

#[cfg(feature = "bench")]
pub(super) mod bench;
pub(super) mod catalog;
#[cfg(feature = "bench")]
pub(super) mod import;

use std::path::PathBuf;

use clap::{Args, CommandFactory, Parser, Subcommand, ValueEnum};

use super::Failure;
use crate::lang::Lang;
use crate::load::{Choice, EvidenceChoice};
use crate::quantity::date::Date;
use crate::tr;

/// Which technology should we choose, and can we defend it?
#[derive(Debug, Parser)]
#[command(
    name = "weigh",
    version,
    propagate_version = true,
    subcommand_required = true,
    arg_required_else_help = true
)]
#[command(after_help = "Get started:  weigh init my-decision && weigh rank my-decision")]
pub(super) struct Cli {
    /// Language of the output and of messages [default: the locale's].
    #[arg(long, global = true, value_enum, value_name = "LANG")]
    pub lang: Option<LangArg>,
    /// When to use color.
    #[arg(long, global = true, value_enum, default_value_t = Color::Auto, value_name = "WHEN")]
    pub color: Color,
    #[command(subcommand)]
    pub command: Command,
}

/// When to use color.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Color {
    Auto,
    Always,
    Never,
}

/// The values of `--lang`.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum LangArg {
    En,
    Zh,
}

impl From<LangArg> for Lang {
    fn from(arg: LangArg) -> Self {
        match arg {
            LangArg::En => Self::En,
            LangArg::Zh => Self::Zh,
        }
    }
}

/// Returns the definition of the command line.
#[must_use]
pub fn command() -> clap::Command {
    Cli::command()
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Create a small, commented decision that can be ranked right away.
    Init(InitArgs),
    /// Check decisions and catalogs and print every problem.
    Check(CheckArgs),
    /// Rank the candidates of a decision.
    Rank(RankArgs),
    /// Explain a score: formulas, evidence, benchmark runs.
    Why(WhyArgs),
    /// Compare two candidates criterion by criterion, with trade-off rates.
    Compare(CompareArgs),
    /// Print the decision graph as text, Mermaid, DOT, SVG or JSON.
    Graph(GraphArgs),
    /// Compute rank probabilities by Monte Carlo (SMAA-2).
    Robustness(RobustnessArgs),
    /// List Pareto dominance between candidates; weights play no part.
    Pareto(ParetoArgs),
    /// Compare the rankings of the stakeholders and measure their agreement.
    Stakeholders(StakeholdersArgs),
    /// Derive weights from judgements, or from the spread of the data.
    Weights(WeightsArgs),
    /// Find the weights and inputs at which another candidate would come first.
    Sensitivity(SensitivityArgs),
    /// Rank the unknowns by their expected value of information (EVPI, EVPPI).
    Next(NextArgs),
    /// Write reports, decision records, indexes and technology radars.
    Report(ReportArgs),
    /// Record the ranking of a decision and the evidence it rests on.
    Record(RecordArgs),
    /// Check that recorded choices still hold; meant for CI.
    Recheck(RecheckArgs),
    /// Show what changed between two revisions and how that moved the ranking.
    Diff(DiffArgs),
    /// List the decisions that rest on a fact, an input or a candidate.
    Uses(UsesArgs),
    /// Explore a decision interactively in the terminal.
    #[cfg(feature = "tui")]
    Explore(ExploreArgs),
    /// Benchmark reference services, or import results of other tools.
    #[cfg(feature = "bench")]
    Bench(bench::BenchArgs),
    /// List, show, check or refresh the candidates of the catalogs.
    Catalog(catalog::CatalogArgs),
    /// Print the JSON Schema of a file kind.
    Schema(SchemaArgs),
    /// Explain a diagnostic code in detail.
    Explain(ExplainArgs),
    /// Generate shell completions.
    Completions(CompletionsArgs),
}

/// The decision a command works on, and how it is opened.
#[derive(Debug, Args)]
pub(super) struct DecisionArgs {
    /// Decision file, folder with decision.yaml, matrix CSV, or - for stdin.
    #[arg(value_name = "DECISION")]
    pub decision: PathBuf,
    #[command(flatten)]
    pub choice: ChoiceArgs,
}

/// How a decision is opened: scenario, weights, overrides, evidence, date.
#[derive(Clone, Debug, Args)]
pub(super) struct ChoiceArgs {
    /// Apply a scenario.
    #[arg(long, value_name = "ID|FILE")]
    pub scenario: Option<String>,
    /// Use the weights of a stakeholder.
    #[arg(long, value_name = "ID")]
    pub stakeholder: Option<String>,
    /// Use a weight profile.
    #[arg(long, value_name = "ID|FILE")]
    pub profile: Option<String>,
    /// Override an input, parameter or fact; may be repeated.
    #[arg(long, value_name = "INPUT=VALUE")]
    pub set: Vec<String>,
    /// Read measurements from this path only; `repo` stands for catalogs/evidence.
    #[arg(long, value_name = "PATH|repo")]
    pub evidence: Option<String>,
    /// Evaluate as of this date (staleness, support) [alias: --date].
    #[arg(long, alias = "date", value_name = "DATE")]
    pub as_of: Option<String>,
}

impl ChoiceArgs {
    /// Returns these options as `load` takes them.
    pub(super) fn choice(&self) -> Result<Choice, Failure> {
        let as_of = self.as_of.as_deref().map(parse_date).transpose()?;
        let evidence = match self.evidence.as_deref() {
            None => EvidenceChoice::Nearest,
            Some("repo") => EvidenceChoice::Repository,
            Some(path) => {
                let path = PathBuf::from(path);
                if !path.exists() {
                    let shown = path.display();
                    return Err(Failure::environment(tr!(
                        "there is no evidence at `{shown}`",
                        "`{shown}` 处没有证据"
                    )));
                }
                EvidenceChoice::Path(path)
            }
        };
        Ok(Choice {
            scenario: self.scenario.clone(),
            stakeholder: self.stakeholder.clone(),
            profile: self.profile.clone(),
            set: self.set.clone(),
            evidence,
            as_of,
            today: today(),
        })
    }
}

/// Returns the date given with `--as-of`, or today.
pub(super) fn date_or_today(typed: Option<&str>) -> Result<Date, Failure> {
    typed.map_or_else(|| Ok(today()), parse_date)
}

fn parse_date(typed: &str) -> Result<Date, Failure> {
    Date::parse(typed).ok_or_else(|| {
        Failure::usage(tr!(
            "--as-of takes a date such as 2026-11-22, not `{typed}`",
            "--as-of 需要日期，如 2026-11-22，而不是 `{typed}`"
        ))
    })
}

/// Returns today's date in UTC, so that a command gives the same result in every time zone.
pub(super) fn today() -> Date {
    let now = jiff::Timestamp::now().to_zoned(jiff::tz::TimeZone::UTC);
    Date::from(now.date())
}

/// A method with its parameters.
#[derive(Debug, Args)]
pub(super) struct MethodArgs {
    /// Aggregation method.
    #[arg(long, value_name = "METHOD", default_value = "value")]
    pub method: String,
    /// Parameter of the method; may be repeated.
    #[arg(long, value_name = "K=V")]
    pub param: Vec<String>,
}

#[derive(Debug, Args)]
#[command(after_help = "Example:  weigh init my-decision")]
pub(super) struct InitArgs {
    /// Folder to write to.
    #[arg(value_name = "DIR", default_value = ".")]
    pub dir: PathBuf,
    /// Create a catalog domain of this name instead.
    #[arg(long, value_name = "NAME")]
    pub domain: Option<String>,
}

#[derive(Debug, Args)]
#[command(after_help = "Example:  weigh check examples catalogs")]
pub(super) struct CheckArgs {
    /// Files or folders to check.
    #[arg(value_name = "PATH", required = true)]
    pub paths: Vec<PathBuf>,
    /// Also list every file that was used, and the root of its project.
    #[arg(long)]
    pub files: bool,
    /// Output format.
    #[arg(long, value_enum, default_value_t = TableOrJson::Table)]
    pub format: TableOrJson,
    /// Evaluate as of this date (staleness, support) [alias: --date].
    #[arg(long, alias = "date", value_name = "DATE")]
    pub as_of: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum TableOrJson {
    Table,
    Json,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum RankFormat {
    Table,
    Json,
    Csv,
    Md,
}

#[derive(Debug, Args)]
#[command(after_help = "Example:  weigh rank examples/auth-service --scenario prototype")]
pub(super) struct RankArgs {
    #[command(flatten)]
    pub decision: DecisionArgs,
    #[command(flatten)]
    pub method: MethodArgs,
    /// Output format.
    #[arg(long, value_enum, default_value_t = RankFormat::Table)]
    pub format: RankFormat,
    /// Seed of the random samples [default: the decision's].
    #[arg(long)]
    pub seed: Option<u64>,
}

#[derive(Debug, Args)]
#[command(after_help = "Example:  weigh why examples/auth-service gin")]
pub(super) struct WhyArgs {
    #[command(flatten)]
    pub decision: DecisionArgs,
    /// Id of the candidate.
    #[arg(value_name = "CANDIDATE")]
    pub candidate: String,
    /// Output format.
    #[arg(long, value_enum, default_value_t = TableOrJson::Table)]
    pub format: TableOrJson,
}

#[derive(Debug, Args)]
#[command(after_help = "Example:  weigh compare examples/auth-service gin flask")]
pub(super) struct CompareArgs {
    #[command(flatten)]
    pub decision: DecisionArgs,
    /// Id of the first candidate.
    #[arg(value_name = "A")]
    pub a: String,
    /// Id of the second candidate.
    #[arg(value_name = "B")]
    pub b: String,
    /// Output format.
    #[arg(long, value_enum, default_value_t = TableOrJson::Table)]
    pub format: TableOrJson,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum GraphFormat {
    Text,
    Mermaid,
    Dot,
    Svg,
    Json,
}

#[derive(Debug, Args)]
#[command(
    after_help = "Example:  weigh graph examples/adopt-or-build --format mermaid --candidate or-tools"
)]
pub(super) struct GraphArgs {
    #[command(flatten)]
    pub decision: DecisionArgs,
    /// Output format.
    #[arg(long, value_enum, default_value_t = GraphFormat::Text)]
    pub format: GraphFormat,
    /// Highlight the path of this candidate.
    #[arg(long, value_name = "ID")]
    pub candidate: Option<String>,
}

#[derive(Debug, Args)]
#[command(after_help = "Example:  weigh robustness examples/auth-service --weights near:0.2")]
pub(super) struct RobustnessArgs {
    #[command(flatten)]
    pub decision: DecisionArgs,
    #[command(flatten)]
    pub method: MethodArgs,
    /// Weights to sample: declared, near:SPREAD (relative standard deviation of an average share), uniform, order:a>b>c, or a
    /// weights file with intervals, orders or points.
    #[arg(long, value_name = "SPACE|FILE", default_value = "declared")]
    pub weights: String,
    /// Number of samples.
    #[arg(long, default_value_t = 4_096, value_parser = clap::value_parser!(u32).range(1..=10_000_000))]
    pub samples: u32,
    /// Seed of the random samples [default: the decision's].
    #[arg(long)]
    pub seed: Option<u64>,
    /// Output format.
    #[arg(long, value_enum, default_value_t = TableOrJson::Table)]
    pub format: TableOrJson,
}

#[derive(Debug, Args)]
#[command(after_help = "Example:  weigh pareto examples/auth-service")]
pub(super) struct ParetoArgs {
    #[command(flatten)]
    pub decision: DecisionArgs,
    /// Two criteria to compare by [default: all with a weight].
    #[arg(value_name = "CRITERION", num_args = 0..=2)]
    pub criteria: Vec<String>,
    /// Seed of the random samples [default: the decision's].
    #[arg(long)]
    pub seed: Option<u64>,
    /// Output format.
    #[arg(long, value_enum, default_value_t = TableOrJson::Table)]
    pub format: TableOrJson,
}

#[derive(Debug, Args)]
#[command(after_help = "Example:  weigh stakeholders examples/adopt-or-build")]
pub(super) struct StakeholdersArgs {
    #[command(flatten)]
    pub decision: DecisionArgs,
    /// Output format.
    #[arg(long, value_enum, default_value_t = TableOrJson::Table)]
    pub format: TableOrJson,
}

#[derive(Debug, Args)]
#[command(
    after_help = "Examples:  weigh weights judgements.yaml\n           weigh weights matrix.csv --method critic"
)]
pub(super) struct WeightsArgs {
    /// Weights file with judgements, or - for stdin; with --method, a decision or matrix CSV.
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    #[command(flatten)]
    pub choice: ChoiceArgs,
    /// Derive the weights from the data: entropy, critic or merec.
    #[arg(long, value_name = "METHOD")]
    pub method: Option<String>,
    /// Output format.
    #[arg(long, value_enum, default_value_t = TableOrJson::Table)]
    pub format: TableOrJson,
}

#[derive(Debug, Args)]
#[command(
    after_help = "Example:  weigh sensitivity examples/auth-service --sweep workload.peak_rps=50..40000"
)]
pub(super) struct SensitivityArgs {
    #[command(flatten)]
    pub decision: DecisionArgs,
    #[command(flatten)]
    pub method: MethodArgs,
    /// Sweep an input over a range; give it twice to sweep two at once.
    #[arg(long, value_name = "INPUT=FROM..TO")]
    pub sweep: Vec<String>,
    /// Vary every number, including those without a stated uncertainty.
    #[arg(long)]
    pub all: bool,
    /// Output format.
    #[arg(long, value_enum, default_value_t = TableOrJson::Table)]
    pub format: TableOrJson,
}

#[derive(Debug, Args)]
#[command(after_help = "Example:  weigh next examples/auth-service")]
pub(super) struct NextArgs {
    #[command(flatten)]
    pub decision: DecisionArgs,
    /// Number of samples, at least 4096.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=4_000_000))]
    pub samples: Option<u32>,
    /// Seed of the random samples [default: the decision's].
    #[arg(long)]
    pub seed: Option<u64>,
    /// Output format.
    #[arg(long, value_enum, default_value_t = TableOrJson::Table)]
    pub format: TableOrJson,
}

#[derive(Debug, Args)]
#[command(
    after_help = "Example:  weigh report examples/* --out reports --template report --template index"
)]
pub(super) struct ReportArgs {
    /// Decision files, folders with decision.yaml, or matrix CSVs.
    #[arg(value_name = "DECISION", required = true)]
    pub decisions: Vec<PathBuf>,
    /// Folder to write to.
    #[arg(long, value_name = "DIR")]
    pub out: PathBuf,
    /// report, adr, comparison, index, radar, or the path of your own template; may be repeated.
    #[arg(long, value_name = "NAME|FILE", default_value = "report")]
    pub template: Vec<String>,
    /// Do not write SVG charts.
    #[arg(long)]
    pub no_charts: bool,
    /// Decision record that the new one supersedes, by number or file name.
    #[arg(long, value_name = "RECORD")]
    pub supersedes: Option<String>,
    #[command(flatten)]
    pub choice: ChoiceArgs,
    #[command(flatten)]
    pub method: MethodArgs,
    /// Seed of the random samples [default: the decision's].
    #[arg(long)]
    pub seed: Option<u64>,
}

#[derive(Debug, Args)]
#[command(after_help = "Example:  weigh record examples/auth-service")]
pub(super) struct RecordArgs {
    #[command(flatten)]
    pub decision: DecisionArgs,
    #[command(flatten)]
    pub method: MethodArgs,
    /// Seed of the random samples [default: the decision's].
    #[arg(long)]
    pub seed: Option<u64>,
    /// File to write [default: record.json next to the decision].
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
}

/// The exit codes of `recheck`; `help.rs` has them in Chinese.
pub(super) const RECHECK_HELP: &str = "\
Exit codes, of several records the gravest (6, 1, 4, 5):
  0  the choice is clearly first
  1  another candidate is clearly first, or the choice is not ranked
  4  the choice and another candidate are level: the figures do not tell them apart
  5  with --strict: a review date or facts are past their date, or anything else changed
  6  a decision or its record cannot be read
  2, 3  invalid usage; an environment error

Example:  weigh recheck examples --as-of 2027-06-01 --strict";

#[derive(Debug, Args)]
#[command(after_help = RECHECK_HELP)]
pub(super) struct RecheckArgs {
    /// Records, decisions, or folders to search for records.
    #[arg(value_name = "PATH", required = true)]
    pub paths: Vec<PathBuf>,
    /// Check only decisions affected by files changed since this Git revision.
    #[arg(long, value_name = "REV")]
    pub since: Option<String>,
    /// Exit with 5 if a review date or facts are past their date, or anything else changed.
    #[arg(long)]
    pub strict: bool,
    /// Evaluate as of this date (staleness, support) [alias: --date].
    #[arg(long, alias = "date", value_name = "DATE")]
    pub as_of: Option<String>,
    /// Read measurements from this path only; `repo` stands for catalogs/evidence.
    #[arg(long, value_name = "PATH|repo")]
    pub evidence: Option<String>,
    /// Output format.
    #[arg(long, value_enum, default_value_t = TableOrJson::Table)]
    pub format: TableOrJson,
}

#[derive(Debug, Args)]
#[command(after_help = "Example:  weigh diff HEAD~5:examples/auth-service examples/auth-service")]
pub(super) struct DiffArgs {
    /// Decision, record.json, or REV:PATH of a Git revision.
    #[arg(value_name = "OLD")]
    pub old: String,
    /// The newer one, in the same form.
    #[arg(value_name = "NEW")]
    pub new: String,
    #[command(flatten)]
    pub choice: ChoiceArgs,
    #[command(flatten)]
    pub method: MethodArgs,
    /// Output format.
    #[arg(long, value_enum, default_value_t = TableOrJson::Table)]
    pub format: TableOrJson,
}

#[derive(Debug, Args)]
#[command(
    after_help = "Examples:  weigh uses kafka decisions\n           weigh uses redis.support_end"
)]
pub(super) struct UsesArgs {
    /// Candidate, fact (support_end or redis.support_end), or input such as workload.peak_rps.
    #[arg(value_name = "FACT|CANDIDATE")]
    pub name: String,
    /// Decisions, or folders to search for decisions.
    #[arg(value_name = "PATH", default_value = ".")]
    pub paths: Vec<PathBuf>,
    /// Read measurements from this path only; `repo` stands for catalogs/evidence.
    #[arg(long, value_name = "PATH|repo")]
    pub evidence: Option<String>,
    /// Evaluate as of this date (staleness, support) [alias: --date].
    #[arg(long, alias = "date", value_name = "DATE")]
    pub as_of: Option<String>,
    /// Output format.
    #[arg(long, value_enum, default_value_t = TableOrJson::Table)]
    pub format: TableOrJson,
}

#[cfg(feature = "tui")]
#[derive(Debug, Args)]
#[command(after_help = "Example:  weigh explore examples/auth-service")]
pub(super) struct ExploreArgs {
    #[command(flatten)]
    pub decision: DecisionArgs,
    /// Draw with ASCII characters only.
    #[arg(long)]
    pub ascii: bool,
    /// Draw box characters even in locales where their width is ambiguous.
    #[arg(long, conflicts_with = "ascii")]
    pub unicode: bool,
    /// Plot with plain marks, for fonts without Braille.
    #[arg(long)]
    pub dots: bool,
    /// Do not capture the mouse.
    #[arg(long)]
    pub no_mouse: bool,
}

#[derive(Debug, Args)]
#[command(after_help = "Example:  weigh schema decision > decision.schema.json")]
pub(super) struct SchemaArgs {
    /// File kind (catalog, criteria, decision, team, scenario, weights, evidence, service, contract), or a command that prints JSON,
    /// such as `rank` or `catalog show`; `weigh.weights/1` is the output of `weights`.
    #[arg(value_name = "KIND|COMMAND", required = true)]
    pub kind: Vec<String>,
}

#[derive(Debug, Args)]
#[command(after_help = "Example:  weigh explain E0303")]
pub(super) struct ExplainArgs {
    /// Code such as E0303 [default: list all codes].
    #[arg(value_name = "CODE")]
    pub code: Option<String>,
}

#[derive(Debug, Args)]
#[command(
    after_help = "Example:  weigh completions bash > ~/.local/share/bash-completion/completions/weigh"
)]
pub(super) struct CompletionsArgs {
    /// Shell to generate completions for.
    #[arg(value_enum)]
    pub shell: clap_complete::Shell,
}
