//! Several sessions on one device, each of a different user.

use crate::{id::UserId, token::SessionToken};

/// A session whose cookie a device presents in addition to that of its current session.
#[derive(Clone, Debug)]
pub struct HeldSession {
    /// The session's token.
    pub token: SessionToken,
    /// The session's user. `None`: the session has ended.
    pub user_id: Option<UserId>,
}

/// What happens to the sessions of a device when another one becomes its current session.
#[derive(Clone, Debug, Default)]
pub struct Arrival {
    /// Older sessions of the same user, which end.
    pub replaced: Vec<SessionToken>,
    /// Sessions that have ended, which the device removes to make room.
    pub forgotten: Vec<SessionToken>,
    /// Whether the device keeps the session when another one becomes its current session.
    pub is_kept: bool,
}

impl Arrival {
    /// Decides what happens when a session of this user becomes the current one of a device that holds these sessions and
    /// keeps at most `max` of them. A user has one session on a device. If the device has no room for the
    /// session, it is still the current one, but the device does not keep it.
    #[must_use]
    pub fn of(user: &UserId, held: &[HeldSession], max: usize) -> Self {
        let (same, others): (Vec<_>, Vec<_>) = held
            .iter()
            .partition(|other| other.user_id.as_ref() == Some(user));
        let (live, ended): (Vec<_>, Vec<_>) = others.into_iter().partition(|other| other.user_id.is_some());
        let has_room = live.len() + ended.len() < max;
        let is_kept = live.len() < max;
        let forgotten = if is_kept && !has_room { ended } else { Vec::new() };
        Self {
            replaced: tokens(same),
            forgotten: tokens(forgotten),
            is_kept,
        }
    }
}

fn tokens(sessions: Vec<&HeldSession>) -> Vec<SessionToken> {
    sessions.into_iter().map(|held| held.token.clone()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Each letter is a session of the user with that name; `-` is a session that has ended.
    fn arrival(held: &str, max: usize) -> (String, String, bool) {
        let held: Vec<_> = held
            .char_indices()
            .map(|(at, user)| HeldSession {
                token: SessionToken::new(format!("{user}{at}")),
                user_id: (user != '-').then(|| UserId::new(user.to_string())),
            })
            .collect();
        let Arrival {
            replaced,
            forgotten,
            is_kept,
        } = Arrival::of(&UserId::new("a"), &held, max);
        let text = |tokens: Vec<SessionToken>| tokens.iter().map(SessionToken::expose).cloned().collect();
        (text(replaced), text(forgotten), is_kept)
    }

    #[test]
    fn a_user_has_one_session_on_a_device_and_a_full_device_keeps_no_other() {
        for (held, max, replaced, forgotten, is_kept) in [
            ("", 5, "", "", true),
            ("", 1, "", "", true),
            ("a", 1, "a0", "", true),
            ("bacad", 5, "a1a3", "", true),
            ("bcde", 5, "", "", true),
            ("bcdef", 5, "", "", false),
            ("abcdef", 5, "a0", "", false),
            ("abcde", 5, "a0", "", true),
            // A session that has ended takes room only as long as no other one needs it.
            ("bcd-", 5, "", "", true),
            ("bcd--", 5, "", "-3-4", true),
            ("bcdef-", 5, "", "", false),
            ("b-", 1, "", "", false),
            ("-", 1, "", "-0", true),
        ] {
            let expected = (replaced.to_owned(), forgotten.to_owned(), is_kept);
            assert_eq!(arrival(held, max), expected, "{held} {max}");
        }
    }
}
