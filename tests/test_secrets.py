import ast
import random
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from covet.secrets import Detector, Secret

DETECTOR = Detector()
ALPHANUMERIC = string.ascii_letters + string.digits


def drawn(length: int, letters: str = ALPHANUMERIC, *, seed: int = 7) -> str:
    """Random letters, so that no token stands in this file."""
    return "".join(random.Random(seed).choices(letters, k=length))


AWS = "AKIA" + drawn(16, string.ascii_uppercase + "256789")
KEY = "\n".join(
    [
        "-----BEGIN " + "RSA PRIVATE KEY-----",
        *(drawn(64, ALPHANUMERIC + "+/", seed=at) for at in range(5)),
        "-----END " + "RSA PRIVATE KEY-----",
    ]
)
TOKENS = {
    "AWS Access Key": AWS,
    "GitHub Token": "ghp_" + drawn(36),
    "GitLab Token": "glpat-" + drawn(20),
    "Anthropic API Key": "sk-ant-api03-" + drawn(93),
    "OpenAI Token": "sk-proj-" + drawn(40) + "T3BlbkFJ" + drawn(40, seed=8),
    "Hugging Face Token": "hf_" + drawn(34),
    "Google API Key": "AIza" + drawn(35),
    "PyPI Token": "pypi-AgE" + drawn(120),
    "Telegram Bot Token": "6175839206:" + drawn(35),
    "Slack Token": "xoxb-" + "713950264-837465920-" + drawn(24),
    "Stripe Access Key": "sk_live_" + drawn(24),
    "Twilio API Key": "SK" + drawn(32, "abcdef56789"),
    "SendGrid API Key": "SG." + drawn(22) + "." + drawn(43),
    "NPM tokens": "npm_" + drawn(36),
    "DigitalOcean Token": "dop_v1_" + drawn(64, "abcdef5678"),
}


def kinds(text: str) -> list[str]:
    return [secret.kind for secret in DETECTOR.find("a.py", text)]


@pytest.mark.parametrize(("kind", "token"), TOKENS.items())
def test_a_token_is_found_by_its_form_wherever_it_stands(kind: str, token: str):
    for text in (f"call({token!r})\n", f"# see {token}\n", f"url = 'x?y={token}&z=1'\n"):
        assert kinds(text) == [kind]
        assert DETECTOR.redact(text) == text.replace(token, f"<redacted:{kind}>")


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("password = 'kX92mmQ7rv'", "Secret Keyword"),
        ('{"api_key": "9f8Zq2Lw07Tb"}', "Secret Keyword"),
        ("login(db_password='kX92-mmQ7.rv')", "Secret Keyword"),
        ("if 'kX92mmQ7rv' == password: pass", "Secret Keyword"),
        (f"SECRET_KEY = '{drawn(40, '0123456789abcdef')}'", "Secret Keyword"),
        ("url = 'postgres://admin:kX92mmQ7rv@db.corp:5432/shop'", "Basic Auth Credentials"),
        (f"value = '{drawn(40)}'", "Base64 High Entropy String"),
    ],
)
def test_what_is_named_a_secret_or_looks_drawn_is_one(text: str, kind: str):
    assert kinds(text) == [kind]
    assert f"<redacted:{kind}>" in DETECTOR.redact(text)
    ast.parse(DETECTOR.redact(text))


@pytest.mark.parametrize(
    "text",
    [
        "assert digest == 'd41d8cd98f00b204e9800998ecf8427e'",
        "sha256 = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'",
        "id = '123e4567-e89b-12d3-a456-426614174000'",
        "token = '9b1deb4d-3b7d-4bad-9bdd-2b0d7b3dcb6d'",
        "key = 'AKIA" + "IOSFODNN7EXAMPLE'",
        "password = 'password'",
        "password = 'p4ssw0rd'",
        "password = 'hunter2'",
        "password = 'my-secret-password-2'",
        "password = os.environ['DB_PASSWORD_2024']",
        "password = f'{user}{count}abc9'",
        "api_key = '<your api key 123>'",
        "url = 'https://user:somepassword@example.com'",
        "alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'",
        "model = 'naver-hyperclovax/HyperCLOVAX-SEED-Think-32B'",
        "name = 'AmazonRedshiftQueryEditorV2TagOnlyUserIdPermissions'",
        "assert text.startswith('-----BEGIN " + "RSA PRIVATE KEY-----')",
        f"token = '{drawn(40)}'  # pragma: allowlist secret",
        "",
    ],
)
def test_digests_identifiers_examples_and_templates_are_none(text: str):
    assert kinds(text) == []
    assert DETECTOR.redact(text) == text


def test_the_place_is_told_and_nothing_of_the_secret():
    text = f"a = 1\r\n\nkey = '{AWS}'\nb = [\n    '{TOKENS['GitHub Token']}']\n"
    found = DETECTOR.find("x/y.py", text)
    assert found == (Secret("x/y.py", 3, "AWS Access Key"), Secret("x/y.py", 5, "GitHub Token"))
    assert AWS not in repr(found)


def test_two_secrets_of_a_line_are_both_taken_out():
    text = f"use('{AWS}', '{TOKENS['GitHub Token']}')"
    assert DETECTOR.redact(text) == "use('<redacted:AWS Access Key>', '<redacted:GitHub Token>')"


def test_a_token_with_a_telling_name_is_one_secret_of_its_issuer():
    assert kinds(f"api_key = '{TOKENS['Stripe Access Key']}'") == ["Stripe Access Key"]


@pytest.mark.parametrize(
    "text",
    [
        f'KEY = """\n{KEY}\n"""\n',
        "KEY = (\n" + "\n".join(f'    "{line}\\n"' for line in KEY.split("\n")) + "\n)\n",
        "KEY = '" + KEY.replace("\n", "\\n") + "'\n",
    ],
)
def test_a_private_key_goes_with_its_body_and_leaves_code(text: str):
    redacted = DETECTOR.redact(text)
    assert [secret.kind for secret in DETECTOR.find("a.py", text)] == ["Private Key"]
    assert not any(line in redacted for line in KEY.split("\n")[1:-1])
    assert redacted.count("\n") == text.count("\n")
    assert isinstance(ast.literal_eval(ast.parse(redacted).body[0].value), str)
    assert DETECTOR.find("a.py", redacted) == ()


_PIECES = st.sampled_from(
    [*TOKENS.values(), KEY, "password = '", "'", '"', "\n", " ", "\\n", "x=1"]
)


@given(st.lists(st.one_of(_PIECES, st.text(max_size=8)), max_size=12).map("".join))
def test_what_is_redacted_has_no_secret_and_as_many_lines(text: str):
    redacted = DETECTOR.redact(text)
    assert DETECTOR.find("a.py", redacted) == ()
    assert DETECTOR.redact(redacted) == redacted
    assert redacted.count("\n") == text.count("\n")


@given(st.sampled_from(sorted(TOKENS)), st.text("ab =+(),", max_size=9))
def test_redacted_literals_stay_literals(kind: str, around: str):
    text = f"value = call({around + TOKENS[kind] + ' ' + around!r})\n"
    ast.parse(DETECTOR.redact(text))


def test_a_long_line_takes_no_more_than_its_length():
    text = "token = '" + "password: a1" * 5_000 + "'\n"
    assert DETECTOR.redact(text).count("\n") == 1
