//! One-time tokens and codes.

use portcullis_domain::{
    code::{AddressCode, Attempt, CodeKey, OneTimeCode, StoredCode},
    id::VerificationId,
    token::OneTimeToken,
    user::User,
    verification::{Purpose, RevokingEvent},
};

use super::{after, insert_user, token};
use crate::{
    ports::Store,
    testing::fixtures::{a_session, a_user, another_user, start},
};

/// [`VerificationRepository`](crate::ports::VerificationRepository)
pub async fn one_time_tokens_are_consumed_once(store: &dyn Store) {
    let mut db = store.autocommit();
    for text in ["a", "b", "c"] {
        db.verifications().insert(&token(text)).await.unwrap();
    }
    let a = OneTimeToken::new("a");
    let other = db.verifications().find(Purpose::AccountDeletion, &a).await;
    assert_eq!(other.unwrap(), None);
    let found = db.verifications().find(Purpose::PasswordReset, &a).await.unwrap();
    let proven = found.unwrap();
    assert_eq!((&proven.user_id, proven.expires_at), (&a_user().id, after(60)));
    let first = db.verifications().consume(Purpose::PasswordReset, &a).await;
    assert_eq!(first.unwrap(), Some(proven));
    let second = db.verifications().consume(Purpose::PasswordReset, &a).await;
    assert_eq!(second.unwrap(), None);

    for expected in [true, false] {
        let marked = db
            .verifications()
            .mark_used(Purpose::EmailVerification, &a, after(60), start());
        assert_eq!(marked.await.unwrap(), expected);
    }
    let before_their_end = db.verifications().delete_expired(after(60), 9).await;
    assert_eq!(before_their_end.unwrap(), 0);
}

/// [`VerificationRepository::lease`](crate::ports::VerificationRepository::lease)
pub async fn a_lease_belongs_to_one_caller_until_it_ends_or_is_released(store: &dyn Store) {
    let mut db = store.autocommit();
    let [a, b] = ["a", "b"].map(OneTimeToken::new);
    // The token, the times of the end and of the call, and whether the caller receives the lease.
    for (token, until, now, expected) in [
        (&a, 30, 0, true),
        (&a, 30, 0, false),
        (&a, 59, 29, false),
        (&b, 30, 0, true),
        (&a, 60, 30, true),
        (&a, 61, 31, false),
        (&a, 89, 59, false),
    ] {
        let leased = db
            .verifications()
            .lease(Purpose::TokenRefresh, token, after(until), after(now));
        assert_eq!(leased.await.unwrap(), expected, "{until} {now}");
    }
    for (purpose, token, expected) in [
        (Purpose::PasswordReset, &a, false),
        (Purpose::TokenRefresh, &b, false),
        (Purpose::TokenRefresh, &a, true),
    ] {
        db.verifications().release(purpose, token).await.unwrap();
        let leased = db
            .verifications()
            .lease(Purpose::TokenRefresh, &a, after(90), after(31));
        assert_eq!(leased.await.unwrap(), expected, "{purpose:?}");
    }
}

/// [`VerificationRepository::revoke`](crate::ports::VerificationRepository::revoke)
pub async fn one_time_tokens_are_revoked_by_events(store: &dyn Store) {
    insert_user(store, &a_user()).await;
    let mut db = store.autocommit();
    db.sessions().insert(&a_session()).await.unwrap();
    let reset = token("a");
    db.verifications().insert(&reset).await.unwrap();
    let code = code("1");
    db.codes().replace(&code).await.unwrap();
    for (event, user, is_found) in [
        (RevokingEvent::PasswordChange, another_user().id, true),
        (RevokingEvent::SessionsRevoked, a_user().id, true),
        (RevokingEvent::PasswordChange, a_user().id, false),
    ] {
        db.verifications().revoke(event, &user).await.unwrap();
        let found = db.verifications().find(reset.purpose, &reset.secret).await;
        assert_eq!(found.unwrap().is_some(), is_found, "{event:?}");
    }
    assert!(!db.codes().consume(&code.key, &code.stored).await.unwrap());
}

fn code(text: &str) -> OneTimeCode {
    OneTimeCode {
        id: VerificationId::new(format!("id-of-code-{text}")),
        key: CodeKey::TwoFactorSession(a_user().id, a_session().id),
        stored: StoredCode::new(text),
        expires_at: after(60),
        created_at: start(),
    }
}

/// [`CodeRepository`](crate::ports::CodeRepository)
pub async fn codes_can_be_guessed_a_limited_number_of_times(store: &dyn Store) {
    let mut db = store.autocommit();
    let key = code("1").key;
    let missing = db.codes().count_attempt(&key, 2, start()).await.unwrap();
    assert!(matches!(missing, Attempt::Missing));
    db.codes().replace(&code("1")).await.unwrap();
    db.codes().replace(&code("2")).await.unwrap();
    for _ in 0..2 {
        let attempt = db.codes().count_attempt(&key, 2, start()).await.unwrap();
        assert!(matches!(attempt, Attempt::Allowed(stored) if stored.expose() == "2"));
    }
    let last = db.codes().count_attempt(&key, 2, start()).await.unwrap();
    assert!(matches!(last, Attempt::TooMany));
    let none = db.codes().count_attempt(&key, 2, start()).await.unwrap();
    assert!(matches!(none, Attempt::Missing));

    db.codes().replace(&code("3")).await.unwrap();
    for (text, is_consumed) in [("2", false), ("3", true), ("3", false)] {
        let consumed = db.codes().consume(&key, &StoredCode::new(text)).await;
        assert_eq!(consumed.unwrap(), is_consumed, "{text}");
    }
}

/// [`CodeRepository::restore_attempt`](crate::ports::CodeRepository::restore_attempt)
pub async fn an_attempt_is_taken_back_for_the_current_code_only(store: &dyn Store) {
    let mut db = store.autocommit();
    let key = code("1").key;
    db.codes().replace(&code("1")).await.unwrap();
    for (text, allowed, is_allowed) in [("2", 1, true), ("1", 1, false)] {
        let attempt = db.codes().count_attempt(&key, allowed, start()).await.unwrap();
        assert_eq!(matches!(attempt, Attempt::Allowed(_)), is_allowed, "{text}");
        if is_allowed {
            let restored = db.codes().restore_attempt(&key, &StoredCode::new(text)).await;
            restored.unwrap();
        }
    }
    db.codes().replace(&code("2")).await.unwrap();
    for _ in 0..3 {
        let attempt = db.codes().count_attempt(&key, 1, start()).await.unwrap();
        assert!(matches!(attempt, Attempt::Allowed(_)));
        let restored = db.codes().restore_attempt(&key, &StoredCode::new("2")).await;
        restored.unwrap();
    }
}

/// [`VerificationRepository::revoke`](crate::ports::VerificationRepository::revoke)
pub async fn codes_of_an_address_are_revoked_by_events(store: &dyn Store) {
    insert_user(store, &a_user()).await;
    insert_user(store, &another_user()).await;
    let of = |user: &User, kind| OneTimeCode {
        id: VerificationId::new(format!("{} {}", user.id.as_str(), AddressCode::name(kind))),
        key: CodeKey::Address(kind, user.email.clone()),
        ..code("1")
    };
    for event in RevokingEvent::ALL {
        let mut db = store.autocommit();
        for kind in AddressCode::ALL {
            db.codes().replace(&of(&a_user(), kind)).await.unwrap();
            db.codes().replace(&of(&another_user(), kind)).await.unwrap();
        }
        db.verifications().revoke(event, &a_user().id).await.unwrap();
        for kind in AddressCode::ALL {
            let (own, other) = (of(&a_user(), kind), of(&another_user(), kind));
            let is_there = db.codes().consume(&own.key, &own.stored).await.unwrap();
            assert_eq!(is_there, !kind.is_ended_by(event), "{kind:?} {event:?}");
            assert!(db.codes().consume(&other.key, &other.stored).await.unwrap());
        }
    }
}
