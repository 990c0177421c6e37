mod account_cookie;
mod lease;

use portcullis_domain::{account::AccountTokens, id::AccountId};
use serde_json::json;

use super::*;
use crate::{
    ports::ProviderError,
    testing::{
        FakePorts, FakeProvider, MemoryStore, REVOKED,
        fixtures::{a_user, an_account, another_user, calling, start},
    },
};

const PLAIN: TokenOptions = TokenOptions {
    is_encrypted: false,
    updates_on_sign_in: true,
    cookie_lifetime: None,
};
const ENCRYPTED: TokenOptions = TokenOptions {
    is_encrypted: true,
    ..PLAIN
};
/// A ciphertext of another server, which cannot be decrypted.
const FOREIGN_CIPHERTEXT: &str =
    "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";

fn secret(text: &str) -> Secret<String> {
    Secret::new(text.to_owned())
}

/// Returns the caller's account, whose access token expires after this number of seconds.
fn account(access: &str, refresh: Option<&str>, seconds: i64) -> Account {
    Account {
        id: AccountId::new("account-1"),
        account_id: "17".to_owned(),
        provider_id: "github".to_owned(),
        password: None,
        tokens: AccountTokens {
            access_token: Some(secret(access)),
            refresh_token: refresh.map(secret),
            id_token: Some(secret("id-token")),
            access_token_expires_at: Some(start() + TimeDelta::seconds(seconds)),
            refresh_token_expires_at: None,
        },
        scope: Some("openid,email".to_owned()),
        ..an_account("")
    }
}

struct World {
    store: MemoryStore,
    provider: Arc<FakeProvider>,
    service: AccountTokenService,
}

impl World {
    fn new(accounts: Vec<Account>, options: TokenOptions) -> Self {
        Self::with(accounts, options, FakeProvider::new("github"))
    }

    fn with(accounts: Vec<Account>, options: TokenOptions, provider: FakeProvider) -> Self {
        let store = MemoryStore::with(|rows| {
            rows.users = vec![a_user()];
            rows.accounts = accounts;
        });
        let fake = FakePorts::with_store(store.clone());
        let provider = Arc::new(provider);
        let providers = IdentityProviders::new(vec![provider.clone()]);
        Self {
            store,
            provider,
            service: AccountTokenService::new(&fake.ports, providers, options),
        }
    }

    async fn access(&self) -> Result<IssuedTokens, TokenError> {
        self.service
            .access(&calling(a_user()), &wanted("github", None), &context())
            .await
    }

    async fn refresh(&self) -> Result<IssuedTokens, TokenError> {
        self.service
            .refresh(&calling(a_user()), &wanted("github", None), &context())
            .await
    }

    /// Returns the stored access and refresh tokens.
    fn stored(&self) -> (String, String) {
        let tokens = &self.store.rows().accounts[0].tokens;
        (
            text(tokens.access_token.as_ref()),
            text(tokens.refresh_token.as_ref()),
        )
    }
}

/// Returns a request of a client that stores no account.
fn context() -> RequestContext {
    RequestContext::default()
}

fn text(token: Option<&Secret<String>>) -> String {
    token.map(|token| token.expose().clone()).unwrap_or_default()
}

fn wanted(provider: &str, account: Option<&str>) -> WantedAccount {
    WantedAccount {
        provider_id: provider.to_owned(),
        account: account.map(str::to_owned),
    }
}

fn pair(access: &str, refresh: &str) -> (String, String) {
    (access.to_owned(), refresh.to_owned())
}

#[tokio::test]
async fn an_access_token_is_returned_as_it_is_while_it_is_valid() {
    for (refresh, seconds) in [(Some("refresh"), 5), (None, -60), (None, 5)] {
        let world = World::new(vec![account("access", refresh, seconds)], PLAIN);
        let issued = world.access().await.unwrap();
        assert_eq!(text(issued.access_token.as_ref()), "access");
        assert_eq!(issued.account.scopes().collect::<Vec<_>>(), ["openid", "email"]);
        assert_eq!(world.provider.refreshes(), 0, "{refresh:?} {seconds}");
    }
}

#[tokio::test]
async fn an_access_token_that_is_about_to_expire_is_refreshed() {
    let world = World::new(vec![account("access", Some("refresh"), 4)], PLAIN);
    let issued = world.access().await.unwrap();
    assert_eq!(text(issued.access_token.as_ref()), "access-1");
    assert_eq!(issued.access_token_expires_at, Some(start() + TimeDelta::days(1)));
    assert_eq!(world.stored(), pair("access-1", "refresh-1"));
    let rows = world.store.rows();
    assert_eq!(rows.accounts[0].scope.as_deref(), Some("openid,email"));
    assert_eq!(text(rows.accounts[0].tokens.id_token.as_ref()), "id-token");
    assert_eq!(
        text(world.access().await.unwrap().access_token.as_ref()),
        "access-1"
    );
    assert_eq!(world.provider.refreshes(), 1);
}

/// Providers that rotate refresh tokens end the session of a client that uses one twice.
#[tokio::test]
async fn of_parallel_calls_only_one_refreshes_the_tokens() {
    let world = World::new(vec![account("access", Some("refresh"), 0)], PLAIN);
    let calls = (0..20).map(|_| world.access());
    for issued in futures_util::future::join_all(calls).await {
        assert_eq!(text(issued.unwrap().access_token.as_ref()), "access-1");
    }
    let calls = (0..20).map(|_| world.refresh());
    for issued in futures_util::future::join_all(calls).await {
        let issued = issued.unwrap();
        assert_eq!(text(issued.access_token.as_ref()), "access-2");
        assert_eq!(text(issued.refresh_token.as_ref()), "refresh-2");
    }
    assert_eq!(world.provider.refreshes(), 2);
}

#[tokio::test]
async fn a_client_can_have_valid_tokens_refreshed() {
    let world = World::new(vec![account("access", Some("refresh"), 3600)], PLAIN);
    let issued = world.refresh().await.unwrap();
    assert_eq!(
        (
            text(issued.access_token.as_ref()),
            text(issued.refresh_token.as_ref())
        ),
        pair("access-1", "refresh-1")
    );
    assert_eq!(issued.account.scope.as_deref(), Some("openid,email"));
    assert_eq!(world.stored(), pair("access-1", "refresh-1"));
}

#[tokio::test]
async fn tokens_that_another_replica_has_stored_meanwhile_win() {
    for is_forced in [false, true] {
        let provider = FakeProvider::new("github");
        let at_refresh = Arc::new(std::sync::Mutex::new(None::<MemoryStore>));
        let other = Arc::clone(&at_refresh);
        *provider.at_refresh.lock().unwrap() = Some(Box::new(move || {
            let store = other.lock().unwrap().clone().unwrap();
            let newer = account("newer", Some("newer-refresh"), 3600);
            futures_util::FutureExt::now_or_never(async move {
                let mut db = store.autocommit();
                let change = portcullis_domain::account::TokenChange {
                    tokens: newer.tokens,
                    scope: None,
                };
                db.accounts()
                    .set_tokens(&newer.id, &change, start())
                    .await
                    .unwrap();
            })
            .unwrap();
        }));
        let world = World::with(vec![account("access", Some("refresh"), 0)], PLAIN, provider);
        *at_refresh.lock().unwrap() = Some(world.store.clone());
        let issued = if is_forced {
            world.refresh().await
        } else {
            world.access().await
        };
        assert_eq!(text(issued.unwrap().access_token.as_ref()), "newer");
        assert_eq!(world.stored(), pair("newer", "newer-refresh"));
    }
}

#[tokio::test]
async fn encrypted_tokens_are_decrypted_and_new_ones_are_encrypted() {
    let sealed = account("$ba$ProviderToken:access", Some("$ba$ProviderToken:refresh"), 60);
    let world = World::new(vec![sealed], ENCRYPTED);
    let issued = world.access().await.unwrap();
    assert_eq!(
        (
            text(issued.access_token.as_ref()),
            text(issued.refresh_token.as_ref())
        ),
        pair("access", "refresh")
    );
    let issued = world.refresh().await.unwrap();
    assert_eq!(text(issued.access_token.as_ref()), "access-1");
    assert_eq!(
        world.stored(),
        pair("$ba$ProviderToken:access-1", "$ba$ProviderToken:refresh-1")
    );
}

#[tokio::test]
async fn tokens_that_were_stored_before_encryption_was_enabled_are_read() {
    let world = World::new(vec![account("access", Some("refresh"), 60)], ENCRYPTED);
    let issued = world.access().await.unwrap();
    assert_eq!(
        (
            text(issued.access_token.as_ref()),
            text(issued.refresh_token.as_ref())
        ),
        pair("access", "refresh")
    );
    world.refresh().await.unwrap();
    assert_eq!(
        world.stored(),
        pair("$ba$ProviderToken:access-1", "$ba$ProviderToken:refresh-1")
    );
}

#[tokio::test]
async fn tokens_that_cannot_be_decrypted_are_not_returned() {
    let foreign = account(FOREIGN_CIPHERTEXT, Some(FOREIGN_CIPHERTEXT), 60);
    let world = World::new(vec![foreign.clone()], ENCRYPTED);
    assert!(matches!(
        world.access().await.unwrap_err(),
        TokenError::Unreadable
    ));
    assert!(matches!(
        world.refresh().await.unwrap_err(),
        TokenError::UnreadableRefreshToken
    ));
    assert_eq!(world.provider.refreshes(), 0);
    // Without encryption, a token may look like a ciphertext.
    let world = World::new(vec![foreign], PLAIN);
    assert_eq!(
        text(world.access().await.unwrap().access_token.as_ref()),
        FOREIGN_CIPHERTEXT
    );
}

#[tokio::test]
async fn a_refresh_token_that_the_provider_rejects_is_reported_and_kept() {
    let world = World::new(vec![account("access", Some(REVOKED), 0)], PLAIN);
    let error = world.access().await.unwrap_err();
    assert!(matches!(error, TokenError::Provider(ProviderError::Rejected(_))));
    let error = world.refresh().await.unwrap_err();
    assert!(matches!(error, TokenError::Refresh(ProviderError::Rejected(_))));
    assert_eq!(world.stored(), pair("access", REVOKED));
}

#[tokio::test]
async fn tokens_are_not_refreshed_if_the_provider_or_the_account_cannot() {
    for refresh in [None, Some("")] {
        let world = World::new(vec![account("access", refresh, 0)], PLAIN);
        assert!(matches!(
            world.refresh().await.unwrap_err(),
            TokenError::NoRefreshToken
        ));
        let issued = world.access().await.unwrap();
        assert_eq!(text(issued.access_token.as_ref()), "access");
        assert_eq!(world.provider.refreshes(), 0);
    }
    let mut provider = FakeProvider::new("github");
    provider.policy.can_refresh = false;
    let world = World::with(vec![account("access", Some("refresh"), 0)], PLAIN, provider);
    assert!(matches!(
        world.refresh().await.unwrap_err(),
        TokenError::NotRefreshable(_)
    ));
    assert_eq!(
        text(world.access().await.unwrap().access_token.as_ref()),
        "access"
    );
}

#[tokio::test]
async fn only_accounts_of_the_caller_are_found() {
    let of_bob = Account {
        user_id: another_user().id,
        ..account("of-bob", Some("refresh"), 0)
    };
    let world = World::new(vec![of_bob], PLAIN);
    assert!(matches!(
        world.access().await.unwrap_err(),
        TokenError::AccountNotFound
    ));
    assert!(matches!(
        world.refresh().await.unwrap_err(),
        TokenError::AccountNotFound
    ));
    let by = calling(a_user());
    let error = world
        .service
        .access(&by, &wanted("github", Some("account-1")), &context())
        .await;
    assert!(matches!(error.unwrap_err(), TokenError::AccountNotFound));
    let error = world.service.info(&by, Some("17"), &context()).await.unwrap_err();
    assert!(matches!(error, TokenError::AccountNotFound));
    assert_eq!(world.provider.refreshes(), 0);
}

#[tokio::test]
async fn one_of_several_accounts_is_found_by_its_id() {
    let second = Account {
        id: AccountId::new("account-2"),
        created_at: start() + TimeDelta::seconds(1),
        ..account("second", None, 60)
    };
    let world = World::new(vec![second, account("first", None, 60)], PLAIN);
    let by = calling(a_user());
    for (id, expected) in [(None, "first"), (Some("account-2"), "second")] {
        let issued = world
            .service
            .access(&by, &wanted("github", id), &context())
            .await
            .unwrap();
        assert_eq!(text(issued.access_token.as_ref()), expected);
    }
}

#[tokio::test]
async fn the_provider_must_be_configured() {
    let elsewhere = Account {
        provider_id: "gitlab".to_owned(),
        ..account("access", Some("refresh"), 0)
    };
    let world = World::new(vec![elsewhere], PLAIN);
    let (by, wanted) = (calling(a_user()), wanted("gitlab", None));
    let error = world.service.access(&by, &wanted, &context()).await.unwrap_err();
    assert!(matches!(error, TokenError::Unsupported(id) if id == "gitlab"));
    let error = world.service.refresh(&by, &wanted, &context()).await.unwrap_err();
    assert!(matches!(error, TokenError::Unknown(id) if id == "gitlab"));
    let error = world.service.info(&by, Some("17"), &context()).await.unwrap_err();
    assert!(matches!(error, TokenError::NotConfigured(id) if id == "gitlab"));
}

#[tokio::test]
async fn the_provider_is_asked_about_the_user_with_a_valid_token() {
    let world = World::new(vec![account("access", Some("refresh"), 0)], PLAIN);
    let by = calling(a_user());
    let info = world
        .service
        .info(&by, Some("17"), &context())
        .await
        .unwrap()
        .info
        .unwrap();
    assert_eq!(info.user["name"], json!("Ada Lovelace"));
    assert_eq!(world.provider.refreshes(), 1);
    let mut without = account("access", None, 60);
    without.tokens.access_token = None;
    let world = World::new(vec![without], PLAIN);
    let error = world.service.info(&by, Some("17"), &context()).await.unwrap_err();
    assert!(matches!(error, TokenError::NoAccessToken));
}
