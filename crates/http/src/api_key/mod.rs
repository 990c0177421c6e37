//! API keys: their owners manage them, services verify and manage them, and keys can stand for sessions.

mod body;
mod code;
mod create;
mod key_scheme;
mod registry;
mod service;
mod update;
mod verify;
mod view;

pub use self::key_scheme::{KeyHeaderRejection, KeyHeaders};
pub(crate) use self::{
    code::{CODES, REFUSALS},
    key_scheme::ApiKeySessions,
};
use crate::route::Route;

/// The routes of owners.
pub(crate) static ROUTES: &[Route] = &[
    create::ROUTE,
    registry::GET,
    registry::LIST,
    update::ROUTE,
    registry::DELETE,
];

/// The routes of services.
pub(crate) static SERVICE_ROUTES: &[Route] = &[
    verify::ROUTE,
    service::CREATE,
    service::GET,
    service::LIST,
    service::UPDATE,
    service::DELETE,
];
