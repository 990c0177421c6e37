//! The page that shows the document. It loads nothing: its style and its script are part of it.

use std::fmt::{self, Display, Formatter};

use serde_json::Value;

use super::{
    example::{example_text, preferred_content},
    json::{at, list, text},
    words::{answer_kind, kind},
};
use crate::view::html::Escaped;

const STYLE: &str = include_str!("page.css");
const STYLE_HASH: &str = "U2lpbC5XlMzjMACYxv5ahIyI/OPpFsXwRj2uBC2Phq4=";
const SCRIPT: &str = include_str!("page.js");
const SCRIPT_HASH: &str = "gNSK67AFPKYbSXz9CNkXp+Fxnw1gQLPZkCtXZvTVlvY=";

/// The page.
pub(super) struct Reference<'a> {
    pub(super) document: &'a Value,
    /// A value that a policy of the deployment allows in addition.
    pub(super) nonce: Option<&'a str>,
}

/// Returns the content security policy: only the page's own style and script, and requests to this server.
pub(super) fn policy(nonce: Option<&str>) -> String {
    let nonce = nonce.map(|nonce| format!(" 'nonce-{nonce}'")).unwrap_or_default();
    format!(
        "default-src 'none'; style-src 'sha256-{STYLE_HASH}'{nonce}; script-src 'sha256-{SCRIPT_HASH}'{nonce}; \
         connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )
}

impl Reference<'_> {
    fn sections(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let tags = list(at(self.document, "/tags"));
        f.write_str("<nav>")?;
        for tag in tags {
            let (anchor, name) = (anchor(tag), Escaped(text(at(tag, "/name"))));
            write!(f, "<a href=\"#{anchor}\">{name}</a>")?;
        }
        f.write_str("</nav>\n")?;
        for tag in tags {
            let (anchor, name) = (anchor(tag), Escaped(text(at(tag, "/name"))));
            writeln!(f, "<h2 id=\"{anchor}\">{name}</h2>")?;
            for (item, path, method, operation) in operations(self.document) {
                if at(operation, "/tags/0") == at(tag, "/name") {
                    self.operation(f, item, (path, method, operation))?;
                }
            }
        }
        Ok(())
    }

    fn operation(
        &self,
        f: &mut Formatter<'_>,
        item: &Value,
        (path, method, operation): (&str, &str, &Value),
    ) -> fmt::Result {
        let id = Escaped(text(at(operation, "/operationId")));
        let shown = Escaped(path);
        let summary = Marked(text(at(operation, "/summary")));
        let access = Escaped(text(at(operation, "/x-access")));
        let method = method.to_uppercase();
        write!(
            f,
            "<details id=\"{id}\"><summary><span class=\"method\">{method}</span><code>{shown}</code> \
             <span>{summary}</span></summary>\n<div class=\"body\">\n<p class=\"quiet\">For {access}.</p>\n"
        )?;
        parameters(f, at(operation, "/parameters"))?;
        body(f, at(operation, "/requestBody"))?;
        answers(f, at(operation, "/responses"))?;
        self.form(f, item, (path, &method, operation))?;
        f.write_str("</div></details>\n")
    }

    /// Writes the form that sends a request, to the server from which the page comes.
    fn form(
        &self,
        f: &mut Formatter<'_>,
        item: &Value,
        (path, method, operation): (&str, &str, &Value),
    ) -> fmt::Result {
        let servers = item.get("servers").unwrap_or(at(self.document, "/servers"));
        let base = text(at(servers, "/0/url"));
        let base = base.splitn(4, '/').nth(3).map(|path| format!("/{path}"));
        let whole = base.unwrap_or_default() + path;
        let whole = Escaped(&whole);
        let content = preferred_content(at(operation, "/requestBody"));
        let media_type = Escaped(content.map_or("", |(media_type, _)| media_type));
        write!(
            f,
            "<h3>Try it</h3>\n<form data-method=\"{method}\" data-path=\"{whole}\" data-type=\"{media_type}\">"
        )?;
        for parameter in list(at(operation, "/parameters")) {
            let (name, place) = (
                Escaped(text(at(parameter, "/name"))),
                Escaped(text(at(parameter, "/in"))),
            );
            write!(
                f,
                "<label>{name} <input name=\"{name}\" data-in=\"{place}\" autocomplete=\"off\"></label>"
            )?;
        }
        if let Some(example) = content.map(example_text) {
            let rows = example.lines().count().max(2);
            let example = Escaped(&example);
            write!(
                f,
                "<label>Body <textarea rows=\"{rows}\" spellcheck=\"false\">{example}</textarea></label>"
            )?;
        }
        f.write_str("<button type=\"submit\">Send</button><output></output></form>\n")
    }
}

impl Display for Reference<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let title = Escaped(text(at(self.document, "/info/title")));
        let nonce = self.nonce.map(|nonce| format!(" nonce=\"{}\"", Escaped(nonce)));
        let nonce = nonce.unwrap_or_default();
        let base = Escaped(text(at(self.document, "/servers/0/url")));
        write!(
            f,
            r#"<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex">
<title>{title}: API reference</title>
<style{nonce}>{STYLE}</style>
</head>
<body>
<main>
<h1>{title}: API reference</h1>
<p class="quiet">The endpoints are below <code>{base}</code>. The <a href="{base}/open-api/generate-schema">OpenAPI document</a> describes them for programs.</p>
"#
        )?;
        self.sections(f)?;
        write!(f, "</main>\n<script{nonce}>{SCRIPT}</script>\n</body>\n</html>\n")
    }
}

/// Text in which code stands between backticks, as HTML.
struct Marked<'a>(&'a str);

impl Display for Marked<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        for (place, part) in self.0.split('`').enumerate() {
            let part = Escaped(part);
            if place % 2 == 0 {
                write!(f, "{part}")?;
            } else {
                write!(f, "<code>{part}</code>")?;
            }
        }
        Ok(())
    }
}

fn parameters(f: &mut Formatter<'_>, parameters: &Value) -> fmt::Result {
    if list(parameters).is_empty() {
        return Ok(());
    }
    f.write_str("<h3>Parameters</h3>\n<table><tr><th>name<th>in<th>value<th>description</tr>\n")?;
    for parameter in list(parameters) {
        let (name, place) = (
            Escaped(text(at(parameter, "/name"))),
            Escaped(text(at(parameter, "/in"))),
        );
        let value = kind(at(parameter, "/schema"));
        let description = Marked(text(at(parameter, "/description")));
        let value = Escaped(&value);
        let mark = required(at(parameter, "/required") == true);
        writeln!(
            f,
            "<tr><td><code>{name}</code><td>{place}<td>{value}{mark}<td>{description}</tr>"
        )?;
    }
    f.write_str("</table>\n")
}

fn body(f: &mut Formatter<'_>, body: &Value) -> fmt::Result {
    let Some(content) = at(body, "/content").as_object() else {
        return Ok(());
    };
    let types: Vec<_> = content.keys().map(String::as_str).collect();
    let types = types.join(", ");
    let types = Escaped(&types);
    write!(f, "<h3>Body</h3>\n<p class=\"quiet\"><code>{types}</code>")?;
    if at(body, "/required") == false {
        f.write_str(", optional")?;
    }
    f.write_str("</p>\n<table><tr><th>member<th>value</tr>\n")?;
    let schema = preferred_content(body).map_or(&Value::Null, |(_, content)| at(content, "/schema"));
    let properties = at(schema, "/properties").as_object();
    for (name, member) in properties.into_iter().flatten() {
        let mark = required(
            list(at(schema, "/required"))
                .iter()
                .any(|required| required == name),
        );
        let (name, value) = (Escaped(name), kind(member));
        let value = Escaped(&value);
        writeln!(f, "<tr><td><code>{name}</code><td>{value}{mark}</tr>")?;
    }
    f.write_str("</table>\n")
}

fn answers(f: &mut Formatter<'_>, responses: &Value) -> fmt::Result {
    f.write_str("<h3>Answers</h3>\n<table><tr><th>status<th>content<th>description</tr>\n")?;
    for (status, response) in responses.as_object().into_iter().flatten() {
        let content = answer_kind(response);
        let (status, content) = (Escaped(status), Escaped(&content));
        write!(f, "<tr><td>{status}<td>{content}<td>")?;
        for line in text(at(response, "/description"))
            .lines()
            .filter(|line| !line.is_empty())
        {
            write!(f, "<p>{}</p>", Marked(line))?;
        }
        f.write_str("</tr>\n")?;
    }
    f.write_str("</table>\n")
}

const fn required(is_required: bool) -> &'static str {
    if is_required { ", required" } else { "" }
}

/// Returns the id of the heading of a tag.
fn anchor(tag: &Value) -> String {
    text(at(tag, "/name")).to_lowercase().replace(' ', "-")
}

/// Returns every operation with its path item, path and method.
fn operations(document: &Value) -> impl Iterator<Item = (&Value, &str, &str, &Value)> {
    let items = at(document, "/paths").as_object().into_iter().flatten();
    items.flat_map(|(path, item)| {
        let members = item.as_object().into_iter().flatten();
        let operations = members.filter(|(_, member)| member.is_object());
        operations.map(move |(method, operation)| (item, path.as_str(), method.as_str(), operation))
    })
}

#[cfg(test)]
mod tests {
    use base64::{Engine as _, engine::general_purpose::STANDARD};
    use serde_json::json;
    use sha2::{Digest as _, Sha256};

    use super::*;

    #[test]
    fn the_policy_allows_the_pages_own_style_and_script() {
        let document = json!({});
        let page = Reference {
            document: &document,
            nonce: None,
        };
        for (kind, content) in [("style-src", STYLE), ("script-src", SCRIPT)] {
            let hash = STANDARD.encode(Sha256::digest(content));
            assert!(
                policy(page.nonce).contains(&format!("{kind} 'sha256-{hash}';")),
                "{kind} {hash}"
            );
        }
    }

    #[test]
    fn a_nonce_is_in_the_policy_and_on_the_style_and_the_script() {
        let document = json!({});
        let page = Reference {
            document: &document,
            nonce: Some("abc="),
        };
        assert_eq!(policy(page.nonce).matches(" 'nonce-abc='").count(), 2);
        assert_eq!(page.to_string().matches(" nonce=\"abc=\"").count(), 2);
    }

    #[test]
    fn text_between_backticks_is_code() {
        let text = Marked("`A`: 1 < 2, or `<b>`").to_string();
        assert_eq!(text, "<code>A</code>: 1 &lt; 2, or <code>&lt;b&gt;</code>");
    }

    #[test]
    fn html_in_the_document_is_escaped() {
        let document = json!({ "info": { "title": "<b>\"&" }, "servers": [{ "url": "http://x/<i>" }] });
        let page = Reference {
            document: &document,
            nonce: None,
        };
        let page = page.to_string();
        assert!(!page.contains("<b>") && !page.contains("<i>"), "{page}");
    }
}
