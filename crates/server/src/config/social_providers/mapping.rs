//! Which members of a provider's profile set which fields of the user.

use std::collections::BTreeMap;

use portcullis_domain::additional::FieldSchema;
use serde_json::{Map, Value as Json};

use super::named::Named;
use crate::config::{key::Key, path::did_you_mean};

/// The members of a user that are not additional fields, by Better Auth's names.
const BUILT_IN: [&str; 5] = ["id", "name", "email", "image", "emailVerified"];

/// Reads the mapping of a provider: for each field of the user, the path in the provider's profile, with dots.
pub(in crate::config) fn read(
    named: &mut Named<'_>,
    key: &Key<Option<Map<String, Json>>>,
    fields: &FieldSchema,
) -> BTreeMap<String, String> {
    let mapped = named.texts(key);
    for (field, path) in &mapped {
        let declared = || fields.fields().iter().map(|field| field.name.as_str());
        let mut known = BUILT_IN.into_iter().chain(declared());
        if !known.any(|known| known == field) {
            let hint = did_you_mean(field, BUILT_IN.into_iter().chain(declared()));
            named.refuse(
                key,
                &format!("has a member `{field}`, but users have no field with that name{hint}"),
            );
        }
        let mut declared = fields.fields().iter();
        if declared.any(|declared| declared.name == *field && !declared.is_input) {
            named.refuse(
                key,
                &format!("has a member `{field}`, a field that only the deployment itself sets (`input = false`): remove the member, or declare the field with `input = true`, which also lets clients set it"),
            );
        }
        if path.split('.').any(str::is_empty) {
            named.refuse(
                key,
                &format!("has a member `{field}` that is \"{path}\": write names with dots between them, such as \"picture.data.url\""),
            );
        }
    }
    mapped.into_iter().collect()
}
