//! The sources of the templates: built-in ones, and the deployment's replacements.

use std::{
    collections::BTreeMap,
    fs, io,
    path::{Path, PathBuf},
};

use super::TemplateError;

/// The built-in files: the layouts, and three files for each kind.
macro_rules! files {
    ($($kind:literal),*) => {
        [
            ("layout.html", include_str!("../../templates/layout.html")),
            ("layout.txt", include_str!("../../templates/layout.txt")),
            $(
                (concat!($kind, ".html"), include_str!(concat!("../../templates/", $kind, ".html"))),
                (concat!($kind, ".subject.txt"), include_str!(concat!("../../templates/", $kind, ".subject.txt"))),
                (concat!($kind, ".txt"), include_str!(concat!("../../templates/", $kind, ".txt"))),
            )*
        ]
    };
}

const BUILT_IN: [(&str, &str); 50] = files![
    "change-email",
    "delete-account",
    "email-changed",
    "email-verification-otp",
    "forget-password-otp",
    "invitation",
    "magic-link",
    "password-changed",
    "phone-otp",
    "phone-reset",
    "reset-password",
    "sign-in-otp",
    "sign-up-attempt",
    "test",
    "two-factor-otp",
    "verify-email"
];

/// The text of every template by its name, and the files of those that are not built in.
pub(super) struct Sources {
    pub(super) texts: BTreeMap<String, String>,
    replaced: BTreeMap<String, PathBuf>,
}

impl Sources {
    /// Returns the built-in templates, replaced by those in the folder. A file there that ends in `.html` or `.txt`
    /// must have the name of a built-in one, or begin with `_` if others include it; other files are ignored.
    pub(super) fn load(folder: Option<&Path>) -> Result<Self, TemplateError> {
        let texts = BUILT_IN
            .iter()
            .map(|(name, text)| ((*name).to_owned(), (*text).to_owned()))
            .collect();
        let mut sources = Self {
            texts,
            replaced: BTreeMap::new(),
        };
        if let Some(folder) = folder {
            sources.replace(folder)?;
        }
        Ok(sources)
    }

    /// Returns the file of a template, or its name if it is built in.
    pub(super) fn place(&self, name: &str) -> PathBuf {
        self.replaced.get(name).cloned().unwrap_or_else(|| name.into())
    }

    fn replace(&mut self, folder: &Path) -> Result<(), TemplateError> {
        let unreadable = |source: io::Error| TemplateError::Unreadable {
            file: folder.to_owned(),
            source,
        };
        for entry in fs::read_dir(folder).map_err(unreadable)? {
            let file = entry.map_err(unreadable)?.path();
            if file.is_file()
                && file
                    .extension()
                    .is_some_and(|ending| ending == "html" || ending == "txt")
            {
                self.replace_one(file)?;
            }
        }
        Ok(())
    }

    fn replace_one(&mut self, file: PathBuf) -> Result<(), TemplateError> {
        let name = file
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        if !name.starts_with('_') && !self.texts.contains_key(&name) {
            return Err(TemplateError::Unknown { file });
        }
        match fs::read_to_string(&file) {
            Ok(text) => self.texts.insert(name.clone(), text),
            Err(source) => return Err(TemplateError::Unreadable { file, source }),
        };
        self.replaced.insert(name, file);
        Ok(())
    }
}
