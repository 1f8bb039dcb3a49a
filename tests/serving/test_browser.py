"""The console in a real browser: it looks whole without JavaScript, and nothing is blocked."""

import shutil
import socket
import threading
import time
from collections.abc import Iterator

import pytest
import uvicorn
from fastapi import FastAPI
from playwright.sync_api import Browser, Error, sync_playwright

from serving.watch import Watch
from tests.serving.world import line

CHROMIUM = shutil.which("chromium")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking"]
UNCLEAR = {
    "report_id": "U/1",
    "channel": "12345",
    "received_at": "2024-03-01T09:00+08:00",
    "text": "快递放在门卫那里，后来去拿的时候找了半天才找到",
}


@pytest.fixture
def address(app: FastAPI, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The address of the service on a port of its own."""
    monkeypatch.setattr("serving.watch.Watch.start", Watch.refresh)
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        server = uvicorn.Server(uvicorn.Config(app, log_level="error", ws="none"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        while not server.started:
            assert thread.is_alive()
            time.sleep(0.02)
        yield "http://{}:{}".format(*listener.getsockname())
        server.should_exit = True
        thread.join()


@pytest.fixture
def browser() -> Iterator[Browser]:
    """Debian's Chromium."""
    if CHROMIUM is None:
        pytest.skip("no Chromium here: apt-get install chromium")
    with sync_playwright() as playwright:
        try:
            opened = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        except Error as error:
            pytest.skip(f"Chromium does not start here: {error.message.splitlines()[0]}")
        yield opened
        opened.close()


def test_a_supervisor_reads_and_reviews(address: str, browser: Browser) -> None:
    context = browser.new_context(
        java_script_enabled=False,
        locale="zh-CN",
        base_url=address,
        viewport={"width": 1280, "height": 900},
    )
    answer = context.request.post("/v1/decisions", data=line())
    assert answer.ok, answer.text()
    shown = context.new_page()
    complaints: list[str] = []
    shown.on("console", lambda message: complaints.append(message.text))
    shown.goto("/")
    assert shown.locator("h1").inner_text() == "布控队列"
    assert shown.locator(".chart svg").bounding_box() is not None
    shown.get_by_role("link", name="电热水壶").click()
    assert shown.locator(".order").inner_text() == "全项查验"
    shown.get_by_label("复核人").fill("复核员甲")
    shown.get_by_role("button", name="同意").click()
    shown.get_by_text("同意 复核员甲").wait_for()
    shown.get_by_role("link", name="查验", exact=True).first.click()
    assert shown.locator("h1").inner_text().startswith("查验结果")
    assert complaints == []
    context.close()


def test_a_supervisor_works_through_what_waits(address: str, browser: Browser) -> None:
    context = browser.new_context(java_script_enabled=False, locale="zh-CN", base_url=address)
    answer = context.request.post("/v1/reports", data=UNCLEAR)
    assert answer.ok, answer.text()
    shown = context.new_page()
    complaints: list[str] = []
    shown.on("console", lambda message: complaints.append(message.text))
    shown.goto("/")
    shown.get_by_role("link", name="待复核").click()
    assert shown.locator("h1").inner_text() == "待复核的风险信息"
    shown.get_by_label("条数").select_option("50")
    shown.get_by_role("button", name="显示").click()
    assert shown.url.endswith("/reports?limit=50")
    shown.get_by_role("link", name=UNCLEAR["text"]).click()
    shown.get_by_label("复核人").fill("复核员甲")
    shown.get_by_role("button", name="不采用").click()
    shown.get_by_text("不采用 复核员甲").wait_for()
    shown.get_by_role("link", name="待复核").first.click()
    assert shown.locator("h1").inner_text() == "待复核的风险信息"
    assert shown.get_by_role("link", name=UNCLEAR["text"]).count() == 0
    assert complaints == []
    context.close()


@pytest.mark.parametrize("width", [390, 820, 1280])
def test_no_page_is_wider_than_the_screen(address: str, browser: Browser, width: int) -> None:
    context = browser.new_context(base_url=address, viewport={"width": width, "height": 800})
    made = context.request.post("/v1/decisions", data=line()).json()
    assert context.request.post("/v1/reports", data=UNCLEAR).ok
    shown = context.new_page()
    for path in ("/", f"/decisions/{made['decision_id']}", "/reports", "/reports/R000"):
        shown.goto(path)
        wide = shown.evaluate("document.documentElement.scrollWidth")
        assert wide <= width, f"{path} is {wide} wide on a screen of {width}"
    context.close()
