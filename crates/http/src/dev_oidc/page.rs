//! The page of the provider of development mode, on which a developer chooses a person.

use std::fmt::{self, Display, Formatter};

use crate::view::html::{Escaped, Page, Style};

/// The answer to the form redirects to the application, which may be on another origin.
const STYLE: Style = Style {
    rules: include_str!("page.css"),
    hash: "I7feWDUnp2Va6zhMAQAAY1taqPDxjoU586KQIU3PePw=",
    form_action: "",
};

/// Persons whom the developer can choose: name, address, and whether the address is verified.
const PERSONS: [(&str, &str, bool); 3] = [
    ("Ada Lovelace", "ada@example.com", true),
    ("Grace Hopper", "grace@example.com", true),
    ("Mallory", "mallory@example.com", false),
];

/// The page.
pub(super) struct DevOidcPage<'a> {
    /// The name of the application.
    pub(super) app_name: &'a str,
    /// The address that the application suggests.
    pub(super) login_hint: &'a str,
    /// A sentence about what was sent before.
    pub(super) problem: Option<&'a str>,
}

impl DevOidcPage<'_> {
    /// Returns the page. The forms are sent to the page's own URL, which contains the request.
    pub(super) fn page(&self) -> Page<'_, impl Display> {
        Page {
            title: "Who are you?",
            style: &STYLE,
            content: fmt::from_fn(move |f| {
                let app_name = Escaped(self.app_name);
                write!(
                    f,
                    r#"<p>{app_name} asks the development provider for your name and your e-mail address.</p>
<p class="quiet">This page stands for the page of a provider such as Google or GitHub. It exists only in development, needs no password, and lets you be any person.</p>
"#
                )?;
                for person in PERSONS {
                    write_person(person, f)?;
                }
                self.write_form(f)
            }),
        }
    }

    fn write_form(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str("<h2>Another person</h2>\n")?;
        if let Some(problem) = self.problem {
            writeln!(f, r#"<p class="wrong" role="alert">{}</p>"#, Escaped(problem))?;
        }
        let login_hint = Escaped(self.login_hint);
        write!(
            f,
            r#"<form method="post">
<label for="name">Name</label>
<input id="name" name="name" autocomplete="off" required>
<label for="email">E-mail address</label>
<input id="email" name="email" type="email" autocomplete="off" value="{login_hint}" required>
<label><input name="emailVerified" type="checkbox" value="true" checked> The provider has verified the address</label>
<button type="submit">Continue</button>
<button type="submit" name="cancel" value="true" formnovalidate>Cancel</button>
</form>"#
        )
    }
}

fn write_person((name, email, is_email_verified): (&str, &str, bool), f: &mut Formatter<'_>) -> fmt::Result {
    let verified = if is_email_verified {
        r#"<input name="emailVerified" type="hidden" value="true">"#
    } else {
        ""
    };
    let note = if is_email_verified { "" } else { ", not verified" };
    writeln!(
        f,
        r#"<form method="post"><input name="name" type="hidden" value="{name}"><input name="email" type="hidden" value="{email}">{verified}<button type="submit">Continue as {name} ({email}{note})</button></form>"#
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::view::html::assert_policy_admits;

    #[test]
    fn the_policy_allows_the_pages_own_style_and_the_redirect_to_an_application() {
        assert_policy_admits(&STYLE);
        let policy = STYLE.policy();
        assert!(
            policy.ends_with("base-uri 'none'; frame-ancestors 'none'"),
            "{policy}"
        );
    }

    #[test]
    fn html_in_a_suggested_address_is_escaped() {
        let page = DevOidcPage {
            app_name: "<b>Acme</b>",
            login_hint: "\"><script>",
            problem: Some("<i>"),
        };
        let page = page.page().to_string();
        for hostile in ["<b>", "<script>", "<i>"] {
            assert!(!page.contains(hostile), "{page}");
        }
    }
}
