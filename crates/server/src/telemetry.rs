//! The log.

use std::{
    backtrace::{Backtrace, BacktraceStatus},
    io::{self, IsTerminal},
    panic, thread,
};

use tracing::{Level, level_filters::LevelFilter};
use tracing_subscriber::{
    Layer, Registry, filter::Targets, fmt, layer::SubscriberExt, util::SubscriberInitExt,
};

use crate::{
    config::{Format, Log},
    output,
    standard_error::Lines,
};

/// Whether the log goes to a terminal.
pub(crate) fn is_terminal() -> bool {
    io::stderr().is_terminal()
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
    let lines: Box<dyn Layer<Registry> + Send + Sync> = match log.format {
        Format::Text => fmt::layer()
            .with_ansi(is_terminal())
            .with_writer(|| Lines)
            .boxed(),
        Format::Json => fmt::layer()
            .json()
            .flatten_event(true)
            .with_span_list(false)
            .with_writer(|| Lines)
            .boxed(),
    };
    let _started_before = tracing_subscriber::registry()
        .with(lines.with_filter(wanted(log.level)))
        .try_init();
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
mod tests {
    use std::sync::{Arc, Mutex};

    use super::*;

    #[derive(Clone, Default)]
    struct Text(Arc<Mutex<Vec<u8>>>);

    impl io::Write for Text {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().write(bytes)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn a_panic_is_one_line_in_the_log() {
        let text = Text::default();
        let log = text.clone();
        let subscriber = fmt::Subscriber::builder()
            .json()
            .with_writer(move || log.clone())
            .finish();
        let before = panic::take_hook();
        log_panics();
        let outcome = thread::spawn(|| {
            tracing::subscriber::with_default(subscriber, || panic!("on purpose"));
        })
        .join();
        panic::set_hook(before);

        assert!(outcome.is_err());
        let log = String::from_utf8(text.0.lock().unwrap().clone()).unwrap();
        for part in ["a thread panicked", "on purpose", "telemetry.rs:", "ERROR"] {
            assert!(log.contains(part), "{part}: {log}");
        }
        assert_eq!(log.lines().count(), 1, "{log}");
    }

    #[test]
    fn libraries_log_only_warnings_and_errors() {
        let wanted = wanted(LevelFilter::DEBUG);
        assert!(wanted.would_enable("portcullis_http::server", &Level::DEBUG));
        assert!(!wanted.would_enable("portcullis_http::server", &Level::TRACE));
        assert!(wanted.would_enable("actix_server", &Level::WARN));
        assert!(!wanted.would_enable("actix_server", &Level::INFO));
        assert!(wanted.would_enable("actix_http::h1::dispatcher", &Level::ERROR));
        let usual = super::wanted(LevelFilter::INFO);
        assert!(!usual.would_enable("actix_http::h1::dispatcher", &Level::ERROR));
        assert!(usual.would_enable("actix_server", &Level::ERROR));
        assert!(!super::wanted(LevelFilter::ERROR).would_enable("actix_server", &Level::WARN));
    }
}
