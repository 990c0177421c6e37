//! Liveness and readiness.

use std::future;

use actix_web::HttpResponse;
use portcullis_application::{health::NotReady, ports::Failure};
use schemars::JsonSchema;
use serde::Serialize;

use crate::{
    call::Call,
    code::Code,
    endpoint::Public,
    error::{self, ApiError},
    operation::{Answer, Operation},
    route::Route,
};

const READ_ONLY: Code = Code::new(503, "DATABASE_READ_ONLY", "The database accepts no writes");
const CLOCK_SKEW: Code = Code::new(
    503,
    "CLOCK_SKEW",
    "The clock of this server differs from the database's",
);

pub(crate) const CODES: &[&Code] = &[&READ_ONLY, &CLOCK_SKEW];

#[derive(JsonSchema, Serialize)]
#[schemars(inline)]
struct Live {
    #[schemars(extend("const" = true))]
    ok: bool,
}

impl From<NotReady> for ApiError {
    fn from(error: NotReady) -> Self {
        match error {
            NotReady::ReadOnly => (&READ_ONLY).into(),
            NotReady::ClockSkew(skew) => {
                error::log(
                    Some(CLOCK_SKEW.name),
                    &Failure::unavailable(skew),
                    "this server is not ready",
                );
                (&CLOCK_SKEW).into()
            }
            NotReady::Failure(failure) => failure.into(),
            closed @ NotReady::Closed => Failure::unavailable(closed).into(),
        }
    }
}

pub(crate) static ROUTES: &[Route] = &[
    Route::get(
        "/health/live",
        &Public(|call, ()| Box::pin(future::ready(Ok(live(&call))))),
    )
    .documented(&Operation {
        summary: "Check whether the server responds",
        query: &[],
        answers: &[Answer::json::<Live>("It responds")],
        codes: &[],
    })
    .outside_base_path()
    .for_health_checks(),
    Route::get("/health/ready", &Public(|call, ()| Box::pin(ready(call))))
        .documented(&Operation {
            summary: "Check whether the server and its database can be used",
            query: &[],
            answers: &[Answer::json::<Live>("They can be used")],
            codes: &[&READ_ONLY, &CLOCK_SKEW],
        })
        .outside_base_path()
        .for_health_checks(),
    Route::get(
        "/ok",
        &Public(|call, ()| Box::pin(future::ready(Ok(live(&call))))),
    )
    .documented(&Operation {
        summary: "Check whether the server responds",
        query: &[],
        answers: &[Answer::json::<Live>("It responds")],
        codes: &[],
    }),
];

fn live(_call: &Call<'_>) -> HttpResponse {
    HttpResponse::Ok().json(Live { ok: true })
}

async fn ready(call: Call<'_>) -> Result<HttpResponse, ApiError> {
    call.app.health.ready().await?;
    Ok(live(&call))
}
