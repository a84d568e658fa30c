"""Secrets in text that leaves the machine: prompts, datasets, reports.

``Detector`` reads text and nothing else: it opens no file and asks nobody whether a secret is in
force. Most patterns are those of bc-detect-secrets; docs/decisions/0006 tells which, and what is
found wrongly. A value is a secret

- by its form alone, where an issuer gave its tokens one (``Slack Token``);
- by the name that it is given to (``password = "…"``) or its place in a URL, if it looks drawn at
  random as well: eight characters or more of two kinds (small letters, capitals, digits), more
  than 2.75 bits of entropy for each, no blank, bracket or backslash, no UUID, and not for the most
  part words;
- by its randomness alone, if it is a quoted string of 20 to 128 letters of Base64, of all three
  kinds, hardly in words, with more than 4.5 bits for each: hexadecimal digits have at most 4.

None is one that says itself that it is an example, or whose line says ``pragma: allowlist
secret``. Passwords that are words are not found.
"""

import math
import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache, partial
from importlib.metadata import version

_EXAMPLE = re.compile(
    r"example|sample|dummy|fake|placeholder|change.?me|redacted|your[_-]|x{4}|1234|abcd",
    re.IGNORECASE,
)
_ALLOWED = re.compile(r"pragma: ?allowlist secret", re.IGNORECASE)
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_CODE = re.compile(r"[\s{}()\[\]<>\\]")
"""What stands in templates, calls and escapes rather than in secrets."""
_BARE = re.compile(r"""(['"])([A-Za-z0-9+/=_-]{20,128})\1""")
_WORD = re.compile(r"[A-Za-z][a-z]{3,}")

_PRIVATE_KEY = "Private Key"
_KEY = re.compile(
    r"-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----"
    r"(.{0,20000}?)-----END [A-Z0-9 ]{0,40}PRIVATE KEY",
    re.DOTALL,
)
_KEY_LETTERS = re.compile(r"(?:(?<=\\[nr])|(?<![\\A-Za-z0-9+/=]))[A-Za-z0-9+/=]{16,}")
"""What is taken out of a private key: its letters, nothing of the code around them."""

_FORMS = {
    "Anthropic API Key": r"sk-ant-[a-z0-9]+-[\w-]{80,}",
    "Azure Storage Account access key": r"(?<=AccountKey=)[A-Za-z0-9+/]{86}==",
    "Databricks Token": r"dapi[0-9a-f]{32}",
    "DigitalOcean Token": r"do[opr]_v1_[0-9a-f]{64}",
    "GitHub Token": r"github_pat_\w{82}",
    "GitLab Token": r"gl(?:pat|dt|rt|ptt|ft|soat|agent|cbt|imt)-[\w-]{20,}",
    "Google API Key": r"AIza[\w-]{35}",
    "Hugging Face Token": r"hf_[A-Za-z0-9]{34}",
    "OpenAI Token": r"sk-[\w-]*T3BlbkFJ[\w-]{20,}",
    "PyPI Token": r"pypi-AgE[\w-]{50,}",
    "Shopify Token": r"shp(?:at|ca|pa|ss)_[0-9a-fA-F]{32}",
    "Telegram Bot Token": r"\d{8,10}:[\w-]{35}",
}
"""Tokens that bc-detect-secrets has no pattern for, as their issuers document them."""


@dataclass(frozen=True, slots=True)
class Secret:
    """Where a secret stands; never the secret itself."""

    path: str
    line: int
    """Of a key over several lines, the first below its header."""
    kind: str


@dataclass(frozen=True, slots=True)
class _Place:
    """Characters ``start`` to ``end``, the last left out, are a secret, or hold a key's lines."""

    start: int
    end: int
    kind: str


_Rule = Callable[[str], Iterator[_Place]]
"""Text → the places of secrets in it."""


def rules() -> str:
    """Whose they are, and of which version."""
    return f"bc-detect-secrets {version('bc-detect-secrets')}"


@lru_cache(maxsize=1)
def detector() -> "Detector":
    """One for all: to make it takes a third of a second."""
    return Detector()


class Detector:
    """Finds secrets and takes them out."""

    def __init__(self) -> None:
        self._rules: tuple[_Rule, ...] = (_keys, *_forms(), *_library(), _bare)

    def find(self, path: str, text: str) -> tuple[Secret, ...]:
        """The secrets of a text in its order; ``path`` is for the records alone."""
        ends = [match.end() for match in re.finditer("\n", text)]
        places = self._places(text)
        return tuple(Secret(path, bisect_right(ends, at.start) + 1, at.kind) for at in places)

    def redact(self, text: str) -> str:
        """The text with ``<redacted:kind>`` in each secret's place, in as many lines. What stands
        in a string literal leaves it a string literal; ``find`` finds nothing in the result.
        """
        while places := self._places(text):  # again, for what only a secret before it had hidden
            text = _without(text, places)
        return text

    def _places(self, text: str) -> list[_Place]:
        """In order and apart; where several meet, of the kind of the one that starts first, or
        of the surest.
        """
        found = [place for rule in self._rules for place in rule(text)]
        apart: list[_Place] = []
        for place in sorted(found, key=lambda place: place.start):
            if apart and place.start < apart[-1].end:
                apart[-1] = replace(apart[-1], end=max(apart[-1].end, place.end))
            elif not _ALLOWED.search(_line_at(text, place.start)):
                apart.append(place)
        return apart


def _without(text: str, places: Sequence[_Place]) -> str:
    parts: list[str] = []
    done = 0
    for place in places:
        marker = f"<redacted:{place.kind}>"
        value = text[place.start : place.end]
        is_key = place.kind == _PRIVATE_KEY
        parts += [text[done : place.start], _KEY_LETTERS.sub(marker, value) if is_key else marker]
        done = place.end
    return "".join([*parts, text[done:]])


def _line_at(text: str, at: int) -> str:
    end = text.find("\n", at)
    return text[text.rfind("\n", 0, at) + 1 : end if end >= 0 else len(text)]


# --------------------------------------------------------------------------------- rules


def _keys(text: str) -> Iterator[_Place]:
    """Private keys with a body; a header alone tells nothing."""
    for match in _KEY.finditer(text):
        first = _KEY_LETTERS.search(text, *match.span(1))
        if first is not None:
            yield _Place(first.start(), match.end(1), _PRIVATE_KEY)


def _forms() -> Iterator[_Rule]:
    for kind, form in _FORMS.items():
        yield partial(_matches, kind=kind, pattern=re.compile(rf"(?<![\w-])(?:{form})(?![\w-])"))


def _library() -> Iterator[_Rule]:
    """Rules by the patterns of bc-detect-secrets; it finds no places of its own."""
    # Imported here: it takes 0.1 s, for requests, with which the library would verify secrets.
    from detect_secrets.plugins import (
        artifactory,
        aws,
        basic_auth,
        cloudant,
        discord,
        github_token,
        ibm_cloud_iam,
        ibm_cos_hmac,
        jwt,
        keyword,
        mailchimp,
        npm,
        sendgrid,
        slack,
        softlayer,
        square_oauth,
        stripe,
        twilio,
    )

    by_form = (
        aws.AWSKeyDetector,
        github_token.GitHubTokenDetector,
        slack.SlackDetector,
        stripe.StripeDetector,
        sendgrid.SendGridDetector,
        npm.NpmDetector,
        twilio.TwilioKeyDetector,
        discord.DiscordBotTokenDetector,
        mailchimp.MailchimpDetector,
        square_oauth.SquareOAuthDetector,
        artifactory.ArtifactoryDetector,
        cloudant.CloudantDetector,
        ibm_cloud_iam.IbmCloudIamDetector,
        ibm_cos_hmac.IbmCosHmacDetector,
        softlayer.SoftlayerDetector,
    )
    for detector in by_form:
        for pattern in detector.denylist:
            yield partial(_matches, kind=detector.secret_type, pattern=pattern)
    is_token = jwt.JwtTokenDetector.is_formally_valid
    for pattern in jwt.JwtTokenDetector.denylist:
        kind = jwt.JwtTokenDetector.secret_type
        yield partial(_matches, kind=kind, pattern=pattern, is_secret=is_token)
    for pattern in basic_auth.BasicAuthDetector.denylist:
        kind = basic_auth.BasicAuthDetector.secret_type
        yield partial(_matches, kind=kind, pattern=pattern, group=1, is_secret=_looks_drawn)
    names = re.compile("|".join(keyword.DENYLIST), re.IGNORECASE)
    patterns = tuple(keyword.QUOTES_REQUIRED_DENYLIST_REGEX_TO_GROUP.items())
    yield partial(_named, names=names, patterns=patterns)


def _matches(
    text: str,
    *,
    kind: str,
    pattern: re.Pattern[str],
    group: int | None = None,
    is_secret: Callable[[str], bool] = bool,
) -> Iterator[_Place]:
    """The value is what the group holds; without one, the longest group of eight characters or
    more, or else the whole match, but for what sets it off.
    """
    for match in pattern.finditer(text):
        start, end = match.span(_value_group(match) if group is None else group)
        while start < end and text[start] in " \t\r\n\"'`=:":
            start += 1
        while start < end and text[end - 1] in " \t\r\n\"'`":
            end -= 1
        value = text[start:end]
        if value and is_secret(value) and not _EXAMPLE.search(value):
            yield _Place(start, end, kind)


def _value_group(match: re.Match[str]) -> int:
    lengths = [len(value or "") for value in match.groups()]
    longest = max(lengths, default=0)
    return lengths.index(longest) + 1 if longest >= 8 else 0


def _named(
    text: str, *, names: re.Pattern[str], patterns: tuple[tuple[re.Pattern[str], int], ...]
) -> Iterator[_Place]:
    """Line by line: the patterns' quoted strings would run over the ends of lines."""
    seen = -1
    for name in names.finditer(text):
        if name.start() <= seen:
            continue
        line = _line_at(text, name.start())
        first = text.rfind("\n", 0, name.start()) + 1
        seen = first + len(line)
        for pattern, group in patterns:
            found = _matches(
                line, kind="Secret Keyword", pattern=pattern, group=group, is_secret=_looks_drawn
            )
            for place in found:
                yield replace(place, start=first + place.start, end=first + place.end)


def _bare(text: str) -> Iterator[_Place]:
    for match in _BARE.finditer(text):
        value = match[2]
        is_drawn = _looks_drawn(value, kinds=3, bits=4.5, words=0.35)
        if is_drawn and not _EXAMPLE.search(value):
            yield _Place(*match.span(2), "Base64 High Entropy String")


def _looks_drawn(value: str, *, kinds: int = 2, bits: float = 2.75, words: float = 0.6) -> bool:
    """Whether a value of eight characters or more has so many kinds of letters (lower case, upper
    case, digits), so many bits of entropy for each, and less than that share of it in words.
    """
    found = sum(any(map(kind, value)) for kind in (str.islower, str.isupper, str.isdigit))
    if len(value) < 8 or found < kinds or _CODE.search(value) or _UUID.search(value):
        return False
    in_words = sum(len(word) for word in _WORD.findall(value))
    return in_words < words * len(value) and _bits(value) > bits


def _bits(value: str) -> float:
    """Shannon's entropy of each character, by their shares of the value."""
    counts = Counter(value).values()
    return -sum(count / len(value) * math.log2(count / len(value)) for count in counts)
