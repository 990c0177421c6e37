//! Users and changes of their data.

use chrono::{DateTime, Utc};
use serde_json::Value;

use crate::{additional::AdditionalFields, email::EmailAddress, id::UserId};

/// The owner of an account.
#[derive(Clone, Debug, PartialEq)]
pub struct User {
    /// The user's id, which never changes.
    pub id: UserId,
    /// The user's name; may be empty.
    pub name: String,
    /// The user's e-mail address, unique among users.
    pub email: EmailAddress,
    /// Whether the user has verified the address.
    pub email_verified: bool,
    /// URL of the user's picture.
    pub image: Option<String>,
    /// When the user signed up.
    pub created_at: DateTime<Utc>,
    /// When the user was last changed.
    pub updated_at: DateTime<Utc>,
    /// The values of the fields that enabled features and the deployment add to users.
    pub additional: AdditionalFields,
}

/// What a new user starts with.
#[derive(Clone, Debug, PartialEq)]
pub struct NewUser {
    /// The user's name; may be empty.
    pub name: String,
    /// An address that no user has.
    pub email: EmailAddress,
    /// Whether the user has verified the address.
    pub email_verified: bool,
    /// URL of the user's picture.
    pub image: Option<String>,
    /// The values of additional fields.
    pub additional: AdditionalFields,
}

impl User {
    /// The name of the field that is true for guests, as in Better Auth.
    pub const IS_GUEST: &str = "isAnonymous";

    /// Returns whether the user is a guest, who has signed in without an address.
    #[must_use]
    pub fn is_guest(&self) -> bool {
        *self.additional.get(Self::IS_GUEST) == Value::Bool(true)
    }

    /// The names of a user's members without additional fields, as they stand in JSON and as columns, in the order of
    /// Better Auth's JSON. Additional fields stand before the last one and never have one of these names.
    pub const MEMBERS: [&str; 7] = [
        "name",
        "email",
        "emailVerified",
        "image",
        "createdAt",
        "updatedAt",
        "id",
    ];

    /// Creates a user.
    #[must_use]
    pub fn new(new: NewUser, id: UserId, now: DateTime<Utc>) -> Self {
        Self {
            id,
            name: new.name,
            email: new.email,
            email_verified: new.email_verified,
            image: new.image,
            created_at: now,
            updated_at: now,
            additional: new.additional,
        }
    }

    /// Returns a placeholder for an address that no user has. The caller does the same work for it as for a user and
    /// undoes it.
    #[must_use]
    pub fn unknown(email: EmailAddress, id: UserId, now: DateTime<Utc>) -> Self {
        let nameless = NewUser {
            name: String::new(),
            email,
            email_verified: false,
            image: None,
            additional: AdditionalFields::default(),
        };
        Self::new(nameless, id, now)
    }
}

/// Changes of a user; `None` leaves a field unchanged.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct UserPatch {
    /// The new name.
    pub name: Option<String>,
    /// URL of the new picture; the inner `None` removes the picture.
    pub image: Option<Option<String>>,
    /// New values of additional fields; fields that are not in it are unchanged.
    pub additional: AdditionalFields,
}

impl UserPatch {
    /// Whether the patch changes nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.name.is_none() && self.image.is_none() && self.additional.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_patch_is_empty_if_it_changes_nothing() {
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
