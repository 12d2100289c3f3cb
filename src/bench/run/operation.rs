//! Measures the cells of one operation: which loads, and for how long.

use std::time::Duration;

use super::{BenchSession, BenchSettings, Budget, Entrant};
use crate::bench::contract::Contract;
use crate::bench::driver::{Arrivals, WorkloadModel};
use crate::bench::error::BenchError;
use crate::bench::interference::wait_for_idle;
use crate::bench::manifest::ReferenceService;
use crate::bench::measure::{CellGoal, MeasuredCell, forward_intervals, measure};
use crate::bench::operation_load::OperationLoad;
use crate::bench::process::Instance;
use crate::bench::progress::{BenchPhase, Progress};
use crate::schema::bench::OperationDoc;

/// Returns the operations that a run measures. A quick run without an explicit number of rounds measures only the main ones.
pub(super) fn measured_operations<'a>(
    settings: &BenchSettings,
    service: &ReferenceService,
    contract: &'a Contract,
) -> Vec<&'a OperationDoc> {
    let in_depth = settings.budget == Budget::Thorough;
    let every = in_depth || settings.rounds.is_some();
    let wanted = |(i, o): &(usize, &OperationDoc)| {
        (every || o.latency || *i == 0) && (in_depth || !o.thorough)
    };
    let done = |o: &&OperationDoc| service.does(&o.operation, o.needs.as_deref());
    contract
        .operations()
        .iter()
        .enumerate()
        .filter(wanted)
        .map(|(_, o)| o)
        .filter(done)
        .collect()
}

/// Returns the goals of closed and open cells under each budget.
fn cell_goals(budget: Budget, service: &ReferenceService, first: bool) -> (CellGoal, CellGoal) {
    let slow = service.warms_slowly();
    match budget {
        Budget::Quick => (
            // The first operation warms up the process for those that follow.
            CellGoal {
                warm_up: if !first {
                    1
                } else if slow {
                    10
                } else {
                    5
                },
                steady: first,
                clean: 5,
                most: 10,
            },
            CellGoal {
                warm_up: 1,
                steady: false,
                clean: 5,
                most: 10,
            },
        ),
        Budget::Thorough => (
            CellGoal {
                warm_up: if first { 60 } else { 20 },
                steady: true,
                clean: 8,
                most: 24,
            },
            CellGoal {
                warm_up: 1,
                steady: false,
                clean: 8,
                most: 24,
            },
        ),
    }
}

/// What to measure of an operation.
#[derive(Clone, Copy)]
pub(super) struct Demand {
    /// Whether it is the contract's first: it warms up the process, and thorough runs measure it in depth.
    pub(super) first: bool,
    /// Whether its latency is measured in every round.
    pub(super) latency: bool,
    /// Connections of its closed loop.
    pub(super) connections: Option<usize>,
}

/// Default number of connections of the closed loop.
const CLOSED_CONNECTIONS: usize = 16;

/// Maximum number of connections of an open loop: enough that waiting for one means that the service has fallen behind.
pub(super) const OPEN_CONNECTIONS: usize = 64;

/// How long a service may take to process what an earlier load left in it.
const SETTLING: Duration = Duration::from_secs(20);

impl BenchSession<'_> {
    /// Measures the cells of one operation.
    pub(super) fn measure_operation(
        &self,
        entrant: &Entrant<'_>,
        load: &OperationLoad,
        instance: &Instance,
        demand: Demand,
        progress: &mut dyn Progress,
    ) -> Result<Vec<MeasuredCell>, BenchError> {
        let service = entrant.service;
        let (closed, open) = cell_goals(self.settings.budget, service, demand.first);
        let in_depth = self.settings.budget == Budget::Thorough && demand.first;
        let mut cells = Vec::new();
        let own = demand.connections.unwrap_or(CLOSED_CONNECTIONS);
        let levels = if in_depth {
            vec![own, 1, 4 * own]
        } else {
            vec![own]
        };
        for (i, connections) in levels.into_iter().enumerate() {
            progress.phase(
                service.id(),
                &BenchPhase::Closed {
                    operation: load.operation.clone(),
                    connections,
                },
            );
            let goal = if i == 0 {
                closed
            } else {
                CellGoal {
                    warm_up: 2,
                    steady: false,
                    ..closed
                }
            };
            cells.push(self.measure_cell(
                service,
                load,
                instance,
                WorkloadModel::Closed,
                connections,
                goal,
                progress,
            )?);
        }
        let capacity = cells
            .iter()
            .map(MeasuredCell::goodput_rps)
            .fold(0.0, f64::max);
        let mut rates = Vec::new();
        if demand.latency || in_depth {
            rates.push(self.settings.required_rps);
        }
        if in_depth {
            rates.extend([0.5 * capacity, 0.8 * capacity]);
        }
        for rate_rps in rates.into_iter().filter(|rate| *rate >= 1.0) {
            progress.phase(
                service.id(),
                &BenchPhase::Open {
                    operation: load.operation.clone(),
                    rate_rps,
                },
            );
            let model = WorkloadModel::Open {
                rate_rps,
                arrivals: Arrivals::Poisson,
            };
            cells.push(self.measure_cell(
                service,
                load,
                instance,
                model,
                OPEN_CONNECTIONS,
                open,
                progress,
            )?);
        }
        Ok(cells)
    }

    #[expect(
        clippy::too_many_arguments,
        reason = "a cell is the crossing of all of them"
    )]
    pub(super) fn measure_cell(
        &self,
        service: &ReferenceService,
        load: &OperationLoad,
        instance: &Instance,
        model: WorkloadModel,
        connections: usize,
        goal: CellGoal,
        progress: &mut dyn Progress,
    ) -> Result<MeasuredCell, BenchError> {
        let settled = model == WorkloadModel::Closed
            || wait_for_idle(&instance.roots(), SETTLING, &self.host.interrupt);
        let plan = load.plan(model, connections);
        let on_interval = forward_intervals(progress, service.id());
        let mut cell = measure(
            &load.operation,
            plan,
            instance,
            goal,
            self.recorder.null_variation,
            &self.host.interrupt,
            on_interval,
        )?;
        cell.steady &= settled;
        Ok(cell)
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    #[test]
    fn a_quick_run_keeps_to_the_main_operations() {
        let read = |name: &str, text: &str| {
            let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
                .join("examples/services")
                .join(name);
            let manifest =
                std::fs::read_to_string(folder.join("service.yaml")).expect("it is there");
            let service =
                ReferenceService::new(serde_yaml::from_str(&manifest).expect("it reads"), &folder)
                    .expect("it is complete");
            (
                service,
                Contract::new(serde_yaml::from_str(text).expect("it reads"))
                    .expect("it is complete"),
            )
        };
        let (service, contract) = read(
            "sqlite-records",
            include_str!("../../../examples/services/contracts/records.yaml"),
        );
        let names = |budget, rounds| {
            let settings = BenchSettings {
                budget,
                rounds,
                ..BenchSettings::default()
            };
            measured_operations(&settings, &service, &contract)
                .into_iter()
                .map(|o| o.operation.as_str())
                .collect::<Vec<_>>()
        };
        assert_eq!(names(Budget::Quick, None), ["point_read", "insert"]);
        assert_eq!(
            names(Budget::Quick, Some(5)),
            ["point_read", "insert", "aggregate", "transfer"]
        );
        assert_eq!(
            names(Budget::Thorough, None).len(),
            contract.operations().len()
        );
        let (service, contract) = read(
            "flask-sync-orders",
            include_str!("../../../examples/services/contracts/orders.yaml"),
        );
        assert_eq!(
            measured_operations(&BenchSettings::default(), &service, &contract).len(),
            1,
            "it has no queue"
        );
    }
}
