"""What the files that routes read hold now: whether they can be read as declared, and have what is read from them.

Only a beginning of each file is looked at, and tomorrow's may be another: so what is found is a warning.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from msgspec import Struct, field

from connector.checks.astray import Astray, Spot, astray_in, is_within, of_astray
from connector.checks.first_records import declared_by, no_list_at, no_object, unfit_keys, without_heading
from connector.checks.mapping import Found, text_in
from connector.checks.sentences import Described, emptied, empty, failing, missing, no_list, unlike
from connector.checks.shapes import makes_messages, no_messages, shape_of
from connector.checks.source_keys import key_of
from connector.checks.trial import Trial, trial_of
from connector.config.declaration import Declaration, TransformerSource
from connector.config.project import Project
from connector.config.references import filled, inside
from connector.core.jsonio import Json, shown
from connector.core.problem import Finding
from connector.incoming.file_head import Head, head_of
from connector.transformers.expression import ExpressionError
from connector.transformers.rehearsal import Rehearsal, Tried
from connector.transformers.sight import Sight
from connector.transformers.trace import Traced
from connector.transformers.unknown import UNKNOWN


class Samples(Struct):
    """What was found by trying a project's routes with records.

    Attributes:
        found: about files and mappings.
        met: names that were there at least once.
        missed: names that were not, each with its finding.
        messages: by route, what its mapping made of the first records.
        followed: by route, the beginning of a sentence about those records.
        names: by transformer file, those that the records of its routes' files have.
        trials: by route of a file, what its mapping makes of all records that were looked at.
        told: places of names that are not there, or that an expression fails over: what comes of them is no surprise.
        astray: transformers of a route that find nothing of what they read, though they do elsewhere.
    """

    found: list[Found] = field(default_factory=list)
    met: set[Spot] = field(default_factory=set)
    missed: dict[Spot, Found] = field(default_factory=dict)
    messages: dict[str, list[Json]] = field(default_factory=dict)
    followed: dict[str, str] = field(default_factory=dict)
    names: dict[str, set[str]] = field(default_factory=dict)
    trials: dict[str, Trial] = field(default_factory=dict)
    told: set[Spot] = field(default_factory=set)
    astray: list[Astray] = field(default_factory=list)

    def follows(self, found: Found) -> bool:
        """Whether a finding about a value only follows from what is told of the expression that makes it."""
        source, finding = found
        if not isinstance(source, TransformerSource):
            return False
        at = (source.shown, finding.pointer)
        begin = finding.offset or 0
        return any(at == spot[:2] and (not begin or is_within(source, at[1], (begin, spot[2]))) for spot in self.told)


def samples_of(project: Project, env: Mapping[str, str]) -> Samples:
    """Look at all files that are there, and try what routes make of them."""
    samples = Samples()
    heads: dict[str, Described] = {}
    for incoming in project.incomings.values():
        if incoming.shown in project.unsound:
            continue
        head = _head(project, incoming, env) if text_in(incoming, "type") == "file" else None
        if head is not None:
            samples.found += [(incoming, one) for one in _of_incoming(incoming, head)]
            heads[incoming.name] = _described(text_in(incoming, "path"), head)
        if text_in(incoming, "type") != "file":  # of which at least what the steps make is known
            shape = shape_of(project, incoming)
            named = [UNKNOWN if shape is None else shape]
            heads[incoming.name] = Described(f"the incoming '{incoming.name}'", named, whole=True, rows=False)
            samples.found += key_of(project, incoming, shape)
    for route in project.routes.values():
        described = heads.get(text_in(route, "incoming"))
        if described is not None and described.records and route.shown not in project.unsound:
            _rehearse(project, route, described, samples)
    for spot in samples.met:
        samples.missed.pop(spot, None)
    for astray in samples.astray:
        if all(spot in samples.met for spot in astray.spots):
            samples.found.append(of_astray(astray))
            samples.told.update(astray.spots)
    samples.told.update(samples.missed)
    of_mappings = ((source.shown, one) for source, one in samples.found if isinstance(source, TransformerSource))
    samples.told |= {(shown_, one.pointer, one.offset or 0) for shown_, one in of_mappings if one.severity != "info"}
    return samples


def _head(project: Project, incoming: Declaration, env: Mapping[str, str]) -> Head | None:
    """None: it is not there, or not known; of that others tell."""
    config = incoming.data
    texts = {key: one for key, one in config.items() if isinstance(one, str)}
    if any(one.value(env, project.root) is None for text in texts.values() for one in inside(text)):
        return None
    given = {**config, **{key: filled(one, env, project.root) for key, one in texts.items()}}
    path = (project.root / given["path"]).resolve()
    if not path.is_relative_to(project.root.resolve()) or not path.is_file():
        return None
    return head_of(path, given)


def _of_incoming(incoming: Declaration, head: Head) -> Iterator[Finding]:
    config, path = incoming.data, text_in(incoming, "path")
    if head.form != "json" and config.get("records") is not None and head.form:
        hint = "Leave records out, or correct `format`."
        yield Finding(
            "/records#", "CFG149", f"{path} is read as {head.form}, which has no use for records", hint, "warning"
        )
    if head.problem is not None:
        at_records = bool(head.lists) and not head.records
        if at_records and "has no array" in head.problem.message:
            yield no_list_at(config, path, head)
        else:
            where = f" ({head.problem.where})" if head.problem.where else ""
            message = f"{path} cannot be read as it is declared: {head.problem.message}{where}"
            yield Finding(declared_by(config, head.problem), "CFG148", message, head.problem.hint, "warning")
    elif head.form == "csv" and without_heading(head, text_in(incoming, "key")):
        first = shown(", ".join(str(one) for one in dict(head.records[0])), 80)
        head.records.clear()  # whatever is read from them, the names are what is wrong
        message = f"the first line of {path} is a record and no heading: {first}"
        yield Finding("/path", "CFG148", message, "Write the names of the columns above it.", "warning")
    elif head.records:
        at = "/records" if "records" in config else "/path"
        yield from _key(text_in(incoming, "key"), _described(path, head), at)


def _described(path: str, head: Head) -> Described:
    return Described(path, head.records, head.whole, head.form == "csv", head.places)


def _key(key: str, described: Described, at: str) -> Iterator[Finding]:
    try:
        traced = Traced(key)
    except ExpressionError:
        return
    values = [traced.run(one) for one in described.records if isinstance(one, dict)]
    others = [no for no, one in enumerate(described.records) if not isinstance(one, dict)]
    if others:
        yield no_object(others, described, at)
        if not values:
            return
    told = [one for one in traced.sights.values() if one.missed and not one.met]
    for sight in told:
        message, hint = missing(sight, described, direct=True, may_be_text=False)
        yield Finding("/key", "CFG149", message, hint, "warning", sight.name.offset)
    if not told:
        yield from unfit_keys(values, described)


def _rehearse(project: Project, route: Declaration, described: Described, samples: Samples) -> None:
    sources = [project.transformers.get(str(one)) for one in route.data.get("transformers") or ()]
    known = [one for one in sources if one is not None and one.shown not in project.unsound]
    for source in known:
        names = samples.names.setdefault(source.shown, set())
        names.update(name for one in described.records if isinstance(one, dict) for name in one)
    if not described.rows and not makes_messages(project, route):  # of rows it is told without looking
        samples.found += no_messages(route, described)
    if not known or len(known) < len(sources):
        return
    try:
        rehearsal = Rehearsal([(one.current, one.suffix) for one in known], alike=described.rows)
    except ExpressionError:
        return  # told of the file itself
    for record in described.records:
        if isinstance(record, dict) or record is UNKNOWN:
            rehearsal.feed(record)
        if rehearsal.done:
            break
    samples.messages[route.name] = rehearsal.messages
    samples.followed[route.name] = described.same
    samples.astray += astray_in(route, known, rehearsal)
    told = {_collect(known[tried.file], tried, described, samples) for tried in rehearsal.expressions}
    incoming = project.incomings[text_in(route, "incoming")]
    trial = trial_of(known, text_in(incoming, "key"), described) if described.places else None
    if trial is not None:
        samples.trials[route.name] = trial
        samples.found += [one for one in trial.failures(known) if (one[0].shown, one[1].pointer) not in told]


def _collect(source: TransformerSource, tried: Tried, described: Described, samples: Samples) -> tuple[str, str] | None:
    """Where something was told; None: nowhere."""
    direct = tried.file == 0 and tried.step == 0
    told = False
    for sight in tried.traced.sights.values():
        spot = (source.shown, tried.pointer, tried.start + max(0, sight.name.offset))
        if sight.met and described.records[0] is not UNKNOWN:
            samples.met.add(spot)
        elif sight.met:
            continue  # nobody knows
        elif sight.missed:
            told = True
            samples.missed[spot] = source, _missed(sight, spot, described, direct=direct)
    found = [] if told else list(_of_expression(tried, described))
    samples.found += [(source, one) for one in found]
    return (source.shown, tried.pointer) if told or found else None


def _missed(sight: Sight, spot: Spot, described: Described, *, direct: bool) -> Finding:
    message, hint = missing(sight, described, direct=direct)
    return Finding(spot[1], "CFG163", message, hint, "warning", spot[2])


def _of_expression(tried: Tried, described: Described) -> Iterator[Finding]:
    traced = tried.traced
    alike = [one for one in traced.compared.values() if one.texts and not one.others]
    for one in alike:
        message, hint = unlike(one, described)
        yield Finding(tried.pointer, "CFG173", message, hint, "warning", tried.start + max(0, one.name.offset))
    lists = [one for one in traced.listed.values() if one.texts and not one.others]
    for taken in lists:
        message, hint = no_list(taken, described)
        yield Finding(tried.pointer, "CFG224", message, hint, "warning", tried.start + max(0, taken.name.offset))
    for call in (call for call in traced.emptied.values() if call.lost):
        message, hint = emptied(call, described)
        yield Finding(tried.pointer, "CFG270", message, hint, "warning", tried.start + call.offset)
    if alike or lists:
        return
    if traced.ran and traced.failed == traced.ran:
        message, hint = failing(traced.fault, described, traced.hint)
        yield Finding(tried.pointer, "CFG165", message, hint, "warning", tried.start)
    elif traced.ran and tried.role in ("where", "at") and not tried.passed:
        message, hint = empty(tried.role, described)
        yield Finding(tried.pointer, "CFG166", message, hint, "info", tried.start)


def check_samples(samples: Samples) -> Iterator[Found]:
    """What a look at the files tells."""
    yield from samples.found
    yield from samples.missed.values()
