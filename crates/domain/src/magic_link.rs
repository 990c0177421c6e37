//! Magic links: links of messages that sign the recipient in.

use serde_json::{Map, Value, json};

use crate::{email::EmailAddress, secret::Secret};

/// The user whom a link signs in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LinkRecipient {
    /// The address that the link is sent to.
    pub email: EmailAddress,
    /// The name of the user, if the link creates one.
    pub name: Option<String>,
}

impl LinkRecipient {
    /// Returns what is stored for a link, in Better Auth's form.
    #[must_use]
    pub fn to_payload(&self) -> Secret<String> {
        let mut members = Map::new();
        members.insert("email".to_owned(), json!(self.email.as_str()));
        if let Some(name) = &self.name {
            members.insert("name".to_owned(), json!(name));
        }
        Secret::new(Value::Object(members).to_string())
    }

    /// Reads what is stored for a link. `None`: the row is of another purpose, such as the state of an authorization
    /// request, which also may have a member `email`.
    #[must_use]
    pub fn parse(payload: &Secret<String>) -> Option<Self> {
        let Value::Object(mut members) = serde_json::from_str(payload.expose()).ok()? else {
            return None;
        };
        let Value::String(email) = members.remove("email")? else {
            return None;
        };
        let name = match members.remove("name") {
            None => None,
            Some(Value::String(name)) => Some(name),
            Some(_) => return None,
        };
        let email = EmailAddress::parse(&email).ok()?;
        members.is_empty().then_some(Self { email, name })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn recipient(name: Option<&str>) -> LinkRecipient {
        LinkRecipient {
            email: EmailAddress::from_stored("ada@example.com"),
            name: name.map(str::to_owned),
        }
    }

    #[test]
    fn a_payload_has_better_auths_form_and_is_read_again() {
        for (name, payload) in [
            (None, r#"{"email":"ada@example.com"}"#),
            (Some("Ada"), r#"{"email":"ada@example.com","name":"Ada"}"#),
        ] {
            let recipient = recipient(name);
            assert_eq!(recipient.to_payload().expose(), payload);
            assert_eq!(LinkRecipient::parse(&recipient.to_payload()), Some(recipient));
        }
    }

    #[test]
    fn a_node_server_may_store_an_address_in_capitals() {
        let stored = Secret::new(r#"{"email":"Ada@Example.com"}"#.to_owned());
        assert_eq!(LinkRecipient::parse(&stored), Some(recipient(None)));
    }

    #[test]
    fn the_payload_of_another_purpose_is_not_read() {
        for payload in [
            "",
            "user-1",
            "[]",
            "{}",
            r#"{"email":1}"#,
            r#"{"email":"no"}"#,
            r#"{"email":"ada@example.com","name":null}"#,
            r#"{"email":"ada@example.com","callbackURL":"/","codeVerifier":"x"}"#,
            r#"{"expectedChallenge":"x","userData":{"id":"1"}}"#,
        ] {
            assert_eq!(
                LinkRecipient::parse(&Secret::new(payload.to_owned())),
                None,
                "{payload}"
            );
        }
    }
}
