"""The compose file, read as data: nothing runs with more rights than it needs."""

from typing import Any
from urllib.parse import urlsplit

import pytest
import yaml

from local.keys import PROCESSES
from local.settings import ROOT, SERVICES

COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
CONTAINERS: dict[str, dict[str, Any]] = COMPOSE["services"]
ONCE = {name for name in CONTAINERS if name.endswith(("-setup", "-migrate", "-load", "-claims"))}
KEYS_OF_BOTH_VERSIONS = {
    "build", "cap_drop", "command", "depends_on", "entrypoint", "environment", "healthcheck",
    "image", "init", "logging", "mem_limit", "networks", "pids_limit", "ports", "read_only",
    "restart", "secrets", "security_opt", "shm_size", "stop_grace_period", "tmpfs", "user",
    "volumes",
}  # fmt: skip


def test_compose_file_when_read_has_every_process():
    assert set(CONTAINERS) == {
        "postgres",
        "database-setup",
        "gateway",
        "participants-claims",
        *(f"{name}{part}" for name in SERVICES for part in ("", "-migrate", "-load", "-worker")),
    }


def test_database_when_it_refuses_a_row_logs_no_value_of_it():
    said = CONTAINERS["postgres"]["command"]
    assert "log_error_verbosity=terse" in said
    local = (ROOT / "deploy/local/src/local/postgres.py").read_text(encoding="utf-8")
    assert '"log_error_verbosity=terse"' in local


@pytest.mark.parametrize("name", CONTAINERS)
def test_container_when_started_has_few_rights_and_bounds(name):
    container = CONTAINERS[name]
    assert container["read_only"] is True
    assert container["cap_drop"] == ["ALL"]
    assert container["security_opt"] == ["no-new-privileges:true"]
    assert container["init"] is True
    assert container["pids_limit"] <= 300
    assert container["mem_limit"].endswith(("m", "g"))
    assert container["logging"]["options"]["max-size"]
    assert container["restart"] == ("no" if name in ONCE else "unless-stopped")
    assert set(container) <= KEYS_OF_BOTH_VERSIONS
    assert not container.get("privileged")


@pytest.mark.parametrize("name", sorted(CONTAINERS.keys() - ONCE))
def test_process_when_stopped_has_time_to_finish(name):
    assert CONTAINERS[name]["stop_grace_period"] in {"30s", "60s"}


def test_ports_when_published_are_the_gateways_on_this_machine():
    published = {name: each["ports"] for name, each in CONTAINERS.items() if "ports" in each}
    assert published == {"gateway": ["${ENTENTE_BIND:-127.0.0.1}:${ENTENTE_PORT:-8080}:8080"]}


def test_networks_when_drawn_keep_the_gateway_from_the_database():
    assert "data" not in CONTAINERS["gateway"]["networks"]
    assert CONTAINERS["postgres"]["networks"] == ["data"]
    assert COMPOSE["networks"]["data"] == COMPOSE["networks"]["inside"] == {"internal": True}


@pytest.mark.parametrize("name", CONTAINERS)
def test_environment_when_read_holds_no_password(name):
    for variable, value in CONTAINERS[name].get("environment", {}).items():
        if "PASSWORD" in variable or variable.endswith("_FILE"):
            assert value.startswith("/run/secrets/")
        assert urlsplit(value).password is None
        assert not variable.endswith(("_PASSWORD", "_SECRET", "_TOKEN"))


def test_secrets_when_declared_are_files_outside_the_repository():
    paths = [secret["file"] for secret in COMPOSE["secrets"].values()]
    assert all(path.startswith(".secrets/") for path in paths)
    assert ".secrets/" in (ROOT / ".gitignore").read_text(encoding="utf-8").splitlines()
    assert (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()[1] == "*"


@pytest.mark.parametrize("process", PROCESSES)
def test_private_keys_when_given_go_to_their_own_process(process):
    holders = {n for n, each in CONTAINERS.items() if f"{process}_key" in each.get("secrets", [])}
    assert holders <= {process, f"{process}-worker"}
    assert holders


@pytest.mark.parametrize("service", SERVICES)
def test_owner_password_when_given_goes_to_migrations_alone(service):
    secret = f"{service}_owner_password"
    holders = {name for name, each in CONTAINERS.items() if secret in each.get("secrets", [])}
    assert holders == {"database-setup", f"{service}-migrate"}


@pytest.mark.parametrize("service", SERVICES)
def test_start_when_ordered_waits_for_migrations_and_health(service):
    done = {"condition": "service_completed_successfully"}
    for part in ("", "-worker", "-load"):
        assert CONTAINERS[f"{service}{part}"]["depends_on"][f"{service}-migrate"] == done
    assert CONTAINERS["gateway"]["depends_on"][service] == {"condition": "service_healthy"}


def test_image_when_built_runs_as_nobody_special_and_tells_its_health():
    recipe = (ROOT / "deploy/docker/Dockerfile").read_text(encoding="utf-8")
    final = recipe.rpartition("\nFROM ")[2]
    assert "USER 10001:10001" in final
    assert "HEALTHCHECK" in final
    assert "pip" not in final
    assert {line.split()[1] for line in recipe.splitlines() if line.startswith("FROM")} == {
        "python:3.13-slim",
        "wheels",
    }
