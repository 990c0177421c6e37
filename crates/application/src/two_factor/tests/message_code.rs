use portcullis_domain::{
    code::CodeKey, message::MessageKind, token::OneTimeToken, two_factor, verification::Purpose,
};

use super::{
    world::{CHALLENGE_TEXT, World},
    *,
};
use crate::testing::fixtures::{a_session, a_user};

fn of_challenge() -> CodeKey {
    CodeKey::TwoFactorChallenge(OneTimeToken::new(CHALLENGE_TEXT))
}

fn of_session() -> CodeKey {
    CodeKey::TwoFactorSession(a_user().id, a_session().id)
}

async fn verify(server: &Server, code: &str) -> Result<Verified, TwoFactorError> {
    let codes = &server.two_factor.message_codes;
    codes.verify(None, code, NOTHING_ASKED, &challenged()).await
}

async fn verify_in_session(world: &World, code: &str) -> Result<Verified, TwoFactorError> {
    let server = Server::new(world, options());
    let (by, context) = (world.caller(), RequestContext::default());
    let codes = &server.two_factor.message_codes;
    codes.verify(Some(&by), code, NOTHING_ASKED, &context).await
}

async fn send(server: &Server) -> Result<(), TwoFactorError> {
    server.two_factor.message_codes.send(None, &challenged()).await
}

#[tokio::test]
async fn a_sent_code_signs_in_once_in_each_form_of_storage() {
    for storage in [CodeStorage::Plain, CodeStorage::Hashed, CodeStorage::Encrypted] {
        let world = World::protected();
        let mut options = options();
        options.message_codes.codes.storage = storage;
        let server = Server::new(&world, options);
        send(&server).await.unwrap();
        let message = world.outbox.only();
        assert_eq!(message.kind, MessageKind::TwoFactorOtp);
        assert_eq!(message.to, a_user().email.into());
        assert_eq!(message.expires_at, Some(start() + TimeDelta::minutes(3)));
        let code = message.code().unwrap().expose();
        assert!(code.len() == 6 && code.bytes().all(|byte| byte.is_ascii_digit()));

        let verified = verify(&server, code).await.unwrap();
        assert!(verified.effects.session.stored_session().is_some());
        assert_eq!(described(&verified.effects.tokens), ["clear two_factor"]);
        assert_eq!(world.log(), ["count", "forget", "start session"]);
        assert_eq!(world.memory.codes(), 0);
        let error = verify(&server, code).await.unwrap_err();
        assert!(matches!(error, TwoFactorError::InvalidChallenge));
    }
}

#[tokio::test]
async fn a_newer_code_replaces_the_older_one() {
    let world = World::protected();
    let server = Server::new(&world, options());
    send(&server).await.unwrap();
    send(&server).await.unwrap();
    let messages = world.outbox.messages();
    let [older, newer] = messages.as_slice() else {
        panic!("two messages are sent: {messages:?}");
    };
    let error = verify(&server, older.code().unwrap().expose()).await.unwrap_err();
    assert!(matches!(error, TwoFactorError::InvalidCode));
    assert!(verify(&server, newer.code().unwrap().expose()).await.is_ok());
}

#[tokio::test]
async fn nothing_is_sent_without_a_transport_a_session_or_a_challenge() {
    let world = World::protected();
    let mut silent = options();
    silent.message_codes.is_sending = false;
    let error = send(&Server::new(&world, silent)).await.unwrap_err();
    assert!(matches!(error, TwoFactorError::MessagesDisabled));

    let server = Server::new(&world, options());
    let codes = &server.two_factor.message_codes;
    let error = codes.send(None, &RequestContext::default()).await.unwrap_err();
    assert!(matches!(error, TwoFactorError::InvalidChallenge));
    assert!(world.outbox.messages().is_empty());
    assert_eq!(world.memory.codes(), 0);
}

#[tokio::test]
async fn a_wrong_code_is_counted_twice_for_the_code_and_for_the_user() {
    let world = World::protected();
    world.remember_code(of_challenge(), "123456");
    let server = Server::new(&world, options());
    for _guess in 0..4 {
        let error = verify(&server, "654321").await.unwrap_err();
        assert!(matches!(error, TwoFactorError::InvalidCode));
    }
    assert_eq!(world.log(), ["count"; 4]);
    assert!(!server.has_committed());
    assert!(verify(&Server::new(&world, options()), "123456").await.is_ok());
}

#[tokio::test]
async fn after_five_guesses_the_right_code_is_rejected_and_deleted() {
    let world = World::protected();
    world.remember_code(of_challenge(), "123456");
    for _guess in 0..5 {
        let server = Server::new(&world, options());
        let error = verify(&server, "654321").await.unwrap_err();
        assert!(matches!(error, TwoFactorError::InvalidCode));
    }
    for expected in [
        "too many attempts to guess one code",
        "no code was sent, or it has expired",
        "no code was sent, or it has expired",
    ] {
        let server = Server::new(&world, options());
        let error = verify(&server, "123456").await.unwrap_err();
        assert_eq!(error.to_string(), expected);
    }
    assert_eq!(world.log(), ["count"; 5]);
    assert_eq!(world.memory.of(Purpose::TwoFactorChallenge).len(), 1);
}

#[tokio::test]
async fn over_the_limit_of_the_user_the_right_code_is_not_compared() {
    let world = World::protected();
    world.remember_code(of_challenge(), "123456");
    world.state().is_denied = true;
    let error = verify(&Server::new(&world, options()), "123456")
        .await
        .unwrap_err();
    assert!(matches!(error, TwoFactorError::TooManyAttempts(DENIED)));
    assert_eq!(world.memory.codes(), 1);
}

#[tokio::test]
async fn an_expired_code_is_rejected() {
    let world = World::protected();
    world.remember_code(of_challenge(), "123456");
    let server = Server::new(&world, options());
    server.fake.clock.advance(TimeDelta::minutes(4));
    let error = verify(&server, "123456").await.unwrap_err();
    assert!(matches!(error, TwoFactorError::CodeExpired));
    assert!(world.log().is_empty());
}

#[tokio::test]
async fn a_code_is_valid_only_for_the_challenge_or_session_that_it_was_sent_for() {
    let world = World::protected();
    world.remember_code(of_session(), "123456");
    let error = verify(&Server::new(&world, options()), "123456")
        .await
        .unwrap_err();
    assert!(matches!(error, TwoFactorError::CodeExpired));

    let world = World::protected();
    world.remember_code(of_challenge(), "123456");
    let error = verify_in_session(&world, "123456").await.unwrap_err();
    assert!(matches!(error, TwoFactorError::CodeExpired));
}

#[tokio::test]
async fn a_code_confirms_an_enrolment_but_does_not_replace_one() {
    let world = World::enrolled();
    world.remember_code(of_session(), "123456");
    let verified = verify_in_session(&world, "123456").await.unwrap();
    assert!(two_factor::is_enabled(&verified.user));

    let world = World::enrolled();
    world.state().two_factor = None;
    world.remember_code(of_session(), "123456");
    let error = verify_in_session(&world, "123456").await.unwrap_err();
    assert!(matches!(error, TwoFactorError::TotpNotEnabled));
    assert_eq!(world.log(), ["count"], "no session starts");
}
