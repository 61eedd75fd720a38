"""What the supervisor and compose tell each process is what its configuration knows."""

import importlib

import pytest
import yaml

from local.settings import ROOT, SERVICES, Settings
from local.stack import Stack, clean_environment
from local.trouble import sentence_in

PACKAGES = (*SERVICES, "gateway")


def known(package: str) -> set[str]:
    config = importlib.import_module(f"{package}.config").Config
    prefix = config.model_config["env_prefix"]
    return {f"{prefix}{name}".upper() for name in config.model_fields}


def required(package: str) -> set[str]:
    config = importlib.import_module(f"{package}.config").Config
    prefix = config.model_config["env_prefix"]
    fields = config.model_fields.items()
    return {f"{prefix}{name}".upper() for name, field in fields if field.is_required()}


@pytest.mark.parametrize("package", PACKAGES)
def test_settings_when_given_by_the_supervisor_are_known_and_complete(tmp_path, package):
    stack = Stack.plan(Settings(home=tmp_path, port=8080))
    program = stack.gateway() if package == "gateway" else stack.service(package)
    given = {name for name in program.environment if name.startswith(f"{package.upper()}_")}
    assert required(package) <= given <= known(package)


@pytest.mark.parametrize("package", PACKAGES)
def test_settings_when_given_by_compose_are_known_and_complete(package):
    text = (ROOT / "docker-compose.yml").read_text(encoding="utf-8")
    given = set(yaml.safe_load(text)["services"][package]["environment"])
    assert required(package) <= given <= known(package)
    neighbours = {name for name in known(package) if name.endswith("_URL")}
    assert neighbours - {f"{package.upper()}_DATABASE_URL"} <= given


def test_environment_of_children_when_made_names_no_other_database_or_code():
    strange = {"PGHOST": "elsewhere", "PYTHONPATH": "x", "ENTENTE_PORT": "1", "LANG": "C"}
    assert clean_environment(strange) == {"LANG": "C", "PYTHONUNBUFFERED": "1"}


@pytest.mark.parametrize(
    ("output", "sentence"),
    [
        (
            '{"event": "x"}\n{"reason": "the \\"door\\" is shut", "event": "stopped"}\n',
            'the "door" is shut',
        ),
        ("Traceback\n  here\nOSError: no\nbye\n", "OSError: no"),
        ("\n", "it said nothing"),
    ],
)
def test_words_when_a_process_ends_are_its_reason(output, sentence):
    assert sentence_in(output) == sentence
