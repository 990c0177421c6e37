"""The application's own table, in the database of the authentication server."""

from typing import Annotated

from fastapi import Depends, Request
from psycopg.rows import dict_row
from psycopg.types.json import Jsonb
from psycopg_pool import AsyncConnectionPool

# Quotes: the server's names are in camelCase. When a user is deleted, the profile goes too.
TABLE = """
    CREATE TABLE IF NOT EXISTS reader_profile (
        user_id text PRIMARY KEY REFERENCES "user" ("id") ON DELETE CASCADE,
        preferences jsonb NOT NULL DEFAULT '{}',
        interests text[] NOT NULL DEFAULT '{}'
    )
"""
FIND = """
    SELECT u."name", u."timeZone", u."background",
           coalesce(p.preferences, '{}') AS preferences, coalesce(p.interests, '{}') AS interests
    FROM "user" u LEFT JOIN reader_profile p ON p.user_id = u."id"
    WHERE u."id" = %s
"""
SAVE = """
    INSERT INTO reader_profile (user_id, preferences, interests) VALUES (%s, %s, %s)
    ON CONFLICT (user_id) DO UPDATE SET preferences = excluded.preferences, interests = excluded.interests
"""
WITH_INTEREST = """
    SELECT u."name", u."timeZone" FROM reader_profile p JOIN "user" u ON u."id" = p.user_id
    WHERE %s = ANY (p.interests) ORDER BY u."name" LIMIT 100
"""


class Profiles:
    def __init__(self, pool: AsyncConnectionPool) -> None:
        self.pool = pool

    async def create_table(self) -> None:
        """Needs the table "user": start the authentication server, or run `portcullis migrate`, first."""
        async with self.pool.connection() as connection:
            await connection.execute(TABLE)

    async def find(self, user: str) -> dict | None:
        rows = await self._rows(FIND, (user,))
        return rows[0] if rows else None

    async def save(self, user: str, preferences: dict, interests: list[str]) -> None:
        async with self.pool.connection() as connection:
            await connection.execute(SAVE, (user, Jsonb(preferences), interests))

    async def with_interest(self, interest: str) -> list[dict]:
        return await self._rows(WITH_INTEREST, (interest,))

    async def _rows(self, statement: str, values: tuple) -> list[dict]:
        async with self.pool.connection() as connection, connection.cursor(row_factory=dict_row) as cursor:
            await cursor.execute(statement, values)
            return await cursor.fetchall()


def connections(url: str) -> AsyncConnectionPool:
    """Returns a pool that replaces lost connections, and does not let a request wait long for one."""
    check = AsyncConnectionPool.check_connection
    return AsyncConnectionPool(url, open=False, check=check, timeout=5, reconnect_timeout=5)


def profiles(request: Request) -> Profiles:
    return request.state.profiles


Store = Annotated[Profiles, Depends(profiles)]
