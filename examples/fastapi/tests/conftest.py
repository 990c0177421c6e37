"""The servers of the tests, and readers. AUTH_SERVER is portcullis (the default) or better-auth."""

import itertools
import os
from collections.abc import Callable, Iterator

import httpx
import psycopg
import pytest
from programs import ORIGIN, PATIENCE, Application, AuthServer, Postgres

KIND = os.environ.get("AUTH_SERVER", "portcullis")
PASSWORD = "correct horse battery"
numbers = itertools.count(1)


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "portcullis: what only Portcullis has")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    if KIND != "portcullis":
        items[:] = [item for item in items if item.get_closest_marker("portcullis") is None]


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Postgres]:
    folder = tmp_path_factory.mktemp("postgres")
    for parent in [folder, *folder.parents[:3]]:
        parent.chmod(parent.stat().st_mode | 0o11)  # PostgreSQL's user passes through
    server = Postgres(folder)
    yield server
    server.stop()


@pytest.fixture(scope="session")
def server(postgres: Postgres, tmp_path_factory: pytest.TempPathFactory) -> Iterator[AuthServer]:
    started = AuthServer(KIND, postgres.url(), tmp_path_factory.mktemp("server")).start()
    yield started
    started.stop()


@pytest.fixture(scope="session")
def application(server: AuthServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Application]:
    """The application behind a proxy at 127.0.0.1, which names the user's address: uvicorn's default."""
    started = Application(server, tmp_path_factory.mktemp("application"))
    yield started
    started.stop()


@pytest.fixture
def database(server: AuthServer) -> Iterator[psycopg.Connection]:
    with psycopg.connect(server.database_url, autocommit=True) as connection:
        yield connection


class Reader(httpx.Client):
    """A browser with its own cookies and address, whose page has the application's origin."""

    def __init__(self, url: str) -> None:
        number = next(numbers)
        self.address = f"198.51.100.{number}"
        self.email = f"reader{number}@example.com"
        super().__init__(
            base_url=url,
            timeout=PATIENCE,
            headers={
                "origin": ORIGIN,
                "sec-fetch-site": "same-origin",
                "sec-fetch-dest": "empty",
                "user-agent": f"browser {number}",
                "x-forwarded-for": self.address,
            },
        )

    def sign_up(self, **fields: str) -> httpx.Response:
        body = {"name": "Ada", "email": self.email, "password": PASSWORD, **fields}
        return self.post("/sign-up", json=body)

    def sign_in(self, password: str = PASSWORD) -> httpx.Response:
        return self.post("/sign-in", json={"email": self.email, "password": password})

    def bearer(self) -> dict[str, str]:
        return {"authorization": f"Bearer {self.get('/token').json()['token']}"}


@pytest.fixture
def visitor(application: Application) -> Iterator[Callable[[], Reader]]:
    """Creates browsers of people who have not signed up."""
    opened = []

    def create() -> Reader:
        opened.append(Reader(application.url))
        return opened[-1]

    yield create
    for one in opened:
        one.close()


@pytest.fixture
def reader(visitor: Callable[[], Reader]) -> Reader:
    """A reader who has signed up and is signed in."""
    created = visitor()
    answer = created.sign_up(timeZone="Asia/Tokyo", background="mathematics")
    assert answer.status_code == 200, answer.text
    return created
