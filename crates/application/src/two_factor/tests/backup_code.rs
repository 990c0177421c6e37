use portcullis_domain::{
    password::Password,
    two_factor::{self, BackupCodes},
    verification::Purpose,
};

use super::{
    world::{self, BACKUP_CODES, World},
    *,
};
use crate::{client_token::SessionEffect, credential::PasswordError, testing::fixtures::a_session};

const LEFT: &str = r#"TwoFactor:["bbbbb-22222"]"#;

async fn verify(server: &Server, code: &str, starts_session: bool) -> Result<BackupCodeUse, TwoFactorError> {
    let service = &server.two_factor.backup_codes;
    let presented = (NOTHING_ASKED, starts_session);
    service.verify(None, code, presented, &challenged()).await
}

fn verified(outcome: BackupCodeUse) -> Verified {
    match outcome {
        BackupCodeUse::Verified(verified) => *verified,
        BackupCodeUse::WithoutSession(user) => panic!("no session was started for {user:?}"),
    }
}

#[tokio::test]
async fn a_backup_code_signs_in_once_and_the_others_stay_encrypted() {
    let world = World::protected();
    let server = Server::new(&world, options());
    let verified = verified(verify(&server, "aaaaa-11111", true).await.unwrap());
    assert!(verified.effects.session.stored_session().is_some());
    assert_eq!(described(&verified.effects.tokens), ["clear two_factor"]);
    assert_eq!(world.backup_codes(), LEFT);
    assert_eq!(world.log(), ["count", "forget", "start session"]);
    assert!(world.memory.is_empty() && server.has_committed());

    world.remember(Purpose::TwoFactorChallenge, world::CHALLENGE_TEXT);
    let error = verify(&server, "aaaaa-11111", true).await.unwrap_err();
    assert!(matches!(error, TwoFactorError::InvalidBackupCode));
}

#[tokio::test]
async fn a_wrong_code_stays_counted_and_uses_nothing_up() {
    for code in ["", "aaaaa", "AAAAA-11111", "aaaaa-11111 ", "aaaaa-22222"] {
        let world = World::protected();
        let server = Server::new(&world, options());
        let error = verify(&server, code, true).await.unwrap_err();
        assert!(matches!(error, TwoFactorError::InvalidBackupCode), "{code}");
        assert_eq!(world.log(), ["count"]);
        assert_eq!(world.backup_codes(), BACKUP_CODES);
        assert_eq!(world.memory.of(Purpose::TwoFactorChallenge).len(), 1);
    }
}

#[tokio::test]
async fn over_the_limit_a_right_code_is_not_used_up() {
    let world = World::protected();
    world.state().is_denied = true;
    let server = Server::new(&world, options());
    let error = verify(&server, "aaaaa-11111", true).await.unwrap_err();
    assert!(matches!(error, TwoFactorError::TooManyAttempts(DENIED)));
    assert_eq!(world.backup_codes(), BACKUP_CODES);
}

/// Another request uses a code after this one has read the codes.
#[tokio::test]
async fn codes_that_were_changed_meanwhile_are_not_overwritten() {
    for starts_session in [true, false] {
        let world = World::protected();
        let mut other = world.unit();
        other.two_factors.checkpoint();
        other
            .two_factors
            .expect_swap_backup_codes()
            .withf(|_, from, to| (from.expose().as_str(), to.expose().as_str()) == (BACKUP_CODES, LEFT))
            .returning(|_, _, _| Ok(false));
        let mut reads: Vec<_> = (0..3).map(|_| world.unit()).collect();
        let units = if starts_session {
            vec![other]
        } else {
            reads.push(other);
            Vec::new()
        };
        let server = Server::on(FakeStore::new(reads, units), &world);
        let error = verify(&server, "aaaaa-11111", starts_session).await.unwrap_err();
        assert!(matches!(error, TwoFactorError::BackupCodesChanged));
        assert_eq!(world.log(), ["count"]);
        assert_eq!(world.memory.of(Purpose::TwoFactorChallenge).len(), 1);
        assert!(!server.has_committed());
    }
}

#[tokio::test]
async fn without_a_session_the_code_is_used_up_and_the_challenge_stays_valid() {
    let world = World::protected();
    let server = Server::new(&world, options());
    let outcome = verify(&server, "aaaaa-11111", false).await.unwrap();
    assert!(matches!(outcome, BackupCodeUse::WithoutSession(user) if two_factor::is_enabled(&user)));
    assert_eq!(world.backup_codes(), LEFT);
    assert_eq!(world.log(), ["count", "forget"]);
    assert_eq!(world.memory.of(Purpose::TwoFactorChallenge).len(), 1);
}

#[tokio::test]
async fn a_backup_code_does_not_confirm_an_enrolment() {
    let world = World::enrolled();
    let server = Server::new(&world, options());
    let (by, context) = (world.caller(), RequestContext::default());
    let service = &server.two_factor.backup_codes;
    let presented = (NOTHING_ASKED, true);
    let used = service
        .verify(Some(&by), "aaaaa-11111", presented, &context)
        .await;
    let verified = verified(used.unwrap());
    assert!(!two_factor::is_enabled(&verified.user));
    assert_eq!(verified.token.expose(), a_session().token.expose());
    assert!(matches!(verified.effects.session, SessionEffect::Unchanged));
    assert_eq!(world.backup_codes(), LEFT);
}

#[tokio::test]
async fn a_user_without_backup_codes_is_not_counted() {
    let world = World::protected();
    world.state().two_factor = None;
    let server = Server::new(&world, options());
    let error = verify(&server, "aaaaa-11111", true).await.unwrap_err();
    assert!(matches!(error, TwoFactorError::BackupCodesNotEnabled));
    assert!(world.log().is_empty());
}

/// Returns the codes, or the error, and how often a password was hashed.
async fn renew(world: &World, password: &str) -> (Result<BackupCodes, TwoFactorError>, u64, bool) {
    let server = Server::new(world, options());
    let (by, context) = (world.caller(), RequestContext::default());
    let service = &server.two_factor.backup_codes;
    let renewed = service.renew(&by, &Password::new(password), &context).await;
    (renewed, server.fake.hasher.work(), server.has_committed())
}

#[tokio::test]
async fn new_codes_replace_all_old_ones() {
    let world = World::protected();
    let (renewed, _, has_committed) = renew(&world, PASSWORD).await;
    let renewed: Vec<_> = renewed.unwrap().iter().map(str::to_owned).collect();
    assert_eq!(renewed.len(), 10);
    assert!(renewed.iter().all(|code| code.len() == 11 && &code[5..6] == "-"));
    let stored = serde_json::to_string(&renewed).unwrap();
    assert_eq!(world.backup_codes(), format!("TwoFactor:{stored}"));
    assert!(has_committed);
}

#[tokio::test]
async fn new_codes_need_an_enabled_second_factor_the_password_and_the_session() {
    let (renewed, work, _) = renew(&World::enrolled(), PASSWORD).await;
    assert!(matches!(renewed.unwrap_err(), TwoFactorError::NotEnabled));
    assert_eq!(work, 0);

    let world = World::protected();
    let (renewed, _, _) = renew(&world, "password2").await;
    let error = renewed.unwrap_err();
    assert!(matches!(error, TwoFactorError::Password(PasswordError::Wrong)));

    world.state().has_session = false;
    let (renewed, _, has_committed) = renew(&world, PASSWORD).await;
    assert!(matches!(renewed.unwrap_err(), TwoFactorError::SessionEnded));
    assert!(!has_committed);
    assert_eq!(world.backup_codes(), BACKUP_CODES);

    world.state().has_session = true;
    world.state().two_factor = None;
    let (renewed, _, _) = renew(&world, PASSWORD).await;
    assert!(matches!(renewed.unwrap_err(), TwoFactorError::NotEnabled));
}
