"""The applicants app: drafts and submissions."""

from django.apps import AppConfig


class ApplicantsConfig(AppConfig):
    """Names the app, the matters that a draft can be for, and what is asked of a statement.

    It registers no signals or checks.
    """

    name = "applicants"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from applicants.amendments.amendment import Amendment
        from applicants.changes.change import FilingChange
        from applicants.changes.supply import ParticularsSupply
        from applicants.drafts.first_filing import FirstFiling
        from applicants.drafts.matter import set_matters
        from applicants.drafts.statement import SLOT as STATEMENT_SLOT
        from applicants.drafts.unsigned import refuse_unsigned
        from registry.files.decoding import set_examiner
        from registry.rules.particulars import find_slot

        set_matters(FirstFiling, FilingChange, ParticularsSupply, Amendment)
        set_examiner(find_slot(STATEMENT_SLOT).name, refuse_unsigned)
