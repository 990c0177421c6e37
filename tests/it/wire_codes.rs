//! The codes of errors are a contract: one reviewed list, `docs/errors.md`.

use std::fmt::Write as _;

use portcullis_http::codes;
use portcullis_testkit::assert_document;

const HEAD: &str = "\
# Errors

Every error has the body `{\"code\": …, \"message\": …}`, but for those without a message here: their status says it
all, there is no body, and the code stands in the log alone. Programs read the code. Some messages
carry particulars in place of the one given here: those of `VALIDATION_ERROR` name every issue at once.

This file is made from the code: `just docs` renews it, and a test fails where it is behind.

| status | code | message |
| --- | --- | --- |
";

#[test]
fn the_list_of_codes_is_reviewed() {
    let mut document = HEAD.to_owned();
    for code in codes() {
        let message = if code.is_bare { "–" } else { code.message };
        writeln!(document, "| {} | `{}` | {message} |", code.status, code.name).unwrap();
    }
    assert_document("docs/errors.md", &document);
}
