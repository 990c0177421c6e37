//! Administration: users, their roles, bans, passwords and sessions; administrators who act for users.

mod actor;
mod authority;
mod bans;
#[cfg(any(test, feature = "testing"))]
pub mod contract;
mod creation;
mod email;
mod error;
mod impersonation;
mod options;
mod passwords;
mod removal;
mod roles;
mod session_guard;
mod session_lens;
mod session_lifetime;
mod session_veto;
mod sessions;
mod state;
mod update;
mod user_defaults;
mod user_deletion_guard;
mod users;

use std::sync::Arc;

use self::authority::Authority;
pub use self::{
    actor::Actor,
    bans::{BanUser, Bans},
    creation::{CreateUser, UserFactory},
    error::AdminError,
    impersonation::{ADMIN_SESSION, Impersonation, Returned},
    options::{AdminOptions, BanOptions},
    passwords::UserPasswords,
    roles::{RoleChanges, RoleInput},
    session_guard::AdminGuard,
    session_lens::ImpersonationLens,
    session_lifetime::ImpersonationLimit,
    session_veto::AdminVeto,
    sessions::UserSessions,
    state::{UserKey, UserState},
    update::{ChangeUser, UserChanges},
    user_defaults::RoleDefault,
    user_deletion_guard::LastAdministratorGuard,
    users::{UserPage, UserSearch, UserSearches},
};
use crate::{
    credential::Credentials,
    message::{MessageOptions, MessageWriter},
    ports::Ports,
    seams::UserDeletionGuards,
    session::{SessionRegistry, Sessions},
    sign_in::completion::SignInCompletion,
    user::UserCreation,
};

/// The use cases of administration.
pub struct Admin {
    /// Bans users.
    pub bans: Bans,
    /// Changes and removes users.
    pub changes: UserChanges,
    /// Creates users.
    pub creation: UserFactory,
    /// Lets administrators act for users.
    pub impersonation: Impersonation,
    /// Sets passwords.
    pub passwords: UserPasswords,
    /// Sets roles.
    pub roles: RoleChanges,
    /// Lists and ends sessions of users.
    pub sessions: UserSessions,
    /// Finds users, and checks permissions.
    pub users: UserSearches,
}

/// What administration shares with the core.
#[derive(Clone)]
pub struct AdminServices {
    /// Completes sign-ins.
    pub completion: Arc<SignInCompletion>,
    /// Sets passwords.
    pub credentials: Arc<Credentials>,
    /// Decide whether users may be deleted.
    pub deletion_guards: UserDeletionGuards,
    /// Ends sessions.
    pub registry: Arc<SessionRegistry>,
    /// Reads sessions.
    pub sessions: Arc<Sessions>,
    /// Creates users.
    pub users: Arc<UserCreation>,
}

impl Admin {
    /// Creates the use cases by these options.
    #[must_use]
    pub fn new(
        ports: &Ports,
        services: AdminServices,
        options: AdminOptions,
        messages: MessageOptions,
    ) -> Self {
        let authority = Arc::new(Authority::new(ports, options.policy));
        let shared = || Arc::clone(&authority);
        Self {
            bans: Bans {
                authority: shared(),
                options: options.bans,
            },
            changes: UserChanges {
                authority: shared(),
                guards: services.deletion_guards,
            },
            creation: UserFactory {
                authority: shared(),
                credentials: Arc::clone(&services.credentials),
                users: services.users,
                random: Arc::clone(&ports.random),
            },
            impersonation: Impersonation {
                authority: shared(),
                completion: services.completion,
                sessions: services.sessions,
                session_lifetime: options.session_lifetime,
            },
            passwords: UserPasswords {
                authority: shared(),
                credentials: services.credentials,
                messages: MessageWriter::new(ports, messages),
                revokes_sessions: options.revokes_sessions,
            },
            roles: RoleChanges { authority: shared() },
            sessions: UserSessions {
                authority: shared(),
                registry: services.registry,
            },
            users: UserSearches {
                authority: shared(),
                fields: options.fields,
            },
        }
    }
}

#[cfg(test)]
mod tests;
