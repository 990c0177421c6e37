//! The standard error, written by a thread of its own.
//!
//! A pipe whose reader has stopped blocks every thread that writes to it. Only this thread may block: everything else
//! puts its lines into a buffer. When the buffer is full, lines are dropped and counted.
//!
//! A line that follows others soon does not wake the thread, which pauses after each batch and then writes all
//! lines that have come. Waking it for every line costs a busy server more than formatting the line does.
//!
//! `tracing-appender` does nearly the same. It bounds lines instead of bytes, and prints to the standard output when
//! the process ends with a full buffer, which blocks if both streams are one pipe.

use std::{
    io::{self, Write},
    mem,
    sync::{Arc, Condvar, Mutex, MutexGuard, OnceLock, PoisonError},
    thread::{self, ThreadId},
    time::Duration,
};

/// Maximum size of the buffer in bytes. The writing thread may hold as much again.
const MOST: usize = 4 * 1024 * 1024;
/// How many bytes of a written batch are kept for the next one.
const USUAL: usize = 64 * 1024;
/// How long the thread pauses after a batch. A line is written at most this much later.
const PAUSE: Duration = Duration::from_millis(10);
/// How long the end of the process waits for the buffer to be written.
const FLUSH_LIMIT: Duration = Duration::from_secs(1);

static STANDARD_ERROR: OnceLock<Buffer> = OnceLock::new();

fn standard_error() -> &'static Buffer {
    STANDARD_ERROR.get_or_init(|| Buffer::start(io::stderr(), MOST, report))
}

/// Logs how many lines were dropped, at the highest level, so that every log contains it.
fn report(lines: u64) {
    tracing::error!(
        lines,
        "log lines were dropped: the standard error was not read fast enough"
    );
}

/// Writes lines to the standard error without blocking. Each write should be a whole line, since it may be dropped.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Lines;

impl Write for Lines {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        standard_error().push(line);
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Writes the buffer when it is dropped, for one second at most.
#[derive(Debug)]
pub(crate) struct FlushAtEnd;

impl Drop for FlushAtEnd {
    fn drop(&mut self) {
        if let Some(buffer) = STANDARD_ERROR.get() {
            buffer.flush(FLUSH_LIMIT);
        }
    }
}

/// Bytes that wait for the writing thread.
struct Buffer {
    shared: Arc<Shared>,
    most: usize,
}

#[derive(Default)]
struct Shared {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    waiting: Vec<u8>,
    is_writing: bool,
    /// Whether the thread waits for a line. Only then must a line wake it.
    is_idle: bool,
    /// Whether the thread must not pause: the buffer is half full, or the process waits for the end of the writing.
    is_urgent: bool,
    dropped: u64,
    /// The thread that writes: its own reports are never dropped.
    writer: Option<ThreadId>,
}

impl State {
    const fn is_empty(&self) -> bool {
        self.waiting.is_empty() && self.dropped == 0
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits for something to write, puts it into the empty `batch`, and returns the number of lines that were dropped
    /// after it.
    fn next(&self, batch: &mut Vec<u8>) -> u64 {
        let mut state = self.lock();
        while state.is_empty() {
            state.is_idle = true;
            state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        state.is_idle = false;
        state.is_urgent = false;
        mem::swap(&mut state.waiting, batch);
        state.is_writing = true;
        mem::take(&mut state.dropped)
    }

    /// Ends the writing of a batch, and pauses so that the next lines share a batch.
    fn written(&self) {
        let mut state = self.lock();
        state.is_writing = false;
        self.changed.notify_all();
        let _paused = self
            .changed
            .wait_timeout_while(state, PAUSE, |state| !state.is_urgent);
    }
}

impl Buffer {
    /// Starts the thread. If lines were dropped, it calls `report` with their number before it goes on.
    fn start(output: impl Write + Send + 'static, most: usize, report: fn(u64)) -> Self {
        let shared = Arc::new(Shared::default());
        let writer = Arc::clone(&shared);
        // If the thread cannot be started, there is no way to report that: lines are dropped.
        let _reported_nowhere = thread::Builder::new()
            .name("log".to_owned())
            .spawn(move || write(&writer, output, report));
        Self { shared, most }
    }

    fn push(&self, line: &[u8]) {
        let mut state = self.shared.lock();
        let is_full = state.waiting.len().saturating_add(line.len()) > self.most;
        if is_full && state.writer != Some(thread::current().id()) {
            state.dropped = state.dropped.saturating_add(1);
        } else {
            state.waiting.extend_from_slice(line);
        }
        let is_half_full = state.waiting.len() > self.most / 2;
        let must_wake = state.is_idle || is_half_full && !state.is_urgent;
        state.is_idle = false;
        state.is_urgent |= is_half_full;
        drop(state);
        if must_wake {
            self.shared.changed.notify_all();
        }
    }

    /// Waits until everything is written, but no longer than `limit`.
    fn flush(&self, limit: Duration) {
        let mut state = self.shared.lock();
        state.is_urgent = true;
        self.shared.changed.notify_all();
        let _out_of_time = self
            .shared
            .changed
            .wait_timeout_while(state, limit, |state| state.is_writing || !state.is_empty());
    }
}

/// Writes forever. Errors are ignored: an output that is closed has no reader.
fn write(shared: &Shared, mut output: impl Write, report: fn(u64)) {
    shared.lock().writer = Some(thread::current().id());
    let mut batch = Vec::new();
    loop {
        let dropped = shared.next(&mut batch);
        if dropped > 0 {
            report(dropped);
        }
        let _gone = output.write_all(&batch).and_then(|()| output.flush());
        batch.clear();
        batch.shrink_to(USUAL);
        shared.written();
    }
}

#[cfg(test)]
mod tests;
