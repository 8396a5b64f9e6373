"""Lighthouse's score of performance of three public pages on a slow telephone.

    make run &                                  # with the demonstration
    .venv/bin/python -m bench.lighthouse        # or: … -m bench.lighthouse http://localhost:8010

npm brings Lighthouse itself, and CHROME_PATH says which Chromium it drives. Its own throttling
stands for the network and the processor of the telephone. Each page is measured several times, and
the median counts.
"""

import json
import os
import re
import shutil
import statistics
import subprocess
import sys
import urllib.request
from typing import Any

LIGHTHOUSE = "lighthouse@12.8.2"
BROWSERS = ("chromium-headless-shell", "chromium", "google-chrome")
FLAGS = "--headless --no-sandbox --disable-gpu --disable-dev-shm-usage"
TIMES = 3
SMALLEST_SCORE = 98
MEASURES = {
    "first-contentful-paint": "se ve algo",
    "largest-contentful-paint": "se ve lo principal",
    "total-blocking-time": "no responde",
    "cumulative-layout-shift": "se mueve",
}


def measured(address: str) -> dict[str, Any]:
    """Lighthouse's report of one visit."""
    browser = next((path for name in BROWSERS if (path := shutil.which(name))), "")
    env = {"CHROME_PATH": browser, "PUPPETEER_SKIP_DOWNLOAD": "1", **os.environ}
    done = subprocess.run(
        [
            *("npx", "--yes", LIGHTHOUSE, address, "--quiet", "--output=json"),
            *("--only-categories=performance", "--form-factor=mobile", f"--chrome-flags={FLAGS}"),
        ],
        env=env,
        check=True,
        capture_output=True,
    )
    report: dict[str, Any] = json.loads(done.stdout)
    return report


def score(report: dict[str, Any]) -> int:
    """From 0 to 100."""
    found: float = report["categories"]["performance"]["score"]
    return round(100 * found)


def pages(base: str) -> dict[str, str]:
    """Name → address of the pages that are measured; the candidacy is the first of the ballot."""
    ballot = f"{base}/municipios/torreon/"
    html = urllib.request.urlopen(ballot).read().decode()
    first = re.search(r'href="(/candidaturas/\d+/[^"#]+)"', html)
    if first is None:
        sys.exit(f"{ballot}: no hay candidaturas; carga la demostración")
    return {"portada": f"{base}/", "municipio": ballot, "candidatura": base + first[1]}


def main() -> int:
    """Measure each page. The exit status says whether all reach the smallest score."""
    base = (
        sys.argv[1] if len(sys.argv) > 1 else f"http://localhost:{os.environ.get('PORT', '8000')}"
    )
    worst = 100
    for name, address in pages(base.rstrip("/")).items():
        reports = sorted((measured(address) for _time in range(TIMES)), key=score)
        median = statistics.median_low(map(score, reports))
        report = next(one for one in reports if score(one) == median)
        audits = report["audits"]
        said = ", ".join(
            f"{label} {audits[key]['displayValue']}" for key, label in MEASURES.items()
        )
        print(
            f"{name}: {median} ({', '.join(str(score(one)) for one in reports)}); {said}",
            flush=True,
        )
        worst = min(worst, median)
    return 0 if worst >= SMALLEST_SCORE else 1


if __name__ == "__main__":
    sys.exit(main())
