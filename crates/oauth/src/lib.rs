//! Providers of social sign-in: clients of OAuth 2.0 (RFC 6749) and OpenID Connect Core 1.0.
//!
//! This crate must not decide who is signed in, link accounts, or use storage. It sends requests to providers only
//! through its guarded client, and implements the port
//! [`IdentityProvider`](portcullis_application::ports::IdentityProvider).

mod client;
mod configured;
mod definition;
mod flow;
mod generic;
mod id_token;
mod options;
mod outage;
mod profile;
mod provider;
#[cfg(test)]
mod testing;

pub use self::{
    client::Client,
    configured::ConfiguredProvider,
    definition::{Authentication, Definition, Extra, ExtraKind},
    flow::code_challenge,
    generic::{GenericOptions, GenericOptionsError, GenericProvider, Preset},
    id_token::{IdTokenRules, IdTokenVerifier, Issuers},
    options::{EndpointOverrides, ProviderOptions},
    provider::definitions,
};
