//! Guests: users who have signed in without proving who they are, as in Better Auth's plugin `anonymous`.

use serde_json::Value;

use crate::{
    additional::{FieldDefinition, FieldKind},
    email::{EmailAddress, InvalidEmailAddress},
    user::User,
};

/// The member of a user that states whether the user is a guest.
pub const IS_ANONYMOUS: &str = User::IS_GUEST;
/// Characters of the random part of a guest's address, as in Better Auth.
pub const RANDOM_LENGTH: usize = 32;

/// The domain below which guests have addresses. It is valid in each address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AnonymousDomain(String);

impl AnonymousDomain {
    /// Returns the domain if each address of a guest is valid with it.
    ///
    /// # Errors
    ///
    /// If it is not a domain, or is so long that an address would be too long.
    pub fn parse(text: &str) -> Result<Self, InvalidEmailAddress> {
        let domain = Self(text.to_ascii_lowercase());
        EmailAddress::parse(&domain.address(&"a".repeat(RANDOM_LENGTH)))?;
        Ok(domain)
    }

    fn address(&self, random: &str) -> String {
        format!("temp-{random}@{}", self.0)
    }
}

/// Returns the address of a new guest, in Better Auth's form. `random` are letters and digits. `None`: each guest has a
/// domain of its own.
#[must_use]
pub fn address(random: &str, domain: Option<&AnonymousDomain>) -> EmailAddress {
    let text = match domain {
        Some(domain) => domain.address(random),
        None => format!("temp@{random}.com"),
    };
    EmailAddress::from_stored(text.to_ascii_lowercase())
}

/// Returns whether the user is a guest.
#[must_use]
pub fn is_anonymous(user: &User) -> bool {
    user.is_guest()
}

/// The member that the plugin adds to users.
#[must_use]
pub fn user_fields() -> Vec<FieldDefinition> {
    vec![FieldDefinition {
        name: IS_ANONYMOUS.to_owned(),
        kind: FieldKind::Boolean,
        is_required: false,
        default: Some(Value::Bool(false)),
        is_input: false,
        is_returned: true,
        is_unique: false,
    }]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_guest_has_a_valid_address_in_better_auths_form() {
        let domain = AnonymousDomain::parse("Guests.Example.com").unwrap();
        for (domain, expected) in [
            (None, "temp@ab1.com"),
            (Some(&domain), "temp-ab1@guests.example.com"),
        ] {
            let address = address("Ab1", domain);
            assert_eq!(address.as_str(), expected);
            assert_eq!(EmailAddress::parse(address.as_str()), Ok(address));
        }
    }

    #[test]
    fn a_domain_with_which_an_address_would_not_be_valid_is_rejected() {
        for text in ["", "localhost", "a b.com", "@example.com", "example.c", "a..com"] {
            assert!(AnonymousDomain::parse(text).is_err(), "{text:?}");
        }
        let long = |labels: usize| format!("{}com", "a.".repeat(labels));
        assert!(AnonymousDomain::parse(&long(106)).is_ok());
        assert!(AnonymousDomain::parse(&long(107)).is_err());
    }
}
