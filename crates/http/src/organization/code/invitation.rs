//! Error codes about invitations.

use crate::code::Code;

pub(in crate::organization) const INVITATION_NOT_FOUND: Code =
    Code::new(400, "INVITATION_NOT_FOUND", "Invitation not found");
pub(in crate::organization) const MAY_NOT_INVITE: Code = Code::new(
    403,
    "YOU_ARE_NOT_ALLOWED_TO_INVITE_USERS_TO_THIS_ORGANIZATION",
    "You are not allowed to invite users to this organization",
);
pub(in crate::organization) const MAY_NOT_INVITE_WITH_ROLE: Code = Code::new(
    403,
    "YOU_ARE_NOT_ALLOWED_TO_INVITE_A_USER_WITH_THIS_ROLE",
    "You are not allowed to invite a user with this role",
);
pub(in crate::organization) const ALREADY_INVITED: Code = Code::new(
    400,
    "USER_IS_ALREADY_INVITED_TO_THIS_ORGANIZATION",
    "User is already invited to this organization",
);
pub(in crate::organization) const INVITATION_LIMIT_REACHED: Code =
    Code::new(403, "INVITATION_LIMIT_REACHED", "Invitation limit reached");
pub(in crate::organization) const NOT_THE_RECIPIENT: Code = Code::new(
    403,
    "YOU_ARE_NOT_THE_RECIPIENT_OF_THE_INVITATION",
    "You are not the recipient of the invitation",
);
pub(in crate::organization) const VERIFICATION_REQUIRED: Code = Code::new(
    403,
    "EMAIL_VERIFICATION_REQUIRED_BEFORE_ACCEPTING_OR_REJECTING_INVITATION",
    "Email verification required before accepting or rejecting invitation",
);
pub(in crate::organization) const MAY_NOT_CANCEL: Code = Code::new(
    403,
    "YOU_ARE_NOT_ALLOWED_TO_CANCEL_THIS_INVITATION",
    "You are not allowed to cancel this invitation",
);
pub(in crate::organization) const INVITER_LEFT: Code = Code::new(
    400,
    "INVITER_IS_NO_LONGER_A_MEMBER_OF_THE_ORGANIZATION",
    "Inviter is no longer a member of the organization",
);
pub(in crate::organization) const EMAIL_IN_QUERY: Code = Code::new(
    400,
    "USER_EMAIL_CANNOT_BE_PASSED_FOR_CLIENT_SIDE_API_CALLS",
    "User email cannot be passed for client side API calls.",
);
pub(in crate::organization) const MISSING_SESSION: Code = Code::new(
    400,
    "MISSING_SESSION_HEADERS_OR_EMAIL_QUERY_PARAMETER",
    "Missing session headers, or email query parameter.",
);

pub(crate) const CODES: &[&Code] = &[
    &INVITATION_NOT_FOUND,
    &MAY_NOT_INVITE,
    &MAY_NOT_INVITE_WITH_ROLE,
    &ALREADY_INVITED,
    &INVITATION_LIMIT_REACHED,
    &NOT_THE_RECIPIENT,
    &VERIFICATION_REQUIRED,
    &MAY_NOT_CANCEL,
    &INVITER_LEFT,
    &EMAIL_IN_QUERY,
    &MISSING_SESSION,
];
