//! The page on which a user sets a new password, if the link in the message names no page of the deployment.

use std::fmt::{self, Display};

use super::html::{Escaped, Page, Style};

/// The style of pages with a form.
pub(crate) const STYLE: Style = Style {
    rules: include_str!("form_page.css"),
    hash: "4AEQotMP1tWEZVyw8GNCYbzFq0GI4fcuWLC88wL1kno=",
    form_action: "'self'",
};

/// The form, with the problem of the password that was sent before.
pub(crate) struct PasswordPage<'a> {
    /// A sentence about the password that was rejected.
    pub(crate) problem: Option<&'a str>,
}

/// The page that is shown after the password was set.
pub(crate) struct PasswordSetPage<'a> {
    /// The front end's start page, if it is configured.
    pub(crate) front_end: Option<&'a str>,
}

impl PasswordPage<'_> {
    /// Returns the page. The form is sent to the page's own URL, which contains the token.
    pub(crate) fn page(&self) -> Page<'_, impl Display> {
        Page {
            title: "Set a new password",
            style: &STYLE,
            content: fmt::from_fn(|f| {
                if let Some(problem) = self.problem {
                    write!(f, r#"<p class="wrong" role="alert">{}</p>"#, Escaped(problem))?;
                }
                f.write_str(
                    r#"<form method="post">
<label for="newPassword">New password</label>
<input id="newPassword" name="newPassword" type="password" autocomplete="new-password" required autofocus>
<button type="submit">Set password</button>
</form>"#,
                )
            }),
        }
    }
}

impl PasswordSetPage<'_> {
    /// Returns the page.
    pub(crate) fn page(&self) -> Page<'_, impl Display> {
        Page {
            title: "Your password is set",
            style: &STYLE,
            content: fmt::from_fn(|f| match self.front_end {
                Some(url) => {
                    let url = Escaped(url);
                    write!(
                        f,
                        r#"<p>You can now <a href="{url}">sign in</a> with your new password.</p>"#
                    )
                }
                None => f.write_str("<p>You can close this page and sign in with your new password.</p>"),
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::view::html::assert_policy_admits;

    #[test]
    fn the_policy_allows_the_pages_own_style_and_its_form() {
        assert_policy_admits(&STYLE);
        assert!(STYLE.policy().contains("form-action 'self'"));
    }

    #[test]
    fn html_in_a_problem_is_escaped() {
        let page = PasswordPage {
            problem: Some("<b>too short</b>"),
        };
        assert!(page.page().to_string().contains("&lt;b&gt;too short"));
    }
}
