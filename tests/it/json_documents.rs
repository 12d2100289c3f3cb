//! Every JSON document that a command prints begins with the name of its schema and fits the schema that `weigh schema` prints;
//! failures are documents too.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::{Command, Output};
use std::sync::{LazyLock, Mutex};

use serde_json::Value;

fn weigh(folder: &Path, words: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_weigh"))
        .args(words)
        .current_dir(folder)
        .output()
        .expect("the program runs")
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn document(output: &Output) -> Value {
    serde_json::from_slice(&output.stdout).unwrap_or_else(|e| {
        panic!(
            "{e}: {}{}",
            String::from_utf8_lossy(&output.stdout),
            String::from_utf8_lossy(&output.stderr)
        )
    })
}

/// Returns the schema of a document by its name, as the program prints it.
fn schema(name: &str) -> Value {
    static KNOWN: LazyLock<Mutex<BTreeMap<String, Value>>> = LazyLock::new(Mutex::default);
    let mut known = KNOWN
        .lock()
        .expect("no test panics while it holds the lock");
    known
        .entry(name.to_owned())
        .or_insert_with(|| document(&weigh(root(), &["schema", name])))
        .clone()
}

/// Returns what of a command's document does not fit its schema.
pub(crate) fn misfits(command: &str, document: &Value) -> Vec<String> {
    let name = format!("weigh.{command}/1");
    let first = document
        .as_object()
        .and_then(|map| map.iter().next())
        .map(|(key, value)| (key.as_str(), value.as_str().unwrap_or_default()));
    if first != Some(("schema", &name)) {
        return vec![format!("the first key is {first:?}, not schema: {name}")];
    }
    let schema = schema(&name);
    let mut validator = Validator {
        root: &schema,
        misfits: Vec::new(),
    };
    validator.check(&schema, document, "$");
    validator.misfits
}

/// Validates the part of JSON Schema that `schemars` generates. Stricter than the standard: a key that the schema does not list is a
/// misfit, so that nothing is printed that is not documented.
struct Validator<'s> {
    root: &'s Value,
    misfits: Vec<String>,
}

impl<'s> Validator<'s> {
    fn misfits_of(&self, schema: &'s Value, value: &Value, at: &str) -> Vec<String> {
        let mut own = Validator {
            root: self.root,
            misfits: Vec::new(),
        };
        own.check(schema, value, at);
        own.misfits
    }

    fn unless(&mut self, holds: bool, at: &str, what: impl FnOnce() -> String) {
        if !holds {
            self.misfits.push(format!("{at}: {}", what()));
        }
    }

    fn check(&mut self, schema: &'s Value, value: &Value, at: &str) {
        let Some(rules) = schema.as_object() else {
            self.unless(schema != &Value::Bool(false), at, || {
                "nothing is allowed".into()
            });
            return;
        };
        if let Some(name) = rules.get("$ref").and_then(Value::as_str) {
            let path = name.replace("%20", " ");
            let path = path.strip_prefix('#').expect("a local reference");
            let target = self.root.pointer(path).expect("a definition");
            return self.check(target, value, at);
        }
        for (rule, wanted) in rules {
            match rule.as_str() {
                "type" => {
                    let all = wanted.as_array().cloned();
                    let all = all.unwrap_or_else(|| vec![wanted.clone()]);
                    let holds = all.iter().any(|t| is_type(t, value));
                    self.unless(holds, at, || format!("{value} is not {wanted}"));
                }
                "const" => self.unless(wanted == value, at, || format!("{value} is not {wanted}")),
                "enum" => {
                    let holds = wanted.as_array().is_some_and(|all| all.contains(value));
                    self.unless(holds, at, || format!("{value} is not one of {wanted}"));
                }
                "anyOf" | "oneOf" => {
                    let all = wanted.as_array().expect("a list of schemas");
                    let each = all.iter().map(|one| self.misfits_of(one, value, at));
                    // The form that comes nearest tells best what is wrong.
                    let nearest = each.min_by_key(Vec::len).unwrap_or_default();
                    self.misfits.extend(nearest);
                }
                "allOf" => {
                    for one in wanted.as_array().expect("a list of schemas") {
                        self.check(one, value, at);
                    }
                }
                "items" => self.items(wanted, value, at),
                "required" => {
                    for key in wanted.as_array().into_iter().flatten() {
                        let key = key.as_str().unwrap_or_default();
                        let holds = value.as_object().is_none_or(|map| map.contains_key(key));
                        self.unless(holds, at, || format!("{key} is missing"));
                    }
                }
                "minimum" => {
                    let holds = value.as_f64().zip(wanted.as_f64());
                    self.unless(holds.is_none_or(|(x, low)| x >= low), at, || {
                        format!("{value} is below {wanted}")
                    });
                }
                "properties" | "additionalProperties" => {}
                // Without a meaning for validation, or about counts that the types of the program ensure.
                "$schema" | "title" | "description" | "definitions" | "format" | "default"
                | "minItems" | "maxItems" | "maximum" | "patternProperties" => {}
                other => panic!("{at}: the validator does not know `{other}`"),
            }
        }
        self.keys(rules, value, at);
    }

    fn items(&mut self, wanted: &'s Value, value: &Value, at: &str) {
        for (i, item) in value.as_array().into_iter().flatten().enumerate() {
            let at = format!("{at}[{i}]");
            match wanted.as_array() {
                Some(each) => {
                    let Some(schema) = each.get(i) else {
                        self.misfits.push(format!("{at}: one item too many"));
                        continue;
                    };
                    self.check(schema, item, &at);
                }
                None => self.check(wanted, item, &at),
            }
        }
    }

    fn keys(&mut self, rules: &'s serde_json::Map<String, Value>, value: &Value, at: &str) {
        let (properties, others) = (rules.get("properties"), rules.get("additionalProperties"));
        if properties.is_none() && others.is_none() {
            return;
        }
        for (key, value) in value.as_object().into_iter().flatten() {
            let at = format!("{at}.{key}");
            match properties.and_then(|p| p.get(key)).or(others) {
                Some(schema) => self.check(schema, value, &at),
                None => self.misfits.push(format!("{at} is not documented")),
            }
        }
    }
}

fn is_type(name: &Value, value: &Value) -> bool {
    match name.as_str().expect("a type is a word") {
        "null" => value.is_null(),
        "boolean" => value.is_boolean(),
        "number" => value.is_number(),
        "integer" => value.is_u64() || value.is_i64(),
        "string" => value.is_string(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        other => panic!("no such type: {other}"),
    }
}

/// Runs a command and checks its document.
fn check(folder: &Path, command: &str, words: &[&str]) -> Value {
    let words = [words, &["--format", "json"]].concat();
    let found = document(&weigh(folder, &words));
    let misfits = misfits(command, &found);
    assert!(misfits.is_empty(), "{words:?}:\n{}", misfits.join("\n"));
    found
}

#[test]
fn every_command_prints_what_its_schema_says() {
    let example = "examples/auth-service";
    let own = |command: &str, more: &[&str]| {
        let words = [&[command, example, "--evidence", "repo"], more].concat();
        check(root(), command, &words);
    };
    own("rank", &["--method", "vikor"]);
    own("rank", &["--method", "electre-1"]);
    own("rank", &["--method", "promethee"]);
    own("why", &["flask"]);
    own("compare", &["flask", "gin"]);
    own("graph", &[]);
    own("graph", &["--candidate", "gin"]);
    own("sensitivity", &["--sweep", "workload.peak_rps=100..20000"]);
    check(root(), "check", &["check", "examples"]);
    check(root(), "catalog-list", &["catalog", "list"]);
    check(root(), "catalog-show", &["catalog", "show", "gin"]);
    check(root(), "catalog-check", &["catalog", "check"]);
    let weights = "examples/primary-database";
    check(
        root(),
        "weights",
        &["weights", weights, "--method", "entropy"],
    );
}

#[test]
fn judgements_records_and_differences_fit_their_schemas() {
    let folder = tempfile::tempdir().expect("a folder");
    let of = folder.path();
    let judgements = "method: pairwise\nitems: [a, b, c]\ncomparisons: [{of: a, over: b, ratio: 3}, {of: b, over: c, ratio: 2}, {of: a, over: c, ratio: 4}]\n";
    std::fs::write(of.join("weights.yaml"), judgements).expect("written");
    check(of, "weights", &["weights", "weights.yaml"]);
    assert!(weigh(of, &["init", "d"]).status.success());
    assert!(weigh(of, &["record", "d"]).status.success());
    let record = std::fs::read_to_string(of.join("d/record.json")).expect("it was recorded");
    let record: Value = serde_json::from_str(&record).expect("JSON");
    assert_eq!(misfits("record", &record), Vec::<String>::new());
    check(of, "recheck", &["recheck", "d"]);
    let text = std::fs::read_to_string(of.join("d/decision.yaml")).expect("it was written");
    let other = text
        .replace("points: 50}", "points: 60}")
        .replacen("60", "30", 1);
    std::fs::create_dir(of.join("e")).expect("a folder");
    std::fs::write(of.join("e/decision.yaml"), other).expect("written");
    std::fs::copy(of.join("d/team.yaml"), of.join("e/team.yaml")).expect("copied");
    let found = check(of, "diff", &["diff", "d", "e"]);
    assert!(!found["changes"].as_array().expect("a list").is_empty());
}

#[cfg(all(feature = "bench", target_os = "linux"))]
#[test]
fn services_imports_and_runs_fit_their_schemas() {
    check(root(), "bench-list", &["bench", "list"]);
    let folder = tempfile::tempdir().expect("a folder");
    let of = folder.path();
    let sample = |name: &str| {
        let path = root().join("tests/it/import/samples").join(name);
        path.display().to_string()
    };
    for (name, more) in [
        ("wrk-non2xx.txt", &["--dry-run"][..]),
        (
            "k6-handle.json",
            &["--contract", "auth", "--operation", "token"],
        ),
    ] {
        let file = sample(name);
        let known = ["--candidate", "gin", "--source", "a blog"];
        let dated = [
            "--date",
            "2026-03-01",
            "--hardware",
            "unknown",
            "--model",
            "closed",
        ];
        let words = [
            &["bench", "import", file.as_str()],
            &known[..],
            &dated,
            more,
        ]
        .concat();
        let found = check(of, "bench-import", &words);
        assert!(
            !found["runs"].as_array().expect("a list").is_empty(),
            "{name}"
        );
    }
    let all = check(of, "bench-show", &["bench", "show"]);
    let runs = all["runs"].as_array().expect("a list");
    assert!(!runs.is_empty());
    let id = runs[0]["run"].as_str().expect("an id");
    check(of, "bench-show", &["bench", "show", id]);
}

#[test]
fn failures_are_documents_under_format_json() {
    let folder = tempfile::tempdir().expect("a folder");
    let of = folder.path();
    std::fs::write(
        of.join("decision.yaml"),
        "decision: d\ncandidates: [nobody]\n",
    )
    .expect("written");
    let fails = |words: &[&str], exit: i32| {
        let output = weigh(of, words);
        assert_eq!(output.status.code(), Some(exit), "{words:?}");
        let found = document(&output);
        assert_eq!(misfits("error", &found), Vec::<String>::new(), "{words:?}");
        assert!(output.stderr.is_empty(), "{words:?}");
        found
    };
    let broken = fails(&["rank", ".", "--format", "json"], 1);
    let all = broken["diagnostics"].as_array().expect("a list");
    assert!(
        all.iter().any(|d| d["code"] == "E0401" && d["line"] == 2),
        "{broken}"
    );
    assert!(
        broken["error"]
            .as_str()
            .is_some_and(|e| e.contains("nobody"))
    );
    let method = fails(&["rank", ".", "--format=json", "--method", "no"], 2);
    assert!(method["error"].as_str().is_some_and(|e| e.contains("`no`")));
    fails(&["rank", "--format", "json"], 2);
    fails(&["rank", ".", "--no-such-flag", "--format", "json"], 2);
    let plain = weigh(of, &["rank", "."]);
    assert!(
        plain.stdout.is_empty(),
        "errors go to standard error otherwise"
    );
}
