//! The part of `portcullis check` about the clocks and the queued messages. It changes nothing.

use chrono::SecondsFormat;
use portcullis_application::{clock_check::ClockSkew, ports::Gate};
use portcullis_crypto::Secrets;
use portcullis_persistence::{
    DatabaseUrl,
    migrations::{QueuedMessages, queued_messages},
};

use crate::{
    compose,
    config::Config,
    error::{Error, chain},
    output,
    schema::SchemaError,
};

/// Compares this machine's clock with the database's, and counts the messages that are not sent.
pub(super) fn check(config: &Config, url: &DatabaseUrl, secrets: &Secrets) -> Result<(), Error> {
    output::print(&clock_line(skew(config, url, secrets)?))?;
    let messages = queued_messages(url).map_err(SchemaError::from)?;
    queue_line(&messages).map_or(Ok(()), |line| output::print(&line))
}

fn skew(config: &Config, url: &DatabaseUrl, secrets: &Secrets) -> Result<Option<ClockSkew>, Error> {
    super::block_on(async {
        let ports = compose::ports(config, url, secrets, Gate::default());
        let state = ports.store.state().await.map_err(Error::ReadClock)?;
        Ok(ports.clock_check.skew(state))
    })
}

fn clock_line(skew: Option<ClockSkew>) -> String {
    skew.map_or_else(
        || "clock: agrees with the database's".to_owned(),
        |skew| {
            format!(
                "warning: {}: the server would not be ready, and verifiers may reject its JWTs; synchronize the clocks (NTP)",
                chain(&skew)
            )
        },
    )
}

/// Returns a line about the queue, or `None` if it is empty.
fn queue_line(messages: &QueuedMessages) -> Option<String> {
    let QueuedMessages {
        waiting,
        given_up,
        oldest,
    } = messages;
    let oldest = oldest.map(|time| time.to_rfc3339_opts(SecondsFormat::Secs, true));
    let waiting = oldest.map(|time| format!("{waiting} not sent yet, the oldest since {time}"));
    let given_up = (*given_up > 0).then(|| format!("{given_up} given up"));
    let parts: Vec<_> = waiting.into_iter().chain(given_up).collect();
    (!parts.is_empty()).then(|| {
        format!(
            "queued messages: {}; the log of the server names the reasons",
            parts.join(", ")
        )
    })
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, TimeDelta};

    use super::*;

    #[test]
    fn clocks_that_differ_give_a_warning() {
        let difference = TimeDelta::seconds(-90);
        let line = clock_line(Some(ClockSkew { difference }));
        let start = "warning: this machine's clock differs from the database's by -90 s: ";
        assert!(line.starts_with(start), "{line}");
        assert_eq!(clock_line(None), "clock: agrees with the database's");
    }

    #[test]
    fn messages_that_are_not_sent_are_counted() {
        let queue = |waiting, given_up| QueuedMessages {
            waiting,
            given_up,
            oldest: (waiting > 0).then_some(DateTime::UNIX_EPOCH),
        };
        let line = |waiting, given_up| queue_line(&queue(waiting, given_up));
        let end = "; the log of the server names the reasons";
        assert_eq!(line(0, 0), None);
        assert_eq!(line(0, 2), Some(format!("queued messages: 2 given up{end}")));
        let both = "queued messages: 3 not sent yet, the oldest since 1970-01-01T00:00:00Z, 2 given up";
        assert_eq!(line(3, 2), Some(format!("{both}{end}")));
    }
}
