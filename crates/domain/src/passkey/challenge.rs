//! A challenge, as it is stored until it is answered.

use serde_json::{Value, json};

use crate::id::UserId;

/// A challenge that an authenticator is to sign, for a registration or a sign-in. The signed client data states which.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PasskeyChallenge {
    /// Random bytes in base64url.
    pub challenge: String,
    /// The user who is signed in. `None`: no user is.
    pub user_id: Option<UserId>,
}

impl PasskeyChallenge {
    /// Returns the text that is stored, in Better Auth's form.
    #[must_use]
    pub fn to_text(&self) -> String {
        let user = self.user_id.as_ref().map_or("", UserId::as_str);
        json!({ "expectedChallenge": self.challenge, "userData": { "id": user } }).to_string()
    }

    /// Reads a stored text; `None` if it is something else. In a shared database, a challenge is recognized only by its
    /// form.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let value: Value = serde_json::from_str(text).ok()?;
        let members = value.as_object().filter(|members| members.len() == 2)?;
        let user = members.get("userData")?.as_object();
        let user = user.filter(|members| members.len() == 1)?.get("id")?.as_str()?;
        Some(Self {
            challenge: members.get("expectedChallenge")?.as_str()?.to_owned(),
            user_id: (!user.is_empty()).then(|| UserId::new(user)),
        })
    }
}
