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
mod line;
mod linear;
mod linkedin;
mod microsoft;
mod naver;
mod notion;
mod paybin;
mod paypal;
mod polar;
mod query;
mod reddit;
mod roblox;
mod salesforce;
mod slack;
mod spotify;
mod tiktok;
mod twitch;
mod twitter;
mod vercel;
mod vk;
mod zoom;

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
        &line::Line,
        &linear::Linear,
        &linkedin::LinkedIn,
        &microsoft::Microsoft,
        &naver::Naver,
        &notion::Notion,
        &paybin::Paybin,
        &paypal::PayPal,
        &polar::Polar,
        &reddit::Reddit,
        &roblox::Roblox,
        &salesforce::Salesforce,
        &slack::Slack,
        &spotify::Spotify,
        &tiktok::TikTok,
        &twitch::Twitch,
        &twitter::Twitter,
        &vercel::Vercel,
        &vk::Vk,
        &zoom::Zoom,
    ]
}

#[cfg(test)]
mod tests;
