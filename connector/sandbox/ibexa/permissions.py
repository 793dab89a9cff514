"""Who may do what, by roles and policies: those of the user, and of every group above (ibexa/core PermissionResolver).

An answer is yes, no, or sets of policies whose limitations must be asked about the subject at hand.
"""

from __future__ import annotations

from collections.abc import Callable

from msgspec import Struct

from connector.sandbox.ibexa.limitation_votes import vote
from connector.sandbox.ibexa.limitations import Asker, Subject, group_ids_of, groups_of
from connector.sandbox.ibexa.model import Assignment, Policy
from connector.sandbox.ibexa.repository import Repository

Asked = Callable[[], Subject] | None


class PolicySet(Struct, frozen=True):
    """The policies that one assignment brings, and what the assignment itself is limited to."""

    limitation: tuple[str, str] | None
    policies: tuple[Policy, ...]

    def grants(self, subject: Subject | None, asker: Asker) -> bool:
        """Whether one of the policies allows it. The assignment's limit must not say no, a policy's must say yes."""
        if self.limitation and vote(self.limitation[0], [self.limitation[1]], subject, asker) is False:
            return False
        return any(
            all(vote(name, values, subject, asker) is True for name, values in policy.limitations.items())
            for policy in self.policies
        )


def assignments_of(repository: Repository, user_id: int, *, inherited: bool = True) -> list[Assignment]:
    """The assignments of a user (or group); ``inherited``: and of all groups above, up to the root of the users."""
    holders = {user_id}
    item = repository.contents.get(user_id)
    if inherited and item is not None:
        for location_id in item.locations:
            above = repository.locations[location_id].href_path.split("/")[:-1]
            holders |= {repository.locations[int(each)].content_id for each in above}
    return [each for each in repository.assignments.values() if each.holder in holders]


def access(repository: Repository, user_id: int, module: str, function: str) -> bool | list[PolicySet]:
    """True: without limits; False: never; else sets, one of which has to grant it."""
    sets: list[PolicySet] = []
    for assignment in assignments_of(repository, user_id):
        found: list[Policy] = []
        for policy in repository.roles[assignment.role_id].policies:
            if policy.module not in {module, "*"} or policy.function not in {function, "*"}:
                continue
            # a policy for a whole module counts as unlimited, as in the source
            if assignment.limitation is None and (not policy.limitations or "*" in {policy.module, policy.function}):
                return True
            found.append(policy)
        if found:
            sets.append(PolicySet(assignment.limitation, tuple(found)))
    return sets or False


def can(
    repository: Repository, user_id: int, module: str, function: str, subject: Callable[[], Subject] | None
) -> bool:
    """Whether the user may; ``subject`` is only built where limitations ask for it."""
    return decider(repository, user_id, module, function)(subject)


def decider(repository: Repository, user_id: int, module: str, function: str) -> Callable[[Asked], bool]:
    """The answer for any number of subjects: the roles are only gone through once."""
    given = access(repository, user_id, module, function)
    if isinstance(given, bool):
        return lambda _subject: given
    asker = Asker(user_id, groups_of(repository, user_id), group_ids_of(repository, user_id))

    def decide(subject: Asked) -> bool:
        asked = subject() if subject else None
        return any(each.grants(asked, asker) for each in given)

    return decide
