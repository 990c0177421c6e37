//! The list of mocks of repositories.

use super::store::FakeUnitOfWork;
use crate::ports::{
    AccountRepository, AdminRepository, ApiKeyRepository, AuthorizationStateRepository, CodeRepository,
    InvitationRepository, JwkRepository, KnownAddressRepository, MemberRepository, MessageRepository,
    OrganizationRepository, OrganizationRoleRepository, PasskeyRepository, PayloadTokenRepository,
    PhoneNumberRepository, RateLimitRepository, RefusedSignUpRepository, Repositories, SessionRepository,
    TeamRepository, TwoFactorRepository, UserRepository, UsernameRepository, VerificationRepository,
};

impl Repositories for FakeUnitOfWork {
    fn accounts(&mut self) -> &mut dyn AccountRepository {
        &mut self.accounts
    }

    fn admin(&mut self) -> &mut dyn AdminRepository {
        &mut self.admin
    }

    fn api_keys(&mut self) -> &mut dyn ApiKeyRepository {
        &mut self.api_keys
    }

    fn authorization_states(&mut self) -> &mut dyn AuthorizationStateRepository {
        &mut self.authorization_states
    }

    fn codes(&mut self) -> &mut dyn CodeRepository {
        &mut self.codes
    }

    fn invitations(&mut self) -> &mut dyn InvitationRepository {
        &mut self.invitations
    }

    fn jwks(&mut self) -> &mut dyn JwkRepository {
        &mut self.jwks
    }

    fn known_addresses(&mut self) -> &mut dyn KnownAddressRepository {
        &mut self.known_addresses
    }

    fn members(&mut self) -> &mut dyn MemberRepository {
        &mut self.members
    }

    fn messages(&mut self) -> &mut dyn MessageRepository {
        &mut self.messages
    }

    fn organization_roles(&mut self) -> &mut dyn OrganizationRoleRepository {
        &mut self.organization_roles
    }

    fn organizations(&mut self) -> &mut dyn OrganizationRepository {
        &mut self.organizations
    }

    fn passkeys(&mut self) -> &mut dyn PasskeyRepository {
        &mut self.passkeys
    }

    fn payload_tokens(&mut self) -> &mut dyn PayloadTokenRepository {
        &mut self.payload_tokens
    }

    fn rate_limits(&mut self) -> &mut dyn RateLimitRepository {
        &mut self.rate_limits
    }

    fn refused_sign_ups(&mut self) -> &mut dyn RefusedSignUpRepository {
        &mut self.refused_sign_ups
    }

    fn sessions(&mut self) -> &mut dyn SessionRepository {
        &mut self.sessions
    }

    fn teams(&mut self) -> &mut dyn TeamRepository {
        &mut self.teams
    }

    fn two_factors(&mut self) -> &mut dyn TwoFactorRepository {
        &mut self.two_factors
    }

    fn phone_numbers(&mut self) -> &mut dyn PhoneNumberRepository {
        &mut self.phone_numbers
    }

    fn usernames(&mut self) -> &mut dyn UsernameRepository {
        &mut self.usernames
    }

    fn users(&mut self) -> &mut dyn UserRepository {
        &mut self.users
    }

    fn verifications(&mut self) -> &mut dyn VerificationRepository {
        &mut self.verifications
    }
}
