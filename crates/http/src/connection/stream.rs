//! The stream of a connection, from which no more is read than can be answered.
//!
//! actix reads up to 128 KiB ahead and parses all requests in it, which takes a hundred times as much memory, even if
//! the client reads no responses.

use std::{
    io,
    os::fd::AsFd,
    pin::Pin,
    sync::{Arc, atomic::Ordering},
    task::{Context, Poll, ready},
};

use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use super::{Connection, registry::Open};

/// How many bytes are read before they are parsed. The heads of most requests are shorter.
const READ_SIZE: usize = 2048;

/// A stream that reads only while no request is being answered or the current request waits for its body, and only
/// while the client reads the responses.
pub(crate) struct PacedStream<S> {
    stream: S,
    open: Open,
    /// How many bytes may still be read before they are parsed.
    allowance: usize,
    /// Reading was postponed: new input does not wake the task.
    is_postponed: bool,
}

impl<S> PacedStream<S> {
    pub(crate) const fn new(stream: S, open: Open) -> Self {
        Self {
            stream,
            open,
            allowance: READ_SIZE,
            is_postponed: false,
        }
    }

    pub(crate) const fn connection(&self) -> &Arc<Connection> {
        &self.open.connection
    }

    /// Records whether the kernel accepted the output.
    fn record_write<T>(&mut self, written: &Poll<T>) {
        let is_blocked = written.is_pending();
        let connection = &self.open.connection;
        connection.is_write_blocked.store(is_blocked, Ordering::Relaxed);
        if !is_blocked {
            self.allowance = READ_SIZE;
        }
    }
}

impl<S: AsFd> PacedStream<S> {
    /// Returns whether the connection is to end and every request that has arrived is answered. Polls the kernel, since
    /// input may have arrived that the runtime has not noticed yet.
    fn has_finished(&self) -> bool {
        let connection = &self.open.connection;
        if !connection.is_finishing() || connection.is_busy() {
            return false;
        }
        let input = PollFd::new(self.stream.as_fd(), PollFlags::POLLIN);
        poll(&mut [input], PollTimeout::ZERO) == Ok(0)
    }
}

impl<S: AsyncRead + AsFd + Unpin> AsyncRead for PacedStream<S> {
    fn poll_read(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        this.open.connection.task.register(context.waker());
        if this.open.connection.is_cut() {
            return Poll::Ready(Ok(()));
        }
        if !this.open.connection.may_read() {
            this.is_postponed = true;
            return Poll::Pending;
        }
        let mut bytes = [0; READ_SIZE];
        let length = this.allowance.min(buffer.remaining());
        let Some(part) = bytes.get_mut(..length).filter(|part| !part.is_empty()) else {
            context.waker().wake_by_ref();
            return Poll::Pending;
        };
        let mut part = ReadBuf::new(part);
        let read = Pin::new(&mut this.stream).poll_read(context, &mut part);
        if read.is_pending() && this.has_finished() {
            return Poll::Ready(Ok(()));
        }
        ready!(read)?;
        this.allowance -= part.filled().len();
        buffer.put_slice(part.filled());
        Poll::Ready(Ok(()))
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for PacedStream<S> {
    fn poll_write(self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        this.open.connection.task.register(context.waker());
        if this.open.connection.is_cut() {
            return Poll::Ready(Err(io::ErrorKind::BrokenPipe.into()));
        }
        let written = Pin::new(&mut this.stream).poll_write(context, bytes);
        this.record_write(&written);
        written
    }

    /// actix flushes at the end of every poll, even if there is nothing to write.
    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        let flushed = Pin::new(&mut this.stream).poll_flush(context);
        this.record_write(&flushed);
        if this.is_postponed && this.open.connection.may_read() {
            this.is_postponed = false;
            context.waker().wake_by_ref();
        }
        flushed
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_shutdown(context)
    }
}
