"""`manage.py sample_lists`: takes over five invented lists with the figures of those published from 2019 to 2021."""

from __future__ import annotations

import sys
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from registry.sample.published_lists import fill_published_lists


class Command(BaseCommand):
    """Imports the sample lists once; a second run, or one in a register that has a list, changes nothing."""

    help = (
        "Imports five sample lists of 1,238 invented services, plainly labelled; refused where data is real."
    )

    def handle(self, *_args: Any, **_options: Any) -> None:
        if not settings.SAMPLE_DATA:
            self.stderr.write("This installation holds real data: sample data is refused.")
            sys.exit(1)
        services = fill_published_lists()
        if services:
            self.stdout.write(f"Imported five sample lists with {services} services of invented applicants.")
        else:
            self.stdout.write("The register has batch lists already; nothing was changed.")
