//! The caller's decision about a received invitation.

use actix_web::HttpResponse;
use portcullis_application::{organization::Organizations, session::StrictCaller};
use portcullis_domain::organization::InvitationId;
use schemars::JsonSchema;
use serde::Serialize;

use super::{
    code::{invitation as code, member, of_organization, team},
    input::OneInvitation,
    presenter,
    view::{InvitationView, MemberView},
};
use crate::{
    answer,
    call::Call,
    endpoint::ForCallers,
    error::ApiError,
    extract::body::Body,
    operation::{Answer, Operation},
    route::Route,
};

/// The answer to the recipient's decision.
#[derive(JsonSchema, Serialize)]
#[schemars(inline)]
struct Answered<'a> {
    invitation: InvitationView<'a>,
    member: Option<MemberView<'a>>,
}

pub(crate) static ROUTES: &[Route] = &[
    Route::post(
        "/organization/accept-invitation",
        &ForCallers(|call, by, body| Box::pin(accept(call, by, body))),
    )
    .documented(&Operation {
        summary: "Accept an invitation, and work in its organization",
        query: &[],
        answers: &[
            Answer::json::<Answered<'_>>("The invitation, and the caller's membership").with_cookies(),
        ],
        codes: &[
            &code::INVITATION_NOT_FOUND,
            &code::NOT_THE_RECIPIENT,
            &code::VERIFICATION_REQUIRED,
            &member::MEMBERSHIP_LIMIT_REACHED,
            &member::ALREADY_A_MEMBER,
            &team::TEAM_MEMBER_LIMIT_REACHED,
            &of_organization::FIELD_TAKEN,
        ],
    }),
    Route::post(
        "/organization/reject-invitation",
        &ForCallers(|call, by, body| Box::pin(reject(call, by, body))),
    )
    .documented(&Operation {
        summary: "Reject an invitation",
        query: &[],
        answers: &[Answer::json::<Answered<'_>>("The invitation, and no membership")],
        codes: &[
            &code::INVITATION_NOT_FOUND,
            &code::NOT_THE_RECIPIENT,
            &code::VERIFICATION_REQUIRED,
        ],
    }),
];

async fn accept(
    call: Call<'_, Organizations>,
    by: StrictCaller,
    Body(body): Body<OneInvitation>,
) -> Result<HttpResponse, ApiError> {
    let (id, is_remembered) = (InvitationId::new(body.invitation), call.is_remembered(Some(&by)));
    let accepted = call.feature.accept(&by, &id, is_remembered).await?;
    let presenter = presenter(&call.feature);
    let view = Answered {
        invitation: presenter.invitation(&accepted.invitation),
        member: Some(presenter.member(&accepted.member)),
    };
    Ok(answer::with_effects(&view, &accepted.effects, &call.cookies()))
}

async fn reject(
    call: Call<'_, Organizations>,
    by: StrictCaller,
    Body(body): Body<OneInvitation>,
) -> Result<HttpResponse, ApiError> {
    let id = InvitationId::new(body.invitation);
    let rejected = call.feature.reject(&by, &id).await?;
    Ok(answer::json(&Answered {
        invitation: presenter(&call.feature).invitation(&rejected),
        member: None,
    }))
}
