//! One second of load, and seconds put together.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hdrhistogram::Histogram;
use hdrhistogram::serialization::{Serializer, V2Serializer};

/// Longest latency that is told apart (us).
const LONGEST_US: u64 = 120_000_000;

/// Latencies as an HDR histogram of 3 digits (us).
#[derive(Clone, Debug, PartialEq)]
pub struct Latencies(Histogram<u32>);

impl Default for Latencies {
    fn default() -> Self {
        Self(
            Histogram::new_with_bounds(1, LONGEST_US, 3)
                .expect("bounds and digits are within the histogram's"),
        )
    }
}

impl Latencies {
    /// Counts one (us); what is longer than two minutes counts as two minutes.
    pub fn record(&mut self, us: u64) {
        self.0.saturating_record(us.clamp(1, LONGEST_US));
    }

    /// Adds those of another second.
    pub fn add(&mut self, other: &Self) {
        self.0.add(&other.0).expect("all have the same bounds");
    }

    /// How many.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.0.len()
    }

    /// The quantile `q` (us), where it rests on at least ten slower requests: n (1 - q) >= 10.
    ///
    /// ```
    /// use weigh::bench::driver::Latencies;
    /// let mut latencies = Latencies::default();
    /// (1..=1000).for_each(|us| latencies.record(us));
    /// assert_eq!((latencies.quantile(0.5), latencies.quantile(0.99)), (Some(500), Some(990)));
    /// assert_eq!(latencies.quantile(0.999), None); // one slower request says nothing
    /// ```
    #[must_use]
    pub fn quantile(&self, q: f64) -> Option<u64> {
        // A tenth of a request forgives the rounding of 1 - q.
        (self.count() as f64 * (1.0 - q) >= 9.9).then(|| self.0.value_at_quantile(q))
    }

    /// The quantile whatever it rests on: for a second's row on a screen, never for evidence (us).
    #[must_use]
    pub fn rough_quantile(&self, q: f64) -> u64 {
        self.0.value_at_quantile(q)
    }

    /// The smallest (us).
    #[must_use]
    pub fn min(&self) -> u64 {
        self.0.min()
    }

    /// The largest (us).
    #[must_use]
    pub fn max(&self) -> u64 {
        self.0.max()
    }

    /// The mean (us).
    #[must_use]
    pub fn mean(&self) -> f64 {
        self.0.mean()
    }

    /// As HdrHistogram V2, in base64: what other tools read.
    #[must_use]
    pub fn to_base64(&self) -> String {
        let mut bytes = Vec::new();
        V2Serializer::new()
            .serialize(&self.0, &mut bytes)
            .expect("memory takes every byte");
        STANDARD.encode(bytes)
    }
}

/// One second of load.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Slot {
    /// Its number, from 0.
    pub number: u32,
    /// Its length: one second, and what the loop was late (s).
    pub seconds: f64,
    /// Answers with the expected status and, where compared, the expected body.
    pub ok: u64,
    /// Answers with another status.
    pub wrong_status: u64,
    /// Compared bodies that were wrong.
    pub bad_bodies: u64,
    /// Connections that were refused.
    pub connect_errors: u64,
    /// Connections that ended, or spoke no HTTP, before the answer.
    pub read_errors: u64,
    /// Requests without an answer in time.
    pub timeouts: u64,
    /// Requests that were due in this second (open loop), else those sent.
    pub offered: u64,
    /// Requests waiting for a connection at its end.
    pub backlog: u64,
    /// Bytes received.
    pub bytes: u64,
    /// How much later than intended a request was sent though a connection was free, at most (us).
    pub lag_us: u64,
    /// CPU time of the driver's thread (us).
    pub driver_cpu_us: u64,
    /// Latencies of all answers of this second.
    pub latencies: Latencies,
}

impl Slot {
    /// Verified 2xx a second (requests/s).
    #[must_use]
    pub fn goodput_rps(&self) -> f64 {
        self.ok as f64 / self.seconds.max(1e-9)
    }

    /// Everything that did not count as good.
    #[must_use]
    pub fn errors(&self) -> u64 {
        self.wrong_status + self.bad_bodies + self.connect_errors + self.read_errors + self.timeouts
    }

    /// Answers of any kind.
    #[must_use]
    pub fn answers(&self) -> u64 {
        self.ok + self.wrong_status + self.bad_bodies
    }
}
