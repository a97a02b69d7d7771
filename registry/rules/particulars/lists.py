"""The entries that the administrator-kept lists start with.

Names are data here, not words of the interface: an administrator edits them, and adds entries, afterwards.
"none" and "other" are not entries: they stand after the list as `extra_choices` of the particular.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class InitialEntry:
    """One entry of a list: a code that materials hold, its names, and for a chain the kind it usually is."""

    code: str
    name_zh: str
    name_en: str
    kind: str = ""


APPLICATION_FIELDS = (
    InitialEntry("traceability", "溯源", "Traceability"),
    InitialEntry("evidence_deposit", "存证", "Evidence deposit"),
    InitialEntry("electronic_certificates", "电子票据/证照", "E-invoices and certificates"),
    InitialEntry("supply_chain_finance", "供应链金融", "Supply-chain finance"),
    InitialEntry("copyright", "版权", "Copyright"),
    InitialEntry("government_services", "政务", "Government services"),
    InitialEntry("justice", "司法", "Justice"),
    InitialEntry("energy", "能源", "Energy"),
    InitialEntry("internet_of_things", "物联网", "Internet of things"),
    InitialEntry("digital_collectibles", "数字藏品", "Digital collectibles"),
    InitialEntry("cloud_platform", "云平台", "Cloud platform"),
    InitialEntry("finance", "金融", "Finance"),
)

PRIOR_APPROVAL_MATTERS = (
    InitialEntry("news", "新闻", "News"),
    InitialEntry("publishing", "出版", "Publishing"),
)

MAIN_CHAINS = (
    InitialEntry("bitcoin", "比特币", "Bitcoin", "public"),
    InitialEntry("ethereum", "以太坊", "Ethereum", "public"),
    InitialEntry("eos", "EOS", "EOS", "public"),
    InitialEntry("wenchang_chain", "文昌链", "Wenchang Chain", "consortium"),
    InitialEntry("antchain", "蚂蚁链", "AntChain", "consortium"),
    InitialEntry("zxin_chain", "至信链", "Zxin Chain", "consortium"),
    InitialEntry("zhizhen_chain", "智臻链", "Zhizhen Chain", "consortium"),
    InitialEntry("huawei_cloud_dac", "华为云数字资产链", "Huawei Cloud DAC", "consortium"),
    InitialEntry("xinghuo_bif", "星火·链网", "Xinghuo BIF", "consortium"),
    InitialEntry("chainmaker", "长安链", "ChainMaker", "consortium"),
    InitialEntry("fisco_bcos", "FISCO BCOS", "FISCO BCOS", "consortium"),
    InitialEntry("hyperledger_fabric", "超级账本 Fabric", "Hyperledger Fabric", "consortium"),
    InitialEntry("xuperchain", "超级链", "XuperChain", "consortium"),
    InitialEntry("hyperchain", "趣链", "Hyperchain", "consortium"),
    InitialEntry("conflux", "树图", "Conflux", "public"),
)

INITIAL_LISTS: Mapping[str, tuple[InitialEntry, ...]] = MappingProxyType(
    {
        "application_fields": APPLICATION_FIELDS,
        "prior_approval_matters": PRIOR_APPROVAL_MATTERS,
        "main_chains": MAIN_CHAINS,
    }
)
