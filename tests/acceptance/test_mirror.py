"""One Ibexa is carried to another by a route without transformers, although no id of the one means the same in the other."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from connector.core.outcome import Done
from connector.sandbox.ibexa import IbexaSandbox
from tests.faults.project import ThingsProject
from tests.integration.outgoing.shop import Shop, png

DOCBOOK = 'xmlns="http://docbook.org/ns/docbook" xmlns:xlink="http://www.w3.org/1999/xlink" version="5.0-variant ezpublish-1.0"'
FIELDS = [
    {"identifier": "name", "type": "string", "required": True},
    {"identifier": "body", "type": "richtext"},
    {"identifier": "main", "type": "relation", "translatable": False},
    {"identifier": "related", "type": "relation_list", "translatable": False},
    {"identifier": "picture", "type": "image", "translatable": False},
    {"identifier": "shot", "type": "image_asset", "translatable": False},
    {"identifier": "manual", "type": "file", "translatable": False},
    {"identifier": "size", "type": "selection", "translatable": False, "options": ["1", "2", "3"]},
]
TYPE = {"identifier": "story", "main_language": "eng-GB", "name": "Story", "is_container": True, "fields": FIELDS}
HOME = {"parent": {"remote_id": "home"}}


class Site(Shop):
    """A sandbox with stories."""

    def __init__(self, root: Path, version: str) -> None:
        root.mkdir()
        super().__init__(root, version)
        assert isinstance(self.send(self.ensure, TYPE), Done)

    def story(self, remote_id: str, more: dict[str, Any] | None = None, **fields: Any) -> int:
        payload = {"remote_id": remote_id, "content_type": "story", "fields": {"name": remote_id, **fields}}
        outcome = self.send(self.upsert, {**payload, **(more or HOME)})
        assert isinstance(outcome, Done), outcome
        return int(outcome.target_id)

    def place(self, remote_id: str) -> str:
        """The path of its main Location."""
        repository = self.sandbox.repository
        item = repository.content_by_remote_id(remote_id)
        assert item is not None
        assert item.main_location is not None
        return repository.locations[item.main_location].path

    def seen(self, below: str = "home") -> dict[str, Any]:
        """All below that item, with remote ids in place of ids, and without what each Ibexa has of its own."""
        repository = self.sandbox.repository
        stories = [one for one in repository.contents.values() if repository.type(one.type_id).identifier == "story"]
        names = {str(one.id): one.remote_id for one in repository.contents.values()}
        lying = {str(one.id): names[str(one.content_id)] for one in repository.locations.values() if one.content_id}
        assert below in names.values()

        def plain(value: Any) -> Any:
            if not isinstance(value, dict):
                return value
            if "xml" in value:
                text = re.sub(r"ezcontent://(\d+)", lambda found: "content:" + names[found[1]], value["xml"])
                return re.sub(r"ezlocation://(\d+)", lambda found: "place:" + lying[found[1]], text)
            if "fileName" in value:
                return (value.get("alternativeText"), repository.files[value["id"]])
            if "destinationContentIds" in value:
                return [names[str(one)] for one in value["destinationContentIds"]]
            return (names.get(str(value["destinationContentId"])), value.get("alternativeText"))

        def shown(item: Any) -> Any:
            order = sorted(item.locations, key=lambda one: (one != item.main_location, one))
            fields = {
                code: {name: plain(one) for name, one in values.items()} for code, values in item.version.fields.items()
            }
            return {"fields": fields, "below": [lying[str(repository.locations[one].parent_id)] for one in order]}

        return {one.remote_id: shown(one) for one in stories}


@pytest.fixture
def sites(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[tuple[Site, Site]]:
    versions = getattr(request, "param", ("4.6", "4.6"))
    source, target = (Site(tmp_path / name, one) for name, one in zip(("source", "target"), versions, strict=True))
    for number in range(23):  # no id of the source means the same in the target
        target.put(f"filler-{number}")
    yield source, target
    for one in (source, target):
        one.client.close()
        one.sandbox.stop()
        one.cdn.server.stop()


class Mirror(ThingsProject):
    """A project with one route, from the source to the target."""

    def __init__(self, root: Path, source: IbexaSandbox, target: IbexaSandbox) -> None:
        super().__init__(root, target.url)
        auth = {"type": "jwt", "username": "admin", "password": "${IBEXA_PASSWORD}"}
        self._write("configs/clients/source.json", {"type": "ibexa", "base_url": source.url, "auth": auth})
        find = {"content_types": ["story"]}
        reading = {"type": "ibexa", "client": "source", "entity": "content", "find": find, "page_size": 4}
        self._write("configs/incoming/stories.json", reading)
        writing = {"type": "ibexa", "client": "ibexa", "entity": "content", "action": "upsert"}
        here = [source.url.removeprefix("http://")]
        hosts = {"allow_hosts": here, "allow_private": here}
        self._write("configs/outgoing/stories.json", {**writing, "payload": {"move": True}, "assets": hosts})
        route = {"incoming": "stories", "outgoing": "stories", "concurrency": 4}
        self._write("configs/routes/mirror.json", route)

    def once(self) -> dict[str, Any]:
        done = self.run("run", "mirror", "--json")
        assert done.returncode == 0, done.stdout + done.stderr
        [told] = json.loads(done.stdout)
        counts: dict[str, Any] = told["counts"]
        return counts


def docbook(inner: str) -> dict[str, str]:
    return {"xml": f"<section {DOCBOOK}>{inner}</section>"}


def populate(source: Site) -> None:
    """Stories that point to each other in every way there is, with ids as an editor's browser writes them."""
    source.story("home", {"parent": {"path": "/1/2"}})
    source.story("sale")
    first = source.story("first, with a comma")
    second = source.story("sec'ond ü&\"%", {"parent": [{"remote_id": "sale"}, {"remote_id": "home"}]})
    picture = {"base64": base64.b64encode(png(7)).decode(), "file_name": "p.png", "alternative_text": "P"}
    shot = source.story("shot", picture=picture)
    place = source.place("sec'ond ü&\"%").strip("/").rpartition("/")[2]
    manual = {"base64": base64.b64encode(b"%PDF manual").decode(), "file_name": "manual.pdf"}
    body = (
        f'<para>a <link xlink:href="ezcontent://{first}#part" xlink:show="none">b</link> <link xlink:href='
        f'"ezlocation://{place}" xlink:show="none">c</link> <link xlink:href="https://x.example/?a=1&amp;b" '
        f'xlink:show="none">d</link></para><ezembed xlink:href="ezcontent://{shot}" view="embed"><ezconfig>'
        '<ezvalue key="size">medium</ezvalue></ezconfig></ezembed>'
        f'<para>e <ezembedinline xlink:href="ezlocation://{place}" view="embed-inline"/></para>'
    )
    source.story(
        "article",
        {
            "parent": [{"remote_id": "home"}, {"remote_id": "sale"}],
            "translations": {"nor-NO": {"name": "artikkel", "body": docbook("<para>norsk</para>")}},
        },
        body=docbook(body),
        main={"id": second},
        related=[{"id": second}, {"id": first}],
        picture=picture,
        shot={"id": shot, "alternative_text": "S"},
        manual=manual,
        size=2,
    )


@pytest.mark.parametrize("sites", [("4.6", "4.6"), ("4.6", "5.0"), ("5.0", "4.6"), ("5.0", "5.0")], indirect=True)
def test_after_one_run_the_other_holds_the_same_and_only_changes_follow(
    sites: tuple[Site, Site], tmp_path: Path
) -> None:
    source, target = sites
    populate(source)
    mirror = Mirror(tmp_path / "project", source.sandbox, target.sandbox)
    target.sandbox.book.reset()
    counts = mirror.once()
    assert (counts["created"], counts["failed"], counts["waiting"]) == (6, 0, 0)
    assert target.seen() == source.seen()
    held = target.seen()["article"]
    assert held["fields"]["eng-GB"]["main"][0] == "sec'ond ü&\"%"
    assert held["fields"]["eng-GB"]["size"] == [1], "the option of that label, which is also the number of another"
    assert "content:first, with a comma#part" in held["fields"]["eng-GB"]["body"]
    assert held["below"] == ["home", "sale"]
    assert target.is_sound()

    target.sandbox.book.reset()
    assert mirror.once()["unchanged"] == 6
    assert target.writes == {}

    source.edit(str(source.sandbox.repository.content_by_remote_id("article").id), name="changed")  # type: ignore[union-attr]
    downloads = source.book["requests"]["by_op"].get("site.download", 0)
    assert mirror.once()["updated"] == 1
    assert target.writes == {
        "content_version.create_draft_from_current": 1,
        "content_version.update": 1,
        "content_version.publish": 1,
    }
    assert source.book["requests"]["by_op"].get("site.download", 0) == downloads, "the file is as it was"
    assert target.seen() == source.seen()


def test_what_is_emptied_in_the_source_is_emptied(sites: tuple[Site, Site], tmp_path: Path) -> None:
    source, target = sites
    populate(source)
    mirror = Mirror(tmp_path / "project", source.sandbox, target.sandbox)
    mirror.once()
    item = source.sandbox.repository.content_by_remote_id("article")
    assert item is not None
    nothing: dict[str, Any] = {"main": None, "related": {"destinationContentIds": []}, "picture": None, "manual": None}
    source.edit(str(item.id), body={"xml": ""}, shot=None, **nothing)
    assert mirror.once()["updated"] == 1
    assert target.seen() == source.seen()
    held = target.seen()["article"]["fields"]["eng-GB"]
    assert (held["picture"], held["main"], held["related"]) == (None, (None, None), [])


def test_without_its_run_log_nothing_is_written_again(sites: tuple[Site, Site], tmp_path: Path) -> None:
    source, target = sites
    populate(source)
    Mirror(tmp_path / "project", source.sandbox, target.sandbox).once()
    again = Mirror(tmp_path / "again", source.sandbox, target.sandbox)
    target.sandbox.book.reset()
    assert again.once()["failed"] == 0
    assert target.writes == {}


def test_what_leads_to_nothing_in_the_source_is_left_out_and_logged(sites: tuple[Site, Site], tmp_path: Path) -> None:
    source, target = sites
    source.story("home", {"parent": {"path": "/1/2"}})
    gone, there = source.story("gone"), source.story("there")
    link = f'<para>a <link xlink:href="ezcontent://{gone}">b</link></para><ezembed xlink:href="ezcontent://{gone}"/>'
    source.story("article", body=docbook(link), main={"id": gone}, related=[{"id": gone}, {"id": there}])
    source.trash(gone)
    mirror = Mirror(tmp_path / "project", source.sandbox, target.sandbox)
    done = mirror.run("run", "mirror", "--json")
    assert done.returncode == 0, done.stdout
    fields = target.seen()["article"]["fields"]["eng-GB"]
    assert (fields["main"][0], fields["related"]) == (None, ["there"])
    assert "<para>a b</para></section>" in fields["body"]
    assert f"points to ezcontent://{gone}, which is not there or may not be read" in done.stderr


def test_stories_that_point_to_each_other_arrive_all(sites: tuple[Site, Site], tmp_path: Path) -> None:
    source, target = sites
    source.story("home", {"parent": {"path": "/1/2"}})
    one, two = source.story("one"), source.story("two")
    three = source.story("three")
    for number, other in ((one, two), (two, one), (three, three)):
        source.edit(str(number), body=docbook(f'<para><link xlink:href="ezcontent://{other}">b</link></para>'))
    mirror = Mirror(tmp_path / "project", source.sandbox, target.sandbox)
    counts = mirror.once()
    assert (counts["finished"], counts["failed"], counts["waiting"]) == (4, 0, 0)
    assert target.seen() == source.seen()


def test_a_page_to_log_in_is_not_taken_for_a_file(sites: tuple[Site, Site], tmp_path: Path) -> None:
    source, target = sites
    source.story("home", {"parent": {"path": "/1/43"}, "section": "media"})  # not for anonymous visitors
    manual = {"base64": base64.b64encode(b"%PDF manual").decode(), "file_name": "manual.pdf"}
    source.story("article", {**HOME, "section": "media"}, manual=manual)
    mirror = Mirror(tmp_path / "project", source.sandbox, target.sandbox)
    done = mirror.run("run", "mirror", "--json")
    [told] = json.loads(done.stdout)
    assert (done.returncode, told["counts"]["failed"]) == (1, 1)
    assert "an HTML page" in json.dumps(told["failures"])
    assert "article" not in target.seen()


def test_what_nobody_sees_in_the_source_nobody_sees_in_the_copy(sites: tuple[Site, Site], tmp_path: Path) -> None:
    source, target = sites
    source.story("home", {"parent": {"path": "/1/2"}})
    source.story("sale")
    two = {"parent": [{"remote_id": "home"}, {"remote_id": "sale"}]}
    hidden, ordered = source.story("hidden"), source.story("ordered", {**HOME, "priority": 7})
    here, there = source.story("not on sale", two), source.story("nowhere", two)
    source.call("content.hide", contentId=hidden)
    places = {one: source.call("location.list_for_content", contentId=one) for one in (here, there)}
    paths = [
        row["_href"].partition("locations/")[2] for one in places.values() for row in one["LocationList"]["Location"]
    ]
    for path in paths[1:]:
        source.call("location.update", {"hidden": True}, path=path)
    mirror = Mirror(tmp_path / "project", source.sandbox, target.sandbox)
    assert mirror.once()["failed"] == 0
    repository = target.sandbox.repository

    def item(remote_id: str) -> Any:
        found = repository.content_by_remote_id(remote_id)
        assert found is not None
        return found

    def priority(remote_id: str) -> int:
        return repository.locations[item(remote_id).main_location].priority

    assert [item(one).hidden for one in ("home", "hidden", "ordered", "not on sale", "nowhere")] == [
        *(False, True, False, False, True)
    ]
    assert priority("ordered") == 7
    assert target.seen()["not on sale"]["below"] == ["home"]
    target.sandbox.book.reset()
    again = Mirror(tmp_path / "again", source.sandbox, target.sandbox)
    assert again.once()["failed"] == 0
    assert target.writes == {}

    source.call("content.reveal", contentId=hidden)
    place = source.place("ordered").strip("/")
    source.call("location.update", {"priority": 3}, path=place)
    for one in (hidden, ordered):  # what a source's editors do to a Location does not touch its date
        source.edit(str(one), name="changed")
    assert mirror.once()["updated"] == 2
    assert (item("hidden").hidden, priority("ordered")) == (False, 3)


def test_what_the_copys_editors_hid_or_ordered_stays_so(sites: tuple[Site, Site], tmp_path: Path) -> None:
    source, target = sites
    source.story("home", {"parent": {"path": "/1/2"}})
    number = source.story("article", {**HOME, "priority": 7})
    mirror = Mirror(tmp_path / "project", source.sandbox, target.sandbox)
    mirror.once()
    item = target.sandbox.repository.content_by_remote_id("article")
    assert item is not None
    target.call("content.hide", contentId=item.id)
    target.call("location.update", {"priority": 1}, path=target.place("article").strip("/"))
    source.call("location.update", {"priority": 9}, path=source.place("article").strip("/"))
    source.edit(str(number), name="changed")
    counts = mirror.once()
    assert (counts["updated"], counts["left_alone"]) == (1, 2)
    assert (item.hidden, target.sandbox.repository.locations[item.main_location].priority) == (True, 1)  # type: ignore[index]
