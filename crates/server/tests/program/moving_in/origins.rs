//! The programs from which users come.

/// The program from which users come: a section of the page, and a folder with an export or a database.
pub(super) struct Origin {
    pub(super) section: &'static str,
    pub(super) folder: &'static str,
    pub(super) sign_ins: [(&'static str, &'static str); 2],
    pub(super) rejected: (&'static str, &'static str),
}

pub(super) const ORIGINS: [Origin; 6] = [
    Origin {
        section: "### Auth0",
        folder: "auth0",
        sign_ins: [
            ("ada.lovelace@example.com", "correct horse"),
            ("euclid@example.com", "pässwörd①"),
        ],
        rejected: ("blocked@example.com", "correct horse"),
    },
    Origin {
        section: "### Clerk",
        folder: "clerk",
        sign_ins: [
            ("ada@example.com", "correct horse"),
            ("euclid@example.com", "pässwörd①"),
        ],
        rejected: ("md5@example.com", "password"),
    },
    Origin {
        section: "### Supabase",
        folder: "supabase",
        sign_ins: [
            ("ada@example.com", "correct horse"),
            ("grace@example.com", "pässwörd①"),
        ],
        rejected: ("banned@example.com", "correct horse"),
    },
    Origin {
        section: "### Firebase",
        folder: "firebase",
        sign_ins: [
            ("ada@example.com", "user1password"),
            ("grace@example.com", "pässwörd①"),
        ],
        rejected: ("disabled@example.com", "user1password"),
    },
    Origin {
        section: "### Django",
        folder: "django",
        sign_ins: [
            ("ada@example.com", "correct horse"),
            ("grace@example.com", "correct horse"),
        ],
        rejected: ("gone@example.com", "correct horse"),
    },
    Origin {
        section: "### Another program",
        folder: "other",
        sign_ins: [("Ada@example.com", "password"), ("ada@example.com", "password")],
        rejected: ("grace@example.com", "password"),
    },
];
