"""The applicants app: drafts and submissions."""

from django.apps import AppConfig


class ApplicantsConfig(AppConfig):
    """Names the app, and the matters that a draft can be for; it registers no signals or checks."""

    name = "applicants"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from applicants.amendments.amendment import Amendment
        from applicants.changes.change import FilingChange
        from applicants.changes.supply import ParticularsSupply
        from applicants.drafts.first_filing import FirstFiling
        from applicants.drafts.matter import set_matters

        set_matters(FirstFiling, FilingChange, ParticularsSupply, Amendment)
