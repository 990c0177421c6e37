//! Accounts by which users authenticate.

mod keys;

use std::collections::BTreeSet;

use chrono::TimeDelta;
use portcullis_domain::social::LinkingPolicy;

pub(super) use self::keys::KEYS;
use self::keys::{
    ALLOW_DIFFERENT_EMAILS, ALLOW_UNLINKING_ALL, DISABLE_IMPLICIT_LINKING, ENCRYPT_TOKENS, LINKING,
    STORE_ACCOUNT_COOKIE, STORE_STATE, TRUSTED_PROVIDERS, UPDATE_ON_SIGN_IN, UPDATE_USER_ON_LINK,
};
use super::{
    email_verification::SEND_ON_SIGN_UP,
    path::did_you_mean,
    session,
    settings::Settings,
    social_providers::{self, development},
};

/// Options of accounts of providers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountOptions {
    /// Whether tokens are encrypted in the database.
    pub encrypts_tokens: bool,
    /// How states are stored.
    pub state_storage: StateStorage,
    /// How long the account of a sign-in is also stored in a cookie. `None`: it is not.
    pub cookie_lifetime: Option<TimeDelta>,
    /// Whether each sign-in stores the provider's tokens.
    pub updates_on_sign_in: bool,
    /// Whether a new user whose address the provider has not verified is sent a verification link.
    pub sends_verification_link: bool,
    /// When accounts are linked.
    pub linking: LinkingPolicy,
}

/// How the state of a sign-in is stored while the user is at the provider.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StateStorage {
    /// In the database. The client stores only its name.
    Database,
    /// In a cookie of the client, encrypted.
    Cookie,
}

/// Returns whether users may unlink their last account.
pub(super) fn may_unlink_all(settings: &Settings) -> bool {
    settings.get(&ALLOW_UNLINKING_ALL)
}

/// Reads the options of accounts of providers. `own` are the ids of providers that the deployment describes itself.
pub(super) fn read(settings: &mut Settings, own: &BTreeSet<String>) -> AccountOptions {
    AccountOptions {
        encrypts_tokens: settings.get(&ENCRYPT_TOKENS),
        state_storage: match settings.get(&STORE_STATE).as_str() {
            "cookie" => StateStorage::Cookie,
            _ => StateStorage::Database,
        },
        cookie_lifetime: settings
            .get(&STORE_ACCOUNT_COOKIE)
            .then(|| session::cache_age(settings)),
        updates_on_sign_in: settings.get(&UPDATE_ON_SIGN_IN),
        sends_verification_link: settings.get(&SEND_ON_SIGN_UP) == Some(true),
        linking: LinkingPolicy {
            is_enabled: settings.get(&LINKING),
            is_implicit: !settings.get(&DISABLE_IMPLICIT_LINKING),
            trusted_providers: trusted_providers(settings, own),
            allows_different_emails: settings.get(&ALLOW_DIFFERENT_EMAILS),
            updates_user: settings.get(&UPDATE_USER_ON_LINK),
        },
    }
}

/// Returns the trusted providers. Refuses texts that are not the id of a provider.
fn trusted_providers(settings: &mut Settings, own: &BTreeSet<String>) -> Vec<String> {
    let trusted = settings.get(&TRUSTED_PROVIDERS);
    let mut known: Vec<&str> = social_providers::ids().collect();
    known.push(development::ID);
    known.extend(own.iter().map(String::as_str));
    for name in &trusted {
        if !known.contains(&name.as_str()) {
            let hint = did_you_mean(name, known.iter().copied());
            settings.refuse(
                &TRUSTED_PROVIDERS,
                format!("`{TRUSTED_PROVIDERS}`: \"{name}\" is not the id of a provider{hint}"),
            );
        }
    }
    trusted
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::tests::{load, refused};

    #[test]
    fn accounts_have_the_defaults_of_better_auth() {
        let accounts = load("", &[]).social.accounts;
        assert_eq!(accounts.linking, LinkingPolicy::default());
        assert_eq!(accounts.state_storage, StateStorage::Database);
        assert!(accounts.updates_on_sign_in && !accounts.encrypts_tokens);
        assert_eq!(accounts.cookie_lifetime, None);
        let file = r#"
[account]
encrypt_oauth_tokens = true
store_state_strategy = "cookie"
store_account_cookie = true
update_account_on_sign_in = false
[account.account_linking]
enabled = false
disable_implicit_linking = true
trusted_providers = ["github", "own-idp", "dev-oidc"]
allow_different_emails = true
update_user_info_on_link = true
[plugins.generic_oauth]
enabled = false
[plugins.generic_oauth.providers.own-idp]
"#;
        let accounts = load(file, &[]).social.accounts;
        assert_eq!(accounts.state_storage, StateStorage::Cookie);
        assert!(!accounts.updates_on_sign_in && accounts.encrypts_tokens);
        assert_eq!(accounts.cookie_lifetime, Some(TimeDelta::seconds(300)));
        let linking = accounts.linking;
        assert!(!linking.is_enabled && !linking.is_implicit);
        assert!(linking.allows_different_emails && linking.updates_user);
        assert_eq!(linking.trusted_providers, ["github", "own-idp", "dev-oidc"]);
    }

    #[test]
    fn a_trusted_provider_must_exist() {
        assert_eq!(
            refused(
                "account.account_linking.trusted_providers = [\"gitub\", \"email-password\"]",
                &[]
            ),
            [
                "portcullis.toml:1: `account.account_linking.trusted_providers`: \"gitub\" is not the id of a provider: did you mean github?",
                "portcullis.toml:1: `account.account_linking.trusted_providers`: \"email-password\" is not the id of a provider",
            ]
        );
    }

    #[test]
    fn the_check_of_the_state_cookie_cannot_be_skipped() {
        assert_eq!(
            refused("account.skip_state_cookie_check = true", &[]),
            [
                "portcullis.toml:1: `account.skip_state_cookie_check` is not supported: it would let an attacker sign visitors of a page in to the attacker's account"
            ]
        );
    }
}
