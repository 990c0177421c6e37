//! The account of a sign-in, in a cookie. Its tokens are used only while the account is linked.

use std::sync::Arc;

use chrono::TimeDelta;
use portcullis_domain::{account::Account, id::UserId};

use super::{
    Social,
    identity::{Found, IdentitySignIn},
};
use crate::{
    client_token::{ACCOUNT_DATA, TokenEffect},
    context::RequestContext,
    ports::{AccountCookieCodec, Clock, Ports},
};

/// Writes the account of a sign-in for its client, and reads it.
#[derive(Clone)]
pub struct AccountCookie {
    codec: Arc<dyn AccountCookieCodec>,
    clock: Arc<dyn Clock>,
    lifetime: TimeDelta,
}

impl AccountCookie {
    /// Creates the writer of accounts that the client stores for this lifetime.
    pub(crate) fn new(ports: &Ports, lifetime: TimeDelta) -> Self {
        Self {
            codec: Arc::clone(&ports.account_cookie_codec),
            clock: Arc::clone(&ports.clock),
            lifetime,
        }
    }

    /// Makes the client store the account.
    pub(crate) fn stored(&self, account: &Account) -> TokenEffect {
        let now = self.clock.now();
        TokenEffect::Set {
            kind: ACCOUNT_DATA,
            value: self.codec.seal(account, now, now + self.lifetime),
            lifetime: self.lifetime,
        }
    }

    /// Returns the account that the client presents, or `None` if it presents none of this user. The account of another
    /// user is ignored, unlike in Better Auth: the client may have kept it, or an attacker may have set it.
    pub(crate) fn read(&self, user: &UserId, context: &RequestContext) -> Option<Account> {
        self.opened(user, context.token(ACCOUNT_DATA)?)
    }

    /// Makes the client store the account that it presents for another lifetime. `None` if it is not one of this user.
    #[must_use]
    pub fn renewed(&self, user: &UserId, presented: &str) -> Option<TokenEffect> {
        let account = self.opened(user, presented)?;
        Some(self.stored(&account))
    }

    /// Makes the client delete the account that it presents, if it is this one.
    #[must_use]
    pub fn cleared(&self, unlinked: &Account, context: &RequestContext) -> Option<TokenEffect> {
        let presented = self.read(&unlinked.user_id, context)?;
        (presented.id == unlinked.id).then_some(TokenEffect::Clear { kind: ACCOUNT_DATA })
    }

    fn opened(&self, user: &UserId, presented: &str) -> Option<Account> {
        let account = self.codec.open(presented, self.clock.now())?;
        (account.user_id == *user).then_some(account)
    }
}

impl Social {
    /// Makes the client of a sign-in store the account, but not one that was just linked, as in Better Auth.
    pub(super) fn store_account(&self, signed_in: &mut IdentitySignIn) {
        let cookie = self.account_cookie.as_ref();
        let cookie = cookie.filter(|_| signed_in.found != Found::ByAddress);
        if let Some((cookie, effects)) = cookie.zip(signed_in.outcome.effects_mut()) {
            effects.tokens.push(cookie.stored(&signed_in.account));
        }
    }
}
