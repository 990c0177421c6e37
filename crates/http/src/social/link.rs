//! Linking of an account of another provider to the caller.

use actix_web::HttpResponse;
use portcullis_application::{
    session::StrictCaller,
    social::{ClientIdToken, Start},
};
use schemars::JsonSchema;
use serde::Serialize;

use super::{
    code,
    sign_in::{SendToProvider, send_to_provider},
};
use crate::{
    answer,
    call::Call,
    endpoint::ForCallers,
    error::ApiError,
    extract::body::{Body, ProviderName, Record, RedirectUrl, Text, Token, body},
    operation::{Answer, Operation},
    route::Route,
};

body! {
    LinkSocial {
        callback_url: Option<RedirectUrl> = "callbackURL",
        provider: ProviderName = "provider",
        id_token: Option<IdToken> = "idToken",
        request_sign_up: Option<bool> = "requestSignUp",
        scopes: Option<Vec<Text>> = "scopes",
        error_url: Option<RedirectUrl> = "errorCallbackURL",
        disable_redirect: Option<bool> = "disableRedirect",
        additional: Option<Record> = "additionalData",
    }
}

body! {
    IdToken {
        token: Token = "token",
        nonce: Option<Text> = "nonce",
        access_token: Option<Token> = "accessToken",
        refresh_token: Option<Token> = "refreshToken",
        scopes: Option<Vec<Text>> = "scopes",
    }
}

#[derive(JsonSchema, Serialize)]
#[schemars(inline)]
struct Linked {
    url: &'static str,
    #[schemars(extend("const" = true))]
    status: bool,
    #[schemars(extend("const" = false))]
    redirect: bool,
}

pub(crate) static ROUTES: &[Route] = &[Route::post(
    "/link-social",
    &ForCallers(|call, by, body| Box::pin(link(call, by, body))),
)
.documented(&Operation {
    summary: "Link an account of another provider to the caller",
    query: &[],
    answers: &[
        Answer::json::<SendToProvider<'_>>("The client is to send the user to this URL")
            .with_cookies()
            .with_location(),
        Answer::json::<Linked>("The account of the id token is linked"),
    ],
    codes: &[
        &code::PROVIDER_NOT_FOUND,
        &code::PROVIDER_UNAVAILABLE,
        &code::STATE_TOO_LARGE,
        &code::ID_TOKEN_NOT_SUPPORTED,
        &code::INVALID_TOKEN,
        &code::NO_USER_INFO,
        &code::NO_EMAIL,
        &code::LINKING_NOT_ALLOWED,
        &code::DIFFERENT_EMAILS,
        &code::UNABLE_TO_LINK,
    ],
})
.only_in_person()
.waits_for_providers()];

async fn link(
    call: Call<'_>,
    by: StrictCaller,
    Body(body): Body<LinkSocial>,
) -> Result<HttpResponse, ApiError> {
    let social = &call.app.social;
    if let Some(token) = body.id_token {
        social.link_id_token(&by, &token.of(body.provider)).await?;
        return Ok(answer::json(&Linked {
            url: "",
            status: true,
            redirect: false,
        }));
    }
    let redirects = !body.disable_redirect.unwrap_or(false);
    let command = body.start();
    let started = social.start(Some(&by), command, &call.context()).await?;
    Ok(send_to_provider(&call, &started, redirects))
}

impl LinkSocial {
    fn start(self) -> Start {
        Start {
            provider: self.provider,
            callback_url: self.callback_url,
            error_url: self.error_url,
            scopes: self.scopes,
            request_sign_up: self.request_sign_up,
            additional: self.additional.unwrap_or_default(),
            ..Start::default()
        }
    }
}

impl IdToken {
    fn of(self, provider: String) -> ClientIdToken {
        ClientIdToken {
            provider,
            token: self.token,
            nonce: self.nonce,
            access_token: self.access_token,
            refresh_token: self.refresh_token,
            scopes: self.scopes,
        }
    }
}
