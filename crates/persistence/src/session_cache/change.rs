//! Changes of sessions and users, after which entries must be removed.

use std::{mem, sync::Arc};

use portcullis_domain::{id::UserId, token::SessionToken};

use super::{
    SessionCache,
    keys::{IdHash, Keys, TokenHash},
};

/// A change of sessions or users.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct RowChange(pub(super) Changed);

/// What has changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Changed {
    /// The session with this token.
    Token(TokenHash),
    /// The session with this id.
    Session(IdHash),
    /// The user with this id, or sessions of this user.
    User(IdHash),
    /// Any session or user.
    All,
}

impl RowChange {
    /// A change of any session or user.
    pub(crate) const ALL: Self = Self(Changed::All);

    /// Returns the change of the session with this token.
    pub(crate) fn of_token(token: &SessionToken) -> Self {
        Self(Changed::Token(TokenHash::of(token)))
    }

    /// Returns the change of this user, or of sessions of this user.
    pub(crate) fn of_user(user: &UserId) -> Self {
        Self(Changed::User(IdHash::of(user.as_str())))
    }

    /// Returns whether the session with these keys, or its user, may have changed.
    pub(super) fn concerns(self, keys: Keys) -> bool {
        match self.0 {
            Changed::Token(token) => token == keys.token,
            Changed::Session(session) => session == keys.session,
            Changed::User(user) => user == keys.user,
            Changed::All => true,
        }
    }
}

/// The changes that an operation or a transaction makes. When the value is dropped, their entries are removed.
///
/// It is dropped on the thread that runs the statements, after the last one: also if the caller is gone by then.
pub(crate) struct Pending {
    cache: Arc<SessionCache>,
    changes: Vec<RowChange>,
}

impl Pending {
    pub(crate) fn take(cache: &Arc<SessionCache>, changes: &mut Vec<RowChange>) -> Self {
        Self {
            cache: Arc::clone(cache),
            changes: mem::take(changes),
        }
    }
}

impl Drop for Pending {
    fn drop(&mut self) {
        for change in self.changes.drain(..) {
            self.cache.apply(change);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::session_cache::keys::keys;

    #[test]
    fn a_change_concerns_only_its_session_or_user() {
        let (jane, john) = (keys("jane"), keys("john"));
        for change in [
            RowChange::of_token(&SessionToken::new("jane")),
            RowChange::of_user(&UserId::new("jane")),
            RowChange(Changed::Session(IdHash::of("jane"))),
        ] {
            assert!(change.concerns(jane), "{change:?}");
            assert!(!change.concerns(john), "{change:?}");
        }
        assert!(RowChange::ALL.concerns(jane));
    }
}
