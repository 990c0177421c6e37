//! The operation of one route.

use schemars::SchemaGenerator;
use serde_json::{Map, Value, json};

use super::{answers, deployment::Deployment, input};
use crate::{
    code::{self, Code},
    endpoint::Access,
    operation::pipeline,
    route::Route,
};

/// Returns the operation of a route at this path, which is listed under this title.
pub(super) fn of(
    route: &Route,
    path: &str,
    (title, deployment): (&str, &Deployment<'_>),
    schemas: &mut SchemaGenerator,
) -> Value {
    let declared = route.operation;
    let mut operation = Map::new();
    operation.insert("operationId".to_owned(), Value::Null);
    operation.insert("summary".to_owned(), declared.summary.into());
    operation.insert("tags".to_owned(), json!([title]));
    operation.insert("security".to_owned(), security(route, deployment));
    let parameters = input::parameters(route, path, deployment.options);
    if !parameters.is_empty() {
        operation.insert("parameters".to_owned(), parameters.into());
    }
    if let Some(body) = input::body(route, deployment.options) {
        operation.insert("requestBody".to_owned(), body);
    }
    let codes = codes(route, deployment);
    operation.insert(
        "responses".to_owned(),
        answers::of(declared.answers, &codes, deployment, schemas),
    );
    operation.insert("x-access".to_owned(), access(route).into());
    let own = declared.codes.iter();
    let own: Vec<Value> = own
        .map(|code| json!({ "status": code.status, "code": code.name }))
        .collect();
    operation.insert("x-codes".to_owned(), own.into());
    operation.into()
}

/// Returns the errors of the route in this deployment, without duplicates.
fn codes(route: &Route, deployment: &Deployment<'_>) -> Vec<&'static Code> {
    let of_pipeline = pipeline::codes(route, &deployment.refusals);
    let has_fields = !deployment.options.user_fields.is_empty();
    let rare = [
        (&code::TOO_MANY_REQUESTS, deployment.counts_requests),
        (&code::FIELD_IS_REQUIRED, has_fields),
        (&code::FIELD_IS_NOT_ALLOWED, has_fields),
    ];
    let is_possible = |code: &&'static Code| rare.iter().all(|(rare, occurs)| rare != code || *occurs);
    let of_pipeline = of_pipeline.into_iter().filter(is_possible);
    let mut codes: Vec<&'static Code> = Vec::new();
    let of_checks = deployment.check_codes(route).iter().copied();
    let own = route.operation.codes.iter().copied();
    for code in own.chain(of_pipeline).chain(of_checks) {
        if !codes.contains(&code) {
            codes.push(code);
        }
    }
    codes
}

fn security(route: &Route, deployment: &Deployment<'_>) -> Value {
    let mut ways = Vec::new();
    if route.is_for_services() {
        ways.push(json!({ "service": [] }));
    }
    if route.access() == Access::Public && route.looks_up_sessions() {
        ways.push(json!({}));
    }
    if route.looks_up_sessions() {
        ways.push(json!({ "session": [] }));
    }
    if route.looks_up_sessions() && deployment.has_bearer_tokens {
        ways.push(json!({ "bearer": [] }));
    }
    if route.looks_up_sessions() && route.accepts_keys() && deployment.key_header.is_some() {
        ways.push(json!({ "key": [] }));
    }
    ways.into()
}

fn access(route: &Route) -> &'static str {
    match route.access() {
        Access::Public if route.looks_up_sessions() => "every client; a session is used if there is one",
        Access::Public => "every client",
        Access::Session => "callers with a session",
        Access::FreshSession => "callers with a fresh session",
        Access::Service => "services, which authenticate themselves",
        Access::Administrator => "services that are administrators, which authenticate themselves",
    }
}
