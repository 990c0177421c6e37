//! Error codes are a contract: `docs/errors.md` is the reviewed list.

use std::fmt::Write as _;

use portcullis_http::codes;
use portcullis_testkit::assert_document;

const HEAD: &str = "\
# Errors

Every error has the body `{\"code\": …, \"message\": …}`, with four exceptions. Errors without a message in this table have
no body, and their code is only in the log. The body of a 429 is `{\"message\": …}` without a code, sent as
`text/plain;charset=UTF-8`, as in Better Auth; the headers `Retry-After` and `X-Retry-After` contain the number of seconds
to wait. The bodies of the three errors of [captchas](captcha.md#answers) have the same form. Codes in lower case are sent as `{\"error\": …, \"error_description\": …}` by RFC 6749. Routes for services send every error in
that form: an error with another code has the name `invalid_request`, `temporarily_unavailable` (503) or `server_error` (500), and a body of another
media type than a form has the status 400. Programs should read the status 429, and the code of every other error. Some messages contain details instead of
the text in this table; for example, the message of `VALIDATION_ERROR` lists every issue. `FIELD` stands for the name of a
field and `NAME` for the id of a provider, in upper case: `PROVIDER_GITHUB_NOT_FOUND`.

This file is generated from the code: run `just docs` to update it. A test fails if it is out of date.

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
