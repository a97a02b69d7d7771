"""The reasons for not filing become a list that the administrator keeps."""

from django.db import migrations, models

REASONS = "reasons"
# As the catalogue stood when it became a list: code, article, places, names, remedies.
FAULTS = (
    (
        "particular_missing",
        "11",
        ["particular"],
        "未填写或填写不全",
        "Not given, or given in part",
        "请补充填写该项内容。",
        "Fill in what is missing.",
    ),
    (
        "particular_untrue",
        "12",
        ["file", "particular"],
        "不属实或缺少证明",
        "Not true, or not proved",
        "请据实填写，并提交能够证明该项内容的材料。",
        "State the facts, and attach what proves them.",
    ),
    (
        "particulars_contradict",
        "12",
        ["file", "particular", "whole"],
        "与其他内容或材料不一致",
        "Contradicts other particulars or the documents",
        "请核对相关内容，使各处填写与材料一致。",
        "Compare the places named and make them agree.",
    ),
    (
        "file_missing",
        "12",
        ["file", "particular", "whole"],
        "缺少文件",
        "Document missing",
        "请上传所缺材料。",
        "Attach the document that is missing.",
    ),
    (
        "file_unreadable",
        "12",
        ["file"],
        "文件不清晰或不完整",
        "Document unreadable or cut off",
        "请重新上传清晰、四边完整的扫描件。",
        "Attach a clear scan that shows the whole page.",
    ),
    (
        "file_does_not_match",
        "12",
        ["file", "particular"],
        "文件与填写内容不符",
        "Document does not match what was filled in",
        "请更正填写内容，或换成相符的材料。",
        "Correct what was filled in, or attach the matching document.",
    ),
    (
        "technical_description_vague",
        "11",
        ["file", "particular"],
        "技术描述过于笼统",
        "Technical description too vague",
        "请写明链的类型、共识机制、节点数量和部署地点，以及上链数据的内容。",
        "State the chain kind, the consensus, number and place of the nodes, and what is written to the chain.",
    ),
    (
        "site_without_icp_filing",
        "11",
        ["file", "particular"],
        "网站未办理 ICP 备案",
        "Website without an ICP filing",
        "请先办理ICP备案，再填写备案号并上传证明。",
        "Have the website filed with ICP first, then give its number and attach the proof.",
    ),
    (
        "site_cannot_be_opened",
        "11",
        ["particular"],
        "网址无法打开",
        "Address cannot be opened",
        "请使网址可以正常访问，或更正网址。",
        "Make the address reachable, or correct it.",
    ),
    (
        "site_of_somebody_else",
        "11",
        ["file", "particular"],
        "网站或应用不属于备案人",
        "Website or app is not the applicant's",
        "请填写备案人自有的网站或应用，或证明使用权。",
        "Give a website or app of the applicant's own, or prove the right to use it.",
    ),
    (
        "contact_not_reachable",
        "11",
        ["particular"],
        "联系方式无法联系",
        "Contact cannot be reached",
        "请更正联系方式，并确保能够接通。",
        "Correct the contact data and make sure that they reach somebody.",
    ),
    (
        "contact_not_the_representative",
        "11",
        ["particular"],
        "联系人不是法定代表人或主要负责人",
        "Contact is not the legal representative or principal",
        "请改填法定代表人或主要负责人的信息，并上传其证件。",
        "Give the legal representative or principal, with the identity document.",
    ),
    (
        "prior_approval_ticked_wrongly",
        "11",
        ["particular"],
        "前置审批事项勾选有误",
        "Prior-approval matter ticked wrongly",
        "请按服务实际情况重新勾选前置审批事项。",
        "Tick the prior-approval matters that the service really falls under.",
    ),
    (
        "prior_approval_licence_missing",
        "11",
        ["file", "particular"],
        "缺少前置审批事项的许可文件",
        "Licence for a prior-approval matter missing",
        "请上传相应的许可证件扫描件。",
        "Attach the scan of the licence for each matter ticked.",
    ),
    (
        "statement_not_on_template",
        "12",
        ["file"],
        "材料真实性承诺书未使用模板",
        "Authenticity statement not on the template",
        "请下载系统生成的承诺书，签字盖章后上传。",
        "Download the statement that the system makes, have it signed and sealed, and attach it.",
    ),
    (
        "statement_not_signed_or_sealed",
        "12",
        ["file"],
        "材料真实性承诺书未签字或未盖章",
        "Authenticity statement not signed or not sealed",
        "请补签字并加盖公章后重新上传。",
        "Have it signed and sealed, and attach it again.",
    ),
    (
        "service_not_running",
        "11",
        ["particular", "whole"],
        "服务尚未上线",
        "Service not yet running",
        "请在服务上线后再提交备案，并更正开始提供服务的日期。",
        "File when the service is running, and correct the day it started.",
    ),
    (
        "management_system_missing_or_generic",
        "5",
        ["file", "particular"],
        "管理制度缺失或过于笼统",
        "Management system missing or only generic",
        "请提交针对本服务的信息安全管理制度文件。",
        "Attach management rules written for this very service.",
    ),
    (
        "emergency_plan_missing",
        "6",
        ["file", "particular"],
        "应急预案缺失或过于笼统",
        "Emergency plan missing or only generic",
        "请提交针对本服务的应急处置预案。",
        "Attach an emergency plan written for this very service.",
    ),
    (
        "rules_or_agreement_missing_or_generic",
        "7",
        ["file", "particular"],
        "管理规则、平台公约或服务协议缺失或过于笼统",
        "Rules, convention or user agreement missing or only generic",
        "请公开针对本服务的管理规则、平台公约和服务协议，并填写网址。",
        "Publish rules, convention and agreement written for this service, and give their address.",
    ),
    (
        "nodes_abroad_unexplained",
        "11",
        ["file", "particular"],
        "未说明境外节点情况",
        "Nodes abroad not explained",
        "请说明境外节点的数量、地点和用途。",
        "State number, place and purpose of the nodes abroad.",
    ),
    (
        "other",
        "12",
        ["file", "particular", "whole"],
        "其他，见说明",
        "Something else, as described",
        "",
        "",
    ),
)


def fill_reasons(apps, _schema_editor):
    list_entry = apps.get_model("registry", "ListEntry")
    list_entry.objects.bulk_create(
        list_entry(
            list_name=REASONS,
            code=code,
            article=article,
            places=places,
            name_zh=name_zh,
            name_en=name_en,
            remedy_zh=remedy_zh,
            remedy_en=remedy_en,
            position=position,
        )
        for position, (code, article, places, name_zh, name_en, remedy_zh, remedy_en) in enumerate(FAULTS)
    )


def empty_reasons(apps, _schema_editor):
    apps.get_model("registry", "ListEntry").objects.filter(list_name=REASONS).delete()


class Migration(migrations.Migration):
    dependencies = [("registry", "0008_events_before_notices")]

    operations = [
        migrations.AddField("listentry", "article", models.CharField(blank=True, default="", max_length=8)),
        migrations.AddField(
            "listentry", "remedy_zh", models.CharField(blank=True, default="", max_length=1000)
        ),
        migrations.AddField(
            "listentry", "remedy_en", models.CharField(blank=True, default="", max_length=1000)
        ),
        migrations.AddField("listentry", "places", models.JSONField(blank=True, default=list)),
        migrations.AlterField(
            "listentry",
            "list_name",
            models.CharField(
                choices=[
                    ("application_fields", "Application fields"),
                    ("prior_approval_matters", "Prior-approval matters"),
                    ("main_chains", "Main chains"),
                    ("reasons", "Reasons for not filing"),
                ],
                max_length=32,
            ),
        ),
        migrations.RunPython(fill_reasons, empty_reasons),
    ]
