#!/usr/bin/env bash
# Makes a virtual environment with Covet, its trainer and its developers' tools in it.
#
#   ./setup.sh FOLDER
#
# Versions come from constraints.txt. PyTorch is the CPU build unless an NVIDIA GPU is here: the
# default build brings several gigabytes of CUDA libraries that a laptop has no use for.
set -euo pipefail
venv=$1
cd "$(dirname "$0")"

find_python() {
    local name
    for name in ${PYTHON:-} python3.13 python3.12 python3.11 python3 python; do
        if "$name" -c 'import sys; raise SystemExit(sys.version_info < (3, 11))' 2>/dev/null; then
            echo "$name"
            return
        fi
    done
    echo "setup: no Python 3.11 or newer found; install one, or name it: make PYTHON=/path/to/python" >&2
    return 1
}

python=$(find_python)
if ! "$python" -m venv --clear "$venv" >/dev/null; then
    echo "setup: $python cannot make a virtual environment; on Debian: apt install python3-venv" >&2
    exit 1
fi

pip=("$venv/bin/python" -m pip --disable-pip-version-check --no-input)
torch=$(sed -n 's/^torch==//p' constraints.txt)
constraints=$(mktemp)
trap 'rm -f "$constraints"' EXIT
grep -v '^torch==' constraints.txt >"$constraints"

echo "setup: installing PyTorch $torch (200 MB; a minute or so)"
if nvidia-smi >/dev/null 2>&1; then
    "${pip[@]}" install --quiet -c "$constraints" "torch==$torch"
elif ! "${pip[@]}" install --quiet -c "$constraints" "torch==$torch+cpu" 2>/dev/null; then
    # The index in use has no CPU build of its own; uv knows where PyTorch keeps it.
    "${pip[@]}" install --quiet -c "$constraints" uv
    "$venv/bin/uv" pip install --quiet --python "$venv/bin/python" --torch-backend cpu \
        -c "$constraints" "torch==$torch"
fi

echo "setup: installing Covet and its tools"
"${pip[@]}" install --quiet -c constraints.txt -e '.[train,dev]'
echo "setup: ready in $venv"
