#!/usr/bin/env python3
"""Make requirements.txt and requirements-dev.txt: exact versions, with hashes. Needs uv."""

import subprocess
from pathlib import Path

ROOT = Path(__file__).parent.parent

for name in ("requirements", "requirements-dev"):
    subprocess.run(
        f"uv pip compile {name}.in -o {name}.txt --universal --generate-hashes "
        "--python-version 3.11 -q --custom-compile-command tools/pin.py".split(),
        cwd=ROOT,
        check=True,
    )
