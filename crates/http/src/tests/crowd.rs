//! More connections than there may be, and clients that read no answers.

use std::{
    io::{ErrorKind, Read, Write},
    os::unix::net::{UnixListener, UnixStream},
    path::{Path, PathBuf},
    thread,
    time::{Duration, Instant},
};

use portcullis_application::testing::{FakePorts, FakeStore};

use super::{app, options};
use crate::{Listen, Options, Server};

const OK: &[u8] = b"GET /api/auth/ok HTTP/1.1\r\nHost: x\r\n\r\n";
const PATIENCE: Duration = Duration::from_secs(10);

/// Runs a server that allows so many connections, at a socket that is this test's own.
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
    let ports = FakePorts::around(FakeStore::default()).ports;
    let server = Server::bind(app(&ports), options, &[Listen::Unix(path.clone())]).unwrap();
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

/// Whether a request on this connection gets a whole answer.
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

/// Waits until the server closes the connection.
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

/// A request whose body never comes is under way until its time is over.
#[tokio::test]
async fn a_crowd_of_requests_without_their_bodies_shuts_no_client_out() {
    with_server("bodies", 20, |path| {
        let head = b"POST /api/auth/sign-out HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n\
                     Content-Length: 2\r\n\r\n";
        let mut crowd = Vec::new();
        for _ in 0..200 {
            let mut stream = connect(path);
            stream.write_all(head).unwrap();
            crowd.push(stream);
        }
        for _ in 0..50 {
            assert!(is_served(&mut connect(path)));
        }
    })
    .await;
}

#[tokio::test]
async fn a_crowd_of_idle_connections_shuts_no_client_out() {
    with_server("crowd", 20, |path| {
        let _crowd: Vec<UnixStream> = (0..200).map(|_| connect(path)).collect();
        for _ in 0..50 {
            assert!(is_served(&mut connect(path)));
        }
    })
    .await;
}

/// How many bytes of requests are taken from a client that reads nothing, until no more are taken for a moment.
fn taken(path: &Path) -> usize {
    let mut stream = connect(path);
    let moment = Duration::from_secs(1);
    stream.set_write_timeout(Some(moment)).unwrap();
    let (mut taken, start) = (0, Instant::now());
    while start.elapsed() < PATIENCE {
        match stream.write(OK) {
            Ok(length) => taken += length,
            Err(_) => return taken,
        }
    }
    usize::MAX
}

#[tokio::test]
async fn requests_are_not_read_far_ahead_of_answers_that_the_client_does_not_read() {
    let path = socket("unread");
    let listener = UnixListener::bind(&path).unwrap();
    let by_kernel = taken(&path);
    drop(listener);
    std::fs::remove_file(&path).unwrap();

    let by_server = with_server("ahead", 1000, taken).await;
    let room_for_answers = 96 * 1024;
    assert!(
        by_server < by_kernel + room_for_answers,
        "{by_server} bytes are taken, {by_kernel} of them by the kernel"
    );
}
