//! Messages as people see them.

mod error;
mod html;
mod name;
mod sample;
mod sources;
mod tidy;
mod variables;

use std::path::PathBuf;

use chrono::{DateTime, Utc};
use minijinja::{Environment, UndefinedBehavior};
use portcullis_domain::{email::EmailAddress, message::Message};

use sources::Sources;
use variables::Variables;

pub use error::{RenderError, TemplateError};

/// The kind of a test message, as templates and webhooks name it.
pub(crate) const TEST: &str = "test";

/// How messages look.
///
/// Templates are Jinja's. They print `app_name`, `kind`, `to` and `user.email`, and where there are such things
/// `logo_url`, `url`, `new_email`, `expires_in` (such as `60 minutes`), `expires_in_minutes` and `user.name`; printing what is not
/// there is an error, so these stand within an `if`. A user's name that may be taken for a link is not there.
#[derive(Clone, Debug, Default)]
pub struct TemplateOptions {
    /// Where templates stand that replace ours of the same name: `layout` and each kind with the ending `.html` or
    /// `.txt`, and each kind with `.subject.txt`. They are read once.
    pub folder: Option<PathBuf>,
    /// What the deployment calls itself.
    pub app_name: String,
    /// A picture to show instead.
    pub logo_url: Option<String>,
}

/// A message as its recipient sees it. It shows in no debug output, since it holds secrets.
#[derive(Clone)]
pub struct Rendered {
    /// Its subject, on one line.
    pub subject: String,
    /// What it says as plain text.
    pub text: String,
    /// What it says as HTML: a whole page.
    pub html: String,
}

/// Fills in templates.
pub struct Renderer {
    environment: Environment<'static>,
    app_name: String,
    logo_url: Option<String>,
}

impl Renderer {
    /// Reads the templates, and tries each with sample values: one that is good here hardly fails later.
    ///
    /// # Errors
    ///
    /// [`TemplateError`] tells the file and the line of what is wrong.
    pub fn new(options: TemplateOptions) -> Result<Self, TemplateError> {
        let sources = Sources::load(options.folder.as_deref())?;
        let mut environment = Environment::new();
        environment.set_undefined_behavior(UndefinedBehavior::SemiStrict);
        environment.set_formatter(html::write_escaped);
        for (name, text) in &sources.texts {
            environment
                .add_template_owned(name.clone(), text.clone())
                .map_err(|error| TemplateError::wrong(&error, &sources))?;
        }
        let renderer = Self {
            environment,
            app_name: options.app_name,
            logo_url: options.logo_url,
        };
        sample::try_all(&renderer, &sources)?;
        Ok(renderer)
    }

    /// A message as its recipient sees it.
    ///
    /// # Errors
    ///
    /// [`RenderError`], where a template of the deployment's cannot be filled in with what this message says.
    pub fn render(&self, message: &Message, now: DateTime<Utc>) -> Result<Rendered, RenderError> {
        self.fill_in(Variables::of(message, now))
            .map_err(|error| RenderError::new(&error))
    }

    /// A message that shows that messages arrive.
    ///
    /// # Errors
    ///
    /// As [`Renderer::render`].
    pub fn render_test(&self, to: &EmailAddress) -> Result<Rendered, RenderError> {
        self.fill_in(Variables::of_test(to))
            .map_err(|error| RenderError::new(&error))
    }

    fn fill_in(&self, variables: Variables<'_>) -> Result<Rendered, minijinja::Error> {
        let kind = variables.kind;
        let values = variables.into_value(&self.app_name, self.logo_url.as_deref());
        let part = |ending: &str| {
            self.environment
                .get_template(&format!("{kind}.{ending}"))?
                .render(values.clone())
        };
        Ok(Rendered {
            subject: tidy::subject(&part("subject.txt")?),
            text: tidy::text(&part("txt")?),
            html: part("html")?,
        })
    }
}
