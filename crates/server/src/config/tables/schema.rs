//! The key `schema` of a plugin: the names of its tables, and of the columns that it adds to users.

use portcullis_domain::additional::FieldDefinition;
use portcullis_persistence::migrations::adoption::{camel, fields};
use serde_json::{Map, Value};

use super::{USER, reader::Reader};
use crate::config::{declare, key::Key};

/// What the members of `schema` are.
const MEMBERS: &str = "tables with `model_name` and `fields`";

/// The key of a plugin, and what it may name.
pub(in crate::config) struct Schema {
    pub(in crate::config) key: Key<Map<String, Value>>,
    /// The plugin's own tables.
    tables: &'static [&'static str],
    /// The fields that the plugin adds to users.
    user_fields: fn() -> Vec<FieldDefinition>,
}

impl Schema {
    /// Declares the key with this name.
    pub(in crate::config) const fn new(
        name: &'static str,
        tables: &'static [&'static str],
        user_fields: fn() -> Vec<FieldDefinition>,
    ) -> Self {
        let doc = "Names of the plugin's tables and columns, as in Better Auth's option `schema`, for `portcullis adopt`.";
        Self {
            key: declare::table(name, MEMBERS, doc).or("{}"),
            tables,
            user_fields,
        }
    }

    /// Returns the fields that the plugin adds to users, whether or not it is enabled.
    pub(super) fn user_fields(&self) -> Vec<String> {
        let fields = (self.user_fields)().into_iter();
        fields.map(|field| field.name).collect()
    }

    /// Reads the names.
    pub(super) fn read(&self, reader: &mut Reader<'_>) {
        let key = &self.key;
        for table in self.tables {
            reader.enter(table, &format!("{key}.{table}"));
        }
        for (member, value) in reader.settings.get(key) {
            let tables = self.tables.iter().chain([&USER]);
            let mut named = tables.filter(|table| **table == camel(&member));
            match (named.next(), &value) {
                (Some(table), Value::Object(value)) => self.read_table(reader, (table, &member), value),
                (Some(_), _) => {
                    let text = format!("`{key}.{member}` must be a table with `model_name` and `fields`");
                    reader.settings.refuse(key, text);
                }
                (None, _) => {
                    let text = format!("`{key}` has no table \"{member}\"");
                    reader.settings.refuse(key, text);
                }
            }
        }
    }

    fn read_table(
        &self,
        reader: &mut Reader<'_>,
        (table, member): (&'static str, &str),
        value: &Map<String, Value>,
    ) {
        let key = &self.key;
        let section = format!("{key}.{member}");
        let known = if table == USER {
            self.user_fields()
        } else {
            fields(table).into_iter().map(str::to_owned).collect()
        };
        for (name, value) in value {
            match (camel(name).as_str(), value) {
                ("modelName", Value::String(value)) => reader.add_table(key, (table, &section), value),
                ("fields", Value::Object(value)) => {
                    reader.add_columns(key, (table, &section), (value, &known));
                }
                _ => reader.settings.refuse(
                    key,
                    format!("`{section}.{name}` is none of `model_name` (a name) and `fields` (columns by field name)"),
                ),
            }
        }
    }
}
