//! Administrators who act for users.

use std::sync::Arc;

use chrono::TimeDelta;
use portcullis_domain::{
    additional::AdditionalFields,
    admin::{IMPERSONATED_BY, Permission, impersonator},
    id::UserId,
    secret::Secret,
    session::Session,
    token::SessionToken,
    user::User,
};
use serde_json::Value;

use super::{
    AdminError,
    authority::{Authority, record},
};
use crate::{
    client_token::{ActiveSession, ClientEffects, SessionEffect, TokenEffect, TokenKind},
    context::RequestContext,
    session::{Reading, Sessions, StrictCaller},
    sign_in::completion::{Completed, Outcome, SignInCompletion, SignInMethod, SigningIn},
};

/// The session of the administrator, which the client stores while the administrator acts for a user: the session token
/// and, after a colon, whether the administrator did not want to be remembered.
pub const ADMIN_SESSION: TokenKind = TokenKind::new("admin_session");

const SEPARATOR: char = ':';
/// The mark that the administrator did not want to be remembered.
const NOT_REMEMBERED: &str = "true";

/// Lets administrators act for users.
pub struct Impersonation {
    pub(super) authority: Arc<Authority>,
    pub(super) completion: Arc<SignInCompletion>,
    pub(super) sessions: Arc<Sessions>,
    pub(super) session_lifetime: TimeDelta,
}

/// An administrator who has stopped acting for a user.
#[derive(Debug)]
pub struct Returned {
    /// The administrator's session.
    pub active_session: ActiveSession,
    /// The changes to the data that the client stores.
    pub effects: ClientEffects,
}

impl Impersonation {
    /// Starts a session of a user in which the caller acts for the user. `is_remembered` is whether the caller's own session
    /// outlives the browser.
    ///
    /// # Errors
    ///
    /// [`AdminError::Impersonating`] if the caller acts for a user already. [`AdminError::CannotImpersonate`] for an
    /// administrator, unless that is allowed, and for a user with permissions that the caller does not have.
    /// [`AdminError::Refused`] if the user is banned.
    pub async fn start(
        &self,
        by: &StrictCaller,
        user: &UserId,
        (is_remembered, context): (bool, &RequestContext),
    ) -> Result<Box<Completed>, AdminError> {
        let (authority, permission) = (&self.authority, Permission::Impersonate);
        authority.check(by.into(), permission)?;
        let mut unit = authority.store.begin();
        let target = unit.users().lock(user).await?;
        let target = target.ok_or(AdminError::UserNotFound)?;
        if !authority.policy.may_impersonate(by.user(), &target) {
            return Err(AdminError::CannotImpersonate);
        }
        authority
            .check_again(unit.as_mut(), by.into(), permission)
            .await?;
        let signing_in = SigningIn {
            user: target,
            method: SignInMethod::Delegated(mark(by.user())),
            context,
            is_remembered: false,
            now: authority.clock.now(),
        };
        let mut completed = match self.completion.complete(unit.as_mut(), signing_in).await? {
            Outcome::Completed(completed) => completed,
            Outcome::Challenged(_) => return Err(AdminError::CannotImpersonate),
            Outcome::Refused(refusal) => return Err(AdminError::Refused(refusal)),
        };
        unit.commit().await?;
        let own = self.stored(by.session(), is_remembered);
        completed.effects.tokens.push(own);
        record("impersonate-user", by.into(), user);
        Ok(completed)
    }

    /// Ends the caller's session and returns to the session of the administrator, whose token the client presents.
    ///
    /// # Errors
    ///
    /// [`AdminError::AdministratorSessionNotFound`] unless the token is that of a live session of the administrator who
    /// started the caller's session.
    pub async fn stop(&self, by: &StrictCaller, context: &RequestContext) -> Result<Returned, AdminError> {
        let admin = impersonator(by.session()).ok_or(AdminError::NotImpersonating)?;
        let (active_session, is_remembered) = self.presented(&admin, context).await?;

        let mut db = self.authority.store.autocommit();
        db.sessions().delete(&by.session().token).await?;
        self.sessions
            .note_ended(std::slice::from_ref(&by.session().token));
        let lifetime = is_remembered.then_some(self.session_lifetime);
        let ActiveSession { session, user } = active_session.clone();
        let effects = ClientEffects {
            session: SessionEffect::store(session, user, lifetime),
            tokens: vec![TokenEffect::Clear { kind: ADMIN_SESSION }],
        };
        let user = by.user().id.as_str();
        tracing::info!(
            action = "stop-impersonating",
            by = admin.as_str(),
            user,
            "an administrator acted on a user"
        );
        Ok(Returned {
            active_session,
            effects,
        })
    }

    /// Returns the administrator's live session, whose token the client presents, and whether it outlives the browser.
    async fn presented(
        &self,
        admin: &UserId,
        context: &RequestContext,
    ) -> Result<(ActiveSession, bool), AdminError> {
        let missing = || AdminError::AdministratorSessionNotFound;
        let presented = context.token(ADMIN_SESSION).ok_or_else(missing)?;
        let (token, mark) = presented.split_once(SEPARATOR).unwrap_or((presented, ""));
        let token = SessionToken::new(token);
        let found = self.sessions.current(&token, Reading::UNCHANGED).await?;
        let active_session = found.active_session.ok_or_else(missing)?;
        let is_own = active_session.user.id == *admin && impersonator(&active_session.session).is_none();
        if !is_own {
            return Err(missing());
        }
        Ok((active_session.as_ref().clone(), mark.is_empty()))
    }

    /// Returns the token by which the client returns to the administrator's session.
    fn stored(&self, session: &Session, is_remembered: bool) -> TokenEffect {
        let mark = if is_remembered { "" } else { NOT_REMEMBERED };
        let value = format!("{}{SEPARATOR}{mark}", session.token.expose());
        TokenEffect::Set {
            kind: ADMIN_SESSION,
            value: Secret::new(value),
            lifetime: self.session_lifetime,
        }
    }
}

/// Returns the fields of a session in which this user acts for another one.
fn mark(by: &User) -> AdditionalFields {
    let mut fields = AdditionalFields::default();
    fields.set(IMPERSONATED_BY, Value::from(by.id.as_str()));
    fields
}
