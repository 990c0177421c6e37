//! Sign-out.

use actix_web::HttpResponse;

use crate::{
    answer,
    call::Call,
    endpoint::Public,
    error::ApiError,
    operation::{Answer, Operation},
    route::Route,
    view::outcome::Success,
};

pub(crate) static ROUTES: &[Route] =
    &[
        Route::post("/sign-out", &Public(|call, ()| Box::pin(sign_out(call))))
            .documented(&Operation {
                summary: "End the caller's session, if there is one",
                query: &[],
                answers: &[Answer::json::<Success>("There is no session any more").with_cookies()],
                codes: &[],
            })
            .reads_sessions(),
    ];

async fn sign_out(call: Call<'_>) -> Result<HttpResponse, ApiError> {
    let cookies = call.cookies();
    let tokens = call.all_presented().tokens;
    let effects = call.app.sign_out.end(&tokens).await?;
    call.app.sessions.note_ended(&tokens);
    Ok(answer::with_effects(&Success::DONE, &effects, &cookies))
}
