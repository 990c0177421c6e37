//! The part of `portcullis check` about the session cache. It changes nothing.

use portcullis_persistence::{DatabaseUrl, check_session_cache, migrations::session_cache};

use crate::{config::Config, error::Error, output, schema::SchemaError};

/// Prints whether the session cache can work, if it is enabled. Does not fail if it cannot: the database then answers.
pub(super) fn check(config: &Config, url: &DatabaseUrl) -> Result<(), Error> {
    let Some(options) = &config.database.options.session_cache else {
        return Ok(());
    };
    let missing = session_cache::missing(url).map_err(SchemaError::from)?;
    if !missing.is_empty() {
        return output::print(
            "warning: the session cache is enabled, and its triggers are missing, or those of another version: run \
             `portcullis migrate` as the owner of the tables of sessions and users",
        );
    }
    match check_session_cache(url, options) {
        Ok(()) => output::print("session cache: enabled, and the database reports changes"),
        Err(reason) => output::print(&format!("warning: the session cache would not answer: {reason}")),
    }
}
