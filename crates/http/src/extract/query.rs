//! Query strings.

use std::borrow::Cow;

use serde_json::Value;
use url::form_urlencoded;

/// A query string, decoded where it is asked for.
#[derive(Clone, Copy)]
pub(crate) struct Query<'a>(&'a str);

/// A parameter stands more than once.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Repeated;

impl<'a> Query<'a> {
    pub(crate) const fn new(raw: &'a str) -> Self {
        Self(raw)
    }

    /// The parameter's value, where it is there.
    ///
    /// # Errors
    ///
    /// Where it is there twice.
    pub(crate) fn one(self, name: &str) -> Result<Option<Cow<'a, str>>, Repeated> {
        let mut values = self.all(name);
        let value = values.next();
        values.next().map_or(Ok(value), |_second| Err(Repeated))
    }

    /// The first value of the parameter, where it is there.
    pub(crate) fn first(self, name: &str) -> Option<Cow<'a, str>> {
        self.all(name).next()
    }

    /// The parameter as JavaScript has it: a text, or a list of texts where it is there more than once.
    pub(crate) fn value(self, name: &str) -> Option<Value> {
        let mut values: Vec<_> = self.all(name).map(Value::from).collect();
        match values.len() {
            0 | 1 => values.pop(),
            _ => Some(Value::Array(values)),
        }
    }

    /// Whether JavaScript would take the parameter for true: any text but an empty one, so `false` as well.
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
    fn the_first_of_several_values_counts_where_any_may_come() {
        let query = Query::new("a=1&b=%20x&a=2&c=");
        assert_eq!(query.first("a").as_deref(), Some("1"));
        assert_eq!(query.first("b").as_deref(), Some(" x"));
        assert_eq!(query.first("c").as_deref(), Some(""));
        assert_eq!(query.first("d"), None);
    }
}
