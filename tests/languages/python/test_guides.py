"""The files in the guides are those of the examples, and the guide of FastAPI is a complete application.

UPDATE_DOCS=1 copies the files of the examples into the guides.
"""

import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import psycopg
import pytest
from programs import ORIGIN, PATIENCE, Application, AuthServer

ROOT = Path(__file__).parents[3]
GUIDES = {name: ROOT / f"docs/guides/{name}.md" for name in ("fastapi", "django")}
FILE = re.compile(r"(^```\w+\n# (\S+\.\w+)\n)(.*?)(^```$)", re.MULTILINE | re.DOTALL)
# Files that the pages mention or that contain nothing to read.
UNSHOWN = {"manage.py", "__init__.py"}


def files_of(guide: str) -> dict[str, str]:
    return {name: content for _, name, content, _ in FILE.findall(GUIDES[guide].read_text())}


def update(guide: str) -> None:
    def copied(block: re.Match) -> str:
        start, name, _, end = block.groups()
        return start + (ROOT / "examples" / guide / name).read_text() + end

    GUIDES[guide].write_text(FILE.sub(copied, GUIDES[guide].read_text()))


@pytest.mark.parametrize("guide", GUIDES)
def test_a_guide_contains_every_file_of_its_example(guide):
    if os.environ.get("UPDATE_DOCS"):
        update(guide)
    example = ROOT / "examples" / guide
    programs = [path for path in example.rglob("*.py") if path.name not in UNSHOWN]
    programs = [path for path in programs if not {"tests", ".venv"} & set(path.relative_to(example).parts)]
    expected = {str(path.relative_to(example)): path.read_text() for path in programs}
    configuration = (example / "portcullis.toml").read_text()
    assert files_of(guide) == expected | {"portcullis.toml": configuration}


@pytest.mark.parametrize("guide", GUIDES)
def test_a_guide_finds_the_database_as_the_tested_script_does(guide):
    command = re.compile(r"READER_DATABASE_URL=\$\(portcullis psql.*?\)\"\)", re.DOTALL)
    sources = (ROOT / "examples/fastapi/run", GUIDES[guide])
    (script,), (shown,) = ([" ".join(one.split()) for one in command.findall(path.read_text())] for path in sources)
    assert shown == script


@pytest.fixture(scope="module")
def server(start, tmp_path_factory: pytest.TempPathFactory) -> AuthServer:
    """A server with the guide's configuration, and the role that the guide creates."""
    configuration = tmp_path_factory.mktemp("guide") / "portcullis.toml"
    configuration.write_text(files_of("fastapi")["portcullis.toml"])
    return start({}, configuration)


@pytest.fixture(scope="module")
def application(server: AuthServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Application]:
    """An application that consists of the guide's files only, with the role that the guide creates."""
    folder = tmp_path_factory.mktemp("application")
    for name, content in files_of("fastapi").items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(content)
    (statements,) = re.findall(r"^```sql\n(.*?)^```$", GUIDES["fastapi"].read_text(), re.MULTILINE | re.DOTALL)
    with psycopg.connect(server.database_url) as connection:
        connection.execute(statements)
    uvicorn = (sys.executable, "-m", "uvicorn", "--factory", "reader.main:create_app")
    options = ("--port", "{port}", "--app-dir", folder)
    own = AuthServer("portcullis", server.database_url.replace("postgres@", "reader@"), folder)
    own.url, own.origin = server.url, server.origin
    started = Application(own, folder, program=(*uvicorn, *options))
    yield started
    started.stop()


def test_the_files_of_the_guide_of_fastapi_are_a_complete_application(application):
    with httpx.Client(base_url=application.url, headers={"origin": ORIGIN}, timeout=PATIENCE) as reader:
        person = {"name": "Ada", "email": "ada@example.com", "password": "correct horse battery"}
        reader.post("/sign-up", json=person).raise_for_status()
        chosen = {"preferences": {"dark": True}, "interests": ["poetry"]}
        reader.put("/profile/preferences", json=chosen).raise_for_status()
        token = reader.get("/token").raise_for_status().json()["token"]
        bearer = {"authorization": f"Bearer {token}"}

        expected = {"name": "Ada", "timeZone": "UTC", "background": None, **chosen}
        assert reader.get("/profile").json() == expected
        assert reader.get("/today", headers=bearer).status_code == 200
        found = reader.get("/readers", params={"interest": "poetry"}, headers=bearer).json()
        assert found == [{"name": "Ada", "timeZone": "UTC"}]
        reader.post("/sign-out-everywhere").raise_for_status()
        assert reader.get("/profile").status_code == 401


@pytest.mark.parametrize("hidden", ['"email" FROM "user"', '"password" FROM "account"', '"token" FROM "session"'])
def test_the_role_of_the_guide_cannot_read_what_it_does_not_need(application, server, hidden):
    with (
        psycopg.connect(server.database_url.replace("postgres@", "reader@")) as connection,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        connection.execute(f"SELECT {hidden}")
