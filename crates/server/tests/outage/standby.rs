//! A hot standby answers session checks.

use std::{
    thread,
    time::{Duration, Instant},
};

use diesel::connection::SimpleConnection;
use portcullis_test_database::Server;

use crate::{
    client::Request,
    people::{Person, eventually, wait_until_written},
    program::Program,
    sql::{connect, count},
};

const GIVEN_UP: &str = "\"message\":\"the standby cannot be used; session checks use the primary\"";
/// The default of `database.max_read_lag`.
const BOUND: Duration = Duration::from_millis(100);

fn serve(primary: &Server, standby: &Server) -> Program {
    let url = format!("{}&application_name=at-standby", standby.url("postgres"));
    Program::serve(
        &primary.url("postgres"),
        &[("PORTCULLIS_DATABASE__READ_URL", &url)],
    )
}

/// Waits until the standby has been asked for a session.
fn wait_until_asked(standby: &Server, program: &Program, person: &Person) {
    let asked = "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'at-standby' \
        AND query LIKE '%\"session\".\"token\"%'";
    eventually("the standby is not asked", || {
        person.expect_session(program.address);
        count(&mut connect(&standby.url("postgres")), asked) > 0
    });
}

fn is_signed_in(person: &Person, program: &Program) -> bool {
    let answer = person.get_session().ask(program.address);
    assert_eq!(answer.status, 200, "{answer:?}");
    answer.body != "null"
}

#[test]
fn a_standby_answers_session_checks_and_no_user_stays_signed_in_longer_than_the_bound() {
    let settings = ["max_wal_senders=4", "synchronous_commit=on"].map(str::to_owned);
    let primary = Server::start_with(&settings);
    let mut standby = primary.standby();
    let (here, elsewhere) = (serve(&primary, &standby), serve(&primary, &standby));
    let people = Person::crowd(here.address, "person", 2);
    let [leaving, staying] = &people[..] else {
        panic!("there are two")
    };
    wait_until_asked(&standby, &here, leaving);

    connect(&standby.url("postgres"))
        .batch_execute("SELECT pg_wal_replay_pause()")
        .unwrap();
    assert_eq!(leaving.sign_out().ask(here.address).status, 200);
    assert!(!is_signed_in(leaving, &here));
    let end = Instant::now() + 4 * BOUND;
    thread::sleep(BOUND);
    while Instant::now() < end {
        assert!(!is_signed_in(leaving, &elsewhere));
    }

    standby.stop();
    wait_until_written(&here, GIVEN_UP);
    staying.expect_session(here.address);
    assert_eq!(Request::get("/health/ready").ask(here.address).status, 200);
    standby.restart();
    wait_until_asked(&standby, &here, staying);

    // On a busy machine, the standby can be late more often.
    let log = here.end();
    let count = |line: &str| log.matches(&format!("\"message\":\"{line}\"")).count();
    assert!(count("session checks use the standby") >= 2, "{log}");
    assert_eq!(count("the database cannot be reached"), 0);
}
