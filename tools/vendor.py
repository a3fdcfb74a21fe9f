#!/usr/bin/env python3
"""Files of others that are served or used from here: ``update`` fetches them, ``check`` compares.

The lock says which package and version each file came from, and its SHA-256.
"""

import hashlib
import io
import json
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

ROOT = Path(__file__).parent.parent
LOCK = ROOT / "static" / "vendor" / "vendor.lock.json"


def sha256(data: bytes) -> str:
    """Fingerprint a file."""
    return hashlib.sha256(data).hexdigest()


def check() -> int:
    """Say which files are not what the lock says."""
    wrong = []
    for entry in json.loads(LOCK.read_text()):
        path = ROOT / entry["file"]
        if not path.is_file() or sha256(path.read_bytes()) != entry["sha256"]:
            wrong.append(entry["file"])
    print("\n".join(f"differs from the lock: {name}" for name in wrong) or "vendored files: ok")
    return 1 if wrong else 0


def update() -> int:
    """Fetch every file of the lock again from the npm registry, and write the new hashes."""
    entries = json.loads(LOCK.read_text())
    for entry in entries:
        package = f"{entry['package']}@{entry['version']}"
        with tempfile.TemporaryDirectory() as folder:
            done = subprocess.run(
                ["npm", "pack", "--silent", package],
                cwd=folder, check=True, capture_output=True, text=True,
            )  # fmt: skip
            archive = (Path(folder) / done.stdout.split()[-1]).read_bytes()
        with tarfile.open(fileobj=io.BytesIO(archive)) as tar:
            member = tar.extractfile(f"package/{entry['source']}")
            assert member is not None, entry
            data = member.read()
        target = ROOT / entry["file"]
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)
        entry["sha256"] = sha256(data)
    LOCK.write_text(json.dumps(entries, indent=1) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit({"check": check, "update": update}[sys.argv[1]]())
