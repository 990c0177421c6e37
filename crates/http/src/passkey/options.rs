//! The options with which browsers register passkeys and sign in with them.

use actix_web::HttpResponse;
use portcullis_application::{
    passkey::{Passkeys, RegistrationWish},
    session::{FreshCaller, StrictCaller},
};
use portcullis_domain::passkey::Attachment;

use super::view::{AuthenticationView, RegistrationView};
use crate::{
    answer,
    call::Call,
    endpoint::{ForAnyone, ForFreshCallers},
    error::ApiError,
    extract::body::{Query, Text, body},
    operation::{Answer, Operation},
    route::Route,
};

body! {
    Wish {
        attachment: Option<AttachmentName> = "authenticatorAttachment",
        name: Option<Text> = "name",
    }
}

body! {
    enum AttachmentName {
        Platform = "platform",
        CrossPlatform = "cross-platform",
    }
}

pub(super) const REGISTRATION: Route = Route::get(
    "/passkey/generate-register-options",
    &ForFreshCallers(|call, by, query| Box::pin(registration(call, by, query))),
)
.documented(&Operation {
    summary: "Begin the registration of a passkey",
    query: &[],
    answers: &[Answer::json::<RegistrationView<'_>>(
        "Options for the browser's `navigator.credentials.create`",
    )
    .with_cookies()],
    codes: &[],
})
.only_in_person();

pub(super) const AUTHENTICATION: Route = Route::get(
    "/passkey/generate-authenticate-options",
    &ForAnyone(|call, by, ()| Box::pin(authentication(call, by))),
)
.documented(&Operation {
    summary: "Begin a sign-in with a passkey",
    query: &[],
    answers: &[Answer::json::<AuthenticationView<'_>>(
        "Options for the browser's `navigator.credentials.get`",
    )
    .with_cookies()],
    codes: &[],
});

async fn registration(
    call: Call<'_, Passkeys>,
    by: FreshCaller,
    Query(query): Query<Wish>,
) -> Result<HttpResponse, ApiError> {
    let wish = RegistrationWish {
        name: query.name,
        attachment: query.attachment.map(Attachment::from),
    };
    let (options, token) = call.feature.begin_registration(&by, wish).await?;
    let view = RegistrationView::new(&options, call.feature.options());
    Ok(answer::with_effects(&view, &token.into(), &call.cookies()))
}

async fn authentication(
    call: Call<'_, Passkeys>,
    by: Option<StrictCaller>,
) -> Result<HttpResponse, ApiError> {
    let (options, token) = call.feature.begin_authentication(by.as_ref()).await?;
    let view = AuthenticationView::new(&options, call.feature.options());
    Ok(answer::with_effects(&view, &token.into(), &call.cookies()))
}

impl From<AttachmentName> for Attachment {
    fn from(name: AttachmentName) -> Self {
        match name {
            AttachmentName::Platform => Self::Platform,
            AttachmentName::CrossPlatform => Self::CrossPlatform,
        }
    }
}
