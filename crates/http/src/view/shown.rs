//! The additional fields that clients may see.

use std::borrow::Cow;

use portcullis_domain::additional::{AdditionalFields, FieldSchema};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Serialize, Serializer};

/// The additional fields that clients may see, in the order of their declaration.
pub(crate) struct Shown<'a> {
    fields: &'a FieldSchema,
    values: &'a AdditionalFields,
}

impl<'a> Shown<'a> {
    pub(crate) const fn new(fields: &'a FieldSchema, values: &'a AdditionalFields) -> Self {
        Self { fields, values }
    }
}

impl Serialize for Shown<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.fields.shown(self.values))
    }
}

/// The fields are those of a deployment, which adds them to the schema of the view.
impl JsonSchema for Shown<'_> {
    fn schema_name() -> Cow<'static, str> {
        "Shown".into()
    }

    fn inline_schema() -> bool {
        true
    }

    fn json_schema(_generator: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "object" })
    }
}
