//! `portcullis migrate`

use std::iter;

use portcullis_persistence::migrations::{self, session_cache};

use crate::{
    cli::Sources, config::Config, error::Error, foundation::Foundation, output, schema::SchemaError,
};

/// Migrates the database to the current schema and prints each step.
pub(crate) fn migrate(sources: &Sources) -> Result<(), Error> {
    let config = super::configuration(sources)?;
    let foundation = Foundation::prepare(&config)?;
    warn_of_slow_indexes(&config, &foundation)?;
    let steps =
        migrations::migrate(&foundation.url, &config.database.options.fields).map_err(SchemaError::from)?;
    let triggers = change_triggers(&config, &foundation)?;
    print_steps("migrated", &steps, &triggers)?;
    foundation.stop()
}

/// Prints what [`migrate`] would do.
pub(crate) fn show_migrations(sources: &Sources) -> Result<(), Error> {
    let config = super::configuration(sources)?;
    let foundation = Foundation::prepare(&config)?;
    warn_of_slow_indexes(&config, &foundation)?;
    let steps =
        migrations::pending(&foundation.url, &config.database.options.fields).map_err(SchemaError::from)?;
    let triggers = triggers_to_change(&config, &foundation)?;
    print_steps("would migrate", &steps, &triggers)?;
    foundation.stop()
}

/// Creates the triggers of the session cache if it is enabled, and drops them if it is not. Returns what was done.
fn change_triggers(config: &Config, foundation: &Foundation) -> Result<Vec<String>, Error> {
    let change = if is_cached(config) {
        session_cache::install
    } else {
        session_cache::remove
    };
    Ok(change(&foundation.url).map_err(SchemaError::from)?)
}

/// Returns what [`change_triggers`] would do.
fn triggers_to_change(config: &Config, foundation: &Foundation) -> Result<Vec<String>, Error> {
    let (act, plan): (_, fn(&_) -> _) = if is_cached(config) {
        ("create", session_cache::missing)
    } else {
        ("drop", session_cache::superfluous)
    };
    let statements = plan(&foundation.url).map_err(SchemaError::from)?;
    if statements.is_empty() {
        return Ok(Vec::new());
    }
    let title = format!("would {act} the triggers of the session cache:");
    let statements = statements.into_iter().map(|statement| format!("{statement};"));
    Ok(iter::once(title).chain(statements).collect())
}

const fn is_cached(config: &Config) -> bool {
    config.database.options.session_cache.is_some()
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

fn print_steps(what: &str, steps: &[String], triggers: &[String]) -> Result<(), Error> {
    if steps.is_empty() && triggers.is_empty() {
        output::print("the schema is current: nothing to do")?;
    }
    for step in steps {
        output::print(&format!("{what}: {step}"))?;
    }
    triggers.iter().try_for_each(|line| output::print(line))
}
