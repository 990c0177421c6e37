//! The part of `portcullis check` about the standby. It changes nothing.

use std::time::Duration;

use portcullis_persistence::{DatabaseUrl, StandbyError, check_standby};

use crate::{config::Config, error::Error, output};

/// Prints whether the standby can answer session checks, if one is configured. Does not fail if it cannot: the
/// primary then answers.
pub(super) fn check(config: &Config, url: &DatabaseUrl) -> Result<(), Error> {
    let options = &config.database.options;
    let Some(standby) = &options.standby else {
        return Ok(());
    };
    let limit = standby.max_lag.as_millis();
    output::print(&format!(
        "standby: used while it is at most {limit} ms behind the primary"
    ))?;
    let outcome = super::block_on(async { Ok(check_standby(url, standby, options.pool).await) })?;
    output::print(&line(&outcome))
}

fn line(outcome: &Result<Duration, StandbyError>) -> String {
    match outcome {
        Ok(lag) => format!(
            "standby: usable, it had replayed the primary's changes after {} ms",
            lag.as_millis()
        ),
        Err(error) => format!("warning: session checks would use the primary: {error}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lag_or_the_reason_is_printed() {
        assert_eq!(
            line(&Ok(Duration::from_millis(3))),
            "standby: usable, it had replayed the primary's changes after 3 ms"
        );
        let warning = line(&Err(StandbyError::NotInRecovery));
        assert!(
            warning.starts_with("warning: session checks would use the primary: the server of"),
            "{warning}"
        );
    }
}
