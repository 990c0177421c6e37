//! The description of the server's routes: an `OpenAPI` document, and a page that shows it.
//!
//! Both are made of the declarations that the pipeline itself reads, so that they cannot contradict it.

mod answers;
mod deployment;
mod document;
mod example;
mod input;
mod json;
mod operation;
mod page;
mod paths;
mod schema;
mod security;
mod words;

use std::{future, sync::OnceLock};

use actix_web::{
    HttpResponse,
    http::header::{self, HeaderValue},
};
use serde_json::{Map, Value};

use crate::{
    answer,
    call::Call,
    endpoint::Public,
    error::ApiError,
    operation::{Answer, Operation},
    route::Route,
};

/// The `OpenAPI` document. It is made for the first request, since nothing of it changes while the server runs.
#[derive(Debug, Default)]
pub struct OpenApi(OnceLock<Value>);

/// The page that shows the document.
#[derive(Clone, Debug)]
pub struct OpenApiPage {
    path: String,
    nonce: Option<String>,
    /// The page as HTML. It is made for the first request, as the document is.
    html: OnceLock<String>,
}

impl OpenApiPage {
    /// Creates the page at `path`, below the base path. `nonce` is a value that a content security policy of the
    /// deployment allows in addition: the attribute `nonce` of the page's style and script.
    #[must_use]
    pub const fn new(path: String, nonce: Option<String>) -> Self {
        Self {
            path,
            nonce,
            html: OnceLock::new(),
        }
    }

    /// Returns its path, below the base path.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }
}

pub(crate) static ROUTES: &[Route] = &[
    Route::get(
        "/open-api/generate-schema",
        &Public(|call, ()| Box::pin(future::ready(Ok(describe(&call))))),
    )
    .documented(&Operation {
        summary: "Return the OpenAPI document of this server",
        query: &[],
        answers: &[Answer::json::<Map<String, Value>>("The document, OpenAPI 3.1")],
        codes: &[],
    }),
    Route::get(
        "/reference",
        &Public(|call, ()| Box::pin(future::ready(show(&call)))),
    )
    .documented(&Operation {
        summary: "Show the routes of this server, and try them",
        query: &[],
        answers: &[Answer::html("The page")],
        codes: &[],
    })
    .at(|features| Some(features.get::<OpenApiPage>()?.path().to_owned())),
];

fn describe(call: &Call<'_, OpenApi>) -> HttpResponse {
    let document = &call.feature.0;
    answer::json(document.get_or_init(|| document::of(call.app, call.options)))
}

fn show(call: &Call<'_, OpenApiPage>) -> Result<HttpResponse, ApiError> {
    let nonce = call.feature.nonce.as_deref();
    let html = call.feature.html.get_or_init(|| {
        let document = &document::of(call.app, call.options);
        page::Reference { document, nonce }.to_string()
    });
    let policy = HeaderValue::from_maybe_shared(page::policy(nonce));
    let policy = policy.map_err(|_invalid_nonce| &crate::code::INTERNAL_SERVER_ERROR)?;
    Ok(HttpResponse::Ok()
        .content_type("text/html")
        .insert_header((header::CONTENT_SECURITY_POLICY, policy))
        .insert_header((header::CACHE_CONTROL, answer::NO_STORE))
        .body(html.clone()))
}
