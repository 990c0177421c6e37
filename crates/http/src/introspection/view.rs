//! The JSON of a token: RFC 7662, section 2.2.

use portcullis_application::introspection::ActiveToken;
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Map, Value, json};

use crate::view::{Presenter, user::UserView};

/// The JSON of a token. That of a token that is not active has only the first member.
#[derive(Default, JsonSchema, Serialize)]
#[schemars(rename = "Token", description = "A token that a service asks about")]
pub(super) struct TokenView<'a> {
    active: bool,
    #[serde(flatten)]
    claims: Option<Claims>,
    /// The id of the user.
    #[serde(skip_serializing_if = "Option::is_none")]
    sub: Option<&'a str>,
    /// The id of the session. Missing if the token belongs to none.
    #[serde(skip_serializing_if = "Option::is_none")]
    sid: Option<&'a str>,
    /// The e-mail address of the user.
    #[serde(skip_serializing_if = "Option::is_none")]
    username: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    user: Option<UserView<'a>>,
}

/// What a JWT states, or what it would state for a session. Times are in seconds since 1970.
#[derive(JsonSchema, Serialize)]
struct Claims {
    /// `session` or `Bearer`.
    token_type: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    iss: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    aud: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    jti: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    nbf: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    iat: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    exp: Option<Value>,
}

impl Claims {
    fn of_jwt(claims: &Map<String, Value>) -> Self {
        let claim = |name| claims.get(name).cloned();
        Self {
            token_type: "Bearer",
            iss: claim("iss"),
            aud: claim("aud"),
            jti: claim("jti"),
            nbf: claim("nbf"),
            iat: claim("iat"),
            exp: claim("exp"),
        }
    }

    fn of_session(active: &ActiveToken, issuer: &str) -> Self {
        let session = active.session.as_ref();
        Self {
            token_type: "session",
            iss: Some(json!(issuer)),
            aud: None,
            jti: None,
            nbf: None,
            iat: session.map(|session| json!(session.created_at.timestamp())),
            exp: session.map(|session| json!(session.expires_at.timestamp())),
        }
    }
}

impl<'a> TokenView<'a> {
    /// Returns the JSON of a token, or of one that is not active. The subject is always the user's id, whatever a JWT
    /// has as its subject.
    pub(super) fn new(active: Option<&'a ActiveToken>, issuer: &str, present: Presenter<'a>) -> Self {
        let Some(active) = active else {
            return Self::default();
        };
        let of_jwt = active.claims.as_ref().map(Claims::of_jwt);
        Self {
            active: true,
            claims: Some(of_jwt.unwrap_or_else(|| Claims::of_session(active, issuer))),
            sub: Some(active.user.id.as_str()),
            sid: active.session.as_ref().map(|session| session.id.as_str()),
            username: Some(active.user.email.as_str()),
            user: Some(present.user(&active.user)),
        }
    }
}
