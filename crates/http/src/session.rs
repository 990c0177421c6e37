//! Who is there?

use actix_web::HttpResponse;
use portcullis_application::{client_token::SessionEffect, session::Found};
use portcullis_domain::{session::Session, user::User};
use serde::Serialize;

use crate::{
    answer,
    call::Call,
    error::ApiError,
    route::Route,
    view::{session::SessionView, user::UserView},
};

#[derive(Serialize)]
struct SessionAndUser<'a> {
    session: SessionView<'a>,
    user: UserView<'a>,
}

impl<'a> From<&'a (Session, User)> for SessionAndUser<'a> {
    fn from((session, user): &'a (Session, User)) -> Self {
        Self {
            session: session.into(),
            user: user.into(),
        }
    }
}

pub(crate) static ROUTES: &[Route] = &[Route::get("/get-session").public(|call| Box::pin(current(call)))];

async fn current(call: Call<'_>) -> Result<HttpResponse, ApiError> {
    let cookies = call.cookies();
    let found = match cookies.session_token() {
        Some(token) => {
            let reading = call.reading(&cookies);
            call.app.sessions.current(&token, reading).await?
        }
        None => Found {
            session: None,
            effect: SessionEffect::None,
        },
    };
    let view = found.session.as_ref().map(SessionAndUser::from);
    Ok(answer::with_effect(&view, &found.effect, &cookies))
}
