//! The JSON of an organization.

use std::borrow::Cow;

use portcullis_domain::organization::{Member, Organization};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::Serialize;
use serde_json::Value;

use super::{Presenter, member::MemberView};
use crate::view::{Shown, date::Date};

/// The JSON of an organization.
#[derive(JsonSchema, Serialize)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "Organization", description = "An organization")]
pub(in crate::organization) struct OrganizationView<'a> {
    name: &'a str,
    slug: &'a str,
    logo: Option<&'a str>,
    created_at: Date,
    #[serde(skip_serializing_if = "Option::is_none")]
    metadata: Option<Metadata<'a>>,
    #[serde(flatten)]
    additional: Shown<'a>,
    id: &'a str,
}

/// The metadata of an organization.
// wire: Better Auth answers with an object if the organization was changed, and with its stored text if it was read.
#[derive(Serialize)]
#[serde(untagged)]
enum Metadata<'a> {
    Object(Value),
    Text(Option<&'a str>),
}

/// The JSON of a new organization, with its only member.
#[derive(JsonSchema, Serialize)]
#[schemars(inline, description = "The organization, with its only member")]
pub(in crate::organization) struct CreatedOrganizationView<'a> {
    #[serde(flatten)]
    organization: OrganizationView<'a>,
    members: [MemberView<'a>; 1],
}

impl<'a> Presenter<'a> {
    /// Returns the JSON of an organization that was read: the metadata is a text.
    pub(in crate::organization) fn organization(
        self,
        organization: &'a Organization,
    ) -> OrganizationView<'a> {
        let metadata = Metadata::Text(organization.metadata.as_deref());
        self.organization_with(organization, Some(metadata))
    }

    /// Returns the JSON of an organization that was changed: the metadata is an object, and absent if there is none.
    pub(in crate::organization) fn changed_organization(
        self,
        organization: &'a Organization,
    ) -> OrganizationView<'a> {
        let metadata = organization.metadata_value().map(Metadata::Object);
        self.organization_with(organization, metadata)
    }

    /// Returns the JSON of a new organization.
    pub(in crate::organization) fn created_organization(
        self,
        organization: &'a Organization,
        creator: &'a Member,
    ) -> CreatedOrganizationView<'a> {
        CreatedOrganizationView {
            organization: self.changed_organization(organization),
            members: [self.member(creator)],
        }
    }

    fn organization_with(
        self,
        organization: &'a Organization,
        metadata: Option<Metadata<'a>>,
    ) -> OrganizationView<'a> {
        OrganizationView {
            name: &organization.name,
            slug: &organization.slug,
            logo: organization.logo.as_deref(),
            created_at: organization.created_at.into(),
            metadata,
            additional: Shown::new(&self.fields.organization, &organization.additional),
            id: organization.id.as_str(),
        }
    }
}

impl JsonSchema for Metadata<'_> {
    fn schema_name() -> Cow<'static, str> {
        "Metadata".into()
    }

    fn inline_schema() -> bool {
        true
    }

    fn json_schema(_generator: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": ["object", "string", "null"],
            "description": "An object if the organization was changed, and its text if it was read",
        })
    }
}
