"""`manage.py sample_data`: fills an empty register with invented applicants, and prints the sample logins."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from registry import clock
from registry.sample.logins import sample_logins
from registry.sample.register import fill_register, is_filled


class Command(BaseCommand):
    """Creates the sample register once; a second run changes nothing."""

    help = "Fills the register with sample applicants, plainly labelled; refused where data is real."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--logins", action="store_true", help="print the sample logins, make nothing")

    def handle(self, *_args: Any, **options: Any) -> None:
        if not settings.SAMPLE_DATA:
            self.stderr.write("This installation holds real data: sample data is refused.")
            sys.exit(1)
        if options["logins"]:
            for line in sample_logins():
                self.stdout.write(str(line))
        elif is_filled():
            self.stdout.write("The sample data is there already; nothing was changed.")
        else:
            services = fill_register(now=clock.now())
            self.stdout.write(f"Made sample data: {services} services of invented applicants.")
