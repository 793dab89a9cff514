"""Somebody who works on the shop by day, through the REST API, under a name of her own."""

from __future__ import annotations

from typing import Any

from bench.month.rest import ROOT, Rest

Json = Any
NAME, PASSWORD = "eva", "Publish123"


class Editor:
    """What she can do to a content item, by its id."""

    def __init__(self, url: str) -> None:
        admin = Rest(url, "admin", "publish")
        fields = [
            {"fieldDefinitionIdentifier": name, "languageCode": "eng-GB", "fieldValue": "Eva"}
            for name in ("first_name", "last_name")
        ]
        user = {"mainLanguageCode": "eng-GB", "login": NAME, "email": "eva@example.com", "password": PASSWORD}
        body = {"UserCreate": {**user, "fields": {"field": fields}}}
        admin("POST", "/user/groups/1/5/13/users", body, "UserCreate")
        admin.close()
        self._rest = Rest(url, NAME, PASSWORD)

    def close(self) -> None:
        """Let go of the connection."""
        self._rest.close()

    def folder(self, remote_id: str) -> int:
        """A folder of hers below the root; the id of its Location."""
        place = {"ParentLocation": {"_href": f"{ROOT}/content/locations/1/2"}, "sortField": "PATH", "sortOrder": "ASC"}
        body = {"ContentType": {"_href": f"{ROOT}/content/types/1"}, "mainLanguageCode": "eng-GB"}
        fields = {"field": [{"fieldDefinitionIdentifier": "name", "fieldValue": remote_id}]}
        body |= {"LocationCreate": place, "remoteId": remote_id, "fields": fields}
        made = self._rest("POST", "/content/objects", {"ContentCreate": body}, "ContentCreate")["Content"]
        self._rest("PUBLISH", f"/content/objects/{made['_id']}/versions/1")
        return int(self.path(made["_id"]).rpartition("/")[2])

    def path(self, content_id: int) -> str:
        """``1/2/61``: its main Location."""
        href = self._rest("GET", f"/content/objects/{content_id}")["Content"]["MainLocation"]["_href"]
        return str(href).partition("/content/locations/")[2]

    def draft(self, content_id: int, fields: dict[tuple[str, str], Json]) -> int:
        """A draft with these (language, field) changed; its version number."""
        made = self._rest("COPY", f"/content/objects/{content_id}/currentversion")
        number = int(made["Version"]["VersionInfo"]["versionNo"])
        rows = [
            {"fieldDefinitionIdentifier": name, "languageCode": language, "fieldValue": value}
            for (language, name), value in fields.items()
        ]
        body = {"VersionUpdate": {"fields": {"field": rows}}}
        self._rest("PATCH", f"/content/objects/{content_id}/versions/{number}", body, "VersionUpdate")
        return number

    def publish(self, content_id: int, number: int) -> None:
        """Make a draft what everybody sees."""
        self._rest("PUBLISH", f"/content/objects/{content_id}/versions/{number}")

    def edit(self, content_id: int, fields: dict[tuple[str, str], Json]) -> None:
        """Both at once."""
        self.publish(content_id, self.draft(content_id, fields))

    def show(self, content_id: int, *, hidden: bool) -> None:
        """Hide or reveal it."""
        self._rest("POST", f"/content/objects/{content_id}/{'hide' if hidden else 'reveal'}")

    def move(self, content_id: int, below: str) -> None:
        """Its main Location, below another one."""
        self._rest(
            "MOVE", f"/content/locations/{self.path(content_id)}", Destination=f"{ROOT}/content/locations/{below}"
        )

    def place(self, content_id: int, below: str) -> None:
        """A further Location."""
        place = {
            "ParentLocation": {"_href": f"{ROOT}/content/locations/{below}"},
            "sortField": "PATH",
            "sortOrder": "ASC",
        }
        path = f"/content/objects/{content_id}/locations"
        self._rest("POST", path, {"LocationCreate": {**place, "priority": 0, "hidden": False}}, "LocationCreate")

    def trash(self, content_id: int) -> int:
        """Put it into the trash; its number there."""
        path = self.path(content_id)
        self._rest("MOVE", f"/content/locations/{path}", Destination=f"{ROOT}/content/trash")
        return int(path.rpartition("/")[2])

    def restore(self, number: int, below: str) -> None:
        """Take it out of the trash."""
        self._rest("MOVE", f"/content/trash/{number}", Destination=f"{ROOT}/content/locations/{below}")
