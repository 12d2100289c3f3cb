//! Verification is strict: a right service passes every step, each wrong one is refused at the step that shows its defect.

use std::path::Path;

use weigh::bench::contract::Contract;
use weigh::bench::interrupt::Interrupt;
use weigh::bench::manifest::ReferenceService;
use weigh::bench::process::Host;
use weigh::bench::progress::Silent;
use weigh::bench::supervisor::SUBCOMMAND;
use weigh::bench::verify::{Verification, verify};
use weigh::lang::Lang;

fn contract(name: &str) -> Contract {
    let text = match name {
        "auth" => include_str!("../../examples/services/contracts/auth.yaml"),
        "records" => include_str!("../../examples/services/contracts/records.yaml"),
        _ => include_str!("../../examples/services/contracts/orders.yaml"),
    };
    Contract::new(serde_yaml::from_str(text).expect("the contract reads"))
        .expect("the contract is complete")
}

fn verified(name: &str, defect: &str) -> Verification {
    let program = std::env::current_exe().expect("this program");
    let manifest = format!(
        "{{service: wrong_service, candidate: none, contract: {name}, start: ['{}', --exact, serve, --ignored, --nocapture], environment: {{DEFECT: '{defect}', EVENTS: '{{DATA}}'}}}}",
        program.display()
    );
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/bench/wrong_service");
    let service = ReferenceService::new(
        serde_yaml::from_str(&manifest).expect("the manifest reads"),
        &folder,
    )
    .expect("the manifest is complete");
    let mut host =
        Host::new(Interrupt::default()).supervised_by(env!("CARGO_BIN_EXE_weigh"), &[SUBCOMMAND]);
    host.service_cores.clear();
    verify(&host, &service, &contract(name), &mut Silent).expect("it starts")
}

fn refused_at(name: &str, defect: &str, step: &str) {
    let verification = verified(name, defect);
    assert!(!verification.is_verified(), "{defect} was accepted");
    let first = &verification.failures[0];
    assert_eq!(first.step, step, "{defect}: {first:?}");
    assert!(
        !first.request.is_empty() && !first.expected.is_empty() && !first.actual.is_empty(),
        "{first:?}"
    );
    assert!(
        first.title.get(Lang::Zh) != first.title.get(Lang::En),
        "{first:?}"
    );
    let all = contract(name)
        .steps()
        .iter()
        .filter(|step| step.needs.is_none())
        .count();
    assert_eq!(verification.checks, all, "it stops at nothing");
}

#[test]
fn a_right_service_passes_every_step_within_five_seconds() {
    let verification = verified("auth", "");
    assert!(verification.is_verified(), "{:#?}", verification.failures);
    assert!(
        verification.checks >= 45 && verification.seconds < 5.0,
        "{} checks in {} s",
        verification.checks,
        verification.seconds
    );
}

macro_rules! refused {
    ($contract:literal, $($name:ident: $defect:literal => $step:literal,)*) => { $(#[test] fn $name() { refused_at($contract, $defect, $step); })* };
}

#[test]
fn right_orders_pass_every_step() {
    let verification = verified("orders", "");
    assert!(verification.is_verified(), "{:#?}", verification.failures);
}

#[test]
fn right_records_pass_every_step_and_the_crash_is_measured() {
    let verification = verified("records", "");
    assert!(verification.is_verified(), "{:#?}", verification.failures);
    let figures = &verification.figures;
    assert!(
        figures["acknowledged_rows_count"] > 10.0
            && figures["lost_rows_count"] == 0.0
            && figures["recovery_ms"] > 0.0,
        "{figures:?}"
    );
}

refused! {
    "records",
    acknowledged_rows_that_are_lost: "forgets" => "survives-kill",
    money_that_is_lost: "loses-money" => "transfers-balanced",
    half_a_batch: "half-a-batch" => "batch-bad-whole",
}

/// The check waits for the mail as long as a contract allows.
#[test]
#[ignore = "waits for most of a minute: `cargo test --test bench -- --ignored --skip serve`"]
fn an_order_without_its_mail() {
    refused_at("orders", "swallows", "idempotent");
}

refused! {
    "orders",
    two_mails_for_an_order: "mails-twice" => "idempotent",
    a_mail_for_each_repetition: "mails-again" => "idempotent",
    a_key_that_is_not_kept: "ignores-key" => "key-conflict",
    a_failure_that_is_hidden: "hides-failures" => "downstream-fails",
}

refused! { "auth",
    a_constant_text_for_a_token: "constant-text" => "token-signed",
    the_same_token_for_everybody: "constant-token" => "tokens-differ",
    a_key_that_is_not_the_given_one: "other-key" => "token-signed",
    a_token_issued_long_ago: "old-token" => "token-signed",
    any_password: "any-password" => "wrong-password",
    status_200_with_an_error_body: "200-with-error" => "wrong-password",
    no_check_of_the_token: "no-check" => "token-none",
    any_signature: "any-signature" => "token-no-signature",
    alg_none: "alg-none" => "token-alg-none",
    another_algorithm: "other-algorithm" => "token-hs384",
    tokens_that_never_expire: "never-expires" => "token-expired",
    no_trace_id: "drops-trace" => "healthz",
    its_own_trace_id: "own-trace" => "trace-accepted",
    one_trace_id_for_all: "same-trace" => "trace-ids-differ",
    another_trace_id_in_the_envelope: "other-trace-in-envelope" => "unknown-route",
    a_page_for_404: "html-404" => "unknown-route",
    no_allow: "no-allow" => "method-auth",
    a_body_of_any_size: "any-body" => "body-above-64-kib",
    a_wrong_value: "wrong-age" => "user-with-own-token",
    a_number_as_text: "id-as-text" => "user-with-token",
    counters_that_count_twice: "counts-twice" => "counters-rise",
    a_series_for_each_path: "raw-routes" => "series-bounded",
    cross_talk: "cross-talk" => "no-cross-talk",
    a_panic_that_ends_it: "dies-on-panic" => "panic",
    no_log: "no-log" => "log-line",
    no_drain: "dies-on-term" => "drain",
    requests_cut_at_the_end: "cuts-requests" => "drain",
    ready_while_draining: "ready-while-draining" => "drain",
    an_exit_code: "exit-code" => "drain",
}
