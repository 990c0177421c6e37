//! Users.

use chrono::{DateTime, Utc};

use crate::{email::EmailAddress, id::UserId};

/// Somebody who can sign in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct User {
    /// Never changes.
    pub id: UserId,
    /// What the user is called; may be empty.
    pub name: String,
    /// Unique among users.
    pub email: EmailAddress,
    /// Whether the user has proven to own the address.
    pub email_verified: bool,
    /// Where a picture of the user is.
    pub image: Option<String>,
    /// When the user signed up.
    pub created_at: DateTime<Utc>,
    /// When the user was last changed.
    pub updated_at: DateTime<Utc>,
}

/// What is to change of a user; `None` leaves a thing as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UserPatch {
    /// What to be called.
    pub name: Option<String>,
    /// Where a picture is; the inner `None` takes the picture away.
    pub image: Option<Option<String>>,
}

impl UserPatch {
    /// Whether nothing is to change.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.name.is_none() && self.image.is_none()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_patch_is_empty_where_it_changes_nothing() {
        assert!(UserPatch::default().is_empty());
        let name = UserPatch {
            name: Some(String::new()),
            image: None,
        };
        let image = UserPatch {
            name: None,
            image: Some(None),
        };
        assert!(!name.is_empty() && !image.is_empty());
    }
}
