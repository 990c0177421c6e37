//! Attacks through a user's name.

use portcullis_domain::{email::EmailAddress, message::MessageKind};

use crate::sample::{message, message_to, now, renderer};

/// Names by which an attacker addresses the recipient or changes the mail.
const HOSTILE: &[&str] = &[
    "<script>alert(1)</script>",
    "<a href=https://evil.example>here</a>",
    "Ada\r\nBcc: victim@example.org",
    "You won! Visit evil.example now",
    "{{ url }} evil.example",
    "http://evil.example",
    "call +1 555 010 99",
];

#[test]
fn a_hostile_name_appears_nowhere_in_a_message() {
    let templates = renderer();
    for kind in MessageKind::ALL {
        let harmless = templates.render(&message_to("", kind), now()).unwrap();
        for name in HOSTILE {
            let rendered = templates.render(&message_to(name, kind), now()).unwrap();
            assert_eq!(rendered.subject, harmless.subject, "{kind:?}: {name}");
            assert_eq!(rendered.text, harmless.text, "{kind:?}: {name}");
            assert_eq!(rendered.html, harmless.html, "{kind:?}: {name}");
        }
    }
}

#[test]
fn a_name_is_escaped_in_html_and_is_not_a_template() {
    for (name, html) in [
        (
            "Tom & \"Jerry\" O'Neil",
            "Hello Tom &amp; &quot;Jerry&quot; O&#39;Neil,",
        ),
        ("{{ url }} {% if %}", "Hello {{ url }} {% if %},"),
    ] {
        let message = message_to(name, MessageKind::ResetPassword);
        let rendered = renderer().render(&message, now()).unwrap();
        assert!(rendered.html.contains(html), "{}", rendered.html);
        assert!(
            rendered.text.starts_with(&format!("Hello {name},\n")),
            "{}",
            rendered.text
        );
    }
}

#[test]
fn a_very_long_name_is_cut() {
    let message = message_to(&"Ada ".repeat(10_000), MessageKind::PasswordChanged);
    let rendered = renderer().render(&message, now()).unwrap();
    let greeting = rendered.text.lines().next().unwrap();
    assert!(
        greeting.ends_with("Ada…,") && greeting.chars().count() < 60,
        "{greeting}"
    );
}

#[test]
fn verification_and_sign_up_attempt_mails_contain_no_name() {
    for kind in [MessageKind::VerifyEmail, MessageKind::SignUpAttempt] {
        let rendered = renderer().render(&message(kind), now()).unwrap();
        for part in [rendered.subject, rendered.text, rendered.html] {
            assert!(!part.contains("Ada Lovelace"), "{kind:?}");
        }
    }
}

#[test]
fn a_stored_address_of_any_form_is_escaped() {
    let mut message = message(MessageKind::ResetPassword);
    message.to = EmailAddress::from_stored("\"<b>\"@example.com").into();
    let html = renderer().render(&message, now()).unwrap().html;
    assert!(html.contains("&quot;&lt;b&gt;&quot;@example.com"));
    assert!(!html.contains("<b>"));
}
