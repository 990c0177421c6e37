//! The database is unreachable for a while.

use std::{
    fs,
    net::SocketAddr,
    sync::atomic::{AtomicBool, Ordering},
    thread,
    time::{Duration, Instant},
};

use nix::{
    sys::signal::{Signal, kill},
    unistd::Pid,
};
use portcullis_test_database::Server;

use crate::{
    client::Request,
    people::{Person, eventually, in_parallel, sign_up},
    program::Program,
    sql::{backends, connect},
};

const POOL: usize = 6;

/// A program and its users, before an outage.
struct Fixture {
    database: Server,
    program: Program,
    people: Vec<Person>,
    /// Users who sign out during the outage: it is unknown whether a database that hangs executes that.
    leaving: Vec<Person>,
    threads: usize,
}

impl Fixture {
    fn with_people(size: usize) -> Self {
        let database = Server::start();
        let program = Program::serve(
            &database.url("postgres"),
            &[("PORTCULLIS_DATABASE__POOL_SIZE", &POOL.to_string())],
        );
        // A server that answers has started all its threads.
        assert_eq!(Request::get("/api/auth/ok").ask(program.address).status, 200);
        let threads = threads(&program);
        let people = Person::crowd(program.address, "person", size);
        let leaving = Person::crowd(program.address, "leaving", size / 10);
        Self {
            database,
            program,
            people,
            leaving,
            threads,
        }
    }

    /// All users send requests for this long, and at least this many each. Every request is answered with 503.
    fn endure(&self, time: Duration, rounds: usize) {
        let (address, end) = (self.program.address, Instant::now() + time);
        let is_over = AtomicBool::new(false);
        thread::scope(|scope| {
            let watch = scope.spawn(|| watch(address, &is_over));
            let numbers: Vec<usize> = (0..self.people.len()).collect();
            in_parallel(&numbers, |person| {
                for round in 0.. {
                    if round >= rounds && Instant::now() > end {
                        break;
                    }
                    refused(&self.request(*person, round), address);
                }
            });
            is_over.store(true, Ordering::Relaxed);
            watch.join().unwrap();
        });
    }

    /// Returns a request: mostly session checks, as in production.
    fn request(&self, person: usize, round: usize) -> Request {
        let one = &self.people[person];
        match (person + round) % 10 {
            0 => one.sign_in(),
            1 => sign_up(&format!("new-{person}-{round}@example.com")),
            2 => self.leaving[person % self.leaving.len()].sign_out(),
            _ => one.get_session(),
        }
    }

    fn expect_all_sessions(&self) {
        in_parallel(&self.people, |person| person.expect_session(self.program.address));
    }

    fn expect_rest(&self) {
        // Periodic work keeps a few idle threads alive. The requests of the outage would have left hundreds.
        eventually("threads are left", || {
            threads(&self.program) <= self.threads + POOL
        });
        eventually("connections are left", || self.database.backends() <= POOL);
    }
}

/// Asserts that the server is live and not ready.
fn watch(address: SocketAddr, is_over: &AtomicBool) {
    while !is_over.load(Ordering::Relaxed) {
        for path in ["/api/auth/ok", "/health/live"] {
            let answer = Request::get(path).ask(address);
            assert_eq!((answer.status, answer.body.as_str()), (200, "{\"ok\":true}"));
        }
        refused(&Request::get("/health/ready"), address);
    }
}

/// Asserts that a request is answered with 503 and `Retry-After`, and changes no cookie.
fn refused(request: &Request, address: SocketAddr) {
    let answer = request.ask(address);
    assert_eq!(answer.status, 503, "{request:?}: {answer:?}");
    assert_eq!(answer.json()["code"], "SERVICE_UNAVAILABLE");
    assert_eq!(answer.header("retry-after"), Some("1"));
    assert_eq!(answer.header("set-cookie"), None);
}

fn threads(program: &Program) -> usize {
    let tasks = format!("/proc/{}/task", program.process.id());
    fs::read_dir(tasks).unwrap().count()
}

fn is_ready(program: &Program) -> bool {
    Request::get("/health/ready").ask(program.address).status == 200
}

#[test]
fn requests_time_out_while_the_database_hangs_and_sessions_survive() {
    let world = Fixture::with_people(200);

    world.database.freeze();
    world.endure(Duration::from_secs(20), 4);
    world.database.thaw();

    world.expect_all_sessions();
    eventually("it is not ready", || is_ready(&world.program));
    world.expect_rest();
    world.expect_all_sessions();
}

#[test]
fn requests_fail_while_the_database_restarts_and_sessions_survive() {
    let mut world = Fixture::with_people(100);

    world.database.stop();
    world.endure(Duration::from_secs(4), 10);
    world.database.restart();

    world.expect_all_sessions();
    eventually("it is not ready", || is_ready(&world.program));
    world.expect_rest();
    let log = world.program.end();
    let count = |line: &str| log.matches(&format!("\"message\":\"{line}")).count();
    let outages = count("the database cannot be reached\"");
    // A slow machine may interrupt the connections once more, directly after the restart.
    assert!((1..=3).contains(&outages), "{outages}");
    assert_eq!(count("the database can be reached again"), outages);
}

#[test]
fn connections_that_hang_forever_are_replaced() {
    let database = Server::start();
    let url = database.url("postgres");
    let program = Program::serve(&url, &[("PORTCULLIS_DATABASE__POOL_SIZE", "1")]);
    let person = &Person::crowd(program.address, "person", 1)[0];
    let hanging = backends(&mut connect(&url));
    assert_eq!(hanging.len(), 1);
    kill(Pid::from_raw(hanging[0]), Signal::SIGSTOP).unwrap();

    refused(&person.get_session(), program.address);
    eventually("no connection works", || {
        person.get_session().ask(program.address).status == 200
    });
    for _ in 0..20 {
        person.expect_session(program.address);
    }

    kill(Pid::from_raw(hanging[0]), Signal::SIGCONT).unwrap();
    eventually("connections are left", || database.backends() == 1);
    person.expect_session(program.address);
}

#[test]
fn the_server_starts_without_its_database_and_is_ready_soon_after_the_database() {
    let mut database = Server::start();
    database.stop();

    let program = Program::serve(&database.url("postgres"), &[]);
    assert_eq!(Request::get("/api/auth/ok").ask(program.address).status, 200);
    refused(&Request::get("/health/ready"), program.address);
    refused(&sign_up("early@example.com"), program.address);

    database.restart();
    eventually("it is not ready", || is_ready(&program));
    for person in Person::crowd(program.address, "late", 2) {
        person.expect_session(program.address);
    }
}
