"""Fills the lists an administrator keeps with what they hold in the beginning."""

from django.db import migrations

# As the lists stood when they were first made: list, code, names, kind.
ENTRIES = (
    ("application_fields", "traceability", "溯源", "Traceability", ""),
    ("application_fields", "evidence_deposit", "存证", "Evidence deposit", ""),
    ("application_fields", "electronic_certificates", "电子票据/证照", "E-invoices and certificates", ""),
    ("application_fields", "supply_chain_finance", "供应链金融", "Supply-chain finance", ""),
    ("application_fields", "copyright", "版权", "Copyright", ""),
    ("application_fields", "government_services", "政务", "Government services", ""),
    ("application_fields", "justice", "司法", "Justice", ""),
    ("application_fields", "energy", "能源", "Energy", ""),
    ("application_fields", "internet_of_things", "物联网", "Internet of things", ""),
    ("application_fields", "digital_collectibles", "数字藏品", "Digital collectibles", ""),
    ("application_fields", "cloud_platform", "云平台", "Cloud platform", ""),
    ("application_fields", "finance", "金融", "Finance", ""),
    ("prior_approval_matters", "news", "新闻", "News", ""),
    ("prior_approval_matters", "publishing", "出版", "Publishing", ""),
    ("main_chains", "bitcoin", "比特币", "Bitcoin", "public"),
    ("main_chains", "ethereum", "以太坊", "Ethereum", "public"),
    ("main_chains", "eos", "EOS", "EOS", "public"),
    ("main_chains", "wenchang_chain", "文昌链", "Wenchang Chain", "consortium"),
    ("main_chains", "antchain", "蚂蚁链", "AntChain", "consortium"),
    ("main_chains", "zxin_chain", "至信链", "Zxin Chain", "consortium"),
    ("main_chains", "zhizhen_chain", "智臻链", "Zhizhen Chain", "consortium"),
    ("main_chains", "huawei_cloud_dac", "华为云数字资产链", "Huawei Cloud DAC", "consortium"),
    ("main_chains", "xinghuo_bif", "星火·链网", "Xinghuo BIF", "consortium"),
    ("main_chains", "chainmaker", "长安链", "ChainMaker", "consortium"),
    ("main_chains", "fisco_bcos", "FISCO BCOS", "FISCO BCOS", "consortium"),
    ("main_chains", "hyperledger_fabric", "超级账本 Fabric", "Hyperledger Fabric", "consortium"),
    ("main_chains", "xuperchain", "超级链", "XuperChain", "consortium"),
    ("main_chains", "hyperchain", "趣链", "Hyperchain", "consortium"),
    ("main_chains", "conflux", "树图", "Conflux", "public"),
)


def fill_lists(apps, _schema_editor):
    list_entry = apps.get_model("registry", "ListEntry")
    positions = {}
    rows = []
    for list_name, code, name_zh, name_en, kind in ENTRIES:
        position = positions[list_name] = positions.get(list_name, -1) + 1
        rows.append(
            list_entry(
                list_name=list_name, code=code, name_zh=name_zh, name_en=name_en, kind=kind, position=position
            )
        )
    list_entry.objects.bulk_create(rows)


class Migration(migrations.Migration):
    dependencies = [("registry", "0001_initial")]

    operations = [migrations.RunPython(fill_lists, migrations.RunPython.noop)]
