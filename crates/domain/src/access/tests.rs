//! Tests of the rules of Better Auth's `access` module.

use super::*;

fn statements() -> Statements {
    Statements::of(&[("project", &["create", "update"]), ("sale", &["read"])])
}

fn request(connector: Connector, resources: &[(&str, &[&str], Connector)]) -> PermissionRequest {
    let wanted = |actions: &[&str], connector| WantedActions {
        actions: actions.iter().map(|&action| action.to_owned()).collect(),
        connector,
    };
    PermissionRequest {
        resources: resources
            .iter()
            .map(|&(resource, actions, connector)| (resource.to_owned(), wanted(actions, connector)))
            .collect(),
        connector,
    }
}

#[test]
fn a_request_is_permitted_by_the_rules_of_better_auth() {
    use Connector::{And, Or};
    let project: (&str, &[&str], Connector) = ("project", &["create"], And);
    let delete: (&str, &[&str], Connector) = ("project", &["delete"], And);
    let sale: (&str, &[&str], Connector) = ("sale", &["read"], And);
    for (connector, resources, expected) in [
        (And, vec![project], true),
        (And, vec![("project", &["create", "update"][..], And)], true),
        (And, vec![("project", &["create", "delete"][..], And)], false),
        (And, vec![("project", &["create", "delete"][..], Or)], true),
        (And, vec![("project", &[][..], And)], true),
        (And, vec![("project", &[][..], Or)], false),
        (And, vec![project, sale], true),
        (And, vec![delete, sale], false),
        (Or, vec![delete, sale], true),
        (Or, vec![delete, ("sale", &["write"][..], And)], false),
        (Or, vec![("unknown", &["read"][..], And), sale], false),
        (Or, vec![sale, ("unknown", &["read"][..], And)], true),
        (And, vec![sale, ("unknown", &["read"][..], And)], false),
        (And, vec![], false),
        (Or, vec![], false),
    ] {
        let request = request(connector, &resources);
        assert_eq!(statements().permit(&request), expected, "{request:?}");
    }
}

#[test]
fn held_roles_permit_together_what_one_of_them_permits() {
    let roles = Roles::new([
        ("editor".to_owned(), Statements::of(&[("project", &["update"])])),
        ("reader".to_owned(), Statements::of(&[("project", &["read"])])),
    ]);
    let update = PermissionRequest::of("project", "update");
    for (held, expected) in [
        ("editor", true),
        ("reader,editor", true),
        ("reader", false),
        ("reader, editor", false),
        ("", false),
        ("Editor", false),
    ] {
        assert_eq!(
            roles.permit(&RoleList::of_stored(held), &update),
            expected,
            "{held}"
        );
    }
}

#[test]
fn a_name_with_a_comma_names_every_role_that_it_grants() {
    let list = RoleList::of_names(["member,owner", "guest"]);
    assert_eq!(list.iter().collect::<Vec<_>>(), ["member", "owner", "guest"]);
    assert_eq!(list.to_string(), "member,owner,guest");
    assert_eq!(RoleList::of_stored(&list.to_string()), list);
}

#[test]
fn the_last_statement_of_a_resource_counts() {
    let twice = [
        ("project".to_owned(), vec!["read".to_owned()]),
        ("project".to_owned(), vec!["update".to_owned()]),
    ];
    assert_eq!(
        Statements::new(twice),
        Statements::of(&[("project", &["update"])])
    );
}
