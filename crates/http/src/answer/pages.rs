//! HTML pages.

use std::fmt::Display;

use actix_web::{HttpResponse, http::header};

use super::SAME_ORIGIN;
use crate::view::html::Page;

/// Returns an HTML page that may load only its own style.
pub(crate) fn page<Content: Display>(page: &Page<'_, Content>) -> HttpResponse {
    HttpResponse::Ok()
        // wire: no charset; the page itself declares it.
        .content_type("text/html")
        .insert_header((header::CONTENT_SECURITY_POLICY, page.style.policy()))
        .body(page.to_string())
}

/// Returns an HTML page with a form that is sent to the page's own URL.
pub(crate) fn form_page<Content: Display>(page: &Page<'_, Content>) -> HttpResponse {
    let mut response = self::page(page);
    // Unless the referrer policy allows the origin, browsers send the form with `Origin: null`.
    response
        .headers_mut()
        .insert(header::REFERRER_POLICY, SAME_ORIGIN);
    response
}
