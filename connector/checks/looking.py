"""Checks that look at more than the declarations: the environment, files on the disk, records, what servers have."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

from connector.checks.asset_files import check_asset_files
from connector.checks.conditions import check_conditions
from connector.checks.files import check_files
from connector.checks.hosts import check_hosts
from connector.checks.languages import check_languages
from connector.checks.lookalikes import check_lookalikes
from connector.checks.named import check_named
from connector.checks.parents import check_parents
from connector.checks.places import check_places
from connector.checks.plain_fields import check_plain_fields
from connector.checks.quoting import check_quoting
from connector.checks.samples import Samples, check_samples
from connector.checks.searched_fields import check_searched_fields
from connector.checks.secret_columns import check_secret_columns
from connector.checks.types import check_types
from connector.checks.values import check_values
from connector.config.validate import Check
from connector.systems.ibexa.known import Known


def looking(samples: Callable[[], Samples], env: Mapping[str, str], live: Mapping[str, Known] | None) -> list[Check]:
    """All of them; a new one is a file and a word here.

    Args:
        samples: what the routes make of the beginnings of their files: looked at once, when it is first asked for.
        env: the environment.
        live: by client, what its server said just now; None: nothing was asked.
    """
    checks: list[Check] = [*(partial(one, env=env) for one in (check_files, check_hosts, check_asset_files))]
    checks += [lambda one: check_quoting(one, samples()), lambda one: check_places(one, samples())]
    checks += [partial(one, live=live) for one in (check_types, check_named, check_languages, check_plain_fields)]
    checks += [partial(check_searched_fields, live=live), lambda one: check_parents(one, samples())]
    checks += [lambda one: check_values(one, samples(), live), lambda one: check_lookalikes(one, samples())]
    checks += [lambda one: check_secret_columns(one, samples()), lambda _: check_samples(samples())]
    checks += [lambda one: check_conditions(one, samples(), live)]
    return checks
