//! The driver's loop: wait for sockets, count answers, send what is due.

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

use super::connection::{Connection, Errand, Heard, State};
use super::{ABANDON, Arrivals, GO_ON, LONGEST, MOST_REQUESTS, Model, Plan, Rest, SAMPLE, Slot};
use crate::bench::error::BenchError;
use crate::bench::usage::thread_cpu_us;

/// Length of a slot (ns).
const SLOT: u64 = 1_000_000_000;
/// Pause before a refused connection is tried again (ns): a dead service is not to be hammered.
const PAUSE: u64 = 10_000_000;

pub(super) struct Engine {
    plan: Plan,
    order: Arc<AtomicU8>,
    sender: Sender<Slot>,
    poll: Poll,
    connections: Vec<Connection>,
    /// Free connections of an open loop, longest free first.
    free: VecDeque<usize>,
    /// Due requests without a connection.
    waiting: VecDeque<Errand>,
    /// Connections that were refused, with when to try again.
    paused: VecDeque<(u64, usize)>,
    random: Xoshiro256PlusPlus,
    began: Instant,
    /// Time since the start, read once an event (ns).
    now: u64,
    next_request: usize,
    serial: u64,
    sent: u64,
    /// When the next request of an open loop is due (ns).
    due: f64,
    slot: Slot,
    slot_began: u64,
    cpu_at_slot: u64,
    since_sample: u64,
    /// Whether only answers are awaited.
    ending: bool,
}

fn refused(operation: &'static str) -> impl Fn(io::Error) -> BenchError {
    move |source| BenchError::Driver { operation, source }
}

impl Engine {
    pub(super) fn new(
        plan: Plan,
        order: Arc<AtomicU8>,
        sender: Sender<Slot>,
    ) -> Result<Self, BenchError> {
        if plan.requests.is_empty() || plan.connections == 0 {
            return Err(refused("send nothing")(ErrorKind::InvalidInput.into()));
        }
        let mut random = Xoshiro256PlusPlus::seed_from_u64(plan.seed);
        let next_request =
            usize::try_from(random.next_u64() % plan.requests.len() as u64).unwrap_or(0);
        let connections: Vec<Connection> =
            (0..plan.connections).map(|_| Connection::new()).collect();
        Ok(Self {
            poll: Poll::new().map_err(refused("open a poll"))?,
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
            slot: Slot::default(),
            slot_began: 0,
            cpu_at_slot: 0,
            since_sample: 0,
            ending: false,
            plan,
            order,
            sender,
        })
    }

    pub(super) fn run(mut self) -> Result<Rest, BenchError> {
        let mut events = Events::with_capacity(1024);
        let open = matches!(self.plan.model, Model::Open { .. });
        let end = u64::try_from(self.plan.limit.min(LONGEST).as_nanos()).unwrap_or(u64::MAX);
        self.began = Instant::now();
        self.cpu_at_slot = thread_cpu_us();
        if !open {
            (0..self.connections.len()).for_each(|i| self.send_next(i));
        }
        loop {
            self.hear(&mut events, self.patience(open))?;
            if open {
                self.offer();
            }
            if !self.paused.is_empty() {
                self.resume(open);
            }
            if self.now - self.slot_began >= SLOT {
                let heard = self.turn();
                if !heard
                    || self.now >= end
                    || self.sent >= MOST_REQUESTS
                    || self.ordered() != GO_ON
                {
                    break;
                }
            } else if self.ordered() != GO_ON {
                break;
            }
        }
        let rest = self.rest(open);
        self.drain(&mut events)?;
        Ok(rest)
    }

    fn ordered(&self) -> u8 {
        self.order.load(Ordering::Relaxed)
    }

    /// Waits for sockets and does what they are ready for.
    fn hear(&mut self, events: &mut Events, patience: Duration) -> Result<(), BenchError> {
        match self.poll.poll(events, Some(patience)) {
            Err(error) if error.kind() != ErrorKind::Interrupted => {
                return Err(refused("wait for its sockets")(error));
            }
            _ => {}
        }
        self.tick();
        for event in &*events {
            self.ready(event.token().0);
        }
        Ok(())
    }

    /// Hears what is still to come and asks for nothing more, so that the next load finds a service with nothing left to do.
    fn drain(&mut self, events: &mut Events) -> Result<(), BenchError> {
        self.ending = true;
        let deadline = self
            .now
            .saturating_add(u64::try_from(self.plan.timeout.as_nanos()).unwrap_or(u64::MAX));
        while self.now < deadline
            && self.ordered() != ABANDON
            && self.connections.iter().any(|c| c.state != State::Idle)
        {
            self.hear(events, Duration::from_millis(10))?;
        }
        Ok(())
    }

    fn tick(&mut self) {
        self.now = u64::try_from(self.began.elapsed().as_nanos()).unwrap_or(u64::MAX);
    }

    /// How long to wait for a socket. An open loop spins: a sleeping thread wakes up 50 us to 1 ms late, and latencies are
    /// counted from when a request was due.
    fn patience(&self, open: bool) -> Duration {
        if open {
            return Duration::ZERO;
        }
        let slot_left = (self.slot_began + SLOT).saturating_sub(self.now);
        Duration::from_nanos(
            if self.paused.is_empty() {
                slot_left.min(50_000_000)
            } else {
                slot_left.min(PAUSE)
            }
            .max(1000),
        )
    }

    /// Takes every request that is due and sends it, or lets it wait for a connection.
    fn offer(&mut self) {
        let Model::Open { rate_rps, arrivals } = self.plan.model else {
            return;
        };
        let gap = 1e9 / rate_rps.max(1e-3);
        while self.due <= self.now as f64 {
            let errand = Errand {
                request: self.take_request(),
                intended: self.due as u64,
                serial: self.take_serial(),
                again: false,
            };
            self.slot.offered += 1;
            self.waiting.push_back(errand);
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
            let Some(errand) = self.waiting.pop_front() else {
                return;
            };
            self.slot.lag_us = self
                .slot
                .lag_us
                .max(self.now.saturating_sub(errand.intended) / 1000);
            self.dispatch(i, errand);
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

    /// No two loads of a session share a number: the upper half is drawn once a load.
    fn take_serial(&mut self) -> u64 {
        self.serial = self.serial.wrapping_add(1);
        self.serial
    }

    /// The next request of a closed loop.
    fn send_next(&mut self, i: usize) {
        let errand = Errand {
            request: self.take_request(),
            intended: self.now,
            serial: self.take_serial(),
            again: false,
        };
        self.slot.offered += 1;
        self.dispatch(i, errand);
    }

    fn dispatch(&mut self, i: usize, errand: Errand) {
        let connection = &mut self.connections[i];
        connection.errand = errand;
        self.sent += 1;
        let outcome = if connection.is_open() {
            connection.send(&self.plan.requests[errand.request])
        } else {
            connection.connect(self.plan.address, Token(i), self.poll.registry())
        };
        if outcome.is_err() {
            self.lost(i);
        }
    }

    fn ready(&mut self, i: usize) {
        let connection = &mut self.connections[i];
        let request = connection.errand.request;
        match connection.state {
            State::Waiting => self.receive(i),
            State::Connecting => match connection.is_connected() {
                Ok(false) => {}
                Ok(true) => {
                    if connection.send(&self.plan.requests[request]).is_err() {
                        self.lost(i);
                    }
                }
                Err(_) => {
                    self.slot.connect_errors += 1;
                    self.pause(i);
                }
            },
            State::Writing => {
                if connection.proceed(&self.plan.requests[request]).is_err() {
                    self.lost(i);
                } else if connection.state == State::Waiting {
                    self.receive(i);
                }
            }
            // A server may close an idle connection whenever it likes.
            State::Idle => {
                if connection.is_open() && connection.hear() != Heard::Nothing {
                    connection.close();
                }
            }
        }
    }

    fn receive(&mut self, i: usize) {
        match self.connections[i].hear() {
            Heard::Nothing => {}
            Heard::Answer {
                status,
                keep_alive,
                bytes,
            } => self.count(i, status, keep_alive, bytes),
            Heard::Closed => self.lost(i),
            Heard::Malformed => {
                self.slot.read_errors += 1;
                self.pause(i);
            }
        }
    }

    fn count(&mut self, i: usize, status: u16, keep_alive: bool, bytes: usize) {
        self.tick();
        let connection = &mut self.connections[i];
        let errand = connection.errand;
        self.slot
            .latencies
            .record(self.now.saturating_sub(errand.intended) / 1000);
        self.slot.bytes += bytes as u64;
        self.since_sample += 1;
        if status != self.plan.requests[errand.request].status {
            self.slot.wrong_status += 1;
        } else if self.since_sample >= SAMPLE
            && !(self.plan.judge)(errand.request, &connection.body())
        {
            self.slot.bad_bodies += 1;
        } else {
            self.slot.ok += 1;
        }
        if self.since_sample >= SAMPLE {
            self.since_sample = 0;
        }
        connection.state = State::Idle;
        if !keep_alive {
            connection.close();
        }
        self.next(i);
    }

    /// A connection has nothing to do.
    fn next(&mut self, i: usize) {
        match self.plan.model {
            _ if self.ending => {}
            Model::Closed => self.send_next(i),
            Model::Open { .. } => match self.waiting.pop_front() {
                Some(errand) => self.dispatch(i, errand),
                None => self.free.push_back(i),
            },
        }
    }

    /// The stream ended without an answer.
    fn lost(&mut self, i: usize) {
        let connection = &mut self.connections[i];
        let errand = Errand {
            again: true,
            ..connection.errand
        };
        let innocent = connection.was_idle_before();
        connection.close();
        if innocent && !self.ending {
            self.dispatch(i, errand);
        } else {
            self.slot.read_errors += 1;
            self.pause(i);
        }
    }

    /// A failed connection rests before it works on.
    fn pause(&mut self, i: usize) {
        self.connections[i].close();
        self.paused.push_back((self.now + PAUSE, i));
    }

    fn resume(&mut self, open: bool) {
        while let Some((_, i)) = self.paused.pop_front_if(|(until, _)| *until <= self.now) {
            if open {
                self.free.push_back(i)
            } else {
                self.send_next(i)
            }
        }
    }

    /// Ends a slot and begins the next. `false` if nobody listens any more.
    fn turn(&mut self) -> bool {
        let limit = u64::try_from(self.plan.timeout.as_nanos()).unwrap_or(u64::MAX);
        for i in 0..self.connections.len() {
            let connection = &self.connections[i];
            let age = self.now.saturating_sub(connection.errand.intended);
            if connection.state != State::Idle && age > limit {
                // Its age is a lower bound of its latency, and says more than leaving it out.
                self.slot.latencies.record(age / 1000);
                self.slot.timeouts += 1;
                self.pause(i);
            }
        }
        let cpu = thread_cpu_us();
        self.slot.seconds = (self.now - self.slot_began) as f64 / 1e9;
        self.slot.backlog = self.waiting.len() as u64;
        self.slot.driver_cpu_us = cpu - self.cpu_at_slot;
        let next = Slot {
            number: self.slot.number + 1,
            ..Slot::default()
        };
        let finished = mem::replace(&mut self.slot, next);
        self.slot_began = self.now;
        self.cpu_at_slot = cpu;
        self.sender.send(finished).is_ok()
    }

    fn rest(&self, open: bool) -> Rest {
        if !open {
            return Rest::default();
        }
        let busy = self
            .connections
            .iter()
            .filter(|c| c.state != State::Idle)
            .map(|c| c.errand.intended);
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
        Rest {
            unanswered: due.len() as u64,
            oldest_us: oldest,
        }
    }
}
