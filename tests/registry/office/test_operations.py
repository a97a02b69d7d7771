"""The administrator's page of the jobs: what failed with its reason, nothing of a case, and running one again."""

from __future__ import annotations

import uuid

import pytest
from django.test import Client
from django.urls import reverse

from registry import clock
from registry.jobs import runs as jobs
from registry.models import JobOrder
from registry.tasks import sweep_clocks
from tests.builders import register as build
from tests.builders.register import MORNING, Cast

pytestmark = pytest.mark.django_db


def administrator(cast: Cast) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(cast.administrator, backend="registry.accounts.backends.AccountBackend")
    return client


def test_the_page_says_what_failed_and_names_no_case(cast: Cast) -> None:
    case = build.approved(cast)
    subject = uuid.uuid4()
    jobs.record_failure("issue_number", subject, KeyError("division_code"))
    with clock.stopped_at(MORNING):
        sweep_clocks()
        page = administrator(cast).get(reverse("office:jobs")).content.decode()
    assert str(subject) in page
    assert "KeyError" in page
    assert "left work undone" in page or "has not run yet" in page
    assert "in order" in page
    application = case.application
    for word in (application.applicant_name, application.service_name, application.receipt_number):
        assert word
        assert word not in page


def test_running_a_job_again_is_asked_first_and_kept(cast: Cast) -> None:
    browser = administrator(cast)
    url = reverse("office:run_job", args=["sweep-clocks"])
    assert browser.get(url).status_code == 200
    assert not JobOrder.objects.exists()
    assert browser.post(url)["Location"] == reverse("office:jobs")
    order = JobOrder.objects.get()
    assert (order.job, order.ordered_by) == ("sweep-clocks", cast.administrator)
    assert cast.administrator.name in browser.get(reverse("office:jobs")).content.decode()
    assert browser.post(reverse("office:run_job", args=["no-such-job"])).status_code == 404
