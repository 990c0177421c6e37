//! The tokens of the caller's accounts at other providers, and the caller's profiles there.

use actix_web::HttpResponse;
use portcullis_application::{
    client_token::TokenEffect,
    ports::ProviderError,
    provider_token::{IssuedTokens, TokenError, WantedAccount},
    session::StrictCaller,
};
use portcullis_domain::secret::Secret;
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Map, Value, json};

use crate::{
    account, answer,
    call::Call,
    code::Code,
    endpoint::ForCallers,
    error::ApiError,
    extract::body::{Body, Query, Text, body},
    operation::{Answer, Operation},
    route::Route,
    view::date::Date,
};

body! {
    Wanted {
        provider: Text = "providerId",
        account: Option<Text> = "accountId",
        // wire: Better Auth reads the member only from calls within its own process.
        _user: Option<Text> = "userId",
    }
}

body! {
    WantedInfo {
        account_id: Option<Text> = "accountId",
    }
}

/// The access token of an account.
#[derive(JsonSchema, Serialize)]
#[serde(rename_all = "camelCase")]
#[schemars(inline)]
struct AccessTokenView<'a> {
    access_token: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    access_token_expires_at: Option<Date>,
    scopes: Vec<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    id_token: Option<&'a str>,
}

/// The refreshed tokens of an account.
#[derive(JsonSchema, Serialize)]
#[serde(rename_all = "camelCase")]
#[schemars(inline)]
struct RefreshedView<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    access_token: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    refresh_token: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    access_token_expires_at: Option<Date>,
    #[serde(skip_serializing_if = "Option::is_none")]
    refresh_token_expires_at: Option<Date>,
    scope: Option<&'a str>,
    id_token: Option<&'a str>,
    provider_id: &'a str,
    account_id: &'a str,
}

/// The profile of the caller at a provider. `null` if the provider returns no usable profile.
#[derive(JsonSchema, Serialize)]
#[schemars(inline)]
struct AccountInfo {
    user: Map<String, Value>,
    data: Value,
}

/// The part of names and messages that stands for the id of the provider.
const NAME: &str = "NAME";

const NOT_SUPPORTED: Code = Code::new(
    400,
    "PROVIDER_NAME_IS_NOT_SUPPORTED",
    "Provider NAME is not supported.",
)
.varying(NAME);
const NOT_FOUND: Code = Code::new(400, "PROVIDER_NAME_NOT_FOUND", "Provider NAME not found.").varying(NAME);
const NOT_REFRESHABLE: Code = Code::new(
    400,
    "PROVIDER_NAME_DOES_NOT_SUPPORT_TOKEN_REFRESHING",
    "Provider NAME does not support token refreshing.",
)
.varying(NAME);
const NOT_CONFIGURED: Code = Code::new(
    500,
    "PROVIDER_ACCOUNT_PROVIDER_IS_NAME_BUT_IT_IS_NOT_CONFIGURED",
    "Provider account provider is NAME but it is not configured",
)
.varying(NAME);
const NO_REFRESH_TOKEN: Code = Code::new(400, "REFRESH_TOKEN_NOT_FOUND", "Refresh token not found");
const NO_ACCESS_TOKEN: Code = Code::new(400, "ACCESS_TOKEN_NOT_FOUND", "Access token not found");
const NO_VALID_TOKEN: Code = Code::new(
    400,
    "FAILED_TO_GET_A_VALID_ACCESS_TOKEN",
    "Failed to get a valid access token",
);
const NOT_REFRESHED: Code = Code::new(
    400,
    "FAILED_TO_REFRESH_ACCESS_TOKEN",
    "Failed to refresh access token",
);

pub(crate) const CODES: &[&Code] = &[
    &NOT_SUPPORTED,
    &NOT_FOUND,
    &NOT_REFRESHABLE,
    &NOT_CONFIGURED,
    &NO_REFRESH_TOKEN,
    &NO_ACCESS_TOKEN,
    &NO_VALID_TOKEN,
    &NOT_REFRESHED,
];

impl From<TokenError> for ApiError {
    fn from(error: TokenError) -> Self {
        match error {
            TokenError::Unsupported(id) => Self::of_provider(&NOT_SUPPORTED, &id),
            TokenError::Unknown(id) => Self::of_provider(&NOT_FOUND, &id),
            TokenError::NotRefreshable(id) => Self::of_provider(&NOT_REFRESHABLE, &id),
            TokenError::NotConfigured(id) => Self::of_provider(&NOT_CONFIGURED, &id),
            TokenError::AccountNotFound => (&account::NOT_FOUND).into(),
            TokenError::NoRefreshToken => (&NO_REFRESH_TOKEN).into(),
            TokenError::NoAccessToken => (&NO_ACCESS_TOKEN).into(),
            TokenError::Unreadable => Self::from(&NO_VALID_TOKEN).caused_by(json!({})),
            TokenError::Provider(error) => Self::from(&NO_VALID_TOKEN).caused_by(cause(error)),
            TokenError::UnreadableRefreshToken => Self::from(&NOT_REFRESHED).caused_by(json!({})),
            TokenError::Refresh(error) => Self::from(&NOT_REFRESHED).caused_by(cause(error)),
            TokenError::Failure(failure) => failure.into(),
        }
    }
}

/// Returns the error response of a provider, as Better Auth shows it.
fn cause(error: ProviderError) -> Value {
    match error {
        ProviderError::Rejected(rejection) => {
            let mut cause = rejection.error;
            cause.insert("status".to_owned(), json!(rejection.status));
            cause.insert("statusText".to_owned(), json!(rejection.reason));
            Value::Object(cause)
        }
        ProviderError::Unusable(_) | ProviderError::Unreachable(_) => json!({}),
    }
}

pub(crate) static ROUTES: &[Route] = &[
    Route::post(
        "/get-access-token",
        &ForCallers(|call, by, body| Box::pin(access(call, by, body))),
    )
    .documented(&Operation {
        summary: "Get an access token of one of the caller's accounts, and refresh it if it is about to expire",
        query: &[],
        answers: &[Answer::json::<AccessTokenView<'_>>("The access token").with_cookies()],
        codes: &[&NOT_SUPPORTED, &account::NOT_FOUND, &NO_VALID_TOKEN],
    })
    .waits_for_providers(),
    Route::post(
        "/refresh-token",
        &ForCallers(|call, by, body| Box::pin(refresh(call, by, body))),
    )
    .documented(&Operation {
        summary: "Refresh the tokens of one of the caller's accounts",
        query: &[],
        answers: &[Answer::json::<RefreshedView<'_>>("The new tokens").with_cookies()],
        codes: &[
            &NOT_FOUND,
            &NOT_REFRESHABLE,
            &account::NOT_FOUND,
            &NO_REFRESH_TOKEN,
            &NOT_REFRESHED,
        ],
    })
    .waits_for_providers(),
    Route::get(
        "/account-info",
        &ForCallers(|call, by, query| Box::pin(info(call, by, query))),
    )
    .documented(&Operation {
        summary: "Return the caller's profile at a provider",
        query: &[],
        answers: &[Answer::json::<Option<AccountInfo>>("The provider's answer").with_cookies()],
        codes: &[
            &account::NOT_FOUND,
            &NOT_CONFIGURED,
            &NO_ACCESS_TOKEN,
            &NO_VALID_TOKEN,
        ],
    })
    .waits_for_providers(),
];

async fn access(
    call: Call<'_>,
    by: StrictCaller,
    Body(body): Body<Wanted>,
) -> Result<HttpResponse, ApiError> {
    let issued = call
        .app
        .account_tokens
        .access(&by, &body.into(), &call.context())
        .await?;
    let view = AccessTokenView {
        access_token: text(issued.access_token.as_ref()).unwrap_or_default(),
        access_token_expires_at: issued.access_token_expires_at.map(Date::from),
        scopes: issued.account.scopes().collect(),
        id_token: text(issued.account.tokens.id_token.as_ref()),
    };
    Ok(show(&call, &view, issued.effect.as_ref()))
}

async fn refresh(
    call: Call<'_>,
    by: StrictCaller,
    Body(body): Body<Wanted>,
) -> Result<HttpResponse, ApiError> {
    let issued = call
        .app
        .account_tokens
        .refresh(&by, &body.into(), &call.context())
        .await?;
    Ok(show(&call, &RefreshedView::from(&issued), issued.effect.as_ref()))
}

async fn info(
    call: Call<'_>,
    by: StrictCaller,
    Query(query): Query<WantedInfo>,
) -> Result<HttpResponse, ApiError> {
    let id = query.account_id.filter(|id| !id.is_empty());
    let found = call
        .app
        .account_tokens
        .info(&by, id.as_deref(), &call.context())
        .await?;
    let view = found.info.map(|info| AccountInfo {
        user: info.user,
        data: info.data,
    });
    Ok(show(&call, &view, found.effect.as_ref()))
}

/// Returns the response, which also changes the account that the client stores.
fn show(call: &Call<'_>, view: &impl Serialize, effect: Option<&TokenEffect>) -> HttpResponse {
    match effect {
        Some(effect) => answer::with_effects(view, &effect.clone().into(), &call.cookies()),
        None => answer::json(view),
    }
}

impl From<Wanted> for WantedAccount {
    fn from(wanted: Wanted) -> Self {
        Self {
            provider_id: wanted.provider,
            account: wanted.account.filter(|id| !id.is_empty()),
        }
    }
}

impl<'a> From<&'a IssuedTokens> for RefreshedView<'a> {
    fn from(issued: &'a IssuedTokens) -> Self {
        let account = &issued.account;
        Self {
            access_token: text(issued.access_token.as_ref()),
            refresh_token: text(issued.refresh_token.as_ref()),
            access_token_expires_at: issued.access_token_expires_at.map(Date::from),
            refresh_token_expires_at: issued.refresh_token_expires_at.map(Date::from),
            scope: account.scope.as_deref(),
            id_token: text(account.tokens.id_token.as_ref()),
            provider_id: &account.provider_id,
            account_id: &account.account_id,
        }
    }
}

fn text(token: Option<&Secret<String>>) -> Option<&str> {
    token.map(|token| token.expose().as_str())
}
