"""Makes the bundled PIM's catalogue: ``python tools/make_catalogue.py``. Deterministic: the same files every time."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

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

# By family: (English noun, Norwegian noun, leaf categories, materials, price from, to, weight in g)
FAMILIES: dict[str, tuple[str, str, list[str], list[str], int, int, int]] = {
    "chair": (
        "chair",
        "stol",
        ["dining-chairs", "office-chairs", "lounge-chairs"],
        ["oak", "ash", "steel"],
        890,
        6990,
        6500,
    ),
    "table": (
        "table",
        "bord",
        ["dining-tables", "coffee-tables", "desks"],
        ["oak", "walnut", "birch"],
        1490,
        14990,
        32000,
    ),
    "sofa": ("sofa", "sofa", ["corner-sofas", "sofa-beds"], ["wool", "linen", "leather"], 6990, 34990, 78000),
    "shelf": ("shelf", "hylle", ["shelves"], ["pine", "oak", "steel"], 590, 5990, 12000),
    "lamp": ("lamp", "lampe", ["pendants", "floor-lamps", "table-lamps"], ["brass", "glass", "steel"], 390, 4990, 2200),
    "mug": ("mug", "krus", ["mugs"], ["stoneware", "porcelain", "enamel"], 79, 349, 320),
    "knife": ("knife", "kniv", ["knives"], ["steel", "birch"], 249, 2490, 180),
    "bowl": ("bowl", "bolle", ["bowls"], ["stoneware", "glass", "birch"], 99, 890, 540),
    "rug": ("rug", "teppe", ["rugs"], ["wool", "jute", "cotton"], 790, 12990, 9000),
    "throw": ("throw", "pledd", ["throws"], ["wool", "cotton"], 349, 1890, 900),
    "tent": ("tent", "telt", ["tents"], ["nylon", "cotton"], 1990, 12990, 2800),
    "backpack": ("backpack", "ryggsekk", ["backpacks"], ["nylon", "leather"], 790, 4490, 1400),
    "sleeping-bag": ("sleeping bag", "sovepose", ["sleeping-bags"], ["down", "nylon"], 990, 6990, 1200),
}
MATERIALS = {
    "oak": "eik", "ash": "ask", "steel": "stål", "walnut": "valnøtt", "birch": "bjørk", "wool": "ull", "linen": "lin",
    "leather": "skinn", "pine": "furu", "brass": "messing", "glass": "glass", "stoneware": "steintøy",
    "porcelain": "porselen", "enamel": "emalje", "jute": "jute", "cotton": "bomull", "nylon": "nylon", "down": "dun",
}  # fmt: skip
COLOURS = ["black", "white", "oak", "blue", "green", "red", "grey", "sand"]
NORSK = ["sort", "hvit", "eik", "blå", "grønn", "rød", "grå", "sand"]
SERIES = [
    "Lofoten", "Bjørk", "Fjell", "Hygge", "Sørvær", "Ålesund", "Røros", "Vidde", "Skagen", "Brå", "Møre", "Tromsø",
    "Stille", "Nordkapp", "Café", "Élan", "Über", "Åre", "Lyng", "Torv", "Gry", "Solvik", "Havn", "Ørret", "Kråke",
    "Mysen", "Dovre", "Rondane", "Geilo", "Vinje", "Senja", "Andøy", "Træna", "Bokn", "Karlsøy", "Jæren", "Østmarka",
    "Blåfjell", "Snø", "Tåke",
]  # fmt: skip
MOODS = [
    ("made to be used every day", "laget for å brukes hver dag"),
    ("light enough to move, strong enough to stay", "lett nok til å flyttes, sterk nok til å bli"),
    ("drawn in Bergen, built to last", "tegnet i Bergen, bygget for å vare"),
    ("quiet in form and generous in size", "stillferdig i formen og romslig i størrelsen"),
    ("the one that everybody reaches for first", "den alle tar først"),
    ("good company on a grey morning", "godt selskap på en grå morgen"),
]
CARE = [
    ("Wipe with a damp cloth", "Tørkes med en fuktig klut"),
    ("Keep it out of strong sun", "Holdes unna sterk sol"),
    ("Repair it, don’t replace it", "Reparer den, ikke bytt den"),
    ("Spare parts for 15 years", "Reservedeler i 15 år"),
    ("Assembled in 10 minutes", "Monteres på 10 minutter"),
]
TOTAL = 500


def ean(number: int) -> str:
    digits = f"703701{number:06d}"
    check = -sum(int(d) * (3 if i % 2 else 1) for i, d in enumerate(digits)) % 10
    return f"{digits}{check}"


def description(noun: str, words: tuple[str, str, list[str], str], *, nordic: bool) -> str:
    series, material, care, mood = words
    if nordic:
        head, intro = f"Om {series}", f"{series} er en {noun} i {material}, {mood}."
    else:
        head, intro = f"About {series}", f"{series} is a {noun} in {material}, {mood}."
    items = "".join(f"<li>{one}</li>" for one in care)
    extra = (
        'Les mer hos&nbsp;<a href="https://shop.example/vedlikehold">oss</a>.<br>Takk!'
        if nordic
        else (
            'Read more in our <a href="https://shop.example/care?a=1&amp;b=2">care guide</a>.<br>Tested &amp; approved.'
        )
    )
    return f"<h2>{head}</h2><p><strong>{intro}</strong> {extra}</p><ul>{items}</ul>"


def moment() -> str:
    month, day, hour = CHANCE.randrange(1, 3), CHANCE.randrange(1, 28), CHANCE.randrange(6, 18)
    return f"2026-{month:02d}-{day:02d}T{hour:02d}:15:00+00:00"


def product(number: int, family: str, series: str, colour: int) -> dict[str, Any]:
    english, norwegian, leaves, materials, low, high, weight = FAMILIES[family]
    material, leaf = CHANCE.choice(materials), CHANCE.choice(leaves)
    mood, care = CHANCE.choice(MOODS), CHANCE.sample(CARE, 3)
    price = CHANCE.randrange(low, high, 10) - 1
    sku = f"{family[:2].upper()}-{number:04d}"
    day = f"{CHANCE.randrange(2019, 2026)}-{CHANCE.randrange(1, 13):02d}-{CHANCE.randrange(1, 29):02d}"
    name = f"{series} {english}, {COLOURS[colour]}"
    navn = f"{series} {norwegian}, {NORSK[colour]}"
    values = {
        "name": {"en_GB": name, "nb_NO": navn},
        "short_description": {
            "en_GB": f"A {english} in {material}: {mood[0]}.",
            "nb_NO": f"En {norwegian} i {MATERIALS[material]}: {mood[1]}.",
        },
        "description": {
            "en_GB": description(english, (series, material, [one for one, _ in care], mood[0]), nordic=False),
            "nb_NO": description(
                norwegian, (series, MATERIALS[material], [two for _, two in care], mood[1]), nordic=True
            ),
        },
        "price": {"amount": f"{price}.00", "currency": "NOK"},
        "colour": COLOURS[colour],
        "material": material,
        "weight": {"amount": int(weight * CHANCE.uniform(0.7, 1.4)), "unit": "GRAM"},
        "in_stock": CHANCE.random() < 0.85,
        "released": day,
        "ean": ean(number),
    }
    extra = ["garden"] if family in ("chair", "table") and CHANCE.random() < 0.15 else []
    return {
        "identifier": sku,
        "uuid": f"{CHANCE.getrandbits(128):032x}",
        "enabled": True,
        "family": family,
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

    at(40, "no name")["values"]["name"] = {"nb_NO": "Uten engelsk navn"}
    at(41, "no name")["values"]["name"] = {"en_GB": None, "nb_NO": None}
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


def main() -> None:
    combinations = [
        (family, series, colour) for series in SERIES for family in FAMILIES for colour in range(len(COLOURS))
    ]
    CHANCE.shuffle(combinations)
    rows = [product(number, *combination) for number, combination in enumerate(combinations[: TOTAL - 1], start=1)]
    why = spoil(rows)
    OUT.mkdir(parents=True, exist_ok=True)
    lines = [json.dumps(row, ensure_ascii=False, separators=(",", ":")) for row in rows]
    (OUT / "products.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    categories = [
        {
            "code": code,
            "parent": parent,
            "labels": {"en_GB": english, "nb_NO": norwegian},
            "description": {
                "en_GB": f"Everything under {english.lower()}.",
                "nb_NO": f"Alt under {norwegian.lower()}.",
            },
            "position": position,
            "updated": "2026-01-15T08:00:00+00:00",
        }
        for position, (code, (parent, english, norwegian)) in enumerate(CATEGORIES.items())
    ]
    for name, body in (("categories.json", categories), ("broken.json", why)):
        text = json.dumps(body, ensure_ascii=False, indent=1)
        (OUT / name).write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
