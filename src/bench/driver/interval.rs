//! One second of load, and the latencies of several.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hdrhistogram::Histogram;
use hdrhistogram::serialization::{Serializer, V2Serializer};

/// Largest latency that the histogram resolves (us).
const LONGEST_US: u64 = 120_000_000;

/// Latencies as an HdrHistogram with 3 significant digits (us).
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
    /// Records a latency (us). More than two minutes counts as two minutes.
    pub fn record(&mut self, us: u64) {
        self.0.saturating_record(us.clamp(1, LONGEST_US));
    }

    /// Adds the latencies of another histogram.
    pub fn add(&mut self, other: &Self) {
        self.0.add(&other.0).expect("all have the same bounds");
    }

    /// Returns the number of latencies.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.0.len()
    }

    /// Returns the quantile `q` (us), where at least ten requests are slower: n (1 - q) >= 10.
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
        // The tenth of a request allows for the rounding of 1 - q.
        (self.count() as f64 * (1.0 - q) >= 9.9).then(|| self.0.value_at_quantile(q))
    }

    /// Returns the quantile (us) from however few requests: for the display of one second, not for evidence.
    #[must_use]
    pub fn rough_quantile(&self, q: f64) -> u64 {
        self.0.value_at_quantile(q)
    }

    /// Returns the lowest latency (us).
    #[must_use]
    pub fn min(&self) -> u64 {
        self.0.min()
    }

    /// Returns the highest latency (us).
    #[must_use]
    pub fn max(&self) -> u64 {
        self.0.max()
    }

    /// Returns the mean latency (us).
    #[must_use]
    pub fn mean(&self) -> f64 {
        self.0.mean()
    }

    /// Serialises to HdrHistogram V2 in base64, which other tools read.
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
pub struct LoadInterval {
    /// Its number, from 0.
    pub number: u32,
    /// Its length: one second plus the delay of the loop (s).
    pub seconds: f64,
    /// Responses with the expected status and, if compared, the expected body.
    pub ok: u64,
    /// Responses with another status.
    pub wrong_status: u64,
    /// Compared bodies that differed.
    pub bad_bodies: u64,
    /// Connections that were refused.
    pub connect_errors: u64,
    /// Connections that ended, or sent invalid HTTP, before the response.
    pub read_errors: u64,
    /// Requests without a response in time.
    pub timeouts: u64,
    /// Requests due in this second (open loop) or sent in it (closed loop).
    pub offered: u64,
    /// Requests that wait for a connection at its end.
    pub backlog: u64,
    /// Bytes received.
    pub bytes: u64,
    /// Maximum delay between intended and actual send time with a free connection (us).
    pub lag_us: u64,
    /// CPU time of the driver's thread (us).
    pub driver_cpu_us: u64,
    /// Latencies of all responses of this second.
    pub latencies: Latencies,
}

impl LoadInterval {
    /// Returns the rate of good responses (requests/s).
    #[must_use]
    pub fn goodput_rps(&self) -> f64 {
        self.ok as f64 / self.seconds.max(1e-9)
    }

    /// Returns the number of failed requests.
    #[must_use]
    pub fn errors(&self) -> u64 {
        self.wrong_status + self.bad_bodies + self.connect_errors + self.read_errors + self.timeouts
    }

    /// Returns the number of responses of any kind.
    #[must_use]
    pub fn answers(&self) -> u64 {
        self.ok + self.wrong_status + self.bad_bodies
    }
}
