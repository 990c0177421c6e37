use chrono::TimeDelta;
use portcullis_domain::{account::Account, secret::Secret};

use super::{World, world::at_provider};
use crate::{
    client_token::{ACCOUNT_DATA, ClientEffects, PresentedToken, TokenEffect},
    context::RequestContext,
    sign_in::completion::Outcome,
    social::{AccountCookie, ClientIdToken, IdTokenSignIn},
    testing::{
        FakePorts, FakeStore, ID_TOKEN, Rows,
        fixtures::{a_user, a_verified_user, another_user},
        seams::challenging,
    },
};

const LIFETIME: TimeDelta = TimeDelta::minutes(5);

/// Returns a deployment with these rows, whose clients store accounts.
fn storing(fill: impl FnOnce(&mut Rows)) -> World {
    let mut world = World::with(fill);
    world.options.tokens.cookie_lifetime = Some(LIFETIME);
    world
}

fn cookie() -> (FakePorts, AccountCookie) {
    let fake = FakePorts::with_store(FakeStore::default());
    let cookie = AccountCookie::new(&fake.ports, LIFETIME);
    (fake, cookie)
}

/// Returns the value that the client stores.
fn value(effects: &ClientEffects) -> Option<String> {
    effects.tokens.iter().find_map(|effect| match effect {
        TokenEffect::Set {
            kind,
            value,
            lifetime,
        } if *kind == ACCOUNT_DATA => {
            assert_eq!(*lifetime, LIFETIME);
            Some(value.expose().clone())
        }
        _ => None,
    })
}

/// Returns the account that the client stores.
fn stored(effects: &ClientEffects) -> Option<Account> {
    let context = presenting(&value(effects)?);
    cookie().1.read(&a_user().id, &context)
}

fn presenting(value: &str) -> RequestContext {
    let presented = PresentedToken {
        kind: ACCOUNT_DATA,
        purpose: ACCOUNT_DATA.purpose,
        value: Secret::new(value.to_owned()),
    };
    RequestContext {
        tokens: vec![presented],
        ..RequestContext::default()
    }
}

fn access_token(account: &Account) -> &str {
    account.tokens.access_token.as_ref().unwrap().expose()
}

#[tokio::test]
async fn the_client_of_a_new_user_stores_the_account() {
    let mut world = storing(|_| {});
    let finished = world.sign_in().await.unwrap();
    let user = world.rows().users.remove(0).id;
    let context = presenting(&value(&finished.effects).unwrap());
    let account = cookie().1.read(&user, &context).unwrap();
    assert_eq!(account.id, world.rows().accounts[0].id);
    assert_eq!(access_token(&account), "access");
}

#[tokio::test]
async fn the_client_of_a_known_user_stores_the_account_with_its_new_tokens() {
    let mut world = storing(|rows| {
        rows.users = vec![a_user()];
        rows.accounts = vec![at_provider(&a_user())];
    });
    let finished = world.sign_in().await.unwrap();
    let account = stored(&finished.effects).unwrap();
    assert_eq!(access_token(&account), "access");
    assert_eq!(account.account_id, "17");
}

#[tokio::test]
async fn the_client_stores_encrypted_tokens_as_the_database_does() {
    let mut world = storing(|rows| rows.users = Vec::new());
    world.options.tokens.is_encrypted = true;
    let finished = world.sign_in().await.unwrap();
    let text = value(&finished.effects).unwrap();
    assert!(text.contains("ProviderToken:access"), "{text}");
}

/// As in Better Auth.
#[tokio::test]
async fn the_client_does_not_store_an_account_that_was_just_linked() {
    let mut world = storing(|rows| rows.users = vec![a_verified_user()]);
    let finished = world.sign_in().await.unwrap();
    assert_eq!(world.rows().accounts.len(), 1);
    assert!(value(&finished.effects).is_none());
}

#[tokio::test]
async fn the_client_stores_no_account_unless_the_option_is_set() {
    let mut world = World::empty();
    assert!(value(&world.sign_in().await.unwrap().effects).is_none());
    assert!(world.social().account_cookie().is_none());
}

#[tokio::test]
async fn the_client_of_an_id_token_stores_the_account() {
    let mut world = storing(|rows| {
        rows.users = vec![a_user()];
        rows.accounts = vec![at_provider(&a_user())];
    });
    let command = IdTokenSignIn {
        id_token: ClientIdToken {
            provider: "github".to_owned(),
            token: Secret::new(ID_TOKEN.to_owned()),
            nonce: None,
            access_token: Some(Secret::new("from-client".to_owned())),
            refresh_token: None,
            scopes: None,
        },
        callback_url: None,
        request_sign_up: None,
    };
    let outcome = world
        .social()
        .sign_in_with_id_token(&command, &RequestContext::default())
        .await;
    let Outcome::Completed(completed) = outcome.unwrap() else {
        panic!("the user is signed in");
    };
    assert_eq!(access_token(&stored(&completed.effects).unwrap()), "from-client");
}

/// The second step completes the sign-in, and does not have the account.
#[tokio::test]
async fn the_client_stores_the_account_before_a_second_step() {
    let mut world = storing(|rows| {
        rows.users = vec![a_verified_user()];
        rows.accounts = vec![at_provider(&a_user())];
    });
    world.services = challenging();
    let finished = world.sign_in().await.unwrap();
    assert!(finished.is_challenged);
    assert!(stored(&finished.effects).is_some());
}

#[test]
fn only_an_account_of_the_user_is_read_or_stored_again_until_it_expires() {
    let (fake, cookie) = cookie();
    let effects = cookie.stored(&at_provider(&a_user())).into();
    let text = value(&effects).unwrap();
    let context = presenting(&text);
    assert!(cookie.read(&a_user().id, &context).is_some());
    assert!(cookie.read(&another_user().id, &context).is_none());
    assert!(cookie.renewed(&another_user().id, &text).is_none());
    assert!(cookie.read(&a_user().id, &RequestContext::default()).is_none());

    fake.clock.advance(LIFETIME - TimeDelta::seconds(1));
    let renewed = value(&cookie.renewed(&a_user().id, &text).unwrap().into()).unwrap();
    fake.clock.advance(TimeDelta::seconds(1));
    assert!(cookie.read(&a_user().id, &context).is_none());
    assert!(cookie.renewed(&a_user().id, &text).is_none());
    assert!(cookie.read(&a_user().id, &presenting(&renewed)).is_some());
}
