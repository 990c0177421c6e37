//! The database accepts no writes for a while, as after a fail-over that leaves the program connected to a standby.

use std::{cell::Cell, collections::BTreeSet, time::Instant};

use diesel::{PgConnection, connection::SimpleConnection as _};
use portcullis_test_database::Server;

use crate::{
    client::Request,
    people::{Person, eventually, sign_up},
    program::Program,
    sql::{backends, connect, terminate_all},
};

struct Fixture {
    _database: Server,
    administration: PgConnection,
    program: Program,
}

impl Fixture {
    fn new() -> Self {
        let database = Server::start();
        let url = database.url("postgres");
        // A request on a busy machine is slow, but not refused.
        let variables = [
            ("PORTCULLIS_DATABASE__POOL_SIZE", "4"),
            ("PORTCULLIS_DATABASE__ACQUIRE_TIMEOUT", "60"),
            ("PORTCULLIS_DATABASE__OPERATION_TIMEOUT", "60"),
            ("PORTCULLIS_LIMITS__REQUEST_TIMEOUT", "60"),
        ];
        let program = Program::serve(&url, &variables);
        Self {
            administration: connect(&url),
            _database: database,
            program,
        }
    }

    /// New connections accept no writes. The old connections of the program are closed.
    fn turn_read_only(&mut self) {
        self.administration
            .batch_execute("ALTER DATABASE postgres SET default_transaction_read_only = on")
            .unwrap();
        terminate_all(&mut self.administration);
    }

    /// New connections accept writes; open ones do not change.
    fn turn_writable(&mut self) {
        self.administration
            .batch_execute("ALTER DATABASE postgres RESET default_transaction_read_only")
            .unwrap();
    }

    /// Sends a write and returns the status.
    fn write(&self, name: &str) -> u16 {
        sign_up(&format!("{name}@example.com"))
            .ask(self.program.address)
            .status
    }

    fn readiness(&self) -> (u16, String) {
        let answer = Request::get("/health/ready").ask(self.program.address);
        let code = answer.json()["code"].as_str().unwrap_or_default().to_owned();
        (answer.status, code)
    }
}

#[test]
fn writes_succeed_again_soon_after_a_fail_over() {
    let mut world = Fixture::new();
    let person = &Person::crowd(world.program.address, "person", 1)[0];
    world.turn_read_only();

    eventually("writes are refused", || world.write("early") == 503);
    person.expect_session(world.program.address);
    assert_eq!(world.readiness(), (503, "DATABASE_READ_ONLY".to_owned()));

    world.turn_writable();
    eventually("writes succeed again", || world.write("late") != 503);
    // Another connection of the pool may still be one that accepts no writes.
    eventually("the server is ready", || {
        world.readiness() == (200, String::new())
    });
    let round = Cell::new(0);
    eventually("twenty writes in a row succeed", || {
        round.set(round.get() + 1);
        (0..20).all(|number| world.write(&format!("after-{}-{number}", round.get())) == 200)
    });
}

/// A load balancer that only checks readiness must see the server recover.
#[test]
fn readiness_recovers_from_a_read_only_database_without_other_requests() {
    let mut world = Fixture::new();
    world.turn_read_only();
    eventually("the server is not ready", || {
        world.readiness() == (503, "DATABASE_READ_ONLY".to_owned())
    });
    world.turn_writable();
    eventually("the server is ready", || world.readiness().0 == 200);
    assert_eq!(world.write("person"), 200);
}

/// A refused write must not always open a new connection. The pool is renewed at most once a second, so that a busy
/// machine, on which the writes take longer, is allowed more connections.
#[test]
fn a_read_only_database_does_not_cause_many_new_connections() {
    const WRITES: usize = 60;
    const POOL: u64 = 4;
    let mut world = Fixture::new();
    world.turn_read_only();
    eventually("writes are refused", || world.write("early") == 503);
    let start = Instant::now();
    let mut connections = BTreeSet::new();
    for number in 0..WRITES {
        assert_eq!(world.write(&format!("person-{number}")), 503);
        connections.extend(backends(&mut world.administration));
    }
    let most = POOL * (start.elapsed().as_secs() + 3);
    assert!(
        connections.len() as u64 <= most,
        "{} connections, at most {most} are expected",
        connections.len()
    );
}
