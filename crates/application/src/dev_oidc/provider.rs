//! The provider of development mode, as sign-ins use it.

use async_trait::async_trait;
use portcullis_domain::{secret::Secret, social::UserInfo};
use serde_json::{Map, Value, json};

use super::{CALLBACK_PATH, CLIENT_ID, DevOidc, ID, Person, TOKEN_LENGTH, codes::Grant};
use crate::ports::{
    AuthorizationRequest, CodeExchange, IdTokens, IdentityProvider, IssuerCheck, ProviderError,
    ProviderPolicy, ProviderTokens, RandomExt, Rejection,
};

/// The scopes that are requested and granted.
const SCOPES: [&str; 3] = ["openid", "email", "profile"];

/// The provider of development mode. It exchanges codes in this process.
pub(super) struct DevOidcProvider {
    dev_oidc: DevOidc,
    policy: ProviderPolicy,
}

impl DevOidcProvider {
    pub(super) fn new(dev_oidc: DevOidc) -> Self {
        let policy = ProviderPolicy {
            callback_path: CALLBACK_PATH.to_owned(),
            redirect_uri: None,
            disable_sign_up: false,
            disable_implicit_sign_up: false,
            override_user_info: false,
            can_refresh: false,
            id_tokens: IdTokens::Unsupported,
            issuer: IssuerCheck::Required(dev_oidc.options.origin.clone()),
        };
        Self { dev_oidc, policy }
    }

    /// Whether the code was issued for this request.
    fn is_for(&self, grant: &Grant, exchange: &CodeExchange<'_>) -> bool {
        let challenge = (self.dev_oidc.options.code_challenge)(exchange.code_verifier);
        grant.client_id == CLIENT_ID
            && grant.redirect_uri == exchange.redirect_uri
            && grant.code_challenge == challenge
    }
}

#[async_trait]
impl IdentityProvider for DevOidcProvider {
    fn id(&self) -> &str {
        ID
    }

    fn policy(&self) -> &ProviderPolicy {
        &self.policy
    }

    async fn authorization_url(&self, request: &AuthorizationRequest<'_>) -> Result<String, ProviderError> {
        let url = self.dev_oidc.authorization_url();
        let mut url = url.ok_or(ProviderError::Unusable("the base URL is not a URL"))?;
        let challenge = (self.dev_oidc.options.code_challenge)(request.code_verifier);
        url.query_pairs_mut()
            .append_pair("response_type", "code")
            .append_pair("client_id", CLIENT_ID)
            .append_pair("state", request.state)
            .append_pair("scope", &SCOPES.join(" "))
            .append_pair("redirect_uri", request.redirect_uri)
            .append_pair("code_challenge_method", "S256")
            .append_pair("code_challenge", &challenge)
            .extend_pairs(request.login_hint.map(|hint| ("login_hint", hint)));
        Ok(url.into())
    }

    async fn exchange(&self, exchange: &CodeExchange<'_>) -> Result<ProviderTokens, ProviderError> {
        let codes = &self.dev_oidc.codes;
        let grant = codes.redeem(exchange.code.expose(), self.dev_oidc.now());
        let grant = grant.filter(|grant| self.is_for(grant, exchange));
        let grant = grant.ok_or_else(invalid_grant)?;
        Ok(ProviderTokens {
            access_token: Some(Secret::new(self.dev_oidc.random.text(TOKEN_LENGTH))),
            scopes: Some(SCOPES.map(str::to_owned).to_vec()),
            user: Some(claims(&grant.person)),
            ..ProviderTokens::default()
        })
    }

    async fn user_info(&self, tokens: &ProviderTokens) -> Result<Option<UserInfo>, ProviderError> {
        Ok(tokens.user.as_ref().map(|claims| UserInfo {
            user: user(claims),
            data: claims.clone(),
        }))
    }

    async fn refresh(&self, _refresh_token: &Secret<String>) -> Result<ProviderTokens, ProviderError> {
        Err(invalid_grant())
    }

    async fn verify_id_token(
        &self,
        _token: &Secret<String>,
        _nonce: Option<&str>,
    ) -> Result<bool, ProviderError> {
        Ok(false)
    }
}

/// Returns the person as claims of OpenID Connect Core 1.0, section 5.1.
fn claims(person: &Person) -> Value {
    json!({
        "sub": person.email.as_str(),
        "name": person.name,
        "email": person.email.as_str(),
        "email_verified": person.is_email_verified,
    })
}

fn user(claims: &Value) -> Map<String, Value> {
    let members = [
        ("id", "sub"),
        ("name", "name"),
        ("email", "email"),
        ("emailVerified", "email_verified"),
    ];
    let values = members.map(|(member, claim)| (member.to_owned(), claims.get(claim).cloned()));
    values
        .into_iter()
        .filter_map(|(member, value)| Some((member, value?)))
        .collect()
}

fn invalid_grant() -> ProviderError {
    ProviderError::Rejected(Rejection {
        status: 400,
        reason: "Bad Request".to_owned(),
        error: Map::from_iter([("error".to_owned(), Value::from("invalid_grant"))]),
    })
}
