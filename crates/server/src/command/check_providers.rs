//! The part of `portcullis check` about providers: the URLs that they must know.

use crate::{config::Config, error::Error, output};

/// Prints the callback URL of each provider, which the operator registers there.
pub(super) fn check(config: &Config) -> Result<(), Error> {
    callbacks(config).try_for_each(|line| output::print(&line))
}

fn callbacks(config: &Config) -> impl Iterator<Item = String> {
    let base = config.http.routes_url();
    let known = config.social.providers.iter().map(|provider| {
        let id = provider.definition.id();
        let own = provider.options.redirect_uri.clone();
        (provider.definition.name(), format!("/callback/{id}"), own)
    });
    let described = config.generic_oauth.iter().map(|provider| {
        let id = provider.id.as_str();
        (
            id,
            format!("/oauth2/callback/{id}"),
            provider.redirect_uri.clone(),
        )
    });
    known.chain(described).map(move |(name, path, own)| {
        let url = own.unwrap_or_else(|| format!("{base}{path}"));
        format!("sign-in with {name}: the callback URL to register there is {url}")
    })
}
