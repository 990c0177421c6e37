//! The provider of development mode: the page that asks the developer who the user is, and the start of a sign-in from
//! the page at the root. Only browsers on this machine see them.

mod page;

use std::future;

use actix_web::{HttpResponse, http::StatusCode};
use portcullis_application::{
    dev_oidc::{AUTHORIZATION_PATH, Choice, DevOidc, ForeignRequest, ID, Person, PersonRequest},
    social::Start,
};
use portcullis_domain::email::EmailAddress;

use self::page::DevOidcPage;
use crate::{
    answer,
    call::Call,
    code,
    endpoint::Public,
    error::ApiError,
    extract::body::{Body, Query, Text, body},
    features::Features,
    local_request,
    operation::{Answer, Operation},
    route::Route,
};

/// The path of the form at the root that starts a sign-in.
const START_PATH: &str = "/dev/oidc/start";

/// The page to which the browser returns.
const ROOT: &str = "/";

body! {
    Parameters {
        response_type: Option<Text> = "response_type",
        client_id: Option<Text> = "client_id",
        redirect_uri: Option<Text> = "redirect_uri",
        state: Option<Text> = "state",
        code_challenge: Option<Text> = "code_challenge",
        code_challenge_method: Option<Text> = "code_challenge_method",
        login_hint: Option<Text> = "login_hint",
    }
}

body! {
    Form {
        name: Option<Text> = "name",
        email: Option<Text> = "email",
        email_verified: Option<Text> = "emailVerified",
        cancel: Option<Text> = "cancel",
    }
}

pub(crate) static ROUTES: &[Route] = &[
    Route::post(START_PATH, &Public(|call, ()| Box::pin(start(call))))
        .documented(&Operation {
            summary: "Sign in with the development provider, in development, on this machine",
            query: &[],
            answers: &[Answer::redirect("To the page of the development provider")
                .with_status(303)
                .with_cookies()],
            codes: &[&code::NOT_FOUND],
        })
        .accepts_forms()
        .rejects_foreign_sites()
        .outside_base_path(),
    Route::get(
        AUTHORIZATION_PATH,
        &Public(|call, query| Box::pin(future::ready(show(&call, query)))),
    )
    .documented(&Operation {
        summary: "Ask the developer who the user is, in development, on this machine",
        query: &[],
        answers: &[Answer::html("The page")],
        codes: &[&code::NOT_FOUND],
    })
    .with_secret_url()
    .outside_base_path(),
    Route::post(
        AUTHORIZATION_PATH,
        &Public(|call, input| Box::pin(future::ready(decide(&call, input)))),
    )
    .documented(&Operation {
        summary: "Return from the development provider, in development, on this machine",
        query: &[],
        answers: &[
            Answer::redirect("To the callback, with a code or an error").with_status(303),
            Answer::html("The page with what is wrong"),
        ],
        codes: &[&code::NOT_FOUND],
    })
    .accepts_forms()
    .rejects_foreign_sites()
    .with_secret_url()
    .outside_base_path(),
];

/// Returns the path of the form with which a developer signs in, if the deployment has the provider.
pub(crate) fn start_path(features: &Features) -> Option<&'static str> {
    features.get::<DevOidc>().map(|_enabled| START_PATH)
}

/// Starts a sign-in as the application would.
async fn start(call: Call<'_, DevOidc>) -> Result<HttpResponse, ApiError> {
    require_developer(&call)?;
    require_own_page(&call)?;
    let command = Start {
        provider: ID.to_owned(),
        callback_url: Some(ROOT.to_owned()),
        error_url: Some(ROOT.to_owned()),
        request_sign_up: Some(true),
        ..Start::default()
    };
    let started = call.app.social.start(None, command, &call.context()).await?;
    let mut response = answer::redirect_with_effects(&started.url, &started.effects, &call.cookies())?;
    *response.status_mut() = StatusCode::SEE_OTHER;
    Ok(response)
}

fn show(call: &Call<'_, DevOidc>, Query(sent): Query<Parameters>) -> Result<HttpResponse, ApiError> {
    require_developer(call)?;
    let (request, login_hint) = sent.split();
    call.feature.check(&request).map_err(not_found)?;
    Ok(page(call, &login_hint, None))
}

fn decide(
    call: &Call<'_, DevOidc>,
    (Body(form), Query(sent)): (Body<Form>, Query<Parameters>),
) -> Result<HttpResponse, ApiError> {
    require_developer(call)?;
    require_own_page(call)?;
    let (request, login_hint) = sent.split();
    match form.choice() {
        Ok(choice) => {
            let url = call.feature.decide(&request, choice).map_err(not_found)?;
            answer::redirect_after_form(&url)
        }
        Err(problem) => {
            call.feature.check(&request).map_err(not_found)?;
            Ok(page(call, &login_hint, Some(problem)))
        }
    }
}

fn page(call: &Call<'_, DevOidc>, login_hint: &str, problem: Option<&str>) -> HttpResponse {
    let page = DevOidcPage {
        app_name: &call.options.pages.app_name,
        login_hint,
        problem,
    };
    answer::form_page(&page.page())
}

/// Requires that the request was sent on this machine, to this machine.
fn require_developer(call: &Call<'_, DevOidc>) -> Result<(), ApiError> {
    if local_request::is_local(call) {
        Ok(())
    } else {
        Err((&code::NOT_FOUND).into())
    }
}

/// Requires that a page of this server sent the form: a page of another origin, even of a trusted one, must not sign
/// its visitor in.
fn require_own_page(call: &Call<'_, DevOidc>) -> Result<(), ApiError> {
    if local_request::is_of_own_page(call) {
        Ok(())
    } else {
        Err((&code::INVALID_ORIGIN).into())
    }
}

fn not_found(ForeignRequest: ForeignRequest) -> ApiError {
    (&code::NOT_FOUND).into()
}

impl Parameters {
    /// Returns the request and the suggested address.
    fn split(self) -> (PersonRequest, String) {
        let request = PersonRequest {
            response_type: self.response_type.unwrap_or_default(),
            client_id: self.client_id.unwrap_or_default(),
            redirect_uri: self.redirect_uri.unwrap_or_default(),
            state: self.state.unwrap_or_default(),
            code_challenge: self.code_challenge.unwrap_or_default(),
            code_challenge_method: self.code_challenge_method.unwrap_or_default(),
        };
        (request, self.login_hint.unwrap_or_default())
    }
}

impl Form {
    /// Returns what the developer decides, or a sentence about what is wrong.
    fn choice(self) -> Result<Choice, &'static str> {
        if self.cancel.is_some() {
            return Ok(Choice::Denied);
        }
        let name = self.name.unwrap_or_default().trim().to_owned();
        if name.is_empty() {
            return Err("Type a name.");
        }
        let email = EmailAddress::parse(&self.email.unwrap_or_default());
        Ok(Choice::Approved(Person {
            name,
            email: email.map_err(|_not_an_address| "Type an e-mail address, such as ada@example.com.")?,
            is_email_verified: self.email_verified.is_some(),
        }))
    }
}
