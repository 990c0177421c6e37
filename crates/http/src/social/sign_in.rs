//! Sign-in with a provider: by sending the user there, or with an id token that the client got itself.

use actix_web::{HttpResponse, http::header};
use portcullis_application::{
    sign_in::completion::Outcome,
    social::{ClientIdToken, IdTokenSignIn, Start, Started},
};
use schemars::JsonSchema;
use serde::Serialize;

use super::code;
use crate::{
    answer,
    call::Call,
    endpoint::Public,
    error::ApiError,
    extract::body::{Body, ProviderName, Record, RedirectUrl, Text, Token, body},
    limit,
    operation::{Answer, Operation},
    route::Route,
    view::user::UserView,
};

body! {
    SignInSocial {
        callback_url: Option<RedirectUrl> = "callbackURL",
        new_user_url: Option<RedirectUrl> = "newUserCallbackURL",
        error_url: Option<RedirectUrl> = "errorCallbackURL",
        provider: ProviderName = "provider",
        disable_redirect: Option<bool> = "disableRedirect",
        id_token: Option<IdToken> = "idToken",
        scopes: Option<Vec<Text>> = "scopes",
        request_sign_up: Option<bool> = "requestSignUp",
        login_hint: Option<Text> = "loginHint",
        additional: Option<Record> = "additionalData",
    }
}

body! {
    IdToken {
        token: Token = "token",
        nonce: Option<Text> = "nonce",
        access_token: Option<Token> = "accessToken",
        refresh_token: Option<Token> = "refreshToken",
        // wire: Better Auth accepts the member and ignores it.
        _expires_at: Option<f64> = "expiresAt",
    }
}

/// The URL to which the user is to be sent.
#[derive(JsonSchema, Serialize)]
pub(crate) struct SendToProvider<'a> {
    url: &'a str,
    redirect: bool,
}

#[derive(JsonSchema, Serialize)]
#[schemars(inline)]
struct SignedIn<'a> {
    #[schemars(extend("const" = false))]
    redirect: bool,
    token: &'a str,
    user: UserView<'a>,
}

pub(crate) static ROUTES: &[Route] = &[Route::post(
    "/sign-in/social",
    &Public(|call, body| Box::pin(sign_in(call, body))),
)
.documented(&Operation {
    summary: "Sign in with an account of another provider",
    query: &[],
    answers: &[
        Answer::json::<SendToProvider<'_>>("The client is to send the user to this URL")
            .with_cookies()
            .with_location(),
        Answer::json::<SignedIn<'_>>("The user is signed in with the id token").with_cookies(),
        Answer::CHALLENGE,
    ],
    codes: &[
        &code::PROVIDER_NOT_FOUND,
        &code::PROVIDER_UNAVAILABLE,
        &code::STATE_TOO_LARGE,
        &code::ID_TOKEN_NOT_SUPPORTED,
        &code::INVALID_TOKEN,
        &code::NO_USER_INFO,
        &code::NO_EMAIL,
        &code::NOT_LINKED,
        &code::SIGN_UP_DISABLED,
        &code::UNABLE_TO_CREATE_USER,
    ],
})
.completes_sign_ins()
.limited(limit::SIGN_IN)
.rejects_foreign_sites()
.waits_for_providers()];

async fn sign_in(call: Call<'_>, Body(body): Body<SignInSocial>) -> Result<HttpResponse, ApiError> {
    if let Some(token) = body.id_token {
        let command = IdTokenSignIn {
            id_token: token.of(body.provider),
            callback_url: body.callback_url,
            request_sign_up: body.request_sign_up,
        };
        let social = &call.app.social;
        let outcome = social.sign_in_with_id_token(&command, &call.context()).await?;
        return show(&call, outcome);
    }
    let redirects = !body.disable_redirect.unwrap_or(false);
    let command = body.start();
    let started = call.app.social.start(None, command, &call.context()).await?;
    Ok(send_to_provider(&call, &started, redirects))
}

impl SignInSocial {
    fn start(self) -> Start {
        Start {
            provider: self.provider,
            callback_url: self.callback_url,
            new_user_url: self.new_user_url,
            error_url: self.error_url,
            scopes: self.scopes,
            request_sign_up: self.request_sign_up,
            login_hint: self.login_hint,
            additional: self.additional.unwrap_or_default(),
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
            scopes: None,
        }
    }
}

/// Returns the response to a request that was started. With `redirects`, it also has the URL in its header `Location`.
pub(crate) fn send_to_provider<F>(call: &Call<'_, F>, started: &Started, redirects: bool) -> HttpResponse {
    let mut response = started_at(call, started, redirects);
    if let Some(location) = answer::location(&started.url).filter(|_| redirects) {
        response.headers_mut().insert(header::LOCATION, location);
    }
    response
}

/// Returns the response to a request that was started, without the header `Location`.
pub(crate) fn started_at<F>(call: &Call<'_, F>, started: &Started, redirects: bool) -> HttpResponse {
    let view = SendToProvider {
        url: &started.url,
        redirect: redirects,
    };
    answer::with_effects(&view, &started.effects, &call.cookies())
}

fn show(call: &Call<'_>, outcome: Outcome) -> Result<HttpResponse, ApiError> {
    match outcome {
        Outcome::Completed(signed_in) => {
            let view = SignedIn {
                redirect: false,
                token: signed_in.session.token.expose(),
                user: call.presenter().user(&signed_in.user),
            };
            Ok(answer::with_effects(&view, &signed_in.effects, &call.cookies()))
        }
        Outcome::Challenged(challenge) => Ok(answer::challenge(&challenge, &call.cookies())),
        Outcome::Refused(refusal) => Err(refusal.into()),
    }
}
