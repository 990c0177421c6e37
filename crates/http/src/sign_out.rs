//! Sign-out.

use actix_web::HttpResponse;
use portcullis_domain::token::SessionToken;

use crate::{
    answer,
    call::Call,
    cookie::Cookies,
    endpoint::Public,
    error::ApiError,
    operation::{Answer, Operation},
    roll_call,
    route::Route,
    view::outcome::Success,
};

pub(crate) static ROUTES: &[Route] =
    &[
        Route::post("/sign-out", &Public(|call, ()| Box::pin(sign_out(call))))
            .documented(&Operation {
                summary: "End the caller's session, if there is one, and all sessions of the device",
                query: &[],
                answers: &[Answer::json::<Success>("There is no session any more").with_cookies()],
                codes: &[],
            })
            .reads_sessions(),
    ];

async fn sign_out(call: Call<'_>) -> Result<HttpResponse, ApiError> {
    let cookies = call.cookies();
    let further = further_sessions(&call, &cookies);
    let mut tokens = call.all_presented().tokens;
    tokens.extend(further.iter().map(|(_mark, token)| token.clone()));

    let effects = call.app.sign_out.end(&tokens).await?;
    call.app.sessions.note_ended(&tokens);
    let mut response = answer::with_effects(&Success::DONE, &effects, &cookies);
    for (mark, token) in &further {
        cookies.forget_session((mark, token), &mut response);
    }
    Ok(response)
}

/// Returns the sessions that the client keeps in addition to its current one, with the marks of their cookies.
fn further_sessions(call: &Call<'_>, cookies: &Cookies<'_>) -> Vec<(&'static str, SessionToken)> {
    let marks = roll_call::marks_of_further_sessions(&call.app.features);
    let sessions = marks.flat_map(|mark| {
        let tokens = cookies.further_sessions(mark).into_iter();
        tokens.map(move |token| (mark, token))
    });
    sessions.collect()
}
