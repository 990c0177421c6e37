//! What common error codes mean for a user.

const UNKNOWN: &str = "We could not finish what you asked for. Please go back and try again.";

/// Returns a sentence that says what happened and what the user can do.
pub(crate) fn describe(code: &str) -> &'static str {
    match code {
        "INVALID_TOKEN" | "invalid_token" => {
            "This link does not work. It may have been used already, or a newer one may have replaced it. Please \
             request a new link."
        }
        "TOKEN_EXPIRED" | "token_expired" => "This link has expired. Please request a new one.",
        "USER_NOT_FOUND" | "user_not_found" => "The account that this link belongs to no longer exists.",
        "UNAUTHORIZED" | "unauthorized" => {
            "This link belongs to another account than the one that is signed in. Please sign out and follow the link \
             again."
        }
        "access_denied" => "The sign-in was cancelled. You can go back and try again.",
        "state_mismatch" | "state_not_found" | "please_restart_the_process" => {
            "The sign-in was interrupted or took too long. Please start again."
        }
        "internal_server_error" => "The service could not finish this. Please try again in a few minutes.",
        _ => UNKNOWN,
    }
}

/// Whether the code is an error of a link in a message.
pub(crate) fn is_of_link(code: &str) -> bool {
    matches!(
        code.to_ascii_lowercase().as_str(),
        "invalid_token" | "token_expired" | "user_not_found" | "unauthorized"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_error_of_a_link_is_described_in_both_spellings() {
        for code in ["invalid_token", "token_expired", "user_not_found", "unauthorized"] {
            for code in [code.to_owned(), code.to_uppercase()] {
                assert!(is_of_link(&code), "{code}");
                assert_ne!(describe(&code), UNKNOWN, "{code}");
            }
        }
        assert!(!is_of_link("access_denied"));
        assert_eq!(describe("something_else"), UNKNOWN);
    }
}
