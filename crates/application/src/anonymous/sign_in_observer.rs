//! The token of a guest whose sign-in waits for its second step.

use async_trait::async_trait;
use chrono::{DateTime, TimeDelta, Utc};
use portcullis_domain::{
    anonymous::is_anonymous, id::UserId, secret::Secret, session::Session, token::SessionToken,
};

use crate::{
    client_token::{TokenEffect, TokenKind},
    context::RequestContext,
    ports::{Failure, Repositories},
    seams::SignInObserver,
    sign_in::completion::SigningIn,
};

/// The session token of a guest whose sign-in as another user waits for a second step. The client deletes its
/// session token when that step is required, so this token preserves it.
pub const GUEST: TokenKind = TokenKind::new("guest");
/// How long a client keeps a [`GUEST`] token.
const LIFETIME: TimeDelta = TimeDelta::minutes(10);
/// Prefix of the value: it is not accepted as a session token, and a session token is not accepted as this token.
const PREFIX: &str = "guest-";

/// Separates the session token from the id of the user who signs in.
const SEPARATOR: char = '!';

/// Returns the session token in the value of a [`GUEST`] token. `None`: the value is of another kind, or belongs to the
/// sign-in of another user than `signed_in`, who may share the client with the guest.
#[must_use]
pub fn guest_session(value: &str, signed_in: &UserId) -> Option<SessionToken> {
    let (token, user) = value.strip_prefix(PREFIX)?.rsplit_once(SEPARATOR)?;
    (user == signed_in.as_str()).then(|| SessionToken::new(token.to_owned()))
}

/// Makes clients keep the session token of a guest until the second step is taken.
pub struct AnonymousObserver;

#[async_trait]
impl SignInObserver for AnonymousObserver {
    async fn observe(
        &self,
        db: &mut dyn Repositories,
        signing_in: &SigningIn<'_>,
        session: Option<&Session>,
    ) -> Result<Vec<TokenEffect>, Failure> {
        let SigningIn {
            user, context, now, ..
        } = signing_in;
        if session.is_some() {
            let is_kept = context.token(GUEST).is_some();
            return Ok(is_kept
                .then_some(TokenEffect::Clear { kind: GUEST })
                .into_iter()
                .collect());
        }
        let guest = guest_of(db, context, *now).await?;
        let kept = guest.map(|token| TokenEffect::Set {
            kind: GUEST,
            value: Secret::new(format!(
                "{PREFIX}{}{SEPARATOR}{}",
                token.expose(),
                user.id.as_str()
            )),
            lifetime: LIFETIME,
        });
        Ok(kept.into_iter().collect())
    }
}

/// Returns the token of the guest who sends the request: that of the first live session that the client presents.
async fn guest_of<'a>(
    db: &mut dyn Repositories,
    context: &'a RequestContext,
    now: DateTime<Utc>,
) -> Result<Option<&'a SessionToken>, Failure> {
    for token in &context.session_tokens {
        let found = db.sessions().find_by_token(token).await?;
        if let Some((_, user)) = found.filter(|(session, _)| !session.is_expired(now)) {
            return Ok(is_anonymous(&user).then_some(token));
        }
    }
    Ok(None)
}
