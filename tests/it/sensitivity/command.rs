//! `weigh sensitivity` and `weigh next` as typed: keys of the JSON, sentences in both languages, exit codes.

use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value as Json;

const DECISION: &str = "
decision: web
title: {en: Web framework, zh: 网络框架}
as_of: 2026-11-22
inputs:
  load: {title: {en: Peak load, zh: 峰值负载}, unit: req/s, value: 300, range: 100..5000}
facts:
  per_node: {title: {en: Load of a node, zh: 单节点负载}, unit: req/s/node}
  upkeep: {title: {en: Upkeep, zh: 维护}, unit: EUR/month}
formulas:
  servers: {title: {en: Servers, zh: 服务器数}, expr: 'load / per_node', unit: node}
criteria:
  - {id: cost, title: {en: Cost, zh: 成本}, expr: 'servers * price + upkeep', unit: EUR/month, points: 1, value: {shape: linear, worst: 1000, best: 0}}
candidates:
  - {id: flask, name: Flask, facts: {per_node: 150, upkeep: '20..40'}}
  - {id: gin, name: Gin, facts: {per_node: 1500, upkeep: 219}}
  - {id: django, name: Django, facts: {per_node: {missing: nobody measured it}, upkeep: 10}}
";

fn folder(text: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let price = "inputs:\n  price: {title: {en: Price of a node, zh: 节点价格}, unit: EUR/node/month, value: 30}\n";
    let text = text.replacen("inputs:\n", price, 1);
    std::fs::write(folder.path().join("decision.yaml"), text).expect("the folder is writable");
    folder
}

fn weigh(folder: &Path, words: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_weigh"))
        .args([words[0], "."])
        .args(&words[1..])
        .current_dir(folder)
        .env("LANG", "C")
        .output()
        .expect("it starts")
}

fn json(output: &Output) -> Json {
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    serde_json::from_slice(&output.stdout).expect("one JSON document")
}

fn text(output: &Output) -> String {
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8(output.stdout.clone()).expect("text")
}

/// Flask costs 0.2 a request and 30, Gin 0.02 and 219: equal at 1,050 requests a second.
#[test]
fn the_break_even_is_a_sentence_in_the_unit_of_the_input() {
    let folder = folder(DECISION);
    let said = text(&weigh(folder.path(), &["sensitivity"]));
    assert!(
        said.contains("Peak load (now 300 req/s): Gin wins from 1,050 req/s up; below it Flask"),
        "{said}"
    );
    let said = text(&weigh(folder.path(), &["sensitivity", "--lang", "zh"]));
    assert!(
        said.contains("1,050 req/s 起 Gin 胜出；低于它则为 Flask"),
        "{said}"
    );
    assert!(
        !said.contains("NaN") && !said.contains("stays first"),
        "{said}"
    );
}

#[test]
fn sensitivity_has_the_keys_of_the_contract() {
    let folder = folder(DECISION);
    let found = json(&weigh(
        folder.path(),
        &[
            "sensitivity",
            "--format",
            "json",
            "--sweep",
            "load=100..2000",
            "--sweep",
            "price=10..60 EUR/node/month",
        ],
    ));
    let weight = &found["weights"][0];
    assert_eq!(
        (
            weight["criterion"].as_str(),
            weight["keeps_winner"].as_array().map(Vec::len)
        ),
        (Some("cost"), Some(2))
    );
    assert!(weight["below"].is_null() && weight["above"].is_null());
    let input = found["inputs"]
        .as_array()
        .and_then(|all| all.iter().find(|i| i["input"] == "load"))
        .expect("the load is an input");
    assert_eq!(
        (&input["unit"], &input["value"], &input["domain"]),
        (
            &"req/s".into(),
            &300.0.into(),
            &serde_json::json!([100.0, 5000.0])
        )
    );
    let flips = input["flips_at"].as_array().expect("a list");
    assert_eq!((flips.len(), &flips[0]["winner"]), (1, &"gin".into()));
    assert!((flips[0]["value"].as_f64().expect("a number") - 1050.0).abs() < 2.0); // The mean of the drawn upkeep is within 0.3 of 30.
    let swing: Vec<f64> = input["swing"]
        .as_array()
        .expect("a pair")
        .iter()
        .filter_map(Json::as_f64)
        .collect();
    // Flask is worth 0 from 4,850 on, where Gin is worth 0.684; at 100 Flask leads 0.95 to 0.779.
    assert!(
        (swing[0] + 0.684).abs() < 5e-3 && (swing[1] - 0.171).abs() < 1e-3,
        "{swing:?}"
    );
    let sweep = &found["sweeps"][0];
    assert_eq!(
        (
            sweep["inputs"].as_array().map(Vec::len),
            sweep["winners"].as_array().map(Vec::len)
        ),
        (Some(2), Some(41 * 41))
    );
    assert!(sweep["scores"]["django"][0].is_null());
}

#[test]
fn next_lists_unknowns_with_their_worth_and_what_is_missing() {
    let folder = folder(DECISION);
    let found = json(&weigh(
        folder.path(),
        &[
            "next",
            "--format",
            "json",
            "--samples",
            "8192",
            "--seed",
            "3",
        ],
    ));
    assert_eq!(
        (found["samples"].as_u64(), found["seed"].as_u64()),
        (Some(8192), Some(3))
    );
    assert!(
        found["total"]["value_of_information"]
            .as_f64()
            .is_some_and(|v| v >= 0.0)
            && found["total"]["error"].is_number()
    );
    let unknowns = found["unknowns"].as_array().expect("a list");
    for unknown in unknowns {
        for key in [
            "value_of_information",
            "error",
            "chance_to_change_the_winner",
        ] {
            assert!(unknown[key].as_f64().is_some_and(|v| v >= 0.0), "{unknown}");
        }
        assert!(
            unknown["input"].is_string()
                && unknown["unit"].is_string()
                && unknown.get("command").is_some()
        );
    }
    let missing = unknowns
        .iter()
        .find(|u| u["kind"] == "missing")
        .expect("django lacks a fact");
    assert_eq!(
        (&missing["input"], &missing["reason"]),
        (
            &"candidates.django.per_node".into(),
            &"nobody measured it".into()
        )
    );
    let said = text(&weigh(folder.path(), &["next", "--lang", "zh"]));
    assert!(
        said.contains("缺失的事实") && !said.contains("NaN"),
        "{said}"
    );
}

#[test]
fn mistakes_in_a_sweep_are_usage_errors_that_say_what_to_type() {
    let folder = folder(DECISION);
    for (typed, says) in [
        ("lod=1..2", "did you mean `load`"),
        ("load", "INPUT=FROM..TO"),
        ("load=5", "INPUT=FROM..TO"),
        ("load=1..2 h", "is in req/s"),
    ] {
        let output = weigh(folder.path(), &["sensitivity", "--sweep", typed]);
        assert_eq!(output.status.code(), Some(2), "{typed}");
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(said.contains(says), "{typed}: {said}");
    }
}

#[test]
fn a_decision_in_which_nobody_is_ranked_says_so() {
    let folder = folder(
        &DECISION
            .replace("per_node: 1500", "per_node: {missing: unknown}")
            .replace("per_node: 150,", "per_node: {missing: unknown},"),
    );
    let said = text(&weigh(folder.path(), &["sensitivity"]));
    assert!(said.contains("no candidate is ranked"), "{said}");
    let found = json(&weigh(folder.path(), &["sensitivity", "--format", "json"]));
    assert!(found["winner"].is_null() && found["weights"].as_array().is_some_and(Vec::is_empty));
    let said = text(&weigh(folder.path(), &["next"]));
    assert!(said.contains("no candidate can be chosen yet"), "{said}");
}

#[test]
fn a_weight_of_zero_is_not_said_to_change_by_a_share_of_itself() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let matrix = "candidate,x,y\n@weight,1,0\n@worst,0,0\n@best,1,1\nA,0.6,0.1\nB,0.4,0.9\n";
    std::fs::write(folder.path().join("m.csv"), matrix).expect("the folder is writable");
    for (lang, words) in [
        ("en", "giving y a weight of 20 %"),
        ("zh", "给y 20 % 的权重"),
    ] {
        let words_typed = ["sensitivity", "m.csv", "--lang", lang];
        let output = Command::new(env!("CARGO_BIN_EXE_weigh"))
            .args(words_typed)
            .current_dir(folder.path())
            .output();
        let said = String::from_utf8(output.expect("the program runs").stdout).expect("UTF-8");
        assert!(said.contains(words) && !said.contains('∞'), "{said}");
    }
}
