//! The page at the root.
//!
//! A link in a message leads there if the request for it named no callback. A proxy that sends only the base path to
//! this server shows the deployment's own page instead.

use std::future;

use actix_web::{HttpResponse, http::header};

use crate::{answer, call::Call, endpoint::Public, route::Route, view::home_page::HomePage};

pub(crate) static ROUTES: &[Route] =
    &[Route::get("/", &Public(|call, ()| Box::pin(future::ready(Ok(show(&call)))))).outside_base_path()];

fn show(call: &Call<'_>) -> HttpResponse {
    let error = call.query.first("error");
    let page = HomePage {
        error: error.as_deref(),
    };
    let mut response = answer::page(&page.page());
    response
        .headers_mut()
        .insert(header::CACHE_CONTROL, answer::NO_STORE);
    response
}
