//! The list of repositories in memory.

use super::MemoryUnitOfWork;
use crate::ports::{
    AccountRepository, AdminRepository, ApiKeyRepository, AuthorizationStateRepository, CodeRepository,
    InvitationRepository, JwkRepository, KnownAddressRepository, MemberRepository, MessageRepository,
    OrganizationRepository, OrganizationRoleRepository, PasskeyRepository, PayloadTokenRepository,
    PhoneNumberRepository, RateLimitRepository, RefusedSignUpRepository, Repositories, SessionRepository,
    TeamRepository, TwoFactorRepository, UserRepository, UsernameRepository, VerificationRepository,
};

impl Repositories for MemoryUnitOfWork {
    fn accounts(&mut self) -> &mut dyn AccountRepository {
        self
    }

    fn admin(&mut self) -> &mut dyn AdminRepository {
        self
    }

    fn api_keys(&mut self) -> &mut dyn ApiKeyRepository {
        self
    }

    fn authorization_states(&mut self) -> &mut dyn AuthorizationStateRepository {
        self
    }

    fn codes(&mut self) -> &mut dyn CodeRepository {
        self
    }

    fn invitations(&mut self) -> &mut dyn InvitationRepository {
        self
    }

    fn jwks(&mut self) -> &mut dyn JwkRepository {
        &mut self.jwks
    }

    fn known_addresses(&mut self) -> &mut dyn KnownAddressRepository {
        self
    }

    fn members(&mut self) -> &mut dyn MemberRepository {
        self
    }

    fn messages(&mut self) -> &mut dyn MessageRepository {
        self
    }

    fn organization_roles(&mut self) -> &mut dyn OrganizationRoleRepository {
        self
    }

    fn organizations(&mut self) -> &mut dyn OrganizationRepository {
        self
    }

    fn passkeys(&mut self) -> &mut dyn PasskeyRepository {
        self
    }

    fn payload_tokens(&mut self) -> &mut dyn PayloadTokenRepository {
        self
    }

    fn rate_limits(&mut self) -> &mut dyn RateLimitRepository {
        self
    }

    fn refused_sign_ups(&mut self) -> &mut dyn RefusedSignUpRepository {
        self
    }

    fn sessions(&mut self) -> &mut dyn SessionRepository {
        self
    }

    fn teams(&mut self) -> &mut dyn TeamRepository {
        self
    }

    fn two_factors(&mut self) -> &mut dyn TwoFactorRepository {
        self
    }

    fn phone_numbers(&mut self) -> &mut dyn PhoneNumberRepository {
        self
    }

    fn usernames(&mut self) -> &mut dyn UsernameRepository {
        self
    }

    fn users(&mut self) -> &mut dyn UserRepository {
        self
    }

    fn verifications(&mut self) -> &mut dyn VerificationRepository {
        self
    }
}
