"""The report in a real browser: nothing runs or is loaded, light and dark can be read, and places lead on."""

from __future__ import annotations

from pathlib import Path

import pytest

from generator.report.report import write_report
from tests.api.browser import opened
from tests.unit.generator.report.hostile import spoilt

pytestmark = pytest.mark.anyio

# The contrast of each text with what is behind it, as WCAG 2 reckons it; below 4.5 it is hard to read.
FAINT = """
(() => {
  const light = (rgb) => rgb.map((part) => part / 255)
    .map((part) => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4)
    .reduce((sum, part, at) => sum + part * [0.2126, 0.7152, 0.0722][at], 0);
  const parts = (colour) => colour.match(/[0-9.]+/g).map(Number);
  const behind = (element) => {
    for (; element; element = element.parentElement) {
      const colour = parts(getComputedStyle(element).backgroundColor);
      if (colour.length === 3 || colour[3] === 1) return colour;
    }
    return [255, 255, 255];
  };
  const contrast = (element) => {
    const [a, b] = [light(parts(getComputedStyle(element).color).slice(0, 3)), light(behind(element).slice(0, 3))];
    return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
  };
  return [...document.querySelectorAll('p, a, mark, th, td, dt, dd, h1, h2, h3, caption, summary, code')]
    .filter((element) => element.textContent.trim() && contrast(element) < 4.5)
    .map((element) => element.outerHTML.slice(0, 80));
})()
"""
PLACE = "document.querySelector('.note a.told')"


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


async def test_a_hostile_report_does_nothing_and_can_be_read(rows: Path, tmp_path: Path) -> None:
    page_at = tmp_path / "report.html"
    write_report(spoilt(rows, tmp_path / "spoilt.jsonl"), page_at, samples=50)
    async with opened(page_at.as_uri(), tmp_path / "browser", (1000, 900)) as page:
        await page.until("document.readyState === 'complete'")
        assert await page.value("document.querySelectorAll('article').length") == 30
        assert await page.value("document.scripts.length + document.images.length") == 0
        for scheme in ("light", "dark"):
            await page.send("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])
            assert await page.value(FAINT) == [], scheme
        # By keyboard: the first stop skips to the figures, and a coloured place leads to the row of its fact.
        assert await page.value("document.querySelector('a').getAttribute('href')") == "#main"
        await page.value(f"{PLACE}.focus(), {PLACE}.click()")
        await page.until("document.querySelector('tr:target') !== null")
        assert await page.value("document.querySelector('tr:target').innerText.includes('onerror=alert(1)')")
        # Wide tables scroll by themselves; the page does not.
        await page.send("Emulation.setDeviceMetricsOverride", width=360, height=700, deviceScaleFactor=1, mobile=True)
        assert await page.value("document.documentElement.scrollWidth <= 360")
        assert page.complaints == []
        assert {address for address in page.addresses if not address.startswith("data:")} == {page_at.as_uri()}
