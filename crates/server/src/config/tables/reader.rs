//! The collection of names, which all keys of names fill.

use portcullis_persistence::migrations::adoption::{Name, Names, TableNames, camel};
use serde_json::{Map, Value};

use crate::config::{
    key::{Declaration, Key},
    settings::Settings,
};

/// The longest name in PostgreSQL.
const LONGEST: usize = 63;

/// A table of Better Auth, and the part of the configuration in which its names stand, such as `user`.
pub(super) type Section<'a> = (&'static str, &'a str);

/// Reads names, and refuses those that are invalid or contradict each other.
pub(super) struct Reader<'a> {
    pub(super) settings: &'a mut Settings,
    pub(super) names: Names,
}

impl<'a> Reader<'a> {
    pub(super) const fn new(settings: &'a mut Settings) -> Self {
        Self {
            settings,
            names: Names::new(),
        }
    }

    /// Begins with a table. Errors about its names suggest the keys of this section.
    pub(super) fn enter(&mut self, table: &'static str, section: &str) {
        let names = TableNames {
            key: section.to_owned(),
            ..TableNames::default()
        };
        self.names.insert(table, names);
    }

    /// Reads the name of a table.
    pub(super) fn read_table(&mut self, key: &Key<Option<String>>, (table, section): Section<'_>) {
        if let Some(name) = self.settings.get(key) {
            self.add_table(key, (table, section), &name);
        }
    }

    /// Reads the columns of a table, whose fields are `known`.
    pub(super) fn read_columns(
        &mut self,
        key: &Key<Map<String, Value>>,
        section: Section<'_>,
        known: &[String],
    ) {
        let columns = self.settings.get(key);
        self.add_columns(key, section, (&columns, known));
    }

    /// Adds the name of a table, which was given with this key.
    pub(super) fn add_table(&mut self, key: &Declaration, (table, section): Section<'_>, name: &str) {
        let path = format!("{section}.model_name");
        if !is_name(name) {
            let text = format!("`{path}` must be the name of a table, of at most {LONGEST} bytes");
            self.settings.refuse(key, text);
            return;
        }
        let names = self.names.entry(table).or_default();
        let name = Name {
            key: path,
            name: name.to_owned(),
        };
        let older = names.table.replace(name.clone());
        self.compare(key, older, &name);
    }

    /// Adds columns of a table, which were given with this key.
    pub(super) fn add_columns(
        &mut self,
        key: &Declaration,
        (table, section): Section<'_>,
        (columns, known): (&Map<String, Value>, &[String]),
    ) {
        for (member, column) in columns {
            let path = format!("{section}.fields.{member}");
            let Some(field) = field(member, known) else {
                let known = known.join(", ");
                let text = format!("`{path}` is not the name of a field; the fields are {known}");
                self.settings.refuse(key, text);
                continue;
            };
            let Some(column) = column.as_str().filter(|column| is_name(column)) else {
                let text = format!("`{path}` must be the name of a column, of at most {LONGEST} bytes");
                self.settings.refuse(key, text);
                continue;
            };
            let name = Name {
                key: path,
                name: column.to_owned(),
            };
            let names = self.names.entry(table).or_default();
            let older = names.columns.insert(field, name.clone());
            self.compare(key, older, &name);
        }
    }

    /// Refuses a second name that differs from the first.
    fn compare(&mut self, key: &Declaration, older: Option<Name>, name: &Name) {
        if let Some(older) = older.filter(|older| older.name != name.name) {
            self.settings.refuse(
                key,
                format!(
                    "`{}` must not differ from `{}`: remove one of them",
                    name.key, older.key
                ),
            );
        }
    }
}

/// Returns the field with this name, which may be in snake case.
fn field(member: &str, known: &[String]) -> Option<String> {
    let exact = known.iter().find(|field| *field == member);
    let camel = camel(member);
    // `credential_id` is the field `credentialID`.
    exact
        .or_else(|| known.iter().find(|field| field.eq_ignore_ascii_case(&camel)))
        .cloned()
}

fn is_name(text: &str) -> bool {
    !text.is_empty() && text.len() <= LONGEST && !text.contains('\0')
}
