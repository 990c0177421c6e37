//! The key `schema` of a plugin: the names of its tables, and of the columns that it adds to users and sessions.

use portcullis_domain::additional::FieldDefinition;
use portcullis_persistence::migrations::adoption::{camel, fields};
use serde_json::{Map, Value};

use super::{SESSION, USER, reader::Reader};
use crate::config::{declare, key::Key, settings::Settings};

/// What the members of `schema` are.
const MEMBERS: &str = "tables with `model_name` and `fields`";

/// The key of a plugin, and what it may name.
pub(in crate::config) struct Schema {
    pub(in crate::config) key: Key<Map<String, Value>>,
    /// The plugin's own tables.
    tables: &'static [&'static str],
    /// The fields that the plugin adds to users.
    user_fields: fn() -> Vec<FieldDefinition>,
    /// The fields that the plugin adds to sessions.
    session_fields: fn() -> Vec<FieldDefinition>,
    /// Whether the deployment may add fields to the plugin's tables.
    has_additional_fields: bool,
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
            session_fields: Vec::new,
            has_additional_fields: false,
        }
    }

    /// Adds the fields that the plugin adds to sessions.
    pub(in crate::config) const fn with_session_fields(self, fields: fn() -> Vec<FieldDefinition>) -> Self {
        Self {
            session_fields: fields,
            ..self
        }
    }

    /// Lets the deployment add fields to the plugin's tables, by `additional_fields`.
    pub(in crate::config) const fn with_additional_fields(self) -> Self {
        Self {
            has_additional_fields: true,
            ..self
        }
    }

    /// Returns the declarations of the fields that the deployment adds to a table of the plugin, with their place below
    /// the key.
    pub(in crate::config) fn additional_fields(
        &self,
        settings: &Settings,
        table: &str,
    ) -> Option<(String, Map<String, Value>)> {
        let named = settings.get(&self.key);
        let (member, value) = named.iter().find(|(member, _)| camel(member) == table)?;
        let (name, fields) = value.as_object()?.iter().find(|(name, _)| is_additional(name))?;
        Some((format!("{member}.{name}"), fields.as_object()?.clone()))
    }

    /// Returns the fields that the plugin adds to users or to sessions, whether or not it is enabled.
    pub(super) fn fields_of(&self, table: &str) -> Vec<String> {
        let fields = match table {
            USER => (self.user_fields)(),
            SESSION => (self.session_fields)(),
            _ => Vec::new(),
        };
        fields.into_iter().map(|field| field.name).collect()
    }

    /// Reads the names.
    pub(super) fn read(&self, reader: &mut Reader<'_>) {
        let key = &self.key;
        for table in self.tables {
            reader.enter(table, &format!("{key}.{table}"));
        }
        for (member, value) in reader.settings.get(key) {
            let tables = self.tables.iter().chain([&USER, &SESSION]);
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
        let known = if [USER, SESSION].contains(&table) {
            self.fields_of(table)
        } else {
            fields(table).into_iter().map(str::to_owned).collect()
        };
        for (name, value) in value {
            match (camel(name).as_str(), value) {
                ("modelName", Value::String(value)) => reader.add_table(key, (table, &section), value),
                ("fields", Value::Object(value)) => {
                    reader.add_columns(key, (table, &section), (value, &known));
                }
                (_, Value::Object(_)) if self.has_additional_fields && is_additional(name) => {}
                _ => reader.settings.refuse(
                    key,
                    format!("`{section}.{name}` is none of `model_name` (a name) and `fields` (columns by field name)"),
                ),
            }
        }
    }
}

/// Whether this is the member that declares additional fields of a table.
fn is_additional(name: &str) -> bool {
    camel(name) == "additionalFields"
}
