//! The state of a request to a provider, from its start until the provider's answer.

use chrono::{DateTime, Utc};
use serde_json::{Map, Value, json};
use url::Url;

use crate::{
    email::EmailAddress,
    id::{SessionId, UserId},
    origin::TrustedOrigins,
    secret::Secret,
};

/// What is stored while the user is at the provider. Its JSON is Better Auth's, so that a Node server can read it.
#[derive(Clone, Debug)]
pub struct AuthorizationState {
    /// The URL to which the user returns.
    pub callback_url: String,
    /// The code verifier (RFC 7636), which only this server knows.
    pub code_verifier: Secret<String>,
    /// The URL to which the user returns after an error.
    pub error_url: Option<String>,
    /// The URL to which a new user returns.
    pub new_user_url: Option<String>,
    /// The signed-in user to whom the account is to be linked. `None` for a sign-in.
    pub link: Option<LinkTarget>,
    /// When the state expires.
    pub expires_at: DateTime<Utc>,
    /// Whether the client explicitly requested sign-up.
    pub request_sign_up: Option<bool>,
    /// The provider that the user was sent to. `None` in a state of Better Auth, which does not store it.
    pub provider: Option<String>,
    /// The `state` parameter, if the state is stored in a cookie, as later versions of Better Auth store it.
    pub value: Option<Secret<String>>,
    /// What the application wants to keep.
    pub additional: Map<String, Value>,
}

/// The signed-in user to whom an account is to be linked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LinkTarget {
    /// The user.
    pub user_id: UserId,
    /// The user's address at the start.
    pub email: EmailAddress,
    /// The session in which the user requested it. `None` in a state of Better Auth, which does not store it.
    pub session: Option<SessionId>,
}

/// The text is not a state.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the stored text is not the state of an authorization request")]
pub struct StateError;

const CALLBACK_URL: &str = "callbackURL";
const CODE_VERIFIER: &str = "codeVerifier";
const ERROR_URL: &str = "errorURL";
const NEW_USER_URL: &str = "newUserURL";
const LINK: &str = "link";
const EXPIRES_AT: &str = "expiresAt";
const REQUEST_SIGN_UP: &str = "requestSignUp";
const VALUE: &str = "oauthState";
const PROVIDER: &str = "portcullisProvider";
const SESSION: &str = "portcullisSession";

/// The members that are not the application's.
const MEMBERS: [&str; 10] = [
    CALLBACK_URL,
    CODE_VERIFIER,
    ERROR_URL,
    NEW_USER_URL,
    LINK,
    EXPIRES_AT,
    REQUEST_SIGN_UP,
    VALUE,
    PROVIDER,
    SESSION,
];

impl AuthorizationState {
    /// Returns whether the state has not expired.
    #[must_use]
    pub fn is_live(&self, now: DateTime<Utc>) -> bool {
        self.expires_at >= now
    }

    /// Returns whether this is a sign-in, and not a link, after which every user returns to an application that is trusted
    /// and never to a web page. The page for errors receives no session, so it may be any.
    #[must_use]
    pub fn signs_in_to_application(&self, trusted: &TrustedOrigins) -> bool {
        let new_user_url = self.new_user_url.iter().filter(|url| !url.is_empty());
        let mut targets = new_user_url.chain([&self.callback_url]);
        let is_application = |url: &String| Url::parse(url).is_ok_and(|url| trusted.trusts_app(&url));
        self.link.is_none() && targets.all(is_application)
    }

    /// Returns the JSON text, with the members in Better Auth's order. The application's members never replace them.
    #[must_use]
    pub fn to_json(&self) -> Secret<String> {
        let mut members: Map<String, Value> = self
            .additional
            .iter()
            .filter(|(name, _)| !MEMBERS.contains(&name.as_str()))
            .map(|(name, value)| (name.clone(), value.clone()))
            .collect();
        let link = self
            .link
            .as_ref()
            .map(|link| json!({ "userId": link.user_id.as_str(), "email": link.email.as_str() }));
        let session = self.link.as_ref().and_then(|link| link.session.as_ref());
        let own = [
            (CALLBACK_URL, Some(json!(self.callback_url))),
            (CODE_VERIFIER, Some(json!(self.code_verifier.expose()))),
            (ERROR_URL, self.error_url.as_ref().map(|url| json!(url))),
            (NEW_USER_URL, self.new_user_url.as_ref().map(|url| json!(url))),
            (LINK, link),
            (EXPIRES_AT, Some(json!(self.expires_at.timestamp_millis()))),
            (REQUEST_SIGN_UP, self.request_sign_up.map(Value::Bool)),
            (VALUE, self.value.as_ref().map(|value| json!(value.expose()))),
            (PROVIDER, self.provider.as_ref().map(|provider| json!(provider))),
            (SESSION, session.map(|session| json!(session.as_str()))),
        ];
        members.extend(
            own.into_iter()
                .filter_map(|(name, value)| Some((name.to_owned(), value?))),
        );
        Secret::new(Value::Object(members).to_string())
    }

    /// Reads the JSON text of a state, this server's or Better Auth's.
    ///
    /// # Errors
    ///
    /// [`StateError`] if the text is not a state.
    pub fn parse(text: &str) -> Result<Self, StateError> {
        let Ok(Value::Object(mut members)) = serde_json::from_str(text) else {
            return Err(StateError);
        };
        let session = text_of(&mut members, SESSION)?;
        let link = match members.remove(LINK) {
            None => None,
            Some(link) => Some(LinkTarget::parse(&link, session).ok_or(StateError)?),
        };
        let expires_at = members.remove(EXPIRES_AT).and_then(|value| value.as_i64());
        let request_sign_up = match members.remove(REQUEST_SIGN_UP) {
            None => None,
            Some(value) => Some(value.as_bool().ok_or(StateError)?),
        };
        Ok(Self {
            callback_url: text_of(&mut members, CALLBACK_URL)?.ok_or(StateError)?,
            code_verifier: Secret::new(text_of(&mut members, CODE_VERIFIER)?.ok_or(StateError)?),
            error_url: text_of(&mut members, ERROR_URL)?,
            new_user_url: text_of(&mut members, NEW_USER_URL)?,
            link,
            expires_at: expires_at
                .and_then(DateTime::from_timestamp_millis)
                .ok_or(StateError)?,
            request_sign_up,
            provider: text_of(&mut members, PROVIDER)?,
            value: text_of(&mut members, VALUE)?.map(Secret::new),
            additional: members,
        })
    }
}

impl LinkTarget {
    fn parse(link: &Value, session: Option<String>) -> Option<Self> {
        let user_id = match link.get("userId")? {
            Value::Number(number) => number.to_string(),
            id => id.as_str()?.to_owned(),
        };
        Some(Self {
            user_id: UserId::new(user_id),
            email: EmailAddress::from_stored(link.get("email")?.as_str()?),
            session: session.map(SessionId::new),
        })
    }
}

/// Removes a member and returns its text.
fn text_of(members: &mut Map<String, Value>, name: &str) -> Result<Option<String>, StateError> {
    match members.remove(name) {
        None => Ok(None),
        Some(Value::String(text)) => Ok(Some(text)),
        Some(_) => Err(StateError),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn state() -> AuthorizationState {
        AuthorizationState {
            callback_url: "/done".to_owned(),
            code_verifier: Secret::new("v".to_owned()),
            error_url: None,
            new_user_url: Some("/new".to_owned()),
            link: Some(LinkTarget {
                user_id: UserId::new("U"),
                email: EmailAddress::from_stored("ada@example.com"),
                session: Some(SessionId::new("S")),
            }),
            expires_at: DateTime::from_timestamp_millis(1_000).unwrap(),
            request_sign_up: Some(true),
            provider: Some("github".to_owned()),
            value: None,
            additional: Map::from_iter([
                ("plan".to_owned(), json!("pro")),
                ("callbackURL".to_owned(), json!("https://evil.example")),
                ("link".to_owned(), json!({ "userId": "V" })),
            ]),
        }
    }

    #[test]
    fn the_json_is_that_of_better_auth() {
        assert_eq!(
            state().to_json().expose(),
            r#"{"plan":"pro","callbackURL":"/done","codeVerifier":"v","newUserURL":"/new","link":{"userId":"U","email":"ada@example.com"},"expiresAt":1000,"requestSignUp":true,"portcullisProvider":"github","portcullisSession":"S"}"#
        );
    }

    #[test]
    fn a_state_that_was_written_is_read() {
        let read = AuthorizationState::parse(state().to_json().expose()).unwrap();
        assert_eq!(read.link, state().link);
        assert_eq!(Value::from(read.additional.clone()), json!({ "plan": "pro" }));
        assert_eq!(read.to_json().expose(), state().to_json().expose());
        let now = read.expires_at;
        assert!(read.is_live(now) && !read.is_live(now + chrono::TimeDelta::milliseconds(1)));
    }

    #[test]
    fn only_a_sign_in_whose_targets_are_applications_ends_in_one() {
        let trusted = ["myapp://", "https://app.example.com", "*://any.example.com"];
        let trusted = TrustedOrigins::new(trusted.map(str::to_owned).to_vec());
        for (callback, new_user, is_link, expected) in [
            ("myapp://home", None, false, true),
            ("myapp://home", Some(""), false, true),
            ("myapp://home", Some("myapp://welcome"), false, true),
            ("myapp://home", None, true, false),
            ("myapp://home", Some("/welcome"), false, false),
            ("myapp://home", Some("https://app.example.com"), false, false),
            ("https://app.example.com", Some("myapp://welcome"), false, false),
            ("/home", None, false, false),
            ("", None, false, false),
            ("evil://home", None, false, false),
            ("evil://any.example.com", None, false, false),
            ("javascript://home", None, false, false),
        ] {
            let state = AuthorizationState {
                callback_url: callback.to_owned(),
                new_user_url: new_user.map(str::to_owned),
                link: state().link.filter(|_| is_link),
                ..state()
            };
            let context = format!("{callback} {new_user:?} {is_link}");
            assert_eq!(state.signs_in_to_application(&trusted), expected, "{context}");
            let trusts_none = TrustedOrigins::default();
            assert!(!state.signs_in_to_application(&trusts_none), "{context}");
        }
    }

    /// GHSA-965c-763c-88jm: another stored text must not be taken for a state.
    #[test]
    fn other_texts_are_no_states() {
        for text in [
            "",
            "user-id",
            "{}",
            "null",
            r#"{"callbackURL":"/"}"#,
            r#"{"callbackURL":"/","codeVerifier":"v"}"#,
            r#"{"callbackURL":1,"codeVerifier":"v","expiresAt":1}"#,
            r#"{"callbackURL":"/","codeVerifier":"v","expiresAt":"1"}"#,
            r#"{"callbackURL":"/","codeVerifier":"v","expiresAt":1,"link":{}}"#,
            r#"{"callbackURL":"/","codeVerifier":"v","expiresAt":1,"requestSignUp":"yes"}"#,
        ] {
            assert!(AuthorizationState::parse(text).is_err(), "{text}");
        }
    }
}
