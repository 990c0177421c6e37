//! The common flow: authorization requests, and requests for tokens.

mod authorization;
mod token;

pub use self::authorization::code_challenge;
pub(crate) use self::{
    authorization::AuthorizationParameters,
    token::{TokenAnswer, TokenRequest},
};
