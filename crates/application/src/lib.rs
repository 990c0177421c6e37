//! Use cases of authentication, and the ports through which they reach databases, mail servers and clocks.
//!
//! A use case has three steps: read; compute and decide, with no connection or lock held; and write, in one unit of
//! work that is committed once. It knows neither HTTP nor SQL. Read [`ports`] before you write an adapter.

pub mod account;
pub mod admin;
pub mod anonymous;
pub mod api_key;
pub mod captcha;
pub mod change_email;
pub mod client_token;
pub mod clock_check;
pub mod code;
pub mod context;
pub mod credential;
pub mod delete_user;
pub mod dev_oidc;
pub mod email_otp;
pub mod email_verification;
mod floor;
pub mod forward_auth;
pub mod generic_oauth;
pub mod have_i_been_pwned;
pub mod health;
pub mod housekeeping;
pub mod introspection;
pub mod jwt;
pub mod last_login_method;
pub mod magic_link;
pub mod message;
pub mod multi_session;
pub mod one_tap;
pub mod one_time_token;
pub mod organization;
pub mod passkey;
pub mod password;
pub mod password_reset;
pub mod phone_number;
pub mod ports;
pub mod provider_token;
pub mod rate_limit;
pub mod seams;
pub mod service_client;
pub mod session;
pub mod sign_in;
pub mod sign_out;
pub mod sign_up;
pub mod social;
pub mod statistics;
#[cfg(any(test, feature = "testing"))]
pub mod testing;
#[cfg(test)]
mod tests;
pub mod two_factor;
pub mod user;
pub mod username;
