//! Introspection and revocation of tokens for services, as in RFC 7662 and RFC 7009.

use std::sync::Arc;

use portcullis_domain::{id::UserId, secret::Secret, session::Session, token::SessionToken, user::User};
use serde_json::{Map, Value};

use crate::{
    ports::{Failure, Ports, Store},
    seams::{InspectedToken, TokenInspector},
    session::{Reading, SessionRegistry, Sessions},
};

/// A token that a service asks about.
#[derive(Debug)]
pub enum PresentedToken {
    /// A session token with this server's signature.
    Signed(SessionToken),
    /// A text without a signature, which may be a session token.
    Unsigned(SessionToken),
    /// A text in the form of a JWT.
    Jwt(Secret<String>),
}

/// A token that is valid now.
#[derive(Debug)]
pub struct ActiveToken {
    /// The user.
    pub user: User,
    /// The live session that the token belongs to. `None`: the token belongs to none.
    pub session: Option<Session>,
    /// The claims of a JWT. `None`: it is a session token.
    pub claims: Option<Map<String, Value>>,
}

/// Why a token is not revoked.
#[derive(Debug, thiserror::Error)]
pub enum RevocationError {
    /// The token belongs to no session, so that nothing can be ended: it stays valid until it expires.
    #[error("the token belongs to no session")]
    NoSession,
    /// An internal failure.
    #[error(transparent)]
    Failure(#[from] Failure),
}

/// Options of introspection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IntrospectionOptions {
    /// Whether session tokens without a signature are accepted, as callers may present them.
    pub accepts_unsigned: bool,
    /// The issuer of session tokens.
    pub issuer: String,
    /// Whether services can authenticate. If not, only the private listener answers them.
    pub has_clients: bool,
}

/// Checks and revokes tokens.
pub struct Introspection {
    store: Arc<dyn Store>,
    sessions: Arc<Sessions>,
    registry: Arc<SessionRegistry>,
    inspectors: Arc<[Arc<dyn TokenInspector>]>,
    options: IntrospectionOptions,
}

impl Introspection {
    /// Creates the use cases for the tokens of these sessions and of these plugins.
    #[must_use]
    pub fn new(
        ports: &Ports,
        (sessions, registry): (Arc<Sessions>, Arc<SessionRegistry>),
        inspectors: Arc<[Arc<dyn TokenInspector>]>,
        options: IntrospectionOptions,
    ) -> Self {
        Self {
            store: Arc::clone(&ports.store),
            sessions,
            registry,
            inspectors,
            options,
        }
    }

    /// Returns the issuer of session tokens.
    #[must_use]
    pub fn issuer(&self) -> &str {
        &self.options.issuer
    }

    /// Returns whether services can authenticate. If not, only the private listener answers them.
    #[must_use]
    pub const fn has_clients(&self) -> bool {
        self.options.has_clients
    }

    /// Returns what a token stands for, or `None` if it is not valid now. The row of its session is read for every call,
    /// and never renewed. A JWT is valid only while its session is live or, if it belongs to none, while its user
    /// exists and may have sessions.
    ///
    /// # Errors
    ///
    /// If the store fails.
    pub async fn introspect(&self, token: &PresentedToken) -> Result<Option<ActiveToken>, Failure> {
        match token {
            PresentedToken::Unsigned(_) if !self.options.accepts_unsigned => Ok(None),
            PresentedToken::Signed(token) | PresentedToken::Unsigned(token) => self.session(token).await,
            PresentedToken::Jwt(token) => match self.inspect(token).await? {
                Some(inspected) => self.owner(inspected).await,
                None => Ok(None),
            },
        }
    }

    /// Ends the session that a token belongs to. A token that is not valid now is ignored.
    ///
    /// # Errors
    ///
    /// [`RevocationError::NoSession`] for a valid JWT without a session.
    pub async fn revoke(&self, token: &PresentedToken) -> Result<(), RevocationError> {
        let Some(active) = self.introspect(token).await? else {
            return Ok(());
        };
        let session = active.session.ok_or(RevocationError::NoSession)?;
        self.registry.revoke_of(&session.user_id, &session.token).await?;
        Ok(())
    }

    async fn session(&self, token: &SessionToken) -> Result<Option<ActiveToken>, Failure> {
        let found = self.sessions.current(token, Reading::UNCHANGED).await?;
        Ok(found.active_session.map(|active| ActiveToken {
            user: active.user.clone(),
            session: Some(active.session.clone()),
            claims: None,
        }))
    }

    async fn inspect(&self, token: &Secret<String>) -> Result<Option<InspectedToken>, Failure> {
        for inspector in self.inspectors.iter() {
            let inspected = inspector.inspect(token.expose()).await?;
            if inspected.is_some() {
                return Ok(inspected);
            }
        }
        Ok(None)
    }

    /// Looks up the session of a JWT and its user.
    async fn owner(&self, token: InspectedToken) -> Result<Option<ActiveToken>, Failure> {
        let claims = Some(token.claims);
        let Some(id) = token.session else {
            let user = self.user(&token.user).await?;
            return Ok(user.map(|user| ActiveToken {
                user,
                session: None,
                claims,
            }));
        };
        let found = self.sessions.find(&id).await?;
        let found = found.filter(|active| active.user.id == token.user);
        Ok(found.map(|active| ActiveToken {
            user: active.user,
            session: Some(active.session),
            claims,
        }))
    }

    /// Returns the user of a JWT without a session, unless the user may have no sessions, for example because of a ban.
    async fn user(&self, id: &UserId) -> Result<Option<User>, Failure> {
        let Some(user) = self.store.autocommit().users().find(id).await? else {
            return Ok(None);
        };
        let is_refused = self.sessions.are_refused_to(&user).await?;
        Ok((!is_refused).then_some(user))
    }
}

#[cfg(test)]
mod tests;
