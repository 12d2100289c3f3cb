//! Checks after a load: every response was counted, every order was processed once, the balances still add up.

use std::collections::BTreeMap;
use std::thread;
use std::time::{Duration, Instant};

use super::metrics::Series;
use super::{CheckError, Figures, Visit};
use crate::bench::contract::Contract;
use crate::bench::http::HttpClient;
use crate::bench::manifest::ReferenceService;
use crate::bench::process::{Host, Instance};
use crate::lang::Text;
use crate::schema::bench::CheckName;
use crate::tr;

/// How long a queue may take to empty before the remaining orders are counted.
const DRAIN_LIMIT: Duration = Duration::from_secs(10);
/// Without a call for this long, no more is expected.
const SILENCE: Duration = Duration::from_millis(1500);

/// Invariants of a contract around a load.
#[derive(Clone, Debug, Default)]
pub(crate) struct Aftermath {
    /// The sum of all balances before the load.
    sum: Option<i64>,
    /// Whether a change of the sum is counted rather than an error.
    audited: bool,
    /// Figures that were counted.
    pub(crate) figures: Figures,
    /// The first check that failed.
    pub(crate) broken: Option<Text>,
}

impl Aftermath {
    /// Records what the load must not change.
    pub(crate) fn begin(
        host: &Host,
        service: &ReferenceService,
        contract: &Contract,
        instance: Instance,
    ) -> (Self, Instance) {
        let mut visit = Visit::new(host, service, contract, instance);
        let audited = has_check(contract, service, CheckName::TransfersAudited);
        let balances = (audited || has_check(contract, service, CheckName::TransfersBalanced))
            .then(|| visit.balances().ok())
            .flatten();
        (
            Self {
                sum: balances.map(|all| all.sum),
                audited,
                ..Self::default()
            },
            visit.leave(),
        )
    }

    /// Checks after the load. `good` is the number of good responses, without those outstanding when the load ended.
    pub(crate) fn end(
        mut self,
        host: &Host,
        service: &ReferenceService,
        contract: &Contract,
        instance: Instance,
        good: u64,
    ) -> (Self, Instance) {
        let mut visit = Visit::new(host, service, contract, instance);
        // A service that is still busy with the last requests may respond more slowly than during verification.
        visit.client = HttpClient::new(visit.address, DRAIN_LIMIT);
        let found = self
            .check_counter(&mut visit, good)
            .and_then(|()| self.check_balances(&mut visit));
        let found = found.and_then(|()| {
            if contract.downstream().is_empty() {
                Ok(())
            } else {
                self.check_each_done_once(&visit, good)
            }
        });
        if let Err(CheckError {
            request,
            expected,
            actual,
        }) = found
        {
            self.broken = Some(tr!(
                "{request}: expected {expected}, found {actual}",
                "{request}：应为 {expected}，实为 {actual}"
            ));
        }
        (self, visit.leave())
    }

    /// Checks that the service's counter includes every good response.
    fn check_counter(&mut self, visit: &mut Visit<'_>, good: u64) -> Result<(), CheckError> {
        let (_, series) = visit.metrics()?;
        let counted = Series::good_answers(&series);
        self.figures.insert("counted_count".to_owned(), counted);
        if counted >= good as f64 {
            return Ok(());
        }
        let expected = tr!(
            "at least {good} counted 2xx responses",
            "至少计入 {good} 个 2xx 应答"
        );
        Err(CheckError::new(
            "GET /metrics",
            expected,
            Text::name(counted.to_string()),
        ))
    }

    fn check_balances(&mut self, visit: &mut Visit<'_>) -> Result<(), CheckError> {
        let Some(before) = self.sum else {
            return Ok(());
        };
        let after = visit.balances()?;
        if self.audited {
            after.note_errors(before, &mut self.figures);
            return Ok(());
        }
        after.note_retries(&mut self.figures);
        after.hold(before, "GET /api/accounts")
    }

    /// Waits for the queue to empty. Orders outstanding at the limit are counted; duplicated or lost ones are errors.
    fn check_each_done_once(&mut self, visit: &Visit<'_>, good: u64) -> Result<(), CheckError> {
        let (began, mut last, mut since) = (Instant::now(), 0, Instant::now());
        let (silent, calls) = loop {
            let calls = DownstreamCalls::of(visit);
            if calls.total != last {
                (last, since) = (calls.total, Instant::now());
            }
            let silent = since.elapsed() >= SILENCE;
            if silent || began.elapsed() >= DRAIN_LIMIT {
                break (silent, calls);
            }
            thread::sleep(Duration::from_millis(50));
        };
        self.figures
            .insert("orders_done_count".to_owned(), calls.done as f64);
        self.figures.insert(
            "orders_left_count".to_owned(),
            good.saturating_sub(calls.done) as f64,
        );
        self.figures
            .insert("drain_ms".to_owned(), (since - began).as_secs_f64() * 1e3);
        let done = "GET {DOWNSTREAM_URL}";
        if calls.twice > 0 {
            return Err(CheckError::new(
                done,
                tr!(
                    "each call of an order exactly once",
                    "订单的每个调用恰好一次"
                ),
                tr!("{0} were made twice", "{0} 个重复", calls.twice),
            ));
        }
        if silent && calls.done < good {
            let expected = tr!(
                "{good} orders with mail and points",
                "{good} 个订单均有邮件与积分"
            );
            return Err(CheckError::new(
                done,
                expected,
                tr!(
                    "{0}, and no more followed",
                    "{0} 个，且不再增加",
                    calls.done
                ),
            ));
        }
        Ok(())
    }
}

/// Calls to the downstream stub.
struct DownstreamCalls {
    /// Number of calls.
    total: u64,
    /// Orders that made each of their calls.
    done: u64,
    /// Calls that were made more than once.
    twice: usize,
}

impl DownstreamCalls {
    fn of(visit: &Visit<'_>) -> Self {
        let calls = visit
            .instance
            .as_ref()
            .and_then(|i| i.downstream.as_ref())
            .map(|d| d.calls())
            .unwrap_or_default();
        let paths = visit.contract.downstream().len();
        let mut orders: BTreeMap<&str, usize> = BTreeMap::new();
        calls
            .keys()
            .for_each(|(_, order)| *orders.entry(order).or_default() += 1);
        Self {
            total: calls.values().sum(),
            done: orders.values().filter(|made| **made == paths).count() as u64,
            twice: calls.values().filter(|times| **times > 1).count(),
        }
    }
}

/// Whether this check applies to the service.
fn has_check(contract: &Contract, service: &ReferenceService, check: CheckName) -> bool {
    contract
        .steps()
        .iter()
        .any(|step| step.check == Some(check) && service.does(&step.step, step.needs.as_deref()))
}
