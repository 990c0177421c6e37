//! `portcullis migrate`

use portcullis_persistence::migrations;

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
    foundation.stop()
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
