"""Source distributions from the index, unpacked."""

import subprocess
import sys
import tarfile
from pathlib import Path


def unpacked(requirement: str, out: Path) -> Path:
    """The folder of ``name==version`` below ``out``; downloaded once."""
    folder = out / requirement.replace("==", "-")
    if not folder.is_dir():
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps"]
        command += ["--no-binary", ":all:", "--dest", str(out), requirement]
        subprocess.run(command, check=True)
        with tarfile.open(out / f"{folder.name}.tar.gz") as archive:
            archive.extractall(out, filter="data")
    return folder
