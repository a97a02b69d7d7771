"""The tables of the book."""

from registry.models.access import AccountSession, UseCounter
from registry.models.account import Account
from registry.models.agreement import Agreement
from registry.models.applicant import Applicant, Membership
from registry.models.article import Article, ArticleVersion
from registry.models.attachment import Attachment, RevisionFile, WaitingFile
from registry.models.batch import BatchEntry, BatchFile, BatchList, ListCounter
from registry.models.calendar import CalendarNotice, DeadlineMove
from registry.models.chain_name import ChainNameDecision
from registry.models.configuration import ListEntry
from registry.models.consultation import Consultation, ConsultationFile, ConsultationPart
from registry.models.day_figures import CountedDays, DayFigure, MonthFigure
from registry.models.digest import RegisterDigest
from registry.models.document import IssuedDocument
from registry.models.event import Event, EventEffect
from registry.models.evidence import EvidenceFile, SealedText
from registry.models.filing import (
    Application,
    Filing,
    NumberHead,
    PersonalParticulars,
    ReceiptCounter,
    Revision,
    Uptake,
)
from registry.models.job import JobFailure, JobOrder, JobRun
from registry.models.membership import HeadClaim, Invitation, MembershipClaim, MembershipEvent
from registry.models.notice import (
    Delivery,
    EventTold,
    Notice,
    NoticeText,
    NotificationSettings,
    Telling,
    TellingFile,
)
from registry.models.objection import Objection, ObjectionCounter, ObjectionFile, ObjectionPart
from registry.models.office_proposal import OfficeProposal
from registry.models.paper import PaperCounter, PaperNumber, PaperSetting
from registry.models.published import NamesVersion, PublishedRecord
from registry.models.quality import QualityCase, QualityPart, QualityRound
from registry.models.reminder import CalendarFeed, DeskReminder, PlannedEnd
from registry.models.signed_form import SignedForm
from registry.models.striking_off import StrikingOff, StrikingOffCounter, StrikingOffFile, StrikingOffPart

__all__ = [
    "Account",
    "AccountSession",
    "Agreement",
    "Applicant",
    "Application",
    "Article",
    "ArticleVersion",
    "Attachment",
    "BatchEntry",
    "BatchFile",
    "BatchList",
    "CalendarFeed",
    "CalendarNotice",
    "ChainNameDecision",
    "Consultation",
    "ConsultationFile",
    "ConsultationPart",
    "CountedDays",
    "DayFigure",
    "DeadlineMove",
    "Delivery",
    "DeskReminder",
    "Event",
    "EventEffect",
    "EventTold",
    "EvidenceFile",
    "Filing",
    "HeadClaim",
    "Invitation",
    "IssuedDocument",
    "JobFailure",
    "JobOrder",
    "JobRun",
    "ListCounter",
    "ListEntry",
    "Membership",
    "MembershipClaim",
    "MembershipEvent",
    "MonthFigure",
    "NamesVersion",
    "Notice",
    "NoticeText",
    "NotificationSettings",
    "NumberHead",
    "Objection",
    "ObjectionCounter",
    "ObjectionFile",
    "ObjectionPart",
    "OfficeProposal",
    "PaperCounter",
    "PaperNumber",
    "PaperSetting",
    "PersonalParticulars",
    "PlannedEnd",
    "PublishedRecord",
    "QualityCase",
    "QualityPart",
    "QualityRound",
    "ReceiptCounter",
    "RegisterDigest",
    "Revision",
    "RevisionFile",
    "SealedText",
    "SignedForm",
    "StrikingOff",
    "StrikingOffCounter",
    "StrikingOffFile",
    "StrikingOffPart",
    "Telling",
    "TellingFile",
    "Uptake",
    "UseCounter",
    "WaitingFile",
]
