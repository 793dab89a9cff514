"""The form of Ibexa's language codes, and which of them somebody means who writes another form.

The pairs are those of the ``ibexa.locale.conversion_map`` that every Ibexa comes with.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

_FORM = re.compile(r"[a-z]{3}-[A-Z]{2}")
_LISTED = (
    "eng-GB:en_GB eng-US:en_US eng-AU:en_AU eng-CA:en_CA eng-NZ:en_NZ nor-NO:nb_NO nno-NO:nn_NO swe-SE:sv_SE "
    "dan-DK:da_DK fin-FI:fi_FI ger-DE:de_DE fre-FR:fr_FR fre-BE:fr_BE fre-CA:fr_CA fre-CH:fr_CH dut-NL:nl_NL "
    "ita-IT:it_IT esl-ES:es_ES esl-MX:es_MX por-PT:pt_PT por-BR:pt_BR por-MZ:pt_MZ pol-PL:pl_PL cze-CZ:cs_CZ "
    "slk-SK:sk_SK hun-HU:hu_HU rus-RU:ru_RU ukr-UA:uk_UA cro-HR:hr_HR ser-SR:sr_RS ell-GR:el_GR tur-TR:tr_TR "
    "cat-ES:ca_ES heb-IL:he_IL hin-IN:hi_IN ind-ID:id_ID jpn-JP:ja_JP kor-KR:ko_KR chi-CN:zh_CN chi-HK:zh_HK "
    "chi-TW:zh_TW ara-SA:ar_SA alb-AL:sq_AL bos-BA:bs_BA dut-BE:nl_BE fas-IR:fa_IR ger-BE:de_BE ger-CH:de_CH"
)
_PAIRS: Sequence[tuple[str, ...]] = [tuple(pair.split(":")) for pair in _LISTED.split()]
"""Ours -> theirs; of several with one language the first is meant when no country is said."""
_OTHERWISE: Mapping[str, str] = {
    **{theirs.lower(): ours for ours, theirs in _PAIRS},
    **{theirs.partition("_")[0]: ours for ours, theirs in reversed(_PAIRS)},
    **{ours.partition("-")[0]: ours for ours, _ in reversed(_PAIRS)},
    **{ours.partition("-")[2].lower(): ours for ours in ("swe-SE", "dan-DK", "cze-CZ", "ell-GR", "jpn-JP", "eng-GB")},
    "no": "nor-NO",
    "no_no": "nor-NO",
    "nob": "nor-NO",
    "nob_no": "nor-NO",
    "sve": "swe-SE",
    "deu": "ger-DE",
    "deu_de": "ger-DE",
    "fra": "fre-FR",
    "fra_fr": "fre-FR",
    "nld": "dut-NL",
    "nld_nl": "dut-NL",
    "spa": "esl-ES",
    "spa_es": "esl-ES",
    "zho": "chi-CN",
    "zho_cn": "chi-CN",
    "ces": "cze-CZ",
    "eng_uk": "eng-GB",
    "en_uk": "eng-GB",
}


def is_code(text: str) -> bool:
    """Whether it has the form of a code: ``eng-GB``."""
    return bool(_FORM.fullmatch(text))


def meant_by(text: str) -> str:
    """The code that another way of writing stands for: ``en_GB``, ``en``, ``eng_GB``; empty: none that is known."""
    plain = text.strip().replace("-", "_").lower()
    ours = {code.replace("-", "_").lower(): code for code, _ in _PAIRS}
    return ours.get(plain) or _OTHERWISE.get(plain, "")
