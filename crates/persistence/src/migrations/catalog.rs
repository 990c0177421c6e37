//! The tables in the database, from PostgreSQL's catalogue.

use std::collections::{BTreeMap, BTreeSet, btree_map::Entry};

use diesel::{
    OptionalExtension, PgConnection, QueryResult, QueryableByName, RunQueryDsl,
    query_dsl::LoadQuery,
    sql_query,
    sql_types::{Bool, Nullable, Text},
};

use super::{
    adoption::{
        follow,
        record::AdoptedTable,
        sql::quoted,
        step::{ID, UUID},
    },
    catalog_queries::{CASCADES, COLUMNS, HIDDEN, REFERENCES, REFUSED, UNIQUE},
};

/// Better Auth's table of users.
pub(super) const USER: &str = "user";
/// The table in which diesel records the versions of applied migrations.
pub(super) const BOOKKEEPING: &str = "__diesel_schema_migrations";

/// The tables of one schema, and the versions of the migrations that were applied to it.
#[derive(Debug, Default)]
pub(super) struct Catalog {
    pub(super) tables: BTreeMap<String, Table>,
    pub(super) versions: BTreeSet<String>,
    /// The encoding of the database, if it is not UTF-8.
    pub(super) foreign_encoding: Option<String>,
    /// The time zone of database sessions, if it is not UTC.
    pub(super) foreign_time_zone: Option<String>,
    /// The tables of the application that are read through views. Empty: the database is not adopted.
    pub(super) adopted: Vec<AdoptedTable>,
}

impl Catalog {
    /// Returns whether ids have the type `uuid`.
    pub(super) fn has_uuids(&self) -> bool {
        let users = self.tables.get(USER);
        users.is_some_and(|users| users.columns.get("id").is_some_and(|id| id.kind == "uuid"))
    }

    /// Returns the quoted name of a column: in an adopted database, that of the application, with its table and schema.
    pub(super) fn column(&self, table: &str, column: &str) -> String {
        let adopted = self.adopted.iter().find(|adopted| adopted.view == table);
        let theirs = adopted.and_then(|adopted| Some((adopted, adopted.columns.get(column)?)));
        theirs.map_or_else(
            || format!("{}.{}", quoted(table), quoted(column)),
            |(adopted, theirs)| format!("{}.{}", adopted.place(), quoted(theirs)),
        )
    }

    /// Returns the quoted name of a table: in an adopted database, that of the application, with its schema.
    pub(super) fn table(&self, name: &str) -> String {
        let adopted = self.adopted.iter().find(|adopted| adopted.view == name);
        adopted.map_or_else(|| quoted(name), AdoptedTable::place)
    }

    /// Returns whether the database is adopted.
    pub(super) const fn is_adopted(&self) -> bool {
        !self.adopted.is_empty()
    }
}

/// One table or view.
#[derive(Debug, Default)]
pub(super) struct Table {
    pub(super) columns: BTreeMap<String, Column>,
    /// Columns with a unique index on only that column.
    pub(super) unique: BTreeSet<String>,
    /// Columns that reference a user, with ON DELETE CASCADE.
    pub(super) cascades: BTreeSet<String>,
    /// Tables of the same schema that a foreign key references.
    pub(super) references: BTreeSet<String>,
    /// Columns of the application's table that the view does not show, by their own names.
    pub(super) unseen: BTreeMap<String, Column>,
    /// Privileges that the role lacks.
    pub(super) refused: Vec<String>,
    /// Whether row-level security applies to the role.
    pub(super) is_row_secured: bool,
}

/// One column.
#[derive(Clone, Debug)]
pub(super) struct Column {
    /// PostgreSQL's name of the type.
    pub(super) kind: String,
    pub(super) is_required: bool,
    pub(super) has_default: bool,
}

#[derive(QueryableByName)]
struct ColumnRow {
    #[diesel(sql_type = Text)]
    place: String,
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Text)]
    kind: String,
    #[diesel(sql_type = Bool)]
    is_required: bool,
    #[diesel(sql_type = Bool)]
    has_default: bool,
}

#[derive(QueryableByName)]
struct KeyRow {
    #[diesel(sql_type = Text)]
    place: String,
    #[diesel(sql_type = Text)]
    name: String,
}

#[derive(QueryableByName)]
struct TextRow {
    #[diesel(sql_type = Nullable<Text>)]
    value: Option<String>,
}

/// The answer to a question.
#[derive(QueryableByName)]
pub(super) struct Answer {
    #[diesel(sql_type = Bool)]
    is_true: bool,
}

type Note = fn(&mut Table, String);

/// The queries about tables, and what to do with each row of the result.
const NOTES: [(&str, Note); 5] = [
    (UNIQUE, |table, column| {
        table.unique.insert(column);
    }),
    (CASCADES, |table, column| {
        // A reference of the column with the id as `uuid` counts as one of the column with the id as text.
        let stem = column.strip_suffix(UUID);
        let column = stem.map_or_else(|| column.clone(), |stem| format!("{stem}{ID}"));
        table.cascades.insert(column);
    }),
    (REFERENCES, |table, other| {
        table.references.insert(other);
    }),
    (REFUSED, |table, privilege| table.refused.push(privilege)),
    (HIDDEN, |table, _| table.is_row_secured = true),
];

/// Returns the schema in which new tables are created, or `None` if there is none.
pub(super) fn current_schema(connection: &mut PgConnection) -> QueryResult<Option<String>> {
    sql_query("SELECT current_schema()::text AS value")
        .get_result::<TextRow>(connection)
        .optional()
        .map(|row| row.and_then(|row| row.value))
}

/// Reads the catalogue of a schema. In an adopted database, it contains the application's tables by Better Auth's names.
pub(super) fn read(connection: &mut PgConnection, schema: &str) -> QueryResult<Catalog> {
    let adopted = follow::read(connection, schema)?;
    let users = users_of(&adopted).unwrap_or((schema, USER));
    let mut tables = tables(connection, schema, users)?;
    let mut theirs = of_application(connection, &adopted)?;
    for adopted in &adopted {
        let theirs = theirs.remove(&adopted.view).unwrap_or_default();
        let view = tables.remove(&adopted.view).unwrap_or_default();
        tables.insert(adopted.view.clone(), adopted.seen_through(&view, &theirs));
    }
    Ok(Catalog {
        versions: versions(connection, schema, &tables)?,
        foreign_encoding: setting(connection, "server_encoding", "UTF8")?,
        foreign_time_zone: setting(connection, "TimeZone", "UTC")?,
        tables,
        adopted,
    })
}

/// Reads the application's tables, each by the name of its view. A table that does not exist is left out.
pub(super) fn of_application(
    connection: &mut PgConnection,
    adopted: &[AdoptedTable],
) -> QueryResult<BTreeMap<String, Table>> {
    let users = users_of(adopted).unwrap_or_default();
    let mut schemas: BTreeMap<&str, BTreeMap<String, Table>> = BTreeMap::new();
    let mut found = BTreeMap::new();
    for adopted in adopted {
        let schema = match schemas.entry(&adopted.schema) {
            Entry::Occupied(read) => read.into_mut(),
            Entry::Vacant(unread) => unread.insert(tables(connection, &adopted.schema, users)?),
        };
        if let Some(table) = schema.remove(&adopted.table) {
            found.insert(adopted.view.clone(), table);
        }
    }
    Ok(found)
}

/// Returns the schema and the name of the table of users.
fn users_of(adopted: &[AdoptedTable]) -> Option<(&str, &str)> {
    let users = adopted.iter().find(|adopted| adopted.view == USER)?;
    Some((&users.schema, &users.table))
}

/// Returns the answer to a query whose only column is `is_true`.
pub(super) fn is_true<'a, Q>(connection: &mut PgConnection, question: Q) -> QueryResult<bool>
where
    Q: LoadQuery<'a, PgConnection, Answer>,
{
    question
        .get_result::<Answer>(connection)
        .map(|answer| answer.is_true)
}

/// Reads the tables and views of a schema. `users` are the schema and the name of the table of users.
pub(super) fn tables(
    connection: &mut PgConnection,
    schema: &str,
    users: (&str, &str),
) -> QueryResult<BTreeMap<String, Table>> {
    let mut tables: BTreeMap<String, Table> = BTreeMap::new();
    for row in sql_query(COLUMNS)
        .bind::<Text, _>(schema)
        .load::<ColumnRow>(connection)?
    {
        let column = Column {
            kind: row.kind,
            is_required: row.is_required,
            has_default: row.has_default,
        };
        let table = tables.entry(row.place).or_default();
        table.columns.insert(row.name, column);
    }
    for (query, note) in NOTES {
        for row in sql_query(query)
            .bind::<Text, _>(schema)
            .bind::<Text, _>(users.0)
            .bind::<Text, _>(users.1)
            .load::<KeyRow>(connection)?
        {
            note(tables.entry(row.place).or_default(), row.name);
        }
    }
    Ok(tables)
}

fn versions(
    connection: &mut PgConnection,
    schema: &str,
    tables: &BTreeMap<String, Table>,
) -> QueryResult<BTreeSet<String>> {
    if !tables.contains_key(BOOKKEEPING) {
        return Ok(BTreeSet::new());
    }
    versions_in(connection, schema)
}

/// Returns the versions of the migrations that were applied to a schema.
pub(super) fn versions_in(connection: &mut PgConnection, schema: &str) -> QueryResult<BTreeSet<String>> {
    let versions = format!(
        "SELECT version::text AS value FROM {}.{BOOKKEEPING}",
        quoted(schema)
    );
    let versions = sql_query(versions).load::<TextRow>(connection)?;
    Ok(versions.into_iter().filter_map(|row| row.value).collect())
}

/// Returns the value of a setting, unless it is `expected`.
fn setting(connection: &mut PgConnection, name: &str, expected: &str) -> QueryResult<Option<String>> {
    let value = sql_query("SELECT current_setting($1) AS value")
        .bind::<Text, _>(name)
        .get_result::<TextRow>(connection)?
        .value;
    Ok(value.filter(|value| value != expected))
}
