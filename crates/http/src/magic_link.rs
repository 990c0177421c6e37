//! Sign-in with links of messages.

use actix_web::HttpResponse;
use chrono::TimeDelta;
use portcullis_application::{
    magic_link::{MagicLinkError, MagicLinks, SendLinkError, SendMagicLink},
    sign_in::{
        AddressSignedIn,
        completion::{Completed, Outcome},
    },
};
use portcullis_domain::{rate_limit::Rule, token::OneTimeToken};

use crate::{
    answer,
    app::App,
    call::Call,
    callback,
    code::{self, Code},
    endpoint::Public,
    error::ApiError,
    extract::body::{Body, Email, Name, Query, RedirectUrl, Text, body},
    operation::{Answer, Operation},
    route::Route,
    signed_in::{self, SignedIn},
    view::{confirm_page::ConfirmPage, outcome::Status},
};

body! {
    Send {
        email: Email = "email",
        name: Option<Name> = "name",
        callback: Option<RedirectUrl> = "callbackURL",
        new_user_callback: Option<RedirectUrl> = "newUserCallbackURL",
        error_callback: Option<RedirectUrl> = "errorCallbackURL",
    }
}

body! {
    Follow {
        token: Text = "token",
        callback: Option<RedirectUrl> = "callbackURL",
        error_callback: Option<RedirectUrl> = "errorCallbackURL",
        new_user_callback: Option<RedirectUrl> = "newUserCallbackURL",
    }
}

/// wire: the rule of Better Auth's plugin.
const LIMIT: Rule = Rule {
    window: TimeDelta::seconds(60),
    max: 5,
};

const MESSAGES_DISABLED: Code = Code::new(400, "MAGIC_LINK_ISNT_ENABLED", "Magic link isn't enabled");

pub(crate) const CODES: &[&Code] = &[&MESSAGES_DISABLED];

impl From<SendLinkError> for ApiError {
    fn from(error: SendLinkError) -> Self {
        match error {
            SendLinkError::MessagesDisabled => (&MESSAGES_DISABLED).into(),
            SendLinkError::Failure(failure) => failure.into(),
        }
    }
}

/// Returns the name of the error that the redirect reports. wire: Better Auth writes some names in capitals and others
/// not.
fn reported(error: MagicLinkError) -> Result<&'static str, ApiError> {
    Ok(match error {
        MagicLinkError::Invalid => "INVALID_TOKEN",
        MagicLinkError::Expired => "EXPIRED_TOKEN",
        MagicLinkError::SignUpDisabled => "new_user_signup_disabled",
        MagicLinkError::UnableToCreateUser => "failed_to_create_user",
        MagicLinkError::Failure(failure) => return Err(failure.into()),
    })
}

pub(crate) static ROUTES: &[Route] = &[
    Route::post(
        "/sign-in/magic-link",
        &Public(|call, body| Box::pin(send(call, body))),
    )
    .documented(&Operation {
        summary: "Send a mail with a link that signs in",
        query: &[],
        answers: &[Answer::json::<Status>(
            "It is done. The same whether or not a user has the address",
        )],
        codes: &[&MESSAGES_DISABLED],
    })
    .rejects_foreign_sites()
    .limited(LIMIT),
    Route::get(
        "/magic-link/verify",
        &Public(|call, query| Box::pin(follow(call, query))),
    )
    .documented(&Operation {
        summary: "Follow the link that signs in",
        query: &[],
        answers: &[
            Answer::json::<SignedIn<'_>>("The user is signed in, and the link names no page").with_cookies(),
            Answer::CHALLENGE,
            Answer::redirect(
                "To the page that the link names, with the parameter `error` if the link is rejected",
            )
            .with_cookies(),
            Answer::html("A form that confirms the sign-in, if `plugins.magic_link.confirm_page` is set"),
        ],
        codes: &[],
    })
    .completes_sign_ins()
    .with_secret_url()
    .returns_to_apps()
    .limited(LIMIT),
    Route::post(
        "/magic-link/verify",
        &Public(|call, query| Box::pin(confirm(call, query))),
    )
    .documented(&Operation {
        summary: "Confirm the sign-in on the page that the link shows",
        query: &[],
        answers: &[
            Answer::json::<SignedIn<'_>>("The user is signed in, and the link names no page").with_cookies(),
            Answer::CHALLENGE,
            Answer::redirect(
                "To the page that the link names, with the parameter `error` if the link is rejected",
            )
            .with_status(303)
            .with_cookies(),
        ],
        codes: &[&code::NOT_FOUND],
    })
    .offered_if(confirms)
    .accepts_forms()
    .rejects_foreign_sites()
    .completes_sign_ins()
    .with_secret_url()
    .returns_to_apps()
    .limited(LIMIT),
];

fn confirms(app: &App) -> bool {
    let links = app.features.get::<MagicLinks>();
    links.is_some_and(|links| links.confirms())
}

async fn send(call: Call<'_, MagicLinks>, Body(body): Body<Send>) -> Result<HttpResponse, ApiError> {
    let command = SendMagicLink {
        email: body.email,
        name: body.name,
        callback: body.callback,
        new_user_callback: body.new_user_callback,
        error_callback: body.error_callback,
    };
    call.feature.send(&command, &call.context()).await?;
    Ok(answer::json(&Status::DONE))
}

async fn follow(call: Call<'_, MagicLinks>, Query(link): Query<Follow>) -> Result<HttpResponse, ApiError> {
    if call.feature.confirms() {
        return Ok(answer::form_page(&ConfirmPage::page()));
    }
    sign_in(&call, link).await
}

async fn confirm(call: Call<'_, MagicLinks>, Query(link): Query<Follow>) -> Result<HttpResponse, ApiError> {
    if !call.feature.confirms() {
        return Err((&code::NOT_FOUND).into());
    }
    Ok(answer::after_form(sign_in(&call, link).await?))
}

async fn sign_in(call: &Call<'_, MagicLinks>, link: Follow) -> Result<HttpResponse, ApiError> {
    let token = OneTimeToken::new(link.token.clone());
    match call.feature.follow(&token, &call.context()).await {
        Ok(AddressSignedIn {
            outcome: Outcome::Completed(completed),
            is_new,
        }) => completed_at(call, &completed, link.page(is_new)),
        Ok(AddressSignedIn {
            outcome: Outcome::Challenged(challenge),
            ..
        }) => match link.page(false) {
            Some(page) => {
                let url = absolute(call, page)?;
                let url = callback::appended(&url, "twoFactorRedirect", "true");
                answer::redirect_with_effects(&url, &challenge.effects, &call.cookies())
            }
            None => Ok(answer::challenge(&challenge, &call.cookies())),
        },
        Ok(AddressSignedIn {
            outcome: Outcome::Refused(refusal),
            ..
        }) => Err(refusal.into()),
        Err(error) => {
            let url = callback::resolved(call.options, link.error_page(), "error", reported(error)?);
            answer::redirect(&url.ok_or(&code::INVALID_CALLBACKURL)?)
        }
    }
}

fn completed_at(
    call: &Call<'_, MagicLinks>,
    completed: &Completed,
    page: Option<&str>,
) -> Result<HttpResponse, ApiError> {
    match page {
        Some(page) => {
            let url = absolute(call, page)?;
            answer::redirect_with_effects(&url, &completed.effects, &call.cookies())
        }
        None => Ok(signed_in::completed(call, completed)),
    }
}

/// wire: Better Auth makes the URLs of pages absolute.
fn absolute(call: &Call<'_, MagicLinks>, page: &str) -> Result<String, ApiError> {
    let url = call.options.base_url.join(page);
    Ok(url.map_err(|_not_a_url| &code::INVALID_CALLBACKURL)?.into())
}

impl Follow {
    /// Returns the page to which the user is redirected. `None`: the answer is JSON.
    fn page(&self, is_new: bool) -> Option<&str> {
        let callback = filled(self.callback.as_deref())?;
        let new_user = filled(self.new_user_callback.as_deref()).filter(|_| is_new);
        Some(new_user.unwrap_or(callback))
    }

    /// Returns the page that shows errors.
    fn error_page(&self) -> &str {
        filled(self.error_callback.as_deref())
            .or(filled(self.callback.as_deref()))
            .unwrap_or("/")
    }
}

fn filled(url: Option<&str>) -> Option<&str> {
    url.filter(|url| !url.is_empty())
}
