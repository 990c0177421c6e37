//! Phone numbers by which users sign in: the rules of Better Auth's plugin `phoneNumber`.

use serde_json::{Value, json};

use crate::{
    additional::{AdditionalFields, FieldDefinition, FieldKind},
    destination::PhoneNumber,
    email::EmailAddress,
    user::User,
};

/// The member of a user that holds the phone number.
pub const PHONE_NUMBER: &str = "phoneNumber";
/// The member of a user that states whether the user has proven to own the phone number.
pub const PHONE_NUMBER_VERIFIED: &str = "phoneNumberVerified";
/// What templates of temporary identities replace by the phone number.
pub const PLACEHOLDER: &str = "{phone_number}";

/// The e-mail address and the name of users who sign up by proving a phone number. Both are templates.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TemporaryIdentity {
    /// The e-mail address.
    pub email: String,
    /// The name.
    pub name: String,
}

impl TemporaryIdentity {
    /// Returns the e-mail address of a user with this number, or `None` if the result is not an address.
    #[must_use]
    pub fn email(&self, number: &PhoneNumber) -> Option<EmailAddress> {
        EmailAddress::parse(&filled(&self.email, number)).ok()
    }

    /// Returns the name of a user with this number.
    #[must_use]
    pub fn name(&self, number: &PhoneNumber) -> String {
        filled(&self.name, number)
    }
}

fn filled(template: &str, number: &PhoneNumber) -> String {
    template.replace(PLACEHOLDER, number.as_str())
}

/// Whether the user has this phone number, proven or not.
#[must_use]
pub fn has_number(user: &User, number: &PhoneNumber) -> bool {
    user.additional.get(PHONE_NUMBER).as_str() == Some(number.as_str())
}

/// Whether the user has proven to own the phone number.
#[must_use]
pub fn is_verified(user: &User) -> bool {
    *user.additional.get(PHONE_NUMBER_VERIFIED) == Value::Bool(true)
}

/// Returns the fields of a user who has proven to own this number.
#[must_use]
pub fn proven(number: &PhoneNumber) -> AdditionalFields {
    let mut fields = AdditionalFields::default();
    fields.set(PHONE_NUMBER, json!(number.as_str()));
    fields.set(PHONE_NUMBER_VERIFIED, json!(true));
    fields
}

/// Returns the fields of a user who has no number any more.
#[must_use]
pub fn without_number() -> AdditionalFields {
    let mut fields = AdditionalFields::default();
    fields.set(PHONE_NUMBER, Value::Null);
    fields.set(PHONE_NUMBER_VERIFIED, json!(false));
    fields
}

/// The members that the plugin adds to users, in Better Auth's order.
#[must_use]
pub fn user_fields() -> Vec<FieldDefinition> {
    let field = |name: &str, kind, is_the_number| FieldDefinition {
        name: name.to_owned(),
        kind,
        is_required: false,
        default: None::<Value>,
        is_input: is_the_number,
        is_returned: true,
        is_unique: is_the_number,
    };
    vec![
        field(PHONE_NUMBER, FieldKind::String, true),
        field(PHONE_NUMBER_VERIFIED, FieldKind::Boolean, false),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn identity(email: &str) -> TemporaryIdentity {
        TemporaryIdentity {
            email: email.to_owned(),
            name: PLACEHOLDER.to_owned(),
        }
    }

    #[test]
    fn a_temporary_identity_contains_the_number() {
        let number = PhoneNumber::new("+4915112345678");
        let identity = identity("{phone_number}@phone.example.com");
        let email = identity.email(&number).unwrap();
        assert_eq!(email.as_str(), "+4915112345678@phone.example.com");
        assert_eq!(identity.name(&number), "+4915112345678");
    }

    #[test]
    fn a_number_that_gives_no_address_has_no_temporary_identity() {
        for number in ["", "1 2", "a@b"] {
            let identity = identity("{phone_number}@phone.example.com");
            assert_eq!(identity.email(&PhoneNumber::new(number)), None, "{number}");
        }
    }

    #[test]
    fn clients_may_set_the_number_and_not_whether_it_is_verified() {
        let fields = user_fields();
        let rules = fields
            .iter()
            .map(|field| (field.name.as_str(), field.is_input, field.is_unique));
        assert_eq!(
            rules.collect::<Vec<_>>(),
            [(PHONE_NUMBER, true, true), (PHONE_NUMBER_VERIFIED, false, false)]
        );
    }
}
