use portcullis_domain::{account::AccountTokens, secret::Secret, user::User};

use super::{
    World,
    world::{at_provider, renamed},
};
use crate::testing::{
    Rows,
    fixtures::{a_user, a_verified_user, another_user},
};

/// A deployment in which this user has an account at the provider.
pub(super) fn of(user: User) -> World {
    World::with(|rows| fill(rows, user))
}

/// Adds a user with an account at the provider.
pub(super) fn fill(rows: &mut Rows, user: User) {
    let mut account = at_provider(&user);
    account.tokens = AccountTokens {
        access_token: Some(Secret::new("old".to_owned())),
        refresh_token: Some(Secret::new("old-refresh".to_owned())),
        ..AccountTokens::default()
    };
    account.scope = Some("openid".to_owned());
    rows.accounts = vec![account];
    rows.users = vec![user];
}

#[tokio::test]
async fn a_user_with_another_address_at_the_provider_is_the_same_user() {
    let mut world = of(renamed());
    let finished = world.sign_in().await.unwrap();
    assert_eq!(finished.url, "/done");
    let rows = world.rows();
    assert_eq!((rows.users.len(), rows.accounts.len()), (1, 1));
    assert_eq!(rows.users[0], renamed());
    assert_eq!(rows.sessions[0].user_id, renamed().id);
}

#[tokio::test]
async fn the_account_decides_and_not_the_address() {
    let mut world = World::with(|rows| {
        fill(rows, renamed());
        rows.users.push(User {
            email: a_user().email,
            email_verified: true,
            ..another_user()
        });
    });
    world.sign_in().await.unwrap();
    assert_eq!(world.rows().sessions[0].user_id, renamed().id);
}

#[tokio::test]
async fn a_sign_in_replaces_the_tokens_unless_it_is_disabled() {
    for (updates, access, scope) in [(true, "access", "openid,email"), (false, "old", "openid")] {
        let mut world = of(a_verified_user());
        world.options.tokens.updates_on_sign_in = updates;
        world.provider.tokens.refresh_token = None;
        let finished = world.sign_in().await.unwrap();
        let rows = world.rows();
        let stored = &rows.accounts[0];
        let returned = finished.account.unwrap();
        for account in [stored, returned.as_ref()] {
            assert_eq!(account.tokens.access_token.as_ref().unwrap().expose(), access);
            assert_eq!(
                account.tokens.refresh_token.as_ref().unwrap().expose(),
                "old-refresh"
            );
            assert_eq!(account.scope.as_deref(), Some(scope));
        }
    }
}

#[tokio::test]
async fn tokens_are_encrypted_if_the_deployment_encrypts_them() {
    let mut world = World::empty();
    world.options.tokens.is_encrypted = true;
    world.sign_in().await.unwrap();
    let tokens = &world.rows().accounts[0].tokens;
    assert_eq!(
        tokens.access_token.as_ref().unwrap().expose(),
        "$ba$ProviderToken:access"
    );
    assert_eq!(
        tokens.refresh_token.as_ref().unwrap().expose(),
        "$ba$ProviderToken:refresh"
    );
    assert_eq!(tokens.id_token.as_ref().unwrap().expose(), "id-token");
}
