//! Invitations that the caller received.

use actix_web::HttpResponse;
use portcullis_application::{organization::Organizations, session::StrictCaller};
use portcullis_domain::organization::InvitationId;

use super::{
    code::{invitation as code, of_organization},
    input::{ListUserInvitations, OneInvitationById},
    presenter,
    view::{InvitationOfOrganizationView, ReceivedInvitationView},
};
use crate::{
    answer,
    call::Call,
    endpoint::ForAnyone,
    error::ApiError,
    extract::body::Query,
    operation::{Answer, Operation},
    route::Route,
};

pub(crate) static ROUTES: &[Route] = &[
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
