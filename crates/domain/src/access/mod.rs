//! Access control: resources, their actions, and the roles that may perform them.
//!
//! The rules are those of Better Auth's `access` module, which its plugins share.

mod role_list;

#[cfg(test)]
mod tests;

pub use self::role_list::RoleList;

/// Resources with a list of actions each, in the order of their declaration: those that a deployment declares, that a
/// role permits, or that an API key permits.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Statements(Vec<(String, Vec<String>)>);

impl Statements {
    /// Creates statements from resources and their actions. If a resource occurs twice, the last one counts.
    #[must_use]
    pub fn new(entries: impl IntoIterator<Item = (String, Vec<String>)>) -> Self {
        let mut statements = Self::default();
        for (resource, actions) in entries {
            match statements.0.iter_mut().find(|(known, _)| *known == resource) {
                Some((_, known)) => *known = actions,
                None => statements.0.push((resource, actions)),
            }
        }
        statements
    }

    /// Creates statements from constants.
    #[must_use]
    pub fn of(entries: &[(&str, &[&str])]) -> Self {
        let owned = |actions: &[&str]| actions.iter().map(|&action| action.to_owned()).collect();
        Self::new(
            entries
                .iter()
                .map(|&(resource, actions)| (resource.to_owned(), owned(actions))),
        )
    }

    /// Returns the resources with their actions, in their order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &[String])> {
        self.0
            .iter()
            .map(|(resource, actions)| (resource.as_str(), actions.as_slice()))
    }

    /// Returns the actions of a resource, or `None` if it is not known.
    #[must_use]
    pub fn actions(&self, resource: &str) -> Option<&[String]> {
        self.iter()
            .find_map(|(known, actions)| (known == resource).then_some(actions))
    }

    /// Returns whether there is no resource.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Returns whether these statements permit what is requested. A resource that is not known refuses the request, as
    /// does a request without resources.
    #[must_use]
    pub fn permit(&self, request: &PermissionRequest) -> bool {
        let mut is_permitted = false;
        for (resource, wanted) in &request.resources {
            let Some(actions) = self.actions(resource) else {
                return false;
            };
            is_permitted = wanted.are_within(actions);
            match request.connector {
                Connector::And if !is_permitted => return false,
                Connector::Or if is_permitted => return true,
                Connector::And | Connector::Or => {}
            }
        }
        is_permitted
    }
}

/// How several parts of a request are combined.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Connector {
    /// Every part must be permitted.
    #[default]
    And,
    /// One permitted part is enough.
    Or,
}

/// The actions that are requested of one resource.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WantedActions {
    /// The actions.
    pub actions: Vec<String>,
    /// Whether all or one of them must be permitted.
    pub connector: Connector,
}

impl WantedActions {
    fn are_within(&self, permitted: &[String]) -> bool {
        let is_permitted = |action| permitted.contains(action);
        match self.connector {
            Connector::And => self.actions.iter().all(is_permitted),
            Connector::Or => self.actions.iter().any(is_permitted),
        }
    }
}

/// What a caller wants to do.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PermissionRequest {
    /// The resources with the actions that are requested.
    pub resources: Vec<(String, WantedActions)>,
    /// Whether all or one of the resources must be permitted.
    pub connector: Connector,
}

impl PermissionRequest {
    /// Requests one action of one resource.
    #[must_use]
    pub fn of(resource: &str, action: &str) -> Self {
        let wanted = WantedActions {
            actions: vec![action.to_owned()],
            connector: Connector::And,
        };
        Self {
            resources: vec![(resource.to_owned(), wanted)],
            connector: Connector::And,
        }
    }
}

impl From<&Statements> for PermissionRequest {
    /// Requests all actions of all resources.
    fn from(statements: &Statements) -> Self {
        let wanted = |actions: &[String]| WantedActions {
            actions: actions.to_vec(),
            connector: Connector::And,
        };
        let resources = statements
            .iter()
            .map(|(resource, actions)| (resource.to_owned(), wanted(actions)));
        Self {
            resources: resources.collect(),
            connector: Connector::And,
        }
    }
}

/// The roles of a deployment or of an organization, by name, in the order of their declaration.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Roles(Vec<(String, Statements)>);

impl Roles {
    /// Creates roles. If a name occurs twice, the last one counts.
    #[must_use]
    pub fn new(roles: impl IntoIterator<Item = (String, Statements)>) -> Self {
        let mut all = Self::default();
        for (name, statements) in roles {
            match all.0.iter_mut().find(|(known, _)| *known == name) {
                Some((_, known)) => *known = statements,
                None => all.0.push((name, statements)),
            }
        }
        all
    }

    /// Returns what a role may do, or `None` if there is no role of this name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Statements> {
        self.iter()
            .find_map(|(known, statements)| (known == name).then_some(statements))
    }

    /// Returns the roles, in their order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Statements)> {
        self.0
            .iter()
            .map(|(name, statements)| (name.as_str(), statements))
    }

    /// Returns whether one of the held roles permits what is requested. Names of roles that do not exist permit nothing.
    #[must_use]
    pub fn permit(&self, held: &RoleList, request: &PermissionRequest) -> bool {
        let mut statements = held.iter().filter_map(|name| self.get(name));
        statements.any(|statements| statements.permit(request))
    }
}
