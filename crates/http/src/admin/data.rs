//! The member `data` of bodies: a user's members, of which some need a permission of their own.

use portcullis_application::{
    admin::{Admin, RoleInput},
    seams::{Decision, UserOperation},
};
use portcullis_domain::{additional::AdditionalFields, admin::ROLE, email::EmailAddress};
use serde_json::{Map, Value};

use super::code;
use crate::{
    call::Call,
    error::ApiError,
    extract::{
        additional,
        body::{Anything, Image, Name, Nullable, Object as _, Place, Reader, Text, body},
    },
    options::Options,
    roll_call,
};

// Members that are neither named here nor declared are ignored, such as the id and the times, and those that
// belong to another feature.
body! {
    Sent as ["record"] {
        name: Option<Name> = "name",
        email: Option<Text> = "email",
        email_verified: Option<bool> = "emailVerified",
        image: Option<Nullable<Image>> = "image",
        role: Anything = "role",
        ..undeclared
    }
}

/// What an administrator sets of a user.
#[expect(
    clippy::option_option,
    reason = "removing the picture differs from leaving it unchanged"
)]
pub(super) struct Data {
    pub(super) name: Option<String>,
    pub(super) email: Option<EmailAddress>,
    pub(super) email_verified: Option<bool>,
    pub(super) image: Option<Option<String>>,
    pub(super) roles: Option<RoleInput>,
    pub(super) additional: AdditionalFields,
}

/// Returns the valid data of a user. Features check the fields that they add to users.
pub(super) async fn read(
    call: &Call<'_, Admin>,
    mut data: Map<String, Value>,
    operation: UserOperation,
) -> Result<Data, ApiError> {
    let Options {
        user_fields, limits, ..
    } = call.options;
    data.retain(|name, _value| !roll_call::is_own_field(name));
    if let Decision::Refused(refusal) = call.app.user_inputs.prepare(&mut data, operation).await? {
        return Err(refusal.into());
    }
    let mut reader = Reader::new(limits);
    let sent = Sent::from_members(data, Place::Whole("body.data"), &mut reader);
    let sent = sent.ok_or_else(|| reader.issues.refusal())?;
    let fields = user_fields.writable(|field| field.name != ROLE);
    let additional = match operation {
        UserOperation::Create => additional::create(&fields, &sent.undeclared, limits)?,
        UserOperation::Update => additional::update(&fields, &sent.undeclared, limits)?,
    };
    Ok(Data {
        email: sent.email.as_deref().map(email).transpose()?,
        name: sent.name,
        email_verified: sent.email_verified,
        image: sent.image.map(Nullable::into_option),
        roles: sent.role.as_ref().map(RoleInput::read),
        additional,
    })
}

/// Returns a valid address in lower case.
pub(super) fn email(text: &str) -> Result<EmailAddress, ApiError> {
    EmailAddress::parse(text).map_err(|_invalid| (&code::INVALID_EMAIL).into())
}
