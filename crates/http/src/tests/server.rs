use std::{
    fs,
    io::{self, Read, Write},
    net::{SocketAddr, TcpStream},
    os::unix::net::{UnixListener, UnixStream},
    path::PathBuf,
    thread,
    time::Duration,
};

use portcullis_application::testing::{FakePorts, FakeStore};

use super::{app, options};
use crate::{Listen, Listeners, Server, Sockets};

fn bind(listen: &[Listen]) -> io::Result<Server> {
    serve(Sockets::open(Listeners::public(listen))?)
}

fn serve(sockets: Sockets) -> io::Result<Server> {
    let ports = FakePorts::with_store(FakeStore::default()).ports;
    Server::new(app(&ports), options(), sockets)
}

/// Runs `ask` against a server.
async fn with_server<T: Send + 'static>(
    listen: Listen,
    ask: impl FnOnce(Option<SocketAddr>) -> T + Send + 'static,
) -> T {
    let server = bind(&[listen]).unwrap();
    let (handle, address) = (server.handle(), server.addresses().first().copied());
    let running = tokio::spawn(server.run_until_stopped());
    let asking = thread::spawn(move || ask(address));
    while !asking.is_finished() {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    handle.stop(true).await;
    running.await.unwrap().unwrap();
    asking.join().unwrap()
}

fn anywhere() -> Listen {
    Listen::Tcp(SocketAddr::from(([127, 0, 0, 1], 0)))
}

/// Longer than any answer takes.
const PATIENCE: Duration = Duration::from_mins(1);

/// Sends bytes and reads until `is_complete` returns `true` or the server closes the connection.
fn exchange(mut stream: impl Read + Write, request: &[u8], is_complete: fn(&str) -> bool) -> String {
    // A server that has already answered may reject the rest.
    let _refused = stream.write_all(request);
    let mut answer = String::new();
    let mut buffer = [0; 4096];
    while !is_complete(&answer)
        && let Ok(length @ 1..) = stream.read(&mut buffer)
    {
        answer.push_str(std::str::from_utf8(&buffer[..length]).unwrap());
    }
    answer
}

fn tcp(address: Option<SocketAddr>, request: &[u8], is_complete: fn(&str) -> bool) -> String {
    let stream = TcpStream::connect(address.unwrap()).unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    exchange(stream, request, is_complete)
}

fn has_a_line(answer: &str) -> bool {
    answer.contains("\r\n")
}

fn first_line(answer: &str) -> &str {
    answer.lines().next().unwrap_or_default()
}

/// Returns a path for a Unix socket of the test's own.
fn socket(name: &str) -> PathBuf {
    std::env::temp_dir().join(format!("portcullis-http-{}-{name}", std::process::id()))
}

#[tokio::test]
async fn requests_over_the_network_are_answered_one_after_another() {
    let answer = with_server(anywhere(), |address| {
        let ok = "GET /api/auth/ok HTTP/1.1\r\nHost: x\r\n\r\n";
        tcp(address, ok.repeat(2).as_bytes(), |answer| {
            answer.matches(r#"{"ok":true}"#).count() == 2
        })
    })
    .await;
    assert_eq!(answer.matches("HTTP/1.1 200 OK\r\n").count(), 2, "{answer}");
    assert_eq!(answer.matches(r#"{"ok":true}"#).count(), 2, "{answer}");
}

#[tokio::test]
async fn malformed_requests_are_answered_and_do_not_stop_the_server() {
    let answers = with_server(anywhere(), |address| {
        let large = "x".repeat(70_000);
        [
            "TRACE /api/auth/ok HTTP/1.1\r\nHost: x\r\n\r\n".to_owned(),
            "CONNECT evil.test:443 HTTP/1.1\r\nHost: x\r\n\r\n".to_owned(),
            "GET http://evil.test/api/auth/ok HTTP/1.1\r\nHost: x\r\n\r\n".to_owned(),
            "NONSENSE\r\n\r\n".to_owned(),
            format!(
                "POST /api/auth/sign-in/email HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n\
                 Content-Length: 20000000\r\n\r\n{}",
                "x".repeat(20_000_000)
            ),
            format!(
                "POST /api/auth/sign-in/email HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n\
                 Content-Length: 70000\r\n\r\n{large}"
            ),
            format!(
                "POST /api/auth/sign-in/email HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n\
                 Transfer-Encoding: chunked\r\n\r\n11170\r\n{large}\r\n0\r\n\r\n"
            ),
            format!(
                "GET /api/auth/ok HTTP/1.1\r\nHost: x\r\nX: {}\r\n\r\n",
                "x".repeat(20_000)
            ),
            format!(
                "GET /api/auth/ok HTTP/1.1\r\nHost: x\r\nX: {}\r\n\r\n",
                "x".repeat(200_000)
            ),
            format!(
                "GET /api/auth/ok HTTP/1.1\r\nHost: x\r\n{}\r\n",
                "X: y\r\n".repeat(200)
            ),
            "GET /api/auth/ok HTTP/1.1\r\nHost: x\r\n\r\n".to_owned(),
        ]
        .map(|request| tcp(address, request.as_bytes(), has_a_line))
    })
    .await;
    assert_eq!(
        answers.each_ref().map(|answer| first_line(answer)),
        [
            "HTTP/1.1 405 Method Not Allowed",
            "HTTP/1.1 405 Method Not Allowed",
            "HTTP/1.1 200 OK",
            "HTTP/1.1 400 Bad Request",
            "HTTP/1.1 413 Payload Too Large",
            "HTTP/1.1 413 Payload Too Large",
            "HTTP/1.1 413 Payload Too Large",
            "HTTP/1.1 431 Request Header Fields Too Large",
            "HTTP/1.1 431 Request Header Fields Too Large",
            "HTTP/1.1 431 Request Header Fields Too Large",
            "HTTP/1.1 200 OK",
        ]
    );
}

#[tokio::test]
async fn a_unix_socket_is_served_and_removed_at_the_end() {
    let path = socket("served");
    drop(UnixListener::bind(&path).unwrap());
    let socket_path = path.clone();
    let answer = with_server(Listen::Unix(path.clone()), move |address| {
        assert_eq!(address, None);
        let stream = UnixStream::connect(socket_path).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        exchange(
            stream,
            b"GET /api/auth/ok HTTP/1.1\r\nHost: x\r\n\r\n",
            has_a_line,
        )
    })
    .await;
    assert_eq!(first_line(&answer), "HTTP/1.1 200 OK");
    assert!(!path.exists());
}

#[tokio::test]
async fn stopping_succeeds_if_the_unix_socket_was_already_removed() {
    let path = socket("taken-away");
    let socket_path = path.clone();
    with_server(Listen::Unix(path), move |_address| {
        fs::remove_file(socket_path).unwrap();
    })
    .await;
}

#[tokio::test]
async fn health_routes_answer_head_requests() {
    let answers = with_server(anywhere(), |address| {
        ["/health/live", "/health/ready", "/api/auth/ok"].map(|path| {
            let request = format!("HEAD {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
            tcp(address, request.as_bytes(), |_until_closed| false)
        })
    })
    .await;
    let [live, ready, ok] = answers.each_ref().map(|answer| first_line(answer));
    assert_eq!((live, ready), ("HTTP/1.1 200 OK", "HTTP/1.1 200 OK"));
    assert_eq!(ok, "HTTP/1.1 404 Not Found");
    for answer in &answers {
        assert!(answer.ends_with("\r\n\r\n"), "no body: {answer}");
    }
    assert!(answers[0].contains("content-length: 11\r\n"), "{}", answers[0]);
}

#[test]
fn a_failed_start_names_the_address_and_leaves_no_socket() {
    let (first, second) = (socket("first"), socket("second"));
    fs::write(&second, "precious").unwrap();
    let listen = [Listen::Unix(first.clone()), Listen::Unix(second.clone())];
    let error = bind(&listen).err().unwrap();
    assert!(error.to_string().starts_with(second.to_str().unwrap()), "{error}");
    assert!(!first.exists());
    fs::remove_file(second).unwrap();

    let listener = std::net::TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let address = listener.local_addr().unwrap();
    let error = bind(&[Listen::Tcp(address)]).err().unwrap();
    assert!(error.to_string().starts_with(&address.to_string()), "{error}");
    assert_eq!(error.kind(), io::ErrorKind::AddrInUse);
}

#[test]
fn an_address_in_use_is_rejected() {
    let live = socket("live");
    let _listener = UnixListener::bind(&live).unwrap();
    let file = socket("file");
    fs::write(&file, "precious").unwrap();
    let (taken, address) = {
        let listener = std::net::TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let address = listener.local_addr().unwrap();
        (listener, address)
    };
    for listen in [
        &[][..],
        &[Listen::Unix(live.clone())],
        &[Listen::Unix(file.clone())],
        &[Listen::Tcp(address)],
    ] {
        assert!(bind(listen).is_err(), "{listen:?}");
    }
    assert_eq!(fs::read_to_string(&file).unwrap(), "precious");
    drop(taken);
    fs::remove_file(live).unwrap();
    fs::remove_file(file).unwrap();
}

#[tokio::test]
async fn a_server_takes_over_the_sockets_of_another_and_the_last_one_removes_them() {
    let (kept, left) = (socket("kept"), socket("left"));
    let first = [anywhere(), Listen::Unix(kept.clone()), Listen::Unix(left.clone())];
    let old = Sockets::open(Listeners::public(&first)).unwrap();
    let second = [Listen::Unix(kept.clone()), anywhere()];
    let new = old.reopen(Listeners::public(&second)).unwrap();
    let (old, new) = (serve(old).unwrap(), serve(new).unwrap());
    assert_eq!(old.addresses(), new.addresses());
    let (address, handles) = (new.addresses()[0], [old.handle(), new.handle()]);
    let old = tokio::spawn(old.run_until_stopped());
    let new = tokio::spawn(new.run_until_stopped());

    handles[0].stop(true).await;
    old.await.unwrap().unwrap();
    assert!(!left.exists());
    let at = kept.clone();
    let asking = thread::spawn(move || {
        let mut stream = UnixStream::connect(at).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
        [ask(&mut stream), ask(&mut TcpStream::connect(address).unwrap())]
    });
    while !asking.is_finished() {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    for answer in asking.join().unwrap() {
        assert!(answer.starts_with("HTTP/1.1 200 OK"), "{answer}");
    }

    handles[1].stop(true).await;
    new.await.unwrap().unwrap();
    assert!(!kept.exists());
    assert!(TcpStream::connect(address).is_err());
}

/// Sends a request and returns the response.
fn ask(stream: &mut (impl Read + Write)) -> String {
    stream
        .write_all(b"GET /health/live HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        .unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}
