//! Error codes about members.

use portcullis_application::organization::ONLY_OWNER as ONLY_OWNER_OF_ORGANIZATION;

use crate::code::Code;

pub(in crate::organization) const MEMBER_NOT_FOUND: Code =
    Code::new(400, "MEMBER_NOT_FOUND", "Member not found");
pub(in crate::organization) const ALREADY_A_MEMBER: Code = Code::new(
    400,
    "USER_IS_ALREADY_A_MEMBER_OF_THIS_ORGANIZATION",
    "User is already a member of this organization",
);
pub(in crate::organization) const MEMBERSHIP_LIMIT_REACHED: Code = Code::new(
    403,
    "ORGANIZATION_MEMBERSHIP_LIMIT_REACHED",
    "Organization membership limit reached",
);
pub(in crate::organization) const MAY_NOT_DELETE_MEMBER: Code = Code::new(
    401,
    "YOU_ARE_NOT_ALLOWED_TO_DELETE_THIS_MEMBER",
    "You are not allowed to delete this member",
);
pub(in crate::organization) const MAY_NOT_UPDATE_MEMBER: Code = Code::new(
    403,
    "YOU_ARE_NOT_ALLOWED_TO_UPDATE_THIS_MEMBER",
    "You are not allowed to update this member",
);
pub(in crate::organization) const ONLY_OWNER: Code = Code::new(
    400,
    "YOU_CANNOT_LEAVE_THE_ORGANIZATION_AS_THE_ONLY_OWNER",
    "You cannot leave the organization as the only owner",
);
pub(in crate::organization) const WITHOUT_OWNER: Code = Code::new(
    400,
    "YOU_CANNOT_LEAVE_THE_ORGANIZATION_WITHOUT_AN_OWNER",
    "You cannot leave the organization without an owner",
);
/// Better Auth deletes such users, and leaves their organizations without an owner.
pub(in crate::organization) const SOLE_OWNER: Code = Code::new(
    400,
    ONLY_OWNER_OF_ORGANIZATION,
    "User is the only owner of an organization",
);
/// wire: Better Auth sends no body if the roles are an empty text.
pub(in crate::organization) const NO_ROLE: Code = Code::bare(400, "BAD_REQUEST", "Bad request");

pub(crate) const CODES: &[&Code] = &[
    &MEMBER_NOT_FOUND,
    &ALREADY_A_MEMBER,
    &MEMBERSHIP_LIMIT_REACHED,
    &MAY_NOT_DELETE_MEMBER,
    &MAY_NOT_UPDATE_MEMBER,
    &ONLY_OWNER,
    &WITHOUT_OWNER,
    &SOLE_OWNER,
    &NO_ROLE,
];
