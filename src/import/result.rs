//! What a result file says, the same for every tool.

use super::Tool;
use super::figure::Figure;
use crate::lang::Text;
use crate::schema::evidence::{LatencyBasis, WorkloadKind};

/// One operation under one load. What the tool does not give is absent.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ImportedCell {
    /// The operation, where the file names one: `json`, a JMeter label, `read`.
    pub operation: Option<String>,
    /// What tells loads of one operation apart: `64 connections`, `20 queries`.
    pub load: Option<String>,
    /// Closed or open loop.
    pub model: Option<WorkloadKind>,
    /// From when latency counts.
    pub basis: Option<LatencyBasis>,
    /// Connections, threads, clients or virtual users at once.
    pub connections: Option<Figure>,
    /// Time in which the counts were taken (s).
    pub duration_s: Option<Figure>,
    /// Rate asked for (requests/s).
    pub offered_rps: Option<Figure>,
    /// Answers, whatever their status (requests/s).
    pub achieved_rps: Option<Figure>,
    /// Good answers (requests/s): 2xx where the tool counts statuses.
    pub goodput_rps: Option<Figure>,
    /// Good answers.
    pub ok_count: Option<Figure>,
    /// Answers that are no good ones: another status, a failed transaction.
    pub non_2xx_count: Option<Figure>,
    /// Requests that got no answer: refused, reset, timed out.
    pub transport_error_count: Option<Figure>,
    /// Fastest answer (us).
    pub min_us: Option<Figure>,
    /// Mean latency (us).
    pub mean_us: Option<Figure>,
    /// Slowest answer (us).
    pub max_us: Option<Figure>,
    /// Percentiles by their rank: `("99.9", us)`, in rising order.
    pub percentiles: Vec<(String, Figure)>,
}

impl ImportedCell {
    /// The percentile of a rank such as `99` or `99.9` (us).
    #[must_use]
    pub fn percentile(&self, rank: &str) -> Option<f64> {
        self.percentiles
            .iter()
            .find(|(r, _)| r == rank)
            .map(|(_, us)| us.get())
    }

    /// Adds a percentile; a rank of 0 or 100 is an extreme and no percentile.
    pub(super) fn put_percentile(&mut self, rank: &str, us: Figure) {
        let Some(number) = Figure::parse(rank)
            .map(Figure::get)
            .filter(|r| (0.001..100.0).contains(r))
        else {
            return;
        };
        let rank = number.to_string();
        if self.percentile(&rank).is_none() {
            self.percentiles.push((rank, us));
            self.percentiles
                .sort_by(|a, b| rank_of(&a.0).total_cmp(&rank_of(&b.0)));
        }
    }

    /// Works out the rates from counts and duration, where both are known.
    pub(super) fn rates(&mut self) {
        let Some(duration) = self.duration_s else {
            return;
        };
        let answers = super::figure::sum([self.ok_count, self.non_2xx_count]);
        self.achieved_rps = answers.and_then(|n| n.over(duration)).or(self.achieved_rps);
        self.goodput_rps = self
            .ok_count
            .and_then(|n| n.over(duration))
            .or(self.goodput_rps);
    }

    /// Requests, answered or not, that the counts know of.
    #[must_use]
    pub fn requests(&self) -> Option<Figure> {
        super::figure::sum([
            self.ok_count,
            self.non_2xx_count,
            self.transport_error_count,
        ])
    }

    /// Share of requests that got no good answer.
    #[must_use]
    pub fn error_ratio(&self) -> Option<Figure> {
        let errors = super::figure::sum([self.non_2xx_count, self.transport_error_count])?;
        self.ok_count.and_then(|_| errors.over(self.requests()?))
    }

    /// The figures under the names they have in evidence: each ends in its unit.
    #[must_use]
    pub fn figures(&self) -> Vec<(String, f64)> {
        let rates = [
            ("goodput_rps", self.goodput_rps),
            ("achieved_rps", self.achieved_rps),
            ("offered_rps", self.offered_rps),
        ];
        let counts = [
            ("ok_count", self.ok_count),
            ("non_2xx_count", self.non_2xx_count),
            ("transport_error_count", self.transport_error_count),
            ("error_ratio", self.error_ratio()),
        ];
        let percentiles = self
            .percentiles
            .iter()
            .map(|(rank, us)| (format!("p{rank}_us"), us.get()));
        let known =
            |(name, figure): (&str, Option<Figure>)| figure.map(|x| (name.to_owned(), x.get()));
        let edge = [("max_us", self.max_us), ("mean_us", self.mean_us)];
        let front = rates
            .into_iter()
            .chain(counts)
            .chain([("min_us", self.min_us)])
            .filter_map(known);
        front
            .chain(percentiles)
            .chain(edge.into_iter().filter_map(known))
            .collect()
    }
}

fn rank_of(rank: &str) -> f64 {
    rank.parse().unwrap_or(0.0)
}

/// What one file says of one row: of the only service it measured, or of one framework among many.
#[derive(Clone, Debug, PartialEq)]
pub struct Imported {
    /// The tool that wrote it.
    pub tool: Tool,
    /// Its format.
    pub format: &'static str,
    /// The row's name, where a file has several.
    pub row: Option<String>,
    /// The hardware, where the file names it.
    pub hardware: Option<String>,
    /// The day of the run, where the file names it.
    pub date: Option<String>,
    /// Operations and loads.
    pub cells: Vec<ImportedCell>,
    /// What is missing, and what the numbers do not mean.
    pub notes: Vec<Text>,
}

impl Imported {
    /// Of a file with one row.
    pub(super) fn single(
        tool: Tool,
        format: &'static str,
        cells: Vec<ImportedCell>,
        notes: Vec<Text>,
    ) -> Self {
        Self {
            tool,
            format,
            row: None,
            hardware: None,
            date: None,
            cells,
            notes,
        }
    }
}
