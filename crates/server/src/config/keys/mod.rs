//! The table of keys, one file per section. It drives the reading of the file and of the environment, and the
//! documentation.

mod account;
mod advanced;
mod database;
mod delivery;
mod email;
mod limits;
mod password;
mod plugins;
mod rate_limit;
mod root;
mod session;
mod user;

use Fallback::{Otherwise, Value};

pub(super) use self::rate_limit::{LONGEST_WINDOW, MAX_REQUESTS};

/// Minimum and maximum of a whole number, and its unit.
pub(super) struct Range {
    pub(super) least: u64,
    pub(super) most: u64,
    pub(super) unit: &'static str,
}

/// The type of a key's value.
pub(super) enum Kind {
    /// `true` or `false`.
    Boolean,
    /// A whole number.
    Number(Range),
    /// A time: a whole number of seconds, or a text such as `15m`.
    Time,
    /// Any text.
    Text,
    /// A text that is never shown.
    Secret,
    /// A list of texts, separated by commas in the environment.
    List,
    /// A list of texts that are never shown. In the environment, they are separated by semicolons, since they may
    /// contain commas.
    Secrets,
    /// Declared fields by name, as JSON in the environment.
    Fields,
    /// One of `built`; `unbuilt` are refused by name.
    Choice {
        built: &'static [&'static str],
        unbuilt: &'static [&'static str],
    },
}

/// The default of a key.
pub(super) enum Fallback {
    /// This value, written as in the environment.
    Value(&'static str),
    /// No fixed value: a description for the documentation.
    Otherwise(&'static str),
}

/// One key.
pub(super) struct Key {
    /// The name in the file, with dots.
    pub(super) name: &'static str,
    pub(super) kind: Kind,
    pub(super) fallback: Fallback,
    /// Its description in the documentation, in one line.
    pub(super) doc: &'static str,
}

impl Key {
    /// Returns the key with this name.
    pub(super) fn find(name: &str) -> Option<&'static Self> {
        keys().find(|key| key.name == name)
    }

    /// Returns the key's variable: `PORTCULLIS_SECTION__KEY`.
    pub(super) fn variable(&self) -> String {
        variable(self.name)
    }
}

/// Returns the variable of a key with this name.
pub(super) fn variable(name: &str) -> String {
    format!("{PREFIX}{}", name.replace('.', "__").to_uppercase())
}

/// Prefix of our variables.
pub(super) const PREFIX: &str = "PORTCULLIS_";

/// Variables of Better Auth, and the keys that they set.
pub(super) const ALIASES: [(&str, &str); 4] = [
    ("DATABASE_URL", "database.url"),
    ("BETTER_AUTH_SECRET", "secret"),
    ("BETTER_AUTH_URL", "base_url"),
    ("BETTER_AUTH_TRUSTED_ORIGINS", "trusted_origins"),
];

const SECONDS: &str = "seconds";
const BYTES: &str = "bytes";
/// Maximum lifetime of a cookie in browsers.
pub(super) const FOUR_HUNDRED_DAYS: u64 = 400 * 86_400;

const fn key(name: &'static str, kind: Kind, fallback: Fallback, doc: &'static str) -> Key {
    Key {
        name,
        kind,
        fallback,
        doc,
    }
}

const fn choice(built: &'static [&'static str], unbuilt: &'static [&'static str]) -> Kind {
    Kind::Choice { built, unbuilt }
}

const fn number(least: u64, most: u64, unit: &'static str) -> Kind {
    Kind::Number(Range { least, most, unit })
}

/// A lifetime in seconds, which must not be zero.
const fn lifetime() -> Kind {
    number(1, FOUR_HUNDRED_DAYS, SECONDS)
}

/// The sections in the order of the documentation.
static SECTIONS: [&[Key]; 16] = [
    root::KEYS,
    account::KEYS,
    advanced::KEYS,
    advanced::DEFAULT_ATTRIBUTES,
    advanced::SESSION_TOKEN,
    advanced::SESSION_DATA,
    advanced::DONT_REMEMBER,
    database::KEYS,
    delivery::KEYS,
    email::KEYS,
    limits::KEYS,
    password::KEYS,
    plugins::KEYS,
    rate_limit::KEYS,
    session::KEYS,
    user::KEYS,
];

/// Returns every key of this build.
pub(super) fn keys() -> impl Iterator<Item = &'static Key> {
    SECTIONS.iter().copied().flatten()
}
