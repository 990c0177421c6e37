//! The page to which browsers are redirected after an error.

use std::{borrow::Cow, future};

use actix_web::HttpResponse;
use url::form_urlencoded;

use crate::{
    answer,
    call::Call,
    endpoint::Public,
    error::ApiError,
    operation::{Answer, Operation, Parameter},
    route::Route,
    view::{error_page::ErrorPage, error_words},
};

const UNKNOWN: &str = "UNKNOWN";

pub(crate) static ROUTES: &[Route] =
    &[
        Route::get("/error", &Public(|call, ()| Box::pin(future::ready(show(&call))))).documented(
            &Operation {
                summary: "Show an error to a user whom a link or a sign-in has led here",
                query: &[
                    Parameter {
                        name: "error",
                        description: "The code of the error",
                    },
                    Parameter {
                        name: "error_description",
                        description: "A sentence for the user",
                    },
                ],
                answers: &[
                    Answer::html("The page, in development"),
                    Answer::redirect("To the page that the deployment has configured"),
                ],
                codes: &[],
            },
        ),
    ];

fn show(call: &Call<'_>) -> Result<HttpResponse, ApiError> {
    let code = call.query.first("error").filter(|code| is_code(code));
    let description = call.query.first("error_description");
    let description = description.filter(|text| !text.is_empty());
    let code = code.unwrap_or(Cow::Borrowed(UNKNOWN));
    let pages = &call.options.pages;
    // wire: outside of development, the front end's start page shows the error.
    let elsewhere = pages
        .error_url
        .as_deref()
        .or((!pages.is_development).then_some("/"));
    if let Some(url) = elsewhere {
        return answer::plain_redirect(&with_query(url, &code, description.as_deref()));
    }
    let page = ErrorPage {
        description: description.unwrap_or(Cow::Borrowed(error_words::describe(&code))),
        code,
        start_page: pages.start_page(),
    };
    Ok(answer::page(&page.page()))
}

fn is_code(text: &str) -> bool {
    let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"_-'".contains(&byte);
    !text.is_empty() && text.bytes().all(is_allowed)
}

fn with_query(url: &str, code: &str, description: Option<&str>) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.append_pair("error", code);
    if let Some(description) = description {
        query.append_pair("error_description", description);
    }
    let mark = if url.contains('?') { '&' } else { '?' };
    format!("{url}{mark}{}", query.finish())
}
