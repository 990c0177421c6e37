//! Additional fields, which enabled features and the deployment declare. They are columns of `"user"`, of `"session"` and
//! of the tables of plugins.
//!
//! They are known when the program starts, not when it is compiled. So they are read and written as one JSON object, in
//! the statement that reads or writes the rest of the row; PostgreSQL converts each value to its column's type. The
//! text of a statement that a connection keeps depends only on the declaration, never on the client's request, so that
//! few statements are prepared.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use portcullis_domain::additional::{AdditionalFields, FieldKind, FieldSchema};
use serde_json::{Map, Value};

use crate::timestamp::Timestamp;

mod change;
mod column;
mod insert;

pub(crate) use change::Change;
pub(crate) use insert::{Insert, time};

const USER: &str = "user";
const SESSION: &str = "session";

/// The additional fields of users and sessions: those of enabled features, then those that the deployment declares. And
/// the tables of optional plugins that are used.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct DeclaredFields {
    /// Columns of `"user"`.
    pub user: FieldSchema,
    /// Columns of `"session"`.
    pub session: FieldSchema,
    /// The tables of enabled plugins whose names an application may use for tables of its own, such as `team`; each with
    /// its declared columns. Other tables of this kind are neither created nor compared.
    pub tables: BTreeMap<&'static str, FieldSchema>,
}

impl DeclaredFields {
    /// Returns the declared columns of users.
    pub(crate) fn of_users(&self) -> Columns {
        Columns {
            table: USER,
            schema: self.user.clone(),
        }
    }

    /// Returns the declared columns of sessions.
    pub(crate) fn of_sessions(&self) -> Columns {
        Columns {
            table: SESSION,
            schema: self.session.clone(),
        }
    }

    /// Returns the declared columns of a plugin's table.
    pub(crate) fn of_table(&self, table: &'static str) -> Columns {
        Columns {
            table,
            schema: self.tables.get(table).cloned().unwrap_or_default(),
        }
    }

    /// Returns each table and its declared fields.
    pub fn tables(&self) -> impl Iterator<Item = (&'static str, &FieldSchema)> {
        let of_plugins = self.tables.iter().map(|(table, schema)| (*table, schema));
        [(USER, &self.user), (SESSION, &self.session)]
            .into_iter()
            .chain(of_plugins)
    }

    /// Returns whether `constraint` is the unique constraint of a declared column, by PostgreSQL's default name or
    /// Drizzle's.
    pub(crate) fn has_unique(&self, constraint: &str) -> bool {
        self.tables().any(|(table, schema)| {
            let mut unique = schema.fields().iter().filter(|field| field.is_unique);
            unique.any(|field| {
                ["key", "unique"]
                    .iter()
                    .any(|suffix| constraint == format!("{table}_{}_{suffix}", field.name))
            })
        })
    }
}

/// The declared columns of one table. In a SELECT list they are one JSON object, or NULL if no column is declared.
#[derive(Clone, Debug)]
pub(crate) struct Columns {
    table: &'static str,
    schema: FieldSchema,
}

impl Columns {
    /// Returns whether at least one of the columns is unique.
    pub(crate) fn are_unique(&self) -> bool {
        self.schema.fields().iter().any(|field| field.is_unique)
    }

    /// Reads the values from the selected JSON object.
    pub(crate) fn read(&self, selected: Option<Value>) -> AdditionalFields {
        match selected {
            Some(Value::Object(mut stored)) => {
                self.bring_dates_near(&mut stored);
                self.schema.from_stored(stored)
            }
            _ => AdditionalFields::default(),
        }
    }

    /// Replaces dates that only PostgreSQL can represent with the nearest date in the years 1 to 9999.
    fn bring_dates_near(&self, stored: &mut Map<String, Value>) {
        let dates = self.schema.fields().iter();
        for field in dates.filter(|field| field.kind == FieldKind::Date) {
            if let Some(value) = stored.get_mut(&field.name)
                && let Some(moment) = value.as_str().and_then(Timestamp::from_json)
            {
                *value = time(DateTime::<Utc>::from(moment));
            }
        }
    }

    /// Returns the values that have a column.
    fn written(&self, values: &AdditionalFields) -> Map<String, Value> {
        let values = values.values();
        let value = |name: &String| values.get(name).map(|value| (name.clone(), value.clone()));
        self.schema
            .fields()
            .iter()
            .filter_map(|field| value(&field.name))
            .collect()
    }

    fn names(&self) -> impl Iterator<Item = &str> {
        self.schema.fields().iter().map(|field| field.name.as_str())
    }
}
