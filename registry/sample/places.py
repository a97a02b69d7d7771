"""Places in which the invented sample applicants are registered: divisions in force in 2026."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SamplePlace:
    """A division with the words that sample addresses need; `icp_letter` opens the ICP number of a site there."""

    division_code: str
    city: str
    district: str
    icp_letter: str
    area_code: str


PLACES = (
    SamplePlace("110105", "北京市", "朝阳区", "京", "010"),
    SamplePlace("110108", "北京市", "海淀区", "京", "010"),
    SamplePlace("310115", "上海市", "浦东新区", "沪", "021"),
    SamplePlace("310104", "上海市", "徐汇区", "沪", "021"),
    SamplePlace("440305", "深圳市", "南山区", "粤", "0755"),
    SamplePlace("440106", "广州市", "天河区", "粤", "020"),
    SamplePlace("441900", "东莞市", "南城街道", "粤", "0769"),
    SamplePlace("330106", "杭州市", "西湖区", "浙", "0571"),
    SamplePlace("330110", "杭州市", "余杭区", "浙", "0571"),
    SamplePlace("320102", "南京市", "玄武区", "苏", "025"),
    SamplePlace("320505", "苏州市", "虎丘区", "苏", "0512"),
    SamplePlace("510107", "成都市", "武侯区", "蜀", "028"),
    SamplePlace("500103", "重庆市", "渝中区", "渝", "023"),
    SamplePlace("420106", "武汉市", "武昌区", "鄂", "027"),
    SamplePlace("430104", "长沙市", "岳麓区", "湘", "0731"),
    SamplePlace("370102", "济南市", "历下区", "鲁", "0531"),
    SamplePlace("370202", "青岛市", "市南区", "鲁", "0532"),
    SamplePlace("350203", "厦门市", "思明区", "闽", "0592"),
    SamplePlace("350102", "福州市", "鼓楼区", "闽", "0591"),
    SamplePlace("340104", "合肥市", "蜀山区", "皖", "0551"),
    SamplePlace("410105", "郑州市", "金水区", "豫", "0371"),
    SamplePlace("610113", "西安市", "雁塔区", "陕", "029"),
    SamplePlace("210102", "沈阳市", "和平区", "辽", "024"),
    SamplePlace("210203", "大连市", "西岗区", "辽", "0411"),
    SamplePlace("120101", "天津市", "和平区", "津", "022"),
    SamplePlace("130102", "石家庄市", "长安区", "冀", "0311"),
    SamplePlace("140105", "太原市", "小店区", "晋", "0351"),
    SamplePlace("460105", "海口市", "秀英区", "琼", "0898"),
    SamplePlace("460400", "儋州市", "那大镇", "琼", "0898"),
    SamplePlace("530102", "昆明市", "五华区", "滇", "0871"),
    SamplePlace("520102", "贵阳市", "南明区", "黔", "0851"),
    SamplePlace("450103", "南宁市", "青秀区", "桂", "0771"),
    SamplePlace("360102", "南昌市", "东湖区", "赣", "0791"),
    SamplePlace("230102", "哈尔滨市", "道里区", "黑", "0451"),
    SamplePlace("220102", "长春市", "南关区", "吉", "0431"),
    SamplePlace("150102", "呼和浩特市", "新城区", "蒙", "0471"),
    SamplePlace("620102", "兰州市", "城关区", "陇", "0931"),
    SamplePlace("640104", "银川市", "兴庆区", "宁", "0951"),
    SamplePlace("650102", "乌鲁木齐市", "天山区", "新", "0991"),
)

# Area codes whose telephone numbers have seven digits; all others have eight.
SEVEN_DIGIT_AREAS = frozenset({"0592", "0351", "0771", "0471", "0931", "0951", "0991"})

PLACE_BY_DIVISION = {place.division_code: place for place in PLACES}


def place_for(division_code: str | None, *, seed: int) -> SamplePlace:
    """The place of a sample applicant: the division asked for, or one that varies with the seed."""
    if division_code is None:
        return PLACES[seed % len(PLACES)]
    known = PLACE_BY_DIVISION.get(division_code)
    if known is not None:
        return known
    neighbours = [place for place in PLACES if place.division_code[:2] == division_code[:2]]
    model = neighbours[0] if neighbours else PLACES[0]
    return SamplePlace(division_code, model.city, model.district, model.icp_letter, model.area_code)
