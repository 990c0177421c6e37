"""Starts the programs of the tests: PostgreSQL, an authentication server, the application."""

import os
import pwd
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path

import httpx

EXAMPLE = Path(__file__).parent.parent
SECRET = "Zm9yIHRoZSB0ZXN0cyBvZiB0aGUgZXhhbXBsZSBvbmx5"
START_LIMIT = 120
# On a busy machine, requests that take longer must not fail.
PATIENCE = 60
ORIGIN = "http://localhost:8000"
HEALTH = {"portcullis": "/health/ready", "better-auth": "/api/auth/ok"}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def own_environment() -> dict[str, str]:
    """Returns the environment without the variables that configure a server."""
    foreign = ("BETTER_AUTH_", "DATABASE_URL", "PORTCULLIS_", "READER_")
    return {name: value for name, value in os.environ.items() if not name.startswith(foreign)}


def wait_until_ready(url: str, process: subprocess.Popen, log: Path) -> None:
    deadline = time.monotonic() + START_LIMIT
    while time.monotonic() < deadline:
        if process.poll() is not None:
            break
        try:
            if httpx.get(url, timeout=5).is_success:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.05)
    raise RuntimeError(f"{process.args[0]} did not start:\n{log.read_text()}")


def stop(process: subprocess.Popen) -> None:
    process.terminate()
    try:
        process.wait(20)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


class Postgres:
    """A PostgreSQL with its own folder and port. Its data is deleted afterwards."""

    def __init__(self, folder: Path) -> None:
        programs = postgres_programs()
        # PostgreSQL does not start as root.
        user = pwd.getpwnam("postgres") if os.geteuid() == 0 else None
        if user:
            os.chown(folder, user.pw_uid, user.pw_gid)
        account = {"user": user.pw_uid, "group": user.pw_gid} if user else {}
        quiet = {"cwd": "/", "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, **account}
        data = folder / "data"
        initdb = [programs / "initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync"]
        subprocess.run(initdb, check=True, **quiet)
        self.port = free_port()
        settings = ["-p", str(self.port), "-k", folder, "-c", "listen_addresses=127.0.0.1", "-c", "fsync=off"]
        self.process = subprocess.Popen([programs / "postgres", "-D", data, *settings], **quiet)
        self._wait([programs / "pg_isready", "-q", "-h", "127.0.0.1", "-p", str(self.port)])

    def url(self, database: str = "postgres") -> str:
        return f"postgresql://postgres@127.0.0.1:{self.port}/{database}"

    def _wait(self, is_ready: list) -> None:
        deadline = time.monotonic() + START_LIMIT
        while time.monotonic() < deadline and self.process.poll() is None:
            if subprocess.run(is_ready).returncode == 0:
                return
            time.sleep(0.05)
        raise RuntimeError("PostgreSQL did not start")

    def stop(self) -> None:
        self.process.send_signal(2)
        self.process.wait()


def postgres_programs() -> Path:
    versions = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    found = shutil.which("initdb")
    folders = [*versions, *([Path(found).parent] if found else [])]
    if not folders:
        raise RuntimeError("PostgreSQL's programs are missing: install them (Debian: apt-get install postgresql)")
    return folders[0]


class AuthServer:
    """Portcullis or Better Auth, with the example's options, and further variables."""

    # Portcullis's configuration file.
    configuration = EXAMPLE / "portcullis.toml"

    def __init__(self, kind: str, database_url: str, folder: Path, variables: dict[str, str] | None = None) -> None:
        self.kind = kind
        self.variables = variables or {}
        self.database_url = database_url
        self.folder = folder
        self.port = free_port()
        self.origin = f"http://localhost:{self.port}"
        self.url = f"{self.origin}/api/auth"
        self.process: subprocess.Popen | None = None

    def start(self) -> "AuthServer":
        command, variables = self._portcullis() if self.kind == "portcullis" else self._better_auth()
        shared = {"DATABASE_URL": self.database_url, "BETTER_AUTH_SECRET": SECRET}
        log = self.folder / "log"
        with log.open("w") as output:
            environment = own_environment() | shared | variables | self.variables
            self.process = subprocess.Popen(command, cwd=self.folder, env=environment, stdout=output, stderr=output)
        wait_until_ready(self.origin + HEALTH[self.kind], self.process, log)
        return self

    def _portcullis(self) -> tuple[list, dict]:
        shutil.copy(self.configuration, self.folder)
        # Every read renews, so that tests see it. Development has no limits unless they are switched on.
        return [portcullis(), "serve", "--port", str(self.port)], {
            "PORTCULLIS_DATABASE__ACQUIRE_TIMEOUT": "30",
            "PORTCULLIS_DATABASE__OPERATION_TIMEOUT": "30",
            "PORTCULLIS_LIMITS__REQUEST_TIMEOUT": str(PATIENCE),
            "PORTCULLIS_RATE_LIMIT__ENABLED": "true",
            # As by default, in a window that a busy machine does not exceed.
            "PORTCULLIS_RATE_LIMIT__CUSTOM_RULES": "/sign-in/email 60 3",
            "PORTCULLIS_SESSION__UPDATE_AGE": "0",
        }

    def _better_auth(self) -> tuple[list, dict]:
        return ["node", EXAMPLE / "tests/better-auth/server.mjs"], {
            "NODE_ENV": "production",
            "PORT": str(self.port),
            "BASE_URL": self.origin,
            "TRUSTED_ORIGINS": ORIGIN,
            "TZ": "UTC",
        }

    def run(self, *command: str) -> str:
        """Runs a command of Portcullis on the server's database."""
        shared = {"DATABASE_URL": self.database_url, "BETTER_AUTH_SECRET": SECRET}
        environment = own_environment() | shared | self.variables
        ran = subprocess.run(
            [portcullis(), *command], cwd=self.folder, env=environment, check=True, capture_output=True, text=True
        )
        return ran.stdout

    def stop(self) -> None:
        stop(self.process)


def portcullis() -> Path:
    built = EXAMPLE.parent.parent / "target/debug/portcullis"
    program = Path(os.environ.get("PORTCULLIS_BIN", built)).absolute()
    if not program.exists():
        raise RuntimeError(f"{program} does not exist: run `cargo build` first")
    return program


class Application:
    """An application on a free port: the example, or another program with the same variables."""

    def __init__(
        self,
        server: AuthServer,
        folder: Path,
        *options: str,
        program: tuple = (EXAMPLE / "run",),
        path: str = "/openapi.json",
    ) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        command = [str(part).replace("{port}", str(self.port)) for part in (*program, *options)]
        log = folder / "application.log"
        with log.open("w") as output:
            environment = self.environment(server) | {"PORT": str(self.port)}
            self.process = subprocess.Popen(command, env=environment, stdout=output, stderr=output)
        wait_until_ready(self.url + path, self.process, log)

    @staticmethod
    def environment(server: AuthServer) -> dict[str, str]:
        return own_environment() | {
            "PYTHON": sys.executable,
            "READER_AUTH_TIMEOUT": str(PATIENCE),
            "READER_AUTH_URL": server.url,
            "READER_ISSUER": server.origin,
            "READER_AUDIENCE": server.origin,
            "READER_DATABASE_URL": server.database_url,
        }

    def stop(self) -> None:
        stop(self.process)
