//! What is said of a measurement beside its numbers, as evidence files have it.

use serde::Serialize;

use crate::lang::{Lang, Text};
use crate::tr;

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
            Self::Unverified => tr!("did not fulfil its contract", "未满足契约"),
            Self::Broken => tr!(
                "lost, doubled or miscounted something under load",
                "负载下有丢失、重复或误计"
            ),
            Self::DriverBound => tr!("limited by the load driver", "受负载驱动器限制"),
            Self::NearCeiling => {
                tr!("above 70 % of the driver's ceiling", "超过驱动器上限的 70%")
            }
            Self::ServerBound => tr!("the service used its core up", "服务用满了其核心"),
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
                    "three at the top are within 1 %: something they share limits them",
                    "前三名相差不到 1%：受共同因素限制"
                )
            }
            Self::Unsteady => tr!("did not get steady in time", "未在时限内趋于稳定"),
            Self::Noisy => tr!("others used the machine", "机器被其他进程占用"),
            Self::DelayedAcknowledgement => {
                tr!(
                    "40 ms at least: Nagle's algorithm against delayed acknowledgements",
                    "至少 40 ms：Nagle 算法与延迟确认相互作用"
                )
            }
        }
    }

    /// Its short name: in English the word in files.
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

/// The names of stored words, as a reader's language lists them; a word of nobody's stays as it is.
#[must_use]
pub fn names(words: &[String], lang: Lang) -> String {
    let name = |word: &String| {
        Verdict::of_word(word).map_or_else(
            || word.clone(),
            |verdict| verdict.name().get(lang).to_owned(),
        )
    };
    words
        .iter()
        .map(name)
        .collect::<Vec<_>>()
        .join(lang.pick(", ", "、"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_word_is_what_serde_writes() {
        for verdict in [
            Verdict::DriverBound,
            Verdict::LittlesLaw,
            Verdict::DelayedAcknowledgement,
            Verdict::Noisy,
        ] {
            assert_eq!(
                serde_json::to_value(verdict).expect("a word"),
                verdict.word()
            );
        }
    }

    #[test]
    fn stored_words_have_names_in_the_readers_language() {
        let words = ["server-bound", "seen-elsewhere"].map(str::to_owned);
        assert_eq!(names(&words, Lang::En), "server-bound, seen-elsewhere");
        assert_eq!(names(&words, Lang::Zh), "服务满载、seen-elsewhere");
    }
}
