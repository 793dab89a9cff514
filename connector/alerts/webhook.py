"""A webhook: the notice as JSON, by POST; signed if there is a secret."""

from __future__ import annotations

import hashlib
import hmac
import time
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Self

from connector.alerts.notice import TIMEOUT_SECONDS, Notice, NotTold
from connector.core.jsonio import Json, dumps
from connector.core.spec import HEADERS, TEXT, Field, Spec


class Webhook:
    """Posts notices to one address."""

    spec: ClassVar[Spec] = Spec(
        "webhook",
        "Webhook",
        "Posts a JSON body to an address. With a secret, `X-Connector-Signature` is `sha256=` and the HMAC, in hex, of"
        " `X-Connector-Timestamp`, a full stop and the body.",
        {
            "url": Field(TEXT, "The address; often a secret in itself.", required=True, secret=True, example="${HOOK}"),
            "secret": Field(TEXT, "Signs each body.", secret=True, example="${HOOK_SECRET}"),
            "headers": Field(
                {**HEADERS, "additionalProperties": {**TEXT, "x-format": "header-value"}},
                "Headers sent with each body.",
                default={},
            ),
        },
    )

    def __init__(self, config: Mapping[str, Any]) -> None:
        self._url: str = config["url"].reveal()
        self._secret: str = config["secret"].reveal() if "secret" in config else ""
        self._headers: dict[str, str] = dict(config.get("headers", {}))

    @classmethod
    def build(cls, name: str, config: Mapping[str, Json]) -> Self:  # noqa: ARG003 - one signature for all ways
        """From the declaration."""
        return cls(config)

    @classmethod
    def lint(cls, config: Mapping[str, Json], systems: Mapping[str, Sequence[Json]]) -> list[Any]:  # noqa: ARG003
        """Nothing that can be seen offline: the address is in a variable."""
        return []

    def tell(self, notice: Notice) -> None:
        """Post it; any 2xx is well.

        Raises:
            NotTold: no connection, no answer in time, another status.
        """
        import requests  # noqa: PLC0415 - heavy; validation does without

        body, moment = dumps(notice.as_json()), str(int(time.time()))
        headers = {"Content-Type": "application/json", "User-Agent": "ibexa-connector", **self._headers}
        if self._secret:
            signed = hmac.new(self._secret.encode(), moment.encode() + b"." + body, hashlib.sha256).hexdigest()
            headers |= {"X-Connector-Timestamp": moment, "X-Connector-Signature": f"sha256={signed}"}
        try:
            with requests.post(
                self._url, data=body, headers=headers, timeout=TIMEOUT_SECONDS, allow_redirects=False, stream=True
            ) as answer:
                status = answer.status_code
        except (requests.RequestException, ValueError, OSError) as error:  # its text would quote the address
            raise NotTold(f"the webhook could not be reached ({type(error).__name__})") from None
        if not 200 <= status < 300:
            raise NotTold(f"the webhook answered {status}")
