//! The load driver against servers whose behaviour is known.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use weigh::bench::driver::null::{BODY, NullResponder};
use weigh::bench::driver::{
    Arrivals, Latencies, LoadInterval, LoadPlan, PreparedRequest, WorkloadModel, start,
};
use weigh::bench::error::BenchError;

fn plan(address: SocketAddr, model: WorkloadModel, connections: usize, seconds: u64) -> LoadPlan {
    LoadPlan {
        address,
        connections,
        model,
        requests: Arc::from([PreparedRequest {
            bytes: b"GET / HTTP/1.1\r\nHost: x\r\n\r\n".to_vec(),
            status: 200,
            unique: None,
        }]),
        judge: Arc::new(|_, body| body == BODY),
        seed: 7,
        core: None,
        limit: Duration::from_secs(seconds),
        timeout: Duration::from_secs(2),
    }
}

fn intervals(plan: LoadPlan) -> Vec<LoadInterval> {
    let running = start(plan).expect("a loopback load");
    std::iter::from_fn(|| running.next_interval()).collect()
}

fn together(intervals: &[LoadInterval]) -> Latencies {
    let mut all = Latencies::default();
    intervals
        .iter()
        .for_each(|interval| all.add(&interval.latencies));
    all
}

/// Answers with what `answer` makes of the connection's n-th request, `None` closes it.
fn server(answer: impl Fn(u64) -> Option<Vec<u8>> + Send + Sync + 'static) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("bound");
    let answer = Arc::new(answer);
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let answer = Arc::clone(&answer);
            thread::spawn(move || attend(stream, &*answer));
        }
    });
    address
}

fn attend(mut stream: TcpStream, answer: &dyn Fn(u64) -> Option<Vec<u8>>) {
    let mut buffer = [0; 4096];
    stream.set_nodelay(true).expect("a socket");
    for n in 0.. {
        match stream.read(&mut buffer) {
            Ok(length) if length > 0 => {}
            _ => return,
        }
        let Some(bytes) = answer(n) else { return };
        if stream.write_all(&bytes).is_err() {
            return;
        }
    }
}

fn good() -> Vec<u8> {
    [b"HTTP/1.1 200 OK\r\nContent-Length: 15\r\n\r\n", BODY].concat()
}

/// A server that stalls for 200 ms every 2 s. A closed loop asks nothing while the server stalls, so a hundredth of its
/// answers never sees the stall; in an open loop a tenth of all requests is due during it.
#[test]
fn a_stall_shows_in_the_open_loop_and_hides_in_the_closed_one() {
    let stalling = || {
        let began = Instant::now();
        server(move |_| {
            let into = began.elapsed().as_millis() % 2000;
            if (1000..1200).contains(&into) {
                thread::sleep(Duration::from_millis(
                    1200 - u64::try_from(into).expect("below 2000"),
                ));
            }
            Some(good())
        })
    };
    let closed = together(&intervals(plan(stalling(), WorkloadModel::Closed, 4, 4)));
    let open = together(&intervals(plan(
        stalling(),
        WorkloadModel::Open {
            rate_rps: 500.0,
            arrivals: Arrivals::Even,
        },
        4,
        4,
    )));
    let (closed, open) = (
        closed.quantile(0.99).expect("enough answers"),
        open.quantile(0.99).expect("enough answers"),
    );
    assert!(
        open >= 120_000,
        "open loop p99 {open} us does not show the stall of 200 ms"
    );
    assert!(
        closed < 60_000 && closed * 3 < open,
        "closed loop p99 {closed} us, open {open} us"
    );
}

/// 100 requests/s over one connection to a server that takes 20 ms: half of them wait, longer and longer.
#[test]
fn the_wait_for_a_free_connection_counts() {
    let address = server(|_| {
        thread::sleep(Duration::from_millis(20));
        Some(good())
    });
    let running = start(plan(
        address,
        WorkloadModel::Open {
            rate_rps: 100.0,
            arrivals: Arrivals::Even,
        },
        1,
        3,
    ))
    .expect("a loopback load");
    let seen: Vec<LoadInterval> = std::iter::from_fn(|| running.next_interval()).collect();
    let rest = running.finish().expect("it ended well");
    let last = seen.last().expect("three intervals");
    assert!(
        last.latencies.max() > 1_000_000,
        "after 3 s the last answer is more than 1 s late: {} us",
        last.latencies.max()
    );
    assert!(
        last.backlog > 100 && rest.unanswered > 100,
        "backlog {}, unanswered {}",
        last.backlog,
        rest.unanswered
    );
    let offered: u64 = seen.iter().map(|interval| interval.offered).sum();
    assert!(
        (295..=305).contains(&offered),
        "offered {offered} in 3 s at 100/s"
    );
}

#[test]
fn arrivals_keep_their_rate() {
    let null = NullResponder::start(&[]).expect("a responder");
    for arrivals in [Arrivals::Even, Arrivals::Poisson] {
        let seen = intervals(plan(
            null.address,
            WorkloadModel::Open {
                rate_rps: 2000.0,
                arrivals,
            },
            16,
            2,
        ));
        let offered: u64 = seen.iter().map(|interval| interval.offered).sum();
        // Poisson: the deviation of 4,000 arrivals is 63.
        assert!((3700..=4300).contains(&offered), "{arrivals:?}: {offered}");
        let good: u64 = seen.iter().map(|interval| interval.ok).sum();
        assert!(
            good + 100 >= offered && seen.iter().all(|interval| interval.errors() == 0),
            "{arrivals:?}: {good} of {offered}"
        );
    }
}

#[test]
fn load_goes_to_this_machine_only() {
    for address in [
        "192.0.2.1:80",
        "10.0.0.1:80",
        "0.0.0.0:80",
        "[2001:db8::1]:80",
    ] {
        let address = address.parse().expect("an address");
        let error = start(plan(address, WorkloadModel::Closed, 1, 1)).expect_err("refused");
        assert!(matches!(error, BenchError::NotLoopback { .. }), "{error}");
    }
}

#[test]
fn chunked_bodies_are_read_and_compared() {
    let address = server(|_| {
        Some(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\n{\"s\r\nc\r\ntatus\":\"ok\"}\r\n0\r\n\r\n".to_vec())
    });
    let seen = intervals(plan(address, WorkloadModel::Closed, 4, 1));
    assert!(
        seen[0].ok > 1000 && seen[0].errors() == 0,
        "{:?}",
        seen[0].errors()
    );
}

#[test]
fn a_wrong_body_is_found_once_in_a_thousand() {
    let address = server(|_| {
        Some(b"HTTP/1.1 200 OK\r\nContent-Length: 15\r\n\r\n{\"status\":\"no\"}".to_vec())
    });
    let seen = intervals(plan(address, WorkloadModel::Closed, 4, 1));
    let answers = seen[0].answers();
    assert!(
        answers > 1000 && seen[0].bad_bodies == answers / 1000,
        "{} of {answers}",
        seen[0].bad_bodies
    );
}

#[test]
fn goodput_counts_the_expected_status_only() {
    let address = server(|n| {
        Some(if n % 2 == 0 {
            good()
        } else {
            b"HTTP/1.1 503 No\r\nContent-Length: 0\r\n\r\n".to_vec()
        })
    });
    let seen = intervals(plan(address, WorkloadModel::Closed, 2, 1));
    let (ok, wrong) = (seen[0].ok, seen[0].wrong_status);
    assert!(
        ok > 100 && ok.abs_diff(wrong) <= 2,
        "{ok} good, {wrong} refused"
    );
}

#[test]
fn a_server_that_closes_each_connection_is_no_error() {
    let address = server(|n| {
        (n == 0).then(|| {
            [
                b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 15\r\n\r\n",
                BODY,
            ]
            .concat()
        })
    });
    let seen = intervals(plan(address, WorkloadModel::Closed, 4, 1));
    assert!(seen[0].ok > 200 && seen[0].errors() == 0, "{:?}", seen[0]);
}

#[test]
fn a_server_that_closes_idle_connections_is_no_error() {
    // It says keep-alive and closes after three answers all the same, as servers with a request limit do.
    let address = server(|n| (n < 3).then(good));
    let seen = intervals(plan(address, WorkloadModel::Closed, 2, 1));
    assert!(
        seen[0].ok > 200 && seen[0].errors() == 0,
        "{} good, {} errors",
        seen[0].ok,
        seen[0].errors()
    );
}

#[test]
fn a_dead_port_is_counted_and_not_hammered() {
    let address = TcpListener::bind("127.0.0.1:0")
        .and_then(|l| l.local_addr())
        .expect("a port nobody listens on");
    let seen = intervals(plan(address, WorkloadModel::Closed, 4, 1));
    assert_eq!(seen[0].ok, 0);
    assert!(
        seen[0].errors() > 10 && seen[0].errors() < 1000,
        "{} tries in a second",
        seen[0].errors()
    );
}

#[test]
fn silence_is_a_timeout() {
    let address = server(|_| {
        thread::sleep(Duration::from_secs(60));
        None
    });
    let seen = intervals(plan(address, WorkloadModel::Closed, 3, 4));
    let timeouts: u64 = seen.iter().map(|interval| interval.timeouts).sum();
    assert!(timeouts >= 3, "{timeouts}");
    assert!(
        together(&seen).max() >= 2_000_000,
        "its age counts as a lower bound of its latency"
    );
}

#[test]
fn dropping_a_load_ends_it() {
    let null = NullResponder::start(&[]).expect("a responder");
    let running =
        start(plan(null.address, WorkloadModel::Closed, 4, 600)).expect("a loopback load");
    running.next_interval();
    let began = Instant::now();
    drop(running);
    assert!(began.elapsed() < Duration::from_secs(1));
}

/// One request at a time, 20 ms each: 50 connections leave a second's work behind, which the next load must not meet.
#[test]
fn a_load_that_ends_is_answered_to_its_end_and_a_dropped_one_is_left() {
    let (turn, served) = (Mutex::new(()), Arc::new(AtomicU64::new(0)));
    let counted = Arc::clone(&served);
    let address = server(move |_| {
        let _turn = turn.lock().expect("nobody panics in turn");
        thread::sleep(Duration::from_millis(20));
        counted.fetch_add(1, Ordering::Relaxed);
        Some(good())
    });
    let load = || start(plan(address, WorkloadModel::Closed, 50, 10)).expect("a loopback load");
    let running = load();
    running.next_interval().expect("a second of load");
    let before = served.load(Ordering::Relaxed);
    running.finish().expect("it ended well");
    let after = served.load(Ordering::Relaxed);
    thread::sleep(Duration::from_millis(200));
    assert_eq!(
        served.load(Ordering::Relaxed),
        after,
        "nothing was left behind"
    );
    assert!(
        (40..=51).contains(&(after - before)),
        "{} answers were still to come",
        after - before
    );

    let running = load();
    running.next_interval().expect("a second of load");
    let dropped = Instant::now();
    drop(running);
    assert!(
        dropped.elapsed() < Duration::from_millis(300),
        "Ctrl-C does not wait for answers: {:?}",
        dropped.elapsed()
    );
}
