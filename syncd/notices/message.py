"""One message on its way to one address, and what came of it. Plain data; no library."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, tzinfo
from typing import Final, Literal


@dataclass(frozen=True, slots=True)
class Message:
    """What a service is given.

    Attributes:
        severity: an apprise notification type: 'info', 'success', 'warning', 'failure'.
        created_at: seconds since the epoch; `zone` is how it reads.
    """

    id: int
    room: str
    title: str
    text: str
    severity: Literal["info", "success", "warning", "failure"]
    dedupe_key: str
    created_at: float
    zone: tzinfo = UTC


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one attempt led to.

    Attributes:
        state: 'later': it may help to try again.
        why: key of `REASONS`; '' when it was sent.
        detail: fills the reason; never an address.
        retry_after: seconds that the server asks for.
    """

    state: Literal["sent", "refused", "later"]
    why: str = ""
    detail: str = ""
    retry_after: float | None = None

    def said(self, language: str) -> str:
        """The reason for people; '' when it was sent."""
        reasons = REASONS.get(self.why)
        return reasons.get(language, reasons["en"]).format(detail=self.detail) if reasons else ""


REASONS: Final[Mapping[str, Mapping[str, str]]] = {
    "no service": {
        "ja": "宛先のURLが正しくありません。config.yaml の chat を確認してください。",
        "en": "the address is none that apprise knows — check chat in config.yaml",
    },
    "answered": {
        "ja": "相手のサーバーが受け付けませんでした（HTTP {detail}）。",
        "en": "the server answered HTTP {detail}",
    },
    "refused": {
        "ja": "相手のサーバーが拒否しました（HTTP {detail}）。宛先とその権限を確認してください。",
        "en": "the server refused it (HTTP {detail}) — check the address and what it may do",
    },
    "redirected": {
        "ja": "宛先が別の場所を指しています（HTTP {detail}）。転送先には送りません。正しい宛先を設定してください。",
        "en": "the address points elsewhere (HTTP {detail}), which is not followed — configure the final address",
    },
    "not accepted": {
        "ja": "相手のサービスが受け付けませんでした。",
        "en": "the service did not accept it",
    },
    "timeout": {
        "ja": "相手のサーバーが時間内に応答しませんでした。",
        "en": "the server did not answer in time",
    },
    "unreachable": {
        "ja": "相手のサーバーに接続できません。",
        "en": "the server can't be reached",
    },
    "certificate": {
        "ja": "相手のサーバーの証明書を確認できません。",
        "en": "the server's certificate can't be verified",
    },
    "plain http": {
        "ja": "暗号化されない宛先には送りません。https の宛先にしてください。",
        "en": "nothing is sent unencrypted but to this machine — use the address over https",
    },
    "unverified": {
        "ja": "証明書を確認しない設定（verify=no）では送りません。",
        "en": "nothing is sent with verify=no — leave it out of the address",
    },
    "disk": {
        "ja": "フォルダーに書き込めません（{detail}）。",
        "en": "the folder can't be written ({detail})",
    },
    "failed": {
        "ja": "送信できませんでした（{detail}）。",
        "en": "sending failed ({detail})",
    },
}
