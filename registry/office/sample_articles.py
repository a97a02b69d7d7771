"""Sample articles in each state: the administrator writes them, the national head publishes them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from registry.models import Account
from registry.office import articles
from registry.office.articles import Content
from registry.rules.articles import ArticleKind

_SOURCE = "样例备案办公室"
_LABEL = "本文为样例，不具有任何效力。"

_OPENING = f"""{_LABEL}

样例备案系统自即日起接受网上办理。首次备案、变更、注销和疑议均在本站提交，不需要到现场。

## 办理之前

- 先用[备案范围自测](/do-i-need-to-file/)看服务是否需要备案；
- 在[期限计算](/deadlines/)中查看最后一个工作日；
- 按[办事指南](/help/)准备材料，缺什么，提交前系统会逐项列出。

## 各环节的时间

| 环节 | 时间 | 由谁办理 |
| 提交材料 | 提供服务之日起十个工作日内 | 申请人 |
| 省级审核、国家复审 | 收到材料之日起二十个工作日内 | 网信部门 |
| 发放编号并公布 | 予以备案的当日 | 系统 |

办理中的问题，请先查看[帮助](/help/)；外部网站的样例链接：https://example.com/guide 。"""

_FAULTS = f"""{_LABEL}

近期不予备案的申请中，下面几种情况最常见，提交前请逐项核对。

1. 营业执照上的名称与填报的名称不一致，或者执照照片缺角、看不清。
2. 网站的ICP备案主体不是申请人，也没有说明两者的关系。
3. 用户协议和平台公约只给了首页地址，打开后找不到条款。
4. 真实性承诺书没有盖章，或者签署的日期早于填报的日期。

不予备案时，通知会写明具体的项目和理由，改好之后可以再次提交。"""

_FAULTS_AGAIN = _FAULTS.replace(
    "\n\n不予备案时",
    "\n5. 日志保存的时间少于六个月。\n\n不予备案时",
)

_MAINTENANCE = f"""{_LABEL}

本周六22时至次日2时，样例系统进行维护，期间不能提交材料。因维护不能提交而超过期限的，按期限顺延到维护后的第一个工作日办理。"""

_POLICY = f"""{_LABEL}

《区块链信息服务管理规定》与备案有关的要求，可以概括为四句话。

## 谁要备案

向社会公众提供区块链信息服务的，无论用网站、应用程序还是其他形式，都是提供者；为其提供技术支持的机构和组织也包括在内。

## 什么时候办

- 开始提供服务的，十个工作日内备案；
- 服务项目、平台网址等变更的，五个工作日内办理变更；
- 终止服务的，提前三十个工作日办理注销，并作出妥善安排。

## 备案之后

在网站和应用程序的显著位置标明备案编号。编号可以在[备案信息查询](/filings/)中核对。

## 备案不是认可

备案是对服务情况的登记，不代表对机构、产品和服务的认可，不得用于商业目的。"""

_CALENDAR = f"""{_LABEL}

期限按工作日计算，从事项发生的次日起算，最后一日的24时（北京时间）届满。

### 法定节假日和调休

国务院办公厅每年公布放假安排。放假的日子不计入，调休上班的日子计入；安排公布以前，系统给出的日期标为“暂定”。

### 怎样核对

在[期限计算](/deadlines/)中输入事项和日期，可以看到每一个计入和跳过的日子，以及原因。"""


def make_sample_articles(accounts: Mapping[str, Account], *, now: datetime) -> None:
    """Writes and publishes the sample articles as if the office had kept them for some weeks."""
    sample = _Office(accounts["administrator"], accounts["national_head"], now)
    sample.published(ArticleKind.POLICY, "样例：备案要求要点", _POLICY, days_ago=60)
    sample.published(ArticleKind.POLICY, "样例：备案期限如何计算", _CALENDAR, days_ago=45)
    sample.published(ArticleKind.NEWS, "样例：备案系统开始网上办理", _OPENING, days_ago=40)
    faults = sample.published(ArticleKind.NEWS, "样例：不予备案的常见情况", _FAULTS, days_ago=20)
    sample.edition(faults, "样例：不予备案的常见情况", _FAULTS_AGAIN, days_ago=6)
    maintenance = sample.published(ArticleKind.NEWS, "样例：系统维护安排", _MAINTENANCE, days_ago=12)
    articles.withdraw(
        maintenance,
        seen_version=2,
        reason="维护改期，另行通知。",
        by=sample.publisher,
        at=now - timedelta(days=10),
    )
    sample.drafted(ArticleKind.NEWS, "样例：年度备案情况（起草中）", _MAINTENANCE, days_ago=1)


class _Office:
    """Two people of the sample office: one writes, the other publishes an hour later."""

    def __init__(self, author: Account, publisher: Account, now: datetime) -> None:
        self.author, self.publisher, self.now = author, publisher, now

    def drafted(self, kind: ArticleKind, title: str, text: str, *, days_ago: int) -> int:
        at = self.now - timedelta(days=days_ago)
        content = Content(title=title, source=_SOURCE, text=text)
        return int(articles.begin_article(kind, content, by=self.author, at=at).pk)

    def published(self, kind: ArticleKind, title: str, text: str, *, days_ago: int) -> int:
        number = self.drafted(kind, title, text, days_ago=days_ago)
        self._publish(number, seen_version=1, days_ago=days_ago)
        return number

    def edition(self, number: int, title: str, text: str, *, days_ago: int) -> None:
        content = Content(title=title, source=_SOURCE, text=text)
        at = self.now - timedelta(days=days_ago)
        saved = articles.save_draft(number, content, seen_version=2, by=self.author, at=at)
        self._publish(number, seen_version=saved.version, days_ago=days_ago)

    def _publish(self, number: int, *, seen_version: int, days_ago: int) -> None:
        at = self.now - timedelta(days=days_ago) + timedelta(hours=1)
        articles.publish(number, seen_version=seen_version, public_from=None, by=self.publisher, at=at)
