//! Templates of a deployment.

use std::fs;

use super::{Fixture, forget_password, next_mail, sign_up};
use crate::{fake::mail, support::stderr};

const ADA: &str = "ada@example.com";

#[test]
fn a_deployment_sets_templates_the_name_and_the_logo() {
    let mails = mail::server();
    let mut world = Fixture::with_mail(&mails);
    world.set("APP_NAME", "Castle");
    world.set("DELIVERY__LOGO_URL", "https://castle.test/logo.png");
    world.set("DELIVERY__TEMPLATES", "templates");
    let folder = world.directory.path().join("templates");
    fs::create_dir(&folder).unwrap();
    for (name, text) in [
        ("verify-email.subject.txt", "Open {{ app_name }}"),
        ("verify-email.txt", "Plain: {{ url }}"),
        (
            "verify-email.html",
            "<b>Rich:</b> {{ url }} {% include '_foot.html' %}",
        ),
        ("_foot.html", "<i>{{ app_name }}</i>"),
    ] {
        fs::write(folder.join(name), text).unwrap();
    }

    let server = world.start();
    sign_up(&server, ADA);
    let own = next_mail(&mails);
    assert_eq!(own.header("Subject"), "Open Castle");
    for part in [
        "Plain: https://auth.example.com/",
        "<b>Rich:</b> https://auth.example.com/",
        "<i>Castle</i>",
    ] {
        assert!(own.text().contains(part), "{part}: {}", own.text());
    }
    forget_password(&server, ADA);
    let built_in = next_mail(&mails);
    let (text, html) = built_in.text().split_once("Content-Type: text/html").unwrap();
    assert!(text.contains("Castle") && !text.contains("Portcullis"), "{text}");
    assert!(html.contains("src=\"https://castle.test/logo.png\""), "{html}");
}

/// Names and contents of templates, and the error that each causes.
const WRONG: &[(&str, &str, &str)] = &[
    (
        "reset-password.txt",
        "Hello\n{{ unknown }}",
        "reset-password.txt, line 2: undefined value",
    ),
    (
        "reset-password.html",
        "{{ url }}\n{% if %}",
        "reset-password.html, line 2: syntax error",
    ),
    (
        "verify-email.html",
        "<p>Welcome</p>",
        "verify-email.html does not print {{ url }}",
    ),
    (
        "verify-mail.html",
        "{{ url }}",
        "verify-mail.html: no template has this name",
    ),
];

#[test]
fn templates_that_cannot_be_rendered_stop_the_check_and_the_start() {
    let mails = mail::server();
    let mut world = Fixture::with_mail(&mails);
    world.set("DELIVERY__TEMPLATES", "templates");
    let folder = world.directory.path().join("templates");
    let refused = |reason: &str| {
        for command in ["check", "serve"] {
            let output = world.program().arg(command).output().unwrap();
            let printed = stderr(&output);
            assert_eq!(output.status.code(), Some(1), "{command}: {printed}");
            let whole = format!("a template of `delivery.templates` cannot be used: templates{reason}");
            assert!(printed.contains(&whole), "{command}: {whole}: {printed}");
        }
    };
    refused(" cannot be read");
    fs::create_dir(&folder).unwrap();
    for (name, text, reason) in WRONG {
        fs::write(folder.join(name), text).unwrap();
        refused(&format!("/{reason}"));
        fs::remove_file(folder.join(name)).unwrap();
    }
}
