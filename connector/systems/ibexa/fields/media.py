"""Field types that hold bytes: image, file, media. The version is part of the file's name.

Ibexa answers with the file name it was given, so a name that carries a digest of the version tells without a download,
and without a run log, whether the picture is still the same.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping

from msgspec import Struct, field
from msgspec.structs import replace

from connector.core.errors import RecordError
from connector.core.jsonio import Json, type_name
from connector.systems.ibexa.asset_sources import address, not_http, place_of
from connector.systems.ibexa.assets import Asset, image_kind
from connector.systems.ibexa.fields.codec import Codec, Context
from connector.systems.ibexa.fields.texts import text_of

_MIME: Mapping[str, str] = {"png": "image/png", "jpg": "image/jpeg", "gif": "image/gif", "webp": "image/webp"}
_MEGABYTE = 1024 * 1024


class _Wanted(Struct, frozen=True):
    """What the field shall hold; bytes are fetched by ``_ready``."""

    asset: Asset
    context: Context
    alternative_text: str | None
    is_image: bool
    player: Mapping[str, Json] = field(default_factory=dict)
    is_film: bool = False

    @property
    def step(self) -> str:
        """The field, for errors."""
        return f"fields.{self.context.definition.identifier}"

    def refuse(self, rule: str, hint: str) -> RecordError:
        """The error that names content type, field, value and rule."""
        return self.context.refuse(self.asset.shown, rule, hint)


def _image(value: Json, context: Context) -> Json:
    return _wanted(value, context, is_image=True)


def _file(value: Json, context: Context) -> Json:
    return _wanted(value, context, is_image=False)


PLAYER: Mapping[str, tuple[str, type]] = {
    "controller": ("hasController", bool),
    "autoplay": ("autoplay", bool),
    "loop": ("loop", bool),
    "width": ("width", int),
    "height": ("height", int),
}
"""Our word for how a film or a sound is played; the server's, and its type."""


def _film(value: Json, context: Context) -> Json:
    wanted = _wanted(value, context, is_image=False)
    said = {name: value[name] for name in PLAYER if isinstance(value, dict) and value.get(name) is not None}
    for name, one in said.items():
        if type(one) is not PLAYER[name][1]:
            raise context.refuse(one, f"{name} is {'true or false' if PLAYER[name][1] is bool else 'a whole number'}")
    if not isinstance(wanted, _Wanted):
        return wanted
    return replace(wanted, is_film=True, player={PLAYER[name][0]: one for name, one in said.items()})


_PAGES = frozenset({"html", "htm", "xhtml"})


def _wanted(value: Json, context: Context, *, is_image: bool) -> Json:
    step = f"fields.{context.definition.identifier}"
    plain = {"url": value} if isinstance(value, str) else value
    if not isinstance(plain, dict):
        raise context.refuse(value, 'it wants {"url": "…"}, {"file": "…"} or {"base64": "…"}')
    if not any(plain.get(name) for name in ("url", "file", "base64")):
        return None
    for name in ("url", "file", "file_name"):
        if plain.get(name):
            text_of(plain[name], context)  # an address or a path with a NUL or half a character is none
    if not isinstance(plain.get("base64") or "", str):
        raise context.refuse(plain["base64"], f"base64 wants a text, not {type_name(plain['base64'])}")
    alternative = plain.get("alternative_text")
    text = None if alternative is None else text_of(alternative, context)
    try:
        return _Wanted(context.assets.note(plain, step), context, text, is_image)
    except RecordError as error:
        place = f"{context.content_type}.{context.definition.identifier}"
        raise type(error)(f"{place}: {error.message}", hint=error.hint, step=step) from None


def misfit(value: Json, context: Context) -> None:
    """What can be said of a fixed value without fetching it, and without knowing what the outgoing allows.

    Raises:
        RecordError: it can never be sent.
    """
    file = value.get("file") if isinstance(value, dict) else None
    if isinstance(file, str) and address(file) is not None:
        hint = 'Write {"url": …} for it, and its host in assets.allow_hosts of the outgoing.'
        raise context.refuse(place_of(file), "it is an address, and no file of the project", hint)
    source = value.get("url") if isinstance(value, dict) else value
    if isinstance(source, str) and source and address(source) is None:
        said = not_http(source)
        raise context.refuse(place_of(source), "it is no plain http(s) address", said.hint)


def _ready(wanted: Json, held: Json) -> Json:
    """With its bytes, which the field takes by its own settings and validators."""
    if not isinstance(wanted, _Wanted):
        return wanted
    _check_said(wanted, held)
    asset = replace(wanted.asset, data=wanted.context.assets.bytes_of(wanted.asset, wanted.step))
    found = replace(wanted, asset=asset)
    _check_bytes(found, asset.data or b"")
    return found


def _check_said(wanted: _Wanted, held: Json) -> None:
    """What can be told before anything is fetched; a text that is not said stays as it is held."""
    rules, suffix = wanted.context.definition.validators, wanted.asset.suffix
    texts = rules.get("AlternativeTextValidator")
    needs_text = wanted.is_image and isinstance(texts, dict) and texts.get("required") is True
    text = wanted.alternative_text
    if text is None and isinstance(held, dict):
        text = held.get("alternativeText")
    if needs_text and not str(text or "").strip():
        hint = 'Map "alternative_text" beside it, with default(…) if need be.'
        raise wanted.refuse("its content type requires an alternative text, and there is none", hint)
    if not wanted.is_image and suffix in wanted.context.assets.sources.forbidden:
        hint = "Correct the source; if your site takes them, say in assets.forbidden_extensions which it does not."
        raise wanted.refuse(f"Ibexa takes no files that end in .{suffix}", hint)


def _check_bytes(wanted: _Wanted, data: bytes) -> None:
    definition = wanted.context.definition
    sizes = definition.validators.get("FileSizeValidator")
    most = sizes.get("maxFileSize") if isinstance(sizes, dict) else None
    at_source = "Correct the {} at the source.".format("picture" if wanted.is_image else "file")
    if not data:
        raise wanted.refuse("it is empty", at_source)
    if isinstance(most, int | float) and 0 < most * _MEGABYTE < len(data):
        hint = "Make it smaller at the source, or raise the limit in the content type."
        raise wanted.refuse(f"it has {len(data)} bytes, more than the maxFileSize of {most} MB", hint)
    if not wanted.is_image:
        if _is_a_page(data) and wanted.asset.suffix not in _PAGES:
            hint = "A page to log in, or an error page? The file must be there for visitors who are not logged in."
            raise wanted.refuse(f"what it holds is no .{wanted.asset.suffix or 'bin'}, but an HTML page", hint)
        return
    kind = image_kind(data)
    if not kind:
        begins = "an HTML page" if data.lstrip()[:1] == b"<" else "something else"
        raise wanted.refuse(f"what it holds is no PNG, JPEG, GIF or WebP image, but {begins}", at_source)
    taken = definition.settings.get("mimeTypes")
    if isinstance(taken, list) and taken and _MIME[kind] not in taken:
        rule = f"it is {_MIME[kind]}, and its mimeTypes are {', '.join(map(str, taken))}"
        raise wanted.refuse(rule, "Correct the picture at the source, or the content type.")


def _body(wanted: Json, held: Json) -> Json:
    if not isinstance(wanted, _Wanted):
        return wanted
    asset, data = wanted.asset, wanted.asset.data or b""
    name = f"{asset.stem}-{asset.digest}.{image_kind(data) if wanted.is_image else asset.suffix or 'bin'}"
    body: dict[str, Json] = {"fileName": name, "fileSize": len(data), "data": base64.b64encode(data).decode()}
    before = held if isinstance(held, dict) else {}
    if wanted.is_image:
        said = wanted.alternative_text
        return {**body, "alternativeText": before.get("alternativeText") if said is None else said}
    if wanted.is_film:
        body |= {name: before[name] for name, _ in PLAYER.values() if before.get(name) is not None}
    return {**body, **wanted.player}


def _is_a_page(data: bytes) -> bool:
    return data[:200].lstrip().lower().startswith((b"<!doctype html", b"<html"))


def _same(desired: Json, current: Json) -> bool:
    if not isinstance(desired, _Wanted):
        return desired is None and current is None
    if not isinstance(current, dict) or f"-{desired.asset.digest}." not in str(current.get("fileName") or ""):
        return False
    if any(current.get(name) != one for name, one in desired.player.items()):
        return False
    if not desired.is_image or desired.alternative_text is None:
        return True
    return (current.get("alternativeText") or "") == desired.alternative_text


def _essence(held: Json) -> Json:
    """Paths and addresses differ from version to version."""
    if not isinstance(held, dict):
        return None
    names = ("fileName", "fileSize", "alternativeText", *(name for name, _ in PLAYER.values()))
    return {name: held[name] for name in names if held.get(name)}


MEDIA = {
    "image": Codec(_image, equal=_same, partial=True, ready=_ready, finish=_body, essence=_essence),
    "file": Codec(_file, equal=_same, partial=True, ready=_ready, finish=_body, essence=_essence),
    "media": Codec(_film, equal=_same, partial=True, ready=_ready, finish=_body, essence=_essence),
}
