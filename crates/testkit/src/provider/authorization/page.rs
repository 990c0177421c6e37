//! The pages that a browser shows or submits.

use std::collections::BTreeMap;

use crate::provider::request::pairs;

/// Returns a page that posts the parameters of a URL to it, as `response_mode=form_post` demands.
pub(super) fn posting(url: &str) -> String {
    let (action, query) = url.split_once('?').unwrap_or((url, ""));
    let inputs: BTreeMap<_, _> = pairs(query);
    let input = |(name, value): (&String, &String)| {
        let (name, value) = (escaped(name), escaped(value));
        format!(r#"<input type="hidden" name="{name}" value="{value}">"#)
    };
    let inputs = inputs.iter().map(input).collect::<Vec<_>>().concat();
    page(&format!(
        r#"<form method="post" action="{}">{inputs}<button>Continue</button></form>
<script>document.forms[0].submit()</script>"#,
        escaped(action)
    ))
}

pub(super) fn page(content: &str) -> String {
    format!("<!doctype html>\n<html lang=\"en\"><title>Provider</title>\n{content}\n</html>\n")
}

pub(super) fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('"', "&quot;")
}
