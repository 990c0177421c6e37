//! Names and attributes of cookies.

use std::fmt;

use chrono::TimeDelta;

use super::tokens::TokenCookie;

/// Browsers accept a cookie with this prefix only over encrypted connections.
pub(super) const SECURE_PREFIX: &str = "__Secure-";

/// The cookies in which a client stores its session and other tokens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CookieOptions {
    /// Contains the session token, signed.
    pub session_token: Cookie,
    /// Contains the session cookie cache.
    pub session_data: Cookie,
    /// Signed mark of a session that ends when the browser closes.
    pub dont_remember: Cookie,
    /// The cookies of other tokens, one for each kind that a feature uses.
    pub tokens: Vec<TokenCookie>,
}

/// Name and attributes of a cookie.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cookie {
    /// The whole name.
    pub name: CookieName,
    /// The attributes.
    pub attributes: CookieAttributes,
}

/// The attributes of a cookie.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CookieAttributes {
    /// The domain whose hosts receive the cookie. `None`: only the host that sets it.
    pub domain: Option<AttributeText>,
    /// The path below which the cookie is sent.
    pub path: Option<AttributeText>,
    /// Whether scripts cannot read the cookie.
    pub http_only: bool,
    /// Whether the cookie is sent only over encrypted connections. A name that begins with `__Secure-` implies it.
    pub secure: bool,
    /// The requests from other sites with which the cookie is sent.
    pub same_site: Option<SameSite>,
    /// Whether each site that embeds this one has its own cookie.
    pub partitioned: bool,
    /// How long the cookie is kept, if its use does not determine it: the session token and the session cookie cache
    /// have lifetimes of their own.
    pub max_age: Option<TimeDelta>,
}

/// The requests from other sites with which a cookie is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SameSite {
    /// None.
    Strict,
    /// When the user follows a link.
    Lax,
    /// All.
    None,
}

/// A valid name of a cookie.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CookieName(String);

/// A valid value of a cookie's attribute, which cannot begin another attribute.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AttributeText(String);

impl CookieOptions {
    /// Returns Better Auth's cookies: only for encrypted connections if `is_secure`.
    #[must_use]
    pub fn new(is_secure: bool) -> Self {
        let prefix = if is_secure { SECURE_PREFIX } else { "" };
        let cookie = |key: &str| Cookie {
            name: CookieName(format!("{prefix}better-auth.{key}")),
            attributes: CookieAttributes::new(is_secure),
        };
        Self {
            session_token: cookie("session_token"),
            session_data: cookie("session_data"),
            dont_remember: cookie("dont_remember"),
            tokens: Vec::new(),
        }
    }
}

impl CookieOptions {
    /// Returns whether a `Set-Cookie` line clears a cookie under another domain than the session cookie's.
    pub(crate) fn clears_twin(&self, line: &str) -> bool {
        let mut attributes = line.split("; ");
        let is_cleared = attributes.clone().any(|attribute| attribute == "Max-Age=0");
        let domain = attributes.find_map(|attribute| attribute.strip_prefix("Domain="));
        is_cleared
            && domain
                != self
                    .session_token
                    .attributes
                    .domain
                    .as_ref()
                    .map(AttributeText::as_str)
    }
}

impl CookieAttributes {
    /// Returns Better Auth's attributes.
    #[must_use]
    pub fn new(is_secure: bool) -> Self {
        Self {
            domain: None,
            path: Some(AttributeText("/".to_owned())),
            http_only: true,
            secure: is_secure,
            same_site: Some(SameSite::Lax),
            partitioned: false,
            max_age: None,
        }
    }
}

impl CookieName {
    /// Returns the name if it is a token (RFC 6265, 4.1.1).
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
        let is_token = !text.is_empty() && text.bytes().all(is_allowed);
        is_token.then(|| Self(text.to_owned()))
    }

    /// Returns the text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl AttributeText {
    /// Returns the text if it is printable ASCII without a semicolon.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let is_allowed = |byte: u8| (byte.is_ascii_graphic() || byte == b' ') && byte != b';';
        let is_plain = !text.is_empty() && text.bytes().all(is_allowed);
        is_plain.then(|| Self(text.to_owned()))
    }

    /// Returns the text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for SameSite {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Strict => "Strict",
            Self::Lax => "Lax",
            Self::None => "None",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_attributes_that_could_forge_a_header_are_rejected() {
        for text in ["", "a;b", "a\r\nb", "a\0", "é", "a\tb"] {
            assert_eq!(CookieName::parse(text), None, "{text:?}");
            assert_eq!(AttributeText::parse(text), None, "{text:?}");
        }
        for text in ["a=b", "a b", "a,b", "a\"b", "a/b"] {
            assert_eq!(CookieName::parse(text), None, "{text:?}");
            assert!(AttributeText::parse(text).is_some(), "{text:?}");
        }
        assert_eq!(
            CookieName::parse("__Secure-a.b").unwrap().as_str(),
            "__Secure-a.b"
        );
        assert_eq!(AttributeText::parse("/a").unwrap().as_str(), "/a");
    }
}
