//! A contract: what a service must respond, as data. Contracts with the same hash require the same work.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use sha2::{Digest, Sha256};

use super::error::BenchError;
use super::http::{HttpRequest, HttpResponse};
use super::pattern::{self, Variables, fill_text, fill_value, header_fits};
use crate::lang::Text;
use crate::schema::bench::{ContractDoc, ExpectDoc, OperationDoc, RequestDoc, StepDoc};
use crate::tr;

/// A contract whose steps and operations are complete.
#[derive(Clone, Debug)]
pub struct Contract {
    doc: ContractDoc,
    hash: String,
}

impl Contract {
    /// Checks what the schema cannot: that ids are unique and that every step does something.
    ///
    /// # Errors
    /// [`BenchError::Document`] names the first step that is wrong.
    pub fn new(doc: ContractDoc) -> Result<Self, BenchError> {
        let file = &doc.contract;
        let mut seen = BTreeSet::new();
        for step in &doc.steps {
            if !seen.insert(&step.step) {
                return Err(BenchError::document(
                    file,
                    tr!(
                        "two steps are called `{0}`",
                        "有两个步骤名为 `{0}`",
                        step.step
                    ),
                ));
            }
            if step.check.is_none() && (step.request.is_none() || step.expect.is_none()) {
                let what = tr!(
                    "step `{0}` has neither a request with its response nor a check",
                    "步骤 `{0}` 既无请求与应答，也无检查",
                    step.step
                );
                return Err(BenchError::document(file, what));
            }
        }
        if doc.operations.is_empty() {
            return Err(BenchError::missing(file, "operations"));
        }
        for operation in &doc.operations {
            check_operation(operation, &doc.operations)
                .map_err(|what| BenchError::document(file, what))?;
        }
        if let Some(derived) = doc.derive.iter().find(|(_, d)| d.modulo <= 0) {
            return Err(BenchError::document(
                file,
                tr!(
                    "`derive.{0}.modulo` must be above 0",
                    "`derive.{0}.modulo` 必须大于 0",
                    derived.0
                ),
            ));
        }
        let hash = hash_contract(&doc);
        Ok(Self { doc, hash })
    }

    /// Returns the contract with other latencies (path and ms) of the downstream stub. That is different work, so the hash changes.
    ///
    /// # Errors
    /// [`BenchError::Document`] where the contract has no stub of that path.
    pub fn with_downstream(self, times: &[(String, u64)]) -> Result<Self, BenchError> {
        let mut doc = self.doc;
        for (name, ms) in times {
            let path = format!("/{}", name.trim_start_matches('/'));
            let Some(known) = doc.downstream.get_mut(&path) else {
                let all = doc
                    .downstream
                    .keys()
                    .map(|path| path.trim_start_matches('/'))
                    .collect::<Vec<_>>()
                    .join(", ");
                let what = if all.is_empty() {
                    tr!(
                        "the contract has no downstream calls, so there is no `{name}`",
                        "它不调用任何下游，因此没有 `{name}`"
                    )
                } else {
                    tr!(
                        "the contract has no downstream call `{name}`; it has {all}",
                        "它的下游没有 `{name}`，只有 {all}"
                    )
                };
                return Err(BenchError::document(&doc.contract, what));
            };
            *known = *ms;
        }
        Self::new(doc)
    }

    /// Its id.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.doc.contract
    }

    /// Returns the contract's name.
    #[must_use]
    pub fn title(&self) -> Text {
        (&self.doc.title).into()
    }

    /// Returns the SHA-256 of the canonical JSON in hexadecimal. Titles and remarks are left out, so a translation changes nothing.
    #[must_use]
    pub fn hash(&self) -> &str {
        &self.hash
    }

    /// Returns the operations that are measured.
    #[must_use]
    pub fn operations(&self) -> &[OperationDoc] {
        &self.doc.operations
    }

    /// Returns an operation's requests with their shares: its own, or those it mixes.
    pub(crate) fn parts<'a>(&'a self, operation: &'a OperationDoc) -> Vec<(&'a OperationDoc, f64)> {
        if operation.mix.is_empty() {
            return vec![(operation, 1.0)];
        }
        let share = |part: &'a OperationDoc| {
            operation
                .mix
                .get(&part.operation)
                .map(|share| (part, *share))
        };
        self.doc.operations.iter().filter_map(share).collect()
    }

    /// Returns the steps that are verified, in order.
    #[must_use]
    pub fn steps(&self) -> &[StepDoc] {
        &self.doc.steps
    }

    /// Returns the paths of the stub behind `DOWNSTREAM_URL` with their latencies (ms).
    pub(crate) fn downstream(&self) -> &BTreeMap<String, u64> {
        &self.doc.downstream
    }

    /// Returns the environment of a service under this contract.
    pub(crate) fn environment(&self) -> impl Iterator<Item = (&String, &String)> {
        self.doc.environment.iter()
    }

    /// Adds the derived variables whose source is known.
    pub(crate) fn derive(&self, variables: &mut Variables) {
        for (name, rule) in &self.doc.derive {
            if let Some(from) = variables.get(&rule.from).and_then(Value::as_i64) {
                variables.insert(
                    name.clone(),
                    (from.rem_euclid(rule.modulo) + rule.plus).into(),
                );
            }
        }
    }

    /// Returns the request with its variables filled in.
    pub(crate) fn request(
        &self,
        doc: &RequestDoc,
        variables: &Variables,
    ) -> Result<HttpRequest, Text> {
        let filled = doc
            .headers
            .iter()
            .map(|(name, value)| Ok((name.clone(), fill_text(value, variables)?)));
        let mut headers = filled.collect::<Result<Vec<_>, Text>>()?;
        let mut body = match (&doc.json, &doc.body) {
            (Some(json), _) => repeat_fields(fill_value(json, variables)?, &doc.repeat)
                .to_string()
                .into_bytes(),
            (None, Some(text)) => fill_text(text, variables)?.into_bytes(),
            (None, None) => Vec::new(),
        };
        if doc.json.is_some()
            && !headers
                .iter()
                .any(|(name, _)| name.eq_ignore_ascii_case("content-type"))
        {
            headers.push(("Content-Type".to_owned(), "application/json".to_owned()));
        }
        if let Some(size) = doc.pad_to {
            body.resize(body.len().max(size), b' ');
        }
        Ok(HttpRequest {
            method: doc.method.clone(),
            path: fill_text(&doc.path, variables)?,
            headers,
            body,
        })
    }

    /// Compares a response with what is expected of it and of every response.
    ///
    /// # Errors
    /// What was expected, and what was received.
    pub(crate) fn judge(
        &self,
        expect: &ExpectDoc,
        answer: &HttpResponse,
        variables: &Variables,
    ) -> Result<(), (Text, Text)> {
        let unfilled = |what: Text| (what, Text::name(answer.to_string()));
        if answer.status != expect.status {
            let code = expect.error.as_deref().unwrap_or_default();
            return Err((
                tr!("status {0} {code}", "状态 {0} {code}", expect.status),
                Text::name(answer.to_string()),
            ));
        }
        for (name, value) in self.doc.answers.iter().chain(&expect.headers) {
            let value = fill_text(value, variables).map_err(unfilled)?;
            let given = answer.header(name);
            if !given.is_some_and(|given| header_fits(&value, given)) {
                return Err((
                    Text::name(format!("{name}: {value}")),
                    given.map_or_else(
                        || unknown_name_message(name),
                        |v| Text::name(format!("{name}: {v}")),
                    ),
                ));
            }
        }
        let Some(json) = expected_body(expect) else {
            return Ok(());
        };
        let json = fill_value(&json, variables).map_err(unfilled)?;
        let kind = answer.header("content-type").unwrap_or("");
        if !header_fits("application/json*", kind) {
            return Err((
                Text::name("content-type: application/json"),
                Text::name(answer.to_string()),
            ));
        }
        let Some(body) = answer.json() else {
            return Err((Text::name(json.to_string()), Text::name(answer.to_string())));
        };
        pattern::compare(&json, &body, answer.trace_id()).map_err(|mismatch| {
            let at = if mismatch.at.is_empty() {
                "body".to_owned()
            } else {
                mismatch.at.clone()
            };
            let found = mismatch.actual.map_or_else(
                || unknown_name_message(&at),
                |value| Text::name(format!("{at}: {value}")),
            );
            let trace = if mismatch.expected == "{trace_id}" {
                format!(" (X-Trace-Id: {})", answer.trace_id().unwrap_or("-"))
            } else {
                String::new()
            };
            (
                Text::name(format!("{at}: {}{trace}", mismatch.expected)),
                found,
            )
        })
    }
}

/// Maximum number of repetitions of a list or text in a body.
const MOST_REPEATED: usize = 10_000;

/// Checks that an operation either has a request with its response or mixes operations that have.
fn check_operation(operation: &OperationDoc, all: &[OperationDoc]) -> Result<(), Text> {
    let id = &operation.operation;
    let own = operation.request.is_some() && operation.expect.is_some();
    if own != operation.mix.is_empty() {
        return Err(tr!(
            "operation `{id}` must have either a request with its response or a `mix` of other operations",
            "操作 `{id}` 须有请求与应答，或为其他操作的 `mix`，二者取一"
        ));
    }
    let known = |name: &str| {
        all.iter()
            .any(|other| other.operation == name && other.mix.is_empty())
    };
    if let Some(name) = operation.mix.keys().find(|name| !known(name)) {
        return Err(tr!(
            "operation `{id}` mixes `{name}`, which is not an operation with a request",
            "操作 `{id}` 混合的 `{name}` 不是带请求的操作"
        ));
    }
    let total: f64 = operation.mix.values().sum();
    if !operation.mix.is_empty()
        && ((total - 1.0).abs() > 1e-9 || operation.mix.values().any(|share| *share <= 0.0))
    {
        return Err(tr!(
            "the shares of `{id}.mix` must be above 0 and add up to 1, not {total}",
            "`{id}.mix` 的份额须大于 0 且合计为 1，而非 {total}"
        ));
    }
    if operation
        .connections
        .is_some_and(|n| !(1..=1024).contains(&n))
    {
        return Err(tr!(
            "`{id}.connections` must be 1 to 1024",
            "`{id}.connections` 须为 1 到 1024"
        ));
    }
    let repeats = operation.request.iter().flat_map(|request| &request.repeat);
    if let Some((key, _)) = repeats
        .into_iter()
        .find(|(_, times)| !(1..=MOST_REPEATED).contains(*times))
    {
        return Err(tr!(
            "`{id}.request.repeat.{key}` must be 1 to {MOST_REPEATED}",
            "`{id}.request.repeat.{key}` 须为 1 到 {MOST_REPEATED}"
        ));
    }
    Ok(())
}

/// Repeats the lists and texts under these keys the given number of times.
fn repeat_fields(mut body: Value, repeat: &BTreeMap<String, usize>) -> Value {
    for (key, times) in repeat {
        match body.get_mut(key) {
            Some(Value::Array(items)) => {
                *items = items
                    .iter()
                    .cycle()
                    .take(items.len() * times)
                    .cloned()
                    .collect()
            }
            Some(Value::String(text)) => *text = text.repeat(*times),
            _ => {}
        }
    }
    body
}

/// Returns the expected JSON: the one given, or the envelope of an error code.
fn expected_body(expect: &ExpectDoc) -> Option<Value> {
    let envelope = |code: &String| serde_json::json!({"error": {"code": code, "message": "{text}", "trace_id": "{trace_id}"}});
    expect
        .json
        .clone()
        .or_else(|| expect.error.as_ref().map(envelope))
}

fn unknown_name_message(name: &str) -> Text {
    tr!("{name} is absent", "缺少 {name}")
}

fn hash_contract(doc: &ContractDoc) -> String {
    let mut value = serde_json::to_value(doc).expect("a contract has text keys only");
    value.sort_all_objects();
    strip_wording(&mut value);
    to_hex(&Sha256::digest(value.to_string().as_bytes()))
}

/// Removes text for readers, and every key with an empty value: a new optional key of the format must not change the hash of
/// contracts that do not use it.
fn strip_wording(value: &mut Value) {
    match value {
        Value::Object(map) => {
            map.remove("title");
            map.remove("about");
            for (key, value) in map.iter_mut() {
                // What is sent and expected counts as it is, even an empty object.
                if !matches!(key.as_str(), "json" | "with") {
                    strip_wording(value);
                }
            }
            map.retain(|key, value| !says_nothing(value) || (key == "json" && !value.is_null()));
        }
        Value::Array(items) => items.iter_mut().for_each(strip_wording),
        _ => {}
    }
}

fn says_nothing(value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(false) => true,
        Value::Object(map) => map.is_empty(),
        Value::Array(items) => items.is_empty(),
        _ => false,
    }
}

/// Formats bytes as lower-case hexadecimal digits.
pub(crate) fn to_hex(bytes: &[u8]) -> String {
    bytes
        .iter()
        .fold(String::with_capacity(bytes.len() * 2), |mut out, byte| {
            for digit in [byte >> 4, byte & 15] {
                out.push(char::from_digit(u32::from(digit), 16).expect("below 16"));
            }
            out
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Contract, BenchError> {
        Contract::new(serde_yaml::from_str(text).expect("it reads"))
    }

    const SMALL: &str = "{contract: c, title: {en: A, zh: 甲}, operations: [{operation: o, title: {en: O, zh: 乙}, request: {path: /}, expect: {status: 200}}], steps: [STEPS]}";

    /// A contract with two operations and a given third.
    fn mixing(third: &str) -> Result<Contract, BenchError> {
        let one = |id: &str| {
            format!(
                "{{operation: {id}, title: {{en: O, zh: 乙}}, request: {{path: /}}, expect: {{status: 200}}}}"
            )
        };
        read(&format!(
            "{{contract: c, title: {{en: A, zh: 甲}}, operations: [{}, {}, {third}], steps: []}}",
            one("a"),
            one("b")
        ))
    }

    #[test]
    fn a_mix_names_operations_with_requests_and_its_shares_make_one() {
        let contract = mixing("{operation: m, title: {en: M, zh: 混}, mix: {a: 0.95, b: 0.05}}")
            .expect("sound");
        let parts = contract.parts(&contract.operations()[2]);
        assert_eq!(
            parts
                .iter()
                .map(|(part, share)| (part.operation.as_str(), *share))
                .collect::<Vec<_>>(),
            [("a", 0.95), ("b", 0.05)]
        );
        assert_eq!(contract.parts(&contract.operations()[0]).len(), 1);
        for wrong in [
            "{operation: m, title: {en: M, zh: 混}}",
            "{operation: m, title: {en: M, zh: 混}, mix: {a: 0.5, b: 0.6}}",
            "{operation: m, title: {en: M, zh: 混}, mix: {a: 1.5, b: -0.5}}",
            "{operation: m, title: {en: M, zh: 混}, mix: {nobody: 1}}",
            "{operation: m, title: {en: M, zh: 混}, mix: {m: 1}}",
            "{operation: m, title: {en: M, zh: 混}, mix: {a: 1}, request: {path: /}, expect: {status: 200}}",
            "{operation: m, title: {en: M, zh: 混}, connections: 0, request: {path: /}, expect: {status: 200}}",
            "{operation: m, title: {en: M, zh: 混}, request: {path: /, repeat: {x: 1000000}}, expect: {status: 200}}",
        ] {
            assert!(mixing(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn lists_and_texts_are_sent_so_many_times_over() {
        let contract = mixing(
            "{operation: m, title: {en: M, zh: 混}, request: {path: /, json: {list: [{n: '{k}'}], word: 'ab'}, repeat: {list: 3, word: 2}}, expect: {status: 200}}",
        )
        .expect("sound");
        let request = contract.operations()[2]
            .request
            .as_ref()
            .expect("it has one");
        let sent = contract
            .request(request, &Variables::from([("k".to_owned(), 7.into())]))
            .expect("filled");
        let body: Value = serde_json::from_slice(&sent.body).expect("JSON");
        assert_eq!(
            body,
            serde_json::json!({"list": [{"n": 7}, {"n": 7}, {"n": 7}], "word": "abab"})
        );
    }

    #[test]
    fn words_and_empty_keys_do_not_change_the_hash_and_work_does() {
        let small = SMALL.replace("STEPS", "");
        let hash = |text: &str| read(text).expect("complete").hash().to_owned();
        let same = [
            small.replace("en: A", "en: Another title"),
            small.replace("operation: o,", "operation: o, latency: false, vary: {},"),
        ];
        assert!(
            same.iter().all(|text| hash(text) == hash(&small)),
            "{same:?}"
        );
        let other = [
            small.replace("path: /}", "path: /x}"),
            small.replace("status: 200", "status: 201"),
            small.replace("path: /}", "path: /, json: {}}"),
            small.replace("operation: o,", "operation: o, latency: true,"),
        ];
        assert!(
            other.iter().all(|text| hash(text) != hash(&small)),
            "{other:?}"
        );
    }

    #[test]
    fn another_time_downstream_is_other_work() {
        let orders = || {
            read(include_str!(
                "../../examples/services/contracts/orders.yaml"
            ))
            .expect("complete")
        };
        let slow = orders()
            .with_downstream(&[("mail".to_owned(), 1000), ("/points".to_owned(), 800)])
            .expect("it has both");
        assert_eq!(
            slow.downstream().values().copied().collect::<Vec<_>>(),
            [1000, 800]
        );
        assert_ne!(slow.hash(), orders().hash());
        let same = slow
            .with_downstream(&[("mail".to_owned(), 100), ("points".to_owned(), 80)])
            .expect("it has both");
        assert_eq!(same.hash(), orders().hash());
        let none = orders()
            .with_downstream(&[("sms".to_owned(), 1)])
            .expect_err("no such call")
            .text();
        assert!(
            none.en.contains("`sms`")
                && none.en.contains("mail, points")
                && none.zh.contains("mail, points"),
            "{none:?}"
        );
    }

    #[test]
    fn a_step_that_does_nothing_or_comes_twice_is_refused() {
        let step = "{step: s, title: {en: S, zh: 丙}, check: drain}";
        let with = |steps: &str| {
            read(&SMALL.replace("STEPS", steps))
                .map(|_| ())
                .map_err(|error| error.text())
        };
        assert!(with(step).is_ok());
        assert!(
            with(&format!("{step}, {step}"))
                .expect_err("twice")
                .en
                .contains("`s`")
        );
        let idle = with("{step: idle, title: {en: S, zh: 丙}}").expect_err("idle");
        assert!(idle.en.contains("`idle`") && idle.zh.contains("`idle`"));
    }

    #[test]
    fn the_contracts_of_the_house_are_complete() {
        for (text, steps) in [
            (
                include_str!("../../examples/services/contracts/auth.yaml"),
                45,
            ),
            (
                include_str!("../../examples/services/contracts/orders.yaml"),
                25,
            ),
            (
                include_str!("../../examples/services/contracts/records.yaml"),
                20,
            ),
            (
                include_str!("../../examples/services/contracts/naive-transfers.yaml"),
                8,
            ),
        ] {
            let contract = read(text).expect("complete");
            assert!(
                contract.steps().len() >= steps,
                "{}: {}",
                contract.id(),
                contract.steps().len()
            );
            let titles = contract
                .steps()
                .iter()
                .map(|s| &s.title)
                .chain(contract.operations().iter().map(|o| &o.title));
            assert!(
                titles
                    .clone()
                    .all(|t| !t.en.is_empty() && !t.zh.is_empty() && t.en != t.zh),
                "{}",
                contract.id()
            );
        }
    }
}
