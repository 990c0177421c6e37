use portcullis_domain::{
    account::Account,
    additional::{FieldDefinition, FieldKind, FieldSchema},
    email::EmailAddress,
    user::User,
};
use serde_json::{Value, json};

use super::*;
use crate::{
    ports::IdentityProviders,
    seams::UserInputs,
    social::SocialOptions,
    testing::{
        FakePorts, FakeProvider, ID_TOKEN, MemoryStore, Rows, ServiceOptions, Services,
        fixtures::{a_user, a_verified_user, an_account, another_user, social_options},
        seams::{challenging, refusing},
    },
};

struct World {
    store: MemoryStore,
    google: FakeProvider,
    options: SocialOptions,
    services: ServiceOptions,
}

impl World {
    fn with(fill: impl FnOnce(&mut Rows)) -> Self {
        Self {
            store: MemoryStore::with(fill),
            google: FakeProvider::new("google"),
            options: social_options(),
            services: ServiceOptions::default(),
        }
    }

    fn set(mut self, name: &str, value: Value) -> Self {
        self.google.user[name] = value;
        self
    }

    /// Signs the user in, and returns the rows afterwards.
    async fn sign_in(self, token: &str) -> (Result<Option<Outcome>, OneTapError>, Rows) {
        let ports = FakePorts::with_store(self.store.clone()).ports;
        let services = Services::new(&ports, self.services);
        let inputs = Arc::new(UserInputs::new(&ports, Arc::default()));
        let social = Social::new(
            &ports,
            IdentityProviders::default(),
            services.completion,
            (services.users, inputs),
            self.options,
        );
        let one_tap = OneTap::new(Arc::new(social), Arc::new(self.google));
        let token = Secret::new(token.to_owned());
        let result = one_tap.sign_in(token, &RequestContext::default()).await;
        (result, self.store.rows())
    }
}

#[tokio::test]
async fn a_new_user_is_signed_in() {
    let (result, rows) = World::with(|_| {}).sign_in(ID_TOKEN).await;
    assert!(matches!(result.unwrap(), Some(Outcome::Completed(_))));
    assert_eq!((rows.users.len(), rows.sessions.len()), (1, 1));
    let account = &rows.accounts[0];
    assert_eq!(
        (account.provider_id.as_str(), account.account_id.as_str()),
        ("google", "17")
    );
    assert!(account.tokens.id_token.is_none() && account.scope.is_none());
}

#[tokio::test]
async fn an_account_is_linked_to_the_user_with_the_same_verified_address() {
    let world = World::with(|rows| rows.users = vec![a_verified_user()]);
    let (result, rows) = world.sign_in(ID_TOKEN).await;
    assert!(matches!(result.unwrap(), Some(Outcome::Completed(_))));
    assert_eq!((rows.users.len(), rows.accounts.len()), (1, 1));
    let account = &rows.accounts[0];
    assert_eq!(account.user_id, a_user().id);
    assert_eq!(account.tokens.id_token.as_ref().unwrap().expose(), ID_TOKEN);
    assert_eq!(account.scope.as_deref(), Some("openid,profile,email"));
    assert!(account.tokens.access_token.is_none());
}

/// GHSA-g38m-r43w-p2q7, also with the text `"false"`.
#[tokio::test]
async fn an_account_is_not_linked_if_either_side_has_not_verified_the_address() {
    for (user, verified) in [
        (a_user(), json!(true)),
        (a_verified_user(), json!(false)),
        (a_verified_user(), json!("false")),
        (a_verified_user(), json!("true")),
    ] {
        let world = World::with(|rows| rows.users = vec![user.clone()]).set("emailVerified", verified);
        let (result, rows) = world.sign_in(ID_TOKEN).await;
        assert!(matches!(result.unwrap_err(), OneTapError::NotLinked));
        assert_eq!(rows.users, [user]);
        assert!(rows.accounts.is_empty() && rows.sessions.is_empty());
    }
}

/// Better Auth finds the user by the address, and an account of any provider by its id.
#[tokio::test]
async fn the_account_decides_and_not_the_address() {
    let of = |provider: &str, user: &User| Account {
        account_id: "17".to_owned(),
        provider_id: provider.to_owned(),
        user_id: user.id.clone(),
        password: None,
        ..an_account("")
    };
    let renamed = User {
        email: EmailAddress::from_stored("countess@example.com"),
        ..a_user()
    };
    let world = World::with(|rows| {
        rows.accounts = vec![of("google", &renamed)];
        rows.users = vec![
            renamed,
            User {
                email: a_user().email,
                ..another_user()
            },
        ];
    });
    let (result, rows) = world.sign_in(ID_TOKEN).await;
    assert!(result.unwrap().is_some());
    assert_eq!(rows.sessions[0].user_id, a_user().id);
    assert!(
        rows.accounts[0].tokens.id_token.is_none(),
        "the tokens are unchanged"
    );

    let world = World::with(|rows| {
        rows.accounts = vec![of("github", &a_user())];
        rows.users = vec![a_user()];
    });
    let (result, _rows) = world.sign_in(ID_TOKEN).await;
    assert!(matches!(result.unwrap_err(), OneTapError::NotLinked));
}

#[tokio::test]
async fn an_unknown_user_is_rejected_only_if_sign_up_is_disabled() {
    let mut world = World::with(|_| {});
    world.google.policy.disable_sign_up = true;
    let (result, rows) = world.sign_in(ID_TOKEN).await;
    assert!(matches!(result.unwrap_err(), OneTapError::UnknownUser));
    assert!(rows.users.is_empty());
    let mut world = World::with(|_| {});
    world.google.policy.disable_implicit_sign_up = true;
    assert!(world.sign_in(ID_TOKEN).await.0.unwrap().is_some());
}

#[tokio::test]
async fn a_token_that_is_not_valid_is_rejected() {
    let (result, rows) = World::with(|_| {}).sign_in("other").await;
    assert!(matches!(result.unwrap_err(), OneTapError::InvalidToken));
    let (result, _rows) = World::with(|_| {}).set("id", json!(null)).sign_in(ID_TOKEN).await;
    assert!(matches!(result.unwrap_err(), OneTapError::InvalidToken));
    assert!(rows.users.is_empty());
}

#[tokio::test]
async fn a_token_without_an_address_signs_no_user_in() {
    let (result, rows) = World::with(|_| {})
        .set("email", json!(null))
        .sign_in(ID_TOKEN)
        .await;
    assert!(result.unwrap().is_none());
    assert!(rows.users.is_empty());
}

#[tokio::test]
async fn a_user_without_a_required_field_is_not_created() {
    let mut world = World::with(|_| {});
    world.options.fields = FieldSchema::new(vec![FieldDefinition {
        name: "nick".to_owned(),
        kind: FieldKind::String,
        is_required: true,
        default: None,
        is_input: true,
        is_returned: true,
        is_unique: false,
    }]);
    let (result, rows) = world.sign_in(ID_TOKEN).await;
    assert!(matches!(result.unwrap_err(), OneTapError::UnableToCreateUser));
    assert!(rows.users.is_empty());
}

#[tokio::test]
async fn guards_and_second_steps_apply() {
    let mut world = World::with(|_| {});
    world.services = refusing("BANNED");
    let (result, rows) = world.sign_in(ID_TOKEN).await;
    assert!(matches!(result.unwrap_err(), OneTapError::Refused(refusal) if refusal.name == "BANNED"));
    assert!(rows.users.is_empty());
    let mut world = World::with(|_| {});
    world.services = challenging();
    let (result, rows) = world.sign_in(ID_TOKEN).await;
    assert!(matches!(result.unwrap(), Some(Outcome::Challenged(_))));
    assert!(rows.sessions.is_empty());
}
