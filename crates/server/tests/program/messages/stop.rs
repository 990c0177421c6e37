//! Messages when the program stops or is killed, and when two programs run at once.

use std::{collections::BTreeSet, thread, time::Duration};

use nix::sys::signal::Signal;

use super::{Fixture, assert_not_written, forget_password, next_mail, sign_up};
use crate::{
    fake::{
        Conduct::{Good, Hold, Say},
        Reserved, mail,
    },
    support::{UserLock, wait_until},
};

const ADA: &str = "ada@example.com";
const BOB: &str = "bob@example.com";

#[test]
fn the_messages_of_a_killed_program_are_sent_by_the_next_one() {
    let mails = mail::server();
    mails.conduct(Hold("CONNECT"));
    let world = Fixture::with_mail(&mails);
    let mut killed = world.start();
    sign_up(&killed, ADA);
    mails.wait_until_held();
    sign_up(&killed, BOB);
    killed.signal(Signal::SIGKILL);
    assert!(!killed.wait().success());

    let mut queue = world.queue();
    assert_eq!(queue.rows().len(), 2);
    mails.conduct(Good);
    let _next = world.start();
    // A message that was being sent is only taken again when its lease has ended.
    queue.end_leases();
    let mails_of_both = [next_mail(&mails), next_mail(&mails)];
    let recipients: BTreeSet<_> = mails_of_both.iter().map(|mail| mail.header("To")).collect();
    assert_eq!(recipients, BTreeSet::from([ADA, BOB]));
    queue.wait_until(<[_]>::is_empty);
    assert!(!mails.has_more());
}

#[test]
fn a_mail_that_is_being_sent_is_delivered_before_the_program_ends() {
    let mails = mail::server();
    mails.conduct(Hold("TEXT"));
    let world = Fixture::with_mail(&mails);
    let mut server = world.start();
    sign_up(&server, ADA);
    mails.wait_until_held();
    sign_up(&server, BOB);
    server.signal(Signal::SIGTERM);
    server.wait_for_line("stopping");
    mails.conduct(Good);
    assert!(server.wait().success());

    assert_eq!(next_mail(&mails).header("To"), ADA);
    assert_eq!(next_mail(&mails).header("To"), BOB, "a queued mail is sent, too");
    assert_eq!(world.queue().rows().len(), 0);
    assert!(!mails.has_more());
}

#[test]
fn a_mail_server_that_hangs_does_not_keep_the_program_from_ending_and_no_mail_is_lost() {
    let mails = mail::server();
    mails.conduct(Hold("CONNECT"));
    let mut world = Fixture::with_mail(&mails);
    world.set("LIMITS__DRAIN_TIMEOUT", "1");
    let mut server = world.start();
    sign_up(&server, ADA);
    mails.wait_until_held();
    server.signal(Signal::SIGTERM);
    server.wait_for_line("messages may be left in the queue");
    assert!(server.wait().success());

    let mut queue = world.queue();
    assert!(!queue.rows()[0].is_erased);
    mails.conduct(Good);
    queue.end_leases();
    let _next = world.start();
    assert_eq!(next_mail(&mails).header("To"), ADA);
    queue.wait_until(<[_]>::is_empty);
    assert!(!mails.has_more());
}

#[test]
fn two_programs_send_every_mail_once() {
    let mails = mail::server();
    mails.conduct(Say("CONNECT", "421 4.3.2 not now"));
    let world = Fixture::with_mail(&mails);
    let servers = [world.start(), world.start()];
    let people: BTreeSet<_> = (0..24).map(|number| format!("n{number}@example.com")).collect();
    for (person, server) in people.iter().zip(servers.iter().cycle()) {
        sign_up(server, person);
    }

    let mut queue = world.queue();
    queue.end_pauses();
    mails.conduct(Good);
    let arrived: BTreeSet<_> = people
        .iter()
        .map(|_| next_mail(&mails).header("To").to_owned())
        .collect();
    queue.wait_until(<[_]>::is_empty);
    assert_eq!(arrived, people);
    assert!(!mails.has_more());
}

#[test]
fn an_expired_link_is_never_sent_and_its_row_stays_in_the_queue() {
    let reserved = Reserved::new();
    let mut world = Fixture::with_mail_at(reserved.address.port());
    world.set("EMAIL_VERIFICATION__EXPIRES_IN", "1");
    let early = world.start();
    sign_up(&early, ADA);
    let mut queue = world.queue();
    queue.wait_until(|rows| rows.iter().all(|row| row.is_waiting() || row.is_dead));
    thread::sleep(Duration::from_millis(1200));

    let mails = mail::server_at(reserved.listen());
    queue.end_leases();
    let late = world.start();
    let rows = queue.wait_until(|rows| rows.iter().all(|row| row.is_dead));
    assert!(rows.len() == 1 && rows[0].is_erased, "{rows:?}");
    let reports = || {
        let log = early.said() + &late.said();
        log.matches("a message expired before it was sent; it was discarded")
            .count()
    };
    wait_until(|| reports() > 0);
    forget_password(&late, ADA);
    assert!(next_mail(&mails).link().contains("/reset-password/"));
    queue.wait_until(|rows| rows.len() == 1);
    assert!(!mails.has_more());
    assert_eq!(reports(), 1);
    assert_not_written(&early, &[ADA]);
    assert_not_written(&late, &[ADA]);
}

#[test]
fn messages_are_sent_even_if_requests_take_the_whole_drain_timeout() {
    let mails = mail::server();
    mails.conduct(Hold("TEXT"));
    let mut world = Fixture::with_mail(&mails);
    world.set("LIMITS__DRAIN_TIMEOUT", "1");
    let mut server = world.start();
    sign_up(&server, ADA);
    mails.wait_until_held();
    let unknown = r#"{"email":"unknown@example.com","password":"long enough"}"#;
    let mut lock = UserLock::take(&world.database);
    let under_way = server.post("/api/auth/sign-in/email", unknown);
    lock.wait_for_request();
    server.signal(Signal::SIGTERM);
    server.wait_for_line("stopping");
    assert_eq!(under_way.answer(), 0, "cut at the end of the drain timeout");
    mails.conduct(Good);
    server.wait();

    assert_eq!(next_mail(&mails).header("To"), ADA);
    assert_eq!(world.queue().rows().len(), 0);
}
