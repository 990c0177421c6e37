//! Test of all templates with sample values.

use portcullis_domain::message::MessageKind;

use super::{Renderer, TEST, TemplateError, Variables, sources::Sources};

const URL: &str = "https://sample.example/sample-link?token=sample";

/// The part of [`URL`] that a rendered message with a link must contain. Escaping does not change it.
const TRACE: &str = "sample-link";

/// Renders every template twice: with all variables, and with only those that are always defined.
pub(super) fn try_all(renderer: &Renderer, sources: &Sources) -> Result<(), TemplateError> {
    for kind in MessageKind::ALL {
        for is_full in [true, false] {
            try_one(renderer, sources, kind.name(), has_link(kind), is_full)?;
        }
    }
    try_one(renderer, sources, TEST, false, false)
}

const fn has_link(kind: MessageKind) -> bool {
    match kind {
        MessageKind::VerifyEmail
        | MessageKind::ResetPassword
        | MessageKind::ChangeEmail
        | MessageKind::DeleteAccount => true,
        MessageKind::SignUpAttempt | MessageKind::PasswordChanged | MessageKind::EmailChanged => false,
    }
}

fn try_one(
    renderer: &Renderer,
    sources: &Sources,
    kind: &'static str,
    has_link: bool,
    is_full: bool,
) -> Result<(), TemplateError> {
    let variables = Variables {
        kind,
        to: "sample@sample.example",
        url: has_link.then_some(URL),
        new_email: (kind == MessageKind::ChangeEmail.name() && is_full).then_some("new@sample.example"),
        expires_in_minutes: (has_link && is_full).then_some(60),
        user_name: is_full.then(|| "Sample".to_owned()),
        user_email: "sample@sample.example",
    };
    let filled = renderer
        .fill_in(variables)
        .map_err(|error| TemplateError::wrong(&error, sources))?;
    for (ending, text, shows_link) in [
        ("subject.txt", filled.subject, false),
        ("txt", filled.text, has_link),
        ("html", filled.html, has_link),
    ] {
        let file = || sources.place(&format!("{kind}.{ending}"));
        if text.trim().is_empty() {
            return Err(TemplateError::Empty { file: file() });
        }
        if shows_link && !text.contains(TRACE) {
            return Err(TemplateError::NoLink { file: file() });
        }
    }
    Ok(())
}
