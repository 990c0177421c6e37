//! A database whose tables a test creates, and what they are.

use diesel::{
    Connection, PgConnection, QueryableByName, RunQueryDsl, connection::SimpleConnection, sql_query,
    sql_types::Text,
};
use portcullis_persistence::{
    DatabaseUrl,
    migrations::{MigrateError, SchemaState, inspect, migrate, pending},
};
use portcullis_test_database::TestDatabase;

use super::undeclared;

/// The definitions of all columns, constraints and indexes, as text.
const SCHEMA: &str = "
    SELECT concat_ws(' ', c.relname, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull,
        pg_get_expr(d.adbin, d.adrelid)) AS line
    FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
    LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
    WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind = 'r' AND a.attnum > 0
        AND c.relname NOT LIKE '\\_\\_diesel%'
    UNION ALL
    SELECT concat_ws(' ', conname, pg_get_constraintdef(oid)) FROM pg_constraint
    WHERE connamespace = current_schema()::regnamespace AND conname NOT LIKE '\\_\\_diesel%'
    UNION ALL
    SELECT indexdef FROM pg_indexes WHERE schemaname = current_schema() AND indexname NOT LIKE '\\_\\_diesel%'
    ORDER BY line";

#[derive(QueryableByName)]
struct Line {
    #[diesel(sql_type = Text)]
    line: String,
}

pub(crate) struct Schema {
    pub(crate) url: DatabaseUrl,
    _database: TestDatabase,
}

impl Schema {
    /// Creates a database and executes these statements in it.
    pub(crate) fn made_by(statements: &str) -> Self {
        let database = TestDatabase::empty();
        let schema = Self {
            url: DatabaseUrl::parse(database.url()).unwrap(),
            _database: database,
        };
        if !statements.is_empty() {
            schema.execute(statements);
        }
        schema
    }

    pub(crate) fn connection(&self) -> PgConnection {
        PgConnection::establish(self.url.expose()).unwrap()
    }

    pub(crate) fn execute(&self, statements: &str) {
        self.connection().batch_execute(statements).unwrap();
    }

    pub(crate) fn lines(&self, query: &str) -> Vec<String> {
        let lines: Vec<Line> = sql_query(query).load(&mut self.connection()).unwrap();
        lines.into_iter().map(|row| row.line).collect()
    }

    pub(crate) fn shape(&self) -> Vec<String> {
        self.lines(SCHEMA)
    }

    /// Returns the number and a digest of the rows of each table, sorted by name.
    pub(crate) fn rows(&self) -> Vec<String> {
        let tables = self.lines(
            "SELECT quote_ident(relname) AS line FROM pg_class
             WHERE relnamespace = current_schema()::regnamespace AND relkind = 'r'
                AND relname NOT LIKE '\\_\\_diesel%' ORDER BY 1",
        );
        let digest = |table: &String| {
            let digest = format!(
                "SELECT '{table} ' || count(*) || ' ' || coalesce(md5(string_agg(t::text, ';' ORDER BY t::text)), '') AS line FROM {table} t"
            );
            self.lines(&digest)
        };
        tables.iter().flat_map(digest).collect()
    }

    pub(crate) fn refusal(&self) -> Vec<String> {
        let before = self.shape();
        let SchemaState::Foreign(reasons) = inspect(&self.url, &undeclared()).unwrap() else {
            return Vec::new();
        };
        assert!(
            matches!(migrate(&self.url, &undeclared()), Err(MigrateError::Foreign(found)) if found == reasons)
        );
        assert!(
            matches!(pending(&self.url, &undeclared()), Err(MigrateError::Foreign(found)) if found == reasons)
        );
        assert_eq!(self.shape(), before);
        assert!(
            self.lines("SELECT 'x' AS line WHERE to_regclass('__diesel_schema_migrations') IS NOT NULL")
                .is_empty()
        );
        reasons
    }
}
