//! Storage as a whole, and the unit of work.

use async_trait::async_trait;
use chrono::{DateTime, Utc};

use super::{
    AccountRepository, AdminRepository, ApiKeyRepository, AuthorizationStateRepository, CodeRepository,
    Failure, InvitationRepository, JwkRepository, KnownAddressRepository, MemberRepository,
    MessageRepository, OrganizationRepository, OrganizationRoleRepository, PasskeyRepository,
    PayloadTokenRepository, PhoneNumberRepository, RateLimitRepository, RefusedSignUpRepository,
    SessionRepository, TeamRepository, TwoFactorRepository, UserRepository, UsernameRepository,
    VerificationRepository,
};

/// The storage of all data.
#[async_trait]
pub trait Store: Send + Sync {
    /// Opens the repositories for reading and for single statements, each in its own transaction. It does no I/O yet,
    /// and holds no connection between two calls.
    fn autocommit(&self) -> Box<dyn Repositories>;

    /// Opens a unit of work, whose changes are all applied at its commit or not at all. It does no I/O yet.
    fn begin(&self) -> Box<dyn UnitOfWork>;

    /// Returns the store's own time and whether it accepts writes; also used as a health check.
    async fn state(&self) -> Result<StoreState, Failure>;
}

/// What a store reports about itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StoreState {
    /// The time by the store's own clock.
    pub time: DateTime<Utc>,
    /// Whether the store accepts no writes, for example a standby or a database in recovery.
    pub is_read_only: bool,
}

/// Access to every repository.
pub trait Repositories: Send {
    /// The accounts by which users authenticate.
    fn accounts(&mut self) -> &mut dyn AccountRepository;
    /// Users as administrators see them.
    fn admin(&mut self) -> &mut dyn AdminRepository;
    /// API keys.
    fn api_keys(&mut self) -> &mut dyn ApiKeyRepository;
    /// The states of authorization requests.
    fn authorization_states(&mut self) -> &mut dyn AuthorizationStateRepository;
    /// One-time codes.
    fn codes(&mut self) -> &mut dyn CodeRepository;
    /// Invitations to organizations.
    fn invitations(&mut self) -> &mut dyn InvitationRepository;
    /// The JWT signing keys.
    fn jwks(&mut self) -> &mut dyn JwkRepository;
    /// The IP addresses from which users have signed in recently.
    fn known_addresses(&mut self) -> &mut dyn KnownAddressRepository;
    /// Members of organizations.
    fn members(&mut self) -> &mut dyn MemberRepository;
    /// The message queue.
    fn messages(&mut self) -> &mut dyn MessageRepository;
    /// Roles that organizations create.
    fn organization_roles(&mut self) -> &mut dyn OrganizationRoleRepository;
    /// Organizations.
    fn organizations(&mut self) -> &mut dyn OrganizationRepository;
    /// Passkeys.
    fn passkeys(&mut self) -> &mut dyn PasskeyRepository;
    /// One-time tokens with a payload.
    fn payload_tokens(&mut self) -> &mut dyn PayloadTokenRepository;
    /// Users by phone number.
    fn phone_numbers(&mut self) -> &mut dyn PhoneNumberRepository;
    /// Request counters.
    fn rate_limits(&mut self) -> &mut dyn RateLimitRepository;
    /// The passwords of rejected sign-ups.
    fn refused_sign_ups(&mut self) -> &mut dyn RefusedSignUpRepository;
    /// Sessions.
    fn sessions(&mut self) -> &mut dyn SessionRepository;
    /// Teams of organizations.
    fn teams(&mut self) -> &mut dyn TeamRepository;
    /// Second factors.
    fn two_factors(&mut self) -> &mut dyn TwoFactorRepository;
    /// Users by user name.
    fn usernames(&mut self) -> &mut dyn UsernameRepository;
    /// Users.
    fn users(&mut self) -> &mut dyn UserRepository;
    /// One-time tokens.
    fn verifications(&mut self) -> &mut dyn VerificationRepository;
}

/// Repositories whose changes are applied together. Dropping it without a commit discards them.
///
/// Locks are taken in one order, so that two units never deadlock: an id at a provider (by
/// [`lock_identity`](AccountRepository::lock_identity)), the user (by [`lock`](UserRepository::lock)), one-time tokens,
/// accounts, sessions. A unit that touches only one kind of a user's rows need not lock the user. Organizations are locked
/// after users and before all other rows: several ones in the order of their ids.
#[async_trait]
pub trait UnitOfWork: Repositories {
    /// Applies every change.
    async fn commit(self: Box<Self>) -> Result<(), Failure>;
}
