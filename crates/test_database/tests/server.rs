//! A server of the test's own.

use std::sync::mpsc::{RecvTimeoutError, channel};
use std::thread;
use std::time::Duration;

use diesel::Connection;
use diesel::connection::SimpleConnection;
use diesel::pg::PgConnection;
use portcullis_test_database::Server;

#[test]
fn a_frozen_server_answers_when_it_is_thawed() {
    let server = Server::start();
    let mut connection = PgConnection::establish(&server.url("postgres")).unwrap();
    server.freeze();
    let (sender, answer) = channel();
    let waiting = thread::spawn(move || {
        sender.send(connection.batch_execute("SELECT 1")).unwrap();
    });

    let while_frozen = answer.recv_timeout(Duration::from_millis(500));
    server.thaw();
    let when_thawed = answer.recv_timeout(Duration::from_secs(30));

    assert_eq!(while_frozen.unwrap_err(), RecvTimeoutError::Timeout);
    when_thawed.unwrap().unwrap();
    waiting.join().unwrap();
}

#[test]
fn a_stopped_server_is_gone_and_a_restarted_one_has_its_data_and_its_address() {
    let mut server = Server::start();
    let url = server.url("postgres");
    let mut connection = PgConnection::establish(&url).unwrap();
    connection.batch_execute("CREATE TABLE kept ()").unwrap();

    server.stop();
    assert!(connection.batch_execute("SELECT 1").is_err());
    assert!(PgConnection::establish(&url).is_err());

    server.restart();
    assert_eq!(server.url("postgres"), url);
    let mut connection = PgConnection::establish(&url).unwrap();
    connection.batch_execute("SELECT * FROM kept").unwrap();
}

#[test]
fn a_frozen_server_can_be_stopped() {
    let mut server = Server::start();
    let url = server.url("postgres");
    server.freeze();

    server.stop();

    assert!(PgConnection::establish(&url).is_err());
}

#[test]
fn the_clients_are_counted_and_we_are_none_of_them() {
    let server = Server::start();
    // Whoever has asked whether it is ready may be leaving just now.
    while server.backends() > 0 {
        std::thread::yield_now();
    }
    let connections = [1, 2, 3].map(|_| PgConnection::establish(&server.url("postgres")).unwrap());

    assert_eq!(server.backends(), connections.len());
}
