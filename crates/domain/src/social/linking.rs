//! Rules by which accounts of providers are linked to users.

use super::Profile;
use crate::{email::EmailAddress, user::User};

/// When an account of a provider may be linked to a user who exists already.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is an independent option")]
pub struct LinkingPolicy {
    /// Whether accounts may be linked at all.
    pub is_enabled: bool,
    /// Whether a sign-in may link an account to the user with the same address.
    pub is_implicit: bool,
    /// Providers whose addresses are taken for verified when an account is linked.
    pub trusted_providers: Vec<String>,
    /// Whether a signed-in user may link an account with another address.
    pub allows_different_emails: bool,
    /// Whether linking an account sets the user's name and picture.
    pub updates_user: bool,
}

/// Why a signed-in user may not link an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExplicitLinkRefusal {
    /// Linking is disabled, or the provider is not trusted and has not verified the address.
    NotAllowed,
    /// The account has another address than the user.
    DifferentEmails,
}

impl LinkingPolicy {
    /// Whether a sign-in with this profile may link the provider's account to the user with the same address. The user
    /// must have verified the address too: otherwise an attacker who signed up with another person's address would
    /// share that person's account (GHSA-g38m-r43w-p2q7).
    #[must_use]
    pub fn may_link_implicitly(&self, provider: &str, profile: &Profile, user: &User) -> bool {
        self.is_enabled && self.is_implicit && user.email_verified && self.is_proven(provider, profile)
    }

    /// Checks whether a signed-in user with this address may link an account.
    ///
    /// # Errors
    ///
    /// [`ExplicitLinkRefusal`] with the reason.
    pub fn check_explicit(
        &self,
        provider: &str,
        profile: &Profile,
        email: &EmailAddress,
    ) -> Result<(), ExplicitLinkRefusal> {
        if !self.is_proven(provider, profile) {
            return Err(ExplicitLinkRefusal::NotAllowed);
        }
        self.check_unproven(profile, email)
    }

    /// Checks whether a signed-in user with this address may link an account whose address the provider need not have
    /// verified.
    ///
    /// # Errors
    ///
    /// [`ExplicitLinkRefusal`] with the reason.
    pub fn check_unproven(&self, profile: &Profile, email: &EmailAddress) -> Result<(), ExplicitLinkRefusal> {
        if !self.is_enabled {
            return Err(ExplicitLinkRefusal::NotAllowed);
        }
        if profile.email.as_ref() != Some(email) && !self.allows_different_emails {
            return Err(ExplicitLinkRefusal::DifferentEmails);
        }
        Ok(())
    }

    /// Whether the address of a profile is taken for the user's: the provider has verified it or is trusted.
    #[must_use]
    pub fn is_proven(&self, provider: &str, profile: &Profile) -> bool {
        profile.email_verified || self.trusted_providers.iter().any(|trusted| trusted == provider)
    }
}

impl Default for LinkingPolicy {
    /// Better Auth's defaults.
    fn default() -> Self {
        Self {
            is_enabled: true,
            is_implicit: true,
            trusted_providers: Vec::new(),
            allows_different_emails: false,
            updates_user: false,
        }
    }
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;
    use serde_json::Map;

    use super::*;
    use crate::{additional::AdditionalFields, id::UserId, user::NewUser};

    fn profile(email_verified: bool) -> Profile {
        Profile {
            id: "1".to_owned(),
            name: None,
            email: Some(EmailAddress::from_stored("ada@example.com")),
            email_verified,
            image: None,
            additional: Map::new(),
        }
    }

    fn user(email_verified: bool) -> User {
        let new = NewUser {
            name: String::new(),
            email: EmailAddress::from_stored("ada@example.com"),
            email_verified,
            image: None,
            additional: AdditionalFields::default(),
        };
        User::new(new, UserId::new("U"), DateTime::UNIX_EPOCH)
    }

    fn trusting() -> LinkingPolicy {
        LinkingPolicy {
            trusted_providers: vec!["github".to_owned()],
            ..LinkingPolicy::default()
        }
    }

    /// GHSA-g38m-r43w-p2q7.
    #[test]
    fn a_sign_in_links_only_if_both_sides_have_verified_the_address() {
        for (policy, remote, local, may) in [
            (LinkingPolicy::default(), true, true, true),
            (LinkingPolicy::default(), true, false, false),
            (LinkingPolicy::default(), false, true, false),
            (trusting(), false, true, true),
            (trusting(), false, false, false),
            (trusting(), true, false, false),
        ] {
            let is_allowed = policy.may_link_implicitly("github", &profile(remote), &user(local));
            assert_eq!(is_allowed, may, "{policy:?} {remote} {local}");
        }
        for disabled in [
            LinkingPolicy {
                is_enabled: false,
                ..trusting()
            },
            LinkingPolicy {
                is_implicit: false,
                ..trusting()
            },
        ] {
            assert!(!disabled.may_link_implicitly("github", &profile(true), &user(true)));
        }
        assert!(!trusting().may_link_implicitly("gitlab", &profile(false), &user(true)));
    }

    #[test]
    fn a_signed_in_user_links_a_verified_or_trusted_account_with_the_same_address() {
        let own = EmailAddress::from_stored("ada@example.com");
        let other = EmailAddress::from_stored("bob@example.com");
        let policy = LinkingPolicy::default();
        let check = |policy: &LinkingPolicy, verified, email| {
            policy.check_explicit("github", &profile(verified), email)
        };
        assert_eq!(check(&policy, true, &own), Ok(()));
        assert_eq!(check(&policy, false, &own), Err(ExplicitLinkRefusal::NotAllowed));
        assert_eq!(check(&trusting(), false, &own), Ok(()));
        assert_eq!(
            check(&policy, true, &other),
            Err(ExplicitLinkRefusal::DifferentEmails)
        );
        let different = LinkingPolicy {
            allows_different_emails: true,
            ..LinkingPolicy::default()
        };
        assert_eq!(check(&different, true, &other), Ok(()));
        let disabled = LinkingPolicy {
            is_enabled: false,
            ..different
        };
        assert_eq!(check(&disabled, true, &own), Err(ExplicitLinkRefusal::NotAllowed));
    }

    #[test]
    fn an_account_without_a_verified_address_is_linked_if_no_proof_is_needed() {
        let own = EmailAddress::from_stored("ada@example.com");
        let other = EmailAddress::from_stored("bob@example.com");
        let policy = LinkingPolicy::default();
        assert_eq!(policy.check_unproven(&profile(false), &own), Ok(()));
        assert_eq!(
            policy.check_unproven(&profile(false), &other),
            Err(ExplicitLinkRefusal::DifferentEmails)
        );
        let disabled = LinkingPolicy {
            is_enabled: false,
            ..policy
        };
        assert_eq!(
            disabled.check_unproven(&profile(true), &own),
            Err(ExplicitLinkRefusal::NotAllowed)
        );
    }
}
