//! Rendering of messages with templates.

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
use portcullis_domain::{destination::Destination, message::Message};

use sources::Sources;
use variables::Variables;

pub use error::{RenderError, TemplateError};

/// Name of a test message's kind in templates and webhooks.
pub(crate) const TEST: &str = "test";

/// Options of templates.
///
/// Templates are written in Jinja. They can print `app_name`, `kind`, `to` and `user.email`. `logo_url`, `url`,
/// `code`, `new_email`, `organization_name`, `inviter_name`, `expires_in` (such as `60 minutes`), `expires_in_minutes`
/// and `user.name` may be undefined. Printing an
/// undefined variable is an error, so these need an `if`. A name that could be read as a link is undefined.
#[derive(Clone, Debug, Default)]
pub struct TemplateOptions {
    /// Folder of templates that replace the built-in ones of the same name: `layout` and each kind with the ending
    /// `.html` or `.txt`, and each kind with `.subject.txt`. They are read once.
    pub folder: Option<PathBuf>,
    /// Name of the deployment's application.
    pub app_name: String,
    /// URL of a picture that is shown instead of the name.
    pub logo_url: Option<String>,
}

/// A rendered message. It does not implement `Debug`, since it contains secrets.
#[derive(Clone)]
pub struct Rendered {
    /// The subject, on one line.
    pub subject: String,
    /// The content as plain text.
    pub text: String,
    /// The content as an HTML page.
    pub html: String,
}

/// Renders messages with templates.
pub struct Renderer {
    environment: Environment<'static>,
    app_name: String,
    logo_url: Option<String>,
}

impl Renderer {
    /// Reads the templates and renders each with sample values, so that most errors are found at startup.
    ///
    /// # Errors
    ///
    /// [`TemplateError`] names the file and the line of the error.
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

    /// Renders a message.
    ///
    /// # Errors
    ///
    /// [`RenderError`] if one of the deployment's templates fails with the values of this message.
    pub fn render(&self, message: &Message, now: DateTime<Utc>) -> Result<Rendered, RenderError> {
        self.fill_in(Variables::of(message, now))
            .map_err(|error| RenderError::new(&error))
    }

    /// Renders a test message.
    ///
    /// # Errors
    ///
    /// As [`Renderer::render`].
    pub fn render_test(&self, to: &Destination) -> Result<Rendered, RenderError> {
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
