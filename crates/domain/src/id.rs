//! Typed ids: a user's id cannot be passed as a session's id.

use std::{fmt, hash, marker::PhantomData};

use crate::{
    account::Account, jwt::StoredKey, message::Message, session::Session, user::User,
    verification::Verification,
};

/// Length of the ids that we generate, as in Better Auth.
pub const LENGTH: usize = 32;

/// The id of a [`User`].
pub type UserId = Id<User>;
/// The id of a [`Session`].
pub type SessionId = Id<Session>;
/// The id of an [`Account`].
pub type AccountId = Id<Account>;
/// The id of a [`Verification`].
pub type VerificationId = Id<Verification>;
/// The id of a [`Message`].
pub type MessageId = Id<Message>;
/// The id of a [`StoredKey`].
pub type KeyId = Id<StoredKey>;

/// An opaque id of one kind of record.
///
/// It holds the text from the database. Ids that we generate are 32 letters and digits; other servers may have stored
/// ids in other forms.
pub struct Id<Kind> {
    text: String,
    kind: PhantomData<fn() -> Kind>,
}

impl<Kind> Id<Kind> {
    /// Returns an id with this text.
    pub fn new(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            kind: PhantomData,
        }
    }

    /// Returns the text, as it is in the database and on the wire.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }
}

impl<Kind> Clone for Id<Kind> {
    fn clone(&self) -> Self {
        Self::new(self.text.clone())
    }
}

impl<Kind> PartialEq for Id<Kind> {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl<Kind> Eq for Id<Kind> {}

impl<Kind> hash::Hash for Id<Kind> {
    fn hash<H: hash::Hasher>(&self, state: &mut H) {
        self.text.hash(state);
    }
}

impl<Kind> fmt::Debug for Id<Kind> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl<Kind> fmt::Display for Id<Kind> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn an_id_is_its_text() {
        let id = UserId::new("one");
        assert_eq!(id.as_str(), "one");
        assert_eq!(
            (format!("{id}"), format!("{id:?}")),
            ("one".to_owned(), "one".to_owned())
        );
        assert_eq!(id, id.clone());
        assert_ne!(id, UserId::new("two"));
    }

    #[test]
    fn equal_ids_are_one_in_a_set() {
        let ids: HashSet<_> = ["one", "two", "one"].map(SessionId::new).into();
        assert_eq!(ids.len(), 2);
        let mut hashes = HashSet::new();
        for text in ["one", "two"] {
            hashes.insert(hash::BuildHasher::hash_one(ids.hasher(), SessionId::new(text)));
        }
        assert_eq!(hashes.len(), 2);
    }
}
