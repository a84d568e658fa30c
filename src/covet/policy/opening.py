"""Settings → the policy that they name: a model in this process, or one behind an endpoint."""

from collections.abc import Callable
from pathlib import Path

from covet import config
from covet.errors import ConfigError
from covet.policy.base import Policy


def open_policy(
    settings: config.Policy,
    *,
    log: Path = Path("vllm.log"),
    say: Callable[[str], None] = lambda _: None,
) -> Policy:
    """The model at ``policy.endpoint`` where that is set; else one that a vLLM server of our own
    has, where ``policy.vllm`` is set; else a model in this process.

    ``log`` is that server's, and ``say`` hears of it while it starts. A policy that holds
    connections or a server has ``close``; both end with this process at the latest.
    """
    if settings.endpoint and settings.vllm:
        raise ConfigError(
            "policy.endpoint names a server and policy.vllm starts one; leave one of them empty"
        )
    if settings.server == "vllm" and not settings.endpoint:
        raise ConfigError("policy.server is vllm, and policy.endpoint says not where it is")
    if settings.vllm:
        from covet.policy.vllm import VLLMPolicy
        from covet.policy.vllm_server import Server

        server = Server(settings, log=log, say=say)
        try:
            return VLLMPolicy(settings, server=server)
        except BaseException:
            server.close()
            raise
    if settings.server == "vllm":
        from covet.policy.vllm import VLLMPolicy

        return VLLMPolicy(settings)
    if settings.endpoint:
        from covet.policy.http import HTTPPolicy

        return HTTPPolicy(settings)
    from covet.policy.hf import HFPolicy

    return HFPolicy(settings)
