//! The keys that belong to one of several names, such as a provider.

use serde_json::{Map, Value as Json};

use super::endpoint;
use crate::config::{
    from_value::FromValue,
    key::{Declaration, Key},
    keys,
    settings::Settings,
};

/// The values for one name.
pub(in crate::config) struct Named<'a> {
    pub(in crate::config) settings: &'a mut Settings,
    pub(in crate::config) name: &'a str,
    /// Hosts that may be reached by http, as [`endpoint::check`] takes them.
    pub(in crate::config) allowed_hosts: &'a [String],
}

impl Named<'_> {
    /// Returns the value of a key, if it was given and not refused.
    pub(in crate::config) fn get<T: FromValue>(&self, key: &Key<Option<T>>) -> Option<T> {
        self.settings.get_named(key, self.name)
    }

    /// Whether a key is `true`. It is `false` if it was not given.
    pub(in crate::config) fn flag(&self, key: &Key<Option<bool>>) -> bool {
        self.get(key).unwrap_or_default()
    }

    /// Whether a key was given, even if its value was refused.
    pub(in crate::config) fn is_given(&self, key: &Declaration) -> bool {
        self.settings.is_named_given(key, self.name)
    }

    /// Returns the value of a key that is the URL of an endpoint. Refuses one that cannot be reached.
    pub(in crate::config) fn endpoint(&mut self, key: &Key<Option<String>>) -> Option<String> {
        let url = self.get(key)?;
        if let Err(fault) = endpoint::check(&url, self.allowed_hosts) {
            self.refuse(key, &fault);
        }
        Some(url)
    }

    /// Returns the texts of a table, in the order in which it is written. Refuses other values.
    pub(in crate::config) fn texts(&mut self, key: &Key<Option<Map<String, Json>>>) -> Vec<(String, String)> {
        let mut texts = Vec::new();
        for (member, value) in self.get(key).unwrap_or_default() {
            match value {
                Json::String(text) => texts.push((member, text)),
                _ => self.refuse(key, &format!("has a member `{member}` that is not a text")),
            }
        }
        texts
    }

    /// Returns the name of a key in the file.
    pub(in crate::config) fn own(&self, key: &Declaration) -> String {
        keys::of_name(key, self.name)
    }

    /// Records why the value of a key cannot be used. `reason` follows the name of the key.
    pub(in crate::config) fn refuse(&mut self, key: &Declaration, reason: &str) {
        let text = format!("`{}` {reason}", self.own(key));
        self.settings.refuse_named(key, self.name, text);
    }
}
