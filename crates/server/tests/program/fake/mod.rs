//! Fake servers that receive messages, with a behaviour that tests control.

pub(crate) mod hook;
pub(crate) mod mail;

use std::{
    net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream},
    os::fd::{AsRawFd, OwnedFd},
    sync::{
        Arc, Condvar, Mutex,
        mpsc::{Receiver, Sender, channel},
    },
    thread,
};

use nix::sys::socket::{
    AddressFamily, Backlog, SockFlag, SockType, SockaddrIn, bind, getsockname, listen, socket,
};

use crate::support::PATIENCE;

/// The behaviour of a server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Conduct {
    /// It accepts everything.
    Good,
    /// It does not answer this step until its behaviour is changed.
    Hold(&'static str),
    /// It answers this step with this text.
    Say(&'static str, &'static str),
}

/// An event at a server.
enum Event {
    Held,
    Took(String),
}

/// The behaviour of a server, and the channel to which it sends events.
pub(crate) struct Script {
    conduct: Mutex<Conduct>,
    changed: Condvar,
    events: Sender<Event>,
}

impl Script {
    /// Waits while this step is held, and returns its answer. `good` is the answer of [`Conduct::Good`].
    fn answer(&self, step: &str, good: &str) -> String {
        let mut conduct = self.conduct.lock().unwrap();
        if matches!(*conduct, Conduct::Hold(at) if at == step) {
            let _the_test_is_over = self.events.send(Event::Held);
        }
        while matches!(*conduct, Conduct::Hold(at) if at == step) {
            conduct = self.changed.wait(conduct).unwrap();
        }
        match *conduct {
            Conduct::Say(at, words) if at == step => words.to_owned(),
            _ => good.to_owned(),
        }
    }

    /// Sends the message that was accepted.
    fn took(&self, what: String) {
        let _the_test_is_over = self.events.send(Event::Took(what));
    }
}

/// A fake server, which serves each connection in a thread of its own.
pub(crate) struct Fake {
    pub(crate) address: SocketAddr,
    script: Arc<Script>,
    events: Receiver<Event>,
}

impl Fake {
    fn start(listener: TcpListener, talk: fn(TcpStream, &Script) -> Option<()>) -> Self {
        let address = listener.local_addr().unwrap();
        let (sender, events) = channel();
        let script = Arc::new(Script {
            conduct: Mutex::new(Conduct::Good),
            changed: Condvar::new(),
            events: sender,
        });
        let shared = Arc::clone(&script);
        thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let shared = Arc::clone(&shared);
                thread::spawn(move || talk(stream, &shared));
            }
        });
        Self {
            address,
            script,
            events,
        }
    }

    /// Sets the behaviour from now on.
    pub(crate) fn conduct(&self, conduct: Conduct) {
        *self.script.conduct.lock().unwrap() = conduct;
        self.script.changed.notify_all();
    }

    /// Waits until a client is held.
    pub(crate) fn wait_until_held(&self) {
        let event = self.events.recv_timeout(PATIENCE).unwrap();
        if let Event::Took(what) = event {
            panic!("no client is held, and this was accepted: {what}");
        }
    }

    /// Waits for the next message that is accepted.
    pub(crate) fn next(&self) -> String {
        loop {
            let event = self.events.recv_timeout(PATIENCE).unwrap();
            if let Event::Took(what) = event {
                return what;
            }
        }
    }

    /// Whether a message was accepted that `next` has not returned.
    pub(crate) fn has_more(&self) -> bool {
        self.events
            .try_iter()
            .any(|event| matches!(event, Event::Took(_)))
    }
}

/// An address that is bound, so that no other process can use it, and that does not listen.
pub(crate) struct Reserved {
    socket: OwnedFd,
    pub(crate) address: SocketAddr,
}

impl Reserved {
    pub(crate) fn new() -> Self {
        let socket = socket(
            AddressFamily::Inet,
            SockType::Stream,
            SockFlag::SOCK_CLOEXEC,
            None,
        )
        .unwrap();
        bind(socket.as_raw_fd(), &SockaddrIn::new(127, 0, 0, 1, 0)).unwrap();
        let port = getsockname::<SockaddrIn>(socket.as_raw_fd()).unwrap().port();
        Self {
            socket,
            address: (Ipv4Addr::LOCALHOST, port).into(),
        }
    }

    /// Listens on the address from now on.
    pub(crate) fn listen(self) -> TcpListener {
        listen(&self.socket, Backlog::MAXCONN).unwrap();
        self.socket.into()
    }
}

fn anywhere() -> TcpListener {
    TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap()
}
