//! Profiles of users at providers.

use serde_json::{Map, Value};

use crate::email::EmailAddress;

/// A provider's answer about a user.
#[derive(Clone, Debug, PartialEq)]
pub struct UserInfo {
    /// The user as Better Auth shows it: the members `id`, `name`, `email`, `image` and `emailVerified`, and those of
    /// mapped fields. A member may be missing or of another type.
    pub user: Map<String, Value>,
    /// The provider's answer, unchanged.
    pub data: Value,
}

/// A user of a provider.
#[derive(Clone, Debug, PartialEq)]
pub struct Profile {
    /// The user's id at the provider. Not empty, without control characters.
    pub id: String,
    /// The user's name.
    pub name: Option<String>,
    /// The user's address, in lower case. Some providers have no addresses and name another text; it is never verified.
    pub email: Option<EmailAddress>,
    /// Whether the provider has verified that the user owns the address.
    pub email_verified: bool,
    /// URL of the user's picture.
    pub image: Option<String>,
    /// Values of further fields.
    pub additional: Map<String, Value>,
}

/// A profile without an id, or with one that is not unique: its user could not be distinguished from others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the provider's profile has no user id")]
pub struct ProfileError;

/// Maximum length of a user's id at a provider, in bytes: that of a subject (OpenID Connect Core 1.0, 2).
const LONGEST_ID: usize = 255;
/// Maximum length of a name, in code points.
const LONGEST_NAME: usize = 256;
/// Maximum length of an address, in bytes.
const LONGEST_ADDRESS: usize = 254;
/// Maximum length of the URL of a picture, in bytes. Microsoft's pictures are `data:` URLs.
const LONGEST_IMAGE: usize = 65_536;
/// The members of a user that are not additional fields.
const MEMBERS: [&str; 5] = ["id", "name", "email", "image", "emailVerified"];

impl UserInfo {
    /// Returns the profile. Texts that are too long or contain NUL, which the database cannot store, are left out, as
    /// is an address with a control character. A name is cut to its maximum length, without control characters. The
    /// address is verified only if it is in the grammar of addresses and the member is the JSON value `true`.
    ///
    /// # Errors
    ///
    /// If the id is missing, empty or too long, contains a control character, or is a number other than an integer of
    /// 64 bits: several other numbers can have the same text.
    pub fn profile(&self) -> Result<Profile, ProfileError> {
        let text = |name: &str, longest: usize| {
            let text = self.user.get(name)?.as_str()?;
            let is_usable = !text.is_empty() && text.len() <= longest && !text.contains('\0');
            is_usable.then(|| text.to_owned())
        };
        let line = |name: &str, longest: usize| text(name, longest).filter(|text| !text.contains(is_control));
        let name = self.user.get("name").and_then(Value::as_str).map(plain_name);
        let id = match self.user.get("id") {
            Some(Value::Number(number)) => (number.is_i64() || number.is_u64()).then(|| number.to_string()),
            _ => line("id", LONGEST_ID),
        };
        let email = line("email", LONGEST_ADDRESS);
        let parsed = email.as_deref().map(EmailAddress::parse);
        let is_valid = matches!(parsed, Some(Ok(_)));
        let additional = self
            .user
            .iter()
            .filter(|(name, _)| !MEMBERS.contains(&name.as_str()));
        Ok(Profile {
            id: id.ok_or(ProfileError)?,
            name: name.filter(|name| !name.is_empty()),
            email: match parsed {
                Some(Ok(address)) => Some(address),
                _ => email.map(|text| EmailAddress::from_stored(text.to_lowercase())),
            },
            email_verified: is_valid && self.user.get("emailVerified") == Some(&Value::Bool(true)),
            image: text("image", LONGEST_IMAGE),
            additional: additional
                .map(|(name, value)| (name.clone(), value.clone()))
                .collect(),
        })
    }
}

/// Returns whether this is a control character (C0, DEL, C1) or separates lines or paragraphs.
fn is_control(character: char) -> bool {
    character.is_control() || matches!(character, '\u{2028}' | '\u{2029}')
}

/// Returns a name without control characters, cut to the maximum length.
fn plain_name(name: &str) -> String {
    let plain = name.chars().filter(|character| !is_control(*character));
    plain.take(LONGEST_NAME).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn info(user: Value) -> UserInfo {
        let Value::Object(user) = user else {
            panic!("a user is an object");
        };
        UserInfo {
            user,
            data: Value::Null,
        }
    }

    #[test]
    fn a_profile_needs_an_id() {
        for user in [
            json!({}),
            json!({ "id": null }),
            json!({ "id": "" }),
            json!({ "id": {} }),
            json!({ "id": true }),
        ] {
            assert_eq!(info(user.clone()).profile(), Err(ProfileError), "{user}");
        }
        for (id, text) in [(json!(17), "17"), (json!("a"), "a"), (json!(0), "0")] {
            assert_eq!(info(json!({ "id": id })).profile().unwrap().id, text);
        }
    }

    /// A number beyond 64 bits is read as the nearest floating-point number, which others have too.
    #[test]
    fn users_with_large_numbers_as_ids_are_not_taken_for_each_other() {
        for number in [
            "18446744073709551616",
            "-9223372036854775809",
            "1e3",
            "17.0",
            "1.5",
            "1e300",
        ] {
            let id: Value = serde_json::from_str(number).unwrap();
            assert_eq!(info(json!({ "id": id })).profile(), Err(ProfileError), "{number}");
        }
        for number in [
            "18446744073709551615",
            "-9223372036854775808",
            "9007199254740993",
            "9007199254740992",
        ] {
            let id: Value = serde_json::from_str(number).unwrap();
            assert_eq!(info(json!({ "id": id })).profile().unwrap().id, number);
        }
    }

    /// An address could end a header of a message, and a name could forge a line of a log.
    #[test]
    fn control_characters_never_reach_a_profile() {
        for character in [
            '\0', '\t', '\r', '\n', '\u{1b}', '\u{7f}', '\u{85}', '\u{9b}', '\u{2028}', '\u{2029}',
        ] {
            let with = |text: &str| text.replace('_', &character.to_string());
            let user = json!({
                "id": "1",
                "email": with("ada@example.com_"),
                "emailVerified": true,
                "name": with("_Ada_ Lovelace"),
            });
            let profile = info(user).profile().unwrap();
            assert_eq!(profile.email, None, "{character:?}");
            assert!(!profile.email_verified, "{character:?}");
            assert_eq!(profile.name.as_deref(), Some("Ada Lovelace"), "{character:?}");
            let nameless = json!({ "id": "1", "name": with("__") });
            assert_eq!(info(nameless).profile().unwrap().name, None, "{character:?}");
            let id = json!({ "id": with("1_") });
            assert_eq!(info(id).profile(), Err(ProfileError), "{character:?}");
        }
    }

    /// GHSA-g38m-r43w-p2q7: the text `"false"` must not mean that the address is verified.
    #[test]
    fn only_true_means_that_an_address_is_verified() {
        for verified in [
            json!("false"),
            json!("true"),
            json!(1),
            json!(null),
            json!([]),
            json!(false),
        ] {
            let user = json!({ "id": "1", "email": "Ada@Example.com", "emailVerified": verified });
            assert!(!info(user).profile().unwrap().email_verified, "{verified}");
        }
        let user = json!({ "id": "1", "email": "Ada@Example.com", "emailVerified": true });
        let profile = info(user).profile().unwrap();
        assert!(profile.email_verified);
        assert_eq!(profile.email.unwrap().as_str(), "ada@example.com");
    }

    #[test]
    fn a_text_that_is_no_address_is_never_verified() {
        let user = json!({ "id": "1", "email": "Ada", "emailVerified": true, "role": "x", "name": "" });
        let profile = info(user).profile().unwrap();
        assert_eq!(profile.email.unwrap().as_str(), "ada");
        assert!(!profile.email_verified);
        assert_eq!(profile.name, None);
        assert_eq!(Value::from(profile.additional), json!({ "role": "x" }));
    }
}
