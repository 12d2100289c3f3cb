//! What must still hold once the load is over: every answer was counted, every order done once, no money made or lost.

use std::collections::BTreeMap;
use std::thread;
use std::time::{Duration, Instant};

use super::metrics::Series;
use super::{Figures, Refusal, Visit};
use crate::bench::contract::Contract;
use crate::bench::http::Client;
use crate::bench::manifest::Service;
use crate::bench::process::{Host, Instance};
use crate::lang::Text;
use crate::schema::bench::CheckName;
use crate::tr;

/// How long a queue may take to empty itself before what is left is counted.
const DRAIN_LIMIT: Duration = Duration::from_secs(10);
/// No call for so long: nothing more will come.
const SILENCE: Duration = Duration::from_millis(1500);

/// Invariants of a contract around a load.
#[derive(Clone, Debug, Default)]
pub(crate) struct Aftermath {
    /// The sum of all balances before the load.
    sum: Option<i64>,
    /// Whether a change of the sum is only counted.
    audited: bool,
    /// What was found.
    pub(crate) figures: Figures,
    /// What no longer held.
    pub(crate) broken: Option<Text>,
}

impl Aftermath {
    /// Notes what the load must not change.
    pub(crate) fn begin(
        host: &Host,
        service: &Service,
        contract: &Contract,
        instance: Instance,
    ) -> (Self, Instance) {
        let mut visit = Visit::new(host, service, contract, instance);
        let audited = has(contract, service, CheckName::TransfersAudited);
        let balances = (audited || has(contract, service, CheckName::TransfersBalanced))
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

    /// Looks again. `good` answers were received at least; those on their way when the load ended are not among them.
    pub(crate) fn end(
        mut self,
        host: &Host,
        service: &Service,
        contract: &Contract,
        instance: Instance,
        good: u64,
    ) -> (Self, Instance) {
        let mut visit = Visit::new(host, service, contract, instance);
        // A service still busy with the last requests may need longer than under verification.
        visit.client = Client::new(visit.address, DRAIN_LIMIT);
        let found = self
            .counted(&mut visit, good)
            .and_then(|()| self.balanced(&mut visit));
        let found = found.and_then(|()| {
            if contract.downstream().is_empty() {
                Ok(())
            } else {
                self.done_once(&visit, good)
            }
        });
        if let Err(Refusal {
            request,
            expected,
            actual,
        }) = found
        {
            self.broken = Some(Text {
                en: format!("{request}: expected {}, found {}", expected.en, actual.en),
                zh: format!("{request}：应为 {}，实为 {}", expected.zh, actual.zh),
            });
        }
        (self, visit.leave())
    }

    /// The service's own counter has seen every good answer.
    fn counted(&mut self, visit: &mut Visit<'_>, good: u64) -> Result<(), Refusal> {
        let (_, series) = visit.metrics()?;
        let counted = Series::good_answers(&series);
        self.figures.insert("counted_count".to_owned(), counted);
        if counted >= good as f64 {
            return Ok(());
        }
        let expected = tr!(
            "at least {good} answers 2xx counted",
            "至少计入 {good} 个 2xx 应答"
        );
        Err(Refusal::new(
            "GET /metrics",
            expected,
            Text::name(counted.to_string()),
        ))
    }

    fn balanced(&mut self, visit: &mut Visit<'_>) -> Result<(), Refusal> {
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

    /// Waits for the queue. What is still to come at the limit is counted, what came twice or stopped coming is wrong.
    fn done_once(&mut self, visit: &Visit<'_>, good: u64) -> Result<(), Refusal> {
        let (began, mut last, mut since) = (Instant::now(), 0, Instant::now());
        let (silent, told) = loop {
            let told = Told::of(visit);
            if told.calls != last {
                (last, since) = (told.calls, Instant::now());
            }
            let silent = since.elapsed() >= SILENCE;
            if silent || began.elapsed() >= DRAIN_LIMIT {
                break (silent, told);
            }
            thread::sleep(Duration::from_millis(50));
        };
        self.figures
            .insert("orders_done_count".to_owned(), told.done as f64);
        self.figures.insert(
            "orders_left_count".to_owned(),
            good.saturating_sub(told.done) as f64,
        );
        self.figures
            .insert("drain_ms".to_owned(), (since - began).as_secs_f64() * 1e3);
        let done = "GET {DOWNSTREAM_URL}";
        if told.twice > 0 {
            return Err(Refusal::new(
                done,
                tr!("each call of an order once", "订单的每个调用恰好一次"),
                tr!("{0} came twice", "{0} 个重复", told.twice),
            ));
        }
        if silent && told.done < good {
            let expected = tr!(
                "{good} orders with mail and points",
                "{good} 个订单均有邮件与积分"
            );
            return Err(Refusal::new(
                done,
                expected,
                tr!("{0}, and no more came", "{0} 个，且不再增加", told.done),
            ));
        }
        Ok(())
    }
}

/// What the downstream stub was told.
struct Told {
    /// Calls in all.
    calls: u64,
    /// Orders that had each of their calls.
    done: u64,
    /// Calls that came more than once.
    twice: usize,
}

impl Told {
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
            calls: calls.values().sum(),
            done: orders.values().filter(|told| **told == paths).count() as u64,
            twice: calls.values().filter(|times| **times > 1).count(),
        }
    }
}

/// Whether the service is held to this check.
fn has(contract: &Contract, service: &Service, check: CheckName) -> bool {
    contract
        .steps()
        .iter()
        .any(|step| step.check == Some(check) && service.does(&step.step, step.needs.as_deref()))
}
