//! `portcullis adopt`

use portcullis_persistence::migrations::adoption::{self, Plan, Side};

use crate::{
    cli::Sources, config::Config, error::Error, foundation::Foundation, output, schema::SchemaError,
};

/// Prints the tables that an adoption would find, and the statements that it would execute.
pub(crate) fn show_adoption(sources: &Sources) -> Result<(), Error> {
    with_database(sources, |config, foundation| {
        let fields = &config.database.options.fields;
        let plan = adoption::plan(&foundation.url, fields, &config.table_names).map_err(SchemaError::from)?;
        print(&plan)?;
        print_by_hand(&plan)?;
        if plan.changes.is_empty() {
            return print_unreached(foundation);
        }
        output::print("\nnothing was changed; run `portcullis adopt --apply` to execute these statements")
    })
}

/// Adopts the database.
pub(crate) fn adopt(sources: &Sources) -> Result<(), Error> {
    with_database(sources, |config, foundation| {
        let fields = &config.database.options.fields;
        let plan =
            adoption::adopt(&foundation.url, fields, &config.table_names).map_err(SchemaError::from)?;
        print(&plan)?;
        if !plan.changes.is_empty() {
            output::print("\nthe statements were executed; start the server with the same `database.url`")?;
        }
        print_unreached(foundation)
    })
}

/// Removes an adoption.
pub(crate) fn undo_adoption(sources: &Sources) -> Result<(), Error> {
    with_database(sources, |_, foundation| {
        let done = adoption::undo(&foundation.url).map_err(SchemaError::from)?;
        if done.is_empty() {
            output::print("the database is not adopted: nothing to do")?;
        }
        done.iter().try_for_each(|line| output::print(line))
    })
}

fn with_database(
    sources: &Sources,
    work: impl FnOnce(&Config, &Foundation) -> Result<(), Error>,
) -> Result<(), Error> {
    let config = super::configuration(sources)?;
    let foundation = Foundation::prepare(&config)?;
    work(&config, &foundation)?;
    foundation.stop()
}

/// Prints what an operator must do so that the server finds the views.
fn print_unreached(foundation: &Foundation) -> Result<(), Error> {
    let unreached = adoption::unreached(&foundation.url).map_err(SchemaError::from)?;
    unreached.map_or(Ok(()), |unreached| output::print(&format!("\n{unreached}")))
}

fn print(plan: &Plan) -> Result<(), Error> {
    if plan.found.is_empty() {
        return output::print(
            "the schema is Better Auth's own: there is nothing to adopt; run `portcullis migrate`",
        );
    }
    output::print("found:")?;
    for table in &plan.found {
        output::print(&format!("  {table}"))?;
    }
    for note in &plan.notes {
        output::print(&format!("note: {note}"))?;
    }
    if plan.changes.is_empty() {
        return output::print("\nthe adoption is up to date: nothing to do");
    }
    let of = |side| plan.changes.iter().filter(move |change| change.side == side);
    let of_application = of(Side::Application).count();
    output::print(&format!(
        "\nstatements ({of_application} of them change tables of the application, marked \"application\"):"
    ))?;
    for change in &plan.changes {
        let mark = match change.side {
            Side::Own => "",
            Side::Application => "-- application\n",
        };
        output::print(&format!("\n{mark}{};", change.sql))?;
    }
    Ok(())
}

/// Prints the statements that create indexes on large tables.
fn print_by_hand(plan: &Plan) -> Result<(), Error> {
    if plan.by_hand.is_empty() {
        return Ok(());
    }
    output::print(
        "\nbuilding these indexes blocks writes to large tables; run these statements before you adopt the database:",
    )?;
    plan.by_hand
        .iter()
        .try_for_each(|statement| output::print(statement))
}
