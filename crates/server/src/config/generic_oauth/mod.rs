//! Providers that the deployment describes itself: `plugins.generic_oauth`.

mod keys;
mod read;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use portcullis_domain::additional::FieldSchema;
use portcullis_oauth::GenericOptions;

pub(super) use self::keys::KEYS;
use self::keys::{CLIENT_ID, ENABLED};
use super::{
    settings::Settings,
    social_providers::{self, development, named::Named},
};

const SECTION: &str = "plugins.generic_oauth";
const PROVIDERS: &str = "plugins.generic_oauth.providers";
/// The provider of accounts with a password.
const CREDENTIAL: &str = "credential";
/// Maximum length of an id.
const LONGEST_ID: usize = 64;

/// Returns the options of the providers, sorted by their ids. Empty if the plugin is disabled. `fields` are those of
/// users.
pub(super) fn read(
    settings: &mut Settings,
    allowed_hosts: &[String],
    fields: &FieldSchema,
) -> Vec<GenericOptions> {
    let names = names(settings);
    let is_on = settings
        .get(&ENABLED)
        .unwrap_or_else(|| settings.has_section(SECTION) || !names.is_empty());
    let mut providers = Vec::new();
    for name in names {
        let mut provider = Named {
            settings,
            name: &name,
            allowed_hosts,
        };
        check_id(&mut provider);
        providers.push(read::read(&mut provider, fields, is_on));
    }
    if is_on { providers } else { Vec::new() }
}

/// Returns the ids of the providers, also of those that were refused.
pub(super) fn names(settings: &Settings) -> BTreeSet<String> {
    let keys = KEYS.iter().filter(|key| key.name.starts_with(PROVIDERS));
    keys.flat_map(|key| settings.names(PROVIDERS, key)).collect()
}

/// Refuses an id that cannot be a part of a path, or is that of other accounts: their users would be confused.
fn check_id(named: &mut Named<'_>) {
    let name = named.name;
    let is_word = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    let reason = if name.len() > LONGEST_ID || !name.bytes().all(is_word) {
        format!("the id of a provider consists of at most {LONGEST_ID} letters, digits, `-` and `_`")
    } else if name == CREDENTIAL {
        "accounts with a password have this id: choose another".to_owned()
    } else if name == development::ID {
        "the provider of development mode has this id: choose another".to_owned()
    } else if social_providers::names(named.settings).contains(name) {
        format!("there is also a section `[social_providers.{name}]`: choose another id")
    } else {
        return;
    };
    let given = KEYS
        .iter()
        .filter(|key| key.name.starts_with(PROVIDERS))
        .find(|key| named.is_given(key))
        .copied();
    let key = given.unwrap_or(&CLIENT_ID);
    let text = format!("`{PROVIDERS}.{name}`: {reason}");
    named.settings.refuse_named(key, name, text);
}
