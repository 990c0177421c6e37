//! Changes of an API key by its owner.

use actix_web::HttpResponse;
use portcullis_application::{
    api_key::{ApiKeys, KeyChange, PrivilegedChange},
    session::StrictCaller,
};
use portcullis_domain::api_key::ApiKeyId;

use super::{
    body::{Metadata, Permissions, lifetime, owner},
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
    Update {
        id: Text = "keyId",
        user_id: Anything = "userId",
        name: Option<Text> = "name",
        enabled: Option<bool> = "enabled",
        remaining: Option<AtLeast<1>> = "remaining",
        refill_amount: Option<f64> = "refillAmount",
        refill_interval: Option<f64> = "refillInterval",
        metadata: Metadata = "metadata",
        expires_in: Option<Nullable<AtLeast<1>>> = "expiresIn",
        rate_limit_enabled: Option<bool> = "rateLimitEnabled",
        rate_limit_time_window: Option<f64> = "rateLimitTimeWindow",
        rate_limit_max: Option<f64> = "rateLimitMax",
        permissions: Option<Nullable<Permissions>> = "permissions",
    }
}

pub(super) const ROUTE: Route = Route::post(
    "/api-key/update",
    &ForAnyone(|call, by, body| Box::pin(update(call, by, body))),
)
.documented(&Operation {
    summary: "Change an API key of the caller",
    query: &[],
    answers: &[Answer::json::<ApiKeyView<'_>>("The key after the change")],
    codes: &[
        &code::UNAUTHORIZED,
        &code::SERVER_ONLY,
        &code::NOT_FOUND,
        &code::NAME_LENGTH,
        &code::FIXED_LIFETIME,
        &code::TOO_SHORT_LIFETIME,
        &code::TOO_LONG_LIFETIME,
        &code::METADATA_TYPE,
        &code::NOTHING_TO_CHANGE,
    ],
})
.only_in_person();

async fn update(
    call: Call<'_, ApiKeys>,
    by: Option<StrictCaller>,
    Body(body): Body<Update>,
) -> Result<HttpResponse, ApiError> {
    let by = owner(by, body.user_id.as_ref())?;
    if body.has_privileges() {
        return Err((&code::SERVER_ONLY).into());
    }
    let id = ApiKeyId::new(body.id.as_str());
    let key = call.feature.update(&by, &id, body.into_change()).await?;
    Ok(answer::json(&ApiKeyView::new(&key)))
}

impl Update {
    /// Returns whether the body contains what only services may change.
    const fn has_privileges(&self) -> bool {
        self.remaining.is_some()
            || self.refill_amount.is_some()
            || self.refill_interval.is_some()
            || self.rate_limit_enabled.is_some()
            || self.rate_limit_time_window.is_some()
            || self.rate_limit_max.is_some()
            || self.permissions.is_some()
    }

    fn into_change(self) -> KeyChange {
        KeyChange {
            name: self.name,
            is_enabled: self.enabled,
            lifetime: self.expires_in.map(|it| it.into_option().map(lifetime)),
            metadata: self.metadata,
            privileged: PrivilegedChange::default(),
        }
    }
}
