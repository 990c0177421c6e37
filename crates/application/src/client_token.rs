//! What a use case asks the client to keep or to forget, said without the word cookie.

use std::sync::Arc;

use chrono::TimeDelta;
use portcullis_domain::{session::Session, user::User};

/// A live session and whose it is.
#[derive(Clone, Debug)]
pub struct Presence {
    /// The session.
    pub session: Session,
    /// Whose it is.
    pub user: User,
}

/// What the client is to do with what it keeps of its session.
#[derive(Clone, Debug)]
pub enum SessionEffect {
    /// Leave everything as it is.
    None,
    /// Keep the token that it has, and a copy of the session where clients keep such. The session is remembered.
    Copy(Arc<Presence>),
    /// Keep this session.
    Keep {
        /// The session and whose it is.
        presence: Arc<Presence>,
        /// How long to keep its token; none: until the browser closes, and remember that it was asked so.
        lifetime: Option<TimeDelta>,
    },
    /// Forget the session and everything that hangs on it.
    Forget,
}

impl SessionEffect {
    /// Have the client keep a session.
    #[must_use]
    pub fn keep(session: Session, user: User, lifetime: Option<TimeDelta>) -> Self {
        Self::Keep {
            presence: Arc::new(Presence { session, user }),
            lifetime,
        }
    }

    /// The session that is to be kept by its token.
    #[must_use]
    pub fn kept(&self) -> Option<&Session> {
        match self {
            Self::Keep { presence, .. } => Some(&presence.session),
            Self::None | Self::Copy(_) | Self::Forget => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::fixtures::{a_session, a_user};

    #[test]
    fn a_session_is_kept_by_its_token_only_where_the_client_is_to_keep_that() {
        let kept = SessionEffect::keep(a_session(), a_user(), None);
        assert_eq!(kept.kept().unwrap().id, a_session().id);
        let presence = Presence {
            session: a_session(),
            user: a_user(),
        };
        for effect in [
            SessionEffect::None,
            SessionEffect::Copy(Arc::new(presence)),
            SessionEffect::Forget,
        ] {
            assert!(effect.kept().is_none());
        }
    }
}
