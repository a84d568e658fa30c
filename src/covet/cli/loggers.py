"""Where else a run's metrics go, beside its run directory: TensorBoard, Weights & Biases.

Each is used where ``train.loggers`` names it, and gets the numbers of every step's row in
``metrics.jsonl``. Weights & Biases sends them to its own server, under the login of its own
command; ``WANDB_MODE=offline`` keeps them here.
"""

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any, Protocol

from covet.config import Config
from covet.errors import EnvironmentNotReady


class Logger(Protocol):
    """Takes the numbers of one step."""

    def log(self, step: int, row: Mapping[str, float]) -> None: ...


@contextmanager
def loggers(config: Config, root: Path) -> "Iterator[list[Logger]]":
    """Those of the settings, open; they write below the run directory."""
    with ExitStack() as stack:
        yield [stack.enter_context(_KINDS[name](config, root)) for name in config.train.loggers]


def numbers(row: Mapping[str, Any]) -> dict[str, float]:
    """What of a row can be drawn."""
    return {
        name: float(value)
        for name, value in row.items()
        if isinstance(value, int | float) and name != "step"
    }


@contextmanager
def _tensorboard(config: Config, root: Path) -> "Iterator[Logger]":
    del config
    try:
        from torch.utils.tensorboard import SummaryWriter
    except ImportError as error:
        raise _absent("tensorboard", error) from error

    class TensorBoard:
        def log(self, step: int, row: Mapping[str, float]) -> None:
            for name, value in row.items():
                writer.add_scalar(f"train/{name}", value, step)
            writer.flush()

    writer = SummaryWriter(str(root / "tensorboard"))
    try:
        yield TensorBoard()
    finally:
        writer.close()


@contextmanager
def _wandb(config: Config, root: Path) -> "Iterator[Logger]":
    try:
        wandb: Any = import_module("wandb")
    except ImportError as error:
        raise _absent("wandb", error) from error

    class WeightsAndBiases:
        def log(self, step: int, row: Mapping[str, float]) -> None:
            run.log(dict(row), step=step)

    run = wandb.init(
        project="covet",
        name=root.name,
        dir=str(root),
        id=f"covet-{root.name}",
        resume="allow",
        config=config.model_dump(),
    )
    try:
        yield WeightsAndBiases()
    finally:
        run.finish()


def _absent(package: str, error: ImportError) -> EnvironmentNotReady:
    return EnvironmentNotReady(
        f"train.loggers names {package}, and {error.name} is not installed; install it with"
        f" pip install 'covet[{package}]', or take it out of train.loggers"
    )


_KINDS = {"tensorboard": _tensorboard, "wandb": _wandb}
