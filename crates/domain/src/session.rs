//! Sessions: how long they live and when they are renewed.

use chrono::{DateTime, TimeDelta, Utc};

use crate::{
    additional::AdditionalFields,
    id::{SessionId, UserId},
    token::SessionToken,
};

/// How long a session lives that the user did not ask to be remembered: one day, as in the reference.
pub const NOT_REMEMBERED: TimeDelta = TimeDelta::days(1);

/// How far the life of a session that is not remembered may be from [`NOT_REMEMBERED`]: another server may read the clock
/// once for the start and once for the end.
const CLOCK_READINGS: TimeDelta = TimeDelta::seconds(1);

/// A user's presence on one client.
#[derive(Clone, Debug)]
pub struct Session {
    /// Never changes.
    pub id: SessionId,
    /// What the client holds.
    pub token: SessionToken,
    /// Who is present.
    pub user_id: UserId,
    /// The end, unless it is renewed before.
    pub expires_at: DateTime<Utc>,
    /// When the user signed in.
    pub created_at: DateTime<Utc>,
    /// When the session was made or last renewed.
    pub updated_at: DateTime<Utc>,
    /// Where the client was when it signed in; empty where that is not known.
    pub ip_address: Option<String>,
    /// What the client called itself; empty where it said nothing.
    pub user_agent: Option<String>,
    /// What the deployment keeps of sessions besides.
    pub additional: AdditionalFields,
}

/// How long sessions live.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SessionPolicy {
    /// The life of a remembered session, from its start or its last renewal.
    pub expires_in: TimeDelta,
    /// How old a session must be to be renewed when it is read.
    pub update_age: TimeDelta,
    /// How young a session must be for what is dangerous; zero: any is young enough.
    pub fresh_age: TimeDelta,
}

impl SessionPolicy {
    /// The end of a session that starts now.
    #[must_use]
    pub fn end(self, now: DateTime<Utc>, remembered: bool) -> DateTime<Utc> {
        now + if remembered {
            self.expires_in
        } else {
            NOT_REMEMBERED
        }
    }
}

impl Session {
    /// Whether the session is young enough for what is dangerous: since its start or last renewal.
    #[must_use]
    pub fn is_fresh(&self, policy: SessionPolicy, now: DateTime<Utc>) -> bool {
        policy.fresh_age.is_zero() || now - self.updated_at < policy.fresh_age
    }

    /// Whether the user signed in lately enough for what cannot be undone: a renewal does not count.
    #[must_use]
    pub fn is_newly_begun(&self, policy: SessionPolicy, now: DateTime<Utc>) -> bool {
        policy.fresh_age.is_zero() || now - self.created_at <= policy.fresh_age
    }

    /// Whether the user asked to be remembered. A session that is not remembered ends [`NOT_REMEMBERED`] after its start
    /// and is never renewed.
    ///
    /// The row has no column for it, so the distance from its start to its end decides. If a remembered session does not
    /// live longer than one that is not, the row cannot show the difference, and every session counts as remembered.
    #[must_use]
    pub fn is_remembered(&self, policy: SessionPolicy) -> bool {
        let surplus = self.expires_at - self.created_at - NOT_REMEMBERED;
        policy.expires_in <= NOT_REMEMBERED + CLOCK_READINGS || surplus.abs() >= CLOCK_READINGS
    }

    /// Whether the session's end lies behind.
    #[must_use]
    pub fn is_expired(&self, now: DateTime<Utc>) -> bool {
        self.expires_at < now
    }

    /// Whether reading the session should renew it: it is remembered, and its start or last renewal was `update_age` ago.
    #[must_use]
    pub fn is_due_for_renewal(&self, policy: SessionPolicy, now: DateTime<Utc>) -> bool {
        self.is_remembered(policy) && self.expires_at - policy.expires_in + policy.update_age <= now
    }

    /// The same session, with its whole life before it again.
    #[must_use]
    pub fn renewed(self, policy: SessionPolicy, now: DateTime<Utc>) -> Self {
        Self {
            expires_at: policy.end(now, true),
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
        Session {
            id: SessionId::new("S"),
            token: SessionToken::new("T"),
            user_id: UserId::new("U"),
            expires_at: POLICY.end(start(), remembered),
            created_at: start(),
            updated_at: start(),
            ip_address: Some(String::new()),
            user_agent: Some(String::new()),
            additional: AdditionalFields::default(),
        }
    }

    #[test]
    fn a_session_lives_for_its_policys_time_or_a_day() {
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
        assert!(
            !session.is_due_for_renewal(POLICY, start() + TimeDelta::days(1) - TimeDelta::milliseconds(1))
        );
        assert!(session.is_due_for_renewal(POLICY, start() + TimeDelta::days(1)));
        let always = SessionPolicy {
            update_age: TimeDelta::zero(),
            ..POLICY
        };
        assert!(session.is_due_for_renewal(always, start()));
    }

    #[test]
    fn a_session_that_lives_for_a_day_is_not_remembered_and_never_due() {
        let mut session = session(false);
        let end = session.expires_at;
        for milliseconds in [-999, -7, 0, 7, 999] {
            session.expires_at = end + TimeDelta::milliseconds(milliseconds);
            assert!(!session.is_remembered(POLICY), "{milliseconds}");
            assert!(
                !session.is_due_for_renewal(POLICY, session.expires_at),
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
        let renewed = session(true).renewed(POLICY, start() + TimeDelta::days(1));
        assert!(session(true).is_remembered(POLICY) && renewed.is_remembered(POLICY));
    }

    #[test]
    fn where_no_session_lives_longer_than_a_day_every_session_counts_as_remembered() {
        for (seconds, is_remembered) in [(3600, true), (86_400, true), (86_401, true), (86_402, false)] {
            let policy = SessionPolicy {
                expires_in: TimeDelta::seconds(seconds),
                ..POLICY
            };
            assert_eq!(session(false).is_remembered(policy), is_remembered, "{seconds}");
        }
    }

    #[test]
    fn a_session_is_fresh_for_its_time_since_it_was_renewed_and_newly_begun_since_its_start() {
        let day = start() + TimeDelta::days(1);
        let (moment, session) = (TimeDelta::milliseconds(1), session(true));
        assert!(session.is_fresh(POLICY, day - moment) && !session.is_fresh(POLICY, day));
        assert!(session.is_newly_begun(POLICY, day) && !session.is_newly_begun(POLICY, day + moment));
        let renewed = session.renewed(POLICY, day);
        assert!(renewed.is_fresh(POLICY, day) && !renewed.is_newly_begun(POLICY, day + moment));
        let never = SessionPolicy {
            fresh_age: TimeDelta::zero(),
            ..POLICY
        };
        assert!(
            renewed.is_fresh(never, day + POLICY.expires_in)
                && renewed.is_newly_begun(never, day + POLICY.expires_in)
        );
    }

    #[test]
    fn a_renewed_session_has_its_whole_life_before_it() {
        let now = start() + TimeDelta::days(3);
        let renewed = session(true).renewed(POLICY, now);
        assert_eq!(renewed.expires_at, now + TimeDelta::days(7));
        assert_eq!(renewed.updated_at, now);
        assert_eq!(renewed.created_at, start());
    }
}
