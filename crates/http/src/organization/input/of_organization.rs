//! Input about organizations themselves.

use crate::extract::body::{Coerced, FilledText, Nullable, Record, Scalar, Text, body};

body! {
    Create {
        name: FilledText = "name",
        slug: FilledText = "slug",
        // wire: Better Auth accepts the member and ignores it, since the caller has a session.
        _user_id: Option<Coerced> = "userId",
        logo: Option<Text> = "logo",
        metadata: Option<Record> = "metadata",
        keep_active: Option<bool> = "keepCurrentActiveOrganization",
        ..undeclared
    }
}

body! {
    Changes {
        name: Option<FilledText> = "name",
        slug: Option<FilledText> = "slug",
        logo: Option<Text> = "logo",
        metadata: Option<Record> = "metadata",
        ..undeclared
    }
}

body! {
    Update {
        data: Changes = "data",
        organization: Option<Text> = "organizationId",
    }
}

body! {
    Delete {
        organization: Text = "organizationId",
    }
}

body! {
    CheckSlug {
        slug: Text = "slug",
    }
}

body! {
    SetActive {
        organization: Option<Nullable<Text>> = "organizationId",
        slug: Option<Text> = "organizationSlug",
    }
}

body! {
    FullOrganization {
        organization: Option<Text> = "organizationId",
        slug: Option<Text> = "organizationSlug",
        members_limit: Option<Scalar> = "membersLimit",
    }
}
