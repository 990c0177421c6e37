//! The page to which browsers are redirected after an error.

use std::{borrow::Cow, future};

use actix_web::{HttpResponse, http::header};
use url::form_urlencoded;

use crate::{answer, call::Call, endpoint::Public, route::Route, view::error_page::ErrorPage};

const UNKNOWN: &str = "UNKNOWN";

pub(crate) static ROUTES: &[Route] = &[Route::get(
    "/error",
    &Public(|call, ()| Box::pin(future::ready(Ok(show(&call))))),
)];

fn show(call: &Call<'_>) -> HttpResponse {
    let code = call.query.first("error").filter(|code| is_code(code));
    let description = call.query.first("error_description");
    let page = ErrorPage {
        code: code.unwrap_or(Cow::Borrowed(UNKNOWN)),
        description: description.filter(|text| !text.is_empty()),
    };
    if call.options.has_error_page {
        answer::page(&page.page())
    } else {
        // wire: the front end's start page shows the error instead.
        HttpResponse::Found()
            .insert_header((header::LOCATION, format!("/?{}", query(&page))))
            .finish()
    }
}

fn is_code(text: &str) -> bool {
    let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"_-'".contains(&byte);
    !text.is_empty() && text.bytes().all(is_allowed)
}

fn query(page: &ErrorPage<'_>) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.append_pair("error", &page.code);
    if let Some(description) = &page.description {
        query.append_pair("error_description", description);
    }
    query.finish()
}
