"""What this machine's kernel offers the sandbox, layer by layer, for ``covet doctor``.

The walls themselves stand in the worker's own folder, because they are put up in the codebase's
interpreter; ``probe`` has that program try them in a process of its own. Nothing is raised:
whatever goes wrong is a layer that is not available.
"""

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

_WORKER = Path(__file__).parents[1] / "languages" / "python" / "worker" / "zygote.py"
_TIMEOUT_S = 30.0


@dataclass(frozen=True, slots=True)
class Layer:
    """One wall."""

    name: str
    available: bool
    why: str = ""
    """Why it is not available."""


def probe() -> tuple[Layer, ...]:
    """Every layer of ``isolation="full"``, in the order in which they are entered."""
    try:
        answer = subprocess.run(
            [sys.executable, "-s", "-B", str(_WORKER), "--selfcheck"],
            capture_output=True,
            check=True,
            timeout=_TIMEOUT_S,
            env={"PATH": "/usr/bin:/bin", "PYTHONHASHSEED": "0"},
        )
        return tuple(Layer(*row) for row in json.loads(answer.stdout))
    except subprocess.CalledProcessError as error:
        why = error.stderr.decode(errors="replace").strip()[-500:]
    except (OSError, ValueError, TypeError, subprocess.TimeoutExpired) as error:
        why = str(error)
    return (Layer("sandbox", available=False, why=why),)
