"""Box's own SDK, unmodified, takes the simulator for Box, over HTTP."""

from __future__ import annotations

import hashlib
import io
import json
import random
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
import requests
from box_sdk_gen import (
    BaseUrls,
    BoxAPIError,
    BoxCCGAuth,
    BoxClient,
    BoxDeveloperTokenAuth,
    BoxJWTAuth,
    BoxNetworkClient,
    CCGConfig,
    CopyFileParent,
    CreateCollaborationAccessibleBy,
    CreateCollaborationAccessibleByTypeField,
    CreateCollaborationItem,
    CreateCollaborationItemTypeField,
    CreateCollaborationRole,
    CreateFolderParent,
    Event,
    JWTConfig,
    NetworkSession,
    PreflightFileUploadCheckParent,
    PromoteFileVersionType,
    UpdateCollaborationByIdRole,
    UpdateFileByIdLock,
    UpdateFileByIdParent,
    UpdateFolderByIdParent,
    UploadFileAttributes,
    UploadFileAttributesParentField,
    UploadFileVersionAttributes,
)
from box_sdk_gen.box.token_storage import InMemoryTokenStorage
from box_sdk_gen.networking.auth import Authentication

from tests.boxsim import Server, Simulator, serve


@pytest.fixture
def server(sim: Simulator) -> Iterator[Server]:
    with serve(sim) as running:
        yield running


@pytest.fixture
def network(server: Server) -> Iterator[NetworkSession]:
    session = requests.Session()
    session.trust_env = False
    urls = BaseUrls(base_url=server.base_url, upload_url=server.upload_url, oauth_2_url=server.oauth2_url)
    yield NetworkSession(base_urls=urls, network_client=BoxNetworkClient(session))
    session.close()


def by_credentials(sim: Simulator, user_id: str | None = None) -> BoxCCGAuth:
    account = sim.account
    return BoxCCGAuth(
        CCGConfig(
            client_id=account.client_id,
            client_secret=account.client_secret,
            enterprise_id=None if user_id else account.enterprise_id,
            user_id=user_id,
            token_storage=InMemoryTokenStorage(),
        )
    )


@pytest.fixture
def client(sim: Simulator, network: NetworkSession) -> BoxClient:
    return BoxClient(auth=by_credentials(sim), network_session=network)


def made_folder(client: BoxClient, name: str, parent: str = "0") -> str:
    return client.folders.create_folder(name, CreateFolderParent(id=parent)).id


def uploaded(client: BoxClient, name: str, content: bytes, parent: str = "0") -> str:
    attributes = UploadFileAttributes(name=name, parent=UploadFileAttributesParentField(id=parent))
    sha1 = hashlib.sha1(content).hexdigest()
    made = client.uploads.upload_file(attributes, io.BytesIO(content), content_md_5=sha1)
    assert made.entries is not None
    assert made.entries[0].sha_1 == sha1
    return made.entries[0].id


def content_of(client: BoxClient, file_id: str) -> bytes:
    target = io.BytesIO()
    client.downloads.download_file_to_output_stream(file_id, target)
    return target.getvalue()


def code(error: pytest.ExceptionInfo[BoxAPIError]) -> tuple[int, str | None]:
    return error.value.response_info.status_code, error.value.response_info.code


def test_client_credentials_give_the_service_account_or_a_user(sim: Simulator, network: NetworkSession) -> None:
    other = sim.add_user("さくら")
    for user_id, expected in ((None, sim.account.user_id), (other, other)):
        client = BoxClient(auth=by_credentials(sim, user_id), network_session=network)
        assert client.users.get_user_me().id == expected
    wrong = by_credentials(sim)
    wrong.config.client_secret = "wrong"
    with pytest.raises(BoxAPIError) as refused:
        BoxClient(auth=wrong, network_session=network).users.get_user_me()
    assert "invalid_client" in str(refused.value.response_info.body)


@pytest.mark.parametrize("as_user", [False, True])
def test_an_application_with_a_key_pair(sim: Simulator, network: NetworkSession, as_user: bool) -> None:
    auth = BoxJWTAuth(JWTConfig.from_config_json_string(json.dumps(sim.jwt_config())))
    other = sim.add_user("さくら")
    client = BoxClient(auth=auth.with_user_subject(other) if as_user else auth, network_session=network)
    assert client.users.get_user_me().id == (other if as_user else sim.account.user_id)


def test_a_key_that_is_not_registered_opens_nothing(sim: Simulator, network: NetworkSession) -> None:
    config = sim.jwt_config()
    sim.state.public_keys.clear()
    auth: Authentication = BoxJWTAuth(JWTConfig.from_config_json_string(json.dumps(config)))
    with pytest.raises(BoxAPIError) as refused:
        BoxClient(auth=auth, network_session=network).users.get_user_me()
    assert "invalid_grant" in str(refused.value.response_info.body)


def test_an_expired_token_is_asked_for_anew(sim: Simulator, client: BoxClient) -> None:
    assert client.users.get_user_me().id == sim.account.user_id
    sim.expire_tokens()
    assert client.users.get_user_me().id == sim.account.user_id
    assert sim.calls["POST /oauth2/token"] == 2
    assert sim.calls["GET /users/me"] == 3


def test_folders_are_made_listed_renamed_moved(client: BoxClient) -> None:
    one, two = made_folder(client, "one"), made_folder(client, "two")
    with pytest.raises(BoxAPIError) as refused:
        made_folder(client, "ONE")
    assert code(refused) == (409, "item_name_in_use")
    assert refused.value.response_info.context_info is not None
    assert refused.value.response_info.context_info["conflicts"][0]["id"] == one
    client.folders.update_folder_by_id(one, name="１", parent=UpdateFolderByIdParent(id=two))
    listed = client.folders.get_folder_items(two, usemarker=True, limit=1000, fields=["name", "parent", "etag"])
    assert listed.entries is not None
    assert [(each.id, each.name) for each in listed.entries] == [(one, "１")]
    assert listed.next_marker is None
    shown = client.folders.get_folder_by_id(one)
    assert shown.parent is not None
    assert shown.parent.id == two
    assert shown.path_collection is not None
    assert [each.id for each in shown.path_collection.entries] == ["0", two]


def test_files_their_versions_and_the_trash(client: BoxClient) -> None:
    file_id = uploaded(client, "a.xlsx", b"first")
    attributes = UploadFileVersionAttributes(name="b.xlsx")
    client.uploads.upload_file_version(file_id, attributes, io.BytesIO(b"second"), if_match="0")
    assert content_of(client, file_id) == b"second"
    with pytest.raises(BoxAPIError) as refused:
        client.uploads.upload_file_version(file_id, attributes, io.BytesIO(b"third"), if_match="0")
    assert code(refused) == (412, "precondition_failed")
    past = client.file_versions.get_file_versions(file_id)
    assert past.entries is not None
    (first,) = past.entries
    assert first.name == "a.xlsx"
    promoted = client.file_versions.promote_file_version(file_id, id=first.id, type=PromoteFileVersionType.FILE_VERSION)
    assert promoted.sha_1 == first.sha_1
    assert content_of(client, file_id) == b"first"
    client.files.delete_file_by_id(file_id)
    with pytest.raises(BoxAPIError) as refused:
        client.files.get_file_by_id(file_id)
    assert code(refused) == (404, "trashed")
    trashed = client.trashed_files.get_trashed_file_by_id(file_id)
    assert trashed.trashed_at is not None
    assert trashed.trashed_at <= datetime.now(UTC)
    assert client.trashed_files.restore_file_from_trash(file_id, name="c.xlsx").name == "c.xlsx"
    client.files.delete_file_by_id(file_id)
    client.trashed_files.delete_trashed_file_by_id(file_id)
    with pytest.raises(BoxAPIError) as refused:
        client.trashed_files.get_trashed_file_by_id(file_id)
    assert code(refused)[0] == 404


def test_a_preflight_leads_to_the_upload(client: BoxClient) -> None:
    made = client.uploads.preflight_file_upload_check(
        name="a.txt", size=3, parent=PreflightFileUploadCheckParent(id="0")
    )
    assert made.upload_url is not None
    uploaded(client, "a.txt", b"abc")
    with pytest.raises(BoxAPIError) as refused:
        client.uploads.preflight_file_upload_check(name="A.txt", size=3, parent=PreflightFileUploadCheckParent(id="0"))
    assert code(refused) == (409, "item_name_in_use")


def test_files_are_copied_and_moved(client: BoxClient) -> None:
    folder_id = made_folder(client, "folder")
    file_id = uploaded(client, "a.txt", b"abc")
    copied = client.files.copy_file(file_id, CopyFileParent(id=folder_id))
    assert copied.id != file_id
    with pytest.raises(BoxAPIError) as refused:
        client.files.update_file_by_id(file_id, parent=UpdateFileByIdParent(id=folder_id))
    assert code(refused) == (409, "item_name_in_use")
    moved = client.files.update_file_by_id(file_id, name="b.txt", parent=UpdateFileByIdParent(id=folder_id))
    assert moved.name == "b.txt"
    assert content_of(client, copied.id) == b"abc"


def test_people_work_together_and_lock(sim: Simulator, network: NetworkSession, client: BoxClient) -> None:
    folder_id = made_folder(client, "shared")
    file_id = uploaded(client, "a.txt", b"abc", folder_id)
    other_id = sim.add_user("さくら")
    other = BoxClient(auth=BoxDeveloperTokenAuth(sim.token_for(other_id)), network_session=network)
    with pytest.raises(BoxAPIError) as refused:
        other.files.get_file_by_id(file_id)
    assert code(refused) == (404, "not_found")
    made = client.user_collaborations.create_collaboration(
        CreateCollaborationItem(type=CreateCollaborationItemTypeField.FOLDER, id=folder_id),
        CreateCollaborationAccessibleBy(type=CreateCollaborationAccessibleByTypeField.USER, id=other_id),
        CreateCollaborationRole.VIEWER,
    )
    assert content_of(other, file_id) == b"abc"
    with pytest.raises(BoxAPIError) as refused:
        uploaded(other, "b.txt", b"b", folder_id)
    assert code(refused) == (403, "access_denied_insufficient_permissions")
    client.user_collaborations.update_collaboration_by_id(made.id, role=UpdateCollaborationByIdRole.EDITOR)
    uploaded(other, "b.txt", b"b", folder_id)
    listed = client.list_collaborations.get_folder_collaborations(folder_id)
    assert listed.entries is not None
    assert [each.id for each in listed.entries] == [made.id]
    lock = UpdateFileByIdLock(is_download_prevented=False)
    assert client.files.update_file_by_id(file_id, lock=lock, fields=["lock"]).lock is not None
    with pytest.raises(BoxAPIError) as refused:
        other.files.delete_file_by_id(file_id)
    assert code(refused) == (403, "access_denied_item_locked")
    client.user_collaborations.delete_collaboration_by_id(made.id)
    with pytest.raises(BoxAPIError) as refused:
        other.folders.get_folder_by_id(folder_id)
    assert code(refused) == (404, "not_found")


def test_big_files_go_up_in_parts(sim: Simulator, client: BoxClient) -> None:
    content = random.Random(1).randbytes(20_500_000)
    made = client.chunked_uploads.upload_big_file(io.BytesIO(content), "big.bin", len(content), "0")
    changed = content[:-1] + b"\0"
    client.chunked_uploads.upload_big_file_version(made.id, io.BytesIO(changed), len(changed))
    assert sim.hands().content("big.bin") == changed
    assert sim.calls["PUT /files/upload_sessions/:id"] == 6


def test_the_event_stream_tells_what_people_do(sim: Simulator, client: BoxClient) -> None:
    hands = sim.hands()
    hands.put("before.txt", b"")
    stream = client.events.get_event_stream()
    told: list[tuple[object, object]] = []
    enough = threading.Event()

    def listen() -> None:
        for event in stream:
            assert isinstance(event, Event)
            told.append((getattr(event.event_type, "value", event.event_type), getattr(event.source, "name", None)))
            if len(told) == 4:
                enough.set()
                stream.stop()  # type: ignore[no-untyped-call]

    listener = threading.Thread(target=listen, daemon=True)
    listener.start()
    deadline = time.monotonic() + 10
    while not sim.calls["REALTIME"] and time.monotonic() < deadline:
        time.sleep(0.01)
    hands.put("a.txt", b"a")
    hands.make_folder("folder")
    hands.rename("a.txt", "folder/b.txt")
    assert enough.wait(10)
    assert set(told) == {
        ("ITEM_UPLOAD", "b.txt"),
        ("ITEM_CREATE", "folder"),
        ("ITEM_MOVE", "b.txt"),
        ("ITEM_RENAME", "b.txt"),
    }
