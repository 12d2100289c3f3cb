//! The driver's loop: wait for sockets, count responses, send what is due.

use std::collections::VecDeque;
use std::io::{self, ErrorKind};
use std::mem;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use std::sync::mpsc::Sender;
use std::time::{Duration, Instant};

use mio::{Events, Poll, Token};
use rand::rngs::Xoshiro256PlusPlus;
use rand::{Rng, SeedableRng};

use super::connection::{Connection, ConnectionState, PendingRequest, Received};
use super::{
    ABANDON, Arrivals, GO_ON, LONGEST, LoadInterval, LoadPlan, LoadRemainder, MOST_REQUESTS,
    SAMPLE, WorkloadModel,
};
use crate::bench::error::BenchError;
use crate::bench::usage::thread_cpu_us;

/// Length of an interval (ns).
const INTERVAL_NS: u64 = 1_000_000_000;
/// Pause before a refused connection is tried again (ns), so as not to flood a dead service.
const PAUSE: u64 = 10_000_000;

pub(super) struct LoadEngine {
    plan: LoadPlan,
    order: Arc<AtomicU8>,
    sender: Sender<LoadInterval>,
    poll: Poll,
    connections: Vec<Connection>,
    /// Free connections of an open loop, the longest free first.
    free: VecDeque<usize>,
    /// Due requests that wait for a connection.
    waiting: VecDeque<PendingRequest>,
    /// Connections that were refused, with the time to try again (ns).
    paused: VecDeque<(u64, usize)>,
    random: Xoshiro256PlusPlus,
    began: Instant,
    /// Time since the start, read once per event (ns).
    now: u64,
    next_request: usize,
    serial: u64,
    sent: u64,
    /// Intended send time of an open loop's next request (ns).
    due: f64,
    interval: LoadInterval,
    interval_began: u64,
    cpu_at_interval: u64,
    since_sample: u64,
    /// Whether nothing more is sent.
    ending: bool,
}

fn connection_error(operation: &'static str) -> impl Fn(io::Error) -> BenchError {
    move |source| BenchError::Driver { operation, source }
}

impl LoadEngine {
    pub(super) fn new(
        plan: LoadPlan,
        order: Arc<AtomicU8>,
        sender: Sender<LoadInterval>,
    ) -> Result<Self, BenchError> {
        if plan.requests.is_empty() || plan.connections == 0 {
            return Err(connection_error("send nothing")(
                ErrorKind::InvalidInput.into(),
            ));
        }
        let mut random = Xoshiro256PlusPlus::seed_from_u64(plan.seed);
        let next_request =
            usize::try_from(random.next_u64() % plan.requests.len() as u64).unwrap_or(0);
        let connections: Vec<Connection> =
            (0..plan.connections).map(|_| Connection::new()).collect();
        Ok(Self {
            poll: Poll::new().map_err(connection_error("open a poll"))?,
            free: (0..connections.len()).collect(),
            connections,
            waiting: VecDeque::new(),
            paused: VecDeque::new(),
            random,
            began: Instant::now(),
            now: 0,
            next_request,
            serial: super::fresh_serial(),
            sent: 0,
            due: 0.0,
            interval: LoadInterval::default(),
            interval_began: 0,
            cpu_at_interval: 0,
            since_sample: 0,
            ending: false,
            plan,
            order,
            sender,
        })
    }

    pub(super) fn run(mut self) -> Result<LoadRemainder, BenchError> {
        let mut events = Events::with_capacity(1024);
        let open = matches!(self.plan.model, WorkloadModel::Open { .. });
        let end = u64::try_from(self.plan.limit.min(LONGEST).as_nanos()).unwrap_or(u64::MAX);
        self.began = Instant::now();
        self.cpu_at_interval = thread_cpu_us();
        if !open {
            (0..self.connections.len()).for_each(|i| self.send_next(i));
        }
        loop {
            self.poll_sockets(&mut events, self.poll_timeout(open))?;
            if open {
                self.send_due_requests();
            }
            if !self.paused.is_empty() {
                self.resume_paused(open);
            }
            if self.now - self.interval_began >= INTERVAL_NS {
                let is_received = self.finish_interval();
                if !is_received
                    || self.now >= end
                    || self.sent >= MOST_REQUESTS
                    || self.current_order() != GO_ON
                {
                    break;
                }
            } else if self.current_order() != GO_ON {
                break;
            }
        }
        let rest = self.remainder(open);
        self.drain(&mut events)?;
        Ok(rest)
    }

    fn current_order(&self) -> u8 {
        self.order.load(Ordering::Relaxed)
    }

    /// Waits for sockets and handles those that are ready.
    fn poll_sockets(&mut self, events: &mut Events, patience: Duration) -> Result<(), BenchError> {
        match self.poll.poll(events, Some(patience)) {
            Err(error) if error.kind() != ErrorKind::Interrupted => {
                return Err(connection_error("wait for its sockets")(error));
            }
            _ => {}
        }
        self.read_clock();
        for event in &*events {
            self.handle_ready(event.token().0);
        }
        Ok(())
    }

    /// Receives outstanding responses and sends nothing more, so that the next load finds an idle service.
    fn drain(&mut self, events: &mut Events) -> Result<(), BenchError> {
        self.ending = true;
        let deadline = self
            .now
            .saturating_add(u64::try_from(self.plan.timeout.as_nanos()).unwrap_or(u64::MAX));
        while self.now < deadline
            && self.current_order() != ABANDON
            && self
                .connections
                .iter()
                .any(|c| c.state != ConnectionState::Idle)
        {
            self.poll_sockets(events, Duration::from_millis(10))?;
        }
        Ok(())
    }

    fn read_clock(&mut self) {
        self.now = u64::try_from(self.began.elapsed().as_nanos()).unwrap_or(u64::MAX);
    }

    /// Returns how long to wait for a socket. An open loop spins: a sleeping thread wakes up 50 us to 1 ms late, and latency is
    /// counted from the intended send time.
    fn poll_timeout(&self, open: bool) -> Duration {
        if open {
            return Duration::ZERO;
        }
        let interval_left = (self.interval_began + INTERVAL_NS).saturating_sub(self.now);
        Duration::from_nanos(
            if self.paused.is_empty() {
                interval_left.min(50_000_000)
            } else {
                interval_left.min(PAUSE)
            }
            .max(1000),
        )
    }

    /// Sends every request that is due, or queues it until a connection is free. Its latency counts from the intended send time in
    /// either case, which avoids coordinated omission.
    fn send_due_requests(&mut self) {
        let WorkloadModel::Open { rate_rps, arrivals } = self.plan.model else {
            return;
        };
        let gap = 1e9 / rate_rps.max(1e-3);
        while self.due <= self.now as f64 {
            let pending = PendingRequest {
                request: self.take_request(),
                intended: self.due as u64,
                serial: self.take_serial(),
                again: false,
            };
            self.interval.offered += 1;
            self.waiting.push_back(pending);
            self.due += match arrivals {
                Arrivals::Even => gap,
                // 1 - u, because u may be 0 and never 1.
                Arrivals::Poisson => {
                    -gap * (1.0 - self.random.next_u64() as f64 / 2f64.powi(64))
                        .max(1e-18)
                        .ln()
                }
            };
        }
        while !self.waiting.is_empty() {
            let Some(i) = self.free.pop_front() else {
                return;
            };
            let Some(pending) = self.waiting.pop_front() else {
                return;
            };
            self.interval.lag_us = self
                .interval
                .lag_us
                .max(self.now.saturating_sub(pending.intended) / 1000);
            self.dispatch_request(i, pending);
        }
    }

    fn take_request(&mut self) -> usize {
        let request = self.next_request;
        self.next_request = if request + 1 == self.plan.requests.len() {
            0
        } else {
            request + 1
        };
        request
    }

    /// Returns a serial number that no other load of the session uses.
    fn take_serial(&mut self) -> u64 {
        self.serial = self.serial.wrapping_add(1);
        self.serial
    }

    /// Sends the next request of a closed loop.
    fn send_next(&mut self, i: usize) {
        let pending = PendingRequest {
            request: self.take_request(),
            intended: self.now,
            serial: self.take_serial(),
            again: false,
        };
        self.interval.offered += 1;
        self.dispatch_request(i, pending);
    }

    fn dispatch_request(&mut self, i: usize, pending: PendingRequest) {
        let connection = &mut self.connections[i];
        connection.pending = pending;
        self.sent += 1;
        let outcome = if connection.is_open() {
            connection.send(&self.plan.requests[pending.request])
        } else {
            connection.connect(self.plan.address, Token(i), self.poll.registry())
        };
        if outcome.is_err() {
            self.handle_lost(i);
        }
    }

    fn handle_ready(&mut self, i: usize) {
        let connection = &mut self.connections[i];
        let request = connection.pending.request;
        match connection.state {
            ConnectionState::Waiting => self.receive_response(i),
            ConnectionState::Connecting => match connection.is_connected() {
                Ok(false) => {}
                Ok(true) => {
                    if connection.send(&self.plan.requests[request]).is_err() {
                        self.handle_lost(i);
                    }
                }
                Err(_) => {
                    self.interval.connect_errors += 1;
                    self.pause_connection(i);
                }
            },
            ConnectionState::Writing => {
                if connection
                    .continue_sending(&self.plan.requests[request])
                    .is_err()
                {
                    self.handle_lost(i);
                } else if connection.state == ConnectionState::Waiting {
                    self.receive_response(i);
                }
            }
            // A server may close an idle connection at any time.
            ConnectionState::Idle => {
                if connection.is_open() && connection.receive() != Received::Nothing {
                    connection.close();
                }
            }
        }
    }

    fn receive_response(&mut self, i: usize) {
        match self.connections[i].receive() {
            Received::Nothing => {}
            Received::HttpResponse {
                status,
                keep_alive,
                bytes,
            } => self.count_response(i, status, keep_alive, bytes),
            Received::Closed => self.handle_lost(i),
            Received::Malformed => {
                self.interval.read_errors += 1;
                self.pause_connection(i);
            }
        }
    }

    fn count_response(&mut self, i: usize, status: u16, keep_alive: bool, bytes: usize) {
        self.read_clock();
        let connection = &mut self.connections[i];
        let pending = connection.pending;
        self.interval
            .latencies
            .record(self.now.saturating_sub(pending.intended) / 1000);
        self.interval.bytes += bytes as u64;
        self.since_sample += 1;
        if status != self.plan.requests[pending.request].status {
            self.interval.wrong_status += 1;
        } else if self.since_sample >= SAMPLE
            && !(self.plan.judge)(pending.request, &connection.body())
        {
            self.interval.bad_bodies += 1;
        } else {
            self.interval.ok += 1;
        }
        if self.since_sample >= SAMPLE {
            self.since_sample = 0;
        }
        connection.state = ConnectionState::Idle;
        if !keep_alive {
            connection.close();
        }
        self.release(i);
    }

    /// Gives a free connection its next request.
    fn release(&mut self, i: usize) {
        match self.plan.model {
            _ if self.ending => {}
            WorkloadModel::Closed => self.send_next(i),
            WorkloadModel::Open { .. } => match self.waiting.pop_front() {
                Some(pending) => self.dispatch_request(i, pending),
                None => self.free.push_back(i),
            },
        }
    }

    /// Handles a stream that ended without a response: repeats the request if the connection had been idle.
    fn handle_lost(&mut self, i: usize) {
        let connection = &mut self.connections[i];
        let pending = PendingRequest {
            again: true,
            ..connection.pending
        };
        let innocent = connection.was_idle_before();
        connection.close();
        if innocent && !self.ending {
            self.dispatch_request(i, pending);
        } else {
            self.interval.read_errors += 1;
            self.pause_connection(i);
        }
    }

    /// Closes a failed connection and pauses it.
    fn pause_connection(&mut self, i: usize) {
        self.connections[i].close();
        self.paused.push_back((self.now + PAUSE, i));
    }

    fn resume_paused(&mut self, open: bool) {
        while let Some((_, i)) = self.paused.pop_front_if(|(until, _)| *until <= self.now) {
            if open {
                self.free.push_back(i)
            } else {
                self.send_next(i)
            }
        }
    }

    /// Ends an interval and begins the next. Returns whether the receiver still exists.
    fn finish_interval(&mut self) -> bool {
        let limit = u64::try_from(self.plan.timeout.as_nanos()).unwrap_or(u64::MAX);
        for i in 0..self.connections.len() {
            let connection = &self.connections[i];
            let age = self.now.saturating_sub(connection.pending.intended);
            if connection.state != ConnectionState::Idle && age > limit {
                // Its age is a lower bound of its latency; leaving it out would hide it.
                self.interval.latencies.record(age / 1000);
                self.interval.timeouts += 1;
                self.pause_connection(i);
            }
        }
        let cpu = thread_cpu_us();
        self.interval.seconds = (self.now - self.interval_began) as f64 / 1e9;
        self.interval.backlog = self.waiting.len() as u64;
        self.interval.driver_cpu_us = cpu - self.cpu_at_interval;
        let next = LoadInterval {
            number: self.interval.number + 1,
            ..LoadInterval::default()
        };
        let finished = mem::replace(&mut self.interval, next);
        self.interval_began = self.now;
        self.cpu_at_interval = cpu;
        self.sender.send(finished).is_ok()
    }

    fn remainder(&self, open: bool) -> LoadRemainder {
        if !open {
            return LoadRemainder::default();
        }
        let busy = self
            .connections
            .iter()
            .filter(|c| c.state != ConnectionState::Idle)
            .map(|c| c.pending.intended);
        let due: Vec<u64> = self
            .waiting
            .iter()
            .map(|e| e.intended)
            .chain(busy)
            .collect();
        let oldest = due
            .iter()
            .min()
            .map_or(0, |intended| self.now.saturating_sub(*intended) / 1000);
        LoadRemainder {
            unanswered: due.len() as u64,
            oldest_us: oldest,
        }
    }
}
