"""Settings: one model per stage, read from ``covet.toml`` and dotted overrides.

``load`` merges the defaults below, a file and overrides such as ``train.steps=10``, in that
order, and returns one frozen ``Config``. An unknown key, a value of the wrong type or out of
range is a ``ConfigError`` that names the key, what was found and the nearest key that exists.
Nothing here reads the environment or imports a stage.
"""

import difflib
import json
import re
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, cast, get_args

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    ValidationError,
    model_validator,
)
from pydantic_core import PydanticCustomError

from covet.errors import ConfigError

Share = Annotated[float, Field(ge=0, le=1)]
Count = Annotated[int, Field(ge=1)]

_SECRET = "covet_secret"  # noqa: S105  (the type of an error)
"""Of complaints that do not repeat what was found."""


def _variable(name: str) -> str:
    if re.fullmatch(r"([A-Z_][A-Z0-9_]{0,63})?", name) is None:
        raise PydanticCustomError(
            _SECRET,
            "takes the name of an environment variable, in capitals; what it is set to is not one "
            "and is not shown, as it may be a key",
        )
    return name


def _base_url(url: str) -> str:
    if re.fullmatch(r"(https?://[^\s/?#@]+[^\s?#@]*)?", url) is None:
        raise PydanticCustomError(
            _SECRET,
            "takes a URL such as http://127.0.0.1:8000/v1, without user, password or query; what "
            "it is set to is not shown, as it may hold a key",
        )
    return url.rstrip("/")


def _json_object(text: str) -> str:
    try:
        is_object = not text or isinstance(json.loads(text), dict)
    except (ValueError, RecursionError):
        is_object = False
    if not is_object:
        raise PydanticCustomError("covet_json", "takes a JSON object")
    return text


Variable = Annotated[str, AfterValidator(_variable)]
"""The name of an environment variable."""
BaseURL = Annotated[str, AfterValidator(_base_url)]
JSONObject = Annotated[str, AfterValidator(_json_object)]


class Section(BaseModel):
    """A table of ``covet.toml``; unknown keys are errors."""

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        use_attribute_docstrings=True,
        allow_inf_nan=False,
        hide_input_in_errors=True,
    )


class Codebase(Section):
    """The code that tests are written for."""

    python: str = ""
    """Its interpreter; empty: ``.venv/bin/python`` in the codebase, else the one Covet runs in."""
    source: tuple[str, ...] = ()
    """Folders that hold its packages, relative to its root; empty: found by ``pyproject.toml``,
    ``src/`` or the root itself."""
    tests: tuple[str, ...] = ()
    """Folders or files that hold its tests; empty: every ``test_*.py`` and ``*_test.py``."""
    exclude: tuple[str, ...] = ()
    """Globs of paths that are neither mined nor graded."""
    suite_timeout_s: Annotated[float, Field(gt=0, le=604_800)] = 600.0
    """How long one run of the whole existing suite may take."""


class Sandbox(Section):
    """Where model-written code runs."""

    kind: Literal["forkserver", "process"] = "forkserver"
    """``process`` starts an interpreter for every candidate: slow, and the reference."""
    isolation: Literal["full", "none"] = "full"
    """``none`` runs untrusted code with your rights; only for code that you would run yourself."""
    workers: Annotated[int, Field(ge=0, le=1024)] = 0
    """Warm interpreters that grade at the same time; 0: one per processor."""
    cpu_s: Annotated[float, Field(gt=0, le=86_400)] = 5.0
    """Processor seconds of one test file against one program."""
    wall_s: Annotated[float, Field(gt=0, le=86_400)] = 15.0
    """Wall-clock seconds of the same; behind ``cpu_s``, for what sleeps."""
    memory_mb: Annotated[int, Field(ge=64, le=1 << 24)] = 2048
    """Of one process, beyond what the warm interpreter has."""
    disk_mb: Annotated[int, Field(ge=1, le=1 << 20)] = 64
    """Size of a candidate's temporary folder."""
    steps: Annotated[int, Field(ge=0, le=1 << 60)] = 200_000
    """Lines of the test file and of the function's file that one test may run: what loops for ever
    is found by counting, the same on every machine. 0: no bound but time."""


class Execute(Section):
    """How a candidate is graded."""

    repeats: Count = 2
    """Runs against the original program that must all agree. All but the first shuffle the
    tests, seed random numbers otherwise, and every other one has another hash seed."""
    mutants: Annotated[int, Field(ge=0)] = 16
    """Most mutants of one focal function; more are thinned evenly. 0: none."""
    matrix: Literal["any-kill", "full"] = "any-kill"
    """``any-kill``: a mutant's run stops at the first test that rejects it."""


class Programs(Section):
    """How whole programs are run on inputs, where a task does not say otherwise.

    Isolation and the number of workers are ``[sandbox]``'s.
    """

    python: str = ""
    """The interpreter of programs in Python; empty: the one Covet runs in."""
    cpu_s: Annotated[float, Field(gt=0, le=86_400)] = 5.0
    """Processor seconds of one program on one input."""
    wall_s: Annotated[float, Field(gt=0, le=86_400)] = 15.0
    """Wall-clock seconds of the same; behind ``cpu_s``, for what sleeps."""
    memory_mb: Annotated[int, Field(ge=16, le=1 << 24)] = 512
    """Of one program, beyond what the warm interpreter has."""
    steps: Annotated[int, Field(ge=0, le=1 << 60)] = 10_000_000
    """Turns of loops and entries of functions on one input: what loops for ever is found by
    counting, the same on every machine. 0: no bound but time."""
    output_kb: Annotated[int, Field(ge=1, le=1 << 16)] = 1024
    """The most that a program may write, or its result take to tell; more is an error of its."""
    timeouts: Annotated[int, Field(ge=0)] = 3
    """After so many inputs on which a program ran out of time it is not run on the task's others,
    which it then does not pass; 0: it always is."""


class Mine(Section):
    """How a codebase becomes tasks."""

    seed: int = 0
    heldout: Share = 0.2
    """Share of the files that training never sees."""
    reserved: tuple[str, ...] = ()
    """Globs of files that are held out by name and reported apart."""
    gaps_only: bool = True
    """Leave out tasks whose function the remaining suite already covers entirely."""
    server: Literal["pyrefly", "ty", ""] = "pyrefly"
    """The language server that finds which tests name which function; empty: none, names and
    imports alone."""
    variants: Annotated[int, Field(ge=0)] = 2
    """Most tasks that are made of a function by removing some of its tests. 0: none is removed, and
    only functions that the suite leaves gaps in become tasks."""
    hide_indirect: bool = False
    """Leave out of a task's baseline what tests of other functions run of its function by the
    way, so that its own tests' worth is not hidden."""
    similar: Annotated[int, Field(ge=0)] = 3
    """Most similar tests from elsewhere that come with a task."""
    near: Share = 0.8
    """Functions whose tokens are at least as alike (Jaccard, estimated by MinHash) come to one
    side of the split."""
    cache: bool = True
    """Keep what the existing tests showed, in the user's cache folder, and run again only what can
    have changed."""
    check: Annotated[int, Field(ge=0)] = 20
    """How many tasks' baselines are measured anew by running the remaining tests."""


class Prompt(Section):
    """How a task is put to the policy."""

    template: str = ""
    """A name in ``covet/prompt/templates`` or a path; empty: the model folder's own choice, else
    ``default``."""
    tokens: Annotated[int, Field(ge=0)] = 0
    """Most prompt tokens; 0: the model folder's own choice, else 4096."""


class Policy(Section):
    """The model that writes tests."""

    model: str = "nano"
    """``nano`` (the embedded demonstration model), a folder, or a Hugging Face name; of a whole
    model or of an adapter (LoRA), which comes with its base."""
    dtype: Literal["float32", "bfloat16"] = "float32"
    """Of the weights. In ``bfloat16`` a large model takes half the memory, and learns by an adapter
    alone, whose own weights are float32."""
    lora_rank: Annotated[int, Field(ge=0)] = 0
    """Of a new adapter, which learns in the place of the model's weights; 0: all weights learn. A
    model that is an adapter goes on with its own."""
    lora_alpha: Count = 32
    """A new adapter's change is multiplied by this over the rank."""
    lora_targets: str | tuple[str, ...] = "all-linear"
    """The layers that get a new adapter: ``all-linear`` (but the one that scores tokens), the ends
    of their names, or a regular expression of whole names."""
    temperature: Annotated[float, Field(ge=0)] = 1.0
    """0: the likeliest token each time; of sampling alone, as nothing is learned from that."""
    max_new_tokens: Annotated[int, Field(ge=0)] = 0
    """0: the model folder's own choice, else 512."""
    stop: tuple[str, ...] = ()
    """A completion ends before the first of these, or of the model folder's own; endpoints take
    four at least."""
    threads: Count = 1
    """Processor threads of one tensor operation. One is best for a model of a few million
    parameters; a larger one wants more. Fixed, because results differ with it in the last bits."""
    batch: Count = 96
    """Completions that are sampled together."""
    endpoint: BaseURL = ""
    """Base URL of an OpenAI-compatible server that has the model under its name, such as
    ``http://127.0.0.1:8000/v1``; empty: the model runs here. Prompts go there and nowhere else."""
    server: Literal["plain", "vllm"] = "plain"
    """``vllm``: the endpoint is a vLLM server, which also tells tokens and their log-probabilities;
    what is to be learned from needs them."""
    api: Literal["chat", "completions"] = "chat"
    """``chat``: the server puts a prompt into the model's chat template; ``completions``: the model
    goes on from the prompt as it is."""
    api_key_env: Variable = ""
    """Name of the environment variable that holds the endpoint's key; empty: none is sent. The key
    itself belongs into no setting."""
    extra: JSONObject = ""
    """A JSON object that is put into every request to an endpoint, such as ``{"top_k": 20}``; a
    null takes a field out."""
    concurrency: Annotated[int, Field(ge=1, le=4096)] = 16
    """Requests that are with an endpoint at the same time."""
    timeout_s: Annotated[float, Field(gt=0, le=86_400)] = 600.0
    """How long an endpoint may take for one completion."""
    retries: Annotated[int, Field(ge=0, le=100)] = 4
    """How often a request is sent again after an answer that may not be the last word: too many
    requests, a fault of the server, a lost connection, none in time, or nonsense."""
    price_in: Annotated[float, Field(ge=0)] = 0.0
    """Of a million tokens of prompts at an endpoint."""
    price_out: Annotated[float, Field(ge=0)] = 0.0
    """Of a million tokens of completions."""
    vllm: str = ""
    """The Python of an environment that has vLLM, such as ``/opt/vllm/bin/python``: a server for
    the model is started with it and ended with the run. Empty: none is."""
    vllm_options: tuple[str, ...] = ()
    """More arguments of ``vllm serve``, such as ``--gpu-memory-utilization=0.4``."""
    vllm_gpus: str = ""
    """Which GPUs that server sees (``CUDA_VISIBLE_DEVICES``); empty: those that are seen here."""
    adapters: Annotated[int, Field(ge=2, le=1024)] = 3
    """How many versions of an adapter a vLLM server holds at once; ``train.lag`` + 2 at least. One
    that is started takes adapters where ``lora_rank`` is not 0."""


class Warmup(Section):
    """Fine-tuning on tests that people wrote, with a teacher's reasoning before them."""

    seed: int = 0
    teacher: str = ""
    """The model that writes the reasoning: what ``policy.model`` may be, or its name at
    ``endpoint``; empty: none, and the tests alone are learned."""
    endpoint: BaseURL = ""
    """Base URL of an OpenAI-compatible server that has the teacher; empty: it runs here. Requests
    hold source code and tests. ``api``, ``extra``, ``timeout_s`` and ``retries`` of ``[policy]``
    are the teacher's too."""
    api_key_env: Variable = ""
    """Name of the environment variable that holds the endpoint's key; empty: none is sent."""
    template: str = ""
    """The path of a file with the request to the teacher; empty: Covet's own."""
    opening: str = "Let me work this out step by step."
    """The words that every trace begins with."""
    words: Annotated[int, Field(ge=30)] = 200
    """The most that a trace may have."""
    temperature: Annotated[float, Field(gt=0)] = 0.7
    """Of the teacher."""
    max_new_tokens: Count = 1024
    """Of one answer of the teacher's."""
    attempts: Count = 4
    """How often the teacher is asked for one trace until an answer keeps the rules."""
    batch: Count = 16
    """Requests that are with the teacher at the same time."""
    budget_tokens: Annotated[int, Field(ge=0)] = 0
    """The most tokens, of requests and answers, that the teacher may take; 0: no bound."""
    budget_cost: Annotated[float, Field(ge=0)] = 0.0
    """The most that it may cost, in the money of the prices; 0: no bound."""
    price_in: Annotated[float, Field(ge=0)] = 0.0
    """Of a million tokens of requests."""
    price_out: Annotated[float, Field(ge=0)] = 0.0
    """Of a million tokens of answers."""
    cache: bool = True
    """Keep the teacher's answers in the user's cache folder, for other runs on the same tasks."""
    epochs: Annotated[int, Field(ge=0)] = 3
    """Times that every demonstration is learned from; 0: only the traces are written."""
    examples: Count = 8
    """Demonstrations in one optimizer step."""
    micro_batch: Count = 8
    """Demonstrations in one forward pass."""
    learning_rate: Annotated[float, Field(gt=0)] = 2e-5
    """At its highest. 2e-5 is for all weights of a model with billions of them; adapters and small
    models want more."""
    rising: Share = 0.1
    """Share of the steps in which the learning rate rises; after them it falls to zero."""
    max_grad_norm: Annotated[float, Field(gt=0)] = 1.0
    heldout: Annotated[int, Field(ge=0)] = 64
    """Most demonstrations of held-out files that the loss is told of; 0: none."""
    checkpoint_every: Count = 50
    """Optimizer steps."""


Weight = Annotated[float, Field(ge=0)]
GuardName = Literal[
    "checks_nothing",
    "checks_itself",
    "misses_target",
    "adds_nothing",
    "replaces_target",
    "swallows",
    "skips",
    "reads_source",
    "copies_target",
    "notices_nothing",
]
ALL_GUARDS: tuple[GuardName, ...] = get_args(GuardName)
REWARDS: Mapping[str, Mapping[str, Any]] = {
    "balanced": {
        "gains": 0.3,
        "marginal": 0.3,
        "kills": 0.2,
        "asserts": 0.15,
        "brief": 0.025,
        "distinct": 0.025,
        "least_asserts": 0.25,
        "guards": ALL_GUARDS,
    },
    "coverage": {"passes": 0.3, "gains": 0.7},
    "seed": {"first_form": 1.0},
    "utrl": {"passes": 0.15, "kills": 0.85, "guards": ALL_GUARDS},
}
"""Of each preset, what is not 0, and not empty."""


class Reward(Section):
    """What a candidate earns once it passes, no guard refuses it and its assertions are telling
    enough; any other earns 0. The rest are the weights of ``covet.reward.terms``.
    """

    preset: Literal["balanced", "coverage", "seed", "utrl"] = "balanced"
    """Where what is not set below comes from. ``balanced``: new lines, kills and telling
    assertions; ``coverage``: new lines alone, which teaches tests that assert next to nothing;
    ``seed``: the first form of rewarding coverage; ``utrl``: passing and kills, as UTRL weighs
    them."""
    guards: tuple[GuardName, ...] = ()
    """Which of them refuse; see docs/reward-hacking.md."""
    canaries: Share = 0.05
    """Share of the groups of a training run that a test which asks nothing is graded with; what
    such a test earns shows what the reward pays for without reason."""
    least_asserts: Share = 0.0
    """Candidates whose term ``asserts`` is less earn nothing."""
    passes: Weight = 0.0
    """For passing."""
    gains: Weight = 0.0
    """For covering at least one line beyond the baseline."""
    lines: Weight = 0.0
    """For new lines, a tenth each, up to ten."""
    branches: Weight = 0.0
    """For new branches, a tenth each, up to ten."""
    share: Weight = 0.0
    """For new lines, as a share of those that were open."""
    first_form: Weight = 0.0
    """For new lines, (1 + min(c, 10)) / 11."""
    kills: Weight = 0.0
    """For the share of mutants killed."""
    new_kills: Weight = 0.0
    """For the share killed of the mutants on newly covered lines."""
    marginal: Weight = 0.0
    """For the share killed of the mutants that the existing tests leave alive."""
    rare: Weight = 0.0
    """For kills, each shared with the siblings that have it too."""
    asserts: Weight = 0.0
    """For telling assertions."""
    real: Weight = 0.0
    """For stand-ins that are true to what they replace, or none."""
    brief: Weight = 0.0
    """For not being long."""
    distinct: Weight = 0.0
    """For tests that are no copies of each other."""
    novel: Weight = 0.0
    """For being unlike the siblings."""
    form: Weight = 0.0
    """For an answer, and a thought, that come to their end."""
    trace: Weight = 0.0
    """For a thought that mentions what is there."""

    @model_validator(mode="before")
    @classmethod
    def _preset(cls, given: Any) -> Any:
        if not isinstance(given, dict):
            return given
        chosen = cls.model_fields["preset"].default
        return {**REWARDS.get(str(given.get("preset", chosen)), {}), **given}


class Train(Section):
    """Reinforcement learning from graded rollouts."""

    seed: int = 0
    steps: Annotated[int, Field(ge=0)] = 50
    epochs: Annotated[int, Field(ge=0)] = 0
    """Times that every example comes, instead of ``steps``; 0: ``steps`` says."""
    examples: Count = 12
    """Prompts in one step."""
    group: Annotated[int, Field(ge=2)] = 8
    """Completions of one prompt; their rewards are compared with each other."""
    advantage: Literal[
        "grpo", "dr_grpo", "rloo", "best_of_all", "max_at_k", "pass_at_k", "parts_at_k"
    ] = "grpo"
    """What a rollout counts against its group: see ``covet.algo.advantage``."""
    k: Count = 3
    """Of ``max_at_k``, ``pass_at_k`` and ``parts_at_k``."""
    success: float = 0.5
    """The reward from which on a rollout solves its task: for ``pass_at_k`` and ``curriculum``."""
    curriculum: bool = False
    """Ask more often about tasks that are solved sometimes than about those that are solved always
    or never, instead of about all in turn."""
    refill: Annotated[int, Field(ge=0)] = 0
    """How often in a step groups whose advantages are all zero are replaced by new ones."""
    objective: Literal["policy_gradient", "trajectory_balance"] = "policy_gradient"
    """``trajectory_balance``: learn to sample in proportion to exp(reward / temperature), the small
    option that needs neither advantages nor ``kl``."""
    inverse_temperature: Annotated[float, Field(gt=0)] = 15.0
    """Of ``trajectory_balance``: how much likelier a reward of 1 makes a completion, in nats."""
    learning_rate: Annotated[float, Field(gt=0)] = 5e-4
    warmup_steps: Annotated[int, Field(ge=0)] = 5
    decay: Literal["none", "linear", "cosine"] = "none"
    """Of the learning rate, to zero at the last step."""
    minibatches: Count = 1
    """Optimizer steps on the rollouts of one step."""
    clip_low: Annotated[float, Field(ge=0)] = 0.2
    clip_high: Annotated[float, Field(ge=0)] = 0.28
    dual_clip: Annotated[float, Field(ge=0)] = 0.0
    """Bounds the loss of a token of negative advantage at this many times it; 0: no bound."""
    ratio: Literal["coupled", "decoupled"] = "coupled"
    """What the clip is about. ``coupled``: the ratio to the policy that sampled. ``decoupled``:
    that to the policy as the step began; what lies between the two is a weight."""
    truncate: Annotated[float, Field(ge=0)] = 2.0
    """The most that weight may be; 0: no bound. Of ``decoupled`` alone."""
    normalise: Literal["tokens", "sequences", "constant"] = "tokens"
    """What the loss is a mean over: all tokens of the optimizer step; its sequences, each the mean
    of its tokens; or its sequences, each divided by ``policy.max_new_tokens``."""
    kl: Annotated[float, Field(ge=0)] = 0.01
    """Weight of the divergence from the policy that training started from; 0: none."""
    kl_estimator: Literal["ratio_k3", "ratio_k1", "k2", "k3"] = "ratio_k3"
    """See ``covet.train.loss``; ``k3`` is the common one whose gradient is the forward
    divergence's."""
    entropy: Annotated[float, Field(ge=0)] = 0.0
    """Weight of the divergence from a policy that takes every token alike; 0: none."""
    max_grad_norm: Annotated[float, Field(gt=0)] = 1.0
    micro_batch: Count = 96
    """Sequences in one forward pass."""
    lag: Annotated[int, Field(ge=0, le=64)] = 1
    """Step t learns from rollouts of version t - lag, sampled and graded while the steps before it
    learn; 0: one after the other."""
    schedule: Literal["fixed", "free"] = "fixed"
    """``fixed``: exactly that version, so that a run repeats to the bit. ``free``: the newest there
    is when sampling begins, no older than that."""
    stall_s: Annotated[float, Field(gt=0)] = 1800.0
    """A step that waits longer for its rollouts ends the run, and names what hangs."""
    checkpoint_every: Count = 5
    shard: bool = False
    """Of several processes: each holds a part of the weights that learn, of their gradients and of
    the optimizer's state (FSDP2). What samples is whole in each."""
    loggers: tuple[Literal["tensorboard", "wandb"], ...] = ()
    """Where the metrics go beside the run directory. ``wandb`` sends them to its own server."""

    @model_validator(mode="after")
    def _k_fits(self) -> "Train":
        if self.advantage.endswith("_at_k") and self.k > self.group:
            raise ValueError(f"train.k is {self.k}, and train.group has only {self.group}")
        return self


class Instructions(Section):
    """How datasets of instructions with programs become tasks."""

    seed: int = 0
    heldout: Annotated[int, Field(ge=0)] = 0
    """Tasks that are held out."""
    solutions: Count = 4
    """Solutions of a task that are tried until one passes all of its cases."""
    ngram: Count = 13
    """Words of which two sets may not have so many in a row in common: see ``overlap``."""
    overlap: Annotated[float, Field(gt=0, le=1)] = 0.2
    """From which share of its n-grams in the other set on a task is left out; one that stands
    there whole always is."""


class Suites(Section):
    """Suites of cases and programs that are written for instructions, and what they earn."""

    tests: Count = 12
    """How many tests a suite is asked for."""
    tests_template: str = ""
    """A name in ``covet/prompt/templates/tests`` or a path; empty: the model folder's own choice
    where it is one of those names, else ``default``."""
    solutions_template: str = ""
    """Likewise in ``covet/prompt/templates/solutions``."""
    suffix: str = ""
    """Put behind every prompt, such as ``/no_think``."""
    reward: Literal["utrl", "utrl_code", "cure", "marginal"] = "utrl"
    """What a suite earns: see ``covet.reward.suites``."""
    discrimination: Share = 0.85
    """Of ``utrl``: the weight of the share of programs that fail a valid test; the rest is the
    valid share's. 1: validity earns nothing by itself."""
    tau: Annotated[int, Field(ge=0)] = 12
    """Of ``utrl`` and ``utrl_code``: the valid share is of so many tests at least, so that a short
    suite earns less; 0: of those that there are."""
    false_kills: Annotated[float, Field(ge=0)] = 0.5
    """What a suite loses whose valid tests fail every program known to be right; a share of them
    costs that share."""
    redundancy: Annotated[float, Field(ge=0)] = 0.01
    """Of ``marginal``: the first valid test that kills nothing new costs this, the second twice
    this, and so on."""
    strict: bool = False
    """Of ``cure``: a right test earns only where it fails every wrong program."""
    code_reward: Literal["share", "utrl_code"] = "share"
    """What a program earns. ``share``: that of the valid tests which it passes."""


class Adversarial(Section):
    """Test writer against code writer, in rounds. ``[train]`` says the rest of how each learns,
    but for ``steps``, ``epochs`` and what is named here.
    """

    mode: Literal["rounds", "tests_from_cases", "tests_from_answers", "code_from_cases"] = "rounds"
    """``rounds``: sample solutions, train the test writer, write suites, train the code writer,
    and again. The others are what that is compared with: fine-tune the test writer on the tasks'
    own cases; on a teacher's answers (``answers``); train the code writer on the tasks' own cases
    by the same reinforcement learning."""
    rounds: Count = 3
    tests_model: str = ""
    """Where the test writer starts; empty: ``policy.model``."""
    code_model: str = ""
    """Where the code writer starts; empty: ``policy.model``."""
    solutions: Count = 8
    """Programs of the code writer that suites are graded on, for each task and round."""
    pools: Count = 1
    """How many rounds' programs, the last ones, suites are graded on."""
    known: Literal["reference", "cases"] = "reference"
    """What is known of a sampled program. ``reference``: nothing but how the reference answers.
    ``cases``: right where it passes all of the task's own cases, else wrong."""
    tests_steps: tuple[Annotated[int, Field(ge=0)], ...] = (50,)
    """Steps of the test writer in each round; the last number holds for the rounds behind it."""
    code_steps: tuple[Annotated[int, Field(ge=0)], ...] = (50,)
    """Likewise of the code writer."""
    tests_learning_rates: tuple[Annotated[float, Field(gt=0)], ...] = ()
    """By round, likewise; empty: ``train.learning_rate``."""
    code_learning_rates: tuple[Annotated[float, Field(gt=0)], ...] = ()
    tests_groups: tuple[Annotated[int, Field(ge=2)], ...] = ()
    """Completions of one prompt by round, likewise; empty: ``train.group``."""
    code_groups: tuple[Annotated[int, Field(ge=2)], ...] = ()
    greedy: bool = True
    """The suites that programs are graded on are the likeliest ones; else each is sampled once."""
    answers: str = ""
    """Of ``tests_from_answers``: a file that ``covet generate tests`` wrote with a teacher. Only
    answers all of whose cases the reference passes are learned."""

    @model_validator(mode="after")
    def _fits(self) -> "Adversarial":
        if not (self.tests_steps and self.code_steps):
            raise ValueError("adversarial.tests_steps and code_steps name one number at least")
        if (self.mode == "tests_from_answers") != bool(self.answers):
            raise ValueError(
                "adversarial.answers names the teacher's answers where adversarial.mode is"
                " tests_from_answers, and is empty elsewhere"
            )
        return self


class Evaluate(Section):
    """The scorecard."""

    seed: int = 0
    samples: Annotated[int, Field(ge=3)] = 4
    """Completions of one task; at least the 3 that measures at 3 need."""
    tasks: Annotated[int, Field(ge=0)] = 0
    """Most tasks of each held-out kind; 0: all."""
    bootstrap: Count = 2000
    """Resamples of the tasks behind each 95 % range."""


class Write(Section):
    """Tests for a change, or for what no test reaches."""

    samples: Count = 4
    """Test files asked of each policy for one function."""
    mutants: Annotated[int, Field(ge=0)] = 100
    """Most mutants of one function that tests are chosen and cut by; in the place of
    ``execute.mutants``."""
    tests: Annotated[int, Field(ge=0)] = 0
    """Most tests that are kept for one function; 0: as many as show something new."""
    agree: Count = 2
    """How many different test files must expect the same, and be refuted by the code, before that
    is shown as a possible bug."""
    budget_tokens: Annotated[int, Field(ge=0)] = 0
    """The most tokens, of prompts and answers, that policies may take; 0: no bound. Where a server
    counts, its count holds; else it is estimated."""
    command: str = ""
    """What runs the codebase's tests, such as ``python -m pytest -q``, in a copy of it with the new
    tests. It runs without the sandbox and with your rights. Empty: the sandbox runs all tests with
    pytest, and nothing else does."""


class Config(Section):
    """All settings, in pipeline order."""

    codebase: Codebase = Codebase()
    sandbox: Sandbox = Sandbox()
    execute: Execute = Execute()
    programs: Programs = Programs()
    mine: Mine = Mine()
    prompt: Prompt = Prompt()
    policy: Policy = Policy()
    warmup: Warmup = Warmup()
    reward: Reward = Reward()
    train: Train = Train()
    instructions: Instructions = Instructions()
    suites: Suites = Suites()
    adversarial: Adversarial = Adversarial()
    evaluate: Evaluate = Evaluate()
    write: Write = Write()


def load(path: Path | None = None, overrides: Iterable[str] = ()) -> Config:
    """Defaults, then the file at ``path``, then overrides such as ``sandbox.workers=1``.

    Raises ``ConfigError``. A string needs no quotes in an override.
    """
    tree = read_toml(path) if path is not None else {}
    given = list(overrides)
    config = parse(tree, origin=str(path))
    for override in given:
        _set_dotted(tree, override)
    return parse(tree, origin="--set") if given else config


def parse(tree: Mapping[str, Any], *, origin: str) -> Config:
    """A nested mapping, as ``tomllib`` gives it, checked; ``origin`` names it in errors."""
    try:
        return Config.model_validate(tree)
    except ValidationError as error:
        complaints = [_complaint(dict(item)) for item in error.errors()]
        raise ConfigError(f"{origin}: " + "; ".join(complaints)) from error


def read_toml(path: Path) -> dict[str, Any]:
    """The file's tables; ``ConfigError`` where it is absent or not TOML."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read ({error.strerror}); run `covet init`") from error
    except (ValueError, RecursionError) as error:
        raise ConfigError(f"{path}: not valid TOML: {error}") from error


def as_toml(config: Config) -> str:
    """Every setting with its value, in the order of the models; ``load`` reads it back equal."""
    lines: list[str] = []
    for table, section in config:
        lines.append(f"[{table}]")
        lines += [f"{key} = {as_toml_value(value)}" for key, value in section]
        lines.append("")
    return "\n".join(lines)


def as_toml_value(value: object) -> str:
    """A setting's value as TOML: booleans, numbers, strings and tuples of them."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        # A JSON string is a TOML string, but for the one control character JSON leaves bare.
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    if isinstance(value, tuple):
        items = cast("tuple[object, ...]", value)
        return "[" + ", ".join(as_toml_value(item) for item in items) + "]"
    return repr(value)


def _set_dotted(tree: dict[str, Any], override: str) -> None:
    key, equals, text = override.partition("=")
    parts = key.strip().split(".")
    if not equals or len(parts) != 2 or not all(parts):
        raise ConfigError(f"{override!r}: an override has the form section.key=value")
    try:
        value = tomllib.loads(f"value = {text}")["value"]
    except (ValueError, RecursionError):  # not TOML: a string without quotes
        value = text.strip()
    section = tree.setdefault(parts[0], {})
    if not isinstance(section, dict):
        raise ConfigError(f"{override!r}: {parts[0]} is not a table in the file")
    section[parts[1]] = value


def _complaint(error: dict[str, Any]) -> str:
    place = [str(part) for part in error["loc"]]
    name = ".".join(place)
    if error["type"] == _SECRET:
        return f"{name}: {error['msg']}"
    if error["type"] == "value_error" and len(place) == 1:  # of settings that do not fit together
        return str(error["ctx"]["error"])
    if error["type"] != "extra_forbidden":
        return f"{name}: {error['msg'].lower()} (found {error['input']!r})"
    table, dot, _ = name.partition(".")
    known = [key for key in known_keys() if not dot or key.startswith(f"{table}.")]
    nearest = difflib.get_close_matches(name, known, n=1, cutoff=0.75)
    hint = f"did you mean {nearest[0]}?" if nearest else f"known: {', '.join(known[:9])}"
    return f"{name}: no such setting; {hint}"


def known_keys() -> list[str]:
    """Every table, then every dotted key."""
    sections = {name: type(section) for name, section in Config()}
    keys = [f"{name}.{key}" for name, kind in sections.items() for key in kind.model_fields]
    return list(sections) + keys
