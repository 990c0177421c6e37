//! Known providers for which the deployment need not configure endpoints, scopes and profile.

use serde_json::{Map, Value};

use super::options::{GenericOptions, GenericOptionsError};

mod auth0;
mod gumroad;
mod hubspot;
mod keycloak;
mod line;
mod microsoft_entra_id;
mod okta;
mod openid;
mod patreon;
mod slack;

/// A known provider.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Preset {
    /// Auth0.
    Auth0,
    /// Gumroad.
    Gumroad,
    /// `HubSpot`.
    HubSpot,
    /// Keycloak.
    Keycloak,
    /// LINE. Each country has a channel of its own, so a deployment may use it under several ids.
    Line,
    /// Microsoft Entra ID.
    MicrosoftEntraId,
    /// Okta.
    Okta,
    /// Patreon.
    Patreon,
    /// Slack.
    Slack,
}

/// What a preset sets.
pub(super) struct Template {
    /// The URL of the discovery document.
    discovery_url: Option<String>,
    /// The issuer.
    issuer: Option<String>,
    /// The page to which the user is sent.
    authorization_url: Option<String>,
    /// The endpoint that issues tokens.
    token_url: Option<String>,
    /// The endpoint that describes the user.
    user_info_url: Option<String>,
    /// The scopes, unless the deployment sets others.
    scopes: &'static [&'static str],
    /// How the user is read.
    rules: Rules,
}

/// How a user is read.
#[derive(Clone, Copy)]
pub(super) struct Rules {
    /// What the profile is requested with.
    pub(super) request: UserRequest,
    /// Reads the user in a profile. `None`: the answer is not a profile.
    pub(super) user: fn(&Value) -> Option<Map<String, Value>>,
}

/// What a profile is requested with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum UserRequest {
    /// The access token. The profile is not requested if the id token contains `sub` and `email`.
    ClaimsOrAccessToken,
    /// The access token. The profile is not requested if there is an id token.
    AnyClaimsOrAccessToken,
    /// The access token.
    AccessToken,
    /// The access token as the last part of the path.
    TokenInPath,
}

impl Preset {
    /// Every preset, sorted by its name.
    pub const ALL: [Self; 9] = [
        Self::Auth0,
        Self::Gumroad,
        Self::HubSpot,
        Self::Keycloak,
        Self::Line,
        Self::MicrosoftEntraId,
        Self::Okta,
        Self::Patreon,
        Self::Slack,
    ];

    /// Returns the preset with this name, or `None` if there is none.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|preset| preset.name() == name)
    }

    /// Returns the name, which is also the usual id of the provider.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Auth0 => "auth0",
            Self::Gumroad => "gumroad",
            Self::HubSpot => "hubspot",
            Self::Keycloak => "keycloak",
            Self::Line => "line",
            Self::MicrosoftEntraId => "microsoft-entra-id",
            Self::Okta => "okta",
            Self::Patreon => "patreon",
            Self::Slack => "slack",
        }
    }

    /// Returns the option without which the preset cannot be used: it names the tenant.
    #[must_use]
    pub const fn required_option(self) -> Option<&'static str> {
        match self {
            Self::Auth0 => Some("domain"),
            Self::Keycloak | Self::Okta => Some("issuer"),
            Self::MicrosoftEntraId => Some("tenant_id"),
            Self::Gumroad | Self::HubSpot | Self::Line | Self::Patreon | Self::Slack => None,
        }
    }

    /// Sets the options that are not set, and returns how the user is read.
    ///
    /// # Errors
    ///
    /// If the option that names the tenant is not set.
    pub(super) fn fill(self, options: &mut GenericOptions) -> Result<Rules, GenericOptionsError> {
        let template = match self {
            Self::Auth0 => auth0::template(self.required(options.domain.as_ref())?),
            Self::Gumroad => gumroad::template(),
            Self::HubSpot => hubspot::template(),
            Self::Keycloak => keycloak::template(self.required(options.issuer.as_ref())?),
            Self::Line => line::template(),
            Self::MicrosoftEntraId => {
                microsoft_entra_id::template(self.required(options.tenant_id.as_ref())?)
            }
            Self::Okta => okta::template(self.required(options.issuer.as_ref())?),
            Self::Patreon => patreon::template(),
            Self::Slack => slack::template(),
        };
        Ok(template.fill(options))
    }

    /// Returns the value of the required option.
    fn required(self, value: Option<&String>) -> Result<&str, GenericOptionsError> {
        value
            .map(String::as_str)
            .filter(|value| !value.is_empty())
            .ok_or(GenericOptionsError::Missing {
                preset: self.name(),
                option: self.required_option().unwrap_or_default(),
            })
    }
}

impl Template {
    fn fill(self, options: &mut GenericOptions) -> Rules {
        let scopes = self.scopes.iter().map(|scope| (*scope).to_owned());
        options.scopes.get_or_insert_with(|| scopes.collect());
        // The issuer that the deployment sets may have a slash at its end, which the template removes.
        options.issuer = self.issuer.or(options.issuer.take());
        for (option, value) in [
            (&mut options.discovery_url, self.discovery_url),
            (&mut options.authorization_url, self.authorization_url),
            (&mut options.token_url, self.token_url),
            (&mut options.user_info_url, self.user_info_url),
        ] {
            *option = option.take().or(value);
        }
        self.rules
    }
}
