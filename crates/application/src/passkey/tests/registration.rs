//! Registrations, and the passkeys of a user.

use super::*;

#[tokio::test]
async fn browsers_are_asked_for_what_the_deployment_and_the_caller_wish() {
    let world = World::new();
    world.register("a", a_verified_user()).await.unwrap();
    let by = FreshCaller::for_test(a_session(), a_verified_user());
    let wish = RegistrationWish {
        name: Some("work".to_owned()),
        attachment: Some(Attachment::Platform),
    };
    let (options, _token) = world.passkeys.begin_registration(&by, wish).await.unwrap();
    assert_eq!((options.user_name.as_str(), options.known.len()), ("work", 1));
    assert_eq!(options.display_name, a_verified_user().email.as_str());
    assert_eq!(options.selection.attachment, Some(Attachment::Platform));
    assert_eq!((options.challenge.len(), options.user_handle.len()), (43, 32));

    let empty = RegistrationWish {
        name: Some(String::new()),
        attachment: None,
    };
    let (options, _token) = world.passkeys.begin_registration(&by, empty).await.unwrap();
    assert_eq!(
        (options.user_name, options.selection.attachment),
        (options.display_name, None)
    );

    let by = StrictCaller::for_test(a_session(), a_verified_user());
    let (options, _token) = world.passkeys.begin_authentication(Some(&by)).await.unwrap();
    assert_eq!(options.allowed.len(), 1);
    let (options, _token) = world.passkeys.begin_authentication(None).await.unwrap();
    assert!(options.allowed.is_empty());
}

#[tokio::test]
async fn a_registration_belongs_to_the_user_who_began_it() {
    let world = World::new();
    let owner = FreshCaller::for_test(a_session(), a_verified_user());
    let begun = world
        .passkeys
        .begin_registration(&owner, RegistrationWish::default())
        .await;
    let (options, token) = begun.unwrap();
    let other = FreshCaller::for_test(a_session(), another_user());
    let sent = registration("a", &options.challenge);
    let result = world.passkeys.register(&other, sent, &context(&token)).await;
    assert!(matches!(result, Err(RegistrationError::OtherUser)));
    assert!(world.store.rows().passkeys.is_empty());
}

#[tokio::test]
async fn a_known_passkey_is_not_registered_again() {
    let world = World::new();
    world.register("a", a_verified_user()).await.unwrap();
    for user in [a_verified_user(), another_user()] {
        let result = world.register("a", user).await;
        assert!(matches!(
            result,
            Err(RegistrationError::Rejected(PasskeyRejection::Known))
        ));
    }
    assert_eq!(world.store.rows().passkeys.len(), 1);
}

#[tokio::test]
async fn only_the_owner_names_and_deletes_a_passkey() {
    let world = World::new();
    let id = world.register("a", a_verified_user()).await.unwrap().id;
    let owner = StrictCaller::for_test(a_session(), a_verified_user());
    let other = StrictCaller::for_test(a_session(), another_user());
    let passkeys = &world.passkeys;
    assert!(passkeys.list(&other).await.unwrap().is_empty());
    let renamed = passkeys.rename(&other, &id, "mine").await;
    assert!(matches!(renamed, Err(PasskeyChangeError::NotOwned)));
    let deleted = passkeys.delete(&other, &id).await;
    assert!(matches!(deleted, Err(PasskeyChangeError::NotOwned)));
    let renamed = passkeys.rename(&owner, &id, "phone").await.unwrap();
    assert_eq!(passkeys.list(&owner).await.unwrap(), [renamed]);
    passkeys.delete(&owner, &id).await.unwrap();
    for result in [
        passkeys.delete(&owner, &id).await,
        passkeys.delete(&owner, &PasskeyId::new("")).await,
        passkeys.rename(&owner, &id, "x").await.map(|_passkey| ()),
    ] {
        assert!(matches!(result, Err(PasskeyChangeError::Unknown)));
    }
}

#[tokio::test]
async fn a_session_that_has_ended_registers_no_passkey() {
    let world = World::new();
    let by = FreshCaller::for_test(a_session(), a_verified_user());
    let begun = world
        .passkeys
        .begin_registration(&by, RegistrationWish::default())
        .await;
    let (options, token) = begun.unwrap();
    let mut unit = world.passkeys.store.begin();
    unit.sessions()
        .delete_by_user(&a_verified_user().id)
        .await
        .unwrap();
    unit.commit().await.unwrap();
    let sent = registration("a", &options.challenge);
    let result = world.passkeys.register(&by, sent, &context(&token)).await;
    assert!(
        matches!(result, Err(RegistrationError::SessionEnded)),
        "{result:?}"
    );
}
