//! Discovery documents: OpenID Connect Discovery 1.0 and RFC 8414. They list what is offered, so that libraries
//! configure themselves by the issuer's URL.
//!
//! The documents are at the root, since clients look for them below the issuer, and below the base path, since a proxy
//! may send only that to this server.

use std::future;

use actix_web::{
    HttpResponse,
    http::header::{self, HeaderMap, HeaderValue},
};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Map, Value};

use crate::{
    call::Call,
    endpoint::Public,
    features::Features,
    operation::{Answer, Operation},
    options::Options,
    roll_call,
    route::Route,
};

const OPENID: &str = "/.well-known/openid-configuration";
const OAUTH: &str = "/.well-known/oauth-authorization-server";
/// The member that a feature replaces if it has an issuer of its own. Otherwise it is the server's origin.
pub(crate) const ISSUER: &str = "issuer";

/// How long caches may keep a document, and the keys.
pub(crate) const FIVE_MINUTES: HeaderValue = HeaderValue::from_static("public, max-age=300");
const ANY_ORIGIN: HeaderValue = HeaderValue::from_static("*");

/// Returns the members that a feature adds to the documents, or `None` if the feature is disabled.
pub(crate) type Metadata = fn(&Features, &Links<'_>) -> Option<Map<String, Value>>;

/// The URLs of a deployment's routes.
pub(crate) struct Links<'a> {
    features: &'a Features,
    options: &'a Options,
}

impl Links<'_> {
    /// Returns the URL of the route that is declared with this path. `None`: the deployment has disabled it.
    pub(crate) fn url(&self, declared: &str) -> Option<String> {
        let mut routes = roll_call::routes();
        let route = routes.find(|route| route.is_below_base_path() && route.path == declared)?;
        let path = route.path_in(self.features, &self.options.disabled_paths)?;
        Some(self.options.routes_url() + &path)
    }
}

/// The feature of the discovery documents. It is enabled if another feature adds members, so that there is no empty
/// document.
pub(crate) struct Discovery;

/// What a deployment offers to programs. Features add further members.
#[derive(JsonSchema, Serialize)]
#[schemars(inline)]
struct Document {
    issuer: String,
    #[serde(flatten)]
    members: Map<String, Value>,
}

static DESCRIPTION: Operation = Operation {
    summary: "Describe what the server offers to programs",
    query: &[],
    answers: &[Answer::json::<Document>("The discovery document")],
    codes: &[],
};
static DOCUMENT: Public<(), Discovery> = Public(|call, ()| Box::pin(future::ready(Ok(document(&call)))));

pub(crate) static ROUTES: &[Route] = &[
    Route::get(OPENID, &DOCUMENT).documented(&DESCRIPTION),
    Route::get(OPENID, &DOCUMENT)
        .documented(&DESCRIPTION)
        .outside_base_path(),
    Route::get(OAUTH, &DOCUMENT).documented(&DESCRIPTION),
    Route::get(OAUTH, &DOCUMENT)
        .documented(&DESCRIPTION)
        .outside_base_path(),
];

/// Adds the documents to the features if one of these offers anything.
pub(crate) fn enable(features: Features, options: &Options) -> Features {
    let has_members = !metadata(&features, options).is_empty();
    features.with(has_members.then_some(Discovery))
}

fn document(call: &Call<'_, Discovery>) -> HttpResponse {
    let mut members = metadata(&call.app.features, call.options);
    let issuer = members.shift_remove(ISSUER);
    let issuer = issuer.and_then(|issuer| issuer.as_str().map(str::to_owned));
    let mut response = HttpResponse::Ok().json(Document {
        issuer: issuer.unwrap_or_else(|| call.options.origin()),
        members,
    });
    publish(response.headers_mut());
    response
}

fn metadata(features: &Features, options: &Options) -> Map<String, Value> {
    roll_call::metadata(features, &Links { features, options })
}

/// Allows caches to keep a public document for five minutes, and pages of all origins to read it.
pub(crate) fn publish(response: &mut HeaderMap) {
    response.insert(header::CACHE_CONTROL, FIVE_MINUTES);
    response.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, ANY_ORIGIN);
}
