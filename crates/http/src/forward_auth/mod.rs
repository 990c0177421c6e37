//! The check that a proxy performs before it passes a request on to an application.
//!
//! nginx calls it `auth_request`, Caddy `forward_auth`, Traefik `ForwardAuth`, Envoy `ext_authz`. The proxy passes the
//! request on only after 200, with the headers that name the user.

mod original;

use actix_web::{
    HttpResponse,
    http::header::{self, HeaderMap, HeaderName, HeaderValue},
};
use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};
use portcullis_application::forward_auth::{ForwardAuth, ForwardAuthError, Pass};
use portcullis_domain::forward_auth::AccessRule;
use url::Url;

use self::original::Original;
use crate::{
    answer,
    call::Call,
    caller, code,
    code::Code,
    endpoint::Public,
    error::{ApiError, ErrorForm},
    operation::{Answer, Operation},
    route::Route,
};

const USER_ID: &str = "x-portcullis-user-id";
const USER_EMAIL: &str = "x-portcullis-user-email";
const SESSION_ID: &str = "x-portcullis-session-id";
const TOKEN: &str = "x-portcullis-token";
/// Every response has these headers, so that a proxy that copies them replaces those that its client sent.
const IDENTITY: &[&str] = &[USER_ID, USER_EMAIL, SESSION_ID, TOKEN];
/// What is percent-encoded in a value, in addition to characters that are not ASCII: what headers cannot contain, what
/// separates two values, and the percent sign.
const ENCODED: &AsciiSet = &CONTROLS.add(b' ').add(b',').add(b'%');
/// Maximum length of a token in a header: many proxies reject longer ones.
const LONGEST_TOKEN: usize = 8 * 1024;

const UNKNOWN_RULE: Code = Code::new(404, "UNKNOWN_RULE", "There is no such rule");
const REQUIREMENT_NOT_MET: Code = Code::new(
    403,
    "REQUIREMENT_NOT_MET",
    "The user does not meet the requirements",
);

pub(crate) const CODES: &[&Code] = &[&UNKNOWN_RULE, &REQUIREMENT_NOT_MET];

const CHECK: Operation = Operation {
    summary: "Check for a proxy whether a request may pass (any method)",
    query: &[],
    answers: &[
        Answer::empty("The request may pass; the headers `X-Portcullis-…` name the user"),
        Answer::redirect("To the sign-in page, for a browser that opens a page without a session"),
    ],
    codes: &[&UNKNOWN_RULE, &REQUIREMENT_NOT_MET, &code::UNAUTHORIZED],
};

/// Below the path without a rule, there is no route: the path that Envoy appends would choose the rule.
pub(crate) static ROUTES: &[Route] = &[
    Route::any(
        "/portcullis/forward-auth",
        &Public(|call, ()| Box::pin(check(call))),
    )
    .documented(&CHECK)
    .reads_sessions()
    .for_proxies()
    .always_with(IDENTITY),
    Route::any(
        "/portcullis/forward-auth/:rule/**",
        &Public(|call, ()| Box::pin(check(call))),
    )
    .documented(&CHECK)
    .reads_sessions()
    .for_proxies()
    .always_with(IDENTITY),
];

async fn check(call: Call<'_, ForwardAuth>) -> Result<HttpResponse, ApiError> {
    let rule = call.feature.rule(call.segment).ok_or(&UNKNOWN_RULE)?;
    let by = caller::find_unrenewed(&call).await?;
    let view = |user: &_| call.presenter().user_members(user);
    match call.feature.check(rule, by.as_ref(), view).await {
        Ok(pass) => Ok(passed(&pass)),
        Err(ForwardAuthError::Anonymous) => sign_in(&call, rule),
        Err(ForwardAuthError::Refused) => Err((&REQUIREMENT_NOT_MET).into()),
        Err(ForwardAuthError::Failure(failure)) => Err(failure.into()),
    }
}

/// Passes the request on, with the headers that name the user.
fn passed(pass: &Pass<'_>) -> HttpResponse {
    let mut response = HttpResponse::Ok()
        .insert_header((header::CACHE_CONTROL, answer::NO_STORE))
        .finish();
    let headers = response.headers_mut();
    if let Some(by) = pass.by {
        set(headers, USER_ID, by.user().id.as_str());
        set(headers, USER_EMAIL, by.user().email.as_str());
        set(headers, SESSION_ID, by.session().id.as_str());
    }
    let token = pass.token.as_deref();
    if let Some(token) = token.filter(|token| token.len() <= LONGEST_TOKEN) {
        set(headers, TOKEN, token);
    }
    response
}

fn set(headers: &mut HeaderMap, name: &'static str, value: &str) {
    let encoded = utf8_percent_encode(value, ENCODED).to_string();
    if let Ok(value) = HeaderValue::from_maybe_shared(encoded) {
        headers.insert(HeaderName::from_static(name), value);
    }
}

/// Returns the response to a client without a session: browsers that open a page sign in, all others get 401.
fn sign_in(call: &Call<'_, ForwardAuth>, rule: &AccessRule) -> Result<HttpResponse, ApiError> {
    let original = Original::new(call.request, call.tail);
    let page = rule.sign_in_url.as_ref().filter(|_| original.is_page());
    let Some(page) = page else {
        return Err((&code::UNAUTHORIZED).into());
    };
    let back = original.url(call.options);
    let url = with_callback(page, back.as_ref());
    if original.is_passed_by_redirects() {
        return answer::redirect(url.as_str());
    }
    // nginx answers 500 if the response is a redirect. It can redirect the browser itself, to the URL in this header.
    let mut response = ApiError::from(&code::UNAUTHORIZED).respond(ErrorForm::BetterAuth);
    if let Some(location) = answer::location(url.as_str()) {
        response.headers_mut().insert(header::LOCATION, location);
    }
    Ok(response)
}

/// Returns the URL of a sign-in page that leads back to this URL. `None`: it leads to the page's own default.
fn with_callback(page: &Url, back: Option<&Url>) -> Url {
    let mut url = page.clone();
    if let Some(back) = back {
        url.query_pairs_mut().append_pair("callbackURL", back.as_str());
    }
    url
}
