//! Agreement of methods: whether another method, normalisation or set of weights would choose another candidate.
//!
//! Every method is applied in each sensible form, under several sets of weights, to the candidates that the
//! decision ranks. Each result names its winner and says how far its ranking agrees with the decision's own: Kendall's tau-b, 1 for the
//! same order, -1 for the reverse. Where a method cannot be applied, the result says why. Weights derived from the data (entropy,
//! CRITIC, MEREC) say how far the candidates differ, not what matters to you: they are diagnostics.

use super::ranking::{self, DEFAULT_METHOD};
use crate::eval::{Evaluation, Plan, Status};
use crate::lang::Text;
use crate::rank::agreement::tau_b;
use crate::rank::{self, Method, Params, Problem, RankError};
use crate::tr;
use crate::weighting::matrix::CriterionColumn;
use crate::weighting::{self, WeightError};

/// Weights under which methods are compared.
#[derive(Clone, Debug)]
pub struct WeightSet {
    /// Its id: `declared`, `equal`, a stakeholder's id, `entropy`, `critic`, `merec`.
    pub id: String,
    pub title: Text,
    /// Whether it was derived from the data.
    pub diagnosis: bool,
    /// Share of each criterion, or why there are none.
    pub shares: Result<Vec<f64>, Text>,
}

/// The result of one method under one set of weights.
#[derive(Clone)]
pub struct MethodComparison {
    pub method: &'static dyn Method,
    /// The method with the parameter that sets it apart, such as `topsis minmax`.
    pub form: String,
    /// The parameters in force.
    pub params: Vec<(String, String)>,
    /// The set of weights, by index in [`Agreement::sets`].
    pub set: usize,
    /// The candidates in first place, by index in the decision, several where they tie; or why the method cannot be applied.
    pub winners: Result<Vec<usize>, Text>,
    /// Agreement with the decision's own ranking; `None` if it is not defined, as with fewer than two candidates.
    pub tau: Option<f64>,
}

/// The results of all methods under all sets of weights.
#[derive(Clone, Default)]
pub struct Agreement {
    /// The sets of weights.
    pub sets: Vec<WeightSet>,
    /// The candidates in first place of the decision's own ranking.
    pub winners: Vec<usize>,
    /// One result per method and set of weights, by method, then by set.
    pub results: Vec<MethodComparison>,
}

impl Agreement {
    /// How many results name a winner of the decision's own ranking, and how many name a winner at all.
    #[must_use]
    pub fn agreeing(&self) -> (usize, usize) {
        let named = self.results.iter().filter_map(|v| v.winners.as_ref().ok());
        named.fold((0, 0), |(same, all), w| {
            (
                same + usize::from(w.iter().any(|c| self.winners.contains(c))),
                all + 1,
            )
        })
    }
}

/// The methods with the parameter variants to compare. `none` is no normalisation for criteria in different units.
const FORMS: &[(&str, &[&str])] = &[
    ("value", &[]),
    ("weighted-sum", &["normalisation=max"]),
    ("weighted-sum", &["normalisation=minmax"]),
    ("weighted-sum", &["normalisation=sum"]),
    ("weighted-sum", &["normalisation=vector"]),
    ("weighted-product", &["normalisation=max"]),
    ("weighted-product", &["normalisation=sum"]),
    ("waspas", &[]),
    ("topsis", &["normalisation=vector"]),
    ("topsis", &["normalisation=minmax"]),
    ("topsis", &["normalisation=max"]),
    ("topsis", &["normalisation=sum"]),
    ("vikor", &[]),
    ("promethee", &[]),
    ("electre-1", &[]),
    ("marcos", &[]),
    ("spotis", &[]),
];

/// Compares the decision's own ranking with all methods and sets of weights. `method` and `params` are those of the decision.
///
/// # Errors
/// If the decision's own method cannot be applied.
pub fn agreement(
    plan: &Plan<'_>,
    method: &'static dyn Method,
    params: &Params,
) -> Result<Agreement, RankError> {
    let Some(compared) = Compared::new(plan, method, params)? else {
        return Ok(Agreement::default());
    };
    let sets = sets(plan, &compared.problem);
    Ok(Agreement {
        winners: first(&compared.ranked, &compared.own),
        results: compared.results(&sets, |_| true),
        sets,
    })
}

/// The results of the other methods under the declared weights; empty where nobody is ranked or the methods cannot be applied.
#[must_use]
pub fn declared(
    plan: &Plan<'_>,
    method: &'static dyn Method,
    params: &Params,
) -> Vec<MethodComparison> {
    let Ok(Some(compared)) = Compared::new(plan, method, params) else {
        return Vec::new();
    };
    let set = declared_set(&compared.evaluation.shares);
    compared.results(&[set], |id| id != method.id())
}

/// What the methods are applied to.
struct Compared<'a> {
    plan: &'a Plan<'a>,
    evaluation: Evaluation,
    ranked: Vec<usize>,
    problem: Problem,
    /// The ranks of the decision's own ranking.
    own: Vec<usize>,
}

impl<'a> Compared<'a> {
    /// Applies the decision's own method; `None` if nobody is ranked.
    fn new(
        plan: &'a Plan<'a>,
        method: &'static dyn Method,
        params: &Params,
    ) -> Result<Option<Self>, RankError> {
        let evaluation = plan.evaluate();
        let ranked: Vec<usize> = (0..plan.candidates())
            .filter(|&c| evaluation.rows[c].status == Status::Ranked)
            .collect();
        if ranked.is_empty() {
            return Ok(None);
        }
        let problem = ranking::problem(plan, &evaluation, &ranked)?;
        let mut compared = Self {
            plan,
            evaluation,
            ranked,
            problem,
            own: Vec::new(),
        };
        compared.own = compared
            .ranks(&compared.evaluation.shares, method, params)?
            .0;
        Ok(Some(compared))
    }

    /// One result per form of a method that is asked for and set of weights.
    fn results(
        &self,
        sets: &[WeightSet],
        is_asked: impl Fn(&str) -> bool,
    ) -> Vec<MethodComparison> {
        let mut results = Vec::new();
        for (id, pairs) in FORMS.iter().filter(|(id, _)| is_asked(id)) {
            let apart = pairs
                .iter()
                .filter_map(|pair| pair.split_once('='))
                .map(|(_, word)| format!(" {word}"));
            let form = format!("{id}{}", apart.collect::<String>());
            for (set, weights) in sets.iter().enumerate() {
                results.push(self.result((id, pairs), &form, set, weights));
            }
        }
        results
    }

    fn result(
        &self,
        (id, pairs): (&str, &[&str]),
        form: &str,
        set: usize,
        weights: &WeightSet,
    ) -> MethodComparison {
        let method = rank::find(id).expect("the forms name methods that exist");
        let params = Params::parse(pairs).expect("the forms are well written");
        let found = weights.shares.clone().and_then(|shares| {
            self.ranks(&shares, method, &params)
                .map_err(|error| error.text().clone())
        });
        let given = pairs
            .iter()
            .filter_map(|pair| pair.split_once('='))
            .map(|(key, value)| (key.to_owned(), value.to_owned()));
        let (winners, tau, params) = match found {
            Ok((ranks, params)) => (
                Ok(first(&self.ranked, &ranks)),
                tau_b(&self.own, &ranks),
                params,
            ),
            Err(why) => (Err(why), None, given.collect()),
        };
        MethodComparison {
            method,
            form: form.to_owned(),
            params,
            set,
            winners,
            tau,
        }
    }

    /// Ranks of the candidates in the problem, and the parameters in force.
    fn ranks(
        &self,
        shares: &[f64],
        method: &'static dyn Method,
        params: &Params,
    ) -> Result<(Vec<usize>, ParameterList), RankError> {
        let outcome = method.run(&self.problem.with_weights(shares.to_vec())?, params)?;
        let scores = if method.id() == DEFAULT_METHOD {
            // The graph's own value functions have more shapes than a straight line.
            let again = self.plan.evaluate_with(shares);
            let score = |c: &usize| again.rows[*c].score.or(self.evaluation.rows[*c].score);
            self.ranked
                .iter()
                .map(|c| score(c).expect("a ranked candidate has a score"))
                .collect()
        } else {
            outcome.scores
        };
        Ok((
            rank::ranks(&scores, outcome.higher_is_better),
            outcome.params,
        ))
    }
}

/// Parameters in force, by name.
type ParameterList = Vec<(String, String)>;

fn first(ranked: &[usize], ranks: &[usize]) -> Vec<usize> {
    ranked
        .iter()
        .zip(ranks)
        .filter(|(_, rank)| **rank == 1)
        .map(|(c, _)| *c)
        .collect()
}

fn declared_set(shares: &[f64]) -> WeightSet {
    WeightSet {
        id: "declared".into(),
        title: tr!("declared", "声明"),
        diagnosis: false,
        shares: Ok(shares.to_vec()),
    }
}

/// The declared weights, equal weights, those of each stakeholder, and three that are derived from the data.
fn sets(plan: &Plan<'_>, problem: &Problem) -> Vec<WeightSet> {
    let declared = plan.shares();
    let counted: Vec<usize> = (0..declared.len()).filter(|&k| declared[k] > 0.0).collect();
    let even = 1.0 / counted.len().max(1) as f64;
    let equal = (0..declared.len())
        .map(|k| if counted.contains(&k) { even } else { 0.0 })
        .collect();
    let mut sets = vec![
        declared_set(&declared),
        WeightSet {
            id: "equal".into(),
            title: tr!("equal", "等权"),
            diagnosis: false,
            shares: Ok(equal),
        },
    ];
    for stakeholder in &plan.decision.stakeholders {
        let shares = super::stakeholders::shares(plan, stakeholder)
            .filter(|shares| {
                shares
                    .iter()
                    .zip(&declared)
                    .all(|(own, declared)| *own == 0.0 || *declared > 0.0)
            })
            .ok_or_else(|| {
                let id = &stakeholder.id;
                tr!(
                    "{id} weighs criteria that this decision does not",
                    "{id} 的权重涉及此决策未计权的准则"
                )
            });
        sets.push(WeightSet {
            id: stakeholder.id.clone(),
            title: stakeholder.title.clone(),
            diagnosis: false,
            shares,
        });
    }
    let columns: Vec<CriterionColumn> = counted
        .iter()
        .map(|&k| CriterionColumn {
            criterion: problem.axes()[k].id.clone(),
            higher_is_better: problem.axes()[k].direction == rank::Direction::Max,
            values: problem.column(k).to_vec(),
        })
        .collect();
    let measured =
        |id: &str,
         title: Text,
         weights: fn(&[CriterionColumn]) -> Result<weighting::Weights, WeightError>| {
            let spread = |found: weighting::Weights| {
                let mut shares = vec![0.0; declared.len()];
                counted
                    .iter()
                    .zip(found.weights)
                    .for_each(|(&k, (_, share))| shares[k] = share);
                shares
            };
            let shares = weights(&columns).map(spread).map_err(|e| e.text().clone());
            WeightSet {
                id: id.to_owned(),
                title,
                diagnosis: true,
                shares,
            }
        };
    sets.push(measured(
        "entropy",
        tr!("entropy", "熵权"),
        weighting::entropy::weights,
    ));
    sets.push(measured(
        "critic",
        Text::name("CRITIC"),
        weighting::critic::weights,
    ));
    sets.push(measured(
        "merec",
        Text::name("MEREC"),
        weighting::merec::weights,
    ));
    sets
}
