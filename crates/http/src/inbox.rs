//! The development inbox: shows messages instead of sending them, only to browsers on this machine.

use std::{future, sync::Arc};

use actix_web::{HttpResponse, http::header};
use portcullis_application::ports::Inbox;

use crate::{
    answer,
    call::Call,
    code,
    endpoint::Public,
    error::ApiError,
    features::Features,
    local_request,
    operation::{Answer, Operation},
    route::Route,
    view::inbox_page::InboxPage,
};

/// The messages that are shown to the developer. Without it, messages are sent.
type Messages = Arc<dyn Inbox>;

pub(crate) static ROUTES: &[Route] = &[Route::get(
    "/dev/inbox",
    &Public(|call, ()| Box::pin(future::ready(show(&call)))),
)
.documented(&Operation {
    summary: "Show the messages that were not sent, in development, on this machine",
    query: &[],
    answers: &[Answer::html("The page")],
    codes: &[&code::NOT_FOUND],
})
.outside_base_path()];

/// Whether the deployment shows messages to the developer.
pub(crate) fn is_shown(features: &Features) -> bool {
    features.get::<Messages>().is_some()
}

fn show(call: &Call<'_, Messages>) -> Result<HttpResponse, ApiError> {
    if !local_request::is_local(call) {
        return Err((&code::NOT_FOUND).into());
    }
    let page = InboxPage {
        entries: call.feature.newest_first(),
    };
    let mut response = answer::page(&page.page());
    response
        .headers_mut()
        .insert(header::CACHE_CONTROL, answer::NO_STORE);
    Ok(response)
}
