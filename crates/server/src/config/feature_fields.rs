//! The list of the additional fields that features add to users and sessions.
//!
//! A feature's fields are known while the configuration is read, since declared fields may not have their names and JWTs
//! may contain them. They are columns of `"user"` and `"session"` only if the feature is enabled. The names of columns in
//! an adopted database are read even if it is disabled, so that its restrictions are found.

use std::collections::BTreeMap;

use portcullis_domain::additional::{FieldDefinition, FieldSchema};

use super::{
    admin, anonymous, api_key, jwt, last_login_method, organization, passkey, phone_number,
    settings::Settings, tables::Schema, two_factor, username,
};

/// Returns the fields of a feature, or none if the settings do not enable it.
type Fields = fn(&Settings) -> Vec<FieldDefinition>;

/// The features that add fields to users, with their names, in the order of the columns.
const OF_USERS: &[(&str, Fields)] = &[
    ("username", username::user_fields),
    ("two_factor", two_factor::user_fields),
    ("admin", admin::user_fields),
    ("anonymous", anonymous::user_fields),
    ("last_login_method", last_login_method::user_fields),
    ("phone_number", phone_number::user_fields),
];
/// The features that add fields to sessions, with their names, in the order of the columns.
const OF_SESSIONS: &[(&str, Fields)] = &[
    ("admin", admin::session_fields),
    ("organization", organization::of_sessions),
];

/// Returns the optional tables that a feature uses, with the fields that the deployment adds to them.
type Tables = fn(&mut Settings) -> Vec<(&'static str, FieldSchema)>;

/// The features with optional tables, whose names an application may use for tables of its own.
const OF_TABLES: &[Tables] = &[api_key::tables, organization::tables, passkey::tables];

/// The keys with which features name their tables, and the columns that they add to users.
pub(super) const SCHEMAS: &[&Schema] = &[
    &admin::SCHEMA,
    &anonymous::SCHEMA,
    &api_key::SCHEMA,
    &jwt::SCHEMA,
    &last_login_method::SCHEMA,
    &organization::SCHEMA,
    &passkey::SCHEMA,
    &phone_number::SCHEMA,
    &two_factor::SCHEMA,
    &username::SCHEMA,
];

/// A field that a feature adds.
#[derive(Clone, Debug)]
pub(super) struct FeatureField {
    /// The feature's name, as in `plugins.NAME`.
    pub(super) feature: &'static str,
    pub(super) definition: FieldDefinition,
}

/// The fields of all enabled features.
#[derive(Clone, Debug, Default)]
pub(super) struct FeatureFields {
    pub(super) user: Vec<FeatureField>,
    pub(super) session: Vec<FeatureField>,
}

/// Returns the fields of the enabled features.
pub(super) fn read(settings: &Settings) -> FeatureFields {
    let collect = |features: &[(&'static str, Fields)]| {
        let fields = features.iter().flat_map(|(feature, fields)| {
            let definitions = fields(settings).into_iter();
            definitions.map(|definition| FeatureField { feature, definition })
        });
        fields.collect()
    };
    FeatureFields {
        user: collect(OF_USERS),
        session: collect(OF_SESSIONS),
    }
}

/// Returns the optional tables of the enabled features.
pub(super) fn tables(settings: &mut Settings) -> BTreeMap<&'static str, FieldSchema> {
    OF_TABLES.iter().flat_map(|tables| tables(settings)).collect()
}
