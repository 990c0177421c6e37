//! Additional fields of users and sessions that features add: the roll call.
//!
//! A feature's fields are known while the configuration is read, since declared fields may not have their names and JWTs
//! may contain them. They are columns of `"user"` and `"session"` only if the feature is enabled.

use portcullis_domain::additional::FieldDefinition;

use super::{settings::Settings, two_factor, username};

/// Returns the fields of a feature, or none if the settings do not enable it.
type Fields = fn(&Settings) -> Vec<FieldDefinition>;

/// The features that add fields to users, in the order of the columns.
const OF_USERS: &[Fields] = &[username::user_fields, two_factor::user_fields];
/// The features that add fields to sessions, in the order of the columns.
const OF_SESSIONS: &[Fields] = &[];

/// The fields of all enabled features.
#[derive(Clone, Debug, Default)]
pub(super) struct FeatureFields {
    pub(super) user: Vec<FieldDefinition>,
    pub(super) session: Vec<FieldDefinition>,
}

/// Returns the fields of the enabled features.
pub(super) fn read(settings: &Settings) -> FeatureFields {
    let collect = |features: &[Fields]| features.iter().flat_map(|fields| fields(settings)).collect();
    FeatureFields {
        user: collect(OF_USERS),
        session: collect(OF_SESSIONS),
    }
}
