//! better-auth#9479: limits of messages per mailbox, so that no client can flood it.

use chrono::TimeDelta;
use portcullis_testkit::{Caller, TestServer};
use serde_json::json;

const EVIL: &str = "bomb@example.com";

fn sent_messages(server: &TestServer) -> usize {
    server
        .mailbox
        .messages()
        .iter()
        .filter(|message| message.to == EVIL)
        .count()
}

async fn ask(caller: &Caller, path: &str, from: &str, name: &str) {
    let body = json!({ (name): EVIL, "name": "n", "password": "password1234" });
    let answer = caller
        .post(path, &body)
        .header("x-forwarded-for", from)
        .send()
        .await;
    assert_eq!(answer.status, 200, "{answer}");
}

#[tokio::test]
async fn an_address_gets_three_messages_of_a_kind_per_minute_from_all_clients_together() {
    let server = TestServer::with()
        .set("PORTCULLIS_RATE_LIMIT__ENABLED", "true")
        .set("PORTCULLIS_TRUSTED_PROXIES", "127.0.0.1/32")
        .set("PORTCULLIS_USER__CHANGE_EMAIL__ENABLED", "true")
        .start();
    let ada = server.signed_up("ada").await;
    for minute in 1..3 {
        for number in 0..6 {
            ask(
                &ada,
                "/change-email",
                &format!("198.51.{minute}.{number}"),
                "newEmail",
            )
            .await;
        }
        server.wait_until_delivered().await;
        assert_eq!(sent_messages(&server), 3 * minute);
        assert_eq!(
            server.rows("select from verification"),
            i64::try_from(3 * minute).unwrap()
        );
        server
            .clock
            .advance(TimeDelta::minutes(1) + TimeDelta::seconds(1));
    }
}

#[tokio::test]
async fn kinds_are_counted_separately_and_requests_over_the_limit_get_200() {
    let server = TestServer::with()
        .set("PORTCULLIS_RATE_LIMIT__ENABLED", "true")
        .set("PORTCULLIS_TRUSTED_PROXIES", "127.0.0.1/32")
        .set(
            "PORTCULLIS_EMAIL_AND_PASSWORD__REQUIRE_EMAIL_VERIFICATION",
            "true",
        )
        .start();
    let stranger = server.anonymous();
    for (path, number) in [
        ("/sign-up/email", 0),
        ("/send-verification-email", 1),
        ("/request-password-reset", 2),
    ] {
        for again in 0..5 {
            ask(&stranger, path, &format!("198.51.{number}.{again}"), "email").await;
        }
    }
    server.wait_until_delivered().await;
    // One of the first sign-up, three about later sign-ups, three to verify the address, three to reset the password.
    assert_eq!(sent_messages(&server), 1 + 3 + 3 + 3);
}

/// Otherwise an attacker could keep the owner of an address from verifying it.
#[tokio::test]
async fn an_attackers_requests_do_not_use_up_the_owners_messages() {
    let server = TestServer::with()
        .set("PORTCULLIS_RATE_LIMIT__ENABLED", "true")
        .set("PORTCULLIS_TRUSTED_PROXIES", "127.0.0.1/32")
        .set("PORTCULLIS_USER__CHANGE_EMAIL__ENABLED", "true")
        .set("PORTCULLIS_EMAIL_VERIFICATION__SEND_ON_SIGN_UP", "true")
        .start();
    let stranger = server.signed_up("eve").await;
    for number in 0..5 {
        ask(
            &stranger,
            "/change-email",
            &format!("198.51.100.{number}"),
            "newEmail",
        )
        .await;
    }
    ask(&server.anonymous(), "/sign-up/email", "198.51.101.1", "email").await;
    server.wait_until_delivered().await;
    assert_eq!(sent_messages(&server), 3 + 1);
}

#[tokio::test]
async fn messages_are_not_limited_if_rate_limits_are_disabled() {
    let server = TestServer::with()
        .set("PORTCULLIS_USER__CHANGE_EMAIL__ENABLED", "true")
        .start();
    let ada = server.signed_up("ada").await;
    for _ in 0..6 {
        ask(&ada, "/change-email", "198.51.100.1", "newEmail").await;
    }
    server.wait_until_delivered().await;
    assert_eq!(sent_messages(&server), 6);
}

/// An attacker must not be able to keep a user from resetting the password.
#[tokio::test]
async fn a_user_at_a_known_address_gets_a_mail_although_strangers_have_used_up_theirs() {
    const HOME: &str = "198.51.100.7";
    let server = TestServer::with()
        .set("PORTCULLIS_RATE_LIMIT__ENABLED", "true")
        .set("PORTCULLIS_TRUSTED_PROXIES", "127.0.0.1/32")
        .start();
    ask(&server.anonymous(), "/sign-up/email", HOME, "email").await;
    for number in 0..12 {
        let from = format!("203.0.113.{number}");
        ask(&server.anonymous(), "/request-password-reset", &from, "email").await;
    }
    server.wait_until_delivered().await;
    assert_eq!(sent_messages(&server), 3);
    ask(&server.anonymous(), "/request-password-reset", HOME, "email").await;
    server.wait_until_delivered().await;
    assert_eq!(sent_messages(&server), 4);
}

#[tokio::test]
async fn messages_that_strangers_cause_are_limited_by_the_minute_the_hour_and_the_day() {
    let server = TestServer::with()
        .set("PORTCULLIS_RATE_LIMIT__ENABLED", "true")
        .set("PORTCULLIS_RATE_LIMIT__CUSTOM_RULES", "/** off")
        .start();
    ask(&server.anonymous(), "/sign-up/email", "", "email").await;
    let mut sent = Vec::new();
    for minute in 0..(26 * 60) {
        // A burst in each minute of two hours, then one request in each tenth minute.
        let requests = if minute < 120 {
            4
        } else {
            usize::from(minute % 10 == 0)
        };
        for _ in 0..requests {
            ask(&server.anonymous(), "/request-password-reset", "", "email").await;
        }
        // A message whose link expires before it is sent stays in the queue.
        if requests > 0 {
            server.wait_until_delivered().await;
        }
        if [0, 59, 119, 26 * 60 - 1].contains(&minute) {
            sent.push(sent_messages(&server));
        }
        server.clock.advance(TimeDelta::minutes(1));
    }
    assert_eq!(sent[..2], [3, 10], "in a minute and in an hour");
    assert!(sent[2] <= 20 && sent[3] <= 60, "{sent:?}");
    assert!(sent[3] >= 30, "{sent:?}");
}

/// The link in a mail must always lead to a working page.
#[tokio::test]
async fn a_reset_link_without_a_redirect_leads_to_the_built_in_page() {
    let server = TestServer::start();
    server.signed_up("bomb").await;
    ask(&server.anonymous(), "/request-password-reset", "", "email").await;
    let path = server.mailbox.next(EVIL).await.path();
    let user = server.anonymous();

    let form = user.call("GET", &path).send().await;
    assert_eq!(form.status, 200, "{form}");
    assert_eq!(form.header("content-type"), Some("text/html"));
    assert_eq!(form.header("referrer-policy"), Some("same-origin"));
    assert_eq!(form.header("cache-control"), Some("no-store"));
    assert!(form.body.contains(r#"<form method="post">"#), "{form}");

    let send = |password: &str| {
        user.call("POST", &path)
            .header("origin", "http://localhost:3000")
            .body(
                "application/x-www-form-urlencoded",
                format!("newPassword={password}"),
            )
    };
    let short = send("short").send().await;
    assert!(
        short.status == 200 && short.body.contains("Password too short"),
        "{short}"
    );
    let foreign = send("password5678").header("origin", "https://evil.test");
    assert_eq!(foreign.send().await.status, 403);
    let set = send("password5678").send().await;
    assert!(
        set.status == 200 && set.body.contains("Your password is set"),
        "{set}"
    );

    let again = send("password9999").send().await;
    assert_eq!(again.status, 303, "{again}");
    let spent = user.call("GET", &path).send().await;
    assert_eq!(spent.status, 302, "{spent}");
    let sign_in = serde_json::json!({ "email": EVIL, "password": "password5678" });
    assert_eq!(user.post("/sign-in/email", &sign_in).send().await.status, 200);
}

/// A link without a callback leads to `/`, which is a built-in page.
#[tokio::test]
async fn a_link_without_a_callback_leads_to_a_page() {
    let server = TestServer::with()
        .set("PORTCULLIS_EMAIL_VERIFICATION__SEND_ON_SIGN_UP", "true")
        .start();
    server.signed_up("bomb").await;
    let path = server.mailbox.next(EVIL).await.path();
    let user = server.anonymous();
    let followed = user.call("GET", &path).send().await;
    assert_eq!((followed.status, followed.header("location")), (302, Some("/")));
    let page = user.call("GET", "/").send().await;
    assert!(
        page.status == 200 && page.body.contains("you can close this page"),
        "{page}"
    );
    let wrong = user.call("GET", "/?error=invalid_token").send().await;
    assert!(wrong.body.contains("This link did not work"), "{wrong}");
}

/// Strangers must not keep a user from verifying the address with which the user signs up.
#[tokio::test]
async fn the_first_mail_of_a_sign_up_is_sent_although_strangers_have_used_up_theirs() {
    let server = TestServer::with()
        .set("PORTCULLIS_RATE_LIMIT__ENABLED", "true")
        .set("PORTCULLIS_RATE_LIMIT__CUSTOM_RULES", "/** off")
        .set(
            "PORTCULLIS_EMAIL_AND_PASSWORD__REQUIRE_EMAIL_VERIFICATION",
            "true",
        )
        .start();
    for _ in 0..5 {
        ask(&server.anonymous(), "/send-verification-email", "", "email").await;
    }
    ask(&server.anonymous(), "/sign-up/email", "", "email").await;
    server.wait_until_delivered().await;
    assert_eq!(sent_messages(&server), 1);
}
