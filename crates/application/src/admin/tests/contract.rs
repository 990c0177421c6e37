//! The store in memory does what every store must do.

use crate::{admin::contract, testing::MemoryStore};

#[tokio::test]
async fn users_are_searched_sorted_and_paged() {
    contract::users_are_searched_sorted_and_paged(&MemoryStore::default()).await;
}

#[tokio::test]
async fn all_sessions_of_a_user_are_listed_from_the_oldest() {
    contract::all_sessions_of_a_user_are_listed_from_the_oldest(&MemoryStore::default()).await;
}
