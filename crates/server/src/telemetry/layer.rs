//! Collects the fields of an event and of its spans, and writes them as one line.

use std::sync::Arc;

use portcullis_application::ports::Clock;
use tracing::{
    Event, Subscriber,
    span::{Attributes, Id, Record},
};
use tracing_subscriber::{Layer, layer::Context, registry::LookupSpan};

use super::{
    fields::Fields,
    line::{Line, journal_priority},
};
use crate::config::{Format, LogOutput};

/// Writes one line for each event. Unlike the formats of `tracing-subscriber`, a line has each field once, although
/// the event and its spans may both have it.
pub(super) struct LineLayer<W> {
    pub(super) format: Format,
    pub(super) output: LogOutput,
    pub(super) clock: Arc<dyn Clock>,
    /// Writes a line, which ends with a line feed.
    pub(super) write: W,
}

impl<S, W> Layer<S> for LineLayer<W>
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    W: Fn(&str) + 'static,
{
    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, context: Context<'_, S>) {
        if let Some(span) = context.span(id) {
            let mut fields = Fields::default();
            attributes.record(&mut fields);
            span.extensions_mut().insert(fields);
        }
    }

    fn on_record(&self, id: &Id, values: &Record<'_>, context: Context<'_, S>) {
        if let Some(span) = context.span(id)
            && let Some(fields) = span.extensions_mut().get_mut::<Fields>()
        {
            values.record(fields);
        }
    }

    fn on_event(&self, event: &Event<'_>, context: Context<'_, S>) {
        let mut fields = Fields::default();
        event.record(&mut fields);
        for span in context.event_scope(event).into_iter().flatten() {
            if let Some(outer) = span.extensions().get::<Fields>() {
                fields.add_missing(outer);
            }
        }
        let metadata = event.metadata();
        let line = Line {
            time: self.clock.now(),
            level: *metadata.level(),
            target: metadata.target(),
            fields,
        };
        let text = match self.format {
            Format::Text => line.text(self.output),
            Format::Json => line.json(),
        };
        let text = match self.output {
            LogOutput::Journal => format!("{}{text}", journal_priority(line.level)),
            LogOutput::Terminal | LogOutput::Other => text,
        };
        (self.write)(&text);
    }
}
