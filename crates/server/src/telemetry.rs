//! The log.

use std::io::{self, IsTerminal};

use tracing::level_filters::LevelFilter;
use tracing_subscriber::{
    Layer, Registry, filter::Targets, fmt, layer::SubscriberExt, util::SubscriberInitExt,
};

use crate::config::{Format, Log};

/// Whether the log goes to somebody who reads it at once.
pub(crate) fn is_terminal() -> bool {
    io::stderr().is_terminal()
}

/// Starts the log on the standard error. Where one was started before, that one goes on.
pub(crate) fn start(log: Log) {
    let lines: Box<dyn Layer<Registry> + Send + Sync> = match log.format {
        Format::Text => fmt::layer()
            .with_ansi(is_terminal())
            .with_writer(io::stderr)
            .boxed(),
        Format::Json => fmt::layer()
            .json()
            .flatten_event(true)
            .with_span_list(false)
            .with_writer(io::stderr)
            .boxed(),
    };
    let _started_before = tracing_subscriber::registry()
        .with(lines.with_filter(wanted(log.level)))
        .try_init();
}

/// Our own lines from the level on; those of libraries only where something is wrong. What clients do wrong on a
/// connection is an error to `actix_http` and none to whoever runs the server: only who looks for it is told.
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
    use tracing::Level;

    use super::*;

    #[test]
    fn libraries_speak_only_where_something_is_wrong() {
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
