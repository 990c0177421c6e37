//! Permissions of the caller.

use actix_web::HttpResponse;
use portcullis_application::{admin::Admin, session::StrictCaller};
use portcullis_domain::access::{PermissionRequest, Statements};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Map, Value};

use crate::{
    answer,
    call::Call,
    endpoint::ForCallers,
    error::ApiError,
    extract::body::{Field, Input, Member as _, Place, Raw, Reader, Record, Schema, Text},
    operation::{Answer, Operation},
    options::Limits,
    route::Route,
};

/// wire: Better Auth's message for a body that is neither form of its schema.
const INVALID: &str = "Invalid input";
/// The member that contains the permissions in question, and its older name.
const PERMISSIONS: [&str; 2] = ["permissions", "permission"];

/// The permissions in question. Members that name a user or a role are ignored: the permissions of the caller are
/// checked.
struct Asked(PermissionRequest);

#[derive(JsonSchema, Serialize)]
#[schemars(inline)]
struct Permitted {
    error: Option<&'static str>,
    success: bool,
}

pub(crate) static ROUTES: &[Route] = &[Route::post(
    "/admin/has-permission",
    &ForCallers(|call, by, asked| Box::pin(has_permission(call, by, asked))),
)
.documented(&Operation {
    summary: "Check whether the caller has permissions",
    query: &[],
    answers: &[Answer::json::<Permitted>("Whether the caller has all of them")],
    codes: &[],
})];

impl Input for Asked {
    const BODY: Option<&'static Schema> = Some(&Schema {
        fields: &[
            Field::of::<Option<Text>>("role"),
            Field::of::<Record>("permissions"),
        ],
        known_as: &["object"],
    });

    fn read(raw: Raw<'_>, limits: &Limits) -> Result<Self, ApiError> {
        let (mut reader, body) = (Reader::new(limits), Place::Whole("body"));
        let (role, request) = match raw.body {
            Some(Value::Object(members)) => {
                let role = members.get("role").cloned();
                let role = Option::<Text>::read(role, body.member("role"), &mut reader);
                (role, request(&members))
            }
            other => {
                reader.issues.wrong_type(body, "object", other.as_ref());
                (None, None)
            }
        };
        if request.is_none() {
            reader.issues.add(body, INVALID);
        }
        match (role, request) {
            (Some(_ignored), Some(request)) => Ok(Self(request)),
            _ => Err(reader.issues.refusal()),
        }
    }
}

/// Returns the request if exactly one of the two members is present, with lists of actions.
fn request(members: &Map<String, Value>) -> Option<PermissionRequest> {
    let mut present = PERMISSIONS.iter().filter_map(|name| members.get(*name));
    let (Some(Value::Object(resources)), None) = (present.next(), present.next()) else {
        return None;
    };
    let actions = |actions: &Value| {
        let actions = actions.as_array()?.iter();
        actions
            .map(|action| action.as_str().map(str::to_owned))
            .collect::<Option<Vec<_>>>()
    };
    let statements = resources
        .iter()
        .map(|(resource, list)| Some((resource.clone(), actions(list)?)));
    let statements = Statements::new(statements.collect::<Option<Vec<_>>>()?);
    Some(PermissionRequest::from(&statements))
}

#[expect(clippy::unused_async, reason = "handlers are async")]
async fn has_permission(
    call: Call<'_, Admin>,
    by: StrictCaller,
    Asked(request): Asked,
) -> Result<HttpResponse, ApiError> {
    let success = call.feature.users.has_permission(&by, &request);
    Ok(answer::json(&Permitted { error: None, success }))
}
