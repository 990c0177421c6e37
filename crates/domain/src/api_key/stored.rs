//! The forms in which Better Auth stores permissions and metadata.

use serde_json::{Map, Value};

use super::ApiKey;
use crate::access::Statements;

impl ApiKey {
    /// Reads stored permissions. `None`: there are none, or the text has another form.
    #[must_use]
    pub fn permissions_of_stored(text: &str) -> Option<Statements> {
        let Value::Object(members) = serde_json::from_str(text).ok()? else {
            return None;
        };
        Self::permissions_of_json(members)
    }

    /// Reads permissions from JSON: an object whose members are lists of texts. `None`: they have another form.
    #[must_use]
    pub fn permissions_of_json(members: Map<String, Value>) -> Option<Statements> {
        let statements = members.into_iter().map(|(resource, actions)| {
            let Value::Array(actions) = actions else {
                return None;
            };
            let actions = actions.into_iter().map(|action| match action {
                Value::String(action) => Some(action),
                _ => None,
            });
            Some((resource, actions.collect::<Option<Vec<_>>>()?))
        });
        Some(Statements::new(statements.collect::<Option<Vec<_>>>()?))
    }

    /// Returns permissions as JSON.
    #[must_use]
    pub fn permissions_as_json(permissions: &Statements) -> Value {
        let members = permissions
            .iter()
            .map(|(resource, actions)| (resource.to_owned(), Value::from(actions)));
        Value::Object(members.collect())
    }

    /// Reads stored metadata. Earlier versions of Better Auth store JSON within a JSON text. A text that is not JSON is
    /// read as `null`.
    #[must_use]
    pub fn metadata_of_stored(text: Option<&str>) -> Value {
        let read = |text: &str| serde_json::from_str(text).unwrap_or_default();
        match text.map(read) {
            Some(Value::String(inner)) => read(&inner),
            Some(value) => value,
            None => Value::Null,
        }
    }
}
