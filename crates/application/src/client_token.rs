//! Changes to the data that the client stores, independent of cookies.

use std::sync::Arc;

use chrono::TimeDelta;
use portcullis_domain::{secret::Secret, session::Session, user::User};

use crate::ports::Purpose;

/// A live session and its user.
#[derive(Clone, Debug)]
pub struct ActiveSession {
    /// The session.
    pub session: Session,
    /// The session's user.
    pub user: User,
}

/// How a response changes the data that the client stores.
#[derive(Clone, Debug)]
pub struct ClientEffects {
    /// The change to the session data.
    pub session: SessionEffect,
    /// The changes to other tokens.
    pub tokens: Vec<TokenEffect>,
}

/// How a response changes the session data that the client stores.
#[derive(Clone, Debug)]
pub enum SessionEffect {
    /// Change nothing.
    Unchanged,
    /// Leave the session token unchanged and write the session cookie cache, if it is enabled.
    RefreshCache {
        /// The session and its user.
        active_session: Arc<ActiveSession>,
        /// Whether the session outlives the browser.
        is_remembered: bool,
    },
    /// Store this session.
    Store {
        /// The session and its user.
        active_session: Arc<ActiveSession>,
        /// How long to store its token. `None`: until the browser closes, with a mark that the user did not want to be
        /// remembered.
        lifetime: Option<TimeDelta>,
    },
    /// Delete the session token and the session cookie cache, because a session starts only after a further step. The mark
    /// that the user did not want to be remembered stays for that session.
    Postpone {
        /// Whether the user wants to be remembered. If not, the mark is set.
        is_remembered: bool,
    },
    /// Delete the session token and all data that belongs to the session.
    Clear,
}

/// A change to a token that the client stores in addition to its session.
#[derive(Clone, Debug)]
pub enum TokenEffect {
    /// Store a token.
    Set {
        /// Its kind, of which the client stores one token.
        kind: TokenKind,
        /// Its value. The server signs it, unless its kind protects itself.
        value: Secret<String>,
        /// How long to store it.
        lifetime: TimeDelta,
    },
    /// Delete the token of a kind.
    Clear {
        /// The kind.
        kind: TokenKind,
    },
}

/// A kind of token that clients store in addition to their session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TokenKind {
    /// The name of the cookie, without its prefix.
    pub name: &'static str,
    /// The purpose of its signature. `None`: the value protects itself, and is not signed.
    pub purpose: Option<Purpose>,
}

/// The mark that the user did not want to be remembered. It belongs to the session data; a response that makes a client
/// store a token which replaces the mark clears it.
pub const DONT_REMEMBER: TokenKind = TokenKind::new("dont_remember");

/// The state of a request to an authorization server. Its signature is valid for no other kind: the state is chosen by
/// the client that starts the request.
pub const AUTHORIZATION_STATE: TokenKind = TokenKind {
    name: "state",
    purpose: Some(Purpose::AuthorizationState),
};

/// The state of a request that this server started and chose. It is in the cookie of [`AUTHORIZATION_STATE`], signed as
/// Better Auth signs cookies, so that a Node server can complete the request.
pub const CHOSEN_AUTHORIZATION_STATE: TokenKind = TokenKind::new(AUTHORIZATION_STATE.name);

/// The state of an earlier request that has not been completed, so that a user can sign in with two tabs at once. It is
/// signed for the purpose for which it was signed before.
pub const EARLIER_AUTHORIZATION_STATE: TokenKind = TokenKind {
    name: "state_earlier",
    ..AUTHORIZATION_STATE
};

/// The whole state of a request to an authorization server, encrypted, if states are stored in cookies.
pub const SEALED_AUTHORIZATION_STATE: TokenKind = TokenKind {
    name: "oauth_state",
    purpose: None,
};

/// As [`EARLIER_AUTHORIZATION_STATE`], if states are stored in cookies.
pub const EARLIER_SEALED_AUTHORIZATION_STATE: TokenKind = TokenKind {
    name: "oauth_state_earlier",
    purpose: None,
};

/// The account with which the user signed in, with the tokens of its provider, encrypted. It belongs to the session data:
/// a response that deletes the session deletes it, too.
pub const ACCOUNT_DATA: TokenKind = TokenKind {
    name: "account_data",
    purpose: None,
};

/// A token that a client presents, with a valid signature if its kind has one.
#[derive(Clone, Debug)]
pub struct PresentedToken {
    /// Its kind.
    pub kind: TokenKind,
    /// The purpose for which its signature is valid: one of [`TokenKind::verifying_purposes`]. `None`: the value protects
    /// itself.
    pub purpose: Option<Purpose>,
    /// Its value.
    pub value: Secret<String>,
}

impl PresentedToken {
    /// Returns whether the value may have been chosen by any client: the signature proves that this server sent it, but
    /// not that this server made it, or that the user of this client asked for it.
    #[must_use]
    pub fn is_chosen_by_a_client(&self) -> bool {
        self.purpose == Some(Purpose::AuthorizationState)
    }
}

impl TokenKind {
    /// Returns a kind whose tokens are made by this server, and signed as Better Auth signs cookies.
    #[must_use]
    pub const fn new(name: &'static str) -> Self {
        Self {
            name,
            purpose: Some(Purpose::Cookie),
        }
    }

    /// Returns whether a value may be longer than a cookie, so that clients store it in pieces.
    #[must_use]
    pub fn may_be_in_pieces(self) -> bool {
        self == ACCOUNT_DATA
    }

    /// Returns this kind with signatures for another purpose.
    #[must_use]
    pub const fn signed_for(self, purpose: Option<Purpose>) -> Self {
        Self { purpose, ..self }
    }

    /// Returns the purposes of the signatures that are accepted for a token of this kind. Empty: the value protects itself.
    ///
    /// A state is also accepted if it is signed as Better Auth signs cookies: this server, or a Node server, has chosen it.
    /// [`PresentedToken::purpose`] distinguishes it from a state that a client has chosen, which permits less.
    #[must_use]
    pub const fn verifying_purposes(self) -> &'static [Purpose] {
        match self.purpose {
            None => &[],
            Some(Purpose::AuthorizationState) => &[Purpose::Cookie, Purpose::AuthorizationState],
            Some(Purpose::Cookie) => &[Purpose::Cookie],
            Some(Purpose::RateLimit) => &[Purpose::RateLimit],
            Some(Purpose::ServiceSecret) => &[Purpose::ServiceSecret],
        }
    }
}

impl TokenEffect {
    /// Returns the kind of the token that is stored or deleted.
    #[must_use]
    pub const fn kind(&self) -> TokenKind {
        match self {
            Self::Set { kind, .. } | Self::Clear { kind } => *kind,
        }
    }
}

impl From<TokenEffect> for ClientEffects {
    /// Changes this token only.
    fn from(effect: TokenEffect) -> Self {
        Self {
            session: SessionEffect::Unchanged,
            tokens: vec![effect],
        }
    }
}

impl From<SessionEffect> for ClientEffects {
    /// Changes the session data only.
    fn from(session: SessionEffect) -> Self {
        Self {
            session,
            tokens: Vec::new(),
        }
    }
}

impl SessionEffect {
    /// Makes the client store a session.
    #[must_use]
    pub fn store(session: Session, user: User, lifetime: Option<TimeDelta>) -> Self {
        Self::Store {
            active_session: Arc::new(ActiveSession { session, user }),
            lifetime,
        }
    }

    /// Returns the session whose token the client is to store.
    #[must_use]
    pub fn stored_session(&self) -> Option<&Session> {
        match self {
            Self::Store { active_session, .. } => Some(&active_session.session),
            Self::Unchanged | Self::RefreshCache { .. } | Self::Postpone { .. } | Self::Clear => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::fixtures::{a_session, a_user};

    #[test]
    fn only_store_makes_the_client_store_a_session_token() {
        let stored = SessionEffect::store(a_session(), a_user(), None);
        assert_eq!(stored.stored_session().unwrap().id, a_session().id);
        let active_session = ActiveSession {
            session: a_session(),
            user: a_user(),
        };
        for effect in [
            SessionEffect::Unchanged,
            SessionEffect::RefreshCache {
                active_session: Arc::new(active_session),
                is_remembered: true,
            },
            SessionEffect::Postpone { is_remembered: false },
            SessionEffect::Clear,
        ] {
            assert!(effect.stored_session().is_none());
        }
    }
}
