//! What every store must do. The tests of each store run these functions, so that the stores cannot differ.
//!
//! Each function needs an empty store. Locks and concurrency are tested with PostgreSQL only.
#![expect(
    clippy::unwrap_used,
    clippy::missing_panics_doc,
    reason = "these functions are the bodies of tests"
)]

mod accounts;
pub mod api_key;
mod authorization_states;
mod counters;
mod messages;
pub mod organization;
pub mod passkey;
mod payload_tokens;
mod sessions;
mod users;
mod verifications;

use chrono::{DateTime, TimeDelta, Utc};
use portcullis_domain::{
    id::VerificationId,
    password::PasswordHash,
    token::OneTimeToken,
    user::User,
    verification::{Purpose, Verification},
};

use super::fixtures::{a_user, start};
use crate::ports::Store;

pub use accounts::*;
pub use authorization_states::*;
pub use counters::*;
pub use messages::*;
pub use payload_tokens::*;
pub use sessions::*;
pub use users::*;
pub use verifications::*;

/// Defines the tests of a store: `store_contract!(world in Fixture::new() => &world.store)`.
#[macro_export]
macro_rules! store_contract {
    ($world:ident in $make:expr => $store:expr) => {
        $crate::store_contract! { $world, $make, $store;
            a_unit_of_work_is_applied_at_its_commit_or_not_at_all
            users_are_found_and_changed
            a_user_is_deleted_with_all_rows
            an_email_address_belongs_to_one_user
            accounts_are_listed_from_the_oldest
            hashes_are_replaced_only_if_they_are_unchanged
            an_account_is_found_by_its_id_at_the_provider
            tokens_of_an_account_are_changed
            tokens_are_replaced_only_if_the_refresh_token_is_unchanged
            accounts_of_a_user_are_deleted_except_one_or_those_with_a_password
            authorization_states_are_consumed_once
            authorization_states_are_no_one_time_tokens
            expired_authorization_states_are_deleted_with_the_one_time_tokens
            sessions_are_listed_from_the_newest
            sessions_are_found_by_their_ids
            sessions_are_revoked
            sessions_beyond_the_limit_are_deleted_from_the_oldest
            one_time_tokens_are_consumed_once
            one_time_tokens_are_revoked_by_events
            payload_tokens_are_consumed_once
            expired_payload_tokens_are_deleted_with_the_one_time_tokens
            a_lease_belongs_to_one_caller_until_it_ends_or_is_released
            codes_can_be_guessed_a_limited_number_of_times
            an_attempt_is_taken_back_for_the_current_code_only
            codes_of_an_address_are_revoked_by_events
            messages_are_taken_when_they_are_due
            known_addresses_belong_to_existing_users
            requests_are_allowed_up_to_the_limit
            the_first_refused_sign_up_is_kept
        }
    };
    ($world:ident, $make:expr, $store:expr; $($name:ident)*) => {
        $(
            #[tokio::test]
            async fn $name() {
                let $world = $make;
                $crate::testing::contract::$name($store).await;
            }
        )*
    };
}

fn after(seconds: i64) -> DateTime<Utc> {
    start() + TimeDelta::seconds(seconds)
}

fn hash(text: &str) -> PasswordHash {
    PasswordHash::new(text)
}

async fn insert_user(store: &dyn Store, user: &User) {
    store.autocommit().users().insert(user).await.unwrap();
}

fn token(text: &str) -> Verification {
    Verification {
        id: VerificationId::new(format!("id-of-{text}")),
        purpose: Purpose::PasswordReset,
        secret: OneTimeToken::new(text),
        user_id: a_user().id,
        expires_at: after(60),
        created_at: start(),
    }
}
