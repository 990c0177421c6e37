//! Composition of administration: its use cases and its seams, if it is enabled.

use std::sync::Arc;

use portcullis_application::{
    admin::{
        Admin, AdminGuard, AdminServices, AdminVeto, ImpersonationLens, ImpersonationLimit,
        LastAdministratorGuard, RoleDefault,
    },
    ports::Ports,
    seams::{
        DelegatedSession, SessionGuard, SessionLens, SessionLifetime, SessionVeto, UserDefaults,
        UserDeletionGuard,
    },
};

use crate::{config::Config, features::Shared};

/// Returns the use cases, or `None` if administration is disabled.
pub(crate) fn use_cases(ports: &Ports, config: &Config, shared: &Shared) -> Option<Admin> {
    let options = config.admin.clone()?;
    Some(Admin::new(
        ports,
        services(shared),
        options,
        config.messages.clone(),
    ))
}

/// Returns what the use cases share with the core.
pub(super) fn services(shared: &Shared) -> AdminServices {
    AdminServices {
        completion: Arc::clone(&shared.completion),
        credentials: Arc::clone(&shared.credentials),
        deletion_guards: shared.deletion_guards.clone(),
        registry: Arc::clone(&shared.session_registry),
        sessions: Arc::clone(&shared.sessions),
        users: Arc::clone(&shared.users),
    }
}

/// Returns the guard that keeps the last administrator.
pub(crate) fn deletion_guard(ports: &Ports, config: &Config) -> Option<Arc<dyn UserDeletionGuard>> {
    let options = config.admin.as_ref()?;
    Some(Arc::new(LastAdministratorGuard::new(ports, options)))
}

/// Returns the guard that refuses sessions to banned users.
pub(crate) fn guard(config: &Config) -> Option<Arc<dyn SessionGuard>> {
    Some(Arc::new(AdminGuard::new(config.admin.as_ref()?)))
}

/// Returns what recognizes sessions in which another user acts.
pub(crate) fn delegated(config: &Config) -> Option<Arc<dyn DelegatedSession>> {
    Some(Arc::new(ImpersonationLimit::new(config.admin.as_ref()?)))
}

/// Returns what hides sessions from their users.
pub(crate) fn lens(config: &Config) -> Option<Arc<dyn SessionLens>> {
    config.admin.as_ref()?;
    Some(Arc::new(ImpersonationLens))
}

/// Returns what limits the lifetime of sessions in which another user acts.
pub(crate) fn lifetime(config: &Config) -> Option<Arc<dyn SessionLifetime>> {
    Some(Arc::new(ImpersonationLimit::new(config.admin.as_ref()?)))
}

/// Returns what sets the role of new users.
pub(crate) fn user_default(config: &Config) -> Option<Arc<dyn UserDefaults>> {
    Some(Arc::new(RoleDefault::new(config.admin.as_ref()?)))
}

/// Returns what refuses sessions when they are read.
pub(crate) fn veto(config: &Config) -> Option<Arc<dyn SessionVeto>> {
    Some(Arc::new(AdminVeto::new(config.admin.as_ref()?)))
}
