//! The published keys.

use serde_json::Value;

/// The keys at an address. They are read when a JWT names a key that is not known.
pub(crate) struct Keys {
    address: String,
    known: Vec<Value>,
}

impl Keys {
    pub(crate) fn new(address: String) -> Self {
        Self {
            address,
            known: Vec::new(),
        }
    }

    /// Returns the key that a JWT names, or `None` if it names none or an unknown one.
    pub(crate) async fn find(&mut self, token: &str) -> Result<Option<&Value>, reqwest::Error> {
        // jsonwebtoken's own function fails for algorithms that it does not know.
        let header = josekit::jwt::decode_header(token).ok();
        let Some(id) = header.as_ref().and_then(|header| header.claim("kid")) else {
            return Ok(None);
        };
        let is_named = |key: &Value| key.get("kid") == Some(id);
        if !self.known.iter().any(is_named) {
            let answer = reqwest::get(&self.address).await?.error_for_status()?;
            let mut set: Value = answer.json().await?;
            self.known = match set.get_mut("keys").map(Value::take) {
                Some(Value::Array(keys)) => keys,
                _ => Vec::new(),
            };
        }
        Ok(self.known.iter().find(|key| is_named(key)))
    }
}
