//! Checks of a request's origin and of its redirect URLs.

mod cross_site;
mod headers;
mod redirects;

pub use self::headers::OriginHeaders;
pub(crate) use self::{
    cross_site::{check, check_navigation},
    redirects::check_urls,
};
