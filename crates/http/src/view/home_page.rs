//! The page at the root, to which links in messages lead if they name no other page.

use std::fmt::{self, Display, Formatter};

use super::{
    error_page::LINK_FAILED,
    error_words::{describe, is_of_link},
    html::{Escaped, Page},
    password_page::STYLE,
};

/// The documentation of the client that front ends use.
const CLIENT_DOCUMENTATION: &str = "https://www.better-auth.com/docs/concepts/client";

/// What the page shows.
pub(crate) struct HomePage<'a> {
    /// The name of the application.
    pub(crate) app_name: &'a str,
    /// The code of the error, if there was one.
    pub(crate) error: Option<&'a str>,
    /// What a developer needs. `None` in production.
    pub(crate) development: Option<Development<'a>>,
}

/// What a developer needs.
pub(crate) struct Development<'a> {
    /// The URL of the endpoints.
    pub(crate) endpoints: String,
    /// The name and the address of the user who is signed in.
    pub(crate) user: Option<(&'a str, &'a str)>,
    /// How to try a sign-in with the development provider, if there is one.
    pub(crate) sign_in: Option<SignIn>,
    /// Whether messages are shown at `/dev/inbox`.
    pub(crate) has_inbox: bool,
    /// The path of the page that describes the endpoints, below their URL.
    pub(crate) reference: Option<String>,
    /// The front end's start page, if it is configured.
    pub(crate) front_end: Option<&'a str>,
}

/// How to try a sign-in with the development provider.
pub(crate) enum SignIn {
    /// With a form that is sent to this path.
    Here(&'static str),
    /// On the page of this origin: the browser opened the page by another host, at which it would not receive the
    /// cookies.
    At(String),
}

impl HomePage<'_> {
    /// Returns the page.
    pub(crate) fn page(&self) -> Page<'_, impl Display> {
        Page {
            title: match self.error {
                Some(code) if is_of_link(code) => LINK_FAILED,
                Some(_) => "Something went wrong",
                None => self.app_name,
            },
            style: &STYLE,
            content: fmt::from_fn(move |f| {
                self.message(f)?;
                match &self.development {
                    Some(development) => development.write(f),
                    None => Ok(()),
                }
            }),
        }
    }

    fn message(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self.error {
            Some(code) => {
                write!(f, "<p>{}</p>", describe(code))?;
                write!(f, r#"<p class="quiet">Code: {}</p>"#, Escaped(code))
            }
            None => f.write_str(
                "<p>This is an authentication service. If you followed a link from a message, the link has worked and \
                 you can close this page.</p>",
            ),
        }
    }
}

impl Development<'_> {
    fn write(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let endpoints = Escaped(&self.endpoints);
        writeln!(
            f,
            "<p>The server runs in development mode. Its endpoints are below <code>{endpoints}</code>.</p>"
        )?;
        self.write_user(f)?;
        f.write_str("<ul>\n")?;
        if self.has_inbox {
            item(f, "/dev/inbox", "Inbox: the messages that were not sent")?;
        }
        if let Some(path) = &self.reference {
            let url = format!("{}{path}", self.endpoints);
            item(
                f,
                &url,
                "API reference: every endpoint of this server, to read and to try",
            )?;
        }
        if let Some(url) = self.front_end {
            item(f, url, "Front end")?;
        }
        item(f, CLIENT_DOCUMENTATION, "Documentation of the JavaScript client")?;
        item(
            f,
            &format!("{}/get-session", self.endpoints),
            "The session of this browser, as JSON",
        )?;
        item(
            f,
            "/health/ready",
            "Whether the server and its database can be used",
        )?;
        f.write_str(
            "</ul>\n<p class=\"quiet\">The folder <code>docs</code> of the source code describes every endpoint, option and \
             error. <code>portcullis --help</code> lists the commands.</p>",
        )
    }
}

impl Development<'_> {
    fn write_user(&self, f: &mut Formatter<'_>) -> fmt::Result {
        if let Some((name, email)) = self.user {
            let (name, email) = (Escaped(name), Escaped(email));
            writeln!(
                f,
                "<p>You are signed in as <strong>{name}</strong> ({email}).</p>"
            )?;
        }
        match &self.sign_in {
            Some(SignIn::Here(path)) => writeln!(
                f,
                r#"<form method="post" action="{path}"><button type="submit">Sign in with the development provider</button></form>"#
            ),
            Some(SignIn::At(origin)) => {
                let origin = Escaped(origin);
                writeln!(
                    f,
                    "<p>To sign in with the development provider, open <code>{origin}</code>, the base URL of this server.</p>"
                )
            }
            None => Ok(()),
        }
    }
}

fn item(f: &mut Formatter<'_>, url: &str, text: &str) -> fmt::Result {
    writeln!(f, r#"<li><a href="{}">{}</a></li>"#, Escaped(url), Escaped(text))
}
