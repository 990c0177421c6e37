//! What each provider expects and answers: the files in `shapes/`.
//!
//! The answers are those of the providers' documentation. The requests, and what is expected of the user, are recorded
//! from Better Auth 1.4.22 with these answers.

use std::{collections::BTreeMap, fs, path::PathBuf};

use serde_json::Value;

use super::request::pairs;
use crate::wiring::required;

/// The recorded shape of a provider.
pub(super) struct Shape {
    pub(super) id: String,
    pub(super) value: Value,
}

impl Shape {
    /// Reads a shape: `github`, or `generic/okta`.
    pub(super) fn read(name: &str) -> Self {
        let text = required(fs::read_to_string(folder().join(format!("{name}.json"))));
        Self {
            id: name.trim_start_matches("generic/").to_owned(),
            value: required(serde_json::from_str(&text)),
        }
    }

    /// Returns the names of the shapes in a folder, sorted.
    pub(super) fn names(folder_name: &str) -> Vec<String> {
        let entries = required(fs::read_dir(folder().join(folder_name)));
        let mut names: Vec<String> = entries
            .filter_map(|entry| {
                let name = entry.ok()?.file_name().into_string().ok()?;
                Some(name.strip_suffix(".json")?.to_owned())
            })
            .collect();
        names.sort();
        names
    }

    /// Returns the text at a JSON pointer, or an empty one.
    pub(super) fn text(&self, pointer: &str) -> &str {
        self.value
            .pointer(pointer)
            .and_then(Value::as_str)
            .unwrap_or_default()
    }

    /// Returns the parameters of the recorded authorization request.
    pub(super) fn authorization(&self) -> BTreeMap<String, String> {
        pairs(self.text("/authorization/query"))
    }

    /// Returns the members of the recorded request for tokens.
    pub(super) fn exchange(&self) -> BTreeMap<String, String> {
        pairs(self.text("/exchange/body"))
    }

    /// Returns the path of the document with the public keys.
    pub(super) fn jwks(&self) -> &str {
        match self.text("/jwks") {
            "" => "/jwks",
            path => path,
        }
    }

    /// Returns the name of the parameter that contains the client id.
    pub(super) fn client_parameter(&self) -> &'static str {
        if self.value.get("client_key").is_some() {
            "client_key"
        } else {
            "client_id"
        }
    }

    /// Returns the answers that describe the user.
    pub(super) fn answers(&self) -> impl Iterator<Item = &Value> {
        self.value
            .get("answers")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
    }
}

/// Returns the value with `fill` applied to each text in it.
pub(super) fn filled(value: &Value, fill: &impl Fn(&str) -> String) -> Value {
    match value {
        Value::String(text) => Value::String(fill(text)),
        Value::Array(items) => items.iter().map(|item| filled(item, fill)).collect(),
        Value::Object(members) => members
            .iter()
            .map(|(name, member)| (name.clone(), filled(member, fill)))
            .collect(),
        other => other.clone(),
    }
}

/// Sets the member at a JSON pointer, or removes it. Its parent must exist.
pub(super) fn put(value: &mut Value, pointer: &str, member: Option<Value>) {
    let Some((parent, name)) = pointer.rsplit_once('/') else {
        return;
    };
    let name = name.replace("~1", "/").replace("~0", "~");
    match (value.pointer_mut(parent), member) {
        (Some(Value::Object(members)), Some(member)) => {
            members.insert(name, member);
        }
        (Some(Value::Object(members)), None) => {
            members.remove(&name);
        }
        (Some(Value::Array(items)), Some(member)) => {
            if let Some(item) = name.parse::<usize>().ok().and_then(|index| items.get_mut(index)) {
                *item = member;
            }
        }
        _ => {}
    }
}

fn folder() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/src/provider/shapes"))
}
