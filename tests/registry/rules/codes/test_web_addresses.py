"""Web addresses stay as they are registered; what is several, or works only inside a network, is named as such."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from registry.rules.codes.identifiers import email, url
from registry.rules.codes.web_addresses import completed_url
from registry.rules.errors import InvalidIdentifier


def refusal(text: str) -> str:
    with pytest.raises(InvalidIdentifier) as refused:
        url(text)
    return refused.value.code


@pytest.mark.parametrize(
    "address",
    [
        "https://a.example.cn/规则（试行）.html",
        "https://a.example.cn/规则(试行).html",
        "https://a.example.cn/①②③/ＡＢＣ/ﬁ?版本＝１&x=½#第１章",
        "https://a.example.cn/a%EF%BC%88b%EF%BC%89",
        "https://a.example.cn/?",
        "https://a.example.cn/#",
        "https://a.example.cn?q=1",
        "https://a.example.cn/Café/Café",
        "https://a.example.cn/login?next=https://b.example.cn/&from=www.example.cn",
        "https://a.example.cn/web/https://b.example.cn/",
        "https://a.example.cn/a,b;c=d/e.html",
        "https://a.example.cn/a/..;/b/./../c",
        "https://www.example.cn/a",
        "https://awww.example.cn/",
        "https://a.example.cn/规则、说明.html",
    ],
)
def test_path_and_query_stay_as_they_are(address: str) -> None:
    assert url(address) == address


@given(path=st.text(st.characters(categories=("L", "N", "Po", "Ps", "Pe", "Sc", "So")), max_size=40))
@settings(max_examples=300, deadline=None)
def test_whatever_is_taken_as_a_path_is_kept(path: str) -> None:
    try:
        taken = url(f"https://a.example.cn/x/{path}")
    except InvalidIdentifier:
        return
    assert taken == f"https://a.example.cn/x/{path}"


@pytest.mark.parametrize(
    ("typed", "canonical"),
    [
        ("HTTPS://A.Example.CN/Ａ", "https://a.example.cn/Ａ"),
        ("ｈｔｔｐｓ：／／ａ．ｅｘａｍｐｌｅ．ｃｎ／规则（试行）", "https://a.example.cn/规则（试行）"),
        ("https：//a.example.cn/x", "https://a.example.cn/x"),
        ("https://例子。中国/规则", "https://xn--fsqu00a.xn--fiqs8s/规则"),
        ("https://faß.example/", "https://xn--fa-hia.example/"),
        ("https://xn--fa-hia.example/", "https://xn--fa-hia.example/"),
        ("https://r3---sn-a.example.com/", "https://r3---sn-a.example.com/"),
        ("www.example.cn/规则（试行）", "https://www.example.cn/规则（试行）"),
        ("WWW.Example.cn", "https://www.example.cn"),
        ("ｗｗｗ．example.cn", "https://www.example.cn"),
        ("\u200bhttps://a.example.cn/\ufeff", "https://a.example.cn/"),
        ("https://a.example.cn:0443/", "https://a.example.cn/"),
    ],
)
def test_only_scheme_and_host_have_one_form(typed: str, canonical: str) -> None:
    assert url(typed) == canonical
    assert url(canonical) == canonical


@pytest.mark.parametrize(
    "text",
    [
        "https://a.example.cn https://b.example.cn",
        "https://a.example.cn\nhttps://b.example.cn",
        "https://a.example.cn，https://b.example.cn",
        "https://a.example.cn;www.b.example.cn",
        "https://a.example.cnhttps://b.example.cn",
        "www.a.example.cn、www.b.example.cn",
        "https://a.example.cn、b.example.cn",
        "https://a.example.cn/x；http://b.example.cn/y",
        "a.example.cn，https://b.example.cn",
        "a.example.cn、b.example.cn",
        "docs.example.cn api.example.cn/v1",
    ],
)
def test_several_addresses_are_named_as_such(text: str) -> None:
    assert refusal(text) == "several_addresses"


@pytest.mark.parametrize(
    "mark", ["。", "，", "；", "、", "！", "？", ".", ",", ";", "）", ")", "》", "”", "："]
)
def test_punctuation_behind_an_address_is_named_as_such(mark: str) -> None:
    assert refusal(f"https://a.example.cn/x.html{mark}") == "trailing_punctuation"
    assert refusal(f"https://a.example.cn{mark}") == "trailing_punctuation"


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "127.8.9.1:8080",
        "10.1.2.3",
        "172.16.0.1",
        "172.31.255.254",
        "192.168.1.1",
        "169.254.1.1",
        "100.64.0.1",
        "0.0.0.0",
        "224.0.0.1",
        "[::1]",
        "[::]",
        "[fe80::1]",
        "[fd00::1]",
        "[::ffff:127.0.0.1]",
        "[::ffff:192.168.1.1]",
        "a.localhost",
        "printer.local",
        "portal.internal",
    ],
)
def test_an_address_inside_a_network_is_none_of_a_public_service(host: str) -> None:
    assert refusal(f"https://{host}/") == "private_address"


@pytest.mark.parametrize(
    "host", ["8.8.8.8", "172.32.0.1", "192.169.1.1", "100.128.0.1", "[2400:3200::1]", "local.example.cn"]
)
def test_public_hosts_are_taken(host: str) -> None:
    assert url(f"https://{host}/") == f"https://{host}/"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("tel:010-12345678", "scheme"),
        ("a.example.notasuffix", "no_address"),
        ("https://a.example.cn/a b", "characters"),
        ("https://a.example.cn/a\u3000b", "characters"),
        ("https://a.example.cn/a\u2028b", "characters"),
        ("https://☃☃.example..cn/", "host"),
        ("https://a_b.example.cn/", "host"),
        ("https://" + "啊" * 63 + ".example.cn/", "host"),
        ("https://2130706433/", "host_without_dot"),
        ("https://127.1/", "host"),
    ],
)
def test_what_is_no_address_keeps_its_reason(text: str, code: str) -> None:
    assert refusal(text) == code


def test_hosts_of_mail_have_the_same_form() -> None:
    assert email("a＠faß.example") == "a@xn--fa-hia.example"


@pytest.mark.parametrize(
    ("typed", "understood"),
    [
        ("docs.example.com", "https://docs.example.com"),
        ("DOCS.Example.COM/Rules", "https://docs.example.com/Rules"),
        ("example.cn", "https://example.cn"),
        (
            "docs.example.com.cn/规则（试行）.html?a=b:c#d",
            "https://docs.example.com.cn/规则（试行）.html?a=b:c#d",
        ),
        ("docs.example.com:8443/api", "https://docs.example.com:8443/api"),
        ("docs.example.com:443", "https://docs.example.com"),
        ("docs.example.com：8443/api", "https://docs.example.com:8443/api"),
        ("ｄｏｃｓ．ｅｘａｍｐｌｅ．ｃｏｍ／规则", "https://docs.example.com/规则"),
        ("例子。中国", "https://xn--fsqu00a.xn--fiqs8s"),
        ("样例.公司/规则", "https://xn--fsq541d.xn--55qx5d/规则"),
        ("样例.xn--fiqs8s", "https://xn--fsq541d.xn--fiqs8s"),
        ("example.md/readme", "https://example.md/readme"),
        (
            "docs.example.com/login?next=https://b.example.com/",
            "https://docs.example.com/login?next=https://b.example.com/",
        ),
        ("\u200bdocs.example.com\n", "https://docs.example.com"),
    ],
)
def test_a_bare_host_is_completed(typed: str, understood: str) -> None:
    assert url(typed) == understood
    assert completed_url(typed) == understood
    assert completed_url(understood) == ""


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("规则.docx", "file_name"),
        ("管理规则 v2.pdf", "file_name"),
        ("readme.md", "file_name"),
        ("备份.zip", "file_name"),
        ("a@example.cn", "mail_address"),
        ("mailto:a@example.cn", "mail_address"),
        ("a＠example.cn", "mail_address"),
        ("8.8.8.8", "ip_address"),
        ("8.8.8.8:8080/x", "ip_address"),
        ("2400:3200::1", "ip_address"),
        ("v1.2", "no_address"),
        ("1.2.3", "no_address"),
        ("见官网", "no_address"),
        ("服务规则见附件。", "no_address"),
        ("example.com 官网", "no_address"),
        ("www", "no_address"),
        ("localhost", "no_address"),
        ("docs.example.com:abc", "no_address"),
        ("docs.example.com。", "trailing_punctuation"),
        ("docs.example.com.", "trailing_punctuation"),
        ("docs.example.com/x，", "trailing_punctuation"),
    ],
)
def test_what_is_no_host_is_named_as_what_it_is(typed: str, code: str) -> None:
    assert refusal(typed) == code
    assert completed_url(typed) == ""
