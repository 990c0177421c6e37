//! The log.

use tracing::level_filters::LevelFilter;

use super::settings::Settings;

/// Format of log lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Text, for humans.
    Text,
    /// One JSON object per line, for programs.
    Json,
}

/// Options of the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Log {
    /// Format of lines.
    pub format: Format,
    /// Minimum level of lines that are written.
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
