//! Parameters of methods: `key=value` as typed, checked against what the method declares.

use super::problem::is_supported_magnitude;
use super::{Axis, Problem, RankError};
use crate::lang::Text;
use crate::source::did_you_mean_clause;
use crate::tr;

/// The values that a parameter accepts.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum ParameterDomain {
    /// One of these words.
    Word(&'static [&'static str]),
    /// A number from `low` to `high`, both included.
    Number { low: f64, high: f64 },
    /// A number from 1e-150 to 1e150, such as a threshold used as a divisor.
    Positive,
    /// 0, or a number from 1e-150 to 1e150.
    NotNegative,
    /// Any number with a magnitude of at most 1e150, in the measure's unit.
    Any,
}

/// One parameter of a method.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Parameter {
    pub name: &'static str,
    /// `None` if no default suits every decision.
    pub default: Option<&'static str>,
    pub domain: ParameterDomain,
    /// Whether `name.CRITERION` sets it for one criterion.
    pub per_criterion: bool,
    /// The meaning in English; see [`Parameter::meaning`].
    pub en: &'static str,
    /// The meaning in Chinese; see [`Parameter::meaning`].
    pub zh: &'static str,
}

impl Parameter {
    /// Describes the effect of the parameter in a phrase.
    #[must_use]
    pub fn meaning(&self) -> Text {
        let (en, zh) = (self.en, self.zh);
        tr!("{en}", "{zh}")
    }

    /// Describes the accepted values.
    #[must_use]
    pub fn allowed(&self) -> Text {
        match self.domain {
            ParameterDomain::Word(words) => {
                let list = words.join(" | ");
                tr!("{list}", "{list}")
            }
            ParameterDomain::Number { low, high } => {
                tr!("a number from {low} to {high}", "{low} 至 {high} 之间的数")
            }
            ParameterDomain::Positive => tr!("a number above 0", "大于 0 的数"),
            ParameterDomain::NotNegative => tr!("a number of 0 or above", "不小于 0 的数"),
            ParameterDomain::Any => tr!("a number", "一个数"),
        }
    }
}

/// The parameter shared by all methods.
pub(super) const WEIGHTS: Parameter = Parameter {
    name: "weights",
    default: Some("normalised"),
    domain: ParameterDomain::Word(&["normalised", "as-given"]),
    per_criterion: false,
    en: "whether the weights are divided by their sum",
    zh: "权重是否除以其总和",
};

/// Parameters as given on the command line, in that order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Params(Vec<(String, String)>);

impl Params {
    /// Returns an empty list, so that all defaults apply.
    #[must_use]
    pub fn none() -> Self {
        Self::default()
    }

    /// Parses `key=value` pairs.
    ///
    /// # Errors
    /// [`RankError::Parameter`] for a pair without `=` or without a key, or a key given twice.
    pub fn parse<S: AsRef<str>>(pairs: impl IntoIterator<Item = S>) -> Result<Self, RankError> {
        let mut params = Self::default();
        for pair in pairs {
            let pair = pair.as_ref();
            let (name, value) = match pair.split_once('=') {
                Some((name, value)) if !name.trim().is_empty() => (name.trim(), value.trim()),
                _ => {
                    return Err(RankError::Parameter {
                        name: pair.to_owned(),
                        text: tr!(
                            "`{pair}` is not a parameter: write name=value",
                            "`{pair}` 不是参数：请写成 名称=值"
                        ),
                    });
                }
            };
            if params.get(name).is_some() {
                return Err(RankError::Parameter {
                    name: name.to_owned(),
                    text: tr!(
                        "parameter `{name}` is given twice",
                        "参数 `{name}` 给出了两次"
                    ),
                });
            }
            params.0.push((name.to_owned(), value.to_owned()));
        }
        Ok(params)
    }

    /// Returns the value given for `name`.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0
            .iter()
            .find(|(given, _)| given == name)
            .map(|(_, value)| value.as_str())
    }
}

/// The effective parameters: the given ones, checked, with defaults for the rest.
pub(super) struct EffectiveParams<'a> {
    parameters: &'static [Parameter],
    axes: &'a [Axis],
    given: &'a Params,
}

impl<'a> EffectiveParams<'a> {
    /// Checks the given parameters against those that the method declares.
    pub(super) fn new(
        parameters: &'static [Parameter],
        problem: &'a Problem,
        given: &'a Params,
    ) -> Result<Self, RankError> {
        let axes = problem.axes();
        for (name, value) in &given.0 {
            check_value(name, value, find_declared(name, parameters, axes)?)?;
        }
        Ok(Self {
            parameters,
            axes,
            given,
        })
    }

    /// Returns the effective word.
    pub(super) fn word(&self, name: &str) -> &str {
        self.given
            .get(name)
            .or(self.declared(name).default)
            .expect("every parameter that is a word declares a default")
    }

    /// Returns the effective word for criterion `k`.
    pub(super) fn word_of(&self, name: &str, k: usize) -> &str {
        self.given
            .get(&self.criterion_key(name, k))
            .unwrap_or_else(|| self.word(name))
    }

    /// Returns the effective number for all criteria; `None` without a given value or default.
    pub(super) fn number(&self, name: &str) -> Option<f64> {
        let word = self.given.get(name).or(self.declared(name).default)?;
        Some(
            word.parse()
                .expect("numbers are checked when parameters are read"),
        )
    }

    /// Returns the effective number for criterion `k`; `None` without a given value or default.
    pub(super) fn number_of(&self, name: &str, k: usize) -> Option<f64> {
        match self.given.get(&self.criterion_key(name, k)) {
            Some(word) => Some(
                word.parse()
                    .expect("numbers are checked when parameters are read"),
            ),
            None => self.number(name),
        }
    }

    /// Returns the effective weights: normalised to sum to 1, or as given.
    pub(super) fn weights(&self, problem: &Problem) -> Vec<f64> {
        if self.word(WEIGHTS.name) == "as-given" {
            problem.weights().to_vec()
        } else {
            problem.shares()
        }
    }

    /// Returns all effective parameters in declared order, then those of single criteria as given.
    pub(super) fn to_pairs(&self) -> Vec<(String, String)> {
        let general = self.parameters.iter().filter_map(|parameter| {
            let value = self.given.get(parameter.name).or(parameter.default)?;
            Some((parameter.name.to_owned(), value.to_owned()))
        });
        let single = self
            .given
            .0
            .iter()
            .filter(|(name, _)| {
                self.parameters
                    .iter()
                    .all(|parameter| parameter.name != name)
            })
            .cloned();
        general.chain(single).collect()
    }

    fn declared(&self, name: &str) -> &'static Parameter {
        self.parameters
            .iter()
            .find(|parameter| parameter.name == name)
            .expect("a method asks only for parameters it declares")
    }

    fn criterion_key(&self, name: &str, k: usize) -> String {
        format!("{name}.{}", self.axes[k].id)
    }
}

fn find_declared(
    name: &str,
    parameters: &'static [Parameter],
    axes: &[Axis],
) -> Result<&'static Parameter, RankError> {
    let (general, criterion) = match name.split_once('.') {
        Some((general, criterion)) => (general, Some(criterion)),
        None => (name, None),
    };
    let Some(parameter) = parameters
        .iter()
        .find(|parameter| parameter.name == general)
    else {
        let list: Vec<&str> = parameters.iter().map(|parameter| parameter.name).collect();
        let hint = did_you_mean_clause(general, list.iter().copied());
        let list = list.join(", ");
        return Err(RankError::Parameter {
            name: name.to_owned(),
            text: tr!(
                "there is no parameter `{general}`; this method has {list}{hint}",
                "没有参数 `{general}`；此方法的参数：{list}{hint}"
            ),
        });
    };
    let Some(criterion) = criterion else {
        return Ok(parameter);
    };
    if !parameter.per_criterion {
        return Err(RankError::Parameter {
            name: name.to_owned(),
            text: tr!(
                "`{general}` applies to all criteria and cannot be set for a single one",
                "`{general}` 对所有准则生效，不能只为一个准则设置"
            ),
        });
    }
    if axes.iter().any(|axis| axis.id == criterion) {
        return Ok(parameter);
    }
    let hint = did_you_mean_clause(criterion, axes.iter().map(|axis| axis.id.as_str()));
    Err(RankError::Parameter {
        name: name.to_owned(),
        text: tr!(
            "`{name}` does not name a criterion of this decision{hint}",
            "`{name}` 中的准则不在此决策中{hint}"
        ),
    })
}

fn check_value(name: &str, value: &str, parameter: &Parameter) -> Result<(), RankError> {
    let number = value
        .parse::<f64>()
        .ok()
        .filter(|&number| is_supported_magnitude(number));
    let legal = match parameter.domain {
        ParameterDomain::Word(words) => words.contains(&value),
        ParameterDomain::Number { low, high } => {
            number.is_some_and(|number| (low..=high).contains(&number))
        }
        ParameterDomain::Positive => number.is_some_and(|number| number > 0.0),
        ParameterDomain::NotNegative => number.is_some_and(|number| number >= 0.0),
        ParameterDomain::Any => number.is_some(),
    };
    if legal {
        return Ok(());
    }
    let words = match parameter.domain {
        ParameterDomain::Word(words) => words,
        _ => &[],
    };
    let hint = did_you_mean_clause(value, words.iter().copied());
    let allowed = parameter.allowed();
    Err(RankError::Parameter {
        name: name.to_owned(),
        text: tr!(
            "parameter `{name}` cannot be `{value}`; allowed: {allowed}{hint}",
            "参数 `{name}` 不能是 `{value}`；允许：{allowed}{hint}"
        ),
    })
}
