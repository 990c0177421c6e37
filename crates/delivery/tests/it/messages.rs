//! The content of each message.

use chrono::TimeDelta;
use portcullis_delivery::{Renderer, TemplateOptions};
use portcullis_domain::message::{Message, MessageKind};

use crate::sample::{CODE, TO, address, message, now, options, renderer};

#[test]
fn each_kind_of_message_looks_as_recorded() {
    let templates = renderer();
    for kind in MessageKind::ALL {
        let rendered = templates.render(&message(kind), now()).unwrap();
        let name = kind.name();
        insta::assert_snapshot!(
            format!("{name}.txt"),
            format!("{}\n\n{}", rendered.subject, rendered.text)
        );
        insta::assert_snapshot!(format!("{name}.html"), rendered.html);
    }
}

#[test]
fn a_test_message_looks_as_recorded() {
    let rendered = renderer().render_test(&address().into()).unwrap();
    insta::assert_snapshot!(format!("{}\n\n{}", rendered.subject, rendered.text));
    assert!(rendered.html.contains("This is a test."));
}

#[test]
fn every_message_shows_its_whole_link_and_its_recipient() {
    for kind in MessageKind::ALL {
        let message = message(kind);
        let rendered = renderer().render(&message, now()).unwrap();
        assert!(
            rendered.text.contains(TO) && rendered.html.contains(TO),
            "{kind:?}"
        );
        let Some(link) = message.link() else {
            assert!(!rendered.html.contains("<a "), "{kind:?}");
            continue;
        };
        let url = link.url.expose();
        assert!(rendered.text.lines().any(|line| line == url), "{kind:?}");
        let escaped = url.replace('&', "&amp;");
        assert_eq!(
            rendered.html.matches(&format!("href=\"{escaped}\"")).count(),
            2,
            "{kind:?}"
        );
        assert_eq!(
            rendered.html.matches(&format!(">{escaped}</a>")).count(),
            1,
            "{kind:?}"
        );
    }
}

#[test]
fn a_code_is_shown_in_the_text_and_not_in_the_subject() {
    let rendered = renderer()
        .render(&message(MessageKind::TwoFactorOtp), now())
        .unwrap();
    assert!(
        rendered.text.lines().any(|line| line == CODE),
        "{}",
        rendered.text
    );
    assert!(
        rendered.html.contains(&format!(">{CODE}</span>")),
        "{}",
        rendered.html
    );
    assert!(!rendered.subject.contains(CODE));
    assert!(rendered.text.contains("for 3 minutes from now"));
}

#[test]
fn a_message_to_an_address_without_a_user_greets_no_one_by_name() {
    for kind in MessageKind::ALL {
        let message = Message {
            user: None,
            ..message(kind)
        };
        let rendered = renderer().render(&message, now()).unwrap();
        assert!(
            rendered.text.starts_with("Hello,\n"),
            "{kind:?}: {}",
            rendered.text
        );
        assert!(
            rendered.text.contains(TO) && rendered.html.contains(TO),
            "{kind:?}"
        );
    }
}

#[test]
fn a_message_that_is_sent_late_shows_the_remaining_time() {
    let text = |after| {
        let message = message(MessageKind::ResetPassword);
        renderer().render(&message, now() + after).unwrap().text
    };
    assert!(text(TimeDelta::seconds(2)).contains("for 60 minutes from now"));
    assert!(text(TimeDelta::minutes(50)).contains("for 10 minutes from now"));
    assert!(!text(TimeDelta::minutes(60)).contains("from now"));
}

#[test]
fn a_logo_replaces_the_name_and_has_it_as_alternative_text() {
    let options = TemplateOptions {
        logo_url: Some("https://example.com/logo.png".to_owned()),
        ..options()
    };
    let message = message(MessageKind::ResetPassword);
    let html = Renderer::new(options)
        .unwrap()
        .render(&message, now())
        .unwrap()
        .html;
    assert!(
        html.contains(r#"<img src="https://example.com/logo.png" alt="Example &amp; Sons""#),
        "{html}"
    );
}
