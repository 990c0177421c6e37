//! `portcullis check`

use std::path::Path;

use portcullis_cluster::{Programs, search_path};
use portcullis_persistence::{
    DatabaseUrl,
    migrations::{SchemaState, inspect},
};

use crate::{
    config::{Config, Mode},
    error::Error,
    output,
    schema::{SchemaError, require_current, require_enforced},
};

/// Says whether the configuration and the database are right; the error says what is not, and how to mend it.
pub(crate) fn check(file: Option<&Path>) -> Result<(), Error> {
    let config = super::configuration(file)?;
    let mode = match config.mode {
        Mode::Development => "development",
        Mode::Production => "production",
    };
    output::say(&format!("configuration: valid, for {mode}"));
    match &config.database.url {
        Some(url) => check_database(&config, url),
        None => check_programs(),
    }
}

fn check_database(config: &Config, url: &DatabaseUrl) -> Result<(), Error> {
    let state = inspect(url).map_err(SchemaError::from)?;
    output::say("database: reachable");
    match state {
        SchemaState::Behind(steps) if config.mode == Mode::Development => {
            output::say(&format!(
                "schema: lacks {}, which the start migrates",
                steps.join(", ")
            ));
        }
        state => {
            require_current(state)?;
            output::say("schema: current");
        }
    }
    require_enforced(url)?;
    Ok(())
}

fn check_programs() -> Result<(), Error> {
    let programs = Programs::find(search_path().as_deref())?;
    output::say(&format!(
        "database: a private PostgreSQL {}, which the start runs and migrates",
        programs.major()
    ));
    Ok(())
}
