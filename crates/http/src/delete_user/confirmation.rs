//! The link that confirms the deletion of the caller's user.

use actix_web::HttpResponse;
use portcullis_application::session::StrictCaller;
use portcullis_domain::token::OneTimeToken;

use super::{INVALID_TOKEN, NO_SESSION, REFERENCED, deleted, is_offered};
use crate::{
    answer,
    call::Call,
    code,
    endpoint::ForAnyone,
    error::ApiError,
    extract::body::Query,
    link::Link,
    operation::{Answer, Operation},
    route::Route,
    view::outcome::SuccessMessage,
};

pub(crate) static ROUTES: &[Route] = &[Route::get(
    "/delete-user/callback",
    &ForAnyone(|call, by, query| Box::pin(follow(call, by, query))),
)
.documented(&Operation {
    summary: "Follow the link that confirms the deletion of the caller's user",
    query: &[],
    answers: &[
        Answer::json::<SuccessMessage>("The user was deleted, and the link names no page").with_cookies(),
        Answer::redirect("The user was deleted; to the page that the link names").with_cookies(),
    ],
    codes: &[&code::UNAUTHORIZED, &INVALID_TOKEN, &NO_SESSION, &REFERENCED],
})
.only_in_person()
.offered_if(is_offered)
.deletes_users()
.with_secret_url()];

async fn follow(
    call: Call<'_>,
    by: Option<StrictCaller>,
    Query(link): Query<Link>,
) -> Result<HttpResponse, ApiError> {
    let callback = link.callback();
    let secret = OneTimeToken::new(link.token);
    let effects = call.app.delete_user.confirm(by.as_ref(), &secret).await?;
    match callback {
        Some(url) => answer::redirect_with_effects(&url, &effects, &call.cookies()),
        None => Ok(deleted(&call, &effects)),
    }
}
