//! The providers, one file each; `query` writes the URLs that differ in form.

use crate::definition::Definition;

mod apple;
mod atlassian;
mod cognito;
mod discord;
mod dropbox;
mod facebook;
mod figma;
mod github;
mod gitlab;
mod google;
mod huggingface;
mod kakao;
mod kick;
mod query;
mod slack;

/// Returns every provider, sorted by its id.
#[must_use]
pub const fn definitions() -> &'static [&'static dyn Definition] {
    &[
        &apple::Apple,
        &atlassian::Atlassian,
        &cognito::Cognito,
        &discord::Discord,
        &dropbox::Dropbox,
        &facebook::Facebook,
        &figma::Figma,
        &github::GitHub,
        &gitlab::GitLab,
        &google::Google,
        &huggingface::HuggingFace,
        &kakao::Kakao,
        &kick::Kick,
        &slack::Slack,
    ]
}
