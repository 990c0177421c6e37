//! The keys as data, for other crates.

use super::{
    key::{Declaration, Fallback, Kind},
    keys::keys,
};

/// A key of the configuration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfigKey {
    /// Its name in the file, with dots.
    pub name: &'static str,
    /// Its variable in the environment.
    pub variable: String,
    /// The type of its value.
    pub kind: ConfigKind,
    /// Its default, as it is written in the environment. `None`: the table has no fixed default.
    pub fallback: Option<&'static str>,
}

/// The type of a key's value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ConfigKind {
    /// `true` or `false`.
    Boolean,
    /// A whole number.
    Number {
        /// The minimum.
        least: u64,
        /// The maximum.
        most: u64,
    },
    /// A number from 0 to 1.
    Fraction,
    /// A number of seconds, or a text such as `15m`.
    Time,
    /// A text.
    Text,
    /// A text that is never shown.
    Secret,
    /// Several texts, in the environment separated by commas.
    List,
    /// Several texts that are never shown, in the environment separated by semicolons.
    Secrets,
    /// A table, in the environment as JSON.
    Table,
    /// One of these.
    Choice(&'static [&'static str]),
}

/// Returns every key of this build, in the order of the documentation.
pub fn config_keys() -> impl Iterator<Item = ConfigKey> {
    keys().map(ConfigKey::of)
}

impl ConfigKey {
    fn of(key: &Declaration) -> Self {
        Self {
            name: key.name,
            variable: key.variable(),
            kind: match &key.kind {
                Kind::Boolean => ConfigKind::Boolean,
                Kind::Number(range) => ConfigKind::Number {
                    least: range.least,
                    most: range.most,
                },
                Kind::Fraction => ConfigKind::Fraction,
                Kind::Time => ConfigKind::Time,
                Kind::Text => ConfigKind::Text,
                Kind::Secret => ConfigKind::Secret,
                Kind::List => ConfigKind::List,
                Kind::Secrets => ConfigKind::Secrets,
                Kind::Table(_) => ConfigKind::Table,
                Kind::Choice { built, .. } => ConfigKind::Choice(built),
            },
            fallback: match key.fallback {
                Fallback::Value(text) => Some(text),
                Fallback::Otherwise(_) => None,
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_listed_with_their_variables_and_kinds() {
        let find = |name| config_keys().find(|key| key.name == name);
        let transport = find("delivery.transport").unwrap();
        assert_eq!(transport.variable, "PORTCULLIS_DELIVERY__TRANSPORT");
        assert_eq!(
            transport.kind,
            ConfigKind::Choice(&["inbox", "smtp", "webhook", "none"])
        );
        assert_eq!(transport.fallback, None);
        let body = find("limits.body").unwrap();
        let kind = ConfigKind::Number {
            least: 1024,
            most: 16_777_216,
        };
        assert_eq!((body.kind, body.fallback), (kind, Some("65536")));
    }

    #[test]
    fn no_two_keys_have_the_same_name() {
        let mut names: Vec<_> = config_keys().map(|key| key.name).collect();
        let all = names.len();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), all);
    }
}
