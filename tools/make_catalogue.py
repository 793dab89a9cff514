"""Makes the bundled PIM's catalogue: ``python tools/make_catalogue.py``. Deterministic: the same files every time."""

from __future__ import annotations

import json
import random
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any
from uuid import UUID

OUT = Path(__file__).resolve().parents[1] / "connector" / "sandbox" / "pim" / "data"
CHANCE = random.Random(20260301)

# By code: parent, name in English, name in Norwegian.
CATEGORIES: dict[str, tuple[str | None, str, str]] = {
    "master": (None, "Catalogue", "Katalog"),
    "furniture": ("master", "Furniture", "Møbler"),
    "lighting": ("master", "Lighting", "Belysning"),
    "kitchen": ("master", "Kitchen & table", "Kjøkken og bord"),
    "textiles": ("master", "Textiles", "Tekstiler"),
    "outdoor": ("master", "Outdoor 🌲", "Friluft 🌲"),
    "chairs": ("furniture", "Chairs", "Stoler"),
    "tables": ("furniture", "Tables", "Bord"),
    "sofas": ("furniture", "Sofas", "Sofaer"),
    "shelves": ("furniture", "Shelves", "Hyller"),
    "dining-chairs": ("chairs", "Dining chairs", "Spisestoler"),
    "office-chairs": ("chairs", "Office chairs", "Kontorstoler"),
    "lounge-chairs": ("chairs", "Lounge chairs", "Hvilestoler"),
    "dining-tables": ("tables", "Dining tables", "Spisebord"),
    "coffee-tables": ("tables", "Coffee tables", "Sofabord"),
    "desks": ("tables", "Desks", "Skrivebord"),
    "corner-sofas": ("sofas", "Corner sofas", "Hjørnesofaer"),
    "sofa-beds": ("sofas", "Sofa beds", "Sovesofaer"),
    "pendants": ("lighting", "Pendants", "Takpendler"),
    "floor-lamps": ("lighting", "Floor lamps", "Gulvlamper"),
    "table-lamps": ("lighting", "Table lamps", "Bordlamper"),
    "mugs": ("kitchen", "Mugs & cups", "Krus og kopper"),
    "knives": ("kitchen", "Knives", "Kniver"),
    "bowls": ("kitchen", "Bowls", "Boller"),
    "rugs": ("textiles", "Rugs", "Tepper"),
    "throws": ("textiles", "Throws", "Pledd"),
    "tents": ("outdoor", "Tents", "Telt"),
    "backpacks": ("outdoor", "Backpacks", "Ryggsekker"),
    "sleeping-bags": ("outdoor", "Sleeping bags", "Soveposer"),
    "garden": ("outdoor", "Garden", "Hage"),
}


@dataclass(frozen=True, slots=True)
class Family:
    """What its products have in common; prices in NOK, weight in grams."""

    english: str
    norwegian: str
    article: str
    leaves: list[str]
    materials: list[str]
    prices: tuple[int, int]
    weight: int
    care: str


FAMILIES = {
    "chair": Family("chair", "stol", "en", ["dining-chairs", "office-chairs", "lounge-chairs"],
                    ["oak", "ash", "steel"], (890, 6990), 6500, "furniture"),
    "table": Family("table", "bord", "et", ["dining-tables", "coffee-tables", "desks"],
                    ["oak", "walnut", "birch"], (1490, 14990), 32000, "furniture"),
    "sofa": Family("sofa", "sofa", "en", ["corner-sofas", "sofa-beds"],
                   ["wool", "linen", "leather"], (6990, 34990), 78000, "textile"),
    "shelf": Family("shelf", "hylle", "en", ["shelves"], ["pine", "oak", "steel"], (590, 5990), 12000, "furniture"),
    "lamp": Family("lamp", "lampe", "en", ["pendants", "floor-lamps", "table-lamps"],
                   ["brass", "glass", "steel"], (390, 4990), 2200, "lamp"),
    "mug": Family("mug", "krus", "et", ["mugs"], ["stoneware", "porcelain", "enamel"], (79, 349), 320, "kitchen"),
    "knife": Family("knife", "kniv", "en", ["knives"],
                    ["stainless steel", "carbon steel"], (249, 2490), 180, "knife"),
    "bowl": Family("bowl", "bolle", "en", ["bowls"], ["stoneware", "glass", "birch"], (99, 890), 540, "kitchen"),
    "rug": Family("rug", "teppe", "et", ["rugs"], ["wool", "jute", "cotton"], (790, 12990), 9000, "textile"),
    "throw": Family("throw", "pledd", "et", ["throws"], ["wool", "cotton"], (349, 1890), 900, "textile"),
    "tent": Family("tent", "telt", "et", ["tents"], ["nylon", "cotton"], (1990, 12990), 2800, "outdoor"),
    "backpack": Family("backpack", "ryggsekk", "en", ["backpacks"],
                       ["nylon", "leather"], (790, 4490), 1400, "outdoor"),
    "sleeping-bag": Family("sleeping bag", "sovepose", "en", ["sleeping-bags"],
                           ["down", "nylon"], (990, 6990), 1200, "outdoor"),
}  # fmt: skip
MATERIALS = {
    "oak": "eik", "ash": "ask", "steel": "stål", "walnut": "valnøtt", "birch": "bjørk", "wool": "ull", "linen": "lin",
    "leather": "skinn", "pine": "furu", "brass": "messing", "glass": "glass", "stoneware": "steintøy",
    "porcelain": "porselen", "enamel": "emalje", "jute": "jute", "cotton": "bomull", "nylon": "nylon", "down": "dun",
    "stainless steel": "rustfritt stål", "carbon steel": "karbonstål",
}  # fmt: skip
# By code: in Norwegian for a common and for a neuter noun.
COLOURS = {
    "black": ("svart", "svart"), "white": ("hvit", "hvitt"), "oak": ("eik", "eik"), "blue": ("blå", "blått"),
    "green": ("grønn", "grønt"), "red": ("rød", "rødt"), "grey": ("grå", "grått"), "sand": ("sand", "sand"),
}  # fmt: skip
SERIES = [
    "Lofoten", "Bjørk", "Fjell", "Hygge", "Sørvær", "Ålesund", "Røros", "Vidde", "Skagen", "Brå", "Møre", "Tromsø",
    "Stille", "Nordkapp", "Café", "Élan", "Über", "Åre", "Lyng", "Torv", "Gry", "Solvik", "Havn", "Ørret", "Kråke",
    "Mysen", "Dovre", "Rondane", "Geilo", "Vinje", "Senja", "Andøy", "Træna", "Bokn", "Karlsøy", "Jæren", "Østmarka",
    "Blåfjell", "Snø", "Tåke",
]  # fmt: skip
MOODS = [
    ("made to be used every day", "laget for å brukes hver dag"),
    ("light in the hand, strong for years", "lett å løfte og sterk i mange år"),
    ("drawn in Bergen, built to last", "tegnet i Bergen, bygget for å vare"),
    ("quiet in form and generous in use", "stillferdig i formen og raus i bruk"),
    ("the one that everybody asks for first", "den som alle spør etter først"),
    ("good company on a grey morning", "godt selskap på en grå morgen"),
]
# By kind of care: English and Norwegian lines, of which a product shows three.
CARE = {
    "furniture": [
        ("Wipe with a damp cloth", "Tørkes med en fuktig klut"),
        ("Oil or wax it once a year", "Oljes eller vokses en gang i året"),
        ("Assembled in 10 minutes", "Monteres på 10 minutter"),
        ("Spare parts for 15 years", "Reservedeler i 15 år"),
    ],
    "textile": [
        ("Hoover gently", "Støvsuges forsiktig"),
        ("Keep it out of strong sun", "Holdes unna sterk sol"),
        ("Repair it, don’t replace it", "Reparer den, ikke bytt den ut"),
        ("Woven without fluorocarbons", "Vevd uten fluorstoffer"),
    ],
    "lamp": [
        ("Takes an E27 bulb, at most 40 W", "For E27-pære, høyst 40 W"),
        ("2.5 m of cloth-covered cable", "2,5 m tekstilledning"),
        ("Can be dimmed", "Kan dimmes"),
        ("Wipe with a dry cloth", "Tørkes med en tørr klut"),
    ],
    "kitchen": [
        ("Safe in the dishwasher", "Tåler oppvaskmaskin"),
        ("Stackable", "Kan stables"),
        ("Food-safe glaze & finish", "Matsikker glasur og overflate"),
        ("Packed without plastic", "Pakket uten plast"),
    ],
    "knife": [
        ("Wash by hand, dry at once", "Vaskes for hånd, tørkes med en gang"),
        ("Hardness 58–60 HRC", "Hardhet 58–60 HRC"),
        ("Ground free of charge, for life", "Gratis sliping, livet ut"),
        ("Ships only to adults (18+)", "Sendes bare til voksne (18+)"),
    ],
    "outdoor": [
        ("Tested at −15 °C", "Prøvd ved −15 °C"),
        ("Dry it before it is stored", "Tørkes før den legges bort"),
        ("Repair kit included", "Reparasjonssett følger med"),
        ("Recycled thread and zips", "Resirkulert tråd og glidelås"),
    ],
}
# Ways to tell it: {name}, {noun}, {article}, {material}, {mood}, {items}.
ENGLISH = [
    "<h2>About {name}</h2><p><strong>{name}</strong> is {article} {noun} in {material}, {mood}.</p><ul>{items}</ul>"
    '<p>More in our&nbsp;<a href="https://shop.example/care?a=1&amp;b=2">care guide</a>.</p>',
    "<p>“The {noun} we wanted ourselves,” say the people behind <strong>{name}</strong>.<br>"
    "Made of {material}: {mood}.</p><h2>Good to know</h2><ul>{items}</ul>",
    "<p><strong>{name}</strong>, {article} {noun} in {material}. First seen at our caf&eacute; in Bergen;"
    ' <a href="https://shop.example/stories/caf%C3%A9">read the story</a>.</p><ul>{items}</ul><p>In short: {mood}.</p>',
    "<h2>{name} &amp; you</h2><p>{mood_capital}. This {noun} is made of {material}"
    " and comes with&nbsp;everything it needs.</p><ul>{items}</ul>",
]
NORWEGIAN = [
    "<h2>Om {name}</h2><p><strong>{name}</strong> er {article} {noun} i {material}, {mood}.</p><ul>{items}</ul>"
    '<p>Les mer i&nbsp;<a href="https://shop.example/vedlikehold?a=1&amp;b=2">vedlikeholdsguiden</a>.</p>',
    "<p>«Akkurat det vi ønsket oss selv», sier folkene bak <strong>{name}</strong>.<br>"
    "Laget av {material}: {mood}.</p><h2>Verdt å vite</h2><ul>{items}</ul>",
    "<p><strong>{name}</strong>, {article} {noun} i {material}. Først vist på kaf&eacute;en vår i Bergen;"
    ' <a href="https://shop.example/historier/kaf%C3%A9">les historien</a>.</p><ul>{items}</ul>'
    "<p>Kort sagt: {mood}.</p>",
    "<h2>{name} &amp; du</h2><p>{mood_capital}. Laget av {material}, og leveres med&nbsp;alt som trengs.</p>"
    "<ul>{items}</ul>",
]
OUTDOORS = ("<p>Leave only footprints 🌲</p>", "<p>Sporløs ferdsel 🌲</p>")
TOTAL = 500


def ean(number: int) -> str:
    digits = f"703701{number:06d}"
    check = -sum(int(d) * (3 if i % 2 else 1) for i, d in enumerate(digits)) % 10
    return f"{digits}{check}"


def moment() -> str:
    month, day, hour = CHANCE.randrange(1, 3), CHANCE.randrange(1, 28), CHANCE.randrange(6, 18)
    return f"2026-{month:02d}-{day:02d}T{hour:02d}:15:00+00:00"


def texts(family: Family, series: str, material: str, colour: str) -> dict[str, dict[str, str]]:
    """Name, short description and description in both languages, told in the same way in both."""
    mood, care = CHANCE.choice(MOODS), CHANCE.sample(CARE[family.care], 3)
    way = CHANCE.randrange(len(ENGLISH))
    names = (
        f"{series} {family.english}, {colour}",
        f"{series} {family.norwegian}, {COLOURS[colour][family.article == 'et']}",
    )
    nouns, materials = (family.english, family.norwegian), (material, MATERIALS[material])
    articles = ("a", family.article)
    made: dict[str, dict[str, str]] = {"name": {}, "short_description": {}, "description": {}}
    for place, language in enumerate(("en_GB", "nb_NO")):
        words = {
            "name": series, "noun": nouns[place], "article": articles[place], "material": materials[place],
            "mood": mood[place], "mood_capital": mood[place].capitalize().replace("bergen", "Bergen"),
            "items": "".join(f"<li>{escape(one[place], quote=False)}</li>" for one in care),
        }  # fmt: skip
        ending = OUTDOORS[place] if family.care == "outdoor" else ""
        made["name"][language] = names[place]
        short = f"{articles[place].capitalize()} {nouns[place]} {('in', 'i')[place]} {materials[place]}: {mood[place]}."
        made["short_description"][language] = short
        made["description"][language] = (ENGLISH, NORWEGIAN)[place][way].format(**words) + ending
    return made


def product(number: int, code: str, series: str, colour: str) -> dict[str, Any]:
    family = FAMILIES[code]
    material, leaf = CHANCE.choice(family.materials), CHANCE.choice(family.leaves)
    sku = f"{code[:2].upper()}-{number:04d}"
    values = {
        **texts(family, series, material, colour),
        "price": {"amount": f"{CHANCE.randrange(*family.prices, 10) - 1}.00", "currency": "NOK"},
        "colour": colour,
        "material": material.replace(" ", "-"),
        "weight": {"amount": int(family.weight * CHANCE.uniform(0.7, 1.4)), "unit": "GRAM"},
        "in_stock": CHANCE.random() < 0.85,
        "released": f"{CHANCE.randrange(2019, 2026)}-{CHANCE.randrange(1, 13):02d}-{CHANCE.randrange(1, 29):02d}",
        "ean": ean(number),
    }
    extra = ["garden"] if code in ("chair", "table") and CHANCE.random() < 0.15 else []
    return {
        "identifier": sku,
        "uuid": str(UUID(int=CHANCE.getrandbits(128), version=4)),
        "enabled": True,
        "family": code,
        "categories": [leaf, *extra],
        "updated": moment(),
        "values": values,
        "image": {"code": sku.lower(), "version": f"{CHANCE.getrandbits(40):010x}"},
    }


def spoil(rows: list[dict[str, Any]]) -> dict[str, str]:
    """The nine that are broken on purpose."""
    why: dict[str, str] = {}

    def at(index: int, what: str) -> dict[str, Any]:
        why[rows[index]["identifier"]] = what
        return rows[index]

    at(40, "no English name")["values"]["name"].pop("en_GB")
    at(41, "no name at all")["values"]["name"] = {"en_GB": None, "nb_NO": None}
    at(97, "a name of 5,000 characters")["values"]["name"]["en_GB"] = "Very long " * 500
    at(133, "the picture is an HTML page")["image"]["code"] = "broken-html"
    at(134, "the picture is text")["image"]["code"] = "broken-text"
    at(210, "a price that is no number")["values"]["price"]["amount"] = "call us"
    at(260, "a category that does not exist")["categories"] = ["no-such-category"]
    at(333, "a day that does not exist")["values"]["released"] = "2024-13-45"
    twin = json.loads(json.dumps(rows[12]))
    twin["values"]["price"]["amount"] = "999999.00"
    rows.append(twin)
    why[twin["identifier"]] = "the same identifier twice, with another price"
    for index in (5, 155, 405):
        rows[index]["enabled"] = False
    return why


def category(position: int, code: str) -> dict[str, Any]:
    parent, english, norwegian = CATEGORIES[code]
    about = {
        "en_GB": f"The whole range of {english.lower().removesuffix(' 🌲')}.",
        "nb_NO": f"Hele utvalget innen {norwegian.lower().removesuffix(' 🌲')}.",
    }
    return {
        "code": code,
        "parent": parent,
        "labels": {"en_GB": english, "nb_NO": norwegian},
        "description": about if parent else {"en_GB": "Everything we sell.", "nb_NO": "Alt vi selger."},
        "position": position,
        "updated": "2026-01-15T08:00:00+00:00",
    }


def main() -> None:
    combinations = [(family, series, colour) for series in SERIES for family in FAMILIES for colour in COLOURS]
    CHANCE.shuffle(combinations)
    rows = [product(number, *combination) for number, combination in enumerate(combinations[: TOTAL - 1], start=1)]
    why = spoil(rows)
    OUT.mkdir(parents=True, exist_ok=True)
    lines = [json.dumps(row, ensure_ascii=False, separators=(",", ":")) for row in rows]
    (OUT / "products.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    categories = [category(position, code) for position, code in enumerate(CATEGORIES)]
    rows_of = ",\n".join(json.dumps(one, ensure_ascii=False) for one in categories)
    (OUT / "categories.json").write_text(f"[\n{rows_of}\n]\n", encoding="utf-8")
    (OUT / "broken.json").write_text(json.dumps(why, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
