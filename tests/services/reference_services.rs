//! Every reference service that can be built here fulfils its contract; in CI that is every one.

use std::process::{Command, Stdio};

use serde_json::Value;

use crate::print_uncaptured;

#[test]
#[ignore = "needs toolchains and servers: cargo test --test services -- --ignored"]
fn every_service_fulfils_its_contract() {
    let mut command = Command::new(env!("CARGO_BIN_EXE_weigh"));
    let command = command.args([
        "bench", "verify", "--all", "--yes", "--format", "json", "--lang", "en",
    ]);
    let output = command
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .stdin(Stdio::null())
        .stderr(Stdio::inherit())
        .output()
        .expect("it runs");
    let report: Value = serde_json::from_slice(&output.stdout).expect("one JSON document");
    let in_ci = std::env::var_os("CI").is_some();
    let mut refused = Vec::new();
    for service in report["services"].as_array().expect("a list of services") {
        let name = service["service"].as_str().expect("a name");
        if service["verified"] == true {
            print_uncaptured(&format!("{name}: {} checks passed", service["passed"]));
        } else if service["failed_at"] == "build" && !in_ci {
            // Its packages may not be within reach here.
            print_uncaptured(&format!(
                "SKIPPED {name}: it cannot be built here: {}",
                service["error"]
            ));
        } else {
            refused.push(service.to_string());
        }
    }
    for name in report["left_out"].as_array().expect("a list of names") {
        print_uncaptured(&format!("SKIPPED {name}: a tool is missing"));
        if in_ci {
            refused.push(format!("{name} was left out"));
        }
    }
    assert!(refused.is_empty(), "{}", refused.join("\n"));
}
