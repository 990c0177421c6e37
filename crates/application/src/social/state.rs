//! States of requests to providers: in the database, or encrypted in a cookie. Each belongs to the client that started
//! the request.

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use portcullis_domain::{
    origin::TrustedOrigins,
    secret::Secret,
    social::{AuthorizationState, STATE_LENGTH},
    token::OneTimeToken,
    verification::Purpose,
};

use super::{CallbackError, SocialOptions, StartError};
use crate::{
    client_token::{
        AUTHORIZATION_STATE, CHOSEN_AUTHORIZATION_STATE, ClientEffects, EARLIER_AUTHORIZATION_STATE,
        EARLIER_SEALED_AUTHORIZATION_STATE, PresentedToken, SEALED_AUTHORIZATION_STATE, SessionEffect,
        TokenEffect, TokenKind,
    },
    context::RequestContext,
    ports::{Cipher, Ports, Random, RandomExt, SealPurpose, Sealed, Store},
};

/// How long a state is valid, as in Better Auth.
pub(super) const LIFETIME: TimeDelta = TimeDelta::minutes(10);
/// How long the client stores the state if the whole state is in the database, as in Better Auth.
const COOKIE_LIFETIME: TimeDelta = TimeDelta::minutes(5);

/// Maximum length of a state in a cookie, in bytes: browsers drop a cookie of more than 4096 bytes with its name and its
/// attributes (RFC 6265, 6.1).
const LONGEST_IN_COOKIE: usize = 3800;

/// Stores and finds states.
pub(super) struct States {
    store: Arc<dyn Store>,
    random: Arc<dyn Random>,
    cipher: Arc<dyn Cipher>,
    is_in_cookie: bool,
    applications: TrustedOrigins,
}

/// A state that a client presents together with its cookie.
pub(super) struct PresentedState {
    pub(super) state: AuthorizationState,
    pub(super) effects: ClientEffects,
    /// Whether the client only passes the outcome to an application, because any page may have given it the state.
    pub(super) is_for_application: bool,
}

impl States {
    pub(super) fn new(ports: &Ports, options: &SocialOptions) -> Self {
        Self {
            store: Arc::clone(&ports.store),
            random: Arc::clone(&ports.random),
            cipher: Arc::clone(&ports.cipher),
            is_in_cookie: options.stores_states_in_cookies,
            applications: options.applications.clone(),
        }
    }

    /// Stores the state under this value, and returns what the client stores. A state that the client already has stays
    /// valid beside it, so that a user can sign in with two tabs at once.
    pub(super) async fn store(
        &self,
        value: &OneTimeToken,
        state: AuthorizationState,
        context: &RequestContext,
        now: DateTime<Utc>,
    ) -> Result<ClientEffects, StartError> {
        let (kind, text, lifetime) = if self.is_in_cookie {
            let state = AuthorizationState {
                value: Some(Secret::new(value.expose().clone())),
                ..state
            };
            let sealed = self
                .cipher
                .seal(SealPurpose::AuthorizationState, state.to_json().expose());
            if sealed.0.len() > LONGEST_IN_COOKIE {
                return Err(StartError::StateTooLarge);
            }
            (SEALED_AUTHORIZATION_STATE, sealed.0, LIFETIME)
        } else {
            let mut db = self.store.autocommit();
            db.authorization_states()
                .insert(&self.random.id(), value, &state, now)
                .await?;
            (
                CHOSEN_AUTHORIZATION_STATE,
                value.expose().clone(),
                COOKIE_LIFETIME,
            )
        };
        let (current, earlier) = self.kinds();
        let presented = context.tokens.iter().find(|token| token.kind == current);
        // A state that any page may have planted stays one: it is signed for its purpose again.
        let kept = presented.map(|kept| {
            let kind = earlier.signed_for(kept.purpose);
            set(kind, kept.value.expose().clone(), lifetime)
        });
        let tokens = [Some(set(kind, text, lifetime)), kept];
        Ok(effects(tokens.into_iter().flatten().collect()))
    }

    /// Returns the state with this value if the client that presents it started the request, and consumes it: of
    /// several concurrent callers only one receives it.
    ///
    /// A state that any page may have given to the client does not show that its user started the request. It is accepted
    /// only for a sign-in that ends in an application, and otherwise stays valid for the client that started it.
    pub(super) async fn take(
        &self,
        value: &str,
        context: &RequestContext,
        now: DateTime<Utc>,
    ) -> Result<PresentedState, CallbackError> {
        let presented = if self.is_in_cookie {
            self.take_from_cookie(value, context, now).await?
        } else {
            self.take_from_database(value, context).await?
        };
        if !presented.state.is_live(now) {
            return Err(CallbackError::Restart);
        }
        Ok(presented)
    }

    async fn take_from_database(
        &self,
        value: &str,
        context: &RequestContext,
    ) -> Result<PresentedState, CallbackError> {
        if value.len() != STATE_LENGTH {
            return Err(CallbackError::Restart);
        }
        let value = OneTimeToken::new(value);
        let mut db = self.store.autocommit();
        let stored = db.authorization_states().find(&value).await?;
        let stored = stored.ok_or(CallbackError::Restart)?;
        let presented = self.presented(context, &value);
        let presented = presented.ok_or(CallbackError::StateMismatch)?;
        let is_for_application = presented.is_chosen_by_a_client();
        if is_for_application && !stored.signs_in_to_application(&self.applications) {
            return Err(CallbackError::StateMismatch);
        }
        let kind = presented.kind;
        let state = db.authorization_states().consume(&value).await?;
        Ok(PresentedState {
            state: state.ok_or(CallbackError::Restart)?,
            effects: effects(vec![TokenEffect::Clear { kind }]),
            is_for_application,
        })
    }

    /// Finds the state in the client's cookies. It is marked as used, since the client could present it again.
    async fn take_from_cookie(
        &self,
        value: &str,
        context: &RequestContext,
        now: DateTime<Utc>,
    ) -> Result<PresentedState, CallbackError> {
        let (current, earlier) = self.kinds();
        let stored = [current, earlier].map(|kind| Some((kind, self.opened(context.token(kind)?)?)));
        let mut stored = stored.into_iter().flatten().peekable();
        stored.peek().ok_or(CallbackError::Restart)?;
        let is_value = |state: &AuthorizationState| {
            let own = state.value.as_ref();
            own.is_some_and(|own| own.matches(value))
        };
        let (kind, state) = stored
            .find(|(_, state)| is_value(state))
            .ok_or(CallbackError::StateMismatch)?;
        let token = OneTimeToken::new(value);
        let is_unused = self
            .store
            .autocommit()
            .verifications()
            .mark_used(Purpose::AuthorizationState, &token, state.expires_at, now)
            .await?;
        if !is_unused {
            return Err(CallbackError::Restart);
        }
        Ok(PresentedState {
            state,
            effects: effects(vec![TokenEffect::Clear { kind }]),
            is_for_application: false,
        })
    }

    fn opened(&self, sealed: &str) -> Option<AuthorizationState> {
        let sealed = Sealed(sealed.to_owned());
        let opened = self.cipher.open(SealPurpose::AuthorizationState, &sealed).ok()?;
        AuthorizationState::parse(opened.text.expose()).ok()
    }

    /// Returns the client's token with this value. One that this server has chosen comes first.
    fn presented<'a>(&self, context: &'a RequestContext, value: &OneTimeToken) -> Option<&'a PresentedToken> {
        let (current, earlier) = self.kinds();
        let is_state = |token: &&PresentedToken| token.kind == current || token.kind == earlier;
        let tokens = context.tokens.iter().filter(is_state);
        let tokens = tokens.filter(|token| token.value.expose() == value.expose());
        tokens.min_by_key(|token| (token.is_chosen_by_a_client(), token.kind != current))
    }

    /// Returns the kinds of the client's tokens: that of its latest request, and that of an earlier one.
    const fn kinds(&self) -> (TokenKind, TokenKind) {
        if self.is_in_cookie {
            (SEALED_AUTHORIZATION_STATE, EARLIER_SEALED_AUTHORIZATION_STATE)
        } else {
            (AUTHORIZATION_STATE, EARLIER_AUTHORIZATION_STATE)
        }
    }
}

const fn set(kind: TokenKind, text: String, lifetime: TimeDelta) -> TokenEffect {
    TokenEffect::Set {
        kind,
        value: Secret::new(text),
        lifetime,
    }
}

const fn effects(tokens: Vec<TokenEffect>) -> ClientEffects {
    ClientEffects {
        session: SessionEffect::Unchanged,
        tokens,
    }
}
