//! Columns of additional fields, which enabled features and the deployment declare: missing columns are added, differences are reported.

use diesel::{PgConnection, QueryResult, connection::SimpleConnection, sql_query};
use portcullis_domain::additional::{FieldDefinition, FieldKind};
use serde_json::Value;

use super::{
    adoption::sql::{quoted, text},
    catalog::{self, Catalog, is_true},
    expected::Kind,
};
use crate::additional::DeclaredFields;

/// A declared column of a table.
#[derive(Clone, Copy, Debug)]
pub(super) struct Declared<'a> {
    table: &'static str,
    field: &'a FieldDefinition,
}

/// Returns every declared column.
pub(super) fn all(fields: &DeclaredFields) -> impl Iterator<Item = Declared<'_>> {
    let tables = fields.tables();
    tables.flat_map(|(table, schema)| schema.fields().iter().map(move |field| Declared { table, field }))
}

/// Returns whether a column of this table is declared, so that a value is written to it.
pub(super) fn is_declared(fields: &DeclaredFields, table: &str, column: &str) -> bool {
    all(fields).any(|declared| declared.table == table && declared.field.name == column)
}

impl Declared<'_> {
    /// Returns the name of the step that adds the column.
    pub(super) fn step(self) -> String {
        format!("{}.{}", self.table, self.field.name)
    }

    /// Returns whether the column is missing.
    pub(super) fn is_missing(self, catalog: &Catalog) -> bool {
        let table = catalog.tables.get(self.table);
        table.is_none_or(|table| !table.columns.contains_key(&self.field.name))
    }

    /// Adds the changes that an existing column would need to `reasons`.
    pub(super) fn compare(self, catalog: &Catalog, reasons: &mut Vec<String>) {
        let Some(table) = catalog.tables.get(self.table) else {
            return;
        };
        if let Some(column) = table.columns.get(&self.field.name) {
            reasons.extend(
                self.differences(table, column).map(|difference| {
                    format!("{} {difference}", catalog.column(self.table, &self.field.name))
                }),
            );
        }
    }

    fn differences(self, table: &catalog::Table, column: &catalog::Column) -> impl Iterator<Item = String> {
        let kind = Kind::from(&self.field.kind);
        let other_kind = (!kind.accepts(&column.kind)).then(|| kind.difference(&column.kind));
        let must_allow_null = (column.is_required && !self.field.is_required)
            .then(|| "must allow NULL, or be declared as required".to_owned());
        let must_be_unique = (self.field.is_unique && !table.unique.contains(&self.field.name))
            .then(|| "must be UNIQUE".to_owned());
        [other_kind, must_allow_null, must_be_unique]
            .into_iter()
            .flatten()
    }

    /// Returns the table.
    pub(super) const fn table(self) -> &'static str {
        self.table
    }

    /// Returns the name of the field.
    pub(super) fn name<'b>(self) -> &'b str
    where
        Self: 'b,
    {
        &self.field.name
    }

    /// Returns the type of the column.
    pub(super) fn kind(self) -> Kind {
        Kind::from(&self.field.kind)
    }

    /// Returns whether the column must be unique.
    pub(super) const fn is_unique(self) -> bool {
        self.field.is_unique
    }

    /// Adds the column. Existing rows get the default, or NULL if there is none.
    pub(super) fn add(self, connection: &mut PgConnection) -> QueryResult<()> {
        let table = quoted(self.table);
        let definition = self.definition_in(connection, &table)?;
        let name = quoted(&self.field.name);
        connection.batch_execute(&format!(
            "ALTER TABLE {table} ADD COLUMN IF NOT EXISTS {name} {definition}"
        ))
    }

    /// Returns the definition of the column in a table, whose name is quoted, without the name of the column.
    pub(super) fn definition_in(self, connection: &mut PgConnection, table: &str) -> QueryResult<String> {
        let is_empty = format!("SELECT NOT EXISTS (SELECT 1 FROM {table}) AS is_true");
        is_true(connection, sql_query(is_empty)).map(|is_empty| self.definition(is_empty))
    }

    /// Returns the definition of the column in a table that is empty or has rows.
    pub(super) fn definition(self, is_empty: bool) -> String {
        let FieldDefinition {
            is_required,
            is_unique,
            ..
        } = *self.field;
        let kind = Kind::from(&self.field.kind).name();
        // A unique column cannot have a default: several rows would have the same value.
        let default = self.field.default.as_ref().filter(|_| is_required && !is_unique);
        let must_be_there = is_required && (is_empty || default.is_some());
        [
            Some(kind.to_owned()),
            default.map(|value| format!("DEFAULT {}::{kind}", literal(value, &self.field.kind))),
            must_be_there.then(|| "NOT NULL".to_owned()),
            is_unique.then(|| "UNIQUE".to_owned()),
        ]
        .into_iter()
        .flatten()
        .collect::<Vec<_>>()
        .join(" ")
    }
}

impl From<&FieldKind> for Kind {
    fn from(kind: &FieldKind) -> Self {
        match kind {
            FieldKind::String | FieldKind::Enum(_) => Self::Text,
            FieldKind::Number => Self::Number,
            FieldKind::Boolean => Self::Boolean,
            FieldKind::Date => Self::Time,
            FieldKind::Strings | FieldKind::Numbers | FieldKind::Json => Self::Json,
        }
    }
}

/// Formats a value as an SQL literal.
fn literal(value: &Value, kind: &FieldKind) -> String {
    match value {
        Value::String(own) if *kind != FieldKind::Json => text(own),
        other => text(&other.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn definition(is_required: bool, default: Option<Value>, is_unique: bool, is_empty: bool) -> String {
        let field = FieldDefinition {
            name: "a\"b".to_owned(),
            kind: FieldKind::String,
            is_required,
            default,
            is_input: true,
            is_returned: true,
            is_unique,
        };
        let declared = Declared {
            table: "user",
            field: &field,
        };
        declared.definition(is_empty)
    }

    #[test]
    fn a_column_can_be_added_whether_or_not_there_are_rows() {
        let default = || Some(json!(r"it's a \"));
        let with_default = r"text DEFAULT E'it''s a \\'::text NOT NULL";
        for is_empty in [true, false] {
            assert_eq!(definition(false, None, false, is_empty), "text");
            assert_eq!(definition(false, default(), true, is_empty), "text UNIQUE");
            assert_eq!(definition(true, default(), false, is_empty), with_default);
        }
        assert_eq!(definition(true, None, false, true), "text NOT NULL");
        assert_eq!(definition(true, None, false, false), "text");
        assert_eq!(definition(true, default(), true, true), "text NOT NULL UNIQUE");
        assert_eq!(definition(true, default(), true, false), "text UNIQUE");
    }
}
