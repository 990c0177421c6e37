//! The keys of accounts.

use crate::config::{
    declare::{boolean, choice, list},
    key::{Declaration, Key},
};

pub(super) const ENCRYPT_TOKENS: Key<bool> = boolean(
    "account.encrypt_oauth_tokens",
    "Encrypt the access and refresh tokens of providers in the database. Tokens that were stored before stay readable.",
)
.or("false");
pub(super) const STORE_STATE: Key<String> = choice(
    "account.store_state_strategy",
    &["database", "cookie"],
    "How the state of a sign-in is stored while the user is at the provider: in the `database`, or encrypted in a `cookie`.",
)
.or("database");
pub(super) const STORE_ACCOUNT_COOKIE: Key<bool> = boolean(
    "account.store_account_cookie",
    "Store the account of a sign-in with a provider, with its tokens, also in an encrypted cookie, for `session.cookie_cache.max_age`. Tokens are read from the cookie while the account is linked.",
)
.or("false");
pub(super) const UPDATE_ON_SIGN_IN: Key<bool> = boolean(
    "account.update_account_on_sign_in",
    "Store the tokens that a provider issues at each sign-in. If `false`, only those of the first sign-in are stored.",
)
.or("true");
pub(super) const LINKING: Key<bool> = boolean(
    "account.account_linking.enabled",
    "Let users have accounts of several providers.",
)
.or("true");
pub(super) const DISABLE_IMPLICIT_LINKING: Key<bool> = boolean(
    "account.account_linking.disable_implicit_linking",
    "Link accounts only if a signed-in user requests it, not at a sign-in with the address of an existing user.",
)
.or("false");
pub(super) const TRUSTED_PROVIDERS: Key<Vec<String>> = list(
    "account.account_linking.trusted_providers",
    "Providers whose addresses count as verified when an account is linked, even if the provider has not verified them. An attacker who enters a user's verified address at such a provider can then sign in as that user.",
)
.or("");
pub(super) const ALLOW_DIFFERENT_EMAILS: Key<bool> = boolean(
    "account.account_linking.allow_different_emails",
    "Let signed-in users link accounts whose e-mail address differs from their own.",
)
.or("false");
pub(super) const ALLOW_UNLINKING_ALL: Key<bool> = boolean(
    "account.account_linking.allow_unlinking_all",
    "Let users unlink their last account. They cannot sign in afterwards.",
)
.or("false");
pub(super) const UPDATE_USER_ON_LINK: Key<bool> = boolean(
    "account.account_linking.update_user_info_on_link",
    "Set the user's name and picture when a signed-in user links an account.",
)
.or("false");

/// The keys, in the order of the documentation.
pub(in crate::config) const KEYS: &[&Declaration] = &[
    &ENCRYPT_TOKENS.declaration,
    &STORE_STATE.declaration,
    &STORE_ACCOUNT_COOKIE.declaration,
    &UPDATE_ON_SIGN_IN.declaration,
    &LINKING.declaration,
    &DISABLE_IMPLICIT_LINKING.declaration,
    &TRUSTED_PROVIDERS.declaration,
    &ALLOW_DIFFERENT_EMAILS.declaration,
    &ALLOW_UNLINKING_ALL.declaration,
    &UPDATE_USER_ON_LINK.declaration,
];
