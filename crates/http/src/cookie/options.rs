//! What cookies are called, and how browsers are to treat them.

use std::fmt;

use chrono::TimeDelta;

/// Browsers take a cookie with this prefix over encrypted connections alone.
pub(super) const SECURE_PREFIX: &str = "__Secure-";

/// The cookies in which a client keeps its session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CookieOptions {
    /// Holds the token of the session, signed.
    pub session_token: Cookie,
    /// Holds a copy of the session.
    pub session_data: Cookie,
    /// Says, signed, that the session is not to be remembered.
    pub dont_remember: Cookie,
}

/// A kind of cookie.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cookie {
    /// Its whole name.
    pub name: CookieName,
    /// How browsers are to treat it.
    pub attributes: CookieAttributes,
}

/// How browsers are to treat a cookie.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CookieAttributes {
    /// With which hosts it is shared; none: with the one alone that sets it.
    pub domain: Option<AttributeText>,
    /// Below which path it is sent.
    pub path: Option<AttributeText>,
    /// Whether scripts must not see it.
    pub http_only: bool,
    /// Whether it is sent over encrypted connections alone. A name that begins `__Secure-` says so by itself.
    pub secure: bool,
    /// With which requests from elsewhere it is sent.
    pub same_site: Option<SameSite>,
    /// Whether each site that embeds ours has one of its own.
    pub partitioned: bool,
    /// How long it is kept, where its use does not say: a session's token and its copy say so themselves.
    pub max_age: Option<TimeDelta>,
}

/// With which requests from other sites a cookie is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SameSite {
    /// With none.
    Strict,
    /// Where somebody follows a link.
    Lax,
    /// With all.
    None,
}

/// A name that a cookie can have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CookieName(String);

/// A text that can stand in a cookie's attribute, and cannot begin another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AttributeText(String);

impl CookieOptions {
    /// The reference's cookies, for encrypted connections alone or for any.
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
        }
    }
}

impl CookieAttributes {
    /// The reference's attributes.
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
    /// The name, where it is a token (RFC 6265, 4.1.1).
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let may_stand = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
        let is_token = !text.is_empty() && text.bytes().all(may_stand);
        is_token.then(|| Self(text.to_owned()))
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl AttributeText {
    /// The text, where it is printable ASCII without a semicolon.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let may_stand = |byte: u8| (byte.is_ascii_graphic() || byte == b' ') && byte != b';';
        let is_plain = !text.is_empty() && text.bytes().all(may_stand);
        is_plain.then(|| Self(text.to_owned()))
    }

    /// The text.
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
    fn nothing_that_could_forge_a_header_is_a_name_or_an_attribute() {
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
