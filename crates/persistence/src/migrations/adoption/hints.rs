//! What is known about the application's tables before they are recognised.

use super::{
    names::{Name, Names},
    recognition::Tables,
    record::AdoptedTable,
    sql::quoted,
};

/// The names that the configuration declares, and those that the adoption has recorded.
pub(super) struct Hints<'a> {
    pub(super) names: &'a Names,
    recorded: Vec<AdoptedTable>,
}

impl<'a> Hints<'a> {
    /// Leaves out recorded tables and columns that no longer exist.
    pub(super) fn new(names: &'a Names, recorded: Vec<AdoptedTable>, schemas: &[(String, Tables)]) -> Self {
        let recorded = recorded.into_iter();
        Self {
            names,
            recorded: recorded
                .filter_map(|adopted| existing(adopted, schemas))
                .collect(),
        }
    }

    /// Returns the schema of the recorded tables.
    pub(super) fn schema(&self) -> Option<&str> {
        self.recorded.first().map(|adopted| adopted.schema.as_str())
    }

    /// Returns the recorded table of a view.
    pub(super) fn recorded(&self, view: &str) -> Option<&AdoptedTable> {
        self.recorded.iter().find(|adopted| adopted.view == view)
    }

    /// Returns the name that the configuration declares for a table.
    pub(super) fn named_table(&self, view: &str) -> Option<&Name> {
        self.names.get(view)?.table.as_ref()
    }

    /// Returns the name that the configuration declares for a column.
    pub(super) fn named_column(&self, view: &str, field: &str) -> Option<&Name> {
        self.names.get(view)?.columns.get(field)
    }

    /// Returns the column for a field.
    pub(super) fn column(&self, view: &str, field: &str) -> Option<&str> {
        let named = self.named_column(view, field).map(|name| &name.name);
        let recorded = || self.recorded(view)?.columns.get(field);
        named.or_else(recorded).map(String::as_str)
    }

    /// Returns the key of the configuration under which the names of a table stand.
    pub(super) fn key<'b>(&'b self, view: &'b str) -> &'b str {
        key(self.names, view)
    }
}

/// Returns the key of the configuration under which the names of a table stand.
pub(super) fn key<'a>(names: &'a Names, view: &'a str) -> &'a str {
    names.get(view).map_or(view, |names| names.key.as_str())
}

/// Returns a sentence for each recorded column that no longer exists.
pub(super) fn gone(recorded: &[AdoptedTable], schemas: &[(String, Tables)]) -> Vec<String> {
    let mut gone = Vec::new();
    for adopted in recorded {
        let tables = schemas.iter().find(|(schema, _)| *schema == adopted.schema);
        let table = tables.and_then(|(_, tables)| tables.get(&adopted.table));
        let columns = adopted
            .columns
            .iter()
            .filter(|(_, column)| table.is_some_and(|table| !table.columns.contains_key(*column)));
        gone.extend(columns.map(|(field, column)| {
            format!(
                "{}.{}, which was `{field}`, no longer exists: if it was renamed, name the new column as that field before `--apply`",
                adopted.place(),
                quoted(column)
            )
        }));
    }
    gone
}

fn existing(mut adopted: AdoptedTable, schemas: &[(String, Tables)]) -> Option<AdoptedTable> {
    let (_, tables) = schemas.iter().find(|(schema, _)| *schema == adopted.schema)?;
    let table = tables.get(&adopted.table)?;
    adopted
        .columns
        .retain(|_, column| table.columns.contains_key(column));
    Some(adopted)
}
