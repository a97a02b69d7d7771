"""How public host names end, and how names of files do: by these a bare host name is told from other texts with a dot.

Sources: the two-letter endings are those of ISO 3166-1 that IANA's root zone has; the others are the endings of its
root zone that are in common use. A host with an ending that is not here is written with http:// or https://.
"""

from __future__ import annotations

_OF_COUNTRIES = """
    ac ad ae af ag ai al am ao aq ar as at au aw ax az ba bb bd be bf bg bh bi bj bm bn bo br bs bt bw by bz ca cc cd
    cf cg ch ci ck cl cm cn co cr cu cv cw cx cy cz de dj dk dm do dz ec ee eg er es et eu fi fj fk fm fo fr ga gd ge
    gf gg gh gi gl gm gn gp gq gr gs gt gu gw gy hk hm hn hr ht hu id ie il im in io iq ir is it je jm jo jp ke kg kh
    ki km kn kp kr kw ky kz la lb lc li lk lr ls lt lu lv ly ma mc md me mg mh mk ml mm mn mo mp mq mr ms mt mu mv mw
    mx my mz na nc ne nf ng ni nl no np nr nu nz om pa pe pf pg ph pk pl pm pn pr ps pt pw py qa re ro rs ru rw sa sb
    sc sd se sg sh si sk sl sm sn so sr ss st su sv sx sy sz tc td tf tg th tj tk tl tm tn to tr tt tv tw tz ua ug uk
    us uy uz va vc ve vg vi vn vu wf ws ye yt za zm zw
"""
_GENERIC = """
    com net org info biz name pro edu gov mil int coop aero museum jobs mobi tel travel asia cat post
    academy agency app art arts audio auto baby band bank bar best bet bid bio black blog blue bond bot boutique build
    business buzz cab cafe cam camp capital car cards care career cash casino center centre ceo chat cheap church city
    claims clinic cloud club codes coffee college community company computer consulting cool country coupons credit
    date deals delivery dental design dev digital direct directory domains download earth education email energy
    engineer engineering enterprises equipment estate events exchange expert express fail faith family fan fans farm
    fashion film finance financial fish fit flights foundation fun fund furniture futbol fyi gallery game games garden
    gift gifts gives glass global gold golf graphics green group guide guru hair health help hiphop hockey holdings
    holiday homes hospital host hosting house how icu immo inc ink institute insure international investments jewelry
    kim kitchen land law lawyer lease legal life lighting limited link live loan loans lol love ltd luxe management
    market marketing markets mba media meet memorial menu mobile moda moe mom money movie navy network news ngo ninja
    observer one ong onl online ooo page partners parts party photo photography photos pics pictures pink pizza place
    plus poker press productions promo properties property pub quest racing realty recipes red rehab reise ren rent
    rentals repair report rest restaurant review reviews rich rip rocks run sale salon sbs school science security
    services sexy shop shopping show singles site ski skin social software solar solutions space sport store stream
    studio study style supplies support surf systems tax taxi team tech technology tennis theater tips tires today
    tools top tours town toys trade trading training tube university vacations ventures video villas vin vip vision
    vote voyage wang watch webcam website wedding wiki win wine work works world wtf xin xyz yoga zone zip mov
"""
_IN_CHINESE = """
    中国 中國 公司 网络 網絡 网址 网店 网站 在线 中文网 商城 商店 政务 公益 信息 集团 商标 移动
    香港 台湾 台灣 澳門 澳门 新加坡 世界 佛山 广东 招聘 游戏 娱乐 企业 手机 时尚 餐厅 购物 食品
    我爱你 机构 组织机构 健康 慈善 珠宝 点看 网 书籍
"""
_OF_FILES = """
    doc docx dot dotx wps wpt rtf txt text md pdf ofd xps odt ods odp xls xlsx xlsm csv et ppt pptx pps dps
    jpg jpeg png gif bmp webp heic heif tif tiff svg psd zip rar gz tgz tar 7z mov mp4 avi wmv mkv mp3 wav m4a
    htm html xml json yaml yml toml ini cfg log py js ts css java class c cpp h hpp go rs sh bat ps pl sql exe msi apk
    ipa dmg iso jar war dll so bin dat bak tmp eml msg p7b p12 pfx pem cer crt key
"""


def _in_ascii(endings: str) -> frozenset[str]:
    return frozenset(ending.encode("idna").decode("ascii") for ending in endings.split())


HOST_ENDINGS = _in_ascii(_OF_COUNTRIES + _GENERIC + _IN_CHINESE)
# Some are endings of hosts as well: then a name without a path behind it is taken for that of a file.
FILE_ENDINGS = frozenset(_OF_FILES.split())
