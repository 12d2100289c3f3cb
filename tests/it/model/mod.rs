//! The shipped formulas: what an architect expects of them, and figures worked out by hand.

mod chains;
mod properties;

use crate::sensitivity::world::World;

/// A decision over the shipped criteria, without uncertainty unless `context` brings some in.
pub(crate) struct Case<'a> {
    pub candidates: &'a str,
    /// The criteria whose formulas are built.
    pub criteria: &'a str,
    pub team: &'a str,
    pub context: &'a str,
}

/// Every input of the shipped formulas, certain.
const CERTAIN: &str = "
  horizon: 3 year
  discount_rate: 0 %
  rate.engineer: 70 EUR/person-h
  work.effort: 100 person-day
  transfer.strength: 1
  learning.language_gap: 1.5
  learning.mentor_drag: 10 %
  learning.full: 6 month
  maintenance.share: 0.2 1/year
  debt.upgrade_share: 8 %
  debt.unsupported: 0.5
  debt.no_policy: 0.2
  exit.hazard: 10 %
  exit.rework: 0.5
  exit.data: 0 GB
  exit.data_effort: 0.05 person-day/GB
  exit.dual_run: 10 %
  exit.growth: 0 %
  node.cores: 2 core/node
  node.scaling: 0.85
  node.spare: 1 node
  price.node: 60 EUR/node/month
  incidents.rate: 4 incident/year
  incidents.labour: 3 person-h/incident
  incidents.outage: 3 h/incident
  downtime.price: 200 EUR/h
  workload.peak_rps: 1000 req/s
  workload.headroom: 30 %
";

impl Case<'_> {
    pub(crate) fn world(&self) -> World {
        let Self {
            candidates,
            criteria,
            team,
            context,
        } = self;
        let own: Vec<&str> = context.lines().map(str::trim).collect();
        let is_own = |line: &&str| {
            let name = line.trim().split(':').next().unwrap_or("");
            !own.iter().any(|own| own.starts_with(&format!("{name}:")))
        };
        let certain: String = CERTAIN
            .lines()
            .filter(is_own)
            .fold(String::new(), |all, line| all + line + "\n");
        let context = own
            .iter()
            .fold(String::new(), |all, line| all + "  " + line + "\n");
        World::yaml(&format!(
            "
decision: by-hand
as_of: 2026-01-01
candidates:
{candidates}
criteria: [{criteria}]
context:{certain}{context}
team:
  members:
{team}
"
        ))
    }

    /// The values of a node by candidate, in its unit.
    pub(crate) fn values(&self, node: &str) -> Vec<f64> {
        let world = self.world();
        let plan = world.plan();
        let at = plan
            .graph
            .find(node)
            .unwrap_or_else(|| panic!("there is no node {node}"));
        let unit = &plan.graph.nodes[at].unit;
        (0..plan.candidates())
            .map(|c| unit.of_base(plan.point[at].of(c)))
            .collect()
    }
}
