use chrono::TimeDelta;
use portcullis_domain::{
    additional::{FieldDefinition, FieldKind, FieldSchema},
    message::MessageKind,
    rate_limit::Rule,
};
use serde_json::{Value, json};

use super::{
    World, begin,
    world::{accounts, at_provider, renamed},
};
use crate::{
    client_token::SessionEffect,
    message::MessageLimits,
    social::{CallbackError, IdentityError, Start},
    testing::{
        fixtures::{a_user, silent_message_options, start},
        seams::{challenging, refusing},
    },
};

#[tokio::test]
async fn a_new_user_is_created_with_the_data_of_the_profile() {
    let mut world = World::empty();
    let finished = world.sign_in().await.unwrap();
    assert_eq!(finished.url, "/new");
    assert!(!finished.is_challenged);

    let rows = world.rows();
    let [user] = rows.users.as_slice() else {
        panic!("one user");
    };
    assert_eq!(user.email.as_str(), "ada@example.com");
    assert!(user.email_verified);
    assert_eq!(user.name, "Ada Lovelace");
    assert_eq!(user.image.as_deref(), Some("https://example.com/ada.png"));
    let [account] = rows.accounts.as_slice() else {
        panic!("one account");
    };
    assert_eq!(
        (account.provider_id.as_str(), account.account_id.as_str()),
        ("github", "17")
    );
    assert_eq!(account.user_id, user.id);
    assert_eq!(account.tokens.access_token.as_ref().unwrap().expose(), "access");
    assert_eq!(
        account.tokens.access_token_expires_at,
        Some(start() + TimeDelta::hours(1))
    );
    assert_eq!(account.scope.as_deref(), Some("openid,email"));
    assert!(account.password.is_none());
    let session = finished.effects.session.stored_session().unwrap();
    assert_eq!((&session.user_id, rows.sessions.len()), (&user.id, 1));
    assert!(matches!(
        finished.effects.session,
        SessionEffect::Store {
            lifetime: Some(_),
            ..
        }
    ));
    assert_eq!(finished.account.unwrap().id, account.id);
}

#[tokio::test]
async fn a_new_user_returns_to_the_callback_if_there_is_no_page_for_new_users() {
    for new_user_url in [None, Some(String::new())] {
        let start = Start {
            new_user_url,
            ..begin()
        };
        assert_eq!(World::empty().sign_in_with(start).await.unwrap().url, "/done");
    }
}

#[tokio::test]
async fn a_profile_without_a_name_gives_the_address_as_the_name() {
    let mut world = World::empty();
    world.set("name", json!(null));
    world.sign_in().await.unwrap();
    assert_eq!(world.rows().users[0].name, "ada@example.com");
}

#[tokio::test]
async fn no_user_is_created_if_sign_up_is_disabled() {
    let cases = [
        (true, false, None, false),
        (true, false, Some(true), false),
        (false, true, None, false),
        (false, true, Some(false), false),
        (false, true, Some(true), true),
    ];
    for (disabled, implicit_disabled, request_sign_up, is_created) in cases {
        let mut world = World::empty();
        world.provider.policy.disable_sign_up = disabled;
        world.provider.policy.disable_implicit_sign_up = implicit_disabled;
        let start = Start {
            request_sign_up,
            ..begin()
        };
        match world.sign_in_with(start).await {
            Ok(_) => assert!(is_created, "{request_sign_up:?}"),
            Err(error) => assert!(matches!(
                error,
                CallbackError::Identity(IdentityError::SignUpDisabled)
            )),
        }
        assert_eq!(world.rows().users.len(), usize::from(is_created));
        assert_eq!(world.rows().sessions.len(), usize::from(is_created));
    }
}

#[tokio::test]
async fn a_new_user_verifies_an_address_that_the_provider_has_not_verified() {
    for (verified, sends, is_sending, count) in [
        (false, true, true, 1),
        (true, true, true, 0),
        (false, false, true, 0),
        (false, true, false, 0),
    ] {
        let mut world = World::empty();
        world.set("emailVerified", json!(verified));
        world.options.sends_verification_link = sends;
        if !is_sending {
            world.options.messages = silent_message_options();
        }
        world.sign_in().await.unwrap();
        let messages = world.fake.store.messages();
        assert_eq!(messages.len(), count, "{verified} {sends} {is_sending}");
        for message in messages {
            assert_eq!(message.kind, MessageKind::VerifyEmail);
        }
        assert_eq!(world.rows().users[0].email_verified, verified);
    }
}

/// Otherwise a stranger could use up the budget by signing in.
#[tokio::test]
async fn a_message_is_counted_only_if_the_sign_in_creates_a_user() {
    let by_address = vec![a_user()];
    let of_account = vec![renamed()];
    for (users, counted) in [(by_address, 0), (of_account, 0), (Vec::new(), 1)] {
        let mut world = World::with(|rows| {
            let renamed = users.iter().filter(|user| user.email == renamed().email);
            rows.accounts = renamed.map(at_provider).collect();
            rows.users = users;
        });
        world.set("emailVerified", json!(false));
        world.options.sends_verification_link = true;
        world.options.messages.limits = Some(MessageLimits {
            rules: vec![Rule {
                window: TimeDelta::minutes(1),
                max: 3,
            }],
            known_for: TimeDelta::days(30),
        });
        let is_signed_in = world.sign_in().await.is_ok();
        assert_eq!(world.rows().rate_limits.len(), counted);
        assert_eq!(world.fake.store.messages().len(), counted);
        assert_eq!(is_signed_in, world.rows().sessions.len() == 1);
    }
}

#[tokio::test]
async fn a_profile_fills_only_declared_fields_that_clients_may_set() {
    let field = |name: &str, is_input| FieldDefinition {
        name: name.to_owned(),
        kind: FieldKind::String,
        is_required: false,
        default: None,
        is_input,
        is_returned: true,
        is_unique: false,
    };
    let mut world = World::empty();
    world.options.fields = FieldSchema::new(vec![field("nick", true), field("role", false)]);
    for name in ["nick", "role", "other"] {
        world.set(name, json!("admin"));
    }
    world.sign_in().await.unwrap();
    let additional = &world.rows().users[0].additional;
    assert_eq!(additional.get("nick"), &json!("admin"));
    assert_eq!(additional.get("role"), &Value::Null);
    assert_eq!(additional.get("other"), &Value::Null);
}

#[tokio::test]
async fn a_user_without_a_required_field_is_not_created() {
    let mut world = World::empty();
    world.options.fields = FieldSchema::new(vec![FieldDefinition {
        name: "nick".to_owned(),
        kind: FieldKind::String,
        is_required: true,
        default: None,
        is_input: true,
        is_returned: true,
        is_unique: false,
    }]);
    let error = world.sign_in().await.unwrap_err();
    assert!(matches!(
        error,
        CallbackError::Identity(IdentityError::UnableToCreateUser)
    ));
    assert!(world.rows().users.is_empty());
}

#[tokio::test]
async fn a_user_whom_a_plugin_refuses_is_not_created() {
    let mut world = World::empty();
    world.services = refusing("BANNED");
    let error = world.sign_in().await.unwrap_err();
    let CallbackError::Identity(IdentityError::Refused(refusal)) = error else {
        panic!("a refusal");
    };
    assert_eq!(refusal.name, "BANNED");
    assert!(world.rows().users.is_empty() && accounts(&world).is_empty());
}

#[tokio::test]
async fn a_second_step_follows_a_sign_in_with_a_provider() {
    let mut world = World::empty();
    world.services = challenging();
    let finished = world.sign_in().await.unwrap();
    assert!(finished.is_challenged);
    assert!(matches!(
        finished.effects.session,
        SessionEffect::Postpone { is_remembered: true }
    ));
    let rows = world.rows();
    assert_eq!(
        (rows.users.len(), rows.accounts.len(), rows.sessions.len()),
        (1, 1, 0)
    );
}
