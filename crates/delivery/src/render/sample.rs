//! Test of all templates with sample values.

use chrono::TimeDelta;
use portcullis_domain::{
    email::EmailAddress,
    message::{ContentKind, MessageKind},
};

use super::{Renderer, TemplateError, Variables, sources::Sources, variables::Remaining};

const ADDRESS: &str = "sample@sample.example";
const URL: &str = "https://sample.example/sample-link?token=sample";
const CODE: &str = "sample-code";

/// The variable that a template must print, and the part of its value that must appear. Escaping does not change it.
type Printed = (&'static str, &'static str);

/// Renders every template twice: with all variables, and with only those that are always defined.
pub(super) fn try_all(renderer: &Renderer, sources: &Sources) -> Result<(), TemplateError> {
    for kind in MessageKind::ALL {
        let printed = match kind.content() {
            ContentKind::Link | ContentKind::Invitation => Some(("url", "sample-link")),
            ContentKind::Code => Some(("code", CODE)),
            ContentKind::Notice => None,
        };
        for is_full in [true, false] {
            try_one(renderer, sources, variables(kind, is_full), printed)?;
        }
    }
    let address = EmailAddress::from_stored(ADDRESS).into();
    try_one(renderer, sources, Variables::of_test(&address), None)
}

fn variables(kind: MessageKind, is_full: bool) -> Variables<'static> {
    let content = kind.content();
    Variables {
        kind: kind.name(),
        to: ADDRESS,
        url: matches!(content, ContentKind::Link | ContentKind::Invitation).then_some(URL),
        code: (content == ContentKind::Code).then_some(CODE),
        new_email: (kind == MessageKind::ChangeEmail && is_full).then_some("new@sample.example"),
        organization_name: (content == ContentKind::Invitation && is_full).then(|| "Sample Inc".to_owned()),
        inviter_name: (content == ContentKind::Invitation && is_full).then(|| "Sample".to_owned()),
        expires_in: (content != ContentKind::Notice && is_full)
            .then(|| Remaining::new(TimeDelta::hours(1)))
            .flatten(),
        user_name: is_full.then(|| "Sample".to_owned()),
        user_email: ADDRESS,
    }
}

fn try_one(
    renderer: &Renderer,
    sources: &Sources,
    variables: Variables<'_>,
    printed: Option<Printed>,
) -> Result<(), TemplateError> {
    let kind = variables.kind;
    let filled = renderer
        .fill_in(variables)
        .map_err(|error| TemplateError::wrong(&error, sources))?;
    for (ending, text, printed) in [
        ("subject.txt", filled.subject, None),
        ("txt", filled.text, printed),
        ("html", filled.html, printed),
    ] {
        let file = || sources.place(&format!("{kind}.{ending}"));
        if text.trim().is_empty() {
            return Err(TemplateError::Empty { file: file() });
        }
        if let Some((variable, _)) = printed.filter(|(_, trace)| !text.contains(trace)) {
            return Err(TemplateError::Unprinted {
                file: file(),
                variable,
            });
        }
    }
    Ok(())
}
