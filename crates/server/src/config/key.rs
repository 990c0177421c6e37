//! A key of the configuration: its declaration, and the type as which it is read.
//!
//! A key is a constant beside its reader. The constant both declares the key and reads it
//! ([`Settings::get`](super::settings::Settings::get)), so that it cannot be read under another name or as another
//! type. The module [`keys`](super::keys) lists the declarations.

use std::{fmt, marker::PhantomData, ops::Deref};

use super::keys::variable;

/// What is known about a key without its type.
pub(super) struct Declaration {
    /// The name in the file, with dots.
    pub(super) name: &'static str,
    pub(super) kind: Kind,
    pub(super) fallback: Fallback,
    /// Its description in the documentation, in one line.
    pub(super) doc: &'static str,
}

/// A key whose value is read as a `T`. A key without a fixed default is read as an `Option`.
pub(super) struct Key<T> {
    pub(super) declaration: Declaration,
    read_as: PhantomData<fn() -> T>,
}

/// A key that lacks its default.
pub(super) struct Draft<T> {
    name: &'static str,
    kind: Kind,
    doc: &'static str,
    read_as: PhantomData<fn() -> T>,
}

/// The form of a key's value.
#[derive(Clone, Copy)]
pub(super) enum Kind {
    /// `true` or `false`.
    Boolean,
    /// A whole number.
    Number(Range),
    /// A number from 0 to 1.
    Fraction,
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
    /// A table, as JSON in the environment. Contains what its members are, in words.
    Table(&'static str),
    /// One of `built`; `unbuilt` are refused by name.
    Choice {
        built: &'static [&'static str],
        unbuilt: &'static [&'static str],
    },
}

/// Minimum and maximum of a whole number, and its unit.
#[derive(Clone, Copy)]
pub(super) struct Range {
    pub(super) least: u64,
    pub(super) most: u64,
    /// The difference between two permitted numbers.
    pub(super) step: u64,
    pub(super) unit: &'static str,
}

/// The default of a key.
#[derive(Clone, Copy)]
pub(super) enum Fallback {
    /// This value, written as in the environment.
    Value(&'static str),
    /// No fixed value: a description for the documentation.
    Otherwise(&'static str),
}

impl Declaration {
    /// Returns the key's variable: `PORTCULLIS_SECTION__KEY`.
    pub(super) fn variable(&self) -> String {
        variable(self.name)
    }
}

impl Range {
    pub(super) const fn new(least: u64, most: u64, unit: &'static str) -> Self {
        Self {
            least,
            most,
            step: 1,
            unit,
        }
    }

    pub(super) const fn in_steps_of(self, step: u64) -> Self {
        Self { step, ..self }
    }

    /// Returns the permitted numbers if they are not simply all within the limits.
    pub(super) fn listed(&self) -> Option<Vec<u64>> {
        let is_permitted = |number: &u64| (number - self.least).is_multiple_of(self.step);
        (self.step != 1).then(|| (self.least..=self.most).filter(is_permitted).collect())
    }
}

impl<T> Draft<T> {
    pub(super) const fn new(name: &'static str, kind: Kind, doc: &'static str) -> Self {
        Self {
            name,
            kind,
            doc,
            read_as: PhantomData,
        }
    }

    /// Completes the key with a fixed default, written as in the environment.
    pub(super) const fn or(self, value: &'static str) -> Key<T> {
        self.complete(Fallback::Value(value))
    }

    /// Completes the key without a fixed default. The documentation shows `words` instead.
    pub(super) const fn otherwise(self, words: &'static str) -> Key<Option<T>> {
        self.complete(Fallback::Otherwise(words))
    }

    const fn complete<R>(self, fallback: Fallback) -> Key<R> {
        Key {
            declaration: Declaration {
                name: self.name,
                kind: self.kind,
                fallback,
                doc: self.doc,
            },
            read_as: PhantomData,
        }
    }
}

impl<T> Deref for Key<T> {
    type Target = Declaration;

    fn deref(&self) -> &Declaration {
        &self.declaration
    }
}

impl<T> fmt::Display for Key<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.declaration.fmt(f)
    }
}

impl fmt::Display for Declaration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}
