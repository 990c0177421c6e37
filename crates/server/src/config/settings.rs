//! What was given for the keys of the table, whoever gave it, and everything that is wrong with it.

use std::collections::{BTreeMap, BTreeSet};

use portcullis_domain::secret::Secret;
use serde_json::{Map, Value as Json};

use super::{
    keys::Key,
    problem::{Place, Problem, Problems},
    value::Value,
};

/// A value and its place; no value where what was given is refused already.
struct Given {
    value: Option<Value>,
    place: Place,
}

/// The values by key. A section asks for its keys by name and refuses what it cannot use.
#[derive(Default)]
pub(super) struct Settings {
    given: BTreeMap<&'static str, Given>,
    sections: BTreeSet<String>,
    problems: Vec<Problem>,
    warnings: Vec<Problem>,
    #[cfg(test)]
    asked: std::cell::RefCell<BTreeSet<String>>,
}

impl Settings {
    /// Takes up a value, or why it is refused. What is set later wins.
    pub(super) fn set(&mut self, key: &'static Key, value: Result<Value, String>, place: Place) {
        let value = match value {
            Ok(value) => Some(value),
            Err(text) => {
                self.problems.push(Problem::new(place.clone(), text));
                None
            }
        };
        self.given.insert(key.name, Given { value, place });
    }

    /// Takes up that the file has a section with this name, be it empty.
    pub(super) fn enter(&mut self, section: &str) {
        self.sections.insert(section.to_owned());
    }

    /// Something is wrong that belongs to no key of the table. It is told once.
    pub(super) fn complain(&mut self, place: Place, text: impl Into<String>) {
        let problem = Problem::new(place, text);
        if !self.problems.contains(&problem) {
            self.problems.push(problem);
        }
    }

    /// What was given for a key cannot be used; told with the place where it was given.
    pub(super) fn refuse(&mut self, name: &str, text: impl Into<String>) {
        self.complain(self.place(name), text);
    }

    /// Records that the value of a key is valid and may be meant, but is dangerous. The same warning is recorded once.
    pub(super) fn warn(&mut self, name: &str, text: impl Into<String>) {
        let warning = Problem::new(self.place(name), text);
        if !self.warnings.contains(&warning) {
            self.warnings.push(warning);
        }
    }

    /// Where a key was given.
    fn place(&self, name: &str) -> Place {
        let given = self.given.get(name);
        given.map_or(Place::Nowhere, |given| given.place.clone())
    }

    /// The first of these keys that was given, else the first of all: where a contradiction of theirs is to be told.
    pub(super) fn first_given<const N: usize>(&self, names: [&'static str; N]) -> &'static str {
        let given = names.into_iter().find(|name| self.is_given(name));
        given.or(names.first().copied()).unwrap_or_default()
    }

    /// Whether anything was given for a key, be it refused or not.
    pub(super) fn is_given(&self, name: &str) -> bool {
        self.given.contains_key(name)
    }

    /// Whether anything is said of a section: by its head in the file, or by a key in it.
    pub(super) fn has_section(&self, name: &str) -> bool {
        self.sections.contains(name) || self.given.keys().any(|key| is_below(key, name))
    }

    /// The value given, else the table's own, else none.
    pub(super) fn boolean(&self, name: &str) -> Option<bool> {
        match self.find(name)? {
            Value::Boolean(boolean) => Some(boolean),
            _ => None,
        }
    }

    /// The value given, else the table's own, else none.
    pub(super) fn number(&self, name: &str) -> Option<u64> {
        match self.find(name)? {
            Value::Number(number) => Some(number),
            _ => None,
        }
    }

    /// The value given, else the table's own, else none.
    pub(super) fn text(&self, name: &str) -> Option<String> {
        match self.find(name)? {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The value given, else none.
    pub(super) fn secret(&self, name: &str) -> Option<Secret<String>> {
        match self.find(name)? {
            Value::Secret(secret) => Some(secret),
            _ => None,
        }
    }

    /// The value given, else the table's own.
    pub(super) fn list(&self, name: &str) -> Vec<String> {
        match self.find(name) {
            Some(Value::List(list)) => list,
            _ => Vec::new(),
        }
    }

    /// The values given, else none.
    pub(super) fn secrets(&self, name: &str) -> Option<Vec<Secret<String>>> {
        match self.find(name)? {
            Value::Secrets(secrets) => Some(secrets),
            _ => None,
        }
    }

    /// What was declared.
    pub(super) fn fields(&self, name: &str) -> Map<String, Json> {
        match self.find(name) {
            Some(Value::Fields(fields)) => fields,
            _ => Map::new(),
        }
    }

    /// Returns the warnings, after every section has read its keys.
    ///
    /// # Errors
    ///
    /// If anything was refused.
    pub(super) fn finish(mut self) -> Result<Vec<Problem>, Problems> {
        if self.problems.is_empty() {
            self.warnings.sort_by(Problem::by_place);
            Ok(self.warnings)
        } else {
            Err(self.into_problems())
        }
    }

    /// What is wrong so far.
    pub(super) fn into_problems(self) -> Problems {
        Problems::new(self.problems)
    }

    fn find(&self, name: &str) -> Option<Value> {
        #[cfg(test)]
        self.asked.borrow_mut().insert(name.to_owned());
        let given = self.given.get(name).and_then(|given| given.value.clone());
        given.or_else(|| Key::find(name).and_then(Value::fallback))
    }

    /// The names that were asked for so far.
    #[cfg(test)]
    pub(super) fn asked(&self) -> BTreeSet<String> {
        self.asked.borrow().clone()
    }
}

fn is_below(key: &str, section: &str) -> bool {
    key.strip_prefix(section)
        .is_some_and(|rest| rest.starts_with('.'))
}
