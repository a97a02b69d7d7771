"""What stands on the buttons, links and fields that the people of the journeys look for."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Words:
    """The words of one language."""

    open_account: str
    own_name: str
    mobile: str
    email: str
    agreement: str
    go_on: str
    code_by_sms: str
    code_by_email: str
    open_the_account: str
    account_is_open: str
    login: str
    password: str
    sign_in: str
    begin: str
    save_and_continue: str
    upload: str
    load_again: str
    next_step: str
    download_statement: str
    submit_filing: str
    declaration: str
    mend_this: str


CHINESE = Words(
    open_account="注册账号",
    own_name="姓名",
    mobile="手机号码",
    email="电子邮箱",
    agreement="我同意",
    go_on="继续",
    code_by_sms="短信验证码",
    code_by_email="邮件验证码",
    open_the_account="完成注册",
    account_is_open="账号注册成功",
    login="手机号码或电子邮箱",
    password="密码",
    sign_in="登录",
    begin="开始填写",
    save_and_continue="保存并继续",
    upload="上传",
    load_again="重新加载",
    next_step="下一步",
    download_statement="下载承诺书",
    submit_filing="提交备案",
    declaration="我承诺以上所填",
    mend_this="补正此项",
)

ENGLISH = Words(
    open_account="Open an account",
    own_name="Your name",
    mobile="Mobile",
    email="E-mail address",
    agreement="I agree",
    go_on="Continue",
    code_by_sms="Code by SMS",
    code_by_email="Code by e-mail",
    open_the_account="Open the account",
    account_is_open="Your account is open.",
    login="Mobile or e-mail address",
    password="Password",
    sign_in="Sign in",
    begin="Begin",
    save_and_continue="Save and continue",
    upload="Upload",
    load_again="Load again",
    next_step="Next step",
    download_statement="Download the statement",
    submit_filing="Submit the filing",
    declaration="I declare that",
    mend_this="Mend this",
)
