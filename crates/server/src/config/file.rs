//! Reads the file. Refuses every name that is not a key.

use toml::{
    Spanned,
    de::{DeTable, DeValue},
};

use super::{
    inputs::File,
    keys::{find, find_named, is_section},
    names::{Spelling, is_like_a_section, refusal},
    problem::Place,
    settings::{SCHEMA, Settings},
    unsupported::Unsupported,
    value::Value,
};

/// Puts the values of the file into the settings. Returns whether the file is valid TOML.
pub(super) fn read(file: &File, settings: &mut Settings) -> bool {
    let (table, errors) = DeTable::parse_recoverable(&file.text);
    for error in &errors {
        let start = error.span().map_or(0, |span| span.start);
        settings.complain(place(file, start), format!("invalid TOML: {}", error.message()));
    }
    if errors.is_empty() {
        Walk { file, settings }.table("", table.get_ref());
    }
    errors.is_empty()
}

struct Walk<'a> {
    file: &'a File,
    settings: &'a mut Settings,
}

impl Walk<'_> {
    fn table(&mut self, section: &str, table: &DeTable<'_>) {
        for (key, value) in table {
            let name = if section.is_empty() {
                key.get_ref().to_string()
            } else {
                format!("{section}.{}", key.get_ref())
            };
            self.entry(&name, key.span().start, value);
        }
    }

    fn entry(&mut self, name: &str, start: usize, value: &Spanned<DeValue<'_>>) {
        let place = place(self.file, start);
        if let Some(key) = find(name) {
            self.settings
                .set(key, Value::from_toml(key, value.get_ref()), place);
            return;
        }
        if let Some((key, given)) = find_named(name) {
            let value = Value::from_toml(key, value.get_ref());
            self.settings.set_named(key, given, value, place);
            return;
        }
        match value.get_ref() {
            DeValue::Table(table) if is_section(name) => {
                // Names of a plugin's tables and columns do not enable it.
                if table.is_empty() || table.iter().any(|(key, _)| key.get_ref().as_ref() != SCHEMA) {
                    self.settings.enter(name);
                }
                self.table(name, table);
            }
            // Each option below is refused separately, so that the message contains the name in the file.
            DeValue::Table(table) if Unsupported::has_part_in(name) && !table.is_empty() => {
                self.table(name, table);
            }
            // Each key below a section that resembles none is refused separately, with the section that has such a key.
            DeValue::Table(table) if !table.is_empty() && !is_like_a_section(name) => self.table(name, table),
            _ if is_section(name) => self.settings.complain(place, format!("`{name}` must be a table")),
            _ => self.settings.complain(place, refusal(name, name, Spelling::File)),
        }
    }
}

fn place(file: &File, start: usize) -> Place {
    let before = file.text.get(..start).unwrap_or_default();
    Place::File {
        name: file.name.clone(),
        line: before.matches('\n').count() + 1,
    }
}
