//! `portcullis migrate`

use portcullis_persistence::migrations::{self, session_cache};

use crate::{
    cli::Sources, config::Config, error::Error, foundation::Foundation, output, schema::SchemaError,
};

/// Migrates the database to the current schema and prints each step.
pub(crate) fn migrate(sources: &Sources) -> Result<(), Error> {
    let config = super::configuration(sources)?;
    let foundation = Foundation::lay(&config)?;
    warn_of_slow_indexes(&config, &foundation)?;
    let steps =
        migrations::migrate(&foundation.url, &config.database.options.fields).map_err(SchemaError::from)?;
    print_steps("migrated", &steps)?;
    change_triggers(&config, &foundation)?;
    foundation.stop()
}

/// Prints what [`migrate`] would do.
pub(crate) fn show_migrations(sources: &Sources) -> Result<(), Error> {
    let config = super::configuration(sources)?;
    let foundation = Foundation::lay(&config)?;
    warn_of_slow_indexes(&config, &foundation)?;
    let steps =
        migrations::pending(&foundation.url, &config.database.options.fields).map_err(SchemaError::from)?;
    print_steps("would migrate", &steps)?;
    show_triggers(&config, &foundation)?;
    foundation.stop()
}

/// Creates the triggers of the session cache if it is enabled, and drops them if it is not.
fn change_triggers(config: &Config, foundation: &Foundation) -> Result<(), Error> {
    let is_enabled = config.database.options.session_cache.is_some();
    let change = if is_enabled {
        session_cache::install
    } else {
        session_cache::remove
    };
    let done = change(&foundation.url).map_err(SchemaError::from)?;
    done.iter().try_for_each(|line| output::print(line))
}

fn show_triggers(config: &Config, foundation: &Foundation) -> Result<(), Error> {
    if config.database.options.session_cache.is_none() {
        return Ok(());
    }
    let missing = session_cache::missing(&foundation.url).map_err(SchemaError::from)?;
    if missing.is_empty() {
        return Ok(());
    }
    output::print("would create the triggers of the session cache:")?;
    missing
        .iter()
        .try_for_each(|statement| output::print(&format!("{statement};")))
}

fn warn_of_slow_indexes(config: &Config, foundation: &Foundation) -> Result<(), Error> {
    let slow = migrations::slow_indexes(&foundation.url, &config.database.options.fields);
    let slow = slow.map_err(SchemaError::from)?;
    if !slow.is_empty() {
        output::print_error(
            "building these indexes blocks writes to large tables; to avoid that, run these statements before you migrate:",
        );
    }
    for statement in slow {
        output::print_error(&statement);
    }
    Ok(())
}

fn print_steps(what: &str, steps: &[String]) -> Result<(), Error> {
    if steps.is_empty() {
        output::print("the schema is current: nothing to do")?;
    }
    for step in steps {
        output::print(&format!("{what}: {step}"))?;
    }
    Ok(())
}
