//! The development inbox: shows messages instead of sending them, only to browsers on this machine.

use std::{future, sync::Arc};

use actix_web::{
    HttpResponse,
    http::header::{self, HeaderMap},
};
use portcullis_application::ports::Inbox;
use url::Host;

use crate::{
    answer,
    call::Call,
    code,
    endpoint::Public,
    error::ApiError,
    features::Features,
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
    if !is_local_request(call) {
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

/// Returns whether the request comes from this machine and names it in `Host`. A foreign name that resolves to this
/// machine (DNS rebinding) is rejected, and so is a request that a proxy on this machine forwards for another client.
fn is_local_request(call: &Call<'_, Messages>) -> bool {
    let from_here = call
        .request
        .peer_addr()
        .is_none_or(|peer| peer.ip().to_canonical().is_loopback());
    let headers = call.request.headers();
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok());
    from_here && !is_forwarded(headers) && host.is_some_and(names_this_machine)
}

/// Returns whether a proxy has added a header.
fn is_forwarded(headers: &HeaderMap) -> bool {
    headers.keys().any(|name| {
        let name = name.as_str();
        matches!(name, "forwarded" | "via" | "x-real-ip") || name.starts_with("x-forwarded-")
    })
}

fn names_this_machine(host: &str) -> bool {
    let url = url::Url::parse(&format!("http://{host}/"));
    url.is_ok_and(|url| match url.host() {
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_localhost_and_loopback_addresses_name_this_machine() {
        for host in [
            "localhost",
            "localhost:3000",
            "127.0.0.1:3000",
            "[::1]:3000",
            "app.localhost",
        ] {
            assert!(names_this_machine(host), "{host}");
        }
        for host in [
            "evil.test",
            "localhost.evil.test",
            "10.0.0.1",
            "",
            "127.0.0.1.evil.test",
            "a@evil.test",
        ] {
            assert!(!names_this_machine(host), "{host}");
        }
    }
}
