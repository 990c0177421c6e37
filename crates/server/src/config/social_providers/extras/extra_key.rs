//! A key that only some providers have.

use portcullis_oauth::{Definition, Extra, ExtraKind, definitions};

use super::declaration::{choices, doc, fallback, leaked};
use crate::config::{
    declare::{boolean, choice, list, text},
    key::{Declaration, Key},
    social_providers::named::Named,
};

/// A key that only some providers have.
pub(super) struct ExtraKey {
    /// The last part of its name.
    pub(super) name: &'static str,
    key: Typed,
}

/// A key by the form of its value.
enum Typed {
    Text(Key<Option<String>>),
    Boolean(Key<Option<bool>>),
    List(Key<Option<Vec<String>>>),
}

impl ExtraKey {
    /// Declares the key that these providers have. They may allow different values.
    pub(super) fn new(name: &'static str, owners: &[(&'static str, Extra)]) -> Self {
        let whole = leaked(format!("social_providers.NAME.{name}"));
        let doc = leaked(doc(owners));
        let fallback = leaked(fallback(owners));
        let is_all = |is_kind: fn(ExtraKind) -> bool| owners.iter().all(|(_, extra)| is_kind(extra.kind));
        let key = if is_all(|kind| kind == ExtraKind::Boolean) {
            Typed::Boolean(boolean(whole, doc).otherwise(fallback))
        } else if is_all(|kind| kind == ExtraKind::List) {
            Typed::List(list(whole, doc).otherwise(fallback))
        } else if is_all(|kind| matches!(kind, ExtraKind::Choice(_))) {
            Typed::Text(choice(whole, choices(owners), doc).otherwise(fallback))
        } else {
            Typed::Text(text(whole, doc).otherwise(fallback))
        };
        Self { name, key }
    }

    pub(super) fn declaration(&self) -> &Declaration {
        match &self.key {
            Typed::Text(key) => key,
            Typed::Boolean(key) => key,
            Typed::List(key) => key,
        }
    }

    /// Returns the value as a text; a list with commas.
    pub(super) fn value(&self, named: &Named<'_>) -> Option<String> {
        match &self.key {
            Typed::Text(key) => named.get(key),
            Typed::Boolean(key) => named.get(key).map(|value| value.to_string()),
            Typed::List(key) => named.get(key).map(|entries| entries.join(",")),
        }
    }

    pub(super) fn refuse_foreign(&self, named: &mut Named<'_>, definition: &dyn Definition) {
        let has_it = |other: &&&dyn Definition| other.extras().iter().any(|extra| extra.name == self.name);
        let owners: Vec<_> = definitions()
            .iter()
            .filter(has_it)
            .map(|other| other.id())
            .collect();
        let reason = format!(
            "is not an option of {}, but of `{}`: remove it",
            definition.name(),
            owners.join("`, `")
        );
        named.refuse(self.declaration(), &reason);
    }
}
