//! Fields that a deployment declares: real columns of `"user"` and `"session"`.
//!
//! They are known when the program starts, not when it is compiled. So they come and go as one JSON object, in the
//! statement that reads or writes the rest of the row; PostgreSQL puts each value into its column's type. The text of
//! a statement depends on the declaration alone, never on what a client sends, so that few are ever prepared.

use chrono::{DateTime, Utc};
use portcullis_domain::additional::{AdditionalFields, FieldKind, FieldSchema};
use serde_json::{Map, Value};

use crate::moment::Moment;

mod change;
mod column;
mod insert;

pub(crate) use change::Change;
pub(crate) use insert::{Insert, time};

const USER: &str = "user";
const SESSION: &str = "session";

/// What a deployment keeps of users and sessions besides.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct DeclaredFields {
    /// Columns of `"user"`.
    pub user: FieldSchema,
    /// Columns of `"session"`.
    pub session: FieldSchema,
}

impl DeclaredFields {
    /// The declared columns of users.
    pub(crate) fn of_users(&self) -> Columns {
        Columns {
            table: USER,
            schema: self.user.clone(),
        }
    }

    /// The declared columns of sessions.
    pub(crate) fn of_sessions(&self) -> Columns {
        Columns {
            table: SESSION,
            schema: self.session.clone(),
        }
    }

    /// The table and its fields.
    pub(crate) fn tables(&self) -> [(&'static str, &FieldSchema); 2] {
        [(USER, &self.user), (SESSION, &self.session)]
    }

    /// Whether the constraint keeps a declared column unique: PostgreSQL's own name for it, or Drizzle's.
    pub(crate) fn has_unique(&self, constraint: &str) -> bool {
        self.tables().into_iter().any(|(table, schema)| {
            let mut unique = schema.fields().iter().filter(|field| field.is_unique);
            unique.any(|field| {
                ["key", "unique"]
                    .iter()
                    .any(|suffix| constraint == format!("{table}_{}_{suffix}", field.name))
            })
        })
    }
}

/// The declared columns of one table. Where they are selected, they are one JSON object, or NULL where nothing is
/// declared.
#[derive(Clone, Debug)]
pub(crate) struct Columns {
    table: &'static str,
    schema: FieldSchema,
}

impl Columns {
    /// Whether no two rows may have the same in one of them.
    pub(crate) fn are_unique(&self) -> bool {
        self.schema.fields().iter().any(|field| field.is_unique)
    }

    /// The values, as they were selected.
    pub(crate) fn read(&self, selected: Option<Value>) -> AdditionalFields {
        match selected {
            Some(Value::Object(mut stored)) => {
                self.bring_dates_near(&mut stored);
                self.schema.from_stored(stored)
            }
            _ => AdditionalFields::default(),
        }
    }

    /// Moves dates that nothing but PostgreSQL can write to the nearest ones that can be written.
    fn bring_dates_near(&self, stored: &mut Map<String, Value>) {
        let dates = self.schema.fields().iter();
        for field in dates.filter(|field| field.kind == FieldKind::Date) {
            if let Some(value) = stored.get_mut(&field.name)
                && let Some(moment) = value.as_str().and_then(Moment::from_json)
            {
                *value = time(DateTime::<Utc>::from(moment));
            }
        }
    }

    /// The values that have a column.
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
