//! Sign-in of the user whom a provider has identified.

use chrono::{DateTime, Utc};
use portcullis_domain::{
    account::{Account, TokenChange},
    email::EmailAddress,
    id::UserId,
    social::Profile,
    user::User,
};

use super::{IdentityError, Social, user_change::UserChange};
use crate::{
    context::RequestContext,
    message::SealedTokenMessage,
    ports::{Failure, RandomExt, Repositories, UniqueKey, UnitOfWork, WriteError},
    sign_in::completion::{Outcome, SignInMethod, SigningIn},
};

/// A user whom a provider has identified.
pub(super) struct Identified<'a> {
    /// The provider's id.
    pub(super) provider: &'a str,
    /// Whether the provider redirected the browser to this server.
    pub(super) is_redirect: bool,
    pub(super) profile: &'a Profile,
    pub(super) email: &'a EmailAddress,
    /// The stored form of the tokens.
    pub(super) tokens: TokenChange,
    /// The stored form of the tokens if the account is linked to a user with its address. `None`: the same.
    pub(super) link_tokens: Option<TokenChange>,
    /// Whether a user may be created.
    pub(super) may_sign_up: bool,
    /// Whether the user gets the data of the profile.
    pub(super) overrides_user: bool,
    /// The URL to which the link of a verification mail redirects.
    pub(super) callback: Option<&'a str>,
}

impl Identified<'_> {
    fn method(&self) -> SignInMethod {
        SignInMethod::Provider {
            id: self.provider.to_owned(),
            is_redirect: self.is_redirect,
        }
    }
}

/// A sign-in with a provider.
#[derive(Debug)]
pub(super) struct IdentitySignIn {
    pub(super) outcome: Outcome,
    /// The account, as it is stored now.
    pub(super) account: Account,
    pub(super) found: Found,
}

/// How the user of a sign-in was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Found {
    /// By the account.
    ByAccount,
    /// By the address; the account was linked.
    ByAddress,
    /// Not at all; the user was created.
    Created,
}

/// Who is signed in.
struct Resolved {
    user: User,
    account: Account,
    found: Found,
}

impl Social {
    /// Signs the user in: the user of the account; else the user with the address, to whom the account is linked if the
    /// rules allow it; else a new user.
    pub(super) async fn sign_in(
        &self,
        who: &Identified<'_>,
        context: &RequestContext,
    ) -> Result<IdentitySignIn, IdentityError> {
        let now = self.clock.now();
        let method = who.method();
        let new = self.creation.user(who.profile, who.email, &method, now).await;
        let patch = if who.overrides_user {
            Some(self.creation.patch(who.profile).await?)
        } else {
            None
        };
        let message = self.message(who, &new, now).await?;

        let mut unit = self.store.begin();
        let Resolved { user, account, found } = self.resolve(unit.as_mut(), who, new, now).await?;
        if found == Found::Created {
            self.creation.queue(unit.as_mut(), message, now).await?;
        }
        let signing_in = SigningIn {
            user,
            method,
            context,
            is_remembered: true,
            now,
        };
        let mut outcome = self.completion.complete(unit.as_mut(), signing_in).await?;
        match &mut outcome {
            Outcome::Refused(refusal) => return Err(IdentityError::Refused(refusal.clone())),
            // The provider is one factor: until the second one, nothing of the user changes.
            Outcome::Challenged(_) => {}
            Outcome::Completed(_) if found == Found::Created => {}
            Outcome::Completed(completed) => {
                let change = UserChange {
                    who,
                    account: &account.id,
                    patch,
                    now,
                };
                self.change_user(unit.as_mut(), &change, completed).await?;
            }
        }
        self.creation.commit(unit).await?;
        Ok(IdentitySignIn {
            outcome,
            account,
            found,
        })
    }

    /// Returns the message with which the user verifies the address if the sign-in creates the user. Only then it is
    /// counted.
    async fn message(
        &self,
        who: &Identified<'_>,
        new: &Result<User, IdentityError>,
        now: DateTime<Utc>,
    ) -> Result<Option<SealedTokenMessage>, Failure> {
        let user = match new {
            Ok(user) if who.may_sign_up && self.creation.may_send_to(user) => user,
            _ => return Ok(None),
        };
        let mut db = self.store.autocommit();
        if db.accounts().find(who.provider, &who.profile.id).await?.is_some()
            || db.users().find_by_email(who.email).await?.is_some()
        {
            return Ok(None);
        }
        drop(db);
        self.creation.message(user, who.callback, now).await
    }

    /// Finds or creates the user and the account. The identity is locked first, so that of two concurrent sign-ins with a
    /// new account the second one finds what the first one created.
    async fn resolve(
        &self,
        unit: &mut dyn UnitOfWork,
        who: &Identified<'_>,
        new: Result<User, IdentityError>,
        now: DateTime<Utc>,
    ) -> Result<Resolved, IdentityError> {
        let (provider, id) = (who.provider, who.profile.id.as_str());
        unit.accounts().lock_identity(provider, id).await?;
        if let Some(account) = unit.accounts().find(provider, id).await? {
            return self.known(unit, who, account, now).await;
        }
        if let Some(user) = unit.users().find_by_email(who.email).await? {
            return self.linked(unit, who, &user, now).await;
        }
        if !who.may_sign_up {
            return Err(IdentityError::SignUpDisabled);
        }
        let new = new?;
        match unit.users().insert(&new).await {
            Ok(user) => {
                let account = self.insert_account(unit, (who, &who.tokens), &user, now).await?;
                Ok(Resolved {
                    user,
                    account,
                    found: Found::Created,
                })
            }
            // Another request has just created a user with the address, whose address is not verified yet or whose account
            // is another one.
            Err(WriteError::Taken(UniqueKey::UserEmail)) => Err(IdentityError::NotLinked),
            Err(error) => Err(error.into()),
        }
    }

    /// Signs in the user of a known account.
    async fn known(
        &self,
        db: &mut dyn UnitOfWork,
        who: &Identified<'_>,
        account: Account,
        now: DateTime<Utc>,
    ) -> Result<Resolved, IdentityError> {
        let user = db.users().lock(&account.user_id).await?;
        let user = user.ok_or(IdentityError::NotLinked)?;
        let account = if self.tokens.are_updated_on_sign_in() {
            change_tokens(db, account, &who.tokens, now).await?
        } else {
            account
        };
        Ok(Resolved {
            user,
            account,
            found: Found::ByAccount,
        })
    }

    /// Links the account to the user with the same address.
    async fn linked(
        &self,
        db: &mut dyn UnitOfWork,
        who: &Identified<'_>,
        user: &User,
        now: DateTime<Utc>,
    ) -> Result<Resolved, IdentityError> {
        let user = db.users().lock(&user.id).await?;
        let user = user.filter(|user| user.email == *who.email);
        let user = user.ok_or(IdentityError::NotLinked)?;
        let linking = &self.options.linking;
        if !linking.may_link_implicitly(who.provider, who.profile, &user) {
            return Err(IdentityError::NotLinked);
        }
        let tokens = who.link_tokens.as_ref().unwrap_or(&who.tokens);
        let account = self.insert_account(db, (who, tokens), &user, now).await?;
        Ok(Resolved {
            user,
            account,
            found: Found::ByAddress,
        })
    }

    async fn insert_account(
        &self,
        db: &mut dyn UnitOfWork,
        (who, tokens): (&Identified<'_>, &TokenChange),
        user: &User,
        now: DateTime<Utc>,
    ) -> Result<Account, Failure> {
        let account = self.account((who.provider, who.profile), &user.id, tokens, now);
        db.accounts().insert(&account).await?;
        Ok(account)
    }

    /// Returns a new account of a user at a provider.
    pub(super) fn account(
        &self,
        (provider, profile): (&str, &Profile),
        user: &UserId,
        change: &TokenChange,
        now: DateTime<Utc>,
    ) -> Account {
        Account {
            id: self.random.id(),
            account_id: profile.id.clone(),
            provider_id: provider.to_owned(),
            user_id: user.clone(),
            password: None,
            tokens: change.tokens.clone(),
            scope: change.scope.clone(),
            created_at: now,
            updated_at: now,
        }
    }
}

/// Stores new tokens of an account, and returns the account with them.
pub(super) async fn change_tokens(
    db: &mut dyn Repositories,
    account: Account,
    change: &TokenChange,
    now: DateTime<Utc>,
) -> Result<Account, Failure> {
    if change.is_empty() {
        return Ok(account);
    }
    db.accounts().set_tokens(&account.id, change, now).await?;
    Ok(Account {
        tokens: account.tokens.changed_by(&change.tokens),
        scope: change.scope.clone().or(account.scope),
        updated_at: now,
        ..account
    })
}
