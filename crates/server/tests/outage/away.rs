//! The database is unreachable for a while.

use std::{
    fs,
    net::SocketAddr,
    sync::atomic::{AtomicBool, AtomicUsize, Ordering},
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
    people::{Person, eventually, in_parallel, sign_up, timed},
    program::Program,
    sql::{backends, connect},
};

const POOL: usize = 6;
/// Time limit for every answer.
const DEADLINE: Duration = Duration::from_secs(5);
/// Time limit for answers that need no database.
const AT_ONCE: Duration = Duration::from_secs(2);
/// Time limit for the end of threads and connections after an outage; idle threads end after ten seconds.
const REST: Duration = Duration::from_secs(40);

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

    /// All users send requests for this long. Returns the number of answers.
    fn endure(&self, time: Duration) -> usize {
        let (address, end) = (self.program.address, Instant::now() + time);
        let (is_over, answers) = (AtomicBool::new(false), AtomicUsize::new(0));
        thread::scope(|scope| {
            let watch = scope.spawn(|| watch(address, &is_over));
            let numbers: Vec<usize> = (0..self.people.len()).collect();
            in_parallel(&numbers, |person| {
                for round in 0.. {
                    if Instant::now() > end {
                        break;
                    }
                    refused(&self.request(*person, round), address);
                    answers.fetch_add(1, Ordering::Relaxed);
                }
            });
            is_over.store(true, Ordering::Relaxed);
            watch.join().unwrap();
        });
        answers.into_inner()
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
        eventually("threads are left", REST, || {
            threads(&self.program) <= self.threads
        });
        eventually("connections are left", REST, || self.database.backends() <= POOL);
    }
}

/// Asserts that the server is live and not ready.
fn watch(address: SocketAddr, is_over: &AtomicBool) {
    while !is_over.load(Ordering::Relaxed) {
        for path in ["/api/auth/ok", "/health/live"] {
            let (answer, took) = timed(&Request::get(path), address);
            assert_eq!((answer.status, answer.body.as_str()), (200, "{\"ok\":true}"));
            assert!(took < AT_ONCE, "{path} took {took:?}");
        }
        refused(&Request::get("/health/ready"), address);
    }
}

/// Asserts that a request is answered with 503 and `Retry-After`, and changes no cookie.
fn refused(request: &Request, address: SocketAddr) {
    let (answer, took) = timed(request, address);
    assert_eq!(answer.status, 503, "{request:?}: {answer:?}");
    assert_eq!(answer.json()["code"], "SERVICE_UNAVAILABLE");
    assert_eq!(answer.header("retry-after"), Some("1"));
    assert_eq!(answer.header("set-cookie"), None);
    assert!(took < DEADLINE, "{request:?} took {took:?}");
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
    let answers = world.endure(Duration::from_secs(20));
    world.database.thaw();

    world.expect_all_sessions();
    assert!(answers >= 4 * world.people.len(), "only {answers} answers");
    assert!(is_ready(&world.program));
    world.expect_rest();
    world.expect_all_sessions();
}

#[test]
fn requests_fail_while_the_database_restarts_and_sessions_survive() {
    let mut world = Fixture::with_people(100);

    world.database.stop();
    let answers = world.endure(Duration::from_secs(4));
    world.database.restart();

    world.expect_all_sessions();
    assert!(answers >= 10 * world.people.len(), "only {answers} answers");
    assert!(is_ready(&world.program));
    world.expect_rest();
    let log = world.program.end();
    for line in [
        "the database cannot be reached\"",
        "the database can be reached again",
    ] {
        assert_eq!(log.matches(&format!("\"message\":\"{line}")).count(), 1, "{line}");
    }
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
    eventually("no connection works", Duration::from_secs(15), || {
        person.get_session().ask(program.address).status == 200
    });
    for _ in 0..20 {
        person.expect_session(program.address);
    }

    kill(Pid::from_raw(hanging[0]), Signal::SIGCONT).unwrap();
    eventually("connections are left", REST, || database.backends() == 1);
    person.expect_session(program.address);
}

#[test]
fn the_server_starts_without_its_database_and_is_ready_soon_after_the_database() {
    let mut database = Server::start();
    database.stop();

    let program = Program::serve(&database.url("postgres"), &[]);
    let (answer, took) = timed(&Request::get("/api/auth/ok"), program.address);
    assert_eq!(answer.status, 200);
    assert!(took < AT_ONCE, "it took {took:?}");
    refused(&Request::get("/health/ready"), program.address);
    refused(&sign_up("early@example.com"), program.address);

    database.restart();
    eventually("it is not ready", Duration::from_secs(20), || is_ready(&program));
    for person in Person::crowd(program.address, "late", 2) {
        person.expect_session(program.address);
    }
}
