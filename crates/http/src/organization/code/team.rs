//! Error codes about teams.

use crate::code::Code;

pub(in crate::organization) const TEAM_NOT_FOUND: Code = Code::new(400, "TEAM_NOT_FOUND", "Team not found");
pub(in crate::organization) const MAY_NOT_CREATE_TEAM: Code = Code::new(
    403,
    "YOU_ARE_NOT_ALLOWED_TO_CREATE_TEAMS_IN_THIS_ORGANIZATION",
    "You are not allowed to create teams in this organization",
);
pub(in crate::organization) const TOO_MANY_TEAMS: Code = Code::new(
    400,
    "YOU_HAVE_REACHED_THE_MAXIMUM_NUMBER_OF_TEAMS",
    "You have reached the maximum number of teams",
);
pub(in crate::organization) const LAST_TEAM: Code =
    Code::new(400, "UNABLE_TO_REMOVE_LAST_TEAM", "Unable to remove last team");
pub(in crate::organization) const MAY_NOT_UPDATE_TEAM: Code = Code::new(
    403,
    "YOU_ARE_NOT_ALLOWED_TO_UPDATE_THIS_TEAM",
    "You are not allowed to update this team",
);
pub(in crate::organization) const MAY_NOT_DELETE_TEAM: Code = Code::new(
    403,
    "YOU_ARE_NOT_ALLOWED_TO_DELETE_THIS_TEAM",
    "You are not allowed to delete this team",
);
pub(in crate::organization) const MAY_NOT_DELETE_TEAMS: Code = Code::new(
    403,
    "YOU_ARE_NOT_ALLOWED_TO_DELETE_TEAMS_IN_THIS_ORGANIZATION",
    "You are not allowed to delete teams in this organization",
);
pub(in crate::organization) const TEAM_MEMBER_LIMIT_REACHED: Code =
    Code::new(403, "TEAM_MEMBER_LIMIT_REACHED", "Team member limit reached");
pub(in crate::organization) const NOT_IN_TEAM: Code = Code::new(
    403,
    "USER_IS_NOT_A_MEMBER_OF_THE_TEAM",
    "User is not a member of the team",
);
pub(in crate::organization) const USER_NOT_IN_TEAM: Code = Code::new(
    400,
    "USER_IS_NOT_A_MEMBER_OF_THE_TEAM",
    "User is not a member of the team",
);
pub(in crate::organization) const NO_ACTIVE_TEAM: Code = Code::new(
    400,
    "YOU_DO_NOT_HAVE_AN_ACTIVE_TEAM",
    "You do not have an active team",
);
pub(in crate::organization) const MAY_NOT_ADD_TEAM_MEMBER: Code = Code::new(
    403,
    "YOU_ARE_NOT_ALLOWED_TO_CREATE_A_NEW_MEMBER",
    "You are not allowed to create a new member",
);
pub(in crate::organization) const MAY_NOT_REMOVE_TEAM_MEMBER: Code = Code::new(
    403,
    "YOU_ARE_NOT_ALLOWED_TO_REMOVE_A_TEAM_MEMBER",
    "You are not allowed to remove a team member",
);
pub(in crate::organization) const MAY_NOT_LIST_TEAMS: Code = Code::new(
    403,
    "YOU_ARE_NOT_ALLOWED_TO_ACCESS_THIS_ORGANIZATION_AS_AN_OWNER",
    "You are not allowed to access this organization as an owner",
);
pub(in crate::organization) const TEAMS_DISABLED: Code =
    Code::new(400, "TEAMS_ARE_NOT_ENABLED", "Teams are not enabled");

pub(crate) const CODES: &[&Code] = &[
    &TEAM_NOT_FOUND,
    &MAY_NOT_CREATE_TEAM,
    &TOO_MANY_TEAMS,
    &LAST_TEAM,
    &MAY_NOT_UPDATE_TEAM,
    &MAY_NOT_DELETE_TEAM,
    &MAY_NOT_DELETE_TEAMS,
    &TEAM_MEMBER_LIMIT_REACHED,
    &NOT_IN_TEAM,
    &USER_NOT_IN_TEAM,
    &NO_ACTIVE_TEAM,
    &MAY_NOT_ADD_TEAM_MEMBER,
    &MAY_NOT_REMOVE_TEAM_MEMBER,
    &MAY_NOT_LIST_TEAMS,
    &TEAMS_DISABLED,
];
