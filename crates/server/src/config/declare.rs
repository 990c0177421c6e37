//! The first half of a key's declaration, for each form of value. [`Draft::or`] or [`Draft::otherwise`] completes it.

use portcullis_domain::secret::Secret;
use serde_json::{Map, Value as Json};

use super::{
    from_value::WholeNumber,
    key::{Draft, Kind, Range},
};

pub(super) const SECONDS: &str = "seconds";
pub(super) const BYTES: &str = "bytes";
/// Maximum lifetime of a cookie in browsers, in seconds.
pub(super) const FOUR_HUNDRED_DAYS: u64 = 400 * 86_400;

/// `true` or `false`.
pub(super) const fn boolean(name: &'static str, doc: &'static str) -> Draft<bool> {
    Draft::new(name, Kind::Boolean, doc)
}

/// A whole number.
pub(super) const fn number<T: WholeNumber>(name: &'static str, range: Range, doc: &'static str) -> Draft<T> {
    Draft::new(name, Kind::Number(range), doc)
}

/// A lifetime in seconds, which must not be zero.
pub(super) const fn lifetime<T: WholeNumber>(name: &'static str, doc: &'static str) -> Draft<T> {
    number(name, Range::new(1, FOUR_HUNDRED_DAYS, SECONDS), doc)
}

/// A time: a whole number of seconds, or a text such as `15m`.
pub(super) const fn time<T: WholeNumber>(name: &'static str, doc: &'static str) -> Draft<T> {
    Draft::new(name, Kind::Time, doc)
}

/// A number from 0 to 1.
pub(super) const fn fraction(name: &'static str, doc: &'static str) -> Draft<f64> {
    Draft::new(name, Kind::Fraction, doc)
}

/// Any text.
pub(super) const fn text(name: &'static str, doc: &'static str) -> Draft<String> {
    Draft::new(name, Kind::Text, doc)
}

/// One of several texts.
pub(super) const fn choice(
    name: &'static str,
    built: &'static [&'static str],
    doc: &'static str,
) -> Draft<String> {
    choice_without(name, built, &[], doc)
}

/// One of several texts; `unbuilt` are refused by name.
pub(super) const fn choice_without(
    name: &'static str,
    built: &'static [&'static str],
    unbuilt: &'static [&'static str],
    doc: &'static str,
) -> Draft<String> {
    Draft::new(name, Kind::Choice { built, unbuilt }, doc)
}

/// A text that is never shown.
pub(super) const fn secret(name: &'static str, doc: &'static str) -> Draft<Secret<String>> {
    Draft::new(name, Kind::Secret, doc)
}

/// A list of texts.
pub(super) const fn list(name: &'static str, doc: &'static str) -> Draft<Vec<String>> {
    Draft::new(name, Kind::List, doc)
}

/// A list of texts that are never shown.
pub(super) const fn secrets(name: &'static str, doc: &'static str) -> Draft<Vec<Secret<String>>> {
    Draft::new(name, Kind::Secrets, doc)
}

/// A table. `members` says what its members are, for error messages.
pub(super) const fn table(
    name: &'static str,
    members: &'static str,
    doc: &'static str,
) -> Draft<Map<String, Json>> {
    Draft::new(name, Kind::Table(members), doc)
}
