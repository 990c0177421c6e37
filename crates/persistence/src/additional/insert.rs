//! Insertion of a row, whose columns may have other types in an adopted database, and which may have declared columns.

use chrono::{DateTime, SecondsFormat, Utc};
use diesel::{
    Expression, PgConnection, QueryResult, RunQueryDsl,
    pg::Pg,
    query_builder::{AstPass, Query, QueryFragment, QueryId},
    sql_types::Jsonb,
};
use portcullis_application::ports::Failure;
use portcullis_domain::additional::AdditionalFields;
use serde_json::{Map, Value};

use super::Columns;
use crate::text::reject_nul_in_json;

/// Inserts a row that is given as a JSON object with the columns' names as keys. PostgreSQL converts each value to the
/// type of its column. It has no debug output, since rows contain password hashes and keys.
pub(crate) struct Insert {
    table: &'static str,
    row: Value,
    conflict: &'static str,
    /// Whether every declared column has a value.
    is_complete: bool,
}

impl Insert {
    /// Creates an insertion of these columns, and of the declared columns that have a value.
    ///
    /// # Errors
    ///
    /// If a text contains NUL.
    pub(crate) fn new<const COUNT: usize>(
        columns: &Columns,
        values: &AdditionalFields,
        row: [(&str, Value); COUNT],
    ) -> Result<Self, Failure> {
        let mut all = columns.written(values);
        let is_complete = all.len() == columns.names().count();
        all.extend(row.map(|(name, value)| (name.to_owned(), value)));
        Ok(Self {
            is_complete,
            ..Self::of_row(columns.table, Value::Object(all))?
        })
    }

    /// Creates an insertion of these columns into a table without declared columns.
    ///
    /// # Errors
    ///
    /// If a text contains NUL.
    pub(crate) fn into<const COUNT: usize>(
        table: &'static str,
        row: [(&str, Value); COUNT],
    ) -> Result<Self, Failure> {
        let row = row.map(|(name, value)| (name.to_owned(), value));
        Self::of_row(table, Value::Object(Map::from_iter(row)))
    }

    fn of_row(table: &'static str, row: Value) -> Result<Self, Failure> {
        reject_nul_in_json(&row)?;
        Ok(Self {
            table,
            row,
            conflict: "",
            is_complete: true,
        })
    }

    /// Sets the `ON CONFLICT` clause.
    pub(crate) const fn on_conflict(mut self, conflict: &'static str) -> Self {
        self.conflict = conflict;
        self
    }

    /// Returns the selected columns of the row as it is stored: a column without a value gets its default, and triggers
    /// may change values.
    pub(crate) const fn returning<Selection>(self, selection: Selection) -> Returning<Selection> {
        Returning {
            insertion: self,
            selection,
        }
    }

    fn names(&self) -> impl Iterator<Item = &String> {
        self.row.as_object().into_iter().flat_map(Map::keys)
    }
}

/// An insertion that returns columns of the inserted row.
pub(crate) struct Returning<Selection> {
    insertion: Insert,
    selection: Selection,
}

impl<Selection: Expression> Query for &Returning<Selection> {
    type SqlType = Selection::SqlType;
}

impl<Selection> RunQueryDsl<PgConnection> for &Returning<Selection> {}

impl<Selection> QueryId for Returning<Selection> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<Selection: QueryFragment<Pg>> QueryFragment<Pg> for Returning<Selection> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        self.insertion.walk_ast(out.reborrow())?;
        out.push_sql(" RETURNING ");
        self.selection.walk_ast(out)
    }
}

/// Formats a time for PostgreSQL.
pub(crate) fn time(time: DateTime<Utc>) -> Value {
    Value::String(time.to_rfc3339_opts(SecondsFormat::Micros, true))
}

impl RunQueryDsl<PgConnection> for &Insert {}

impl QueryId for Insert {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl QueryFragment<Pg> for Insert {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        // A declared column without a value gets its default, so it must not be in the statement. Then the text depends on
        // the client's request: such statements are not kept on the connection, or clients could fill its memory.
        if !self.is_complete {
            out.unsafe_to_cache_prepared();
        }
        out.push_sql("INSERT INTO ");
        out.push_identifier(self.table)?;
        for (before, prefix) in [(" (", ""), (") SELECT ", "given.")] {
            for (index, name) in self.names().enumerate() {
                out.push_sql(if index == 0 { before } else { ", " });
                out.push_sql(prefix);
                out.push_identifier(name)?;
            }
        }
        out.push_sql(" FROM jsonb_populate_record(NULL::");
        out.push_identifier(self.table)?;
        out.push_sql(", ");
        out.push_bind_param::<Jsonb, _>(&self.row)?;
        out.push_sql(") AS given ");
        out.push_sql(self.conflict);
        Ok(())
    }
}
