use clap::Parser;
use portcullis_domain::{
    additional::{AdditionalFields, FieldSchema},
    email::EmailAddress,
    id::UserId,
    user::{NewUser, User},
};
use serde_json::Value;

use super::{UsersCommand, report::Report};

#[derive(Parser)]
struct Line {
    #[command(subcommand)]
    command: UsersCommand,
}

fn user(name: &str) -> User {
    let new = NewUser {
        name: name.to_owned(),
        email: EmailAddress::from_stored("ada@example.com"),
        email_verified: true,
        image: None,
        additional: AdditionalFields::default(),
    };
    User::new(new, UserId::new("u1"), chrono::DateTime::UNIX_EPOCH)
}

#[test]
fn every_command_can_print_json() {
    for line in [
        "users list --json",
        "users show a@b.c --json",
        "users create a@b.c --json",
        "users set-role a@b.c admin user --json",
        "users ban a@b.c --for 1h --json",
        "users unban a@b.c --json",
        "users reset-password a@b.c --json",
        "users revoke-sessions a@b.c --json",
        "users delete a@b.c --yes --json",
    ] {
        let parsed = Line::try_parse_from(line.split(' ')).map(|line| line.command.is_json());
        assert!(parsed.is_ok_and(|is_json| is_json), "{line}");
    }
}

#[test]
fn invalid_arguments_are_rejected() {
    for line in [
        "users create a@b.c --data x",
        "users create a@b.c --data [1]",
        "users create a@b.c --mail --password-stdin",
        "users set-role a@b.c",
        "users ban a@b.c --for soon",
        "users show",
    ] {
        assert!(Line::try_parse_from(line.split(' ')).is_err(), "{line}");
    }
}

#[test]
fn a_name_cannot_change_what_a_terminal_shows() {
    let report = Report::page(&FieldSchema::default(), &[user("A\u{1b}[2J\u{202e}\n")], 1);
    let text = report.text(false);
    assert!(text.contains("A\\u{1b}[2J\\u{202e}\\u{a}"), "{text}");
    assert_eq!(text.lines().count(), 3, "{text}");
    let json: Value = serde_json::from_str(&report.text(true)).unwrap();
    assert_eq!(json["users"][0]["name"], "A\u{1b}[2J\u{202e}\n");
}
