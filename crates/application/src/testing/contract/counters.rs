//! Known IP addresses, request counters and rejected sign-ups.

use chrono::TimeDelta;
use portcullis_domain::rate_limit::{Decision, Denied, Rule};

use super::{after, hash, insert_user};
use crate::{
    ports::Store,
    testing::fixtures::{a_user, start},
};

/// [`KnownAddressRepository`](crate::ports::KnownAddressRepository)
pub async fn known_addresses_belong_to_existing_users(store: &dyn Store) {
    const ADDRESS: &str = "203.0.113.9";
    let (user, email) = (a_user().id, a_user().email);
    let mut db = store.autocommit();
    db.known_addresses()
        .remember(&user, ADDRESS, start())
        .await
        .unwrap();
    insert_user(store, &a_user()).await;
    assert!(
        !db.known_addresses()
            .is_known(&email, ADDRESS, start())
            .await
            .unwrap()
    );
    db.known_addresses()
        .remember(&user, ADDRESS, start())
        .await
        .unwrap();
    db.known_addresses()
        .remember(&user, ADDRESS, after(1))
        .await
        .unwrap();
    assert!(
        db.known_addresses()
            .is_known(&email, ADDRESS, after(1))
            .await
            .unwrap()
    );
    assert!(
        !db.known_addresses()
            .is_known(&email, ADDRESS, after(2))
            .await
            .unwrap()
    );
    assert!(
        !db.known_addresses()
            .is_known(&email, "::1", start())
            .await
            .unwrap()
    );
    assert_eq!(db.known_addresses().delete_stale(after(1), 9).await.unwrap(), 0);
    assert_eq!(db.known_addresses().delete_stale(after(2), 9).await.unwrap(), 1);
    db.known_addresses()
        .remember(&user, ADDRESS, start())
        .await
        .unwrap();
    db.known_addresses().delete_by_user(&user).await.unwrap();
    assert!(
        !db.known_addresses()
            .is_known(&email, ADDRESS, start())
            .await
            .unwrap()
    );
}

/// [`RateLimitRepository`](crate::ports::RateLimitRepository)
pub async fn requests_are_allowed_up_to_the_limit(store: &dyn Store) {
    let rule = Rule {
        window: TimeDelta::seconds(10),
        max: 2,
    };
    let mut db = store.autocommit();
    let denied = Decision::Denied(Denied { retry_after: 7 });
    for (key, seconds, expected) in [
        ("key", 0, Decision::Allowed),
        ("key", 0, Decision::Allowed),
        ("key", 3, denied),
        ("other", 3, Decision::Allowed),
        ("key", 10, Decision::Allowed),
    ] {
        let decision = db.rate_limits().count(key, rule, after(seconds)).await;
        assert_eq!(decision.unwrap(), expected, "{key} {seconds}");
    }
    db.rate_limits().delete("other").await.unwrap();
    let fresh = db.rate_limits().delete_stale(after(10), 9).await;
    assert_eq!(fresh.unwrap(), 0);
    let stale = db.rate_limits().delete_stale(after(11), 9).await;
    assert_eq!(stale.unwrap(), 1);
}

/// [`RefusedSignUpRepository`](crate::ports::RefusedSignUpRepository)
pub async fn the_first_refused_sign_up_is_kept(store: &dyn Store) {
    let user = a_user().id;
    let mut db = store.autocommit();
    db.refused_sign_ups()
        .keep_first(&user, &hash("0"), start())
        .await
        .unwrap();
    insert_user(store, &a_user()).await;
    assert!(db.refused_sign_ups().find(&user).await.unwrap().is_none());
    for text in ["1", "2"] {
        db.refused_sign_ups()
            .keep_first(&user, &hash(text), start())
            .await
            .unwrap();
    }
    let kept = db.refused_sign_ups().find(&user).await.unwrap();
    assert_eq!(kept.unwrap().expose(), hash("1").expose());
    db.refused_sign_ups().delete(&user).await.unwrap();
    assert!(db.refused_sign_ups().find(&user).await.unwrap().is_none());
}
