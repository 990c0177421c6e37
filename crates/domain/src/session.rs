//! Sessions, their lifetime and their renewal.

use chrono::{DateTime, TimeDelta, Utc};

use crate::{
    additional::AdditionalFields,
    id::{SessionId, UserId},
    token::SessionToken,
};

/// Lifetime of a session if the user did not ask to be remembered, as in Better Auth.
pub const UNREMEMBERED_LIFETIME: TimeDelta = TimeDelta::days(1);

/// How far the lifetime of a session that is not remembered may differ from [`UNREMEMBERED_LIFETIME`]: another server
/// may read the clock once for the start and once for the end.
const CLOCK_READINGS: TimeDelta = TimeDelta::seconds(1);

/// How much later a session expires if its last renewal did not reach the client that stores its token. The row has no
/// column for it. Another server reads the clock for the end first, so its rows never have a later end by accident.
const NOT_DELIVERED: TimeDelta = TimeDelta::milliseconds(1);

/// Who reads a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reader {
    /// The client that stores the session's token, and stores it again if the response contains it.
    Client,
    /// Another program, such as a backend, or a request whose response does not change the stored token. The client
    /// stores its token only until the expiry that it received last.
    Other,
}

/// The session of a user on one client.
#[derive(Clone, Debug)]
pub struct Session {
    /// The session's id, which never changes.
    pub id: SessionId,
    /// The token that the client holds.
    pub token: SessionToken,
    /// The signed-in user.
    pub user_id: UserId,
    /// When the session expires, unless it is renewed before.
    pub expires_at: DateTime<Utc>,
    /// When the user signed in.
    pub created_at: DateTime<Utc>,
    /// When the session was created or last renewed.
    pub updated_at: DateTime<Utc>,
    /// The client's IP address at sign-in; empty if it is not known.
    pub ip_address: Option<String>,
    /// The client's `User-Agent` at sign-in; empty if it sent none.
    pub user_agent: Option<String>,
    /// The values of the fields that enabled features and the deployment add to sessions.
    pub additional: AdditionalFields,
}

/// How long sessions live.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SessionPolicy {
    /// Lifetime of a remembered session, from its start or last renewal.
    pub expires_in: TimeDelta,
    /// Minimum age of a session, from its start or last renewal, to be renewed when it is read.
    pub update_age: TimeDelta,
    /// Maximum age of a session for sensitive operations; zero: no maximum.
    pub fresh_age: TimeDelta,
}

impl SessionPolicy {
    /// Returns when a session that starts now expires.
    #[must_use]
    pub fn end(self, now: DateTime<Utc>, remembered: bool) -> DateTime<Utc> {
        now + if remembered {
            self.expires_in
        } else {
            UNREMEMBERED_LIFETIME
        }
    }
}

/// What a new session starts with, apart from its times.
#[derive(Clone, Debug)]
pub struct NewSession {
    /// An id that no session has had.
    pub id: SessionId,
    /// A token that no session has had.
    pub token: SessionToken,
    /// The user to sign in.
    pub user_id: UserId,
    /// The client's IP address; empty if it is not known.
    pub ip_address: String,
    /// The client's `User-Agent`; empty if it sent none.
    pub user_agent: String,
    /// The values of the fields that enabled features and the deployment add to sessions.
    pub additional: AdditionalFields,
}

impl Session {
    /// The names of a session's members without additional fields, as they stand in JSON and as columns, in the order of
    /// Better Auth's JSON. Additional fields stand before the last one and never have one of these names.
    pub const MEMBERS: [&str; 8] = [
        "expiresAt",
        "token",
        "createdAt",
        "updatedAt",
        "ipAddress",
        "userAgent",
        "userId",
        "id",
    ];

    /// Starts a session now. A remembered session lives for the policy's lifetime, any other for
    /// [`UNREMEMBERED_LIFETIME`].
    #[must_use]
    pub fn start(new: NewSession, policy: SessionPolicy, is_remembered: bool, now: DateTime<Utc>) -> Self {
        Self {
            id: new.id,
            token: new.token,
            user_id: new.user_id,
            expires_at: policy.end(now, is_remembered),
            created_at: now,
            updated_at: now,
            ip_address: Some(new.ip_address),
            user_agent: Some(new.user_agent),
            additional: new.additional,
        }
    }

    /// Whether the session is young enough for sensitive operations, from its start or last renewal.
    #[must_use]
    pub fn is_fresh(&self, policy: SessionPolicy, now: DateTime<Utc>) -> bool {
        policy.fresh_age.is_zero() || now - self.updated_at < policy.fresh_age
    }

    /// Whether the user signed in recently enough for irreversible operations. Renewals do not count.
    #[must_use]
    pub fn is_recent_sign_in(&self, policy: SessionPolicy, now: DateTime<Utc>) -> bool {
        policy.fresh_age.is_zero() || now - self.created_at <= policy.fresh_age
    }

    /// Whether the user asked to be remembered. A session that is not remembered expires [`UNREMEMBERED_LIFETIME`] after its
    /// start and is never renewed.
    ///
    /// The row has no column for it, so the lifetime decides. If the policy's lifetime of remembered sessions is not
    /// longer than [`UNREMEMBERED_LIFETIME`], the row cannot show the difference, and every session counts as remembered.
    #[must_use]
    pub fn is_remembered(&self, policy: SessionPolicy) -> bool {
        let surplus = self.expires_at - self.created_at - UNREMEMBERED_LIFETIME;
        policy.expires_in <= UNREMEMBERED_LIFETIME + CLOCK_READINGS || surplus.abs() >= CLOCK_READINGS
    }

    /// Whether the session has expired.
    #[must_use]
    pub fn is_expired(&self, now: DateTime<Utc>) -> bool {
        self.expires_at < now
    }

    /// Whether reading the session renews it: it is remembered, and its start or last renewal is at least `update_age`
    /// ago. For the client, a renewal that did not reach it does not count.
    #[must_use]
    pub fn is_due_for_renewal(&self, policy: SessionPolicy, reader: Reader, now: DateTime<Utc>) -> bool {
        let renewed_at = self.expires_at - policy.expires_in;
        let is_undelivered = renewed_at == self.updated_at + NOT_DELIVERED;
        let is_due = renewed_at + policy.update_age <= now || (is_undelivered && reader == Reader::Client);
        is_due && self.is_remembered(policy)
    }

    /// Returns the session with its full lifetime, starting now.
    #[must_use]
    pub fn renewed(self, policy: SessionPolicy, reader: Reader, now: DateTime<Utc>) -> Self {
        let mark = match reader {
            Reader::Client => TimeDelta::zero(),
            Reader::Other => NOT_DELIVERED,
        };
        Self {
            expires_at: policy.end(now, true) + mark,
            updated_at: now,
            ..self
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const POLICY: SessionPolicy = SessionPolicy {
        expires_in: TimeDelta::days(7),
        update_age: TimeDelta::days(1),
        fresh_age: TimeDelta::days(1),
    };

    fn start() -> DateTime<Utc> {
        DateTime::from_timestamp_millis(1_767_225_600_000).unwrap()
    }

    fn session(remembered: bool) -> Session {
        let new = NewSession {
            id: SessionId::new("S"),
            token: SessionToken::new("T"),
            user_id: UserId::new("U"),
            ip_address: "192.0.2.7".to_owned(),
            user_agent: String::new(),
            additional: AdditionalFields::default(),
        };
        Session::start(new, POLICY, remembered, start())
    }

    #[test]
    fn a_session_starts_with_the_clients_data_and_equal_times() {
        let session = session(true);
        assert_eq!(session.ip_address.as_deref(), Some("192.0.2.7"));
        assert_eq!(session.user_agent.as_deref(), Some(""));
        assert_eq!((session.created_at, session.updated_at), (start(), start()));
    }

    #[test]
    fn a_session_lives_for_expires_in_or_for_a_day() {
        assert_eq!(session(true).expires_at, start() + TimeDelta::days(7));
        assert_eq!(session(false).expires_at, start() + TimeDelta::days(1));
    }

    #[test]
    fn a_session_is_expired_after_its_end_and_not_at_it() {
        let session = session(true);
        assert!(!session.is_expired(session.expires_at));
        assert!(session.is_expired(session.expires_at + TimeDelta::milliseconds(1)));
    }

    #[test]
    fn a_session_is_due_for_renewal_from_update_age_on() {
        let session = session(true);
        assert!(!session.is_due_for_renewal(
            POLICY,
            Reader::Other,
            start() + TimeDelta::days(1) - TimeDelta::milliseconds(1)
        ));
        assert!(session.is_due_for_renewal(POLICY, Reader::Other, start() + TimeDelta::days(1)));
        let always = SessionPolicy {
            update_age: TimeDelta::zero(),
            ..POLICY
        };
        assert!(session.is_due_for_renewal(always, Reader::Other, start()));
    }

    #[test]
    fn a_session_that_lives_for_a_day_is_not_remembered_and_never_renewed() {
        let mut session = session(false);
        let end = session.expires_at;
        for milliseconds in [-999, -7, 0, 7, 999] {
            session.expires_at = end + TimeDelta::milliseconds(milliseconds);
            assert!(!session.is_remembered(POLICY), "{milliseconds}");
            assert!(
                !session.is_due_for_renewal(POLICY, Reader::Client, session.expires_at),
                "{milliseconds}"
            );
        }
        for milliseconds in [-1000, 1000] {
            session.expires_at = end + TimeDelta::milliseconds(milliseconds);
            assert!(session.is_remembered(POLICY), "{milliseconds}");
        }
    }

    #[test]
    fn a_remembered_session_stays_so_when_it_is_renewed() {
        let renewed = session(true).renewed(POLICY, Reader::Client, start() + TimeDelta::days(1));
        assert!(session(true).is_remembered(POLICY) && renewed.is_remembered(POLICY));
    }

    #[test]
    fn every_session_counts_as_remembered_if_none_lives_longer_than_a_day() {
        for (seconds, is_remembered) in [(3600, true), (86_400, true), (86_401, true), (86_402, false)] {
            let policy = SessionPolicy {
                expires_in: TimeDelta::seconds(seconds),
                ..POLICY
            };
            assert_eq!(session(false).is_remembered(policy), is_remembered, "{seconds}");
        }
    }

    #[test]
    fn a_session_is_fresh_since_its_renewal_and_newly_begun_since_its_start() {
        let day = start() + TimeDelta::days(1);
        let (moment, session) = (TimeDelta::milliseconds(1), session(true));
        assert!(session.is_fresh(POLICY, day - moment) && !session.is_fresh(POLICY, day));
        assert!(session.is_recent_sign_in(POLICY, day) && !session.is_recent_sign_in(POLICY, day + moment));
        let renewed = session.renewed(POLICY, Reader::Client, day);
        assert!(renewed.is_fresh(POLICY, day) && !renewed.is_recent_sign_in(POLICY, day + moment));
        let never = SessionPolicy {
            fresh_age: TimeDelta::zero(),
            ..POLICY
        };
        assert!(
            renewed.is_fresh(never, day + POLICY.expires_in)
                && renewed.is_recent_sign_in(never, day + POLICY.expires_in)
        );
    }

    #[test]
    fn a_renewed_session_has_its_full_lifetime_again() {
        let now = start() + TimeDelta::days(3);
        let renewed = session(true).renewed(POLICY, Reader::Client, now);
        assert_eq!(renewed.expires_at, now + TimeDelta::days(7));
        assert_eq!(renewed.updated_at, now);
        assert_eq!(renewed.created_at, start());
    }

    #[test]
    fn a_renewal_that_did_not_reach_the_client_leaves_its_own_due() {
        let day = start() + TimeDelta::days(1);
        let moment = day + TimeDelta::milliseconds(1);
        let renewed = session(true).renewed(POLICY, Reader::Other, day);
        assert_eq!((renewed.updated_at, renewed.is_remembered(POLICY)), (day, true));
        assert_eq!(renewed.expires_at - day, POLICY.expires_in + NOT_DELIVERED);
        assert!(!renewed.is_due_for_renewal(POLICY, Reader::Other, moment));
        assert!(renewed.is_due_for_renewal(POLICY, Reader::Client, moment));
        let delivered = renewed.renewed(POLICY, Reader::Client, moment);
        assert!(!delivered.is_due_for_renewal(POLICY, Reader::Client, moment));
    }

    /// Such sessions were written by another server, or with other lifetimes.
    #[test]
    fn only_the_mark_makes_a_young_session_due() {
        for milliseconds in [-86_400_000, -5, -1, 0, 2, 1000, 86_400_000] {
            let session = session(true);
            let session = Session {
                expires_at: session.expires_at + TimeDelta::milliseconds(milliseconds),
                ..session
            };
            let is_due = session.is_due_for_renewal(POLICY, Reader::Client, start());
            assert_eq!(is_due, milliseconds == -86_400_000, "{milliseconds}");
        }
    }
}
