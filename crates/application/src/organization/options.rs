//! Options of organizations.

use chrono::TimeDelta;
use portcullis_domain::organization::{AccessPolicy, OrganizationFields};
use url::Url;

/// The number of members and of open invitations that Better Auth allows by default.
const DEFAULT_LIMIT: u32 = 100;
/// The lifetime of invitations in Better Auth.
const INVITATION_LIFETIME: TimeDelta = TimeDelta::hours(48);

/// Options of organizations.
#[derive(Clone, Debug, PartialEq)]
#[expect(clippy::struct_excessive_bools, reason = "each is an option of its own")]
pub struct OrganizationOptions {
    /// Whether users may create organizations.
    pub allows_creation: bool,
    /// Whether members may delete organizations.
    pub allows_deletion: bool,
    /// The maximum number of organizations of a user who creates one. `None`: unlimited.
    pub organization_limit: Option<u32>,
    /// The maximum number of members of an organization.
    pub membership_limit: u32,
    /// The roles of members, and what they may do.
    pub access: AccessPolicy,
    /// `None`: teams are disabled.
    pub teams: Option<TeamOptions>,
    /// `None`: organizations have no roles of their own.
    pub dynamic_roles: Option<DynamicRoleOptions>,
    /// How long a recipient may answer an invitation.
    pub invitation_lifetime: TimeDelta,
    /// The maximum number of open invitations of an organization.
    pub invitation_limit: u32,
    /// Whether a new invitation cancels an open one to the same address. Otherwise the new one is rejected.
    pub cancels_open_invitations: bool,
    /// Whether the recipient's address must be verified.
    pub requires_verified_email: bool,
    /// The page that the link of an invitation opens; the id of the invitation is added to its query. `None`: the page
    /// `/accept-invitation` of this server's origin.
    pub invitation_url: Option<Url>,
    /// The fields that the deployment adds.
    pub fields: OrganizationFields,
}

/// Options of teams.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TeamOptions {
    /// Whether a new organization has a team of the same name.
    pub has_default_team: bool,
    /// The maximum number of teams of an organization. `None`: unlimited.
    pub maximum_teams: Option<u32>,
    /// The maximum number of members of a team. `None`: unlimited.
    pub maximum_members: Option<u32>,
    /// Whether an organization may be left without a team.
    pub allows_removing_all: bool,
}

/// Options of the roles that organizations create.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DynamicRoleOptions {
    /// The maximum number of roles of an organization. `None`: unlimited.
    pub maximum: Option<u32>,
}

impl Default for OrganizationOptions {
    fn default() -> Self {
        Self {
            allows_creation: true,
            allows_deletion: true,
            organization_limit: None,
            membership_limit: DEFAULT_LIMIT,
            access: AccessPolicy::default(),
            teams: None,
            dynamic_roles: None,
            invitation_lifetime: INVITATION_LIFETIME,
            invitation_limit: DEFAULT_LIMIT,
            cancels_open_invitations: false,
            requires_verified_email: false,
            invitation_url: None,
            fields: OrganizationFields::default(),
        }
    }
}

impl Default for TeamOptions {
    fn default() -> Self {
        Self {
            has_default_team: true,
            maximum_teams: None,
            maximum_members: None,
            allows_removing_all: false,
        }
    }
}

impl OrganizationOptions {
    /// Returns whether organizations may have roles of their own: the option is set, and the deployment declares what they
    /// may contain.
    #[must_use]
    pub const fn has_dynamic_roles(&self) -> bool {
        self.dynamic_roles.is_some() && self.access.statements.is_some()
    }

    /// Returns whether one more would exceed the maximum.
    pub(super) fn is_full(count: u64, maximum: Option<u32>) -> bool {
        maximum.is_some_and(|maximum| count >= u64::from(maximum))
    }
}
