//! Error codes are a contract: `docs/errors.md` is the reviewed list.

use std::fmt::Write as _;

use portcullis_http::codes;
use portcullis_testkit::assert_document;

const HEAD: &str = "\
# Errors

The body of an error is `{\"code\": …, \"message\": …}`, with these exceptions:

* An error without a message in this table (`–`) has no body. Its code is only in the log.
* The body of `TOO_MANY_REQUESTS` (429) is `{\"message\": …}` without a code, sent as `text/plain;charset=UTF-8`, as in
  Better Auth. The headers `Retry-After` and `X-Retry-After` contain the number of seconds to wait.
* The three errors of [captchas](captcha.md#answers) have a body of the same form.
* An error whose code is in lower case is sent as `{\"error\": …, \"error_description\": …}`, the form of RFC 6749.
* The routes of [introspection](introspection.md), `/oauth2/introspect` and `/oauth2/revoke`, send every error except
  429 in the form of RFC 6749. An error with another code is `server_error` (500), `temporarily_unavailable` (503) or
  `invalid_request` there. If a request body is not a form, the status is 400, not 415.

Programs should read the code, which is `error` in the form of RFC 6749. If an error has no code, they should read the
status. Some messages contain details instead of the text in this table; for example, the message of `VALIDATION_ERROR`
lists every issue. `FIELD` stands for the name of a field and `NAME` for the id of a provider, in upper case:
`PROVIDER_GITHUB_NOT_FOUND`.

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
