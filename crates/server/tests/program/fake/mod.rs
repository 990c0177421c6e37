//! Servers to which messages go, and which do as they are told.

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

/// What a server does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Conduct {
    /// What a good one would.
    Good,
    /// At this step it says nothing until it is told to do something else.
    Hold(&'static str),
    /// At this step it answers so.
    Say(&'static str, &'static str),
}

/// What happened at a server.
enum Event {
    Held,
    Took(String),
}

/// What a server is told to do, and whom it tells what happens.
pub(crate) struct Script {
    conduct: Mutex<Conduct>,
    changed: Condvar,
    events: Sender<Event>,
}

impl Script {
    /// The answer at this step, where a good server would answer so.
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

    /// Tells what was taken.
    fn took(&self, what: String) {
        let _the_test_is_over = self.events.send(Event::Took(what));
    }
}

/// A server. It serves every connection in a thread of its own.
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
        let told = Arc::clone(&script);
        thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let told = Arc::clone(&told);
                thread::spawn(move || talk(stream, &told));
            }
        });
        Self {
            address,
            script,
            events,
        }
    }

    /// Behaves so from now on.
    pub(crate) fn conduct(&self, conduct: Conduct) {
        *self.script.conduct.lock().unwrap() = conduct;
        self.script.changed.notify_all();
    }

    /// Waits until somebody is held.
    pub(crate) fn wait_until_held(&self) {
        let event = self.events.recv_timeout(PATIENCE).unwrap();
        if let Event::Took(what) = event {
            panic!("nobody is held, and this was taken: {what}");
        }
    }

    /// Waits for the next message that is taken.
    pub(crate) fn next(&self) -> String {
        loop {
            let event = self.events.recv_timeout(PATIENCE).unwrap();
            if let Event::Took(what) = event {
                return what;
            }
        }
    }

    /// Whether a message was taken that nobody has waited for.
    pub(crate) fn has_more(&self) -> bool {
        self.events
            .try_iter()
            .any(|event| matches!(event, Event::Took(_)))
    }
}

/// An address at which nobody listens, and which is kept from others.
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

    /// From now on somebody does.
    pub(crate) fn listen(self) -> TcpListener {
        listen(&self.socket, Backlog::MAXCONN).unwrap();
        self.socket.into()
    }
}

fn anywhere() -> TcpListener {
    TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap()
}
