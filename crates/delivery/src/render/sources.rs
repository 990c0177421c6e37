//! The texts of the templates: ours, and those that a deployment puts in their place.

use std::{
    collections::BTreeMap,
    fs, io,
    path::{Path, PathBuf},
};

use super::TemplateError;

/// A built-in template's three files.
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

const BUILT_IN: [(&str, &str); 26] = files![
    "change-email",
    "delete-account",
    "email-changed",
    "password-changed",
    "reset-password",
    "sign-up-attempt",
    "test",
    "verify-email"
];

/// Every template's text by its name, and where it came from if it is not ours.
pub(super) struct Sources {
    pub(super) texts: BTreeMap<String, String>,
    replaced: BTreeMap<String, PathBuf>,
}

impl Sources {
    /// Ours, with those of the folder in their place. A file there that ends in `.html` or `.txt` must have the name
    /// of one of ours, or begin with `_` to be included by others; other files are passed over.
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

    /// Where a template can be mended.
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
