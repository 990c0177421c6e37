//! The codes of errors are a contract: one reviewed list.

use insta::assert_snapshot;
use portcullis_http::codes;

#[test]
fn the_list_of_codes_is_reviewed() {
    let lines: Vec<String> = codes()
        .iter()
        .map(|code| format!("{} {} {}", code.status, code.name, code.message))
        .collect();
    assert_snapshot!(lines.join("\n"));
}
