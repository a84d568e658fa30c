"""Settings: what people write is checked, named in errors and written back."""

import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from covet import config
from covet.errors import ConfigError


def test_what_is_written_is_read_back_equal() -> None:
    settings = config.load(overrides=["mine.reserved=['a/*', 'b']", 'policy.model=my "model"'])

    assert config.parse(tomllib.loads(config.as_toml(settings)), origin="test") == settings


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_any_string_survives_being_written(text: str) -> None:
    written = f"value = {config.as_toml_value(text)}"

    assert tomllib.loads(written)["value"] == text


@pytest.mark.parametrize(
    ("override", "words"),
    [
        ("train.stepz=3", "did you mean train.steps?"),
        ("sandbx.workers=1", "did you mean sandbox?"),
        ("train.steps=-1", "train.steps: input should be greater than or equal to 0 (found -1)"),
        ("train.steps=many", "found 'many'"),
        ("steps=3", "section.key=value"),
        ("train.steps", "section.key=value"),
    ],
)
def test_a_wrong_override_is_named_with_what_to_do(override: str, words: str) -> None:
    with pytest.raises(ConfigError) as caught:
        config.load(overrides=[override])

    assert words in str(caught.value)


def test_a_file_that_is_not_toml_is_named(tmp_path) -> None:
    path = tmp_path / "covet.toml"
    path.write_text("[train\nsteps = 3")

    with pytest.raises(ConfigError, match=r"covet\.toml: not valid TOML"):
        config.load(path)


def test_an_absent_file_is_named(tmp_path) -> None:
    with pytest.raises(ConfigError, match="covet init"):
        config.load(tmp_path / "covet.toml")


def test_an_override_beats_the_file(tmp_path) -> None:
    path = tmp_path / "covet.toml"
    path.write_text("[train]\nsteps = 3\n")

    assert config.load(path, ["train.steps=4"]).train.steps == 4


def test_every_section_says_what_it_is() -> None:
    assert all(type(section).__doc__ for _, section in config.Config())


RECIPES = sorted((Path(__file__).resolve().parents[2] / "recipes").glob("*.toml"))


@pytest.mark.parametrize("path", RECIPES, ids=lambda path: path.name)
def test_every_recipe_is_settings_that_are_known(path: Path) -> None:
    assert config.load(path) != config.Config()
