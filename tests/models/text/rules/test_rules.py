import pytest

from models.text.normalize import normalize
from models.text.rules.answer import Answers
from models.text.rules.rules import Rules
from models.text.taxonomy import load

RULES = Rules(load())


def read(text: str, channel: str = "12315") -> Answers:
    return RULES.read(normalize(text), channel=channel)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("电热水壶漏电，产品质量有问题", "100401"),
        ("餐馆后厨卫生差，餐具不干净", "070801"),
        ("居民楼里有黑作坊，加工点很脏", "070802"),
        ("吃完上吐下泻，疑似食物中毒", "070803"),
        ("怀疑食品添加剂超量添加", "070804"),
        ("面包里吃出一条虫，食品安全堪忧", "070899"),
        ("小区电梯故障困人", "070901"),
        ("药店卖假药", "020501"),
        ("面膜用了烂脸，化妆品不合格", "020502"),
        ("电子秤不准，缺斤少两", "100402"),
        ("商家拒绝退货，售后不理", "100205"),
        ("虚假宣传，广告与实际不符", "100203"),
        ("乱收费，没有明码标价", "100201"),
        ("冒用商标，卖假货", "100302"),
        ("请问清关要交多少关税", "110701"),
        ("请尽快修路灯，物业不管", "other"),
        ("你好", "other"),
    ],
)
def test_the_class_of_request(text: str, code: str) -> None:
    assert read(text).request.value == code


@pytest.mark.parametrize(
    ("text", "demands"),
    [
        ("要求退款并赔偿", ("refund", "compensation")),
        ("商家不给退货", ("refund",)),
        ("请给我换一台新的", ("replacement",)),
        ("希望免费维修", ("repair",)),
        ("应当召回下架", ("recall",)),
        ("请依法查处", ("investigation",)),
        ("要求书面道歉，给个说法", ("explanation",)),
        ("请问如何办理", ("information",)),
        ("今天下雨", ()),
    ],
)
def test_what_is_demanded(text: str, demands: tuple[str, ...]) -> None:
    assert read(text).demands.value == demands


@pytest.mark.parametrize(
    ("text", "relevant"),
    [
        ("刹车失灵，质量有问题", True),
        ("奶粉变质，孩子拉肚子", True),
        ("小区物业不管，路灯不亮", False),
        ("工资拖欠，社保没交", False),
        ("小区旁的工地施工，垃圾起火，物业不管", False),
    ],
)
def test_whether_goods_are_concerned(text: str, relevant: bool) -> None:
    answer = read(text).relevance
    assert answer.value is relevant
    assert answer.confidence > 0.7


def test_nothing_said_is_nothing_sure() -> None:
    answers = read("你好")
    assert (answers.relevance.value, answers.category.value) == (False, "other")
    assert max(answers.relevance.confidence, answers.category.confidence) < 0.6


PLAIN = "这款奶粉喝了拉肚子"


@pytest.mark.parametrize(
    "worse",
    [
        "听说" + PLAIN,
        PLAIN + "，求扩散，请大家转发",
        PLAIN + "！！！",
        "绝对内幕：" + PLAIN,
    ],
)
def test_hearsay_and_chain_letters_are_less_credible(worse: str) -> None:
    plain, doubtful = (read(text, "media").credibility for text in (PLAIN, worse))
    assert doubtful.value < plain.value
    assert len(doubtful.places) > len(plain.places)


@pytest.mark.parametrize(
    "better",
    ["我家孩子" + PLAIN, PLAIN + "，有小票和照片", "3月5日买的，批号A123，" + PLAIN],
)
def test_details_make_a_complaint_more_credible(better: str) -> None:
    assert read(better).credibility.value > read(PLAIN).credibility.value


def test_a_laboratory_is_believed_more_than_a_post() -> None:
    likely = [
        read(PLAIN, channel).credibility.value for channel in ("media", "12315", "laboratory")
    ]
    assert likely == sorted(likely)
    assert likely[-1] > 0.9


def test_more_words_for_a_class_are_surer() -> None:
    one, many = read("手机黑屏").category, read("手机黑屏死机，发热严重，无法启动").category
    assert one.value == many.value == "quality"
    assert many.confidence > one.confidence
