//! The log.

use tracing::level_filters::LevelFilter;

use super::settings::Settings;

/// How lines of the log look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// For a person.
    Text,
    /// One JSON object to a line, for a machine.
    Json,
}

/// What is written, and how.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Log {
    /// How lines look.
    pub format: Format,
    /// The least important lines that are still written.
    pub level: LevelFilter,
}

pub(super) fn read(settings: &Settings, is_terminal: bool) -> Log {
    let format = match settings.text("log.format").as_deref() {
        Some("json") => Format::Json,
        Some(_) => Format::Text,
        None if is_terminal => Format::Text,
        None => Format::Json,
    };
    let level = settings.text("log.level").and_then(|level| level.parse().ok());
    Log {
        format,
        level: level.unwrap_or(LevelFilter::INFO),
    }
}
