//! Creation of an API key by its owner.

use actix_web::HttpResponse;
use portcullis_application::{api_key::ApiKeys, session::StrictCaller};
use portcullis_domain::api_key::{KeyPrivileges, NewKey};
use serde_json::Value;

use super::{
    body::{Metadata, Permissions, Prefix, is_truthy, optional_lifetime, owner},
    code,
    view::ApiKeyView,
};
use crate::{
    answer,
    call::Call,
    endpoint::ForAnyone,
    error::ApiError,
    extract::body::{Anything, AtLeast, Body, Nullable, Text, body},
    operation::{Answer, Operation},
    route::Route,
};

body! {
    Create {
        name: Option<Text> = "name",
        expires_in: Option<Nullable<AtLeast<1>>> = "expiresIn",
        user_id: Anything = "userId",
        prefix: Option<Prefix> = "prefix",
        remaining: Option<Nullable<AtLeast<0>>> = "remaining",
        metadata: Metadata = "metadata",
        refill_amount: Option<AtLeast<1>> = "refillAmount",
        refill_interval: Option<f64> = "refillInterval",
        rate_limit_time_window: Option<f64> = "rateLimitTimeWindow",
        rate_limit_max: Option<f64> = "rateLimitMax",
        rate_limit_enabled: Option<bool> = "rateLimitEnabled",
        permissions: Option<Permissions> = "permissions",
    }
}

pub(super) const ROUTE: Route = Route::post(
    "/api-key/create",
    &ForAnyone(|call, by, body| Box::pin(create(call, by, body))),
)
.documented(&Operation {
    summary: "Create an API key of the caller",
    query: &[],
    answers: &[Answer::json::<ApiKeyView<'_>>(
        "The key, which is not shown again",
    )],
    codes: &[
        &code::UNAUTHORIZED,
        &code::SERVER_ONLY,
        &code::METADATA_DISABLED,
        &code::METADATA_TYPE,
        &code::FIXED_LIFETIME,
        &code::TOO_SHORT_LIFETIME,
        &code::TOO_LONG_LIFETIME,
        &code::PREFIX_LENGTH,
        &code::NAME_LENGTH,
        &code::NAME_REQUIRED,
        &code::TOO_MANY,
    ],
})
.only_in_person();

async fn create(
    call: Call<'_, ApiKeys>,
    by: Option<StrictCaller>,
    Body(body): Body<Create>,
) -> Result<HttpResponse, ApiError> {
    let by = owner(by, body.user_id.as_ref())?;
    if body.has_privileges() {
        return Err((&code::SERVER_ONLY).into());
    }
    let metadata = body.metadata.clone().unwrap_or_default();
    let created = call.feature.create(&by, body.into_key()).await?;
    let view = ApiKeyView::new(&created.key).created(&created.plain, &metadata);
    Ok(answer::json(&view))
}

impl Create {
    /// Returns whether the body contains what only services may set.
    fn has_privileges(&self) -> bool {
        matches!(self.remaining, Some(Nullable::Present(_)))
            || self.refill_amount.is_some()
            || self.refill_interval.is_some()
            || self.rate_limit_time_window.is_some()
            || self.rate_limit_max.is_some()
            || self.rate_limit_enabled.is_some()
            || self.permissions.is_some()
    }

    fn into_key(self) -> NewKey {
        NewKey {
            name: self.name,
            prefix: self.prefix,
            lifetime: optional_lifetime(self.expires_in),
            metadata: self.metadata.filter(is_truthy).unwrap_or(Value::Null),
            privileges: KeyPrivileges::default(),
        }
    }
}
