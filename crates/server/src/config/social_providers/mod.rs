//! Providers with which users sign in: `social_providers.NAME`.

pub(super) mod client;
pub(super) mod development;
mod endpoint;
mod extras;
mod keys;
pub(super) mod mapping;
pub(super) mod named;
mod read;
#[cfg(test)]
mod tests;

use std::{collections::BTreeSet, fmt};

use portcullis_domain::additional::FieldSchema;
use portcullis_oauth::{Definition, ProviderOptions, definitions};
use portcullis_outbound::ClientOptions;

use self::named::Named;
pub(super) use self::{
    extras::keys as extra_keys,
    keys::KEYS,
    read::{client_secret, redirect_uri},
};
use super::{
    account::{self, AccountOptions},
    key::Declaration,
    mode::Mode,
    path::did_you_mean,
    settings::Settings,
};

const SECTION: &str = "social_providers";

/// Providers of other companies, and how they are reached.
#[derive(Clone, Debug)]
pub struct SocialConfig {
    /// The providers that are enabled, sorted by their ids.
    pub providers: Vec<SocialProvider>,
    /// Whether this server itself is a provider, for developers.
    pub has_development_provider: bool,
    /// Options of accounts of providers.
    pub accounts: AccountOptions,
    /// The client of all requests to providers.
    pub client: ClientOptions,
}

/// A provider that the deployment configures.
#[derive(Clone)]
pub struct SocialProvider {
    /// What the provider does.
    pub definition: &'static dyn Definition,
    /// The deployment's options.
    pub options: ProviderOptions,
}

impl fmt::Debug for SocialProvider {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SocialProvider")
            .field("id", &self.definition.id())
            .field("options", &self.options)
            .finish()
    }
}

/// Reads the providers and how they are reached. `fields` are those of users; `own_ids` returns the ids of providers that
/// the deployment describes itself.
pub(super) fn read(
    settings: &mut Settings,
    mode: Mode,
    fields: &FieldSchema,
    own_ids: fn(&Settings) -> BTreeSet<String>,
) -> SocialConfig {
    let client = client::read(settings);
    let own = own_ids(settings);
    SocialConfig {
        providers: providers(settings, fields, &client.allowed_hosts),
        has_development_provider: development::read(settings, mode),
        accounts: account::read(settings, &own),
        client,
    }
}

fn providers(settings: &mut Settings, fields: &FieldSchema, allowed_hosts: &[String]) -> Vec<SocialProvider> {
    let mut providers = Vec::new();
    for name in names(settings) {
        let mut named = Named {
            settings,
            name: &name,
            allowed_hosts,
        };
        match definitions().iter().find(|definition| definition.id() == name) {
            Some(definition) => {
                let options = read::read(&mut named, *definition, fields);
                providers.extend(options.map(|options| SocialProvider {
                    definition: *definition,
                    options,
                }));
            }
            None => refuse_name(&mut named),
        }
    }
    providers
}

/// Returns the ids of all providers of this build.
pub(super) fn ids() -> impl Iterator<Item = &'static str> {
    definitions().iter().map(|definition| definition.id())
}

fn all_keys() -> impl Iterator<Item = &'static Declaration> {
    KEYS.iter().copied().chain(extra_keys())
}

/// Returns the names that are configured, also those that were refused.
pub(super) fn names(settings: &Settings) -> BTreeSet<String> {
    all_keys().flat_map(|key| settings.names(SECTION, key)).collect()
}

/// Refuses a name that is not a provider's, at the first of its keys.
fn refuse_name(named: &mut Named<'_>) {
    let mut keys = all_keys();
    let key = keys.find(|key| named.is_given(key)).unwrap_or(&keys::CLIENT_ID);
    let hint = did_you_mean(named.name, ids());
    let then = if hint.is_empty() { "; the" } else { " The" };
    let known = ids().collect::<Vec<_>>().join(", ");
    let text = format!(
        "`{SECTION}.{}` is not a provider{hint}{then} providers are {known}; configure others in `plugins.generic_oauth.providers`",
        named.name
    );
    named.settings.refuse_named(key, named.name, text);
}
