//! The log of a test.

use std::sync::{Arc, Mutex};

use chrono::DateTime;
use portcullis_application::testing::FixedClock;
use tracing::{Subscriber, subscriber::DefaultGuard};
use tracing_subscriber::layer::SubscriberExt;

use super::layer::LineLayer;
use crate::config::{Format, LogOutput};

/// Captures log lines.
#[derive(Clone, Default)]
pub(crate) struct LogCapture(Arc<Mutex<String>>);

impl LogCapture {
    /// Captures the lines of this thread, as text, until the guard is dropped.
    pub(crate) fn start(&self) -> DefaultGuard {
        tracing::subscriber::set_default(self.subscriber(Format::Text, LogOutput::Other))
    }

    /// Returns a subscriber that captures lines. Their time is 2026-11-05T10:00:00.123Z.
    pub(super) fn subscriber(&self, format: Format, output: LogOutput) -> impl Subscriber + Send + Sync {
        let time = DateTime::from_timestamp_millis(1_793_872_800_123).unwrap();
        let log = self.clone();
        tracing_subscriber::registry().with(LineLayer {
            format,
            output,
            clock: Arc::new(FixedClock::at(time)),
            write: move |line: &str| log.0.lock().unwrap().push_str(line),
        })
    }

    /// Returns all lines.
    pub(super) fn text(&self) -> String {
        self.0.lock().unwrap().clone()
    }

    /// Returns the lines without their times.
    pub(crate) fn lines(&self) -> Vec<String> {
        let text = self.text();
        let lines = text.lines().map(|line| line.split_once(' ').unwrap().1);
        lines.map(str::to_owned).collect()
    }
}
