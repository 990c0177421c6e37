"""The commands of the README, in a copy of this folder: they print what the README shows."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from programs import EXAMPLE, free_port, own_environment, portcullis, stop, wait_until_ready

README = (EXAMPLE / "README.md").read_text()
COMMAND = re.compile(r"^\$ ((?:.*\\\n)*.*)\n((?:(?!\$ ).*\n)*)", re.MULTILINE)
START, SERVE = re.search(r"```sh\n(.*)\n(.*)\n```", README).groups()


def start(command: str, folder: Path, environment: dict, url: str) -> subprocess.Popen:
    log = folder / f"{command.split()[0].strip('./')}.log"
    with log.open("w") as output:
        process = subprocess.Popen(command.split(), cwd=folder, env=environment, stdout=output, stderr=output)
    wait_until_ready(url, process, log)
    return process


@pytest.mark.portcullis
def test_the_commands_of_the_readme_print_what_it_shows(tmp_path):
    folder = tmp_path / "example"
    shutil.copytree(EXAMPLE, folder, ignore=shutil.ignore_patterns("node_modules", ".venv", ".portcullis"))
    (tmp_path / "portcullis").symlink_to(portcullis())
    server, application = free_port(), free_port()
    environment = own_environment() | {
        "PATH": f"{tmp_path}:{os.environ['PATH']}",
        "PYTHON": sys.executable,
        "PORT": str(application),
    }
    ports = {"4400": str(server), "8000": str(application)}
    configuration = folder / "portcullis.toml"
    configuration.write_text(configuration.read_text().replace("4400", ports["4400"]))
    addresses = {
        "READER_AUTH_URL": f"http://localhost:{server}/api/auth",
        "READER_ISSUER": f"http://localhost:{server}",
        "READER_AUDIENCE": f"http://localhost:{server}",
    }
    variables = {name: value for name, value in environment.items() if name != "PORT"}
    running = [start(START, folder, variables, f"http://localhost:{server}/health/ready")]
    try:
        url = f"http://127.0.0.1:{application}/openapi.json"
        running.append(start(SERVE, folder, environment | addresses, url))
        run_blocks(folder, ports)
    finally:
        for process in reversed(running):
            stop(process)
        log = (folder / "portcullis.log").read_text()
        for private in re.findall(r"a private PostgreSQL in ([^\s;]+)", log):
            shutil.rmtree(private, ignore_errors=True)


def run_blocks(folder: Path, ports: dict[str, str]) -> None:
    script, expected = [], []
    for block in re.findall(r"```console\n(.*?)```", README, re.DOTALL):
        for command, shown in COMMAND.findall(block):
            script.append(f"{command}\necho\necho ==")
            expected.append(shown.strip())
    text = "\n".join(script).replace("localhost:8000", f"127.0.0.1:{ports['8000']}")
    ran = subprocess.run(["bash", "-euc", text], cwd=folder, capture_output=True, text=True, check=True)
    printed = [part.strip() for part in ran.stdout.split("==\n")][:-1]
    assert len(printed) == len(expected) > 0
    for actual, shown in zip(printed, expected, strict=True):
        pattern = ".*?".join(re.escape(part) for part in shown.split("…"))
        assert re.fullmatch(pattern, actual), f"{actual!r} is not {shown!r}"
