//! Reset of the database, so that the rows are the same before each request.

use super::world::World;

/// Copies the tables of Better Auth, and creates the function that restores them and returns the names of those that
/// were changed. They are in the order of their creation, in which rows can be inserted. `rateLimit` and `jwks` are
/// left out: any request may be counted, or create the first key.
const KEEP: &str = "
create schema kept;
create function kept.tables() returns text[] language sql as $$
    select array_agg(relname::text order by oid) from pg_class
    where relnamespace = 'public'::regnamespace and relkind = 'r' and relname not in ('rateLimit', 'jwks')
        and relname not like 'portcullis%' and relname not like '%diesel%'
$$;
do $$ declare name text; begin
    foreach name in array kept.tables() loop
        execute format('create table kept.%1$I as table public.%1$I', name);
    end loop;
end $$;
create function kept.is_changed(name text) returns boolean language plpgsql as $$ declare found boolean; begin
    execute format('select exists ((table public.%1$I except all table kept.%1$I)
        union all (table kept.%1$I except all table public.%1$I))', name) into found;
    return found;
end $$;
create function kept.restore() returns text language plpgsql as $$ declare name text; changed text; begin
    select string_agg(each.name, ' ' order by place) into changed
        from unnest(kept.tables()) with ordinality as each (name, place) where kept.is_changed(each.name);
    if changed is null then return ''; end if;
    foreach name in array kept.tables() loop execute format('delete from public.%I', name); end loop;
    foreach name in array kept.tables() loop
        execute format('insert into public.%1$I table kept.%1$I', name);
    end loop;
    return changed;
end $$;
";

impl World {
    /// Keeps the rows as they are now.
    pub(super) fn keep(&self) {
        self.server.execute(KEEP);
    }

    /// Restores the kept rows, and returns the names of the tables that were changed.
    pub(super) fn restore(&self) -> String {
        self.server.shown("kept.restore()").unwrap_or_default()
    }
}
