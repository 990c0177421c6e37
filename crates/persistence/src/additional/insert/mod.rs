//! Insertion of a row, whose columns may have other types in an adopted database, and which may have declared columns.

mod statement;

use chrono::{DateTime, SecondsFormat, Utc};
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

/// Formats a time for PostgreSQL.
pub(crate) fn time(time: DateTime<Utc>) -> Value {
    Value::String(time.to_rfc3339_opts(SecondsFormat::Micros, true))
}
