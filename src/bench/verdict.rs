//! What is said against a number, or about it; stored beside it.

use serde::Serialize;

use crate::lang::Text;
use crate::text;

/// A remark that goes with a measurement.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// It did not fulfil its contract: the numbers feed no score.
    Unverified,
    /// After the load its counters were wrong, or orders or money lost or doubled: the numbers feed no score.
    Broken,
    /// The driver had no CPU left: the numbers feed no score.
    DriverBound,
    /// Above 70 % of what the driver reaches against the null responder.
    NearCeiling,
    /// The service used its cores up.
    ServerBound,
    /// Neither used up nor idle.
    Mixed,
    /// The service used less than half of its cores: something else limits it.
    ServerIdle,
    /// Connections, rate and latency do not belong together: N / (X R) outside 0.9..1.1.
    LittlesLaw,
    /// Three candidates within 1 % at the top: something they share limits them.
    Plateau,
    /// It did not get steady in time.
    Unsteady,
    /// Too few seconds in which nobody else used the machine.
    Noisy,
    /// The fastest answers take 40 ms: Nagle's algorithm against delayed acknowledgements.
    DelayedAcknowledgement,
}

impl Verdict {
    /// The word in files.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Unverified => "unverified",
            Self::Broken => "broken-under-load",
            Self::DriverBound => "driver-bound",
            Self::NearCeiling => "near-ceiling",
            Self::ServerBound => "server-bound",
            Self::Mixed => "mixed",
            Self::ServerIdle => "server-idle",
            Self::LittlesLaw => "littles-law",
            Self::Plateau => "plateau",
            Self::Unsteady => "unsteady",
            Self::Noisy => "noisy",
            Self::DelayedAcknowledgement => "delayed-acknowledgement",
        }
    }

    /// The verdict of a stored word.
    #[must_use]
    pub fn of_word(word: &str) -> Option<Self> {
        const ALL: [Verdict; 12] = [
            Verdict::Unverified,
            Verdict::Broken,
            Verdict::DriverBound,
            Verdict::NearCeiling,
            Verdict::ServerBound,
            Verdict::Mixed,
            Verdict::ServerIdle,
            Verdict::LittlesLaw,
            Verdict::Plateau,
            Verdict::Unsteady,
            Verdict::Noisy,
            Verdict::DelayedAcknowledgement,
        ];
        ALL.into_iter().find(|verdict| verdict.word() == word)
    }

    /// Whether the numbers may feed a score at all.
    #[must_use]
    pub fn may_score(self) -> bool {
        !matches!(self, Self::Unverified | Self::Broken | Self::DriverBound)
    }

    /// What it means.
    #[must_use]
    pub fn text(self) -> Text {
        match self {
            Self::Unverified => text!("did not fulfil its contract", "未满足契约"),
            Self::Broken => text!("lost, doubled or miscounted something under load", "负载下有丢失、重复或误计"),
            Self::DriverBound => text!("limited by the load driver", "受负载驱动器限制"),
            Self::NearCeiling => text!("above 70 % of the driver's ceiling", "超过驱动器上限的 70%"),
            Self::ServerBound => text!("the service used its core up", "服务用满了其核心"),
            Self::Mixed => text!("the service used part of its core", "服务用了其核心的一部分"),
            Self::ServerIdle => text!("the service used less than half of its core", "服务所用不到其核心的一半"),
            Self::LittlesLaw => text!("connections, rate and latency contradict Little's law", "连接数、速率与延迟违反利特尔法则"),
            Self::Plateau => {
                text!("three at the top are within 1 %: something they share limits them", "前三名相差不到 1%：受共同因素限制")
            }
            Self::Unsteady => text!("did not get steady in time", "未在时限内趋于稳定"),
            Self::Noisy => text!("others used the machine", "机器被其他进程占用"),
            Self::DelayedAcknowledgement => {
                text!("40 ms at least: Nagle's algorithm against delayed acknowledgements", "至少 40 ms：Nagle 算法与延迟确认相互作用")
            }
        }
    }
}

/// What a closed loop says about who was the bottleneck.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bottleneck {
    /// CPU of the driver (cores).
    pub driver_cores: f64,
    /// CPU of the service (cores).
    pub service_cores: f64,
    /// Cores the service may use.
    pub allowed_cores: f64,
    /// Verified 2xx (requests/s).
    pub goodput_rps: f64,
    /// What the driver reaches against the null responder (requests/s).
    pub ceiling_rps: Option<f64>,
    /// N / (X R).
    pub little: Option<f64>,
    /// The fastest answer (us).
    pub fastest_us: u64,
}

impl Bottleneck {
    /// The verdicts, in order.
    #[must_use]
    pub fn verdicts(&self) -> Vec<Verdict> {
        let mut found = Vec::new();
        let used = self.service_cores / self.allowed_cores.max(1e-9);
        if self.driver_cores > 0.95 && used < 0.9 {
            found.push(Verdict::DriverBound);
        }
        if self.ceiling_rps.is_some_and(|ceiling| self.goodput_rps > 0.7 * ceiling) {
            found.push(Verdict::NearCeiling);
        }
        found.push(if used >= 0.85 {
            Verdict::ServerBound
        } else if used >= 0.5 {
            Verdict::Mixed
        } else {
            Verdict::ServerIdle
        });
        if self.little.is_some_and(|ratio| !(0.9..=1.1).contains(&ratio)) {
            found.push(Verdict::LittlesLaw);
        }
        if (38_000..48_000).contains(&self.fastest_us) {
            found.push(Verdict::DelayedAcknowledgement);
        }
        found
    }
}

/// Whether the three best of these rates lie within 1 %.
#[must_use]
pub fn is_plateau(rates: &[f64]) -> bool {
    let mut sorted = rates.to_vec();
    sorted.sort_by(|a, b| b.total_cmp(a));
    sorted.len() >= 3 && sorted[2] > 0.0 && sorted[0] / sorted[2] <= 1.01
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_is_the_bottleneck() {
        let busy = Bottleneck {
            driver_cores: 0.4,
            service_cores: 0.97,
            allowed_cores: 1.0,
            goodput_rps: 20_000.0,
            ceiling_rps: Some(100_000.0),
            little: Some(1.01),
            fastest_us: 120,
        };
        assert_eq!(busy.verdicts(), [Verdict::ServerBound]);
        let driver = Bottleneck { driver_cores: 0.99, service_cores: 0.6, goodput_rps: 90_000.0, ..busy };
        assert_eq!(driver.verdicts(), [Verdict::DriverBound, Verdict::NearCeiling, Verdict::Mixed]);
        let nagle = Bottleneck { service_cores: 0.02, fastest_us: 40_300, little: Some(1.3), ..busy };
        assert_eq!(nagle.verdicts(), [Verdict::ServerIdle, Verdict::LittlesLaw, Verdict::DelayedAcknowledgement]);
    }

    #[test]
    fn three_alike_at_the_top_are_a_plateau() {
        assert!(is_plateau(&[100.0, 30.0, 99.5, 99.2]));
        assert!(!is_plateau(&[100.0, 99.5, 90.0]) && !is_plateau(&[100.0, 100.0]));
    }

    #[test]
    fn the_word_is_what_serde_writes() {
        for verdict in [Verdict::DriverBound, Verdict::LittlesLaw, Verdict::DelayedAcknowledgement, Verdict::Noisy] {
            assert_eq!(serde_json::to_value(verdict).expect("a word"), verdict.word());
        }
    }
}
