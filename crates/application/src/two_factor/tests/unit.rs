//! Units of work on the rows of a world.

use chrono::{DateTime, TimeDelta, Utc};
use portcullis_domain::{
    id::UserId,
    rate_limit::{Decision, Rule},
    two_factor::TWO_FACTOR_ENABLED,
};

use super::{DENIED, PASSWORD, world::World};
use crate::testing::{
    FakeUnitOfWork,
    fixtures::{a_session, an_account, start},
};

impl World {
    /// Returns a unit of work on the rows.
    pub(super) fn unit(&self) -> FakeUnitOfWork {
        let mut unit = FakeUnitOfWork::default();
        self.memory.serve(&mut unit);
        self.outbox.serve(&mut unit);
        self.serve_users(&mut unit);
        self.serve_sessions(&mut unit);
        self.serve_two_factors(&mut unit);
        let world = self.clone();
        unit.rate_limits
            .expect_count()
            .withf(|key, _, _| key.starts_with("failed-second-factor|") && !key.contains("ada"))
            .returning(move |_, rule, now| Ok(world.count(rule, now)));
        let world = self.clone();
        unit.rate_limits
            .expect_count()
            .withf(|key, rule, _| key.starts_with("second-factor-blocked|") && rule.max == 1)
            .returning(move |_, _, _| Ok(world.count_warning()));
        let world = self.clone();
        unit.rate_limits
            .expect_count()
            .withf(|key, _, _| key.starts_with("failed-sign-in|"))
            .returning(move |_, _, _| {
                world.record("count password");
                Ok(Decision::Allowed)
            });
        let world = self.clone();
        unit.rate_limits.expect_delete().returning(move |key| {
            assert!(key.starts_with("failed-second-factor|"));
            world.record("forget");
            Ok(())
        });
        unit
    }

    fn count(&self, rule: Rule, now: DateTime<Utc>) -> Decision {
        assert_eq!(
            (rule.max, rule.window, now),
            (10, TimeDelta::minutes(15), start())
        );
        self.record("count");
        if self.state().is_denied {
            Decision::Denied(DENIED)
        } else {
            Decision::Allowed
        }
    }

    fn count_warning(&self) -> Decision {
        let is_first = !self.log().contains(&"count warning");
        self.record("count warning");
        if is_first {
            Decision::Allowed
        } else {
            Decision::Denied(DENIED)
        }
    }

    fn serve_users(&self, unit: &mut FakeUnitOfWork) {
        let world = self.clone();
        let find = move |id: &UserId| Ok(world.state().user.clone().filter(|user| user.id == *id));
        unit.users.expect_find().returning(find.clone());
        unit.users.expect_lock().returning(find);
        unit.accounts
            .expect_find_credential()
            .returning(|_| Ok(Some(an_account(&format!("plain:{PASSWORD}")))));
    }

    fn serve_sessions(&self, unit: &mut FakeUnitOfWork) {
        let world = self.clone();
        unit.sessions.expect_find_by_token().returning(move |token| {
            let state = world.state();
            let is_live = state.has_session && token.expose() == a_session().token.expose();
            Ok(state
                .user
                .clone()
                .filter(|_| is_live)
                .map(|user| (a_session(), user)))
        });
        let world = self.clone();
        unit.sessions.expect_insert().returning(move |session| {
            world.record("start session");
            Ok(session.clone())
        });
        let world = self.clone();
        unit.sessions.expect_delete_of_user().returning(move |_, token| {
            assert_eq!(token.expose(), a_session().token.expose());
            world.record("end session");
            Ok(true)
        });
        let world = self.clone();
        unit.sessions
            .expect_delete_others_of_user()
            .returning(move |_, _| {
                world.record("end other sessions");
                Ok(())
            });
    }

    fn serve_two_factors(&self, unit: &mut FakeUnitOfWork) {
        let repository = &mut unit.two_factors;
        let world = self.clone();
        repository
            .expect_find()
            .returning(move |_| Ok(world.state().two_factor.clone()));
        let world = self.clone();
        repository.expect_replace().returning(move |two_factor| {
            world.state().two_factor = Some(two_factor.clone());
            Ok(())
        });
        let world = self.clone();
        repository
            .expect_swap_backup_codes()
            .returning(move |_, from, to| {
                let mut state = world.state();
                let stored = state.two_factor.as_mut().map(|stored| &mut stored.backup_codes);
                let stored = stored.filter(|stored| stored.expose() == from.expose());
                Ok(stored.map(|stored| *stored = to.clone()).is_some())
            });
        let world = self.clone();
        repository
            .expect_set_enabled()
            .returning(move |_, is_enabled, now| {
                let mut state = world.state();
                let user = state.user.as_mut().unwrap();
                user.additional.set(TWO_FACTOR_ENABLED, is_enabled.into());
                user.updated_at = now;
                Ok(true)
            });
        let world = self.clone();
        repository.expect_advance().returning(move |_, step| {
            let last = &mut world.state().last_step;
            let is_new = last.is_none_or(|last| last < step);
            *last = if is_new { Some(step) } else { *last };
            Ok(is_new)
        });
        let world = self.clone();
        repository.expect_delete().returning(move |_| {
            world.state().two_factor = None;
            Ok(())
        });
    }
}
