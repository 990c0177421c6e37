//! A store in memory, for tests whose subject is an outcome and not the calls that lead to it.

mod accounts;
mod admin;
mod api_key;
mod authorization_states;
mod codes;
mod known_addresses;
mod messages;
mod organization;
mod passkey;
mod payload_tokens;
mod phone_number;
mod rate_limits;
mod refused_sign_ups;
mod repositories;
mod sessions;
mod two_factor;
mod unit;
mod username;
mod users;
mod verifications;

use std::{
    collections::{HashMap, HashSet},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use portcullis_domain::payload_token::PayloadToken;
use portcullis_domain::{
    account::Account,
    api_key::ApiKey,
    code::OneTimeCode,
    id::UserId,
    message::Message,
    organization::{Invitation, Member, Organization, OrganizationRole, Team, TeamMember},
    passkey::Passkey,
    password::PasswordHash,
    rate_limit::Hits,
    session::Session,
    social::AuthorizationState,
    two_factor::TwoFactor,
    user::User,
    verification::{Purpose, Verification},
};

use super::{PlainCipher, fixtures::start};
use crate::{
    message,
    ports::{Cipher, Failure, MockJwkRepository, Repositories, SealPurpose, Store, StoreState, UnitOfWork},
};

pub use messages::MemoryMessage;

/// A store in memory. Clones share their rows.
///
/// A unit of work changes a copy of the rows, which replaces them at the commit. There are no locks: if another change
/// was made between the unit's first call and its commit, the commit fails. JWT signing keys are a mock without
/// expectations.
#[derive(Clone, Default)]
pub struct MemoryStore(Arc<Mutex<Rows>>);

/// The rows of a [`MemoryStore`].
#[derive(Clone, Default)]
pub struct Rows {
    /// Users.
    pub users: Vec<User>,
    /// Accounts.
    pub accounts: Vec<Account>,
    /// API keys.
    pub api_keys: Vec<ApiKey>,
    /// States of authorization requests, by the value of the `state` parameter.
    pub authorization_states: HashMap<String, AuthorizationState>,
    /// Sessions.
    pub sessions: Vec<Session>,
    /// One-time tokens.
    pub verifications: Vec<Verification>,
    /// Tokens that are marked as used, by purpose and text.
    pub used_tokens: HashSet<(Purpose, String)>,
    /// The ends of leases, by purpose and text.
    pub leases: HashMap<(Purpose, String), DateTime<Utc>>,
    /// One-time tokens with a payload.
    pub payload_tokens: Vec<PayloadToken>,
    /// One-time codes, and how many attempts to guess them were made.
    pub codes: Vec<(OneTimeCode, u32)>,
    /// The message queue.
    pub messages: Vec<MemoryMessage>,
    /// The last sign-in, by user and IP address.
    pub known_addresses: HashMap<(UserId, String), DateTime<Utc>>,
    /// Admitted requests, by key.
    pub rate_limits: HashMap<String, Hits>,
    /// Passwords of rejected sign-ups, by user.
    pub refused_sign_ups: HashMap<UserId, PasswordHash>,
    /// Second factors.
    pub two_factors: Vec<TwoFactor>,
    /// The step of the last TOTP code that was used, by user.
    pub totp_steps: HashMap<UserId, u64>,
    /// Organizations.
    pub organizations: Vec<Organization>,
    /// Members of organizations.
    pub members: Vec<Member>,
    /// Invitations to organizations.
    pub invitations: Vec<Invitation>,
    /// Teams of organizations.
    pub teams: Vec<Team>,
    /// Members of teams.
    pub team_members: Vec<TeamMember>,
    /// Roles that organizations created.
    pub organization_roles: Vec<OrganizationRole>,
    /// Passkeys.
    pub passkeys: Vec<Passkey>,
    /// The number of changes.
    version: u64,
}

impl MemoryStore {
    /// Creates a store with rows that `fill` adds.
    pub fn with(fill: impl FnOnce(&mut Rows)) -> Self {
        let store = Self::default();
        fill(&mut store.lock());
        store
    }

    /// Returns a copy of the rows.
    #[must_use]
    pub fn rows(&self) -> Rows {
        self.lock().clone()
    }

    /// Returns the queued messages in the order in which they were queued.
    ///
    /// # Panics
    ///
    /// If a message was not sealed by [`PlainCipher`].
    #[must_use]
    #[expect(clippy::expect_used, reason = "a test that cannot read its messages fails")]
    pub fn messages(&self) -> Vec<Message> {
        let opened = |row: &MemoryMessage| {
            let content = PlainCipher
                .open(SealPurpose::Message, row.sealed.as_ref()?)
                .ok()?;
            message::read(&row.id, content.text.expose()).ok()
        };
        let rows = self.rows();
        let messages: Option<Vec<_>> = rows.messages.iter().map(opened).collect();
        messages.expect("messages that the fake cipher has sealed")
    }

    fn lock(&self) -> MutexGuard<'_, Rows> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl Store for MemoryStore {
    fn autocommit(&self) -> Box<dyn Repositories> {
        Box::new(MemoryUnitOfWork::new(self, true))
    }

    fn begin(&self) -> Box<dyn UnitOfWork> {
        Box::new(MemoryUnitOfWork::new(self, false))
    }

    async fn state(&self) -> Result<StoreState, Failure> {
        Ok(StoreState {
            time: start(),
            is_read_only: false,
        })
    }
}

struct MemoryUnitOfWork {
    store: MemoryStore,
    is_autocommit: bool,
    /// The rows with the changes of this unit; made by its first call.
    copy: Option<Rows>,
    has_written: bool,
    jwks: MockJwkRepository,
}

#[async_trait]
impl UnitOfWork for MemoryUnitOfWork {
    async fn commit(self: Box<Self>) -> Result<(), Failure> {
        let Some(mut copy) = self.copy.filter(|_| self.has_written) else {
            return Ok(());
        };
        let mut rows = self.store.lock();
        if copy.version != rows.version {
            return Err(Failure::unavailable("another change was made meanwhile"));
        }
        copy.version += 1;
        *rows = copy;
        Ok(())
    }
}

/// Removes the first `limit` rows that `is_affected` selects, and returns their number.
fn remove<T>(rows: &mut Vec<T>, limit: u32, is_affected: impl Fn(&T) -> bool) -> u64 {
    let mut removed = 0;
    rows.retain(|row| {
        let stays = removed >= u64::from(limit) || !is_affected(row);
        removed += u64::from(!stays);
        stays
    });
    removed
}

#[cfg(test)]
mod tests {
    use super::*;

    crate::store_contract!(store in MemoryStore::default() => &store);
}
