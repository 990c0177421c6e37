//! Requests to authorization servers that an application starts in a browser.
//!
//! The application got the URL from this server, but any page can send a browser here with a URL of its own. So the URL
//! must lead to a known authorization server, which must send the browser back to this server.

use url::Url;

use crate::{glob, origin::TrustedOrigins};

/// Maximum length of a state.
const LONGEST_STATE: usize = 512;

/// The authorization endpoints of Better Auth's built-in providers. `*` is one segment of the path.
const ENDPOINTS: [&str; 35] = [
    "https://access.line.me/oauth2/v2.1/authorize",
    "https://accounts.google.com/o/oauth2/auth",
    "https://accounts.google.com/o/oauth2/v2/auth",
    "https://accounts.spotify.com/authorize",
    "https://api.notion.com/v1/oauth/authorize",
    "https://apis.roblox.com/oauth/v1/authorize",
    "https://appleid.apple.com/auth/authorize",
    "https://auth.atlassian.com/authorize",
    "https://discord.com/api/oauth2/authorize",
    "https://github.com/login/oauth/authorize",
    "https://gitlab.com/oauth/authorize",
    "https://huggingface.co/oauth/authorize",
    "https://id.kick.com/oauth/authorize",
    "https://id.twitch.tv/oauth2/authorize",
    "https://id.vk.com/authorize",
    "https://idp.paybin.io/oauth2/authorize",
    "https://kauth.kakao.com/oauth/authorize",
    "https://linear.app/oauth/authorize",
    "https://login.microsoftonline.com/*/oauth2/v2.0/authorize",
    "https://login.salesforce.com/services/oauth2/authorize",
    "https://nid.naver.com/oauth2.0/authorize",
    "https://polar.sh/oauth2/authorize",
    "https://slack.com/openid/connect/authorize",
    "https://test.salesforce.com/services/oauth2/authorize",
    "https://vercel.com/oauth/authorize",
    "https://www.dropbox.com/oauth2/authorize",
    "https://www.facebook.com/*/dialog/oauth",
    "https://www.figma.com/oauth",
    "https://www.linkedin.com/oauth/v2/authorization",
    "https://www.paypal.com/signin/authorize",
    "https://www.reddit.com/api/v1/authorize",
    "https://www.sandbox.paypal.com/signin/authorize",
    "https://www.tiktok.com/v2/auth/authorize",
    "https://x.com/i/oauth2/authorize",
    "https://zoom.us/oauth/authorize",
];

/// A request to an authorization server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuthorizationRequest {
    /// The URL to which the browser is sent.
    pub url: Url,
    /// The state, which the authorization server returns with the browser.
    pub state: String,
}

/// Why a request to an authorization server is rejected.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AuthorizationRejection {
    /// The URL does not lead to a known authorization server, or not back to this server.
    #[error("the URL is not one of a known authorization server that returns to this server")]
    Url,
    /// There is no state, or not exactly one, or it contains other characters than URLs use without encoding.
    #[error("the URL has no usable state")]
    State,
}

impl AuthorizationRequest {
    /// Parses the URL of a request. `own` is the URL of this server.
    ///
    /// # Errors
    ///
    /// If the URL is not one of a built-in provider or a trusted origin, if it is one of this server, or if its state is
    /// not usable.
    pub fn parse(text: &str, trusted: &TrustedOrigins, own: &Url) -> Result<Self, AuthorizationRejection> {
        let url = Url::parse(text).map_err(|_| AuthorizationRejection::Url)?;
        if !is_unambiguous(text, &url) || !is_known(&url, trusted, own) || !returns_to(own, &url) {
            return Err(AuthorizationRejection::Url);
        }
        let state = only(&url, "state").filter(|state| is_state(state));
        let state = state.ok_or(AuthorizationRejection::State)?;
        Ok(Self { url, state })
    }
}

/// Whether every parser reads the same host, and the URL has no fragment, which no authorization endpoint has.
fn is_unambiguous(text: &str, url: &Url) -> bool {
    let has_user = !url.username().is_empty() || url.password().is_some();
    !has_user && !text.contains(['\\', '#'])
}

fn is_known(url: &Url, trusted: &TrustedOrigins, own: &Url) -> bool {
    let is_web = matches!(url.scheme(), "http" | "https");
    let endpoint = format!("{}{}", url.origin().ascii_serialization(), url.path());
    let is_built_in = ENDPOINTS.iter().any(|known| glob::matches(known, &endpoint));
    is_web && url.origin() != own.origin() && (is_built_in || trusted.trusts_origin(url.as_str()))
}

/// Whether the authorization server sends the browser back to this server, if the URL contains a target.
fn returns_to(own: &Url, url: &Url) -> bool {
    let mut targets = url.query_pairs().filter(|(name, _)| name == "redirect_uri");
    targets.all(|(_, target)| Url::parse(&target).is_ok_and(|target| target.origin() == own.origin()))
}

/// Returns the value of a parameter that occurs once.
fn only(url: &Url, name: &str) -> Option<String> {
    let mut values = url.query_pairs().filter(|(key, _)| key == name);
    let value = values.next().map(|(_, value)| value.into_owned());
    value.filter(|_| values.next().is_none())
}

fn is_state(text: &str) -> bool {
    let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    !text.is_empty() && text.len() <= LONGEST_STATE && text.bytes().all(is_allowed)
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOGLE: &str = "https://accounts.google.com/o/oauth2/v2/auth";

    fn parsed(text: &str) -> Result<AuthorizationRequest, AuthorizationRejection> {
        let own = Url::parse("https://auth.example.com").unwrap();
        let trusted = ["https://idp.example.com", "http://localhost:8080", "myapp://"];
        let trusted = TrustedOrigins::new(trusted.map(str::to_owned).to_vec()).with_own_origin(&own);
        AuthorizationRequest::parse(text, &trusted, &own)
    }

    #[test]
    fn a_request_to_a_known_authorization_server_is_accepted() {
        for text in [
            &format!("{GOOGLE}?client_id=a&state=Ab1-._~"),
            &format!(
                "{GOOGLE}?state=a&redirect_uri=https%3A%2F%2Fauth.example.com%2Fapi%2Fauth%2Fcallback%2Fgoogle"
            ),
            "https://github.com/login/oauth/authorize?state=a",
            "https://login.microsoftonline.com/common/oauth2/v2.0/authorize?state=a",
            "https://www.facebook.com/v24.0/dialog/oauth?state=a",
            "https://idp.example.com/any/path?state=a",
            "http://localhost:8080/realms/x/auth?state=a",
        ] {
            let request = parsed(text).unwrap();
            assert_eq!(request.url.as_str(), text);
        }
        assert_eq!(
            parsed(&format!("{GOOGLE}?state=Ab1-._~")).unwrap().state,
            "Ab1-._~"
        );
    }

    #[test]
    fn a_url_that_leads_elsewhere_is_rejected() {
        for text in [
            "",
            "/o/oauth2/v2/auth?state=a",
            "javascript:alert(1)//?state=a",
            "myapp://callback?state=a",
            "https://evil.test/?state=a",
            "https://evil.test/o/oauth2/v2/auth?state=a",
            "http://accounts.google.com/o/oauth2/v2/auth?state=a",
            "https://accounts.google.com/url?q=https://evil.test&state=a",
            "https://accounts.google.com.evil.test/o/oauth2/v2/auth?state=a",
            "https://accounts.google.com@evil.test/o/oauth2/v2/auth?state=a",
            "https://evil.test@accounts.google.com/o/oauth2/v2/auth?state=a",
            "https://accounts.google.com\\@evil.test/o/oauth2/v2/auth?state=a",
            "https://accounts.google.com:8443/o/oauth2/v2/auth?state=a",
            "https://github.com/evil?state=a",
            "https://github.com/login/oauth/authorize/../../../evil?state=a",
            "https://login.microsoftonline.com/a/b/oauth2/v2.0/authorize?state=a",
            "https://auth.example.com/api/auth/callback/google?state=a",
            "https://idp.example.com.evil.test/?state=a",
            &format!("{GOOGLE}?state=a#"),
            &format!("{GOOGLE}?state=a#x"),
            &format!("{GOOGLE}?state=a&redirect_uri=https://evil.test"),
            &format!(
                "{GOOGLE}?state=a&redirect_uri=https://auth.example.com/&redirect_uri=https://evil.test"
            ),
            &format!("{GOOGLE}?state=a&redirect_uri=myapp://callback"),
            &format!("{GOOGLE}?state=a&redirect_uri="),
        ] {
            assert_eq!(parsed(text), Err(AuthorizationRejection::Url), "{text}");
        }
    }

    #[test]
    fn a_state_must_occur_once_and_consist_of_unreserved_characters() {
        let long = "a".repeat(513);
        for query in [
            "",
            "?state=",
            "?State=a",
            "?state=a&state=b",
            "?state=a.b%3D",
            "?state=a%0d%0ab",
            "?state=a%3Bb",
            "?state=a+b",
            "?state=é",
            &format!("?state={long}"),
        ] {
            let text = format!("{GOOGLE}{query}");
            assert_eq!(parsed(&text), Err(AuthorizationRejection::State), "{text}");
        }
        assert!(parsed(&format!("{GOOGLE}?state={}", &long[1..])).is_ok());
    }
}
