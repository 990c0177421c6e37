//! Checks of a request's origin and of its redirect URLs.

mod cross_site;
mod headers;
mod log;
mod redirects;

pub use self::headers::OriginHeaders;
pub(crate) use self::{
    cross_site::{Site, check, check_navigation},
    headers::Named,
    log::OriginLog,
    redirects::check_urls,
};
