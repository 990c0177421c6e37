//! API keys of any user, for services that are administrators.

use actix_web::HttpResponse;
use portcullis_application::api_key::{ApiKeys, KeyChange, PrivilegedChange};
use portcullis_domain::{
    api_key::{ApiKeyId, KeyPrivileges, NewKey, OwnRateLimit, Refill},
    id::UserId,
};
use serde_json::Value;

use super::{
    body::{Metadata, Permissions, Prefix, is_truthy, lifetime, optional_lifetime},
    code,
    view::ApiKeyView,
};
use crate::{
    answer,
    call::Call,
    client_authentication::AdministratorService,
    error::ApiError,
    extract::body::{AtLeast, Body, Nullable, Query, Text, WholeAtLeast, body},
    operation::{Answer, Operation},
    route::Route,
    service_endpoint::ForAdministrators,
    view::outcome::Success,
};

body! {
    Create {
        name: Option<Text> = "name",
        expires_in: Option<Nullable<AtLeast<1>>> = "expiresIn",
        user_id: Text = "userId",
        prefix: Option<Prefix> = "prefix",
        remaining: Option<Nullable<WholeAtLeast<0>>> = "remaining",
        metadata: Metadata = "metadata",
        refill_amount: Option<WholeAtLeast<1>> = "refillAmount",
        refill_interval: Option<WholeAtLeast<1>> = "refillInterval",
        rate_limit_time_window: Option<WholeAtLeast<0>> = "rateLimitTimeWindow",
        rate_limit_max: Option<WholeAtLeast<0>> = "rateLimitMax",
        rate_limit_enabled: Option<bool> = "rateLimitEnabled",
        permissions: Option<Permissions> = "permissions",
    }
}

body! {
    Update {
        id: Text = "keyId",
        user_id: Option<Text> = "userId",
        name: Option<Text> = "name",
        enabled: Option<bool> = "enabled",
        remaining: Option<Nullable<WholeAtLeast<1>>> = "remaining",
        refill_amount: Option<WholeAtLeast<0>> = "refillAmount",
        refill_interval: Option<WholeAtLeast<0>> = "refillInterval",
        metadata: Metadata = "metadata",
        expires_in: Option<Nullable<AtLeast<1>>> = "expiresIn",
        rate_limit_enabled: Option<bool> = "rateLimitEnabled",
        rate_limit_time_window: Option<WholeAtLeast<0>> = "rateLimitTimeWindow",
        rate_limit_max: Option<WholeAtLeast<0>> = "rateLimitMax",
        permissions: Option<Nullable<Permissions>> = "permissions",
    }
}

body! {
    Wanted {
        id: Text = "id",
    }
}

body! {
    Owner {
        user_id: Text = "userId",
    }
}

body! {
    Unwanted {
        id: Text = "keyId",
    }
}

pub(super) const CREATE: Route = Route::post(
    "/portcullis/admin/api-keys/create",
    &ForAdministrators(|call, by, body| Box::pin(create(call, by, body))),
)
.documented(&Operation {
    summary: "Create an API key of any user",
    query: &[],
    answers: &[Answer::json::<ApiKeyView<'_>>(
        "The key, which is not shown again",
    )],
    codes: &[
        &code::UNKNOWN_USER,
        &code::METADATA_DISABLED,
        &code::METADATA_TYPE,
        &code::NO_REFILL_INTERVAL,
        &code::NO_REFILL_AMOUNT,
        &code::FIXED_LIFETIME,
        &code::TOO_SHORT_LIFETIME,
        &code::TOO_LONG_LIFETIME,
        &code::PREFIX_LENGTH,
        &code::NAME_LENGTH,
        &code::NAME_REQUIRED,
        &code::TOO_MANY,
    ],
})
.for_services_in_json();

pub(super) const GET: Route = Route::get(
    "/portcullis/admin/api-keys/get",
    &ForAdministrators(|call, _by, query| Box::pin(get(call, query))),
)
.documented(&Operation {
    summary: "Return an API key of any user",
    query: &[],
    answers: &[Answer::json::<ApiKeyView<'_>>(
        "What is known of the key, without the key itself",
    )],
    codes: &[&code::NOT_FOUND],
})
.for_services_in_json();

pub(super) const LIST: Route = Route::get(
    "/portcullis/admin/api-keys/list",
    &ForAdministrators(|call, _by, query| Box::pin(list(call, query))),
)
.documented(&Operation {
    summary: "List the API keys of any user",
    query: &[],
    answers: &[Answer::json::<Vec<ApiKeyView<'_>>>(
        "All keys, the oldest first, without the keys themselves",
    )],
    codes: &[&code::UNKNOWN_USER],
})
.for_services_in_json();

pub(super) const UPDATE: Route = Route::post(
    "/portcullis/admin/api-keys/update",
    &ForAdministrators(|call, by, body| Box::pin(update(call, by, body))),
)
.documented(&Operation {
    summary: "Change an API key of any user",
    query: &[],
    answers: &[Answer::json::<ApiKeyView<'_>>("The key after the change")],
    codes: &[
        &code::NOT_FOUND,
        &code::NAME_LENGTH,
        &code::FIXED_LIFETIME,
        &code::TOO_SHORT_LIFETIME,
        &code::TOO_LONG_LIFETIME,
        &code::METADATA_TYPE,
        &code::NO_REFILL_INTERVAL,
        &code::NO_REFILL_AMOUNT,
        &code::NOTHING_TO_CHANGE,
    ],
})
.for_services_in_json();

pub(super) const DELETE: Route = Route::post(
    "/portcullis/admin/api-keys/delete",
    &ForAdministrators(|call, by, body| Box::pin(delete(call, by, body))),
)
.documented(&Operation {
    summary: "Delete an API key of any user",
    query: &[],
    answers: &[Answer::json::<Success>("It is done")],
    codes: &[&code::NOT_FOUND],
})
.for_services_in_json();

async fn create(
    call: Call<'_, ApiKeys>,
    by: AdministratorService,
    Body(body): Body<Create>,
) -> Result<HttpResponse, ApiError> {
    let user = UserId::new(body.user_id.as_str());
    let created = call.feature.create_for(&user, body.into_key()).await?;
    let (client, key) = (by.client.as_str(), created.key.id.as_str());
    tracing::info!(client, key, user = user.as_str(), "a service created an API key");
    let view = ApiKeyView::new(&created.key).created(&created.plain, &created.key.metadata);
    Ok(answer::json(&view))
}

async fn get(call: Call<'_, ApiKeys>, Query(query): Query<Wanted>) -> Result<HttpResponse, ApiError> {
    let key = call.feature.find_any(&ApiKeyId::new(query.id)).await?;
    Ok(answer::json(&ApiKeyView::new(&key)))
}

async fn list(call: Call<'_, ApiKeys>, Query(query): Query<Owner>) -> Result<HttpResponse, ApiError> {
    let keys = call.feature.list_of(&UserId::new(query.user_id)).await?;
    let views: Vec<_> = keys.iter().map(ApiKeyView::new).collect();
    Ok(answer::json(&views))
}

async fn update(
    call: Call<'_, ApiKeys>,
    by: AdministratorService,
    Body(body): Body<Update>,
) -> Result<HttpResponse, ApiError> {
    let id = ApiKeyId::new(body.id.as_str());
    let owner = body.user_id.as_deref().map(UserId::new);
    let key = call
        .feature
        .update_any(&id, owner.as_ref(), body.into_change())
        .await?;
    let client = by.client.as_str();
    tracing::info!(client, key = id.as_str(), "a service changed an API key");
    Ok(answer::json(&ApiKeyView::new(&key)))
}

async fn delete(
    call: Call<'_, ApiKeys>,
    by: AdministratorService,
    Body(body): Body<Unwanted>,
) -> Result<HttpResponse, ApiError> {
    let id = ApiKeyId::new(body.id);
    call.feature.delete_any(&id).await?;
    let client = by.client.as_str();
    tracing::info!(client, key = id.as_str(), "a service deleted an API key");
    Ok(answer::json(&Success::DONE))
}

impl Create {
    fn into_key(self) -> NewKey {
        NewKey {
            name: self.name,
            prefix: self.prefix,
            lifetime: optional_lifetime(self.expires_in),
            metadata: self.metadata.filter(is_truthy).unwrap_or(Value::Null),
            privileges: KeyPrivileges {
                remaining: self.remaining.and_then(Nullable::into_option),
                refill: Refill {
                    interval: self.refill_interval,
                    amount: self.refill_amount,
                },
                rate_limit: OwnRateLimit {
                    is_enabled: self.rate_limit_enabled,
                    window: self.rate_limit_time_window,
                    max: self.rate_limit_max,
                },
                permissions: self.permissions,
            },
        }
    }
}

impl Update {
    fn into_change(self) -> KeyChange {
        KeyChange {
            name: self.name,
            is_enabled: self.enabled,
            lifetime: self.expires_in.map(|it| it.into_option().map(lifetime)),
            metadata: self.metadata,
            privileged: PrivilegedChange {
                remaining: self.remaining.map(Nullable::into_option),
                refill_interval: self.refill_interval,
                refill_amount: self.refill_amount,
                is_rate_limited: self.rate_limit_enabled,
                rate_limit_window: self.rate_limit_time_window,
                rate_limit_max: self.rate_limit_max,
                permissions: self.permissions.map(Nullable::into_option),
            },
        }
    }
}
