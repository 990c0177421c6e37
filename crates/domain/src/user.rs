//! Users.

use chrono::{DateTime, Utc};

use crate::{additional::AdditionalFields, email::EmailAddress, id::UserId};

/// Somebody who can sign in.
#[derive(Clone, Debug, PartialEq)]
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
    /// What the deployment keeps of users besides.
    pub additional: AdditionalFields,
}

impl User {
    /// Stands for the user of an address that no user has: the same work is done for it as for a user, and undone.
    #[must_use]
    pub fn unknown(email: EmailAddress, id: UserId, now: DateTime<Utc>) -> Self {
        Self {
            id,
            name: String::new(),
            email,
            email_verified: false,
            image: None,
            created_at: now,
            updated_at: now,
            additional: AdditionalFields::default(),
        }
    }
}

/// What is to change of a user; `None` leaves a thing as it is.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct UserPatch {
    /// What to be called.
    pub name: Option<String>,
    /// Where a picture is; the inner `None` takes the picture away.
    pub image: Option<Option<String>>,
    /// Declared fields; those that are not in it stay as they are.
    pub additional: AdditionalFields,
}

impl UserPatch {
    /// Whether nothing is to change.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.name.is_none() && self.image.is_none() && self.additional.is_empty()
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
            ..UserPatch::default()
        };
        let image = UserPatch {
            image: Some(None),
            ..UserPatch::default()
        };
        assert!(!name.is_empty() && !image.is_empty());
    }
}
