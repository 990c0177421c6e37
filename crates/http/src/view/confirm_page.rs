//! The page on which a user confirms a sign-in by a link. Programs that scan mails follow links, but send no forms.

use std::fmt::{self, Display};

use super::{
    html::{Page, Style},
    password_page,
};

/// The answer to the form redirects to a page of the application, which may be on another origin or in an app. Browsers
/// apply `form-action` to redirects, too.
const STYLE: Style = Style {
    form_action: "",
    ..password_page::STYLE
};

/// The form.
pub(crate) struct ConfirmPage;

impl ConfirmPage {
    /// Returns the page. The form is sent to the page's own URL, which contains the token.
    pub(crate) fn page() -> Page<'static, impl Display> {
        Page {
            title: "Sign in",
            style: &STYLE,
            content: fmt::from_fn(|f| {
                f.write_str(
                    r#"<form method="post">
<p>Continue to sign in with the link that was sent to you.</p>
<button type="submit" autofocus>Sign in</button>
</form>"#,
                )
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::view::html::assert_policy_admits;

    #[test]
    fn the_policy_allows_a_redirect_to_any_page_of_the_application() {
        assert_policy_admits(&STYLE);
        assert!(!STYLE.policy().contains("form-action"));
    }
}
