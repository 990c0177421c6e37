"""Servers of the tests: one PostgreSQL for all of them, with a database for each server."""

from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest
from programs import AuthServer, Postgres


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Postgres]:
    folder = tmp_path_factory.mktemp("postgres")
    for parent in [folder, *folder.parents[:3]]:
        parent.chmod(parent.stat().st_mode | 0o11)  # PostgreSQL's user passes through
    server = Postgres(folder)
    yield server
    server.stop()


Start = Callable[..., AuthServer]


@pytest.fixture(scope="module")
def start(postgres: Postgres, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Start]:
    """Starts Portcullis with these variables, on a database of its own."""
    started = []

    def on_new_database(variables: dict[str, str], configuration: Path | None = None) -> AuthServer:
        folder = tmp_path_factory.mktemp("server")
        with psycopg.connect(postgres.url(), autocommit=True) as connection:
            connection.execute(f'CREATE DATABASE "{folder.name}"')
        unlimited = {"PORTCULLIS_RATE_LIMIT__ENABLED": "false"}
        server = AuthServer("portcullis", postgres.url(folder.name), folder, unlimited | variables)
        server.configuration = configuration or server.configuration
        server.start()
        started.append(server)
        return server

    yield on_new_database
    for server in started:
        server.stop()
