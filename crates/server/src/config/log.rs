//! The log.

use tracing::level_filters::LevelFilter;

use super::{
    declare::choice,
    key::{Declaration, Key},
    settings::Settings,
};

const FORMAT: Key<Option<String>> = choice("log.format", &["json", "text"], "Format of log lines.")
    .otherwise("`text` on a terminal and in the journal of systemd, else `json`");
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

/// What reads the log.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LogOutput {
    /// A terminal.
    Terminal,
    /// The journal of systemd, which adds the time to each line.
    Journal,
    /// A file or another program.
    #[default]
    Other,
}

/// Options of the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Log {
    /// Format of lines.
    pub format: Format,
    /// Minimum level of lines that are written.
    pub level: LevelFilter,
    /// What reads the lines.
    pub output: LogOutput,
}

pub(super) fn read(settings: &Settings, output: LogOutput) -> Log {
    let format = match (settings.get(&FORMAT).as_deref(), output) {
        (Some("json"), _) | (None, LogOutput::Other) => Format::Json,
        (Some(_), _) | (None, LogOutput::Terminal | LogOutput::Journal) => Format::Text,
    };
    let level = settings.get(&LEVEL).parse().ok();
    Log {
        format,
        level: level.unwrap_or(LevelFilter::INFO),
        output,
    }
}
