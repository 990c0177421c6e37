//! Providers that the deployment describes itself: any server of OAuth 2.0 or OpenID Connect, as in Better Auth's
//! plugin `generic-oauth`.

mod discovery;
mod document;
mod id_token;
mod options;
mod preset;
mod provider;
mod settings;
mod tokens;
mod user;

#[cfg(test)]
mod tests;

pub use self::{
    options::{GenericOptions, GenericOptionsError},
    preset::Preset,
    provider::GenericProvider,
};
