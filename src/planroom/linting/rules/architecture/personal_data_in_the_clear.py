"""ARC007."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planroom.findings import Effect, Severity
from planroom.linting.architectures import ArchitectureRule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planroom.architecture import System
    from planroom.findings import Finding

__all__ = ["PersonalDataInTheClear"]


class PersonalDataInTheClear(ArchitectureRule):
    """Personal data crosses a trust boundary, and others on the way can read it.

    Outside of a trust boundary the network is somebody else's. A relation is encrypted when it says so, or when its
    protocol does (HTTPS, TLS, SFTP ...); where neither tells, that is a warning: cannot tell. What nobody drew a
    boundary around is outside.
    """

    code = "ARC007"
    severity = Severity.ERROR
    effect = Effect.INSECURE
    fix = "Encrypt it (TLS), or leave the personal data out."
    source = "https://owasp.org/www-project-application-security-verification-standard/"
    bad = (
        (
            'System("S", containers=[Container("a"), Container("b")], relations=[Relation("a", "b", protocol="HTTP", '
            'pii=["email"])], boundaries=[Boundary("ours", contains=["a"])])'
        ),
        (
            'System("S", containers=[Container("a"), Container("b")], relations=[Relation("a", "b", pii=["email"])], '
            'boundaries=[Boundary("ours", contains=["a"])])'
        ),
    )
    good = (
        (
            'System("S", containers=[Container("a"), Container("b")], relations=[Relation("a", "b", protocol="HTTPS", '
            'pii=["email"])], boundaries=[Boundary("ours", contains=["a"])])'
        ),
        (
            'System("S", containers=[Container("a"), Container("b")], relations=[Relation("a", "b", protocol="HTTP", '
            'pii=["email"])], boundaries=[Boundary("ours", contains=["a", "b"])])'
        ),
    )

    def check(self, system: System) -> Iterator[Finding]:
        """Yield the relations with personal data over a boundary that are not known to be encrypted."""
        for flow in system.flows:
            crossed = system.crossed(flow)
            if not flow.pii or not crossed or flow.encrypted:
                continue
            line = ", ".join(each.name or each.key for each in crossed)
            how = "unencrypted" if flow.encrypted is False else "and nobody says whether it is encrypted"
            comma = "" if flow.encrypted is False else ","
            yield self.found(
                system,
                f"{flow.name} carries {', '.join(flow.pii)} over the boundary of {line}{comma} {how}",
                flow.id,
                severity=None if flow.encrypted is False else Severity.WARNING,
                pii=flow.pii,
            )
