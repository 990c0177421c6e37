//! The triggers of the session cache, which notify of every change of sessions and users.
//!
//! They fire once for each statement, since a statement may change many rows. In an adopted database, they belong to the
//! application's tables, because changes of other programs do not pass the views.

mod function;

use diesel::{
    PgConnection, QueryResult, QueryableByName, RunQueryDsl,
    connection::SimpleConnection,
    sql_query,
    sql_types::{Bool, Text},
};

use super::{
    LIMIT_LOCK_WAITS, LOCK_MIGRATIONS, MigrateError,
    adoption::{
        follow, record,
        sql::{quoted, text},
    },
    catalog, in_transaction, refused,
};
use crate::{
    database_url::DatabaseUrl,
    session_cache::triggers::{SESSION_FUNCTION, STORED, TRIGGERS, USER_FUNCTION, is_ours},
};

const ACT: &str = "the triggers of the session cache";

/// What is known about a table that the triggers watch.
#[derive(QueryableByName)]
struct Known {
    #[diesel(sql_type = Bool)]
    has_triggers: bool,
    #[diesel(sql_type = Bool)]
    has_any: bool,
    #[diesel(sql_type = Bool)]
    is_owned: bool,
}

const KNOWN: &str = "
    SELECT (SELECT count(*) FROM pg_trigger t, pg_proc p WHERE t.tgrelid = c.oid AND {is_ours}
            AND {stored} = {source}) = {count} AS has_triggers,
        EXISTS (SELECT FROM pg_trigger t WHERE t.tgrelid = c.oid AND t.tgname IN ({names})) AS has_any,
        pg_has_role(c.relowner, 'USAGE') AND has_schema_privilege(current_schema(), 'CREATE') AS is_owned
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = $1 AND c.relname = $2 AND c.relkind = 'r'";

/// A table whose changes are reported.
struct Watched {
    schema: String,
    table: String,
    /// The column that contains the id by which entries are found.
    id: String,
    /// The quoted name of the trigger function.
    function: String,
}

/// Creates the triggers that are missing, and replaces those of another version. Returns what was done.
///
/// # Errors
///
/// If the database cannot be reached, a table stays locked, or the role may not create triggers on the tables. In these
/// cases nothing is changed.
pub fn install(url: &DatabaseUrl) -> Result<Vec<String>, MigrateError> {
    change(url, Watched::additions, |table| {
        format!("created the triggers of the session cache on {table}")
    })
}

/// Drops the triggers. Returns what was done.
///
/// # Errors
///
/// As [`install`].
pub fn remove(url: &DatabaseUrl) -> Result<Vec<String>, MigrateError> {
    change(url, Watched::removals, dropped)
}

/// Returns the statements that [`install`] would execute. Changes nothing.
///
/// # Errors
///
/// If the database cannot be reached, or a query fails.
pub fn missing(url: &DatabaseUrl) -> Result<Vec<String>, MigrateError> {
    plan(url, Watched::additions)
}

/// Returns the statements that [`remove`] would execute. Changes nothing.
///
/// # Errors
///
/// As [`missing`].
pub fn superfluous(url: &DatabaseUrl) -> Result<Vec<String>, MigrateError> {
    plan(url, Watched::removals)
}

fn plan(url: &DatabaseUrl, plan: Plan) -> Result<Vec<String>, MigrateError> {
    in_transaction(url, |connection| {
        let mut statements = Vec::new();
        for watched in watched(connection, url)? {
            statements.extend(plan(&watched, connection).map_err(failed)?.statements);
        }
        Ok(statements)
    })
}

/// Drops the triggers of an adoption that is removed. Returns what was done; nothing, if the database is not adopted.
pub(super) fn remove_adopted(
    connection: &mut PgConnection,
    url: &DatabaseUrl,
) -> Result<Vec<String>, MigrateError> {
    if !record::exists(connection, url.adopted_schema()).map_err(failed)? {
        return Ok(Vec::new());
    }
    apply(connection, url, Watched::removals, dropped)
}

/// Statements that change a table's triggers.
struct Change {
    statements: Vec<String>,
    /// Whether this role may execute them.
    is_permitted: bool,
}

type Plan = fn(&Watched, &mut PgConnection) -> QueryResult<Change>;

fn change(url: &DatabaseUrl, plan: Plan, done: fn(&str) -> String) -> Result<Vec<String>, MigrateError> {
    in_transaction(url, |connection| {
        connection
            .batch_execute(LOCK_MIGRATIONS)
            .map_err(|error| refused("waiting for another migration", &error))?;
        connection.batch_execute(LIMIT_LOCK_WAITS)?;
        apply(connection, url, plan, done)
    })
}

fn apply(
    connection: &mut PgConnection,
    url: &DatabaseUrl,
    plan: Plan,
    done: fn(&str) -> String,
) -> Result<Vec<String>, MigrateError> {
    let (mut lines, mut statements, mut is_permitted) = (Vec::new(), Vec::new(), true);
    for watched in watched(connection, url)? {
        let change = plan(&watched, connection).map_err(failed)?;
        if !change.statements.is_empty() {
            lines.push(done(&watched.place()));
        }
        is_permitted &= change.is_permitted || change.statements.is_empty();
        statements.extend(change.statements);
    }
    if !is_permitted {
        return Err(MigrateError::NotOwner(statements));
    }
    for statement in &statements {
        connection.batch_execute(statement).map_err(failed)?;
    }
    Ok(lines)
}

/// Returns the tables of sessions and users. Those that do not exist are left out.
fn watched(connection: &mut PgConnection, url: &DatabaseUrl) -> Result<Vec<Watched>, MigrateError> {
    let schema = catalog::current_schema(connection).map_err(failed)?;
    let schema = schema.ok_or(MigrateError::NoSchema)?;
    let adopted = follow::read(connection, url.adopted_schema()).map_err(failed)?;
    let tables = [("session", SESSION_FUNCTION), ("user", USER_FUNCTION)];
    let watched = tables.map(|(name, function)| {
        let adopted = adopted.iter().find(|adopted| adopted.view == name);
        let function = format!("{}.{function}", quoted(&schema));
        let of_ours = || (schema.clone(), name.to_owned(), "id".to_owned());
        let (schema, table, id) = adopted.map_or_else(of_ours, |adopted| {
            let id = adopted.columns.get("id").cloned();
            let id = id.unwrap_or_else(|| "id".to_owned());
            (adopted.schema.clone(), adopted.table.clone(), id)
        });
        Watched {
            schema,
            table,
            id,
            function,
        }
    });
    Ok(watched.into())
}

impl Watched {
    fn place(&self) -> String {
        format!("{}.{}", quoted(&self.schema), quoted(&self.table))
    }

    fn known(&self, connection: &mut PgConnection) -> QueryResult<Option<Known>> {
        let names = TRIGGERS.map(|(name, _)| format!("'{name}'")).join(", ");
        let query = KNOWN
            .replace("{is_ours}", &is_ours())
            .replace("{stored}", STORED)
            .replace("{source}", &text(&function::body(&self.id)))
            .replace("{count}", &TRIGGERS.len().to_string())
            .replace("{names}", &names);
        let known = sql_query(query)
            .bind::<Text, _>(&self.schema)
            .bind::<Text, _>(&self.table)
            .load::<Known>(connection)?;
        Ok(known.into_iter().next())
    }

    /// Returns the statements that create the triggers, unless those of this version exist.
    fn additions(&self, connection: &mut PgConnection) -> QueryResult<Change> {
        let known = self.known(connection)?.filter(|known| !known.has_triggers);
        let Some(known) = known else {
            return Ok(Change::NONE);
        };
        let mut statements = vec![function::definition(&self.function, &self.id)];
        for (name, event) in TRIGGERS {
            let place = self.place();
            let rows = if event == "TRUNCATE" {
                ""
            } else {
                " REFERENCING OLD TABLE AS changed"
            };
            statements.push(format!("DROP TRIGGER IF EXISTS {name} ON {place}"));
            statements.push(format!(
                "CREATE TRIGGER {name} AFTER {event} ON {place}{rows} FOR EACH STATEMENT EXECUTE FUNCTION {}()",
                self.function
            ));
            // A program that restores or replicates rows switches other triggers off.
            statements.push(format!("ALTER TABLE {place} ENABLE ALWAYS TRIGGER {name}"));
        }
        Ok(Change {
            statements,
            is_permitted: known.is_owned,
        })
    }

    /// Returns the statements that drop the triggers, if there are any.
    fn removals(&self, connection: &mut PgConnection) -> QueryResult<Change> {
        let known = self.known(connection)?.filter(|known| known.has_any);
        let Some(known) = known else {
            return Ok(Change::NONE);
        };
        let place = self.place();
        let drops = TRIGGERS.map(|(name, _)| format!("DROP TRIGGER IF EXISTS {name} ON {place}"));
        let mut statements = Vec::from(drops);
        statements.push(format!("DROP FUNCTION IF EXISTS {}()", self.function));
        Ok(Change {
            statements,
            is_permitted: known.is_owned,
        })
    }
}

impl Change {
    const NONE: Self = Self {
        statements: Vec::new(),
        is_permitted: true,
    };
}

fn dropped(table: &str) -> String {
    format!("dropped the triggers of the session cache on {table}")
}

#[expect(clippy::needless_pass_by_value, reason = "errors are passed on by `map_err`")]
fn failed(error: diesel::result::Error) -> MigrateError {
    refused(ACT, &error)
}
