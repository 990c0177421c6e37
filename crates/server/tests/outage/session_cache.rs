//! The session cache of a process that is paused, and of one whose listener is gone.

use std::{thread, time::Duration};

use diesel::connection::SimpleConnection;
use nix::{
    sys::signal::{Signal, kill},
    unistd::Pid,
};
use portcullis_test_database::TestDatabase;

use crate::{
    people::{Person, eventually, wait_until_written},
    program::Program,
    sql::{connect, count},
};

/// Within this time, each replica has seen a change or asks the database.
const BOUND: Duration = Duration::from_millis(100);

const LISTENERS: &str = "FROM pg_stat_activity WHERE datname = current_database() \
    AND application_name = 'portcullis session cache'";

fn serve(database: &TestDatabase) -> Program {
    let variables = [
        ("PORTCULLIS_SESSION_CACHE__ENABLED", "true"),
        ("PORTCULLIS_DATABASE__ACQUIRE_TIMEOUT", "60"),
        ("PORTCULLIS_DATABASE__OPERATION_TIMEOUT", "60"),
        ("PORTCULLIS_LIMITS__REQUEST_TIMEOUT", "60"),
    ];
    Program::serve(database.url(), &variables)
}

fn signal(program: &Program, signal: Signal) {
    kill(Pid::from_raw(program.process.id().cast_signed()), signal).unwrap();
}

/// Waits until a session is in the memory of the program: it is returned while its table is locked.
fn wait_until_in_memory(program: &Program, person: &Person, database: &TestDatabase) {
    let address = program.address;
    eventually("the session is not in memory", || {
        person.expect_session(address);
        let mut lock = connect(database.url());
        lock.batch_execute("BEGIN; LOCK TABLE \"session\"").unwrap();
        let check = person.get_session();
        let answer = thread::spawn(move || check.ask(address));
        thread::sleep(Duration::from_millis(300));
        let is_answered = answer.is_finished();
        drop(lock);
        assert_eq!(answer.join().unwrap().status, 200);
        is_answered
    });
}

#[test]
fn a_replica_that_was_paused_does_not_return_a_session_that_has_ended() {
    let database = TestDatabase::new();
    let (paused, other) = (serve(&database), serve(&database));
    for person in Person::crowd(other.address, "person", 5) {
        wait_until_in_memory(&paused, &person, &database);
        signal(&paused, Signal::SIGSTOP);
        thread::sleep(BOUND);
        let answer = person.sign_out().ask(other.address);
        assert_eq!(answer.status, 200, "{answer:?}");
        // The request waits in a socket of the process, which answers it first of all.
        let (check, address) = (person.get_session(), paused.address);
        let waiting = thread::spawn(move || check.ask(address));
        thread::sleep(BOUND);
        signal(&paused, Signal::SIGCONT);
        let answer = waiting.join().unwrap();
        assert_eq!((answer.status, answer.body.as_str()), (200, "null"));
    }
}

#[test]
fn a_replica_whose_listener_is_gone_returns_no_session_that_has_ended_and_logs_that_its_cache_is_silent() {
    let database = TestDatabase::new();
    let program = serve(&database);
    let people = Person::crowd(program.address, "person", 2);
    let (one, other) = (&people[0], &people[1]);
    wait_until_in_memory(&program, one, &database);
    let mut operator = connect(database.url());
    // Without its trigger, the listener that comes back must not serve either.
    operator
        .batch_execute("DROP TRIGGER portcullis_session_cache_delete ON \"session\"")
        .unwrap();
    count(
        &mut operator,
        &format!("SELECT count(pg_terminate_backend(pid, 5000)) {LISTENERS}"),
    );
    operator.batch_execute("DELETE FROM \"session\"").unwrap();
    thread::sleep(BOUND);
    assert_eq!(one.get_session().ask(program.address).body, "null");
    assert_eq!(other.get_session().ask(program.address).body, "null");
    for line in [
        "the session cache answers session checks",
        "the session cache does not answer; every session check reads the database",
        "run `portcullis migrate`",
    ] {
        wait_until_written(&program, line);
    }
}
