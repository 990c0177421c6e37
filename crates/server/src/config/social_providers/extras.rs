//! The keys that only some providers have. The providers declare them: [`Definition::extras`].

use std::{collections::BTreeMap, sync::LazyLock};

use portcullis_oauth::{Definition, Extra, ExtraKind, definitions};

use super::named::Named;
use crate::config::{
    declare::{boolean, choice, list, text},
    key::{Declaration, Key},
};

/// Every key, sorted by its name.
static KEYS: LazyLock<Vec<ExtraKey>> = LazyLock::new(|| {
    let mut owners: BTreeMap<&'static str, Vec<(&'static str, Extra)>> = BTreeMap::new();
    for definition in definitions() {
        for extra in definition.extras() {
            let of_name = owners.entry(extra.name).or_default();
            of_name.push((definition.id(), *extra));
        }
    }
    owners
        .into_iter()
        .map(|(name, owners)| ExtraKey::new(name, &owners))
        .collect()
});

/// A key that only some providers have.
struct ExtraKey {
    /// The last part of its name.
    name: &'static str,
    key: Typed,
}

/// A key by the form of its value.
enum Typed {
    Text(Key<Option<String>>),
    Boolean(Key<Option<bool>>),
    List(Key<Option<Vec<String>>>),
}

/// Returns the declarations of all keys.
pub(in crate::config) fn keys() -> impl Iterator<Item = &'static Declaration> {
    KEYS.iter().map(ExtraKey::declaration)
}

/// Reads the options that only this provider has. Those of other providers are refused. `is_needed`: the provider is
/// enabled, so that a missing option is refused.
pub(super) fn read(
    named: &mut Named<'_>,
    definition: &dyn Definition,
    is_needed: bool,
) -> BTreeMap<String, String> {
    let mut options = BTreeMap::new();
    for key in KEYS.iter() {
        let value = key.value(named);
        let own = definition.extras().iter().find(|extra| extra.name == key.name);
        match (own, value) {
            (Some(extra), Some(value)) => {
                check(named, key, extra, &value);
                options.insert(key.name.to_owned(), value);
            }
            (Some(extra), None) if extra.is_required && is_needed && !named.is_given(key.declaration()) => {
                named.refuse(key.declaration(), &format!("is required: {}", extra.doc));
            }
            (None, _) if named.is_given(key.declaration()) => key.refuse_foreign(named, definition),
            _ => {}
        }
    }
    options
}

/// Refuses a value that this provider does not allow, although another one may.
fn check(named: &mut Named<'_>, key: &ExtraKey, extra: &Extra, value: &str) {
    let is_boolean = matches!(value, "true" | "false");
    let allowed = match extra.kind {
        ExtraKind::Choice(choices) if !choices.contains(&value) => choices,
        ExtraKind::Boolean if !is_boolean => &["true", "false"],
        _ => return,
    };
    let allowed = allowed.join("\" or \"");
    named.refuse(
        key.declaration(),
        &format!("must be \"{allowed}\", but is \"{value}\""),
    );
}

impl ExtraKey {
    /// Declares the key that these providers have. They may allow different values.
    fn new(name: &'static str, owners: &[(&'static str, Extra)]) -> Self {
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

    fn declaration(&self) -> &Declaration {
        match &self.key {
            Typed::Text(key) => key,
            Typed::Boolean(key) => key,
            Typed::List(key) => key,
        }
    }

    /// Returns the value as a text; a list with commas.
    fn value(&self, named: &Named<'_>) -> Option<String> {
        match &self.key {
            Typed::Text(key) => named.get(key),
            Typed::Boolean(key) => named.get(key).map(|value| value.to_string()),
            Typed::List(key) => named.get(key).map(|entries| entries.join(",")),
        }
    }

    fn refuse_foreign(&self, named: &mut Named<'_>, definition: &dyn Definition) {
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

fn choices(owners: &[(&'static str, Extra)]) -> &'static [&'static str] {
    let choices = owners.iter().flat_map(|(_, extra)| match extra.kind {
        ExtraKind::Choice(choices) => choices,
        ExtraKind::Text | ExtraKind::Boolean | ExtraKind::List => &[],
    });
    let mut all: Vec<&str> = Vec::new();
    for choice in choices {
        if !all.contains(choice) {
            all.push(choice);
        }
    }
    all.leak()
}

/// Describes the key: each provider with what the key does there. Providers with the same description share it.
fn doc(owners: &[(&'static str, Extra)]) -> String {
    let mut by_doc: Vec<(&str, Vec<&str>)> = Vec::new();
    for (id, extra) in owners {
        match by_doc.iter_mut().find(|(doc, _)| *doc == extra.doc) {
            Some((_, ids)) => ids.push(id),
            None => by_doc.push((extra.doc, vec![id])),
        }
    }
    let described = by_doc
        .iter()
        .map(|(doc, ids)| format!("For `{}`: {doc}", ids.join("`, `")));
    described.collect::<Vec<_>>().join(" ")
}

fn fallback(owners: &[(&'static str, Extra)]) -> String {
    let required = owners.iter().filter(|(_, extra)| extra.is_required);
    let required: Vec<_> = required.map(|(id, _)| *id).collect();
    if required.is_empty() {
        "the provider's default".to_owned()
    } else {
        format!("required for `{}`", required.join("`, `"))
    }
}

/// Returns a text that lives as long as the program, as names of keys do. Called once for each key.
fn leaked(text: String) -> &'static str {
    text.leak()
}
