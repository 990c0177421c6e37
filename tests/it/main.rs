//! Wire tests, which drive the whole program over HTTP, and the rules of the code base (`architecture`).
#![expect(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test panics if its setup fails or an expected value is missing"
)]

mod access_matrix;
mod account;
mod additional;
mod admin;
mod advisories;
mod anonymous;
mod api_key;
mod architecture;
mod bearer;
mod callers;
mod captcha;
mod change_email;
mod clock_skew;
mod common_password;
mod cookie_cache;
mod cookies;
mod cors;
mod cross_site;
mod database_rules;
mod delete_user;
mod deleted_meanwhile;
mod dev_oidc;
mod email_otp;
mod email_verification;
mod enumeration;
mod error_page;
mod expo;
mod far_times;
mod first_proof;
mod forward_auth;
mod have_i_been_pwned;
mod health;
mod home_page;
mod host_cookies;
mod hostile;
mod inbox;
mod introspection;
mod jwt;
mod keys;
mod last_login_method;
mod magic_link;
mod multi_session;
mod not_remembered;
mod one_time;
mod one_time_token;
mod open_api;
mod organization;
mod passkey;
mod password;
mod password_forms;
mod password_reset;
mod phone_number;
mod promises;
mod rate_limit;
mod read_only;
mod redirects;
mod renewal;
mod requests;
mod response_head;
mod session;
mod session_cache;
mod session_flood;
mod session_registry;
mod several_cookies;
mod shared_links;
mod sign_in;
mod sign_out;
mod sign_up;
mod slow;
mod social;
mod social_docs;
mod takeover;
mod twin_cookies;
mod two_factor;
mod unauthenticated;
mod user;
mod username;
mod verify;
mod wire_codes;
