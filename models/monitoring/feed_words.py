"""What feeds are called, and what is said of one that fell silent or brings less."""

from collections.abc import Iterator, Sequence

from features.moments import CIVIL
from models.monitoring.finding import Finding
from models.monitoring.freshness import Feed, Thinning

NAMES = {
    "declarations": ("申报", "declarations"),
    "inspections": ("查验结果", "inspections"),
    "12315": ("12315 消费者投诉", "12315"),
    "12345": ("12345 政务热线", "12345"),
    "12365": ("12365 质量投诉", "12365"),
    "portal": ("门户网站", "portal"),
    "media": ("媒体舆情", "media"),
    "visit": ("走访调研", "visit"),
    "enterprise": ("企业报告", "enterprise"),
    "laboratory": ("实验室通报", "laboratory"),
    "overseas_notice": ("境外通报", "overseas notice"),
    "injury": ("伤害监测", "injury"),
    "food_borne_illness": ("食源性疾病", "food-borne illness"),
    "traffic_accident": ("交通事故", "traffic accident"),
    "fire": ("火灾事故", "fire"),
}
FEW = 3  # silent feeds that are told one by one; more of them have one cause
CHECK = ("核对该来源的接口，补传缺失的数据", "check the feed, and load what is missing")


def findings(feeds: Sequence[Feed], thinning: Thinning) -> Iterator[Finding]:
    """Yield a finding for each silent feed, and for each further one that brings less."""
    silent = [feed for feed in feeds if feed.is_silent]
    yield from map(_silent, silent) if len(silent) <= FEW else [_all_silent(silent, of=len(feeds))]
    known = {feed.name for feed in silent}
    yield from (_thin(thinning, name) for name in thinning.thin if name not in known)
    if not feeds:
        yield _nothing()


def name(feed: str, language: int) -> str:
    """Return what a feed is called, in Chinese (0) or English (1)."""
    return NAMES.get(feed, (feed, feed))[language]


def _silent(feed: Feed) -> Finding:
    return Finding(
        question="freshness",
        severity="act",
        zh=f"{name(feed.name, 0)}已{feed.silent:.1f}天没有新数据；"
        f"以往最长间隔{feed.longest:.1f}天，超过{feed.bound:.1f}天即报警",
        en=f"{name(feed.name, 1)} brought nothing for {feed.silent:.1f} days; "
        f"its longest pause was {feed.longest:.1f} days, and more than {feed.bound:.1f} alarm",
        todo_zh=CHECK[0],
        todo_en=CHECK[1],
    )


def _all_silent(silent: Sequence[Feed], *, of: int) -> Finding:
    last = max(feed.last_at for feed in silent).astimezone(CIVIL)
    zh, en = ("、".join(name(feed.name, language) for feed in silent) for language in (0, 1))
    return Finding(
        question="freshness",
        severity="act",
        zh=f"{of}个来源中有{len(silent)}个停止，最后的数据在{last:%Y-%m-%d %H:%M}：{zh}",
        en=f"{len(silent)} of {of} feeds stopped, the last fact came at {last:%Y-%m-%d %H:%M}: "
        + en.replace("、", ", "),
        todo_zh="核对载入程序是否运行，所问时刻是否正确",
        todo_en="check that facts are loaded, and that the moment asked about is right",
    )


def _thin(thinning: Thinning, feed: str) -> Finding:
    *_, before, last, now = thinning.counts[:, thinning.names.index(feed)]
    days = thinning.days
    return Finding(
        question="freshness",
        severity="watch",
        zh=f"{name(feed, 0)}变少：最近{days}天{now:.0f}条，之前两期为{before:.0f}条和{last:.0f}条",
        en=f"{name(feed, 1)} brings less: {now:.0f} in the last {days} days, "
        f"{before:.0f} and {last:.0f} in the two periods before",
        todo_zh=CHECK[0],
        todo_en=CHECK[1],
    )


def _nothing() -> Finding:
    return Finding(
        question="freshness",
        severity="ok",
        zh="没有任何来源在一年内有过数据",
        en="no feed brought anything within a year",
        todo_zh="载入数据",
        todo_en="load some facts",
    )
