//! What is known about the client of a request.

use portcullis_domain::token::SessionToken;

use crate::client_token::{PresentedToken, TokenKind};

/// The origin of a request.
#[derive(Clone, Debug, Default)]
pub struct RequestContext {
    /// The client's IP address in its canonical form. Empty if it is unknown.
    pub ip_address: String,
    /// Whether other clients may have the same IP address: it is unknown, or it is a proxy's.
    pub is_ip_address_shared: bool,
    /// The `User-Agent` header. Empty if there is none.
    pub user_agent: String,
    /// The session tokens that the client presents, in their order of precedence. Whether the sessions are live is not
    /// known. Empty if the client presents a key instead.
    pub session_tokens: Vec<SessionToken>,
    /// The tokens that the client presents in addition to its session, with valid signatures.
    pub tokens: Vec<PresentedToken>,
}

impl RequestContext {
    /// Returns the context of an application whose user is in the browser that sends the request: without the sessions and
    /// the tokens of the browser, which are not those of the application.
    #[must_use]
    pub fn of_application(&self) -> Self {
        Self {
            session_tokens: Vec::new(),
            tokens: Vec::new(),
            ..self.clone()
        }
    }

    /// Returns the token of this kind that the client presents.
    #[must_use]
    pub fn token(&self, kind: TokenKind) -> Option<&str> {
        let presented = self.tokens.iter().find(|token| token.kind == kind)?;
        Some(presented.value.expose())
    }
}

#[cfg(test)]
mod tests {
    use portcullis_domain::secret::Secret;

    use super::*;

    #[test]
    fn a_token_is_found_by_its_kind() {
        let [challenge, device] = ["challenge", "device"].map(TokenKind::new);
        let presented = PresentedToken {
            kind: challenge,
            purpose: challenge.purpose,
            value: Secret::new("abc".to_owned()),
        };
        let context = RequestContext {
            tokens: vec![presented],
            ..RequestContext::default()
        };
        assert_eq!(context.token(challenge), Some("abc"));
        assert_eq!(context.token(device), None);
    }

    #[test]
    fn an_application_presents_nothing_of_the_browser_in_which_its_user_is() {
        let kind = TokenKind::new("device");
        let browser = RequestContext {
            ip_address: "192.0.2.7".to_owned(),
            user_agent: "Browser".to_owned(),
            session_tokens: vec![SessionToken::new("token-1")],
            tokens: vec![PresentedToken {
                kind,
                purpose: kind.purpose,
                value: Secret::new("abc".to_owned()),
            }],
            ..RequestContext::default()
        };
        let application = browser.of_application();
        assert!(application.session_tokens.is_empty() && application.tokens.is_empty());
        assert_eq!(
            (application.ip_address, application.user_agent),
            (browser.ip_address, browser.user_agent)
        );
    }
}
