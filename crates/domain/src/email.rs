//! E-mail addresses and their grammar.

use std::fmt;

/// Maximum length of an address in bytes (RFC 5321, 4.5.3.1.3: a path of 256 with its brackets).
const LONGEST: usize = 254;

/// Maximum length of a part of a domain (RFC 1035, 2.3.4).
const LONGEST_LABEL: usize = 63;
/// Prefix of a part of a domain in punycode (RFC 5890, 2.3.2.1).
const PUNYCODE: &str = "xn--";

/// An e-mail address in Better Auth's grammar, in lower case. In addition, its top-level domain may be in punycode.
///
/// Better Auth validates with zod 4. Its grammar allows only ASCII, so Unicode folding can never map two addresses to
/// the same text (CVE-2019-19844).
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct EmailAddress(String);

/// The text is not a valid e-mail address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not an e-mail address")]
pub struct InvalidEmailAddress;

impl EmailAddress {
    /// Parses an address and lower-cases it. Does not trim it.
    ///
    /// # Errors
    ///
    /// If the text does not match the grammar or is longer than 254 bytes.
    pub fn parse(text: &str) -> Result<Self, InvalidEmailAddress> {
        if text.len() <= LONGEST && is_address(text) {
            Ok(Self(text.to_ascii_lowercase()))
        } else {
            Err(InvalidEmailAddress)
        }
    }

    /// Returns the address of an existing row, without validation.
    pub fn from_stored(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// Returns the address as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Hides the address, which would end in a log.
impl fmt::Debug for EmailAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("EmailAddress(…)")
    }
}

fn is_address(text: &str) -> bool {
    text.split_once('@')
        .is_some_and(|(local, domain)| is_local_part(local) && is_domain(domain))
}

fn is_local_part(local: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"_'+-".contains(&byte);
    !local.ends_with('\'')
        && local
            .split('.')
            .all(|run| !run.is_empty() && run.bytes().all(allowed))
}

fn is_domain(domain: &str) -> bool {
    let Some((labels, top)) = domain.rsplit_once('.') else {
        return false;
    };
    let is_label = |label: &str| {
        label.starts_with(|c: char| c.is_ascii_alphanumeric())
            && label
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    };
    is_top_level(top) && labels.split('.').all(is_label)
}

fn is_top_level(top: &str) -> bool {
    let is_word = top.len() >= 2 && top.bytes().all(|byte| byte.is_ascii_alphabetic());
    is_word || is_punycode(top)
}

/// Whether this is a part of a domain whose letters are not those of ASCII, such as `xn--p1ai` for `рф`.
fn is_punycode(label: &str) -> bool {
    let Some((prefix, encoded)) = label.split_at_checked(PUNYCODE.len()) else {
        return false;
    };
    let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
    prefix.eq_ignore_ascii_case(PUNYCODE)
        && label.len() <= LONGEST_LABEL
        && encoded.ends_with(|c: char| c.is_ascii_alphanumeric())
        && encoded.bytes().all(is_allowed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn valid_addresses_are_accepted_and_lower_cased() {
        for (text, address) in [
            ("A@X.com", "a@x.com"),
            (
                "first.last+tag@sub-domain.example.org",
                "first.last+tag@sub-domain.example.org",
            ),
            ("o'neil@example.com", "o'neil@example.com"),
            ("_@a-.co", "_@a-.co"),
            ("user@xn--80ak6aa92e.xn--p1ai", "user@xn--80ak6aa92e.xn--p1ai"),
            ("User@Example.XN--P1AI", "user@example.xn--p1ai"),
            ("a@b.xn--vermgensberater-ctb", "a@b.xn--vermgensberater-ctb"),
        ] {
            assert_eq!(
                EmailAddress::parse(text).map(|e| e.as_str().to_owned()),
                Ok(address.to_owned())
            );
        }
    }

    #[test]
    fn invalid_addresses_are_rejected() {
        for text in [
            "",
            "@",
            "a",
            "a@b",
            "a@b.c",
            "a@.com",
            ".a@b.co",
            "a.@b.co",
            "a..b@c.de",
            "a'@b.co",
            "a b@c.de",
            " a@b.co",
            "a@b.co ",
            "a@b.co,c@d.ef",
            "a@b.co\n",
            "a@b.co\0",
            "a＠b.co",
            "a@bücher.de",
            "ı@b.co",
            "a@-b.co",
            "a@b_c.de",
            "a@b.c0",
            "a@b@c.de",
            "a@b..co",
            "a@1.2.3.4",
            "\"a\"@b.co",
            "a@xn--p1ai",
            "a@b.xn--",
            "a@b.xn--a-",
            "a@b.xn-p1ai",
            "a@b.ab--p1ai",
            "a@b.xn--p1_ai",
            "a@b.xn--рф",
            "a@b.рф",
        ] {
            assert_eq!(EmailAddress::parse(text), Err(InvalidEmailAddress), "{text:?}");
        }
    }

    #[test]
    fn an_address_may_have_at_most_254_bytes() {
        let address = |length: usize| format!("{}@example.com", "a".repeat(length - 12));
        assert!(EmailAddress::parse(&address(254)).is_ok());
        assert_eq!(EmailAddress::parse(&address(255)), Err(InvalidEmailAddress));
    }

    #[test]
    fn a_top_level_domain_in_punycode_may_have_at_most_63_bytes() {
        let address = |length: usize| format!("a@b.xn--{}", "a".repeat(length - 4));
        assert!(EmailAddress::parse(&address(63)).is_ok());
        assert_eq!(EmailAddress::parse(&address(64)), Err(InvalidEmailAddress));
    }

    #[test]
    fn an_address_does_not_show_in_debug_output() {
        let address = EmailAddress::parse("someone@example.com").unwrap();
        assert_eq!(format!("{address:?}"), "EmailAddress(…)");
    }
}
