//! Webhooks that are slow or reject messages.

use std::collections::BTreeSet;

use super::{Fixture, LATER, NEVER, assert_not_written, forget_password, sign_up};
use crate::fake::{
    Conduct::{Good, Hold, Say},
    hook,
};

const ADA: &str = "ada@example.com";
const PATH: &str = "HookSecret";

/// Returns a member of the message in a webhook request.
fn member<'a>(request: &'a str, name: &str) -> &'a str {
    let (_, value) = request.split_once(&format!("\"{name}\":\"")).unwrap();
    value.split('"').next().unwrap()
}

#[test]
fn requests_are_answered_while_the_webhook_holds_the_connection() {
    let hook = hook::server();
    hook.conduct(Hold("POST"));
    let world = Fixture::with_hook(&hook);
    let server = world.start();
    sign_up(&server, ADA);
    hook.wait_until_held();
    forget_password(&server, ADA);

    hook.conduct(Good);
    let requests = [hook.next(), hook.next()];
    let kinds: BTreeSet<_> = requests.iter().map(|request| member(request, "type")).collect();
    assert_eq!(kinds, BTreeSet::from(["reset-password", "verify-email"]));
    world.queue().wait_until(<[_]>::is_empty);
    assert!(!hook.has_more());
    assert_not_written(&server, &[LATER]);
}

#[test]
fn a_failed_webhook_request_is_retried_with_the_same_id() {
    let hook = hook::server();
    hook.conduct(Say("POST", "500"));
    let world = Fixture::with_hook(&hook);
    let mut server = world.start();
    sign_up(&server, ADA);
    let line = server.wait_for_line(LATER);
    assert!(
        line.contains("the webhook answered with the status 500"),
        "{line}"
    );
    let first = hook.next();

    let mut queue = world.queue();
    queue.end_pauses();
    hook.conduct(Good);
    queue.wait_until(<[_]>::is_empty);
    let second = hook.next();
    assert_eq!(
        hook::header(&first, "webhook-id"),
        hook::header(&second, "webhook-id")
    );
    assert_not_written(&server, &[ADA, "Ada", member(&second, "token"), PATH]);
}

#[test]
fn a_webhook_request_without_an_answer_times_out_and_is_retried() {
    let hook = hook::server();
    hook.conduct(Hold("POST"));
    let mut world = Fixture::with_hook(&hook);
    world.set("DELIVERY__WEBHOOK__TIMEOUT", "5");
    let mut server = world.start();
    sign_up(&server, ADA);
    let line = server.wait_for_line(LATER);
    assert!(line.contains("the webhook cannot be reached: "), "{line}");

    let mut queue = world.queue();
    let id = queue.rows().remove(0).id;
    queue.end_pauses();
    hook.conduct(Good);
    queue.wait_until(<[_]>::is_empty);
    assert_eq!(hook::header(&hook.next(), "webhook-id"), id);
    assert_not_written(&server, &[ADA, PATH]);
}

#[test]
fn a_message_that_a_webhook_rejects_is_erased_and_never_retried() {
    let hook = hook::server();
    hook.conduct(Say("POST", "422"));
    let world = Fixture::with_hook(&hook);
    let mut server = world.start();
    sign_up(&server, ADA);
    server.wait_for_line(NEVER);
    let refused = hook.next();

    let mut queue = world.queue();
    queue.wait_until(|rows| rows.iter().all(|row| row.is_dead && row.is_erased));
    hook.conduct(Good);
    queue.end_leases();
    forget_password(&server, ADA);
    assert_eq!(member(&hook.next(), "type"), "reset-password");
    queue.wait_until(|rows| rows.len() == 1);
    assert!(!hook.has_more());
    assert_not_written(&server, &[ADA, member(&refused, "token"), PATH]);
}
