//! A log line, and its two formats.

use std::fmt::Write;

use chrono::{DateTime, SecondsFormat, Utc};
use portcullis_http::REQUEST_LOG_TARGET;
use serde_json::Value;
use tracing::Level;

use super::fields::Fields;
use crate::config::LogOutput;

/// The names that every JSON line has. A field with one of these names is left out.
const RESERVED: [&str; 3] = ["timestamp", "level", "target"];
/// The field with the text of a line.
const MESSAGE: &str = "message";

/// What is known about a line before it is formatted.
pub(super) struct Line<'a> {
    pub(super) time: DateTime<Utc>,
    pub(super) level: Level,
    pub(super) target: &'a str,
    /// The fields of the event, followed by those of its spans.
    pub(super) fields: Fields,
}

impl Line<'_> {
    /// Formats the line as a JSON object. Each name occurs once.
    pub(super) fn json(&self) -> String {
        let time = self.time.to_rfc3339_opts(SecondsFormat::Millis, true);
        let mut text = format!(r#"{{"timestamp":"{time}","level":"{}""#, self.level);
        let fields = self.fields.iter().filter(|(name, _)| !RESERVED.contains(name));
        for (name, value) in fields {
            let _infallible = write!(text, ",{}:{value}", Value::from(name));
        }
        let _infallible = writeln!(text, r#","target":{}}}"#, Value::from(self.target));
        text
    }

    /// Formats the line as text: with colours for a terminal, without the time for the journal.
    pub(super) fn text(&self, output: LogOutput) -> String {
        let time = self.time.to_rfc3339_opts(SecondsFormat::Secs, true);
        let level = format!("{:<5}", self.level.as_str());
        let mut text = match output {
            LogOutput::Terminal => format!(
                "\u{1b}[2m{time}\u{1b}[0m \u{1b}[{}m{level}\u{1b}[0m",
                colour(self.level)
            ),
            LogOutput::Journal => level,
            LogOutput::Other => format!("{time} {level}"),
        };
        if self.target == REQUEST_LOG_TARGET {
            self.write_request(&mut text);
        } else {
            self.write_message(&mut text);
        }
        text.push('\n');
        text
    }

    /// Writes the request line: `GET /get-session 200 1.52ms sql=1/0.91ms <request id>`, or
    /// `GET unmatched 404 /api/auth/* (the path is unknown) 0.08ms …` if no route answers.
    fn write_request(&self, text: &mut String) {
        for name in ["method", "route", "status", "code", "path"] {
            append(text, &self.plain(name));
        }
        let reason = self.plain("reason");
        if !reason.is_empty() {
            append(text, &format!("({reason})"));
        }
        let whole = self.plain("milliseconds");
        let (statements, database) = (self.plain("statements"), self.plain("database_milliseconds"));
        append(text, &format!("{whole}ms sql={statements}/{database}ms"));
        append(text, &self.plain("request_id"));
    }

    fn write_message(&self, text: &mut String) {
        if !self.target.starts_with("portcullis") {
            append(text, &format!("{}:", self.target));
        }
        append(text, &self.plain(MESSAGE));
        for (name, value) in self.fields.iter().filter(|(name, _)| *name != MESSAGE) {
            append(text, &format!("{name}={}", quoted(value)));
        }
    }

    /// Returns a field without quotes and control characters, or an empty text if it is missing.
    fn plain(&self, name: &str) -> String {
        match self.fields.get(name) {
            Some(Value::String(value)) => without_controls(value),
            Some(value) => value.to_string(),
            None => String::new(),
        }
    }
}

/// Appends a word after a space. An empty word is left out.
fn append(text: &mut String, word: &str) {
    if !word.is_empty() {
        text.push(' ');
        text.push_str(word);
    }
}

/// Returns the value; in quotes if it could be mistaken for several fields.
fn quoted(value: &Value) -> String {
    match value {
        Value::String(value) if is_one_word(value) => value.clone(),
        Value::String(value) => format!("{value:?}"),
        value => value.to_string(),
    }
}

fn is_one_word(value: &str) -> bool {
    let breaks_words =
        |character: char| character.is_whitespace() || character.is_control() || "\"\\".contains(character);
    !value.is_empty() && !value.contains(breaks_words)
}

/// Escapes control characters, which could forge lines or change a terminal.
fn without_controls(value: &str) -> String {
    let mut text = String::with_capacity(value.len());
    for character in value.chars() {
        if character.is_control() {
            text.extend(character.escape_default());
        } else {
            text.push(character);
        }
    }
    text
}

/// Returns the terminal's code for the colour of a level.
const fn colour(level: Level) -> u8 {
    match level {
        Level::ERROR => 31,
        Level::WARN => 33,
        Level::INFO => 32,
        Level::DEBUG => 34,
        Level::TRACE => 35,
    }
}

/// Returns the prefix by which the journal stores the priority of a line.
pub(super) const fn journal_priority(level: Level) -> &'static str {
    match level {
        Level::ERROR => "<3>",
        Level::WARN => "<4>",
        Level::INFO => "<6>",
        Level::DEBUG | Level::TRACE => "<7>",
    }
}
