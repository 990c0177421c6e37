//! More connections than the limit, and clients that read no responses.

use std::{
    io::{ErrorKind, Read, Write},
    os::unix::net::{UnixListener, UnixStream},
    path::{Path, PathBuf},
    thread,
    time::Duration,
};

use portcullis_application::testing::{FakePorts, FakeStore};

use super::{app, options};
use crate::{Listen, Listeners, Options, Server, Sockets};

const OK: &[u8] = b"GET /api/auth/ok HTTP/1.1\r\nHost: x\r\n\r\n";
/// Longer than any answer takes.
const PATIENCE: Duration = Duration::from_mins(1);
/// More bytes of requests than a server reads ahead.
const TOO_MANY: usize = 64 * 1024 * 1024;

/// Runs `ask` against a server with this limit of connections, at a Unix socket of the test's own.
async fn with_server<T: Send + 'static>(
    name: &str,
    connections: usize,
    ask: impl FnOnce(&Path) -> T + Send + 'static,
) -> T {
    let options = Options {
        connections,
        ..options()
    };
    let path = socket(name);
    let ports = FakePorts::with_store(FakeStore::default()).ports;
    let sockets = Sockets::open(Listeners::public(&[Listen::Unix(path.clone())])).unwrap();
    let server = Server::new(app(&ports), options, sockets).unwrap();
    let handle = server.handle();
    let running = tokio::spawn(server.run_until_stopped());
    let asking = thread::spawn(move || ask(&path));
    while !asking.is_finished() {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    handle.stop(false).await;
    running.await.unwrap().unwrap();
    asking.join().unwrap()
}

fn socket(name: &str) -> PathBuf {
    std::env::temp_dir().join(format!("portcullis-crowd-{}-{name}", std::process::id()))
}

fn connect(path: &Path) -> UnixStream {
    let stream = UnixStream::connect(path).unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    stream
}

/// Returns whether a request on this connection gets a complete response.
fn is_served(stream: &mut UnixStream) -> bool {
    let mut answer = Vec::new();
    let mut buffer = [0; 1024];
    if stream.write_all(OK).is_err() {
        return false;
    }
    while !answer.ends_with(br#"{"ok":true}"#) {
        match stream.read(&mut buffer) {
            Ok(length @ 1..) => answer.extend_from_slice(&buffer[..length]),
            _ => return false,
        }
    }
    true
}

/// Returns whether the server closes the connection in time.
fn is_closed(stream: &mut UnixStream) -> bool {
    match stream.read(&mut [0; 1]) {
        Ok(length) => length == 0,
        Err(error) => error.kind() == ErrorKind::ConnectionReset,
    }
}

#[tokio::test]
async fn the_connection_that_has_been_idle_longest_makes_room_for_a_new_one() {
    with_server("idle", 3, |path| {
        let mut connections = [connect(path), connect(path), connect(path)];
        for connection in &mut connections {
            assert!(is_served(connection));
        }
        let [mut first, mut second, mut third] = connections;
        assert!(is_served(&mut first));

        assert!(is_served(&mut connect(path)));
        assert!(is_closed(&mut second));
        assert!(is_served(&mut first) && is_served(&mut third));
    })
    .await;
}

/// A request whose body never arrives occupies its connection until its time limit.
#[tokio::test]
async fn requests_without_their_bodies_do_not_block_other_clients() {
    with_server("bodies", 20, |path| {
        let head = b"POST /api/auth/sign-out HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n\
                     Content-Length: 2\r\n\r\n";
        let mut streams = Vec::new();
        for _ in 0..200 {
            let mut stream = connect(path);
            stream.write_all(head).unwrap();
            streams.push(stream);
        }
        for _ in 0..50 {
            assert!(is_served(&mut connect(path)));
        }
    })
    .await;
}

#[tokio::test]
async fn idle_connections_do_not_block_other_clients() {
    with_server("crowd", 20, |path| {
        let _streams: Vec<UnixStream> = (0..200).map(|_| connect(path)).collect();
        for _ in 0..50 {
            assert!(is_served(&mut connect(path)));
        }
    })
    .await;
}

/// Returns how many bytes of requests are accepted from a client that reads nothing, until none is accepted for a
/// second.
fn accepted_bytes(path: &Path) -> usize {
    let mut stream = connect(path);
    let timeout = Duration::from_secs(1);
    stream.set_write_timeout(Some(timeout)).unwrap();
    let mut accepted = 0;
    while accepted < TOO_MANY {
        match stream.write(OK) {
            Ok(length) => accepted += length,
            Err(_) => return accepted,
        }
    }
    accepted
}

#[tokio::test]
async fn requests_are_not_read_far_ahead_of_unread_responses() {
    let path = socket("unread");
    let listener = UnixListener::bind(&path).unwrap();
    let by_kernel = accepted_bytes(&path);
    drop(listener);
    std::fs::remove_file(&path).unwrap();

    let by_server = with_server("ahead", 1000, accepted_bytes).await;
    let room_for_answers = 96 * 1024;
    assert!(
        by_server < by_kernel + room_for_answers,
        "{by_server} bytes were accepted, {by_kernel} of them by the kernel"
    );
}
