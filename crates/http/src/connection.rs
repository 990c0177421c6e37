//! Connections on which nothing comes to an end are closed.
//!
//! actix limits the time for the first head on a connection, and the time until the first byte of every other. The rest
//! of a later head could take for ever, and so could the reading of our answers.

use std::{
    any::Any,
    convert::Infallible,
    net::{Shutdown, TcpStream},
    os::fd::AsFd,
    sync::{
        Arc, Mutex, PoisonError, Weak,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use actix_web::rt::{net, time};

/// In place of a time: a request is being answered, which has limits of its own.
const BUSY: u64 = u64::MAX;
/// How often within the longest idle time it is looked whether that is over.
const LOOKS: u32 = 8;

/// A connection to a client.
pub(crate) struct Connection {
    /// Another descriptor of the connection's socket. Shutting down knows no kind of socket: it may be a unix one.
    socket: TcpStream,
    opened: Instant,
    /// Since how many milliseconds after the opening no request has been under way.
    idle_since: AtomicU64,
}

/// A request is being answered, for as long as this lives.
pub(crate) struct Busy<'a>(&'a Connection);

impl Connection {
    /// Begins a request. There is one at a time on a connection.
    pub(crate) fn begin(&self) -> Busy<'_> {
        self.idle_since.store(BUSY, Ordering::Relaxed);
        Busy(self)
    }

    fn age(&self) -> u64 {
        u64::try_from(self.opened.elapsed().as_millis()).unwrap_or(BUSY - 1)
    }

    fn idle_time(&self) -> Duration {
        Duration::from_millis(self.age().saturating_sub(self.idle_since.load(Ordering::Relaxed)))
    }
}

impl Drop for Busy<'_> {
    fn drop(&mut self) {
        self.0.idle_since.store(self.0.age(), Ordering::Relaxed);
    }
}

/// All connections that are open.
#[derive(Default)]
pub(crate) struct Connections(Mutex<Vec<Weak<Connection>>>);

impl Connections {
    /// Watches a connection, given as actix gives it, until the result is dropped. None where the process has no
    /// descriptor left: such a connection must not be kept alive.
    pub(crate) fn watch(&self, stream: &dyn Any) -> Option<Arc<Connection>> {
        let tcp = stream.downcast_ref::<net::TcpStream>().map(AsFd::as_fd);
        let stream = tcp.or_else(|| stream.downcast_ref::<net::UnixStream>().map(AsFd::as_fd))?;
        let connection = Arc::new(Connection {
            socket: stream.try_clone_to_owned().ok()?.into(),
            opened: Instant::now(),
            idle_since: AtomicU64::new(0),
        });
        self.lock().push(Arc::downgrade(&connection));
        Some(connection)
    }

    /// Closes whatever has been idle for longer than this, for ever.
    pub(crate) async fn close_stuck(&self, longest: Duration) -> Infallible {
        loop {
            time::sleep(longest / LOOKS).await;
            self.lock().retain(|connection| {
                let connection = connection.upgrade();
                if let Some(stuck) = connection.as_ref().filter(|open| open.idle_time() > longest) {
                    let _may_be_closed_already = stuck.socket.shutdown(Shutdown::Both);
                }
                connection.is_some()
            });
        }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Vec<Weak<Connection>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
