//! The page at the root.
//!
//! A link in a message leads there if the request for it named no callback. A proxy that sends only the base path to
//! this server shows the deployment's own page instead.

use std::future;

use actix_web::{HttpResponse, http::header};

use crate::{
    answer,
    call::Call,
    callback,
    endpoint::Public,
    error::ApiError,
    inbox,
    operation::{Answer, Operation, Parameter},
    options::Options,
    roll_call,
    route::Route,
    view::home_page::{Development, HomePage},
};

pub(crate) static ROUTES: &[Route] =
    &[
        Route::get("/", &Public(|call, ()| Box::pin(future::ready(show(&call)))))
            .documented(&Operation {
                summary: "Show the page at the root",
                query: &[Parameter {
                    name: "error",
                    description: "The code of an error to show",
                }],
                answers: &[
                    Answer::html("The page"),
                    Answer::redirect("To the front end, in production, if it is configured"),
                ],
                codes: &[],
            })
            .outside_base_path(),
    ];

/// Redirects to the front end if its start page is configured, except in development.
fn show(call: &Call<'_>) -> Result<HttpResponse, ApiError> {
    let error = call.query.first("error");
    let Options { pages, .. } = call.options;
    if let Some(url) = pages
        .default_redirect_url
        .as_deref()
        .filter(|_| !pages.is_development)
    {
        return match error {
            Some(error) => {
                let url = callback::resolved(call.options, url, "error", &error);
                answer::redirect(&url.unwrap_or_default())
            }
            None => answer::redirect(url),
        };
    }
    let page = HomePage {
        app_name: &pages.app_name,
        error: error.as_deref(),
        development: pages.is_development.then(|| development(call)),
    };
    let mut response = answer::page(&page.page());
    response
        .headers_mut()
        .insert(header::CACHE_CONTROL, answer::NO_STORE);
    Ok(response)
}

fn development<'a>(call: &Call<'a>) -> Development<'a> {
    let pages = &call.options.pages;
    Development {
        endpoints: call.options.routes_url(),
        has_inbox: inbox::is_shown(&call.app.features),
        reference: roll_call::reference_path(&call.app.features),
        front_end: pages.default_redirect_url.as_deref(),
    }
}
