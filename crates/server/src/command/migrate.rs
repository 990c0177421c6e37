//! `portcullis migrate`

use std::path::Path;

use portcullis_persistence::migrations;

use crate::{error::Error, foundation::Foundation, output, schema::SchemaError};

/// Brings the database to the current schema and says what was done.
pub(crate) fn migrate(file: Option<&Path>) -> Result<(), Error> {
    let config = super::configuration(file)?;
    let foundation = Foundation::lay(&config)?;
    let steps =
        migrations::migrate(&foundation.url, &config.database.options.fields).map_err(SchemaError::from)?;
    tell("migrated", &steps);
    foundation.stop()
}

/// Says what [`migrate`] would do.
pub(crate) fn show_migrations(file: Option<&Path>) -> Result<(), Error> {
    let config = super::configuration(file)?;
    let foundation = Foundation::lay(&config)?;
    let steps =
        migrations::pending(&foundation.url, &config.database.options.fields).map_err(SchemaError::from)?;
    tell("would migrate", &steps);
    foundation.stop()
}

fn tell(what: &str, steps: &[String]) {
    if steps.is_empty() {
        output::say("the schema is current: nothing to do");
    }
    for step in steps {
        output::say(&format!("{what}: {step}"));
    }
}
