//! Remarks on a measured run: what limited it, and what keeps its figures from scoring.

use serde::Serialize;

use crate::lang::Text;
use crate::tr;

/// A remark on a measured run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum RunRemark {
    /// The service did not fulfil its contract. The run does not score.
    Unverified,
    /// After the load, counters were wrong, or orders or money were lost or duplicated. The run does not score.
    Broken,
    /// The load driver had no CPU left. The run does not score.
    DriverBound,
    /// The rate is above 70 % of the driver's rate against the null responder.
    NearCeiling,
    /// The service saturated its cores.
    ServerBound,
    /// The service used its cores in part: neither saturated nor idle.
    Mixed,
    /// The service used less than half of its cores, so something else limits it.
    ServerIdle,
    /// Connections, rate and latency contradict Little's law: N / (X R) is outside 0.9..1.1.
    LittlesLaw,
    /// The three fastest services are within 1 %, so something they share limits them.
    Plateau,
    /// The rate did not become steady in time.
    Unsteady,
    /// Too few seconds were free of interference.
    Noisy,
    /// The fastest responses take 40 ms: Nagle's algorithm against delayed acknowledgements.
    DelayedAcknowledgement,
}

impl RunRemark {
    /// Returns the word used in files.
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

    /// Returns the remark of a word used in files.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        const ALL: [RunRemark; 12] = [
            RunRemark::Unverified,
            RunRemark::Broken,
            RunRemark::DriverBound,
            RunRemark::NearCeiling,
            RunRemark::ServerBound,
            RunRemark::Mixed,
            RunRemark::ServerIdle,
            RunRemark::LittlesLaw,
            RunRemark::Plateau,
            RunRemark::Unsteady,
            RunRemark::Noisy,
            RunRemark::DelayedAcknowledgement,
        ];
        ALL.into_iter().find(|remark| remark.word() == word)
    }

    /// Returns whether a run with this remark may score.
    #[must_use]
    pub fn may_score(self) -> bool {
        !matches!(self, Self::Unverified | Self::Broken | Self::DriverBound)
    }

    /// Describes the remark in a phrase.
    #[must_use]
    pub fn text(self) -> Text {
        match self {
            Self::Unverified => tr!("did not fulfil its contract", "未满足契约"),
            Self::Broken => tr!(
                "lost, duplicated or miscounted something under load",
                "负载下有丢失、重复或误计"
            ),
            Self::DriverBound => tr!("limited by the load driver", "受负载驱动器限制"),
            Self::NearCeiling => {
                tr!("above 70 % of the driver's ceiling", "超过驱动器上限的 70%")
            }
            Self::ServerBound => tr!("the service saturated its core", "服务用满了其核心"),
            Self::Mixed => tr!(
                "the service used part of its core",
                "服务用了其核心的一部分"
            ),
            Self::ServerIdle => tr!(
                "the service used less than half of its core",
                "服务所用不到其核心的一半"
            ),
            Self::LittlesLaw => tr!(
                "connections, rate and latency contradict Little's law",
                "连接数、速率与延迟违反利特尔法则"
            ),
            Self::Plateau => {
                tr!(
                    "the three fastest are within 1 %: something they share limits them",
                    "前三名相差不到 1%：受共同因素限制"
                )
            }
            Self::Unsteady => tr!("did not become steady in time", "未在时限内趋于稳定"),
            Self::Noisy => tr!("other processes used the machine", "机器被其他进程占用"),
            Self::DelayedAcknowledgement => {
                tr!(
                    "at least 40 ms: Nagle's algorithm against delayed acknowledgements",
                    "至少 40 ms：Nagle 算法与延迟确认相互作用"
                )
            }
        }
    }

    /// Returns the short name; in English, the word used in files.
    #[must_use]
    pub fn name(self) -> Text {
        let zh = match self {
            Self::Unverified => "未通过验证",
            Self::Broken => "负载下违约",
            Self::DriverBound => "受驱动器限制",
            Self::NearCeiling => "接近驱动器上限",
            Self::ServerBound => "服务满载",
            Self::Mixed => "服务部分占用",
            Self::ServerIdle => "服务空闲",
            Self::LittlesLaw => "违反利特尔法则",
            Self::Plateau => "前三持平",
            Self::Unsteady => "未趋稳定",
            Self::Noisy => "有干扰",
            Self::DelayedAcknowledgement => "延迟确认",
        };
        Text {
            en: self.word().to_owned(),
            zh: zh.to_owned(),
        }
    }
}

/// Lists the names of stored words; an unknown word stays as it is.
#[must_use]
pub fn names(words: &[String]) -> Text {
    let names: Vec<Text> = words
        .iter()
        .map(|word| RunRemark::from_word(word).map_or_else(|| Text::name(word), RunRemark::name))
        .collect();
    Text::list(&names)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lang::Lang;

    #[test]
    fn word_matches_the_serialised_form() {
        for remark in [
            RunRemark::DriverBound,
            RunRemark::LittlesLaw,
            RunRemark::DelayedAcknowledgement,
            RunRemark::Noisy,
        ] {
            assert_eq!(serde_json::to_value(remark).expect("a word"), remark.word());
        }
    }

    #[test]
    fn stored_words_have_localised_names() {
        let words = ["server-bound", "seen-elsewhere"].map(str::to_owned);
        assert_eq!(names(&words).get(Lang::En), "server-bound, seen-elsewhere");
        assert_eq!(names(&words).get(Lang::Zh), "服务满载、seen-elsewhere");
    }
}
