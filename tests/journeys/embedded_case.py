"""Run as a program inside an embedded set-up: makes the sample logins and one application in Beijing.

The whole sample register is tried out elsewhere; a journey needs one case only. Prints its service's name.
"""

from __future__ import annotations

import django


def make_case() -> str:
    """Gives the name of the service that was submitted."""
    from registry import clock
    from registry.sample.logins import create_sample_accounts
    from registry.sample.walk import complete_materials, submit

    at = clock.now()
    member = create_sample_accounts()["applicant"]
    materials = complete_materials(7_350, member=member, at=at, division_code="110108")
    submit(materials, member=member, at=at)
    return str(materials["service"]["service_name"])


if __name__ == "__main__":
    django.setup()
    print(make_case())
