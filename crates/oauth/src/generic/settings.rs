//! The options of a provider together with those of its preset.

use portcullis_application::ports::{IdTokens, IssuerCheck, ProviderPolicy};
use url::Url;

use super::{
    document::issuer_of,
    options::{GenericOptions, GenericOptionsError},
    preset::{Rules, UserRequest},
    user::from_user_info,
};
use crate::{
    definition::{Authentication, Endpoints},
    options::ProviderOptions,
};

/// The settings of a generic provider.
pub(super) struct Settings {
    /// The options. Those that the preset sets are filled in.
    pub(super) options: GenericOptions,
    /// The options that all providers have, for the common flow.
    pub(super) common: ProviderOptions,
    /// The endpoints that are configured.
    pub(super) endpoints: Endpoints,
    /// How the user is read.
    pub(super) rules: Rules,
}

impl Settings {
    /// Returns the settings of these options, with the values of the preset for options that are not set.
    ///
    /// # Errors
    ///
    /// If the provider cannot work with them.
    pub(super) fn new(mut options: GenericOptions) -> Result<Self, GenericOptionsError> {
        let rules = match options.preset {
            Some(preset) => preset.fill(&mut options)?,
            None => Rules {
                request: UserRequest::ClaimsOrAccessToken,
                user: from_user_info,
            },
        };
        check(&options)?;
        Ok(Self {
            common: ProviderOptions {
                client_ids: vec![options.client_id.clone()],
                client_secret: options.client_secret.clone(),
                ..ProviderOptions::default()
            },
            endpoints: Endpoints {
                authorization: options.authorization_url.clone().unwrap_or_default(),
                token: options.token_url.clone().unwrap_or_default(),
                refresh: None,
                user_info: options.user_info_url.clone().unwrap_or_default(),
                jwks: None,
                issuer: options.issuer.clone(),
            },
            options,
            rules,
        })
    }

    /// Returns how the client authenticates itself at the token endpoint.
    pub(super) fn authentication(&self) -> Authentication {
        self.options.authentication.unwrap_or_default()
    }

    /// Returns the policy of the provider if this is its issuer.
    pub(super) fn policy(&self, issuer: Option<&str>) -> ProviderPolicy {
        let options = &self.options;
        ProviderPolicy {
            callback_path: format!("/oauth2/callback/{}", options.id),
            redirect_uri: options.redirect_uri.clone(),
            disable_sign_up: options.disable_sign_up,
            disable_implicit_sign_up: options.disable_implicit_sign_up,
            override_user_info: options.override_user_info,
            can_refresh: true,
            id_tokens: IdTokens::Unsupported,
            issuer: self.issuer_check(issuer),
        }
    }

    /// Returns how the parameter `iss` is checked. If the issuer is required but the discovery document has not been
    /// read yet, it is that of the document's URL.
    fn issuer_check(&self, issuer: Option<&str>) -> IssuerCheck {
        let options = &self.options;
        if options.require_issuer_validation {
            let url = options.discovery_url.as_deref();
            let issuer = issuer.or_else(|| issuer_of(url?)).map(str::to_owned);
            return issuer.map_or(IssuerCheck::Unknown, IssuerCheck::Required);
        }
        let issuer = issuer.filter(|issuer| !issuer.contains('{'));
        issuer.map_or(IssuerCheck::Unknown, |issuer| {
            IssuerCheck::IfPresent(issuer.to_owned())
        })
    }
}

fn check(options: &GenericOptions) -> Result<(), GenericOptionsError> {
    for (name, url) in [
        ("discovery_url", &options.discovery_url),
        ("authorization_url", &options.authorization_url),
        ("token_url", &options.token_url),
        ("user_info_url", &options.user_info_url),
    ] {
        if url.as_deref().is_some_and(|url| !is_url(url)) {
            return Err(GenericOptionsError::NotAUrl(name));
        }
    }
    let has_endpoints = options.authorization_url.is_some() && options.token_url.is_some();
    if options.discovery_url.is_none() && !has_endpoints {
        return Err(GenericOptionsError::NoEndpoints);
    }
    let url = options.discovery_url.as_deref();
    let has_issuer = options.issuer.is_some() || url.and_then(issuer_of).is_some();
    if options.require_issuer_validation && !has_issuer {
        return Err(GenericOptionsError::NoIssuer);
    }
    Ok(())
}

fn is_url(text: &str) -> bool {
    Url::parse(text).is_ok_and(|url| matches!(url.scheme(), "https" | "http") && url.has_host())
}
