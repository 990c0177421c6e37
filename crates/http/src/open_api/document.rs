//! The whole document.

use schemars::{SchemaGenerator, generate::SchemaSettings};
use serde_json::{Map, Value, json};

use super::{
    deployment::{Deployment, mounted},
    operation,
    paths::Paths,
    schema, security,
};
use crate::{app::App, options::Options, roll_call};

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
            "securitySchemes": security::schemes(app, &deployment),
            "schemas": components(schemas, options),
        },
    })
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
