//! Finds what limited a closed loop from the run's own figures.

use crate::model::remark::RunRemark;

/// Figures of a closed loop that tell what limited it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bottleneck {
    /// CPU of the driver (cores).
    pub driver_cores: f64,
    /// CPU of the service (cores).
    pub service_cores: f64,
    /// Cores the service may use.
    pub allowed_cores: f64,
    /// Responses with the expected status (requests/s).
    pub goodput_rps: f64,
    /// Rate of the driver against the null responder (requests/s).
    pub ceiling_rps: Option<f64>,
    /// N / (X R), 1 by Little's law.
    pub little: Option<f64>,
    /// Lowest latency (us).
    pub fastest_us: u64,
}

impl Bottleneck {
    /// Returns the remarks that the figures call for, in order.
    #[must_use]
    pub fn remarks(&self) -> Vec<RunRemark> {
        let mut found = Vec::new();
        let used = self.service_cores / self.allowed_cores.max(1e-9);
        if self.driver_cores > 0.95 && used < 0.9 {
            found.push(RunRemark::DriverBound);
        }
        if self
            .ceiling_rps
            .is_some_and(|ceiling| self.goodput_rps > 0.7 * ceiling)
        {
            found.push(RunRemark::NearCeiling);
        }
        found.push(if used >= 0.85 {
            RunRemark::ServerBound
        } else if used >= 0.5 {
            RunRemark::Mixed
        } else {
            RunRemark::ServerIdle
        });
        if self
            .little
            .is_some_and(|ratio| !(0.9..=1.1).contains(&ratio))
        {
            found.push(RunRemark::LittlesLaw);
        }
        if (38_000..48_000).contains(&self.fastest_us) {
            found.push(RunRemark::DelayedAcknowledgement);
        }
        found
    }
}

/// Whether the three highest of these rates lie within 1 %.
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
        assert_eq!(busy.remarks(), [RunRemark::ServerBound]);
        let driver = Bottleneck {
            driver_cores: 0.99,
            service_cores: 0.6,
            goodput_rps: 90_000.0,
            ..busy
        };
        assert_eq!(
            driver.remarks(),
            [
                RunRemark::DriverBound,
                RunRemark::NearCeiling,
                RunRemark::Mixed
            ]
        );
        let nagle = Bottleneck {
            service_cores: 0.02,
            fastest_us: 40_300,
            little: Some(1.3),
            ..busy
        };
        assert_eq!(
            nagle.remarks(),
            [
                RunRemark::ServerIdle,
                RunRemark::LittlesLaw,
                RunRemark::DelayedAcknowledgement
            ]
        );
    }

    #[test]
    fn three_alike_at_the_top_are_a_plateau() {
        assert!(is_plateau(&[100.0, 30.0, 99.5, 99.2]));
        assert!(!is_plateau(&[100.0, 99.5, 90.0]) && !is_plateau(&[100.0, 100.0]));
    }
}
