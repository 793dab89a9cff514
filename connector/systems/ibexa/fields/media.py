"""Field types that hold bytes: image, file, media. The version is part of the file's name.

Ibexa answers with the file name it was given, so a name that carries a digest of the version tells without a download,
and without a run log, whether the picture is still the same.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from connector.core.errors import RecordError
from connector.core.jsonio import Json
from connector.systems.ibexa.assets import Asset, Assets, image_kind
from connector.systems.ibexa.fields.codec import Codec, Context


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What the field shall hold; bytes are fetched by ``_fetched``."""

    asset: Asset
    assets: Assets
    alternative_text: str | None
    is_image: bool
    step: str
    player: Mapping[str, Json] = field(default_factory=dict)


def _image(value: Json, context: Context) -> Json:
    return _wanted(value, context, is_image=True)


def _file(value: Json, context: Context) -> Json:
    return _wanted(value, context, is_image=False)


_PLAYER: Mapping[str, tuple[str, type]] = {
    "controller": ("hasController", bool),
    "autoplay": ("autoplay", bool),
    "loop": ("loop", bool),
    "width": ("width", int),
    "height": ("height", int),
}
"""Our word for how a film or a sound is played; the server's, and its type."""


def _film(value: Json, context: Context) -> Json:
    wanted = _wanted(value, context, is_image=False)
    said = {name: value[name] for name in _PLAYER if isinstance(value, dict) and value.get(name) is not None}
    for name, one in said.items():
        if type(one) is not _PLAYER[name][1]:
            raise context.refuse(one, f"{name} is {'true or false' if _PLAYER[name][1] is bool else 'a whole number'}")
    if not isinstance(wanted, _Wanted):
        return wanted
    return replace(wanted, player={_PLAYER[name][0]: one for name, one in said.items()})


def _wanted(value: Json, context: Context, *, is_image: bool) -> Json:
    step = f"fields.{context.definition.identifier}"
    plain = {"url": value} if isinstance(value, str) else value
    if not isinstance(plain, dict):
        raise context.refuse(value, 'it wants {"url": "…"}, {"file": "…"} or {"base64": "…"}')
    if not any(plain.get(name) for name in ("url", "file", "base64")):
        return None
    alternative = plain.get("alternative_text")
    text = None if alternative is None else str(alternative)
    try:
        return _Wanted(context.assets.note(plain, step), context.assets, text, is_image, step)
    except RecordError as error:
        place = f"{context.content_type}.{context.definition.identifier}"
        raise type(error)(f"{place}: {error.message}", hint=error.hint, step=step) from None


def _fetched(wanted: Json) -> Json:
    if not isinstance(wanted, _Wanted):
        return wanted
    asset = wanted.asset
    data = wanted.assets.bytes_of(asset, wanted.step)
    kind = image_kind(data)
    if wanted.is_image and not kind:
        begins = "an HTML page" if data.lstrip()[:1] == b"<" else "something else"
        raise RecordError(
            f"what {asset.source.partition('?')[0]} holds is no PNG, JPEG, GIF or WebP image, but {begins}",
            hint="Correct the picture at the source.",
            step=wanted.step,
        )
    name = f"{asset.stem}-{asset.digest}.{kind if wanted.is_image else asset.suffix or 'bin'}"
    body: dict[str, Json] = {"fileName": name, "fileSize": len(data), "data": base64.b64encode(data).decode()}
    body |= wanted.player
    if wanted.is_image:
        body["alternativeText"] = wanted.alternative_text
    return body


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
    names = ("fileName", "fileSize", "alternativeText", *(name for name, _ in _PLAYER.values()))
    return {name: held[name] for name in names if held.get(name)}


MEDIA = {
    "image": Codec(_image, equal=_same, partial=True, finish=_fetched, essence=_essence),
    "file": Codec(_file, equal=_same, partial=True, finish=_fetched, essence=_essence),
    "media": Codec(_film, equal=_same, partial=True, finish=_fetched, essence=_essence),
}
