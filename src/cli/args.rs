//! The command line: every command, flag and its English help. Chinese help is in `help.rs`.

pub(super) mod bench;
pub(super) mod catalog;
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
#[command(after_help = "Start with:  weigh init my-decision && weigh rank my-decision")]
pub(super) struct Cli {
    /// Language of tables, messages and explanations.
    #[arg(long, global = true, value_enum, value_name = "LANG")]
    pub lang: Option<Lang>,
    /// When to use colour.
    #[arg(long, global = true, value_enum, default_value_t = Color::Auto, value_name = "WHEN")]
    pub color: Color,
    #[command(subcommand)]
    pub command: Command,
}

/// When to use colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Color {
    Auto,
    Always,
    Never,
}

impl ValueEnum for Lang {
    fn value_variants<'a>() -> &'a [Self] {
        &[Self::En, Self::Zh]
    }

    fn to_possible_value(&self) -> Option<clap::builder::PossibleValue> {
        Some(clap::builder::PossibleValue::new(match self {
            Self::En => "en",
            Self::Zh => "zh",
        }))
    }
}

/// The parsed command line as clap builds it.
#[must_use]
pub fn command() -> clap::Command {
    Cli::command()
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Write a small decision that ranks at once and teaches the format.
    Init(InitArgs),
    /// Read everything the paths reach and print every problem.
    Check(CheckArgs),
    /// Rank the candidates of a decision.
    Rank(RankArgs),
    /// Go down from a candidate's score to formula, evidence and raw run.
    Why(WhyArgs),
    /// Compare two candidates head to head, with exchange rates.
    Compare(CompareArgs),
    /// Draw the decision graph.
    Graph(GraphArgs),
    /// Say how sure the ranking is when weights and inputs vary.
    Robustness(RobustnessArgs),
    /// Say who dominates whom, without any weights.
    Pareto(ParetoArgs),
    /// Compare the rankings of several people.
    Stakeholders(StakeholdersArgs),
    /// Derive weights from judgements, or measure them on data.
    Weights(WeightsArgs),
    /// Show how far weights and inputs may move before another candidate is first.
    Sensitivity(SensitivityArgs),
    /// Say which unknown is worth finding out next.
    Next(NextArgs),
    /// Write reports of decisions: Markdown and SVG.
    Report(ReportArgs),
    /// Pin a decision's outcome and what it rests on.
    Record(RecordArgs),
    /// Say whether recorded outcomes still hold.
    Recheck(RecheckArgs),
    /// Say what changed between two revisions, and what that did.
    Diff(DiffArgs),
    /// Open the terminal UI.
    Explore(ExploreArgs),
    /// Reference services and results of other tools.
    Bench(bench::BenchArgs),
    /// List, show, check or refresh the catalogs.
    Catalog(catalog::CatalogArgs),
    /// Print the JSON Schema of a kind of file.
    Schema(SchemaArgs),
    /// Explain a diagnostic at length.
    Explain(ExplainArgs),
    /// Print shell completions.
    Completions(CompletionsArgs),
}

/// A decision and what is chosen on top of it.
#[derive(Debug, Args)]
pub(super) struct DecisionArgs {
    /// Decision file, folder with decision.yaml, matrix CSV, or - for standard input.
    #[arg(value_name = "DECISION")]
    pub decision: PathBuf,
    #[command(flatten)]
    pub choice: ChoiceArgs,
}

/// What is chosen on top of a decision.
#[derive(Clone, Debug, Args)]
pub(super) struct ChoiceArgs {
    /// Apply a scenario.
    #[arg(long, value_name = "ID|FILE")]
    pub scenario: Option<String>,
    /// Use a stakeholder's weights.
    #[arg(long, value_name = "ID")]
    pub stakeholder: Option<String>,
    /// Use a weight profile.
    #[arg(long, value_name = "ID|FILE")]
    pub profile: Option<String>,
    /// Set an input, parameter or fact; repeatable.
    #[arg(long, value_name = "INPUT=VALUE")]
    pub set: Vec<String>,
    /// Take measurements only from here; `repo` is catalogs/evidence.
    #[arg(long, value_name = "PATH|repo")]
    pub evidence: Option<String>,
    /// Today's date, for staleness; --date is the same.
    #[arg(long, alias = "date", value_name = "DATE")]
    pub as_of: Option<String>,
}

impl ChoiceArgs {
    /// What would have been typed for this choice; evidence is left to the decision.
    pub(super) fn of(choice: &Choice) -> Self {
        let Choice {
            scenario,
            stakeholder,
            profile,
            set,
            as_of,
            ..
        } = choice.clone();
        Self {
            scenario,
            stakeholder,
            profile,
            set,
            evidence: None,
            as_of: as_of.map(|day| day.to_string()),
        }
    }

    /// What of it another command line must repeat besides scenario and stakeholder.
    pub(super) fn given(&self) -> Vec<String> {
        let plain = |c: char| c.is_alphanumeric() || "-_=./:@%+,".contains(c);
        let quoted = |word: &str| {
            if word.chars().all(plain) {
                word.to_owned()
            } else {
                format!("'{}'", word.replace('\'', r"'\''"))
            }
        };
        let one = |flag: &str, value: &Option<String>| {
            value
                .as_ref()
                .map(|value| format!("--{flag} {}", quoted(value)))
        };
        let set = self
            .set
            .iter()
            .map(|typed| format!("--set {}", quoted(typed)));
        let rest = [
            one("profile", &self.profile),
            one("evidence", &self.evidence),
            one("as-of", &self.as_of),
        ];
        set.chain(rest.into_iter().flatten()).collect()
    }

    pub(super) fn choice(&self) -> Result<Choice, Failure> {
        let as_of = match &self.as_of {
            None => None,
            Some(text) => Some(Date::parse(text).ok_or_else(|| {
                Failure::usage(tr!(
                    "--as-of takes a day such as 2026-11-22, not `{text}`",
                    "--as-of 需要日期，如 2026-11-22，而不是 `{text}`"
                ))
            })?),
        };
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

/// The day that was typed, else today.
pub(super) fn day(typed: Option<&str>) -> Result<Date, Failure> {
    let Some(text) = typed else {
        return Ok(today());
    };
    Date::parse(text).ok_or_else(|| {
        Failure::usage(tr!(
            "--as-of takes a day such as 2026-11-22, not `{text}`",
            "--as-of 需要日期，如 2026-11-22，而不是 `{text}`"
        ))
    })
}

/// Today by the clock, in UTC.
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
    /// Parameter of the method; repeatable.
    #[arg(long, value_name = "K=V")]
    pub param: Vec<String>,
}

#[derive(Debug, Args)]
#[command(after_help = "Example:  weigh init my-decision")]
pub(super) struct InitArgs {
    /// Where to write it.
    #[arg(value_name = "DIR", default_value = ".")]
    pub dir: PathBuf,
    /// Scaffold a catalog domain of this name instead.
    #[arg(long, value_name = "NAME")]
    pub domain: Option<String>,
}

#[derive(Debug, Args)]
#[command(after_help = "Example:  weigh check examples catalogs")]
pub(super) struct CheckArgs {
    /// Files or folders.
    #[arg(value_name = "PATH", required = true)]
    pub paths: Vec<PathBuf>,
    /// How to print.
    #[arg(long, value_enum, default_value_t = TableOrJson::Table)]
    pub format: TableOrJson,
    /// Today's date, for staleness; --date is the same.
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
    /// How to print.
    #[arg(long, value_enum, default_value_t = RankFormat::Table)]
    pub format: RankFormat,
    /// Seed of the samples; the decision's own otherwise.
    #[arg(long)]
    pub seed: Option<u64>,
}

#[derive(Debug, Args)]
#[command(after_help = "Example:  weigh why examples/auth-service gin")]
pub(super) struct WhyArgs {
    #[command(flatten)]
    pub decision: DecisionArgs,
    /// The candidate.
    #[arg(value_name = "CANDIDATE")]
    pub candidate: String,
    /// How to print.
    #[arg(long, value_enum, default_value_t = TableOrJson::Table)]
    pub format: TableOrJson,
}

#[derive(Debug, Args)]
#[command(after_help = "Example:  weigh compare examples/auth-service gin flask")]
pub(super) struct CompareArgs {
    #[command(flatten)]
    pub decision: DecisionArgs,
    /// One candidate.
    #[arg(value_name = "A")]
    pub a: String,
    /// The other one.
    #[arg(value_name = "B")]
    pub b: String,
    /// How to print.
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
    /// How to print.
    #[arg(long, value_enum, default_value_t = GraphFormat::Text)]
    pub format: GraphFormat,
    /// Mark the walk of this candidate.
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
    /// Which weights to draw: declared, near:SPREAD (relative standard deviation of an average share), uniform, order:a>b>c, or a
    /// weights file with intervals, orders or points.
    #[arg(long, value_name = "SPACE|FILE", default_value = "declared")]
    pub weights: String,
    /// How many samples to draw.
    #[arg(long, default_value_t = 10_000, value_parser = clap::value_parser!(u32).range(1..=10_000_000))]
    pub samples: u32,
    /// Seed of the samples; the decision's own otherwise.
    #[arg(long)]
    pub seed: Option<u64>,
    /// How to print.
    #[arg(long, value_enum, default_value_t = TableOrJson::Table)]
    pub format: TableOrJson,
}

#[derive(Debug, Args)]
#[command(after_help = "Example:  weigh pareto examples/auth-service")]
pub(super) struct ParetoArgs {
    #[command(flatten)]
    pub decision: DecisionArgs,
    /// Two criteria to compare by; all that weigh something otherwise.
    #[arg(value_name = "CRITERION", num_args = 0..=2)]
    pub criteria: Vec<String>,
    /// Seed of the samples; the decision's own otherwise.
    #[arg(long)]
    pub seed: Option<u64>,
    /// How to print.
    #[arg(long, value_enum, default_value_t = TableOrJson::Table)]
    pub format: TableOrJson,
}

#[derive(Debug, Args)]
#[command(after_help = "Example:  weigh stakeholders examples/adopt-or-build")]
pub(super) struct StakeholdersArgs {
    #[command(flatten)]
    pub decision: DecisionArgs,
    /// How to print.
    #[arg(long, value_enum, default_value_t = TableOrJson::Table)]
    pub format: TableOrJson,
}

#[derive(Debug, Args)]
#[command(
    after_help = "Examples:  weigh weights judgements.yaml\n           weigh weights matrix.csv --method critic"
)]
pub(super) struct WeightsArgs {
    /// Weights file with judgements, - for standard input; with --method a decision or matrix CSV.
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    #[command(flatten)]
    pub choice: ChoiceArgs,
    /// Measure weights on the data: entropy, critic or merec.
    #[arg(long, value_name = "METHOD")]
    pub method: Option<String>,
    /// How to print.
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
    /// Sweep an input over a range; given twice, both at once.
    #[arg(long, value_name = "INPUT=FROM..TO")]
    pub sweep: Vec<String>,
    /// How to print.
    #[arg(long, value_enum, default_value_t = TableOrJson::Table)]
    pub format: TableOrJson,
}

#[derive(Debug, Args)]
#[command(after_help = "Example:  weigh next examples/auth-service")]
pub(super) struct NextArgs {
    #[command(flatten)]
    pub decision: DecisionArgs,
    /// How many samples to draw; at least 4096 are.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=4_000_000))]
    pub samples: Option<u32>,
    /// Seed of the samples; the decision's own otherwise.
    #[arg(long)]
    pub seed: Option<u64>,
    /// How to print.
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
    /// Folder to write into.
    #[arg(long, value_name = "DIR")]
    pub out: PathBuf,
    /// report, adr, comparison, index, radar, or the path of a template of your own; repeatable.
    #[arg(long, value_name = "NAME|FILE", default_value = "report")]
    pub template: Vec<String>,
    /// Draw no SVG.
    #[arg(long)]
    pub no_charts: bool,
    /// The decision record, by number or file name, that an adr replaces.
    #[arg(long, value_name = "RECORD")]
    pub supersedes: Option<String>,
    #[command(flatten)]
    pub choice: ChoiceArgs,
    #[command(flatten)]
    pub method: MethodArgs,
    /// Seed of the samples; the decision's own otherwise.
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
    /// Seed of the samples; the decision's own otherwise.
    #[arg(long)]
    pub seed: Option<u64>,
    /// Where to write; record.json beside the decision otherwise.
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
}

#[derive(Debug, Args)]
#[command(after_help = "Example:  weigh recheck examples --as-of 2027-06-01 --strict")]
pub(super) struct RecheckArgs {
    /// Records, decisions, or folders that are searched for records.
    #[arg(value_name = "PATH", required = true)]
    pub paths: Vec<PathBuf>,
    /// Look only at decisions that files changed since this git revision concern.
    #[arg(long, value_name = "REV")]
    pub since: Option<String>,
    /// Let warnings fail too.
    #[arg(long)]
    pub strict: bool,
    /// Today's date, for staleness; --date is the same.
    #[arg(long, alias = "date", value_name = "DATE")]
    pub as_of: Option<String>,
    /// Take measurements only from here; `repo` is catalogs/evidence.
    #[arg(long, value_name = "PATH|repo")]
    pub evidence: Option<String>,
    /// How to print.
    #[arg(long, value_enum, default_value_t = TableOrJson::Table)]
    pub format: TableOrJson,
}

#[derive(Debug, Args)]
#[command(after_help = "Example:  weigh diff HEAD~5:examples/auth-service examples/auth-service")]
pub(super) struct DiffArgs {
    /// Decision, record.json, or REV:path of a git revision.
    #[arg(value_name = "OLD")]
    pub old: String,
    /// The same, later.
    #[arg(value_name = "NEW")]
    pub new: String,
    #[command(flatten)]
    pub choice: ChoiceArgs,
    #[command(flatten)]
    pub method: MethodArgs,
    /// How to print.
    #[arg(long, value_enum, default_value_t = TableOrJson::Table)]
    pub format: TableOrJson,
}

#[derive(Debug, Args)]
#[command(after_help = "Example:  weigh explore examples/auth-service")]
pub(super) struct ExploreArgs {
    #[command(flatten)]
    pub decision: DecisionArgs,
    /// Draw with ASCII only.
    #[arg(long)]
    pub ascii: bool,
    /// Draw lines and blocks even where the locale makes their width uncertain.
    #[arg(long, conflicts_with = "ascii")]
    pub unicode: bool,
    /// Plot with plain marks where the terminal has no braille.
    #[arg(long)]
    pub dots: bool,
    /// Leave the mouse to the terminal.
    #[arg(long)]
    pub no_mouse: bool,
}

#[derive(Debug, Args)]
#[command(after_help = "Example:  weigh schema decision > decision.schema.json")]
pub(super) struct SchemaArgs {
    /// catalog, criteria, decision, team, scenario, weights, evidence, service, contract.
    #[arg(value_name = "KIND")]
    pub kind: String,
}

#[derive(Debug, Args)]
#[command(after_help = "Example:  weigh explain E0303")]
pub(super) struct ExplainArgs {
    /// The code; without one, all are listed.
    #[arg(value_name = "CODE")]
    pub code: Option<String>,
}

#[derive(Debug, Args)]
#[command(
    after_help = "Example:  weigh completions bash > ~/.local/share/bash-completion/completions/weigh"
)]
pub(super) struct CompletionsArgs {
    /// The shell.
    #[arg(value_enum)]
    pub shell: clap_complete::Shell,
}
