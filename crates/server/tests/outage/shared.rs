//! The database is reachable, but its connections are ended, few, or interrupted by clients.

use std::{net::SocketAddr, thread, time::Duration};

use diesel::connection::SimpleConnection;
use nix::{
    sys::signal::{Signal, kill},
    unistd::Pid,
};
use portcullis_test_database::TestDatabase;

use crate::{
    client::Request,
    people::{Person, eventually, in_parallel, sign_in, sign_up},
    program::Program,
    sql::{OURS, connect, count, terminate_all},
};

/// Serves with a pool of this size, and time limits with which a request on a busy machine does not fail.
fn serve_with_pool_of(size: &str, database: &TestDatabase) -> Program {
    let variables = [
        ("PORTCULLIS_DATABASE__POOL_SIZE", size),
        ("PORTCULLIS_DATABASE__ACQUIRE_TIMEOUT", "60"),
        ("PORTCULLIS_DATABASE__OPERATION_TIMEOUT", "60"),
        ("PORTCULLIS_LIMITS__REQUEST_TIMEOUT", "60"),
    ];
    Program::serve(database.url(), &variables)
}

fn expect_success(request: &Request, address: SocketAddr) {
    let answer = request.ask(address);
    assert_eq!(answer.status, 200, "{request:?}: {answer:?}");
}

#[test]
fn requests_succeed_after_idle_connections_are_ended() {
    let database = TestDatabase::new();
    let mut administrator = connect(database.url());
    let program = serve_with_pool_of("6", &database);
    eventually("there is no connection", || {
        count(&mut connect(database.url()), &format!("SELECT count(*) {OURS}")) > 0
    });
    assert!(terminate_all(&mut administrator) > 0);
    let people = Person::crowd(program.address, "person", 24);

    for round in 0..6 {
        assert!(terminate_all(&mut administrator) > 0);
        if round % 2 == 0 {
            in_parallel(&people, |person| person.expect_session(program.address));
        } else {
            in_parallel(&people, |person| {
                expect_success(&person.sign_in(), program.address);
            });
        }
    }
}

#[test]
fn one_connection_is_enough_for_all_users() {
    let database = TestDatabase::new();
    let program = serve_with_pool_of("1", &database);
    let emails: Vec<String> = (0..50).map(|number| format!("{number}@example.com")).collect();

    in_parallel(&emails, |email| expect_success(&sign_up(email), program.address));
    in_parallel(&emails, |email| expect_success(&sign_in(email), program.address));
    let people = Person::crowd(program.address, "person", 50);
    in_parallel(&people, |person| person.expect_session(program.address));

    let backends = count(&mut connect(database.url()), &format!("SELECT count(*) {OURS}"));
    assert_eq!(backends, 1);
}

#[test]
fn clients_that_disconnect_leave_no_partial_changes() {
    let database = TestDatabase::new();
    let program = serve_with_pool_of("6", &database);
    let address = program.address;
    let person = &Person::crowd(address, "person", 1)[0];
    let hasty: Vec<u64> = (0..20).collect();

    in_parallel(&hasty, |client| {
        for round in 0..25 {
            // Pseudo-random, and the same in every run.
            let mixed = (client * 25 + round).wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 32;
            let request = match mixed % 3 {
                0 => sign_up(&format!("hasty-{client}-{round}@example.com")),
                1 => person.sign_in(),
                _ => person.get_session(),
            };
            let connection = request.send(address).unwrap();
            thread::sleep(Duration::from_millis(mixed / 3 % 31));
            drop(connection);
        }
    });

    eventually("a transaction is left open", || {
        let open = format!("SELECT count(*) {OURS} AND state <> 'idle'");
        count(&mut connect(database.url()), &open) == 0
    });
    let mut connection = connect(database.url());
    let half_users = "SELECT count(*) FROM \"user\" WHERE NOT EXISTS \
                      (SELECT FROM account WHERE \"userId\" = \"user\".id)";
    assert_eq!(count(&mut connection, half_users), 0);
    person.expect_session(address);
    eventually("hashing does not end", || {
        person.sign_in().ask(address).status == 200
    });
    for client in 0..20 {
        let email = format!("hasty-{client}-0@example.com");
        let status = sign_up(&email).ask(address).status;
        assert!(status == 200 || status == 422, "{status}");
        expect_success(&sign_in(&email), address);
    }
}

#[test]
fn requests_in_flight_are_answered_before_the_program_ends() {
    let database = TestDatabase::new();
    let mut program = serve_with_pool_of("6", &database);
    let people = Person::crowd(program.address, "person", 4);
    let mut holder = connect(database.url());
    holder.batch_execute("BEGIN; LOCK TABLE session").unwrap();

    let answers = thread::scope(|scope| {
        let waiting =
            scope.spawn(|| in_parallel(&people, |person| person.sign_in().ask(program.address).status));
        eventually("not all requests wait for the lock", || {
            let waiting = format!("SELECT count(*) {OURS} AND wait_event_type = 'Lock'");
            count(&mut connect(database.url()), &waiting) == 4
        });
        let id = i32::try_from(program.process.id()).unwrap();
        kill(Pid::from_raw(id), Signal::SIGTERM).unwrap();
        eventually("it still listens", || {
            Request::get("/api/auth/ok").send(program.address).is_err()
        });
        holder.batch_execute("COMMIT").unwrap();
        waiting.join().unwrap()
    });

    assert_eq!(answers, [200; 4]);
    assert_eq!(program.process.wait().unwrap().code(), Some(0));
}
