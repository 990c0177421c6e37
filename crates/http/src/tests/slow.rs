//! Clients that never finish, at a server with short time limits.

use std::{
    io::{Read, Write},
    net::{SocketAddr, TcpStream},
    thread,
    time::{Duration, Instant},
};

use portcullis_application::testing::{FakePorts, FakeStore};

use super::{app, options};
use crate::{Limits, Listen, Listeners, Options, Server, Sockets};

const OK: &[u8] = b"GET /api/auth/ok HTTP/1.1\r\nHost: x\r\n\r\n";
/// The time limit for a head, and for idling. A busy machine may stop a test for a part of it.
const LIMIT: Duration = Duration::from_secs(3);
/// Time limit for the server to close a connection.
const PATIENCE: Duration = Duration::from_mins(1);

/// Runs `ask` against a server with short limits for heads and idle connections.
async fn with_short_limits<T: Send + 'static>(ask: impl FnOnce(SocketAddr) -> T + Send + 'static) -> T {
    let options = Options {
        limits: Limits {
            request: LIMIT,
            ..Limits::default()
        },
        ..options()
    };
    let ports = FakePorts::with_store(FakeStore::default()).ports;
    let listen = [Listen::Tcp(SocketAddr::from(([127, 0, 0, 1], 0)))];
    let sockets = Sockets::open(Listeners::public(&listen)).unwrap();
    let server = Server::with_keep_alive(app(&ports), options, sockets, LIMIT).unwrap();
    let (handle, address) = (server.handle(), server.addresses()[0]);
    let running = tokio::spawn(server.run_until_stopped());
    let asking = thread::spawn(move || ask(address));
    while !asking.is_finished() {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    handle.stop(true).await;
    running.await.unwrap().unwrap();
    asking.join().unwrap()
}

/// Reads the response to [`OK`].
fn read_ok(stream: &mut TcpStream) {
    let mut answer = Vec::new();
    while !answer.ends_with(br#"{"ok":true}"#) {
        let mut buffer = [0; 1024];
        let length = stream.read(&mut buffer).unwrap();
        assert_ne!(length, 0, "closed after {}", String::from_utf8_lossy(&answer));
        answer.extend_from_slice(&buffer[..length]);
    }
}

/// Returns whether the server closes the connection within [`PATIENCE`] while these bytes are sent one by one.
fn closes_while_dripped(stream: &mut TcpStream, drip: &[u8]) -> bool {
    let start = Instant::now();
    stream.set_read_timeout(Some(Duration::from_millis(100))).unwrap();
    for byte in drip.iter().cycle().take_while(|_| start.elapsed() < PATIENCE) {
        if stream.write_all(&[*byte]).is_err() || stream.read(&mut [0; 1]).is_ok() {
            return true;
        }
    }
    false
}

#[tokio::test]
async fn a_connection_with_a_later_head_that_never_ends_is_closed() {
    let is_closed = with_short_limits(|address| {
        let mut stream = TcpStream::connect(address).unwrap();
        stream.write_all(OK).unwrap();
        read_ok(&mut stream);
        stream.write_all(b"GET /api/auth/ok HTTP/1.1\r\nX: ").unwrap();
        closes_while_dripped(&mut stream, b"a")
    })
    .await;
    assert!(is_closed);
}

#[tokio::test]
async fn a_connection_in_use_is_not_closed() {
    with_short_limits(|address| {
        let mut stream = TcpStream::connect(address).unwrap();
        let start = Instant::now();
        while start.elapsed() < LIMIT * 3 {
            stream.write_all(OK).unwrap();
            read_ok(&mut stream);
            thread::sleep(LIMIT / 20);
        }
    })
    .await;
}

/// The responses fill every buffer on the way, so that neither side can continue.
#[tokio::test]
async fn a_connection_whose_responses_are_not_read_is_closed() {
    let is_cut = with_short_limits(|address| {
        let mut stream = TcpStream::connect(address).unwrap();
        stream.set_write_timeout(Some(PATIENCE)).unwrap();
        let start = Instant::now();
        while start.elapsed() < PATIENCE {
            if let Err(error) = stream.write_all(&OK.repeat(1000)) {
                return error.kind() != std::io::ErrorKind::WouldBlock;
            }
        }
        false
    })
    .await;
    assert!(is_cut);
}
