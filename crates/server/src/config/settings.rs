//! The values of the keys, from the file, the environment and the command line, and their problems.

use std::{
    collections::{BTreeMap, BTreeSet},
    iter,
};

use super::{
    from_value::FromValue,
    key::{Declaration, Key},
    keys,
    problem::{Place, Problem, Problems},
    value::Value,
};

/// The key of a plugin that names tables and columns, which does not enable the plugin.
pub(super) const SCHEMA: &str = "schema";

/// A value and its place. No value: it has already been refused.
struct Given {
    value: Option<Value>,
    place: Place,
}

/// The values by key. Each section reads its keys and refuses invalid values.
#[derive(Default)]
pub(super) struct Settings {
    given: BTreeMap<&'static str, Given>,
    /// Lists that are added to those in `given`.
    added: BTreeMap<&'static str, Given>,
    /// The values of keys that have one for each of several names.
    named: BTreeMap<(&'static str, String), Given>,
    sections: BTreeSet<String>,
    problems: Vec<Problem>,
    warnings: Vec<Problem>,
    #[cfg(test)]
    asked: std::cell::RefCell<BTreeSet<String>>,
}

impl Settings {
    /// Sets the value of a key, or records why it is refused. A later value overrides an earlier one.
    pub(super) fn set(&mut self, key: &'static Declaration, value: Result<Value, String>, place: Place) {
        let given = self.checked(value, place);
        self.given.insert(key.name, given);
    }

    /// As [`set`](Self::set), for one of the names of a key.
    pub(super) fn set_named(
        &mut self,
        key: &'static Declaration,
        name: &str,
        value: Result<Value, String>,
        place: Place,
    ) {
        let own = keys::of_name(key, name);
        let value = value.map_err(|text| text.replace(key.name, &own));
        let given = self.checked(value, place);
        self.named.insert((key.name, name.to_owned()), given);
    }

    /// Adds a list to the value of a key, whichever is set first.
    pub(super) fn add(&mut self, key: &'static Declaration, value: Result<Value, String>, place: Place) {
        let given = self.checked(value, place);
        self.added.insert(key.name, given);
    }

    fn checked(&mut self, value: Result<Value, String>, place: Place) -> Given {
        let value = match value {
            Ok(value) => Some(value),
            Err(text) => {
                self.problems.push(Problem::new(place.clone(), text));
                None
            }
        };
        Given { value, place }
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
    pub(super) fn refuse(&mut self, key: &Declaration, text: impl Into<String>) {
        self.complain(self.place(key), text);
    }

    /// Records that the value of a key is valid, but dangerous or without effect. The same warning is recorded once.
    pub(super) fn warn(&mut self, key: &Declaration, text: impl Into<String>) {
        self.caution(self.place(key), text);
    }

    /// Records that a value at this place is valid, but dangerous or without effect. The same warning is recorded once.
    pub(super) fn caution(&mut self, place: Place, text: impl Into<String>) {
        let warning = Problem::new(place, text);
        if !self.warnings.contains(&warning) {
            self.warnings.push(warning);
        }
    }

    /// Returns the place at which a key was given.
    fn place(&self, key: &Declaration) -> Place {
        let given = self.given.get(key.name);
        given.map_or(Place::Nowhere, |given| given.place.clone())
    }

    /// Returns the first of these keys that was given, or the first key if none was: a contradiction between them is
    /// reported there.
    pub(super) fn first_given<'a>(
        &self,
        first: &'a Declaration,
        others: &[&'a Declaration],
    ) -> &'a Declaration {
        let mut keys = iter::once(first).chain(others.iter().copied());
        keys.find(|key| self.is_given(key)).unwrap_or(first)
    }

    /// Whether a key was given, even if its value was refused.
    pub(super) fn is_given(&self, key: &Declaration) -> bool {
        self.given.contains_key(key.name)
    }

    /// Whether the value of a key was given and refused when it was read.
    pub(super) fn is_unreadable(&self, key: &Declaration) -> bool {
        let given = self.given.get(key.name);
        given.is_some_and(|given| given.value.is_none())
    }

    /// Whether a key was given on the command line.
    pub(super) fn is_from_command_line(&self, key: &Declaration) -> bool {
        matches!(self.place(key), Place::CommandLine(_))
    }

    /// Whether the file has this section, or a key in it was given. It does not count if only `schema` was given.
    pub(super) fn has_section(&self, name: &str) -> bool {
        let counts = |key: &&'static str| is_below(key, name) && key.rsplit('.').next() != Some(SCHEMA);
        self.sections.contains(name) || self.given.keys().any(counts)
    }

    /// Whether a feature is enabled by its key `enabled`, or without it by its section.
    pub(super) fn enables(&self, enabled: &Key<Option<bool>>, section: &str) -> bool {
        self.get(enabled).unwrap_or_else(|| self.has_section(section))
    }

    /// Returns the given value, or the default. A refused value is replaced by the default.
    pub(super) fn get<T: FromValue + Default>(&self, key: &Key<T>) -> T {
        #[cfg(test)]
        self.asked.borrow_mut().insert(key.name.to_owned());
        let given = self.given.get(key.name).and_then(|given| given.value.clone());
        let value = given.or_else(|| Value::fallback(key));
        value.and_then(T::from_value).unwrap_or_default()
    }

    /// Returns the names below this section: those for which the key was given, and those of the file.
    pub(super) fn names(&self, section: &str, key: &Declaration) -> BTreeSet<String> {
        let given = self.named.keys().filter(|(of, _)| *of == key.name);
        let entered = self.sections.iter().filter_map(|entered| {
            let name = entered.strip_prefix(section)?.strip_prefix('.')?;
            (!name.contains('.')).then(|| name.to_owned())
        });
        given.map(|(_, name)| name.clone()).chain(entered).collect()
    }

    /// Returns the name in the file that a variable means. Most shells allow no `-` in names of variables, and variables
    /// are in upper case. Returns the name unchanged if the file has it, or none that is so similar.
    pub(super) fn name_in_file(&self, key: &Declaration, name: String) -> String {
        let folded = |name: &str| name.to_lowercase().replace('-', "_");
        let section = key
            .name
            .split_once(keys::ANY_NAME)
            .map_or("", |(before, _)| before);
        let in_file = self
            .sections
            .iter()
            .filter_map(|entered| entered.strip_prefix(section));
        let mut in_file: Vec<&str> = in_file
            .filter(|entered| folded(entered) == folded(&name))
            .collect();
        in_file.sort_by_key(|entered| *entered != name);
        in_file.first().map_or(name, |entered| (*entered).to_owned())
    }

    /// Whether a key was given for this name, even if its value was refused.
    pub(super) fn is_named_given(&self, key: &Declaration, name: &str) -> bool {
        self.given_for(key, name).is_some()
    }

    /// Returns the value for this name, if it was given and not refused.
    pub(super) fn get_named<T: FromValue>(&self, key: &Key<Option<T>>, name: &str) -> Option<T> {
        #[cfg(test)]
        self.asked.borrow_mut().insert(key.name.to_owned());
        let given = self.given_for(key, name)?;
        given.value.clone().and_then(T::from_value)
    }

    /// Records that the value for this name cannot be used, with its place.
    pub(super) fn refuse_named(&mut self, key: &Declaration, name: &str, text: impl Into<String>) {
        let given = self.given_for(key, name);
        let place = given.map_or(Place::Nowhere, |given| given.place.clone());
        self.complain(place, text);
    }

    fn given_for(&self, key: &Declaration, name: &str) -> Option<&Given> {
        self.named.get(&(key.name, name.to_owned()))
    }

    /// Returns the entries of a list with their places: those that were set, then those that were added.
    pub(super) fn entries(&self, key: &Key<Vec<String>>) -> Vec<(String, Place)> {
        let place = self.place(key);
        let set = self.get(key).into_iter().map(|entry| (entry, place.clone()));
        let added = self.added.get(key.name).into_iter().flat_map(|added| {
            let entries = added.value.clone().and_then(Vec::<String>::from_value);
            let entries = entries.unwrap_or_default().into_iter();
            entries.map(|entry| (entry, added.place.clone()))
        });
        set.chain(added).collect()
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

    /// Returns the value of a key of any kind, for any name, if one was given and not refused.
    #[cfg(test)]
    pub(super) fn value(&self, key: &Declaration) -> Option<Value> {
        let mut named = self.named.iter().filter(|((of, _), _)| *of == key.name);
        let given = self
            .given
            .get(key.name)
            .or_else(|| named.next().map(|(_, given)| given))?;
        given.value.clone()
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
