//! Query strings.

use std::borrow::Cow;

use serde_json::Value;
use url::form_urlencoded;

/// A query string, which is decoded when a parameter is read.
#[derive(Clone, Copy)]
pub(crate) struct QueryString<'a>(&'a str);

/// A parameter occurs more than once.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Repeated;

impl<'a> QueryString<'a> {
    pub(crate) const fn new(raw: &'a str) -> Self {
        Self(raw)
    }

    /// Returns the value of the parameter, if it is present.
    ///
    /// # Errors
    ///
    /// If it occurs more than once.
    pub(crate) fn one(self, name: &str) -> Result<Option<Cow<'a, str>>, Repeated> {
        let mut values = self.all(name);
        let value = values.next();
        values.next().map_or(Ok(value), |_second| Err(Repeated))
    }

    /// Returns the first value of the parameter, if it is present.
    pub(crate) fn first(self, name: &str) -> Option<Cow<'a, str>> {
        self.all(name).next()
    }

    /// Returns the parameter as Better Auth parses it: a string, or an array of strings if it occurs more than once.
    pub(crate) fn value(self, name: &str) -> Option<Value> {
        let mut values: Vec<_> = self.all(name).map(Value::from).collect();
        match values.len() {
            0 | 1 => values.pop(),
            _ => Some(Value::Array(values)),
        }
    }

    /// Returns whether the parameter is truthy in JavaScript: any text that is not empty, even `false`.
    pub(crate) fn is_truthy(self, name: &str) -> bool {
        self.one(name)
            .map_or(true, |value| value.is_some_and(|value| !value.is_empty()))
    }

    fn all(self, name: &str) -> impl Iterator<Item = Cow<'a, str>> {
        form_urlencoded::parse(self.0.as_bytes())
            .filter_map(move |(key, value)| (key == name).then_some(value))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn first_returns_the_first_of_several_values() {
        let query = QueryString::new("a=1&b=%20x&a=2&c=");
        assert_eq!(query.first("a").as_deref(), Some("1"));
        assert_eq!(query.first("b").as_deref(), Some(" x"));
        assert_eq!(query.first("c").as_deref(), Some(""));
        assert_eq!(query.first("d"), None);
    }
}
