//! Mail servers that are unreachable, slow or reject messages.

use super::{Fixture, LATER, NEVER, assert_not_written, forget_password, next_mail, sign_up};
use crate::{
    fake::{
        Conduct::{Good, Hold, Say},
        Reserved, mail,
    },
    support::Running,
};

const ADA: &str = "ada@example.com";
const BOB: &str = "bob@example.com";

/// Returns the one-time token in a link.
fn token(link: &str) -> &str {
    let (_, rest) = link.split_once("token=").unwrap();
    rest.split('&').next().unwrap()
}

fn wait_for_lines(server: &mut Running, lines: &[&str]) {
    for line in lines {
        server.wait_for_line(line);
    }
}

#[test]
fn requests_are_answered_while_the_mail_server_is_down_and_the_mails_are_sent_later() {
    let reserved = Reserved::new();
    let world = Fixture::with_mail_at(reserved.address.port());
    let mut server = world.start();
    sign_up(&server, ADA);
    forget_password(&server, ADA);
    wait_for_lines(&mut server, &[LATER, LATER]);

    let mut queue = world.queue();
    queue.end_pauses();
    let mails = mail::server_at(reserved.listen());
    let (one, other) = (next_mail(&mails), next_mail(&mails));
    let (verify, reset) = if one.link().contains("/verify-email?") {
        (one, other)
    } else {
        (other, one)
    };
    queue.wait_until(<[_]>::is_empty);
    assert!(!mails.has_more());
    assert_eq!((verify.header("To"), reset.header("To")), (ADA, ADA));
    let reset_token = reset.link().split(['/', '?']).nth(4).unwrap().to_owned();
    assert_eq!(server.get(verify.link()), 302, "{}", verify.link());
    assert_not_written(&server, &[ADA, "Ada", token(verify.link()), &reset_token]);
}

#[test]
fn requests_are_answered_while_the_mail_server_holds_the_connection() {
    let mails = mail::server();
    mails.conduct(Hold("CONNECT"));
    let world = Fixture::with_mail(&mails);
    let server = world.start();
    sign_up(&server, ADA);
    mails.wait_until_held();
    forget_password(&server, ADA);
    sign_up(&server, BOB);
    assert_eq!(server.get("/health/ready"), 200);

    mails.conduct(Good);
    let arrived = [(); 3].map(|()| next_mail(&mails).header("To").to_owned());
    world.queue().wait_until(<[_]>::is_empty);
    assert_eq!(arrived.iter().filter(|to| *to == ADA).count(), 2, "{arrived:?}");
    assert!(!mails.has_more());
    assert_not_written(&server, &[LATER]);
}

#[test]
fn a_mail_to_a_silent_mail_server_times_out_and_is_retried() {
    let mails = mail::server();
    mails.conduct(Hold("CONNECT"));
    let mut world = Fixture::with_mail(&mails);
    world.set("DELIVERY__SMTP__TIMEOUT", "5");
    let mut server = world.start();
    sign_up(&server, ADA);
    let line = server.wait_for_line(LATER);
    assert!(line.contains("the mail server did not answer in time"), "{line}");

    let mut queue = world.queue();
    queue.end_pauses();
    mails.conduct(Good);
    assert_eq!(next_mail(&mails).header("To"), ADA);
    queue.wait_until(<[_]>::is_empty);
    assert!(!mails.has_more());
}

#[test]
fn a_mail_that_is_rejected_temporarily_is_retried_with_the_same_id() {
    let mails = mail::server();
    mails.conduct(Say("RCPT", "451 4.3.0 Confidential, ada@example.com"));
    let world = Fixture::with_mail(&mails);
    let mut server = world.start();
    sign_up(&server, ADA);
    let line = server.wait_for_line(LATER);
    assert!(line.contains("Recipient: 451 4.3.0"), "{line}");

    let mut queue = world.queue();
    let id = queue.rows().remove(0).id;
    queue.end_pauses();
    mails.conduct(Good);
    let mail = next_mail(&mails);
    assert_eq!(mail.header("Message-ID"), format!("<{id}@example.com>"));
    queue.wait_until(<[_]>::is_empty);
    assert!(!mails.has_more());
    assert_not_written(&server, &[ADA, "Confidential", token(mail.link())]);
}

#[test]
fn a_mail_that_is_rejected_permanently_is_erased_and_never_retried() {
    let mails = mail::server();
    mails.conduct(Say("RCPT", "550 5.1.1 Confidential, ada@example.com"));
    let world = Fixture::with_mail(&mails);
    let mut server = world.start();
    sign_up(&server, ADA);
    let line = server.wait_for_line(NEVER);
    assert!(line.contains("Recipient: 550 5.1.1"), "{line}");

    let mut queue = world.queue();
    queue.wait_until(|rows| rows.iter().all(|row| row.is_dead && row.is_erased));
    mails.conduct(Good);
    queue.end_leases();
    sign_up(&server, BOB);
    assert_eq!(next_mail(&mails).header("To"), BOB);
    let rows = queue.wait_until(|rows| rows.len() == 1);
    assert_eq!(rows[0].attempts, 1);
    assert!(!mails.has_more());
    assert_not_written(&server, &[ADA, BOB, "Confidential"]);
}
