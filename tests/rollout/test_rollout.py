import subprocess
import sys

from covet.policy.recorded import RecordedPolicy

CLAMP, DISCOUNT = "shop/price.py::clamp", "shop/price.py::discount"
IMPORTS = "from shop.price import clamp, discount\n\n\n"
HIGH = IMPORTS + "def test_clamp_high():\n    assert clamp(20, 1, 9) == 9\n"
INSIDE = IMPORTS + "def test_clamp_again():\n    assert clamp(4, 1, 9) == 4\n"
WRONG = IMPORTS + "def test_clamp_wrong():\n    assert clamp(20, 1, 9) == 1\n"
MEMBER = IMPORTS + "def test_discount_member():\n    assert discount(20, True) == 15\n"
BROKEN = "def test_clamp(:\n"


class Watched(RecordedPolicy):
    """Keeps the draws that it was asked for, and how often a prompt was measured."""

    def __init__(self, texts):
        super().__init__(texts)
        self.draws, self.measured = [], 0

    def sample(self, draws):
        self.draws += draws
        return super().sample(draws)

    def count_tokens(self, text):
        self.measured += 1
        return super().count_tokens(text)


def test_one_example_gives_one_group_with_what_each_sample_earned(make_roller, grader, examples):
    texts = {CLAMP: [HIGH, INSIDE, WRONG, BROKEN], DISCOUNT: [MEMBER] * 4}
    rolled = make_roller(RecordedPolicy(texts), grader=grader).roll(examples, samples=4, key=(0, 1))

    clamp, discount = rolled.groups
    assert (clamp.example_id, discount.example_id) == (CLAMP, DISCOUNT)
    statuses = [rollout.execution.status for rollout in clamp.rollouts]
    assert statuses == ["ok", "ok", "failed", "syntax"]
    terms = [rollout.reward.terms for rollout in clamp.rollouts]
    assert [term["gains"] for term in terms] == [1.0, 0.0, 0.0, 0.0]
    assert 0 < terms[0]["kills"] < 1
    values = [rollout.reward.value for rollout in clamp.rollouts]
    assert values[0] > values[1] == values[2] == values[3] == 0
    assert clamp.rollouts[1].reward.refused[0].startswith("adds_nothing")
    assert all(rollout.execution.gained.lines == {14} for rollout in discount.rollouts)
    assert rolled.too_long == ()
    assert rolled.timing.grade_s > rolled.timing.sample_s >= 0
    assert rolled.timing.grade_cpu_s > 0


def test_an_example_whose_prompt_does_not_fit_is_counted_and_never_sampled(
    make_roller, lost_grader, examples
):
    policy = Watched({})
    rolled = make_roller(policy, grader=lost_grader, budget=1).roll(examples, samples=4, key=())
    assert rolled.too_long == (CLAMP, DISCOUNT)
    assert rolled.groups == []
    assert policy.draws == []


def test_randomness_is_named_by_the_key_and_the_example(make_roller, lost_grader, examples):
    policy = Watched({CLAMP: [BROKEN], DISCOUNT: [BROKEN]})
    make_roller(policy, grader=lost_grader).roll(examples, samples=1, key=("train", 7, 3))
    assert [draw.key for draw in policy.draws] == [
        ("train", 7, 3, CLAMP),
        ("train", 7, 3, DISCOUNT),
    ]


def test_a_prompt_is_rendered_once_for_a_run(make_roller, lost_grader, examples):
    policy = Watched({CLAMP: [BROKEN]})
    roller = make_roller(policy, grader=lost_grader)
    roller.roll(examples[:1], samples=1, key=(0,))
    measured = policy.measured
    roller.roll(examples[:1], samples=1, key=(1,))
    assert policy.measured == measured > 0
    assert policy.draws[0].prompt is policy.draws[1].prompt


def test_an_infrastructure_failure_stays_in_its_group_as_data(make_roller, lost_grader, examples):
    policy = RecordedPolicy({CLAMP: [HIGH, BROKEN]})
    rolled = make_roller(policy, grader=lost_grader).roll(examples[:1], samples=2, key=())
    statuses = [rollout.execution.status for rollout in rolled.groups[0].rollouts]
    assert statuses == ["infrastructure", "syntax"]
    assert rolled.groups[0].rollouts[0].reward.value == 0


def test_the_tokens_of_a_prompt_are_those_that_the_policy_tells(make_roller, lost_grader, examples):
    class Telling(RecordedPolicy):
        def encode(self, prompt):
            return tuple(prompt.text.encode())

    telling = make_roller(Telling({CLAMP: [BROKEN]}), grader=lost_grader)
    silent = make_roller(RecordedPolicy({CLAMP: [BROKEN]}), grader=lost_grader)
    (group,) = telling.roll(examples[:1], samples=1, key=()).groups
    assert bytes(group.prompt_token_ids).decode() == group.prompt.text
    assert silent.roll(examples[:1], samples=1, key=()).groups[0].prompt_token_ids == ()


def test_no_example_is_no_group(make_roller, lost_grader):
    rolled = make_roller(RecordedPolicy({}), grader=lost_grader).roll([], samples=4, key=())
    assert rolled.groups == []


def test_rolling_evaluating_and_reporting_need_no_torch():
    code = (
        "import sys, covet.rollout, covet.evaluate.scorecard, covet.inspector\n"
        "assert not {'torch', 'transformers', 'tokenizers'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_canaries_are_graded_beside_the_groups_and_earn_nothing(make_roller, grader, examples):
    texts = {CLAMP: [HIGH, INSIDE], DISCOUNT: [MEMBER] * 2}
    roller = make_roller(RecordedPolicy(texts), grader=grader)
    found = {}
    for step in range(12):
        rolled = roller.roll(examples, samples=2, key=(step,), canaries=1.0)
        assert all(len(group.rollouts) == 2 for group in rolled.groups)
        found |= {canary.name: canary for group in rolled.groups for canary in group.canaries}
    assert len(found) > 5
    assert {canary.status for canary in found.values()} <= {"ok", "failed", "error"}
    assert sum(canary.status == "ok" for canary in found.values()) > 3
    assert {canary.value for canary in found.values()} == {0.0}


def test_the_same_key_draws_the_same_canaries_and_none_are_drawn_unasked(
    make_roller, grader, examples
):
    texts = {CLAMP: [HIGH, INSIDE], DISCOUNT: [MEMBER] * 2}
    roller = make_roller(RecordedPolicy(texts), grader=grader)

    def drawn(rate):
        rolls = [roller.roll(examples, samples=2, key=(n,), canaries=rate) for n in range(4)]
        return [group.canaries for rolled in rolls for group in rolled.groups]

    assert drawn(0.5) == drawn(0.5)
    assert 0 < sum(map(len, drawn(0.5))) < 8
    assert not any(drawn(0.0))
