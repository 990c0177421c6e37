//! Options of organizations.

use crate::config::tests::{load, refused};

fn warnings(file: &str) -> Vec<String> {
    let warnings = load(file, &[]).warnings;
    warnings.iter().map(ToString::to_string).collect()
}

/// Returns a configuration with an additional field of a table.
fn with_field(table: &str, field: &str, declaration: &str) -> String {
    format!(
        "[plugins.organization]\nenabled = true\nteams.enabled = true\n[plugins.organization.schema.{table}.additional_fields]\n{field} = {{ {declaration} }}"
    )
}

#[test]
fn fields_with_names_that_requests_and_responses_use_are_refused() {
    for (table, field) in [
        ("organization", "members"),
        ("organization", "keepCurrentActiveOrganization"),
        ("member", "user"),
        ("member", "teamId"),
        ("invitation", "organizationName"),
        ("invitation", "teamId"),
        ("team", "teamId"),
        ("organization_role", "roleName"),
    ] {
        let problems = refused(
            &with_field(table, field, "type = \"string\", required = false"),
            &[],
        );
        assert_eq!(problems.len(), 1, "{table}.{field}: {problems:?}");
        let names = format!("{table}.additional_fields.{field}` has the name of a built-in field");
        assert!(
            problems.iter().all(|problem| problem.contains(&names)),
            "{problems:?}"
        );
    }
    load(
        &with_field("organization", "teamId", "type = \"string\", required = false"),
        &[],
    );
}

#[test]
fn a_unique_field_with_a_default_is_refused() {
    for table in ["organization", "member", "team"] {
        let declaration = "type = \"string\", required = false, default = \"a\", unique = true";
        let problems = refused(&with_field(table, "badge", declaration), &[]).join("\n");
        assert!(
            problems.contains("is unique, but every row without a value would get the same default"),
            "{problems}"
        );
    }
}

#[test]
fn fields_of_a_plugin_that_is_off_are_reported() {
    let fields = "[plugins.organization.schema.organization.additional_fields]\nplan = { type = \"string\", required = false }";
    let off = warnings(fields).join("\n");
    assert!(
        off.contains("`plugins.organization.schema` does not enable the plugin"),
        "{off}"
    );
    for enabled in ["true", "false"] {
        let file = format!("[plugins.organization]\nenabled = {enabled}\n{fields}");
        assert!(warnings(&file).is_empty(), "{enabled}");
    }
}

#[test]
fn roles_of_organizations_without_their_resources_are_reported() {
    let enabled = "[plugins.organization]\ndynamic_access_control.enabled = true\n";
    let warned = warnings(enabled).join("\n");
    assert!(
        warned.contains(
            "organizations can create no roles until `plugins.organization.ac` lists what they may contain"
        ),
        "{warned}"
    );
    assert!(warnings(&format!("{enabled}ac = {{ project = [\"create\"] }}")).is_empty());
}
