//! A store whose repositories are mocks.

use std::sync::{
    Arc, Mutex, PoisonError,
    atomic::{AtomicBool, Ordering},
};

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use portcullis_domain::{id::UserId, user::User};

use super::fixtures::{a_session, a_user, start};
use crate::ports::{
    Failure, MockAccountRepository, MockAdminRepository, MockApiKeyRepository,
    MockAuthorizationStateRepository, MockCodeRepository, MockInvitationRepository, MockJwkRepository,
    MockKnownAddressRepository, MockMemberRepository, MockMessageRepository, MockOrganizationRepository,
    MockOrganizationRoleRepository, MockPasskeyRepository, MockPayloadTokenRepository,
    MockPhoneNumberRepository, MockRateLimitRepository, MockRefusedSignUpRepository, MockSessionRepository,
    MockTeamRepository, MockTwoFactorRepository, MockUserRepository, MockUsernameRepository,
    MockVerificationRepository, Repositories, Store, StoreState, UnitOfWork,
};

/// One mock of each repository. An unexpected call fails the test.
#[derive(Default)]
pub struct FakeUnitOfWork {
    /// Expect calls here.
    pub accounts: MockAccountRepository,
    /// Expect calls here.
    pub admin: MockAdminRepository,
    /// Expect calls here.
    pub api_keys: MockApiKeyRepository,
    /// Expect calls here.
    pub authorization_states: MockAuthorizationStateRepository,
    /// Expect calls here.
    pub codes: MockCodeRepository,
    /// Expect calls here.
    pub invitations: MockInvitationRepository,
    /// Expect calls here.
    pub jwks: MockJwkRepository,
    /// Expect calls here.
    pub known_addresses: MockKnownAddressRepository,
    /// Expect calls here.
    pub members: MockMemberRepository,
    /// Expect calls here.
    pub messages: MockMessageRepository,
    /// Expect calls here.
    pub organization_roles: MockOrganizationRoleRepository,
    /// Expect calls here.
    pub organizations: MockOrganizationRepository,
    /// Expect calls here.
    pub passkeys: MockPasskeyRepository,
    /// Expect calls here.
    pub payload_tokens: MockPayloadTokenRepository,
    /// Expect calls here.
    pub phone_numbers: MockPhoneNumberRepository,
    /// Expect calls here.
    pub rate_limits: MockRateLimitRepository,
    /// Expect calls here.
    pub refused_sign_ups: MockRefusedSignUpRepository,
    /// Expect calls here.
    pub sessions: MockSessionRepository,
    /// Expect calls here.
    pub teams: MockTeamRepository,
    /// Expect calls here.
    pub two_factors: MockTwoFactorRepository,
    /// Expect calls here.
    pub usernames: MockUsernameRepository,
    /// Expect calls here.
    pub users: MockUserRepository,
    /// Expect calls here.
    pub verifications: MockVerificationRepository,
    committed: Arc<AtomicBool>,
    at_commit: Vec<Box<dyn FnOnce() + Send>>,
}

impl FakeUnitOfWork {
    /// Runs `act` if and when the unit is committed.
    pub fn at_commit(&mut self, act: impl FnOnce() + Send + 'static) {
        self.at_commit.push(Box::new(act));
    }

    /// Expects that the counts of failed sign-ins are deleted, both of the account and of `address`, and that `address`
    /// is stored as known to [`a_user`].
    pub fn expect_forgotten_failures(&mut self, address: &'static str) {
        for key in [
            "failed-sign-in|".to_owned(),
            format!("failed-sign-in-from|{address}|"),
        ] {
            self.rate_limits
                .expect_delete()
                .withf(move |forgotten| forgotten.starts_with(&key))
                .once()
                .return_once(|_| Ok(()));
        }
        self.known_addresses
            .expect_remember()
            .withf(move |user, known, now| *user == a_user().id && known == address && *now == start())
            .once()
            .return_once(|_, _, _| Ok(()));
    }

    /// Makes the repositories find and lock this user and no other.
    pub fn locks_user(&mut self, user: User) {
        let hold = move |id: &UserId| Ok((user.id == *id).then(|| user.clone()));
        self.users.expect_lock_shared_if_free().returning(hold.clone());
        self.users.expect_lock().returning(hold);
    }

    /// Makes the repositories find and lock the caller of [`calling`](super::fixtures::calling): the session is live.
    pub fn locks_caller(&mut self, user: User) {
        self.locks_user(user.clone());
        self.sessions.expect_find_by_token().returning(move |token| {
            Ok((token.expose() == a_session().token.expose()).then(|| (a_session(), user.clone())))
        });
    }

    /// Accepts the deletion of sessions, known IP addresses and rejected sign-ups, as after the verification of an
    /// e-mail address.
    pub fn accepts_revocations(&mut self) {
        self.known_addresses.expect_delete_by_user().returning(|_| Ok(()));
        self.refused_sign_ups.expect_delete().returning(|_| Ok(()));
        self.sessions.expect_delete_by_user().returning(|_| Ok(()));
        self.sessions
            .expect_delete_others_of_user()
            .returning(|_, _| Ok(()));
    }

    /// Makes the queueing of a message fail: the database is unreachable.
    pub fn fails_to_queue(&mut self) {
        self.messages
            .expect_queue()
            .once()
            .return_once(|_, _, _| Err(Failure::unavailable("unreachable")));
    }
}

#[async_trait]
impl UnitOfWork for FakeUnitOfWork {
    async fn commit(self: Box<Self>) -> Result<(), Failure> {
        self.committed.store(true, Ordering::SeqCst);
        self.at_commit.into_iter().for_each(|act| act());
        Ok(())
    }
}

/// Returns the given units in order: one for each `autocommit` and each `begin`.
#[derive(Default)]
pub struct FakeStore {
    reads: Mutex<Vec<FakeUnitOfWork>>,
    units: Mutex<Vec<FakeUnitOfWork>>,
    committed: Arc<AtomicBool>,
    time: Mutex<Option<DateTime<Utc>>>,
    is_read_only: AtomicBool,
}

impl FakeStore {
    /// Creates a store that returns these units, and then empty ones, which fail the test at any call.
    #[must_use]
    pub fn new(reads: Vec<FakeUnitOfWork>, units: Vec<FakeUnitOfWork>) -> Self {
        let reversed = |list: Vec<FakeUnitOfWork>| Mutex::new(list.into_iter().rev().collect());
        Self {
            reads: reversed(reads),
            units: reversed(units),
            ..Self::default()
        }
    }

    /// Sets the store's clock, which otherwise shows [`start`].
    pub fn set_time(&self, time: DateTime<Utc>) {
        *self.time.lock().unwrap_or_else(PoisonError::into_inner) = Some(time);
    }

    /// Makes the store report that it accepts no writes.
    pub fn set_read_only(&self) {
        self.is_read_only.store(true, Ordering::SeqCst);
    }

    /// Returns whether a unit of work was committed.
    #[must_use]
    pub fn has_committed(&self) -> bool {
        self.committed.load(Ordering::SeqCst)
    }
}

fn next(list: &Mutex<Vec<FakeUnitOfWork>>) -> FakeUnitOfWork {
    list.lock()
        .unwrap_or_else(PoisonError::into_inner)
        .pop()
        .unwrap_or_default()
}

#[async_trait]
impl Store for FakeStore {
    fn autocommit(&self) -> Box<dyn Repositories> {
        Box::new(next(&self.reads))
    }

    fn begin(&self) -> Box<dyn UnitOfWork> {
        let mut unit = next(&self.units);
        unit.committed = Arc::clone(&self.committed);
        Box::new(unit)
    }

    async fn state(&self) -> Result<StoreState, Failure> {
        let time = *self.time.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(StoreState {
            time: time.unwrap_or_else(start),
            is_read_only: self.is_read_only.load(Ordering::SeqCst),
        })
    }
}
