//! The whole document.

use schemars::{SchemaGenerator, generate::SchemaSettings};
use serde_json::{Map, Value, json};

use super::{json::set, operation, paths::Paths, schema};
use crate::{
    app::App, code::Code, features::Features, operation::AddedHeader, options::Options, refusal::Refusals,
    roll_call, route::Route,
};

/// What of a deployment the document depends on.
pub(super) struct Deployment<'a> {
    features: &'a Features,
    pub(super) options: &'a Options,
    /// Whether requests are counted, and rejected above a limit.
    pub(super) counts_requests: bool,
    pub(super) has_bearer_tokens: bool,
    /// The header in which requests present a key instead of a session, if they may.
    pub(super) key_header: Option<String>,
    pub(super) has_second_steps: bool,
    pub(super) refusals: Vec<&'static Refusals>,
    pub(super) added_headers: Vec<&'static AddedHeader>,
}

impl<'a> Deployment<'a> {
    fn new(app: &'a App, options: &'a Options) -> Self {
        Self {
            features: &app.features,
            options,
            counts_requests: app.rate_limit.is_on(),
            has_bearer_tokens: roll_call::has_bearer_tokens(&app.features),
            key_header: key_header(app),
            has_second_steps: roll_call::has_second_steps(&app.features),
            refusals: roll_call::refusals(&app.features),
            added_headers: roll_call::added_headers(&app.features),
        }
    }

    /// Returns the errors with which checks of features reject requests for a route.
    pub(super) fn check_codes(&self, route: &Route) -> &'static [&'static Code] {
        roll_call::check_codes(self.features, route)
    }
}

fn key_header(app: &App) -> Option<String> {
    let scheme = roll_call::key_scheme(&app.features)?;
    scheme.headers().first().map(ToString::to_string)
}

/// Returns the `OpenAPI` document of a deployment.
pub(super) fn of(app: &App, options: &Options) -> Value {
    let deployment = Deployment::new(app, options);
    let mut schemas = generator();
    let mut paths = Paths::new(options);
    for (title, route) in roll_call::titled_routes() {
        if let Some(path) = mounted(route, app, options) {
            let operation = operation::of(route, &path, (title, &deployment), &mut schemas);
            paths.add(route, &path, title, operation);
        }
    }
    let (tags, paths) = paths.finish();
    json!({
        "openapi": "3.1.1",
        "info": {
            "title": options.pages.app_name,
            "description": "An authentication server that speaks the protocol of Better Auth 1.4.",
            "version": env!("CARGO_PKG_VERSION"),
        },
        "servers": [{ "url": options.routes_url() }],
        "tags": tags,
        "paths": paths,
        "components": {
            "securitySchemes": security_schemes(app, &deployment),
            "schemas": components(schemas, options),
        },
    })
}

/// Returns the path of a route in this deployment. `None`: its feature or its path is disabled.
fn mounted(route: &Route, app: &App, options: &Options) -> Option<String> {
    let _entry = route.endpoint.mount(&app.features)?;
    if !(route.is_offered)(app) {
        return None;
    }
    route.path_in(&app.features, &options.disabled_paths)
}

fn generator() -> SchemaGenerator {
    let settings = SchemaSettings::draft2020_12().for_serialize();
    let settings = settings.with(|settings| {
        settings.definitions_path = "/components/schemas".into();
        settings.meta_schema = None;
    });
    settings.into_generator()
}

fn components(mut schemas: SchemaGenerator, options: &Options) -> Map<String, Value> {
    let mut components = schemas.take_definitions(true);
    components.insert("Error".to_owned(), schema::error());
    for (name, fields) in [
        ("User", &options.user_fields),
        ("Session", &options.session_fields),
    ] {
        if let Some(component) = components.get_mut(name) {
            schema::add_shown(component, fields);
        }
    }
    components
}

fn security_schemes(app: &App, deployment: &Deployment<'_>) -> Value {
    let cookie = deployment.options.cookies.session_token.name.as_str();
    let mut schemes = json!({
        "session": {
            "type": "apiKey",
            "in": "cookie",
            "name": cookie,
            "description": "The session cookie, which a sign-in sets",
        },
    });
    if deployment.has_bearer_tokens {
        let bearer = json!({
            "type": "http",
            "scheme": "bearer",
            "description": "The session token of the header `set-auth-token`",
        });
        set(&mut schemes, "bearer", bearer);
    }
    if let Some(header) = &deployment.key_header {
        let key = json!({
            "type": "apiKey",
            "in": "header",
            "name": header,
            "description": "An API key, which stands for a session of its owner",
        });
        set(&mut schemes, "key", key);
    }
    let mut routes = roll_call::routes();
    if routes.any(|route| route.is_for_services() && mounted(route, app, deployment.options).is_some()) {
        let service = json!({
            "type": "http",
            "scheme": "basic",
            "description": "The client id and the secret of a service, as the configuration declares them",
        });
        set(&mut schemes, "service", service);
    }
    schemes
}
