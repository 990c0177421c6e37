//! A deployment's own templates.

use std::{error::Error, fs, path::Path};

use portcullis_delivery::{Rendered, Renderer, TemplateError, TemplateOptions};
use portcullis_domain::message::MessageKind;
use tempfile::TempDir;

use crate::sample::{message, message_to, now, options};

fn folder(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        fs::write(folder.path().join(name), text).unwrap();
    }
    folder
}

fn open(folder: &Path) -> Result<Renderer, TemplateError> {
    Renderer::new(TemplateOptions {
        folder: Some(folder.to_owned()),
        ..options()
    })
}

fn rendered(files: &[(&str, &str)], kind: MessageKind) -> Rendered {
    open(folder(files).path())
        .unwrap()
        .render(&message(kind), now())
        .unwrap()
}

/// Returns the error for these files, without the folder's name.
fn wrong(files: &[(&str, &str)]) -> String {
    let folder = folder(files);
    let error = open(folder.path()).map(drop).unwrap_err();
    error
        .to_string()
        .replace(&format!("{}/", folder.path().display()), "")
}

#[test]
fn a_file_replaces_the_template_with_its_name() {
    let files = [
        ("reset-password.subject.txt", "Neues Passwort"),
        (
            "reset-password.txt",
            "Hallo, {{ url }}{% if expires_in_minutes %}, {{ expires_in_minutes }} Minuten{% endif %}",
        ),
        ("README.md", "{{ not a template }}"),
    ];
    let reset = rendered(&files, MessageKind::ResetPassword);
    assert_eq!(reset.subject, "Neues Passwort");
    assert!(
        reset.text.starts_with("Hallo, https://auth.example.com/") && reset.text.ends_with(", 60 Minuten\n")
    );
    assert!(reset.html.contains("Set a new password"));
    let other = rendered(&files, MessageKind::VerifyEmail);
    assert!(other.subject.starts_with("Confirm"));
}

#[test]
fn a_layout_applies_to_every_message_and_files_can_be_included() {
    let files = [
        (
            "layout.html",
            "<b>{% block title %}{% endblock %}</b>{% block body %}{% endblock %}{% if url %}{{ url }}{% endif %}{% include '_foot.html' %}",
        ),
        ("_foot.html", "<i>{{ app_name }}, {{ user.email }}</i>"),
    ];
    assert_eq!(
        rendered(&files, MessageKind::PasswordChanged).html,
        "<b>Your password was changed</b>The password of your account at Example &amp; Sons was changed.<i>Example &amp; Sons, ada@example.com</i>"
    );
}

#[test]
fn replaced_templates_are_escaped_too() {
    let folder = folder(&[(
        "password-changed.html",
        "<p>{% if user.name %}{{ user.name }}{% endif %}</p>",
    )]);
    let message = message_to("Tom & Jerry", MessageKind::PasswordChanged);
    let html = open(folder.path()).unwrap().render(&message, now()).unwrap().html;
    assert_eq!(html, "<p>Tom &amp; Jerry</p>");
}

#[test]
fn an_error_in_a_template_names_its_file_and_line() {
    for (files, expected) in [
        (
            [("reset-password.txt", "\n{{ url }}\n{% if url %}")],
            "reset-password.txt, line 3: syntax error",
        ),
        (
            [("verify-email.html", "{{ url }}\n\n{{ usr.name }}")],
            "verify-email.html, line 3: undefined value",
        ),
        (
            [("verify-email.html", "{{ url }}\nHello {{ user.name }}")],
            "verify-email.html, line 2: undefined value",
        ),
        (
            [("password-changed.txt", "See\n{{ url }}")],
            "password-changed.txt, line 2: undefined value",
        ),
        (
            [("layout.txt", "{% block body %}{% endblock %}\n\n{{ nonsense() }}")],
            "layout.txt, line 3: unknown function",
        ),
        ([("test.subject.txt", "\n ")], "test.subject.txt is empty"),
        (
            [("reset-password.html", "<p>Hello</p>")],
            "reset-password.html does not print {{ url }}",
        ),
        (
            [(
                "two-factor-otp.txt",
                "{% if user.name %}{{ user.name }}{% endif %}\nHello",
            )],
            "two-factor-otp.txt does not print {{ code }}",
        ),
        (
            [("restore-password.txt", "Hello")],
            "restore-password.txt: no template has this name",
        ),
    ] {
        let text = wrong(&files);
        assert!(text.starts_with(expected), "{text}");
    }
}

#[test]
fn an_error_in_an_included_file_names_that_file() {
    let text = wrong(&[
        ("email-changed.txt", "{% include '_a.txt' %}"),
        ("_a.txt", "\n\n{{ missing }}"),
    ]);
    assert!(text.starts_with("_a.txt, line 3: undefined value"), "{text}");
}

#[test]
fn an_unreadable_file_or_folder_is_reported() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("layout.txt");
    fs::write(&file, [0xff, 0xfe]).unwrap();
    let error = open(folder.path()).map(drop).unwrap_err();
    assert_eq!(error.to_string(), format!("{} cannot be read", file.display()));
    assert!(error.source().is_some());

    let missing = folder.path().join("missing");
    let error = open(&missing).map(drop).unwrap_err();
    assert_eq!(error.to_string(), format!("{} cannot be read", missing.display()));
}

#[test]
fn a_render_error_contains_no_value() {
    let text = "{% if user.name and user.name|length > 6 %}{{ user.name|int }}{% endif %}";
    let folder = folder(&[("password-changed.txt", &format!("Changed.\n{text}"))]);
    let message = message_to("Secretive", MessageKind::PasswordChanged);
    let error = open(folder.path())
        .unwrap()
        .render(&message, now())
        .map(drop)
        .unwrap_err();
    assert_eq!(
        error.to_string(),
        "the template password-changed.txt, line 2: invalid operation"
    );
    assert!(!format!("{error:?}").contains("Secretive"));
}
