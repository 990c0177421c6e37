//! The values of the keys, from the file and the environment, and their problems.

use std::collections::{BTreeMap, BTreeSet};

use portcullis_domain::secret::Secret;
use serde_json::{Map, Value as Json};

use super::{
    keys::Key,
    problem::{Place, Problem, Problems},
    value::Value,
};

/// A value and its place. No value: it has already been refused.
struct Given {
    value: Option<Value>,
    place: Place,
}

/// The values by key. Each section reads its keys by name and refuses invalid values.
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
    /// Sets the value of a key, or records why it is refused. A later value overrides an earlier one.
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

    /// Records that the file has a section with this name, even if it is empty.
    pub(super) fn enter(&mut self, section: &str) {
        self.sections.insert(section.to_owned());
    }

    /// Records a problem that belongs to no key. The same problem is recorded once.
    pub(super) fn complain(&mut self, place: Place, text: impl Into<String>) {
        let problem = Problem::new(place, text);
        if !self.problems.contains(&problem) {
            self.problems.push(problem);
        }
    }

    /// Records that the value of a key cannot be used, with its place.
    pub(super) fn refuse(&mut self, name: &str, text: impl Into<String>) {
        self.complain(self.place(name), text);
    }

    /// Records that the value of a key is valid but dangerous. The same warning is recorded once.
    pub(super) fn warn(&mut self, name: &str, text: impl Into<String>) {
        let warning = Problem::new(self.place(name), text);
        if !self.warnings.contains(&warning) {
            self.warnings.push(warning);
        }
    }

    /// Returns where a key was given.
    fn place(&self, name: &str) -> Place {
        let given = self.given.get(name);
        given.map_or(Place::Nowhere, |given| given.place.clone())
    }

    /// Returns the first of these keys that was given, or the first key if none was: a contradiction between them is
    /// reported there.
    pub(super) fn first_given<const N: usize>(&self, names: [&'static str; N]) -> &'static str {
        let given = names.into_iter().find(|name| self.is_given(name));
        given.or(names.first().copied()).unwrap_or_default()
    }

    /// Whether a key was given, even if its value was refused.
    pub(super) fn is_given(&self, name: &str) -> bool {
        self.given.contains_key(name)
    }

    /// Whether the file has this section, or a key in it was given.
    pub(super) fn has_section(&self, name: &str) -> bool {
        self.sections.contains(name) || self.given.keys().any(|key| is_below(key, name))
    }

    /// Returns the given value, or the default if there is one.
    pub(super) fn boolean(&self, name: &str) -> Option<bool> {
        match self.find(name)? {
            Value::Boolean(boolean) => Some(boolean),
            _ => None,
        }
    }

    /// Returns the given value, or the default if there is one.
    pub(super) fn number(&self, name: &str) -> Option<u64> {
        match self.find(name)? {
            Value::Number(number) => Some(number),
            _ => None,
        }
    }

    /// Returns the given value, or the default if there is one.
    pub(super) fn text(&self, name: &str) -> Option<String> {
        match self.find(name)? {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    /// Returns the given value.
    pub(super) fn secret(&self, name: &str) -> Option<Secret<String>> {
        match self.find(name)? {
            Value::Secret(secret) => Some(secret),
            _ => None,
        }
    }

    /// Returns the given list, or the default.
    pub(super) fn list(&self, name: &str) -> Vec<String> {
        match self.find(name) {
            Some(Value::List(list)) => list,
            _ => Vec::new(),
        }
    }

    /// Returns the given values.
    pub(super) fn secrets(&self, name: &str) -> Option<Vec<Secret<String>>> {
        match self.find(name)? {
            Value::Secrets(secrets) => Some(secrets),
            _ => None,
        }
    }

    /// Returns the declared fields.
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

    /// Returns the problems so far.
    pub(super) fn into_problems(self) -> Problems {
        Problems::new(self.problems)
    }

    fn find(&self, name: &str) -> Option<Value> {
        #[cfg(test)]
        self.asked.borrow_mut().insert(name.to_owned());
        let given = self.given.get(name).and_then(|given| given.value.clone());
        given.or_else(|| Key::find(name).and_then(Value::fallback))
    }

    /// Returns the names that were read so far.
    #[cfg(test)]
    pub(super) fn asked(&self) -> BTreeSet<String> {
        self.asked.borrow().clone()
    }
}

fn is_below(key: &str, section: &str) -> bool {
    key.strip_prefix(section)
        .is_some_and(|rest| rest.starts_with('.'))
}
