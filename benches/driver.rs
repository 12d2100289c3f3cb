//! Own driver and wrk against the same null responder, in turn, on the same core: `cargo bench --bench driver [rounds] [seconds]`.
#![expect(clippy::print_stdout, reason = "a benchmark's table")]

use std::process::Command;
use std::sync::Arc;
use std::time::Duration;

use weigh::bench::driver::null::{BODY, NullResponder};
use weigh::bench::driver::{LoadPlan, PreparedRequest, WorkloadModel, start};

const CONNECTIONS: usize = 64;

struct Figures {
    rate_rps: f64,
    cpu_us: f64,
    p99_us: u64,
}

fn main() {
    let numbers: Vec<u32> = std::env::args().filter_map(|a| a.parse().ok()).collect();
    let rounds = numbers.first().copied().unwrap_or(5);
    let seconds = numbers.get(1).copied().unwrap_or(4);
    println!(
        "{CONNECTIONS} connections, {seconds} s, responder on core 0, driver on core 1, CPU steal in brackets"
    );
    let (mut own, mut other) = (Vec::new(), Vec::new());
    for round in 1..=rounds {
        let before = steal();
        let null = NullResponder::start(&[0]).expect("a responder");
        let figures = ours(&null, seconds);
        println!(
            "{round} own {:7.0}/s {:5.2} us CPU a request, p99 {} us [{}]",
            figures.rate_rps,
            figures.cpu_us,
            figures.p99_us,
            steal() - before
        );
        own.push(figures);
        let before = steal();
        match wrk(&null, seconds) {
            Some(figures) => {
                println!(
                    "{round} wrk {:7.0}/s {:5.2} us CPU a request [{}]",
                    figures.rate_rps,
                    figures.cpu_us,
                    steal() - before
                );
                other.push(figures);
            }
            None => println!("{round} wrk is not installed"),
        }
    }
    for (name, all) in [("own", &own), ("wrk", &other)] {
        let middle = |of: fn(&Figures) -> f64| {
            let mut sorted: Vec<f64> = all.iter().map(of).collect();
            sorted.sort_by(f64::total_cmp);
            sorted.get(sorted.len() / 2).copied().unwrap_or(f64::NAN)
        };
        println!(
            "median {name} {:7.0}/s {:5.2} us",
            middle(|f| f.rate_rps),
            middle(|f| f.cpu_us)
        );
    }
}

fn ours(null: &NullResponder, seconds: u32) -> Figures {
    let bytes = format!("GET / HTTP/1.1\r\nHost: {}\r\n\r\n", null.address).into_bytes();
    let plan = LoadPlan {
        address: null.address,
        connections: CONNECTIONS,
        model: WorkloadModel::Closed,
        requests: Arc::from([PreparedRequest {
            bytes,
            status: 200,
            unique: None,
        }]),
        judge: Arc::new(|_, body| body == BODY),
        seed: 1,
        core: Some(1),
        limit: Duration::from_secs(u64::from(seconds) + 1),
        timeout: Duration::from_secs(5),
    };
    let running = start(plan).expect("a loopback load");
    let (mut answers, mut cpu, mut time) = (0, 0, 0.0);
    let mut latencies = weigh::bench::driver::Latencies::default();
    running.next_interval();
    while let Some(interval) = running.next_interval() {
        assert_eq!(interval.errors(), 0, "the null responder answers well");
        answers += interval.ok;
        cpu += interval.driver_cpu_us;
        time += interval.seconds;
        latencies.add(&interval.latencies);
    }
    Figures {
        rate_rps: answers as f64 / time,
        cpu_us: cpu as f64 / answers as f64,
        p99_us: latencies.rough_quantile(0.99),
    }
}

fn wrk(null: &NullResponder, seconds: u32) -> Option<Figures> {
    let command = format!(
        "taskset -c 1 wrk -t1 -c{CONNECTIONS} -d{seconds}s http://{}/",
        null.address
    );
    // The shell's `time` counts the CPU of wrk alone.
    let line = format!("TIMEFORMAT='cpu %U %S'; time {command}");
    let output = Command::new("bash").args(["-c", &line]).output().ok()?;
    let text = format!(
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
    let rate_rps: f64 = text
        .lines()
        .find_map(|l| l.trim().strip_prefix("Requests/sec:"))?
        .trim()
        .parse()
        .ok()?;
    let cpu: f64 = text
        .lines()
        .find_map(|l| l.strip_prefix("cpu "))?
        .split(' ')
        .filter_map(|t| t.parse::<f64>().ok())
        .sum();
    Some(Figures {
        rate_rps,
        cpu_us: cpu * 1e6 / (rate_rps * f64::from(seconds)),
        p99_us: 0,
    })
}

fn steal() -> u64 {
    let stat = std::fs::read_to_string("/proc/stat").unwrap_or_default();
    stat.split_whitespace()
        .nth(8)
        .and_then(|t| t.parse().ok())
        .unwrap_or(0)
}
