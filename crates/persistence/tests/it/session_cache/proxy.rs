//! A program between a store and PostgreSQL.

use std::{
    io::{self, Read, Write},
    net::{Shutdown, TcpListener, TcpStream},
    os::unix::net::UnixStream,
    path::PathBuf,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    thread,
};

use portcullis_persistence::DatabaseUrl;

/// Passes everything on, over TCP. It ends with the process.
pub(super) struct Proxy {
    url: String,
    state: Arc<Mutex<State>>,
}

struct State {
    socket: PathBuf,
    open: Vec<TcpStream>,
}

impl Proxy {
    pub(super) fn new(url: &str) -> Self {
        Self::start(url, false)
    }

    /// Returns a proxy that behaves as a pooler which shares connections: it passes on what PostgreSQL sends while a query
    /// runs, and drops notifications that arrive at other times.
    pub(super) fn sharing(url: &str) -> Self {
        Self::start(url, true)
    }

    pub(super) fn url(&self) -> DatabaseUrl {
        DatabaseUrl::parse(&self.url).unwrap()
    }

    /// Ends all connections, and leads new ones to another server.
    pub(super) fn lead_to(&self, url: &str) {
        let mut state = self.state.lock().unwrap();
        state.socket = socket(url);
        for connection in state.open.drain(..) {
            connection.shutdown(Shutdown::Both).ok();
        }
    }

    fn start(url: &str, is_sharing: bool) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let place = format!("host=127.0.0.1&port={port}&sslmode=disable");
        let url_of_proxy = url
            .replace(&format!("host={}", parameter(url, "host")), &place)
            .replace("&port=5432", "");
        let state = Arc::new(Mutex::new(State {
            socket: socket(url),
            open: Vec::new(),
        }));
        let shared = Arc::clone(&state);
        thread::spawn(move || {
            for client in listener.incoming().map_while(Result::ok) {
                let mut state = shared.lock().unwrap();
                let Ok(server) = UnixStream::connect(&state.socket) else {
                    continue;
                };
                state.open.push(client.try_clone().unwrap());
                pass_on(client, server, is_sharing);
            }
        });
        Self {
            url: url_of_proxy,
            state,
        }
    }
}

fn parameter<'a>(url: &'a str, name: &str) -> &'a str {
    let value = url.split(['?', '&']).find_map(|parameter| {
        let (found, value) = parameter.split_once('=')?;
        (found == name).then_some(value)
    });
    value.unwrap()
}

fn socket(url: &str) -> PathBuf {
    let folder = parameter(url, "host").replace("%2F", "/");
    PathBuf::from(folder).join(".s.PGSQL.5432")
}

fn pass_on(mut client: TcpStream, mut server: UnixStream, is_sharing: bool) {
    let (mut to_client, mut to_server) = (client.try_clone().unwrap(), server.try_clone().unwrap());
    let is_asked = Arc::new(AtomicBool::new(true));
    let asks = Arc::clone(&is_asked);
    thread::spawn(move || {
        let mut buffer = [0; 8192];
        while let Ok(length @ 1..) = client.read(&mut buffer) {
            asks.store(true, Ordering::SeqCst);
            let sent = buffer.get(..length).map(|bytes| to_server.write_all(bytes));
            if !matches!(sent, Some(Ok(()))) {
                break;
            }
        }
        to_server.shutdown(Shutdown::Both).ok();
    });
    thread::spawn(move || {
        if is_sharing {
            while pass_message(&mut server, &mut to_client, &is_asked).is_ok() {}
        } else {
            io::copy(&mut server, &mut to_client).ok();
        }
        to_client.shutdown(Shutdown::Both).ok();
    });
}

/// Passes one message of PostgreSQL on, or drops it.
fn pass_message(server: &mut UnixStream, client: &mut TcpStream, is_asked: &AtomicBool) -> io::Result<()> {
    let (mut kind, mut length) = ([0], [0; 4]);
    server.read_exact(&mut kind)?;
    server.read_exact(&mut length)?;
    let body = u32::from_be_bytes(length).saturating_sub(4);
    let mut message = [&kind[..], &length].concat();
    server.take(body.into()).read_to_end(&mut message)?;
    let [kind] = kind;
    if kind == b'A' && !is_asked.load(Ordering::SeqCst) {
        return Ok(());
    }
    if kind == b'Z' {
        is_asked.store(false, Ordering::SeqCst);
    }
    client.write_all(&message)
}
