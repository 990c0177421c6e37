//! The log.

#[cfg(test)]
pub(crate) mod capture;
mod fields;
mod layer;
mod line;

use std::{
    backtrace::{Backtrace, BacktraceStatus},
    env,
    fs::File,
    io::{self, IsTerminal, Write},
    os::{fd::AsFd, unix::fs::MetadataExt},
    panic,
    sync::{Arc, OnceLock},
    thread,
};

use tracing::{Level, level_filters::LevelFilter};
use tracing_subscriber::{
    Layer, Registry,
    filter::Targets,
    layer::SubscriberExt,
    reload::{self, Handle},
    util::SubscriberInitExt,
};

use self::layer::LineLayer;
use crate::{
    config::{Log, LogOutput},
    output,
    standard_error::Lines,
    system_clock::SystemClock,
};

static LEVEL: OnceLock<Handle<Targets, Registry>> = OnceLock::new();

/// Returns what reads the log.
pub(crate) fn output() -> LogOutput {
    if io::stderr().is_terminal() {
        LogOutput::Terminal
    } else if is_journal() {
        LogOutput::Journal
    } else {
        LogOutput::Other
    }
}

/// Whether the standard error is the stream to the journal that systemd names by device and inode. Programs inherit
/// the variable, but may have redirected the standard error.
#[expect(
    clippy::disallowed_methods,
    reason = "the variable describes the standard error; it is not a setting"
)]
fn is_journal() -> bool {
    let Some(journal) = env::var_os("JOURNAL_STREAM") else {
        return false;
    };
    let stream = io::stderr().as_fd().try_clone_to_owned();
    let status = stream.and_then(|stream| File::from(stream).metadata());
    status.is_ok_and(|status| *journal == *format!("{}:{}", status.dev(), status.ino()))
}

/// Returns an error message for the operator: in the journal, each of its lines has the priority of an error.
pub(crate) fn error_for_operator(text: &str) -> String {
    match output() {
        LogOutput::Journal => {
            let priority = line::journal_priority(Level::ERROR);
            let lines: Vec<_> = text.lines().map(|line| format!("{priority}{line}")).collect();
            lines.join("\n")
        }
        LogOutput::Terminal | LogOutput::Other => text.to_owned(),
    }
}

/// Writes panics to the log. The hook of Rust's standard library writes to the standard error directly, which blocks
/// when its reader has stopped. Before the log is started, a panic is written as a message for the operator.
pub(crate) fn log_panics() {
    panic::set_hook(Box::new(|panic| {
        let reason = panic.payload_as_str().unwrap_or("the panic has no text");
        let place = panic.location().map(ToString::to_string);
        let thread = thread::current();
        let backtrace = Backtrace::capture();
        let backtrace = (backtrace.status() == BacktraceStatus::Captured).then(|| backtrace.to_string());
        if tracing::enabled!(Level::ERROR) {
            tracing::error!(
                reason,
                place,
                thread = thread.name(),
                backtrace,
                "a thread panicked"
            );
        } else {
            let place = place.unwrap_or_default();
            let backtrace = backtrace.unwrap_or_default();
            output::print_error(&format!("portcullis: panicked at {place}: {reason}\n{backtrace}"));
        }
    }));
}

/// Starts the log on the standard error. If a log was started before, it stays.
pub(crate) fn start(log: Log) {
    let lines = LineLayer {
        format: log.format,
        output: log.output,
        clock: Arc::new(SystemClock),
        write: |line: &str| {
            let _never_fails = Lines.write_all(line.as_bytes());
        },
    };
    let (filter, handle) = reload::Layer::new(wanted(log.level));
    let started = tracing_subscriber::registry()
        .with(lines.with_filter(filter))
        .try_init();
    if started.is_ok() {
        let _is_first = LEVEL.set(handle);
    }
}

/// Changes the minimum level of lines that are written.
pub(crate) fn set_level(level: LevelFilter) {
    if let Some(handle) = LEVEL.get()
        && let Err(error) = handle.reload(wanted(level))
    {
        tracing::warn!(%error, "could not change the level of the log");
    }
}

/// Returns the filter of lines: our own from `level` on, those of libraries from `warn` on. `actix_http` logs mistakes
/// of clients on a connection as errors, which do not concern the operator: they are logged from `debug` on.
fn wanted(level: LevelFilter) -> Targets {
    let libraries = level.min(LevelFilter::WARN);
    let connections = if level >= LevelFilter::DEBUG {
        libraries
    } else {
        LevelFilter::OFF
    };
    Targets::new()
        .with_target("portcullis", level)
        .with_target("actix_http", connections)
        .with_default(libraries)
}

#[cfg(test)]
mod tests;
