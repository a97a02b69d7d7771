#!/usr/bin/env python
"""Django's command line for the filing portal; the embedded settings unless told otherwise."""

import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "filing_portal.settings.embedded")
    from filing_portal.doctor import COMMANDS

    if len(sys.argv) == 2 and sys.argv[1] in COMMANDS:
        sys.exit(COMMANDS[sys.argv[1]]())
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
