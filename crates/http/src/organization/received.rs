//! Invitations that the caller received.

use actix_web::HttpResponse;
use portcullis_application::{organization::Organizations, session::StrictCaller};
use portcullis_domain::organization::InvitationId;
use schemars::JsonSchema;
use serde::Serialize;

use super::{
    code::{invitation as code, member, of_organization, team},
    input::{ListUserInvitations, OneInvitation, OneInvitationById},
    presenter,
    view::{InvitationOfOrganizationView, InvitationView, MemberView, ReceivedInvitationView},
};
use crate::{
    answer,
    call::Call,
    endpoint::{ForAnyone, ForCallers},
    error::ApiError,
    extract::body::{Body, Query},
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
    Route::get(
        "/organization/get-invitation",
        &ForAnyone(|call, by, query| Box::pin(get(call, by, query))),
    )
    .documented(&Operation {
        summary: "Return an invitation that the caller received",
        query: &[],
        answers: &[Answer::json::<InvitationOfOrganizationView<'_>>("The invitation")],
        codes: &[
            &of_organization::NOT_AUTHENTICATED,
            &code::INVITATION_NOT_FOUND,
            &code::NOT_THE_RECIPIENT,
            &code::VERIFICATION_REQUIRED,
            &code::INVITER_LEFT,
        ],
    }),
    Route::get(
        "/organization/list-user-invitations",
        &ForAnyone(|call, by, query| Box::pin(list(call, by, query))),
    )
    .documented(&Operation {
        summary: "List the unanswered invitations that the caller received",
        query: &[],
        answers: &[Answer::json::<Vec<ReceivedInvitationView<'_>>>("The invitations")],
        codes: &[&code::EMAIL_IN_QUERY, &code::MISSING_SESSION],
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

async fn get(
    call: Call<'_, Organizations>,
    by: Option<StrictCaller>,
    Query(query): Query<OneInvitationById>,
) -> Result<HttpResponse, ApiError> {
    let by = by.ok_or(&of_organization::NOT_AUTHENTICATED)?;
    let received = call.feature.invitation(&by, &InvitationId::new(query.id)).await?;
    Ok(answer::json(&InvitationOfOrganizationView {
        invitation: presenter(&call.feature).invitation(&received.invitation),
        organization_name: &received.organization.name,
        organization_slug: &received.organization.slug,
        inviter_email: received.inviter_email.as_str(),
    }))
}

async fn list(
    call: Call<'_, Organizations>,
    by: Option<StrictCaller>,
    Query(query): Query<ListUserInvitations>,
) -> Result<HttpResponse, ApiError> {
    if query.email.is_some_and(|email| !email.is_empty()) {
        return Err((&code::EMAIL_IN_QUERY).into());
    }
    let by = by.ok_or(&code::MISSING_SESSION)?;
    let received = call.feature.list_received(&by).await?;
    let presenter = presenter(&call.feature);
    let views = received.iter().map(|it| presenter.received_invitation(it));
    Ok(answer::json(&views.collect::<Vec<_>>()))
}
