//! The HTTP interface: routes, bodies, cookies and errors of Better Auth 1.4's protocol.
//!
//! Every request passes one pipeline (`service`), which checks its route, body, origin and session. A route declares
//! what is checked; its handler is called only if all checks pass, calls one use case and renders the outcome.
//! Business rules are in `portcullis-application`; only this crate handles cookies.
//!
//! To add a feature, create a file with its name that contains `CODES`, the mapping of its error, its handlers and
//! `ROUTES`; list both in `route_list`, and its seams in `roll_call`. What its routes call is a value in [`Features`].

mod account;
mod admin;
mod anonymous;
mod answer;
mod api_key;
mod app;
mod bearer;
mod call;
mod callback;
mod caller;
mod captcha;
mod change_email;
mod client_authentication;
mod code;
mod connection;
mod cookie;
mod credential;
mod decorate;
mod delete_user;
mod dev_oidc;
mod discovery;
mod email_otp;
mod email_verification;
mod endpoint;
mod error;
mod error_page;
mod expo;
mod extract;
mod features;
mod forward_auth;
mod generic_oauth;
mod have_i_been_pwned;
mod health;
mod home;
mod inbox;
mod introspection;
mod jwt;
mod layer;
mod limit;
mod link;
mod local_request;
mod magic_link;
mod multi_session;
mod oauth_error;
mod one_tap;
mod one_time_token;
mod open_api;
mod operation;
mod options;
mod organization;
mod origin;
mod passkey;
mod password;
mod password_reset;
mod phone_number;
mod protocol;
mod provider_token;
mod refusal;
mod roll_call;
mod route;
mod route_check;
mod route_list;
mod route_property;
mod route_table;
mod server;
mod service;
mod service_endpoint;
mod service_route;
mod session;
mod session_registry;
mod sign_in;
mod sign_out;
mod sign_up;
mod signed_in;
mod social;
mod sockets;
mod stopping;
mod two_factor;
mod user;
mod username;
mod view;

pub use api_key::{KeyHeaderRejection, KeyHeaders};
pub use app::App;
pub use bearer::BearerOptions;
pub use code::Code;
pub use cookie::{AttributeText, Cookie, CookieAttributes, CookieName, CookieOptions, SameSite, TokenCookie};
/// For the micro-benchmarks.
#[doc(hidden)]
pub use cookie::{signed_cookie, signed_cookies};
pub use expo::Expo;
pub use extract::{
    body::{Field, Schema, Shape},
    client::AddressHeaders,
};
pub use features::Features;
pub use jwt::JwtEndpoints;
pub use layer::request_log::REQUEST_LOG_TARGET;
pub use open_api::{OpenApi, OpenApiPage};
pub use options::{Limits, Options, Pages};
pub use origin::OriginHeaders;
pub use roll_call::{codes, is_own_field, routes};
pub use route::Route;
pub use server::{Listen, Server};
pub use sockets::{Listeners, Sockets};
pub use stopping::ServerHandle;

#[cfg(test)]
mod tests;
