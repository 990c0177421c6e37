//! A challenge, as it is stored until it is answered.

use serde_json::{Value, json};

use super::Ceremony;
use crate::id::UserId;

/// A challenge that an authenticator is to sign.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PasskeyChallenge {
    /// Random bytes in base64url.
    pub challenge: String,
    /// The user who is signed in. `None`: no user is.
    pub user_id: Option<UserId>,
    /// What the challenge is for. `None`: Better Auth has issued it, and does not distinguish.
    pub ceremony: Option<Ceremony>,
}

impl PasskeyChallenge {
    /// Returns the text that is stored: Better Auth's JSON, with one more member.
    #[must_use]
    pub fn to_text(&self) -> String {
        let user = self.user_id.as_ref().map_or("", UserId::as_str);
        let mut text = json!({ "expectedChallenge": self.challenge, "userData": { "id": user } });
        if let (Some(ceremony), Value::Object(members)) = (self.ceremony, &mut text) {
            members.insert("ceremony".to_owned(), ceremony.name().into());
        }
        text.to_string()
    }

    /// Reads a stored text; `None` if it is something else.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let value: Value = serde_json::from_str(text).ok()?;
        let members = value.as_object()?;
        let user = members.get("userData")?.as_object()?;
        // In a shared database, a challenge of Better Auth is recognized only by its form.
        let is_exact = user.len() == 1 && members.len() == 2 + usize::from(members.contains_key("ceremony"));
        let user = user.get("id")?.as_str().filter(|_| is_exact)?;
        let ceremony = match members.get("ceremony") {
            None => None,
            Some(name) => Some(Ceremony::from_name(name.as_str()?)?),
        };
        Some(Self {
            challenge: members.get("expectedChallenge")?.as_str()?.to_owned(),
            user_id: (!user.is_empty()).then(|| UserId::new(user)),
            ceremony,
        })
    }

    /// Returns whether the challenge was issued for this ceremony.
    #[must_use]
    pub fn is_for(&self, ceremony: Ceremony) -> bool {
        self.ceremony.is_none_or(|own| own == ceremony)
    }
}
