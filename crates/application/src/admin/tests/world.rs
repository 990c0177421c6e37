//! A deployment with an administrator and a user.

use std::sync::Arc;

use chrono::TimeDelta;
use portcullis_domain::{
    access::{Roles, Statements},
    additional::FieldSchema,
    admin::{self, AdminPolicy, IMPERSONATED_BY, ROLE},
    id::SessionId,
    session::Session,
    token::SessionToken,
    user::User,
};

use crate::{
    admin::{
        Admin, AdminGuard, AdminOptions, AdminServices, AdminVeto, BanOptions, ImpersonationLimit,
        LastAdministratorGuard,
    },
    seams::{SessionLifetimes, SessionVetoes, UserDeletionGuards},
    session::{Reading, SessionRegistry, SessionSeams, Sessions, StrictCaller},
    sign_in::completion::SignInSeams,
    testing::{
        FakePorts, MemoryStore, ServiceOptions, Services,
        fixtures::{SESSION_POLICY, a_session, a_user, another_user, message_options},
    },
};

pub(super) struct World {
    pub(super) admin: Admin,
    pub(super) fake: FakePorts<MemoryStore>,
    pub(super) sessions: Arc<Sessions>,
}

/// Better Auth's options.
pub(super) fn options() -> AdminOptions {
    AdminOptions {
        policy: AdminPolicy::default(),
        bans: BanOptions {
            default_reason: "No reason".to_owned(),
            default_length: None,
            message: "You are banned".to_owned(),
        },
        impersonation_lifetime: TimeDelta::hours(1),
        first_admin: None,
        fields: FieldSchema::new(admin::user_fields()),
        session_lifetime: TimeDelta::days(7),
        revokes_sessions: true,
    }
}

/// Better Auth's options with the roles `support`, `moderator` and `editor`, of which none has all permissions.
pub(super) fn with_partial_roles() -> AdminOptions {
    let mut options = options();
    let all = options.policy.roles.get("admin").cloned().unwrap();
    let moderator = &["ban", "delete", "set-password", "update"];
    let partial =
        |name: &str, permissions: &[(&str, &[&str])]| (name.to_owned(), Statements::of(permissions));
    options.policy.roles = Roles::new([
        ("admin".to_owned(), all),
        partial("support", &[("user", &["impersonate"])]),
        partial("moderator", &[("user", moderator), ("session", &["list"])]),
        partial("editor", &[("user", &["get"])]),
    ]);
    options.policy.has_own_roles = true;
    options
}

/// Returns the user with these roles.
pub(super) fn with_roles(mut user: User, roles: &str) -> User {
    user.additional.set(ROLE, roles.into());
    user
}

/// The administrator, whose session is that of [`a_session`].
pub(super) fn root() -> User {
    with_roles(a_user(), "admin")
}

/// The user, whose session is [`session_of_bob`].
pub(super) fn bob() -> User {
    with_roles(another_user(), "user")
}

pub(super) fn session_of_bob() -> Session {
    Session {
        id: SessionId::new("session-2"),
        token: SessionToken::new("token-2"),
        user_id: bob().id,
        ..a_session()
    }
}

impl World {
    pub(super) fn new() -> Self {
        Self::with(options(), vec![root(), bob()])
    }

    pub(super) fn with(options: AdminOptions, users: Vec<User>) -> Self {
        let store = MemoryStore::with(|rows| {
            rows.users = users;
            rows.sessions = vec![a_session(), session_of_bob()];
        });
        let fake = FakePorts::with_store(store);
        let lifetimes = SessionLifetimes::new(Arc::new([Arc::new(ImpersonationLimit::new(&options))]));
        let seams = SignInSeams {
            guards: Arc::new([Arc::new(AdminGuard::new(&options))]),
            session_lifetimes: lifetimes.clone(),
            ..SignInSeams::default()
        };
        let services = Services::new(
            &fake.ports,
            ServiceOptions {
                seams,
                ..ServiceOptions::default()
            },
        );
        let seams = SessionSeams {
            delegated: Arc::new([Arc::new(ImpersonationLimit::new(&options))]),
            lifetimes,
            vetoes: SessionVetoes::new(Arc::new([Arc::new(AdminVeto::new(&options))])),
        };
        let sessions = Arc::new(Sessions::new(&fake.ports, SESSION_POLICY, seams));
        let guard = LastAdministratorGuard::new(&fake.ports, &options);
        let shared = AdminServices {
            completion: Arc::clone(&services.completion),
            credentials: Arc::clone(&services.credentials),
            deletion_guards: UserDeletionGuards::new(Arc::new([Arc::new(guard)])),
            registry: Arc::new(SessionRegistry::new(&fake.ports, Arc::default())),
            sessions: Arc::clone(&sessions),
            users: Arc::clone(&services.users),
        };
        Self {
            admin: Admin::new(&fake.ports, shared, options, message_options()),
            fake,
            sessions,
        }
    }

    /// Returns the caller of a session, as a request finds it.
    pub(super) async fn caller(&self, session: &Session) -> Option<StrictCaller> {
        let tokens = [session.token.clone()];
        self.sessions.caller(&tokens, Reading::UNCHANGED).await.unwrap()
    }

    /// Returns the administrator as the caller.
    pub(super) async fn root(&self) -> StrictCaller {
        self.caller(&a_session()).await.unwrap()
    }

    /// Returns the tokens of the stored sessions.
    pub(super) fn tokens(&self) -> Vec<String> {
        let sessions = self.fake.store.rows().sessions;
        sessions
            .iter()
            .map(|session| session.token.expose().clone())
            .collect()
    }

    /// Returns the stored user with the id of this one.
    pub(super) fn stored(&self, user: &User) -> User {
        let users = self.fake.store.rows().users;
        users.into_iter().find(|stored| stored.id == user.id).unwrap()
    }

    /// Returns how many sessions exist in which an administrator acts for a user.
    pub(super) fn impersonations(&self) -> usize {
        let sessions = self.fake.store.rows().sessions;
        let is_acting = |session: &&Session| !session.additional.get(IMPERSONATED_BY).is_null();
        sessions.iter().filter(is_acting).count()
    }
}
