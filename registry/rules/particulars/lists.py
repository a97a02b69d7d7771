"""What the administrator-kept lists hold in the beginning.

Names are data here, not words of the interface: an administrator edits them, and adds entries, afterwards.
"none" and "other" are no entries: they stand after the list as `extra_choices` of the particular.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class ListEntry:
    """One entry of a list: a code that materials hold, its names, and for a chain the kind it usually is."""

    code: str
    name_zh: str
    name_en: str
    kind: str = ""


APPLICATION_FIELDS = (
    ListEntry("traceability", "溯源", "Traceability"),
    ListEntry("evidence_deposit", "存证", "Evidence deposit"),
    ListEntry("electronic_certificates", "电子票据/证照", "E-invoices and certificates"),
    ListEntry("supply_chain_finance", "供应链金融", "Supply-chain finance"),
    ListEntry("copyright", "版权", "Copyright"),
    ListEntry("government_services", "政务", "Government services"),
    ListEntry("justice", "司法", "Justice"),
    ListEntry("energy", "能源", "Energy"),
    ListEntry("internet_of_things", "物联网", "Internet of things"),
    ListEntry("digital_collectibles", "数字藏品", "Digital collectibles"),
    ListEntry("cloud_platform", "云平台", "Cloud platform"),
    ListEntry("finance", "金融", "Finance"),
)

PRIOR_APPROVAL_MATTERS = (
    ListEntry("news", "新闻", "News"),
    ListEntry("publishing", "出版", "Publishing"),
)

MAIN_CHAINS = (
    ListEntry("bitcoin", "比特币", "Bitcoin", "public"),
    ListEntry("ethereum", "以太坊", "Ethereum", "public"),
    ListEntry("eos", "EOS", "EOS", "public"),
    ListEntry("wenchang_chain", "文昌链", "Wenchang Chain", "consortium"),
    ListEntry("antchain", "蚂蚁链", "AntChain", "consortium"),
    ListEntry("zxin_chain", "至信链", "Zxin Chain", "consortium"),
    ListEntry("zhizhen_chain", "智臻链", "Zhizhen Chain", "consortium"),
    ListEntry("huawei_cloud_dac", "华为云数字资产链", "Huawei Cloud DAC", "consortium"),
    ListEntry("xinghuo_bif", "星火·链网", "Xinghuo BIF", "consortium"),
    ListEntry("chainmaker", "长安链", "ChainMaker", "consortium"),
    ListEntry("fisco_bcos", "FISCO BCOS", "FISCO BCOS", "consortium"),
    ListEntry("hyperledger_fabric", "超级账本 Fabric", "Hyperledger Fabric", "consortium"),
    ListEntry("xuperchain", "超级链", "XuperChain", "consortium"),
    ListEntry("hyperchain", "趣链", "Hyperchain", "consortium"),
    ListEntry("conflux", "树图", "Conflux", "public"),
)

INITIAL_LISTS: Mapping[str, tuple[ListEntry, ...]] = MappingProxyType(
    {
        "application_fields": APPLICATION_FIELDS,
        "prior_approval_matters": PRIOR_APPROVAL_MATTERS,
        "main_chains": MAIN_CHAINS,
    }
)
