//! The keys that only some providers have. The providers declare them: [`Definition::extras`].

mod declaration;
mod extra_key;

use std::{collections::BTreeMap, sync::LazyLock};

use portcullis_oauth::{Definition, Extra, ExtraKind, definitions};

use self::extra_key::ExtraKey;
use super::named::Named;
use crate::config::key::Declaration;

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
