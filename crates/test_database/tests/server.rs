//! A private server of one test.

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
    let when_thawed = answer.recv_timeout(Duration::from_mins(3));

    assert_eq!(while_frozen.unwrap_err(), RecvTimeoutError::Timeout);
    when_thawed.unwrap().unwrap();
    waiting.join().unwrap();
}

#[test]
fn a_stopped_server_is_unreachable_and_keeps_its_data_and_address_after_a_restart() {
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
fn the_number_of_clients_does_not_include_our_own_connection() {
    let server = Server::start();
    // The connection that checked whether the server is ready may still be closing.
    while server.backends() > 0 {
        std::thread::yield_now();
    }
    let connections = [1, 2, 3].map(|_| PgConnection::establish(&server.url("postgres")).unwrap());

    assert_eq!(server.backends(), connections.len());
}
