//! The log.

use tracing::level_filters::LevelFilter;

use super::{
    declare::choice,
    key::{Declaration, Key},
    settings::Settings,
};

const FORMAT: Key<Option<String>> = choice("log.format", &["json", "text"], "Format of log lines.")
    .otherwise("`text` on a terminal, else `json`");
const LEVEL: Key<String> = choice(
    "log.level",
    &["error", "warn", "info", "debug", "trace"],
    "Minimum level of log lines that are written.",
)
.or("info");

/// The keys, in the order of the documentation.
pub(super) const KEYS: &[&Declaration] = &[&FORMAT.declaration, &LEVEL.declaration];

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
    let format = match settings.get(&FORMAT).as_deref() {
        Some("json") => Format::Json,
        Some(_) => Format::Text,
        None if is_terminal => Format::Text,
        None => Format::Json,
    };
    let level = settings.get(&LEVEL).parse().ok();
    Log {
        format,
        level: level.unwrap_or(LevelFilter::INFO),
    }
}
