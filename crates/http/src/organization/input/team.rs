//! Input about teams.

use crate::extract::body::{Coerced, FilledText, Nullable, Text, UnsendableDate, body};

body! {
    CreateTeam {
        name: Text = "name",
        organization: Option<Text> = "organizationId",
        ..undeclared
    }
}

body! {
    RemoveTeam {
        team: Text = "teamId",
        organization: Option<Text> = "organizationId",
    }
}

// wire: Better Auth declares every field of a team. An id is ignored, and JSON cannot contain a date.
body! {
    TeamChanges {
        _id: Option<Text> = "id",
        name: Option<FilledText> = "name",
        organization: Option<Text> = "organizationId",
        _created_at: UnsendableDate = "createdAt",
        _updated_at: UnsendableDate = "updatedAt",
        ..undeclared
    }
}

body! {
    UpdateTeam {
        team: Text = "teamId",
        data: TeamChanges = "data",
    }
}

body! {
    ListTeams {
        organization: Option<Text> = "organizationId",
    }
}

body! {
    SetActiveTeam {
        team: Option<Nullable<Text>> = "teamId",
    }
}

body! {
    ListTeamMembers {
        team: Option<Text> = "teamId",
    }
}

body! {
    TeamMembership {
        team: Text = "teamId",
        user: Coerced = "userId",
    }
}
