//! Concurrent uses and enrolments.

use std::sync::atomic::{AtomicUsize, Ordering};

use portcullis_application::ports::Store;
use portcullis_domain::id::UserId;
use portcullis_persistence::PgStore;

use super::{factor, replace, swap, world};
use crate::fixture::winners;

const ROUNDS: u64 = 10;

#[tokio::test]
async fn of_many_concurrent_uses_of_one_step_one_succeeds() {
    let world = world(&["jane"]).await;
    let other = world.another_store();
    for step in 0..ROUNDS {
        let advance = |store: PgStore| async move {
            let mut unit = store.begin();
            let advanced = unit.two_factors().advance(&UserId::new("jane"), step).await?;
            unit.commit().await?;
            Ok(advanced)
        };
        assert_eq!(winners(&world, &other, advance).await, 1);
    }
}

#[tokio::test]
async fn of_many_concurrent_uses_of_a_backup_code_one_succeeds() {
    let world = world(&["jane"]).await;
    let other = world.another_store();
    for round in 0..ROUNDS {
        replace(&world.store, &factor("a", "jane")).await;
        let swap = |store: PgStore| async move {
            let mut unit = store.begin();
            let swapped = swap(unit.as_mut(), "a", "codes of a", &format!("left {round}")).await?;
            unit.commit().await?;
            Ok(swapped)
        };
        assert_eq!(winners(&world, &other, swap).await, 1);
    }
}

/// Enrolments lock the user first, as every change of the user's rows does.
#[tokio::test]
async fn many_concurrent_enrolments_leave_one_second_factor() {
    let world = world(&["jane"]).await;
    let other = world.another_store();
    let ids = AtomicUsize::new(0);
    let enrol = |store: PgStore| {
        let id = ids.fetch_add(1, Ordering::SeqCst);
        let two_factor = factor(&format!("factor{id}"), "jane");
        async move {
            let mut unit = store.begin();
            unit.users().lock(&two_factor.user_id).await?;
            unit.two_factors().replace(&two_factor).await?;
            unit.commit().await?;
            Ok(true)
        }
    };
    assert_eq!(winners(&world, &other, enrol).await, 20);
    assert_eq!(world.count(r#"SELECT 1 FROM "twoFactor""#), 1);
}
