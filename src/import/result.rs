//! The content of a result file, in the same form for every tool.

use super::ImportTool;
use super::figure::Figure;
use crate::lang::Text;
use crate::schema::evidence::{LatencyBasis, WorkloadKind};

/// One operation under one load. What the tool does not report is absent.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ImportedCell {
    /// The operation, if the file names one: `json`, a JMeter label, `read`.
    pub operation: Option<String>,
    /// What tells loads of one operation apart: `64 connections`, `20 queries`.
    pub load: Option<String>,
    /// Closed or open workload model.
    pub model: Option<WorkloadKind>,
    /// The time from which latency is counted.
    pub basis: Option<LatencyBasis>,
    /// Concurrent connections, threads, clients or virtual users.
    pub connections: Option<Figure>,
    /// Time over which the counts were taken (s).
    pub duration_s: Option<Figure>,
    /// Offered rate (requests/s).
    pub offered_rps: Option<Figure>,
    /// Responses of any status (requests/s).
    pub achieved_rps: Option<Figure>,
    /// Good responses (requests/s): 2xx where the tool counts statuses.
    pub goodput_rps: Option<Figure>,
    /// Good responses.
    pub ok_count: Option<Figure>,
    /// Other responses: another status, a failed transaction.
    pub non_2xx_count: Option<Figure>,
    /// Requests without a response: refused, reset, timed out.
    pub transport_error_count: Option<Figure>,
    /// Lowest latency (us).
    pub min_us: Option<Figure>,
    /// Mean latency (us).
    pub mean_us: Option<Figure>,
    /// Highest latency (us).
    pub max_us: Option<Figure>,
    /// Percentiles by rank, such as `("99.9", us)`, in rising order.
    pub percentiles: Vec<(String, Figure)>,
}

impl ImportedCell {
    /// Returns the percentile of a rank such as `99` or `99.9` (us).
    #[must_use]
    pub fn percentile(&self, rank: &str) -> Option<f64> {
        self.percentiles
            .iter()
            .find(|(r, _)| r == rank)
            .map(|(_, us)| us.get())
    }

    /// Adds a percentile. A rank of 0 or 100 is an extreme and is ignored.
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

    /// Computes the rates from counts and duration, if both are known.
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

    /// Returns the number of requests in the counts, with or without response.
    #[must_use]
    pub fn requests(&self) -> Option<Figure> {
        super::figure::sum([
            self.ok_count,
            self.non_2xx_count,
            self.transport_error_count,
        ])
    }

    /// Returns the share of requests without a good response.
    #[must_use]
    pub fn error_ratio(&self) -> Option<Figure> {
        let errors = super::figure::sum([self.non_2xx_count, self.transport_error_count])?;
        self.ok_count.and_then(|_| errors.over(self.requests()?))
    }

    /// Returns the figures by their names in evidence, which end in the unit.
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

/// One row of a file: the only service it measured, or one framework of many.
#[derive(Clone, Debug, PartialEq)]
pub struct Imported {
    /// The tool that wrote it.
    pub tool: ImportTool,
    /// Its format.
    pub format: &'static str,
    /// The row's name, if a file has several.
    pub row: Option<String>,
    /// The hardware, if the file names it.
    pub hardware: Option<String>,
    /// The day of the run, if the file names it.
    pub date: Option<String>,
    /// Operations and loads.
    pub cells: Vec<ImportedCell>,
    /// What is missing, and what the figures do not mean.
    pub notes: Vec<Text>,
}

impl Imported {
    /// Makes the result of a file with one row.
    pub(super) fn single(
        tool: ImportTool,
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
