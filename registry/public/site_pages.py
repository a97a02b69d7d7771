"""The pages that the search of the site finds: those of the site map, and the sections of the help page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from django.conf import settings
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy, override

from registry.public.navigation import PUBLIC_PAGES, SERVICE_PAGES
from registry.rules.particulars.attachments import MAX_FILE_MEGABYTES
from registry.rules.search_form import form_of


@dataclass(frozen=True, slots=True)
class SitePage:
    """A page, or a section of one, with words by which it is found beside its title and summary."""

    url_name: str
    title: Promise
    summary: Promise
    words: str = ""
    section: str = ""

    @property
    def url(self) -> str:
        path = reverse(self.url_name)
        return f"{path}#{self.section}" if self.section else path


# What people type who look for a page, in both languages.
_WORDS: Mapping[str, str] = {
    "public:filings": "备案查询 备案信息查询 公示 撤销 已撤销 依职权注销 register look up struck off",
    "public:batches": "清单 批次 公告 疑议 异议 注销清单 撤销清单 更正公告 objection doubts struck off corrigenda",
    "public:statistics": "数据 图表 省份 figures charts provinces",
    "public:filing_status": "备案状态查询 办理进度 进度 审核状态 收件编号 查询码 progress receipt number query code",
    "public:verify": "真伪 核验 证书 标识 badge certificate genuine",
    "public:scope": "是否需要备案 要不要备案 范围 duty",
    "public:planner": "期限 备案期限 变更期限 注销期限 审核期限 工作日 日历 变更 注销 days calendar",
    "public:data_interface": "数据接口 接口 开放数据 下载 API OpenAPI JSON CSV data download",
    "public:help": "指南 办事指南 联系 电话 guide contact",
    "public:templates": "模板 范本 管理规则 管理制度 应急预案 用户协议 平台公约 下载 templates download docx",
    "public:reasons": "退回 原因 理由 案例 示例 补正 rejection reasons examples",
    "public:privacy": "隐私 个人信息 告知 同意 privacy personal data",
    "public:accessibility": "无障碍 读屏 大字 accessibility WCAG",
    "account_signup": "注册 开户 账号 账户 register account",
    "account_login": "登录 密码 sign in password",
}
_HELP_SECTIONS = (
    SitePage(
        "public:help",
        gettext_lazy("What you need"),
        gettext_lazy("The documents and particulars of a first filing."),
        f"材料 所需材料 营业执照 身份证 承诺书 授权书 documents licence statement upload {MAX_FILE_MEGABYTES}MB",
        "needs-title",
    ),
    SitePage(
        "public:help",
        gettext_lazy("Deadlines"),
        gettext_lazy("How many working days a filing, a change, a cancellation and a decision may take."),
        "期限 备案期限 备案时限 十个工作日 五个工作日 三十日 二十个工作日 working days change cancellation decision",
        "days-title",
    ),
    SitePage(
        "public:help",
        gettext_lazy("Once you have the number"),
        gettext_lazy("Where the number is shown, and what is filed later."),
        "备案编号 标明 展示 第十三条 变更 注销 show number Art. 13",
        "after-title",
    ),
    SitePage(
        "public:help",
        gettext_lazy("Contact the office"),
        gettext_lazy("The offices that review and decide."),
        "联系 咨询 网信办 电话 contact office",
        "contact-title",
    ),
)


def site_pages() -> Sequence[SitePage]:
    """Every page that can be found, in the order of the site map."""
    entries = (*PUBLIC_PAGES, *SERVICE_PAGES)
    pages = [
        SitePage(each.url_name, each.label, each.text, _WORDS.get(each.url_name, "")) for each in entries
    ]
    return (*pages, *_HELP_SECTIONS)


def pages_with(terms: Sequence[str]) -> list[SitePage]:
    """The pages with all of these terms, which are search forms, in either language."""
    return [page for page, form in _forms() if all(term in form for term in terms)]


@cache
def _forms() -> tuple[tuple[SitePage, str], ...]:
    return tuple(
        (page, "\n".join(_form(page, code) for code, _name in settings.LANGUAGES)) for page in site_pages()
    )


def _form(page: SitePage, language: str) -> str:
    with override(language):
        return form_of(f"{page.title}\n{page.summary}\n{page.words}")
