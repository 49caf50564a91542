"""config.yaml with Box as the cloud: every key, every fault with its line, keys closed to others, no secret shown."""

from __future__ import annotations

import json
import os
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import time
from pathlib import Path
from typing import Any

import pytest

from syncd.config import (
    BaseUrls,
    BoxCloud,
    ClientCredentials,
    Config,
    FolderCloud,
    KeyFile,
    examine,
    is_folder_id,
    load,
)
from tests.config.written import LEAST, SECRET, credentials, faults, warned, write

REPOSITORY = Path(__file__).resolve().parents[2]
BOX = """\
cloud:
  kind: box
  auth: {client_id: abc, client_secret: "${SECRET}", enterprise_id: "12"}
intranet: {root: ./intranet}
state: ./state
rules: ./rules
operators:
  - {id: himawari, name: ひまわり保育園}
"""
ENVIRONMENT = {"SECRET": SECRET}
CERTIFICATE = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n"
KEY = f"-----BEGIN PRIVATE KEY-----\n{SECRET}\n-----END PRIVATE KEY-----\n"


def box(*lines: str) -> str:
    """The least config with these lines more in `cloud`, from line 4 on."""
    return BOX.replace("intranet:", "".join(f"  {line}\n" for line in lines) + "intranet:")


def auth(text: str) -> str:
    """The least config with another way in, in line 3."""
    return re.sub(r"auth: \{.*\}", lambda _: f"auth: {text}", BOX)


def read(folder: Path, text: str, environment: dict[str, str] | None = None) -> Config:
    return load(write(folder, text), ENVIRONMENT | (environment or {}))


def cloud(folder: Path, text: str, environment: dict[str, str] | None = None) -> BoxCloud:
    found = read(folder, text, environment).cloud
    assert isinstance(found, BoxCloud)
    return found


def fault(folder: Path, text: str, line: int = 4, environment: dict[str, str] | None = None) -> str:
    """The one fault there is, in that line."""
    found = faults(folder, text, ENVIRONMENT | (environment or {}))
    assert list(found) == [line] and len(found[line]) == 1, found
    assert SECRET not in found[line][0]
    return found[line][0]


def keep(path: Path, content: str, mode: int = 0o600) -> Path:
    path.write_text(content)
    path.chmod(mode)
    return path


def jwt_config() -> dict[str, Any]:
    """As Box's developer console makes it."""
    app_auth = {"publicKeyID": "k1", "privateKey": KEY, "passphrase": SECRET}
    settings = {"clientID": "abc", "clientSecret": SECRET, "appAuth": app_auth}
    return {"boxAppSettings": settings, "enterpriseID": "12"}


@contextmanager
def as_nobody() -> Iterator[None]:
    """Permissions mean nothing to root."""
    was = os.geteuid()
    if was == 0:
        os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(was)


# --- what can be given -----------------------------------------------------------------------------------------------


def test_only_the_way_in_has_to_be_given(tmp_path: Path) -> None:
    config = read(tmp_path, BOX)
    assert config.cloud == BoxCloud(ClientCredentials("abc", SECRET, "12", None))
    assert config.cloud == BoxCloud(
        auth=ClientCredentials("abc", SECRET, "12"),
        root="0",
        base_urls=BaseUrls("https://api.box.com", "https://upload.box.com/api", "https://account.box.com/api/oauth2"),
        proxy=None,
        ca_file=None,
        client_certificate=None,
        long_poll=True,
        poll_seconds=300.0,
        true_up=time(3),
        monthly_calls=50_000,
        hosts=(),
        kind="box",
    )
    assert config.warnings == ()


def test_every_key_arrives(tmp_path: Path) -> None:
    keep(tmp_path / "ca.pem", CERTIFICATE, 0o644)
    keep(tmp_path / "client.pem", CERTIFICATE + KEY)
    found = cloud(
        tmp_path,
        box(
            'root: "123456789012"',
            "base_urls: {base: https://box.example/, upload: https://up.box.example/api, oauth2: https://box.example/o}",
            "proxy: http://user:${WORD}@proxy.lgwan.example:8080",
            "ca_file: ./ca.pem",
            f"client_certificate: {tmp_path}/client.pem",
            "long_poll: false",
            "poll_seconds: 0.05",
            "true_up: 4:30",
            "monthly_calls: 100000",
            "hosts: [DL.box.example, 10.0.0.7, dl.box.example]",
        ),
        {"WORD": "p%2Fw"},
    )
    assert found == BoxCloud(
        auth=ClientCredentials("abc", SECRET, "12"),
        root="123456789012",
        base_urls=BaseUrls("https://box.example", "https://up.box.example/api", "https://box.example/o"),
        proxy="http://user:p%2Fw@proxy.lgwan.example:8080",
        ca_file=tmp_path / "ca.pem",
        client_certificate=tmp_path / "client.pem",
        long_poll=False,
        poll_seconds=0.05,
        true_up=time(4, 30),
        monthly_calls=100_000,
        hosts=("dl.box.example", "10.0.0.7"),
    )


def test_the_block_of_the_example_is_right_and_says_the_defaults(tmp_path: Path) -> None:
    text = (REPOSITORY / "config.example.yaml").read_text(encoding="utf-8")
    (block,) = re.findall(r"^# cloud:\n(?:# .*\n)+", text, re.MULTILINE)
    used = re.sub(r"^# ", "", block, flags=re.MULTILINE)
    rest = "".join(f"{line}\n" for line in LEAST.splitlines()[1:])
    environment = credentials(tmp_path, box_secret=SECRET)
    found = cloud(tmp_path, used + rest, environment)
    assert found == BoxCloud(ClientCredentials("…", SECRET, "…"))
    keep(tmp_path / "ca.pem", CERTIFICATE + KEY)
    everything = re.sub(r"^  # ", "  ", used, flags=re.MULTILINE)
    everything = re.sub(r"/etc/\S+\.pem", str(tmp_path / "ca.pem"), everything)
    found = cloud(tmp_path, everything + rest, environment)
    assert (found.proxy, found.ca_file) == ("http://proxy.lgwan.example:8080", tmp_path / "ca.pem")
    assert found.client_certificate == tmp_path / "ca.pem"


def test_an_unknown_key_has_its_nearest_name(tmp_path: Path) -> None:
    assert "unknown key 'pol_seconds' in cloud — did you mean 'poll_seconds'?" in fault(tmp_path, box("pol_seconds: 9"))
    assert "did you mean 'upload'?" in fault(tmp_path, box("base_urls: {uplod: https://x.example}"))
    wrong = '{client_id: a, client_secret: "${SECRET}", enterprise: "1", user_id: "2"}'
    assert "did you mean 'enterprise_id'?" in fault(tmp_path, auth(wrong), 3)


def test_all_faults_are_said_at_once(tmp_path: Path) -> None:
    text = box(
        "root: ./cloud",
        "base_urls: [https://box.example]",
        "proxy: 8080",
        "ca_file: {a: b}",
        "client_certificate: ./gone.pem",
        "long_poll: maybe",
        "poll_seconds: often",
        "true_up: noon",
        "monthly_calls: 1.5",
        "hosts: {a: b}",
    )
    found = faults(tmp_path, text.replace("client_id: abc, ", ""), ENVIRONMENT)
    assert all(len(said) == 1 for said in found.values())
    assert [said[0].split(" — ")[0] for said in found.values()] == [
        "cloud.auth.client_id is missing",
        "cloud.root is no Box folder id",
        "cloud.base_urls must be a group of keys, not a list",
        "cloud.proxy must be text, not a number",
        "cloud.ca_file must be text, not a group of keys",
        "cloud.client_certificate can't be read: No such file or directory",
        "cloud.long_poll must be true or false, not text",
        "cloud.poll_seconds must be a number, not text",
        "cloud.true_up is no time of day",
        "cloud.monthly_calls must be a whole number, not a number with decimals",
        "cloud.hosts must be a list, not a group of keys",
    ]
    assert list(found) == list(range(3, 14))


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("poll_seconds: 0.04", "at least 0.05"),
        ("monthly_calls: 0", "at least 1"),
        ('true_up: "24:00"', "no time of day"),
    ],
)
def test_numbers_and_times_have_bounds(tmp_path: Path, line: str, said: str) -> None:
    assert said in fault(tmp_path, box(line))


# --- the way in ------------------------------------------------------------------------------------------------------


def test_the_way_in_is_needed(tmp_path: Path) -> None:
    assert "cloud.auth is missing" in fault(tmp_path, re.sub("  auth: .*\n", "", BOX), 2)
    assert "neither client_id nor jwt_config" in fault(tmp_path, auth("{}"), 3)
    assert "must be a group of keys" in fault(tmp_path, auth("abc"), 3)
    assert "client_secret is missing" in fault(tmp_path, auth("{client_id: a, user_id: 2}"), 3)


def test_client_credentials_are_of_the_enterprise_or_of_one_user(tmp_path: Path) -> None:
    base = '{client_id: abc, client_secret: "${SECRET}"'
    assert cloud(tmp_path, auth(base + ", user_id: 34}")).auth == ClientCredentials("abc", SECRET, None, "34")
    assert cloud(tmp_path, auth(base + ", enterprise_id: 12}")).auth == ClientCredentials("abc", SECRET, "12", None)
    assert "needs enterprise_id or user_id" in fault(tmp_path, auth(base + "}"), 3)
    assert "has both enterprise_id and user_id" in fault(tmp_path, auth(base + ", user_id: 3, enterprise_id: 1}"), 3)


def test_a_key_file_is_the_other_way_in(tmp_path: Path) -> None:
    keep(tmp_path / "box.json", json.dumps(jwt_config()))
    assert cloud(tmp_path, auth("{jwt_config: ./box.json}")).auth == KeyFile(tmp_path / "box.json")


@pytest.mark.parametrize("key", ["client_id", "client_secret", "enterprise_id", "user_id"])
def test_there_is_one_way_in(tmp_path: Path, key: str) -> None:
    keep(tmp_path / "box.json", json.dumps(jwt_config()))
    assert f"both jwt_config and {key}" in fault(tmp_path, auth(f'{{jwt_config: ./box.json, {key}: "${{SECRET}}"}}'), 3)


@pytest.mark.parametrize(
    "part",
    [
        "boxAppSettings.clientID",
        "boxAppSettings.clientSecret",
        "boxAppSettings.appAuth.publicKeyID",
        "boxAppSettings.appAuth.privateKey",
        "boxAppSettings.appAuth.passphrase",
        "enterpriseID",
    ],
)
def test_what_a_key_file_lacks_is_named(tmp_path: Path, part: str) -> None:
    *groups, last = part.split(".")
    no_texts: tuple[object, ...] = (None, "", 12, {})
    for wrong in no_texts:
        content = jwt_config()
        inner = content
        for group in groups:
            inner = inner[group]
        inner[last] = wrong
        keep(tmp_path / "box.json", json.dumps(content))
        assert f"cloud.auth.jwt_config has no text at {part} — " in fault(tmp_path, auth("{jwt_config: box.json}"), 3)


def test_all_that_a_key_file_lacks_is_named_at_once(tmp_path: Path) -> None:
    keep(tmp_path / "box.json", json.dumps({"boxAppSettings": {"clientID": SECRET, "appAuth": SECRET}}))
    said = fault(tmp_path, auth("{jwt_config: box.json}"), 3)
    assert said.count(",") >= 4 and "boxAppSettings.clientSecret, boxAppSettings.appAuth.publicKeyID" in said


@pytest.mark.parametrize("content", [f"{{'{SECRET}", "", KEY, "[" * 100_000])
def test_a_key_file_that_is_no_json(tmp_path: Path, content: str) -> None:
    keep(tmp_path / "box.json", content)
    assert "cloud.auth.jwt_config is no JSON" in fault(tmp_path, auth("{jwt_config: box.json}"), 3)


def test_json_that_is_no_key_file(tmp_path: Path) -> None:
    keep(tmp_path / "box.json", json.dumps([SECRET]))
    assert "enterpriseID" in fault(tmp_path, auth("{jwt_config: box.json}"), 3)


# --- files -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("key", "line"), [("ca_file", 4), ("client_certificate", 4), ("jwt_config", 3)])
def test_files_that_are_named_are_there_and_can_be_read(tmp_path: Path, key: str, line: int) -> None:
    def text(path: str) -> str:
        return auth(f"{{jwt_config: {path}}}") if key == "jwt_config" else box(f"{key}: {path}")

    assert f"{key} can't be read: No such file" in fault(tmp_path, text("./gone"), line)
    assert f"{key} is no file" in fault(tmp_path, text("."), line)
    os.mkfifo(tmp_path / "pipe")
    assert f"{key} is no file" in fault(tmp_path, text("./pipe"), line)
    assert f"{key} is no path" in fault(tmp_path, text("~nobody-of-that-name/x"), line)
    (tmp_path / "huge").write_bytes(bytes(6_000_000))
    assert f"{key} is larger than" in fault(tmp_path, text("./huge"), line)


def test_a_file_that_syncd_may_not_read() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        path = write(folder, box("ca_file: ./ca.pem"))
        keep(folder / "ca.pem", CERTIFICATE, 0o000)
        with as_nobody():
            (problem,) = examine(path, ENVIRONMENT).problems
        assert problem.message == "cloud.ca_file can't be read: Permission denied"
        assert problem.line == 4 and "may read" in problem.remedy


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o610, 0o601, 0o602])
def test_keys_that_others_may_use_are_refused(tmp_path: Path, mode: int) -> None:
    keep(tmp_path / "box.json", json.dumps(jwt_config()), mode)
    keep(tmp_path / "client.pem", CERTIFICATE + KEY, mode)
    assert "chmod 600" in fault(tmp_path, auth("{jwt_config: ./box.json}"), 3)
    assert "chmod 600" in fault(tmp_path, box("client_certificate: ./client.pem"))


@pytest.mark.parametrize("mode", [0o600, 0o400, 0o700])
def test_keys_that_only_their_owner_may_use_are_taken(tmp_path: Path, mode: int) -> None:
    keep(tmp_path / "client.pem", CERTIFICATE + KEY, mode)
    assert cloud(tmp_path, box("client_certificate: ./client.pem")).client_certificate == tmp_path / "client.pem"


def test_a_credential_that_systemd_opened_to_its_service_is_taken(tmp_path: Path) -> None:
    """The mask of its access list looks like rights of the group: -r--r-----+ root root."""
    environment = credentials(tmp_path)
    path = keep(tmp_path / "credentials/syncd_box.json", json.dumps(jwt_config()), 0o440)
    text = auth('{jwt_config: "${CREDENTIALS_DIRECTORY}/syncd_box.json"}')
    assert cloud(tmp_path, text, environment).auth == KeyFile(path)
    assert "chmod 600" in fault(tmp_path, text.replace("${CREDENTIALS_DIRECTORY}", "./credentials"), 3)
    path.chmod(0o444)
    assert "chmod 600" in fault(tmp_path, text, 3, environment)


def test_a_client_certificate_has_both_parts_and_no_passphrase(tmp_path: Path) -> None:
    text = box("client_certificate: ./client.pem")
    keep(tmp_path / "client.pem", CERTIFICATE)
    assert "no private key" in fault(tmp_path, text)
    keep(tmp_path / "client.pem", KEY.replace("PRIVATE", "RSA PRIVATE"))
    assert "no certificate" in fault(tmp_path, text)
    keep(tmp_path / "client.pem", CERTIFICATE + KEY.replace("PRIVATE", "ENCRYPTED PRIVATE"))
    assert "passphrase" in fault(tmp_path, text)
    keep(tmp_path / "client.pem", CERTIFICATE + KEY.replace(SECRET, f"Proc-Type: 4,ENCRYPTED\n\n{SECRET}"))
    assert "passphrase" in fault(tmp_path, text)


def test_authorities_are_written_as_pem(tmp_path: Path) -> None:
    (tmp_path / "ca.pem").write_bytes(b"\x30\x82\x01\x0a")
    assert "no certificate" in fault(tmp_path, box("ca_file: ./ca.pem"))


# --- addresses -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("key", ["base", "upload", "oauth2"])
def test_what_is_no_address_of_box(tmp_path: Path, key: str) -> None:
    for wrong in (
        "box.example",
        "ftp://box.example",
        "https://",
        "https:///api",
        "https://box.example:port",
        f"https://user:{SECRET}@box.example",
        "https://box.example/?a=b",
        "https://box.example/#a",
        "https://box. example",
        "https://box.example\\\\@127.0.0.1",
        "https://[::1",
    ):
        said = fault(tmp_path, box(f'base_urls: {{{key}: "{wrong}"}}'))
        assert f"cloud.base_urls.{key} is no address" in said


@pytest.mark.parametrize(
    "url",
    ["http://box.example", "http://10.0.0.1", "HTTP://127.0.0.1.example", "http://localhost.example", "http://0.0.0.0"],
)
def test_nothing_travels_unencrypted(tmp_path: Path, url: str) -> None:
    said = fault(tmp_path, box(f"base_urls: {{upload: {url}}}"))
    assert "cloud.base_urls.upload is http: secrets would travel unencrypted" in said


@pytest.mark.parametrize("url", ["http://127.0.0.1:8080/api", "http://localhost:1", "http://[::1]:1"])
def test_within_this_computer_it_may(tmp_path: Path, url: str) -> None:
    found = cloud(tmp_path, box(f'base_urls: {{base: "{url}"}}')).base_urls
    assert found.base == url


@pytest.mark.parametrize("proxy", ["proxy.example:8080", "socks5://proxy.example", "http://", "http://u:a/b@p:80"])
def test_a_proxy_is_http_or_https(tmp_path: Path, proxy: str) -> None:
    assert "cloud.proxy is no address" in fault(tmp_path, box(f"proxy: {proxy}"))


def test_hosts_are_names_only(tmp_path: Path) -> None:
    for wrong in (
        "https://dl.example",
        "dl.example:443",
        "'*.example'",
        "dl.example/",
        "-a.example",
        "a..b",
        "''",
        "5",
    ):
        text = box("hosts:", "  - dl.box.example", f"  - {wrong}")
        assert "cloud.hosts has an entry that is no host name" in fault(tmp_path, text, 6)
    assert cloud(tmp_path, box("hosts: dl.box.example")).hosts == ("dl.box.example",)


# --- folders ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("root", ["0", '"0"', "123", '"123456789012345678901234"'])
def test_the_root_is_an_id(tmp_path: Path, root: str) -> None:
    assert cloud(tmp_path, box(f"root: {root}")).root == root.strip('"')


@pytest.mark.parametrize("root", ["./cloud", "-1", "012", "１２", "1.5", '"1 "'])
def test_a_root_that_is_no_id(tmp_path: Path, root: str) -> None:
    found = faults(tmp_path, box(f"root: {root}"), ENVIRONMENT)
    assert "cloud.root" in found[4][0]


def operators(*folders: str) -> str:
    lines = [f"  - {{id: o{number}, name: 園{number}, cloud_folder: {each}}}" for number, each in enumerate(folders)]
    return re.sub(r"  - \{id: himawari.*", lambda _: "\n".join(lines), box("root: 77"))


def test_an_operators_folder_may_be_an_id(tmp_path: Path) -> None:
    config = read(tmp_path, operators("123", '"456"', "区/012_園", "1_園"))
    folders = [each.cloud_folder for each in config.operators]
    assert folders == ["123", "456", "区/012_園", "1_園"]
    assert [is_folder_id(each) for each in folders] == [True, True, False, False]
    assert not is_folder_id("１２３") and not is_folder_id("")


def test_two_operators_never_have_the_same_id(tmp_path: Path) -> None:
    said = fault(tmp_path, operators("123", '"123"'), 10)
    assert "cloud_folder of o1 is the same as that of o0 (line 9)" in said
    assert "lies inside" in fault(tmp_path, operators("区", "区/012_園"), 10)


def people(*written: str) -> str:
    return BOX.replace("保育園}", f"保育園, cloud_people: [{', '.join(written)}]}}")


def test_who_may_see_an_operators_folder(tmp_path: Path) -> None:
    assert read(tmp_path, BOX).operators[0].cloud_people == ()
    found = read(tmp_path, people("suzuki@himawari.example.jp", "'*@example.jp'", "'*@example.jp'"))
    assert found.operators[0].cloud_people == ("suzuki@himawari.example.jp", "*@example.jp")
    assert found.warnings == ()
    text = BOX.replace("保育園}", "保育園, cloud_people: suzuki@example.jp}")
    assert read(tmp_path, text).operators[0].cloud_people == ("suzuki@example.jp",)


@pytest.mark.parametrize(
    "wrong", ["suzuki", "'*'", "'@example.jp'", "suzuki@", "'s*@example.jp'", "'a b@c'", "5", "''"]
)
def test_what_is_no_login(tmp_path: Path, wrong: str) -> None:
    assert "operators.cloud_people has an entry that is no login" in fault(tmp_path, people(wrong), 8)


def test_people_are_checked_in_box_only(tmp_path: Path) -> None:
    text = LEAST.replace("保育園}", "保育園, cloud_people: [suzuki@example.jp]}")
    (warning,) = warned(tmp_path, text)
    assert ":6:35: cloud_people is only looked at where the cloud is Box" in warning


def test_an_id_is_no_part_of_a_path(tmp_path: Path) -> None:
    assert len(read(tmp_path, operators("123", "123/園")).operators) == 2


@pytest.mark.parametrize(
    ("folder", "said"), [("77", "cloud.root itself"), ("0", "cloud.root itself"), ("012", "with 0")]
)
def test_ids_that_no_operator_can_have(tmp_path: Path, folder: str, said: str) -> None:
    assert said in fault(tmp_path, operators(folder), 9)


def test_a_name_of_digits_is_never_taken_for_an_id(tmp_path: Path) -> None:
    text = BOX.replace("name: ひまわり保育園", 'name: "2026"')
    assert "operators.name is nothing but digits" in fault(tmp_path, text, 8)
    assert "add cloud_folder" in fault(tmp_path, text, 8)
    assert read(tmp_path, text.replace('"2026"', '"2026", cloud_folder: 5')).operators[0].cloud_folder == "5"


def test_ids_are_for_box_only(tmp_path: Path) -> None:
    text = LEAST.replace("保育園}", "保育園, cloud_folder: 123}")
    assert "put it in quotes" in faults(tmp_path, text)[6][0]
    text = LEAST.replace("保育園}", "保育園, cloud_folder: '012', intranet_folder: '012'}")
    assert read(tmp_path, text).operators[0].cloud_folder == "012"


def test_the_root_in_box_need_not_be_apart_from_folders_here(tmp_path: Path) -> None:
    text = box('root: "5"').replace("./state", '"./5"')
    assert read(tmp_path, text).state == tmp_path / "5"
    assert "state lies inside intranet.root" in fault(tmp_path, BOX.replace("./state", "./intranet/s"), 5)


# --- the other kind --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "key",
    [
        "auth",
        "base_urls",
        "proxy",
        "ca_file",
        "client_certificate",
        "long_poll",
        "poll_seconds",
        "true_up",
        "monthly_calls",
        "hosts",
    ],
)
def test_a_folder_has_no_keys_of_box(tmp_path: Path, key: str) -> None:
    text = LEAST.replace("root: ./cloud", f"root: ./cloud, {key}: x")
    assert f"cloud.{key} is only for kind: box" in fault(tmp_path, text, 1)


def test_a_path_is_only_for_a_folder(tmp_path: Path) -> None:
    assert "paths are for kind: folder" in fault(tmp_path, box("root: ./cloud"))
    assert read(tmp_path, LEAST).cloud == FolderCloud(tmp_path / "cloud", "folder")


def test_an_unknown_kind_is_the_only_fault_of_its_group(tmp_path: Path) -> None:
    assert "did you mean 'box'?" in fault(tmp_path, box("root: 0").replace("kind: box", "kind: Box"), 2)


# --- secrets ---------------------------------------------------------------------------------------------------------


def test_a_secret_in_the_file_draws_a_warning_that_does_not_show_it(tmp_path: Path) -> None:
    (warning,) = warned(tmp_path, BOX.replace("${SECRET}", SECRET))
    assert ":3:42: cloud.auth.client_secret has a secret" in warning and SECRET not in warning
    (warning,) = warned(tmp_path, box(f"proxy: http://user:{SECRET}@proxy.example:8080"), ENVIRONMENT)
    assert ":4:10: cloud.proxy has a secret" in warning and SECRET not in warning
    assert warned(tmp_path, box("proxy: http://user:${SECRET}@proxy.example"), ENVIRONMENT) == []


def test_no_secret_is_ever_shown(tmp_path: Path) -> None:
    config = read(tmp_path, box("proxy: http://user:${SECRET}@proxy.example:8080"))
    assert isinstance(config.cloud, BoxCloud) and isinstance(config.cloud.auth, ClientCredentials)
    assert SECRET in (config.cloud.proxy or "") and config.cloud.auth.client_secret == SECRET
    assert SECRET not in repr(config)
    keep(tmp_path / "box.json", json.dumps(jwt_config()))
    assert SECRET not in repr(read(tmp_path, auth("{jwt_config: ./box.json}")))

    keys = ("root", "proxy", "ca_file", "client_certificate", "long_poll", "poll_seconds", "true_up", "monthly_calls")
    wrong = box(
        *(f'{key}: "${{SECRET}} "' for key in keys),
        'hosts: ["${SECRET}/"]',
        'base_urls: {base: "${SECRET}", upload: "http://${SECRET}", oauth2: "https://${SECRET}:x"}',
    )
    for way in ('{jwt_config: "${SECRET}", client_id: "${SECRET}"}', '{client_secret: ["${SECRET}"]}', '"${SECRET}"'):
        text = re.sub(r"auth: \{.*\}", lambda _, way=way: f"auth: {way}", wrong)  # type: ignore[misc]
        reading = examine(write(tmp_path, text), ENVIRONMENT)
        assert len(reading.problems) > 11
        assert SECRET.casefold() not in (str(reading.problems) + str(reading.warnings)).casefold()


def test_nothing_goes_to_box_itself_where_only_another_base_is_given(tmp_path: Path) -> None:
    found = cloud(tmp_path, box("base_urls: {base: https://box.example}")).base_urls
    assert found == BaseUrls("https://box.example", "https://box.example/api", "https://box.example/api/oauth2")
