//! The page at the root.
//!
//! A link in a message leads there if the request for it named no callback. A proxy that sends only the base path to
//! this server shows the deployment's own page instead.

use actix_web::{HttpResponse, http::header};
use portcullis_domain::user::User;

use crate::{
    answer,
    call::Call,
    callback, caller,
    endpoint::Public,
    error::ApiError,
    inbox, local_request,
    operation::{Answer, Operation, Parameter},
    roll_call,
    route::Route,
    view::home_page::{Development, HomePage, SignIn},
};

pub(crate) static ROUTES: &[Route] = &[Route::get("/", &Public(|call, ()| Box::pin(show(call))))
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
    .outside_base_path()];

/// Redirects to the front end if its start page is configured, except in development.
async fn show(call: Call<'_>) -> Result<HttpResponse, ApiError> {
    let error = call.query.first("error");
    let pages = &call.options.pages;
    if pages.is_development {
        let user = user(&call).await;
        let development = development(&call, user.as_ref());
        return Ok(page(&call, error.as_deref(), Some(development)));
    }
    match (pages.default_redirect_url.as_deref(), error) {
        (Some(url), Some(error)) => {
            let url = callback::resolved(call.options, url, "error", &error);
            answer::redirect(&url.unwrap_or_default())
        }
        (Some(url), None) => answer::redirect(url),
        (None, error) => Ok(page(&call, error.as_deref(), None)),
    }
}

fn page(call: &Call<'_>, error: Option<&str>, development: Option<Development<'_>>) -> HttpResponse {
    let page = HomePage {
        app_name: &call.options.pages.app_name,
        error,
        development,
    };
    let mut response = answer::form_page(&page.page());
    response
        .headers_mut()
        .insert(header::CACHE_CONTROL, answer::NO_STORE);
    response
}

/// Returns the user who is signed in. If the database cannot be read, the page is shown without the user; it links to
/// the state of the database.
async fn user(call: &Call<'_>) -> Option<User> {
    let caller = caller::find_unrenewed(call).await;
    caller.ok().flatten().map(|caller| caller.user().clone())
}

fn development<'a>(call: &Call<'a>, user: Option<&'a User>) -> Development<'a> {
    let pages = &call.options.pages;
    Development {
        endpoints: call.options.routes_url(),
        user: user.map(|user| (user.name.as_str(), user.email.as_str())),
        sign_in: sign_in(call),
        has_inbox: inbox::is_shown(&call.app.features),
        reference: roll_call::reference_path(&call.app.features),
        front_end: pages.default_redirect_url.as_deref(),
    }
}

/// Returns how the developer can try a sign-in with the development provider.
fn sign_in(call: &Call<'_>) -> Option<SignIn> {
    let path = roll_call::developer_sign_in(&call.app.features)?;
    if !local_request::is_local(call) {
        return None;
    }
    Some(if local_request::is_at_base_url(call) {
        SignIn::Here(path)
    } else {
        SignIn::At(call.options.origin())
    })
}
