from pathlib import Path

import pytest

from prompts.wording import Value, Wording, WordingError, has, keys, load, placeholders, say


def read(folder: Path, **areas: str) -> Wording:
    for area, text in areas.items():
        (folder / f"{area}.toml").write_text(text, encoding="utf-8")
    return Wording.read(folder)


def test_shipped_wording_loads() -> None:
    assert load().texts
    assert "form.problem.required" in keys()
    assert has("form.problem.required")
    assert not has("form.problem.nothing")
    assert placeholders("form.problem.required") == {}
    assert say("form.problem.required")


def test_nested_keys_and_every_kind(tmp_path: Path) -> None:
    book = read(
        tmp_path,
        desk='a = "Hello {name}"\n[list]\nb = "{n:int} {n:case|cases}, {x:number} mm, {who:and}; {what:or} {{kept}}"\n',
        other='note = """\nTwo\nlines\n"""\n# not text\n',
    )
    assert book.texts.keys() == {"desk.a", "desk.list.b", "other.note"}
    assert book.say("desk.a", {"name": "Dr Patel {x}"}) == "Hello Dr Patel {x}"
    values: dict[str, Value] = {"n": 1, "x": 2.0, "who": ["a", "b", "c"], "what": ("a",)}
    assert book.say("desk.list.b", values) == "1 case, 2 mm, a, b and c; a {kept}"
    more: dict[str, Value] = {"n": 0, "x": 0.25, "what": ["x", "y"]}
    assert book.say("desk.list.b", values | more) == "0 cases, 0.25 mm, a, b and c; x or y {kept}"
    assert book.say("other.note", {}) == "Two\nlines"
    assert book.placeholders("desk.list.b")["n"] == {"int", "case|cases"}


@pytest.mark.parametrize(
    ("text", "needle"),
    [
        ('a = ""', "is empty"),
        ('a = "  "', "is empty"),
        ("a = 3", "must be a text"),
        ('a = ["x"]', "must be a text"),
        ('a = "x"\na = "y"', "overwrite"),
        ('a = "x"\n[a]\nb = "y"', "desk.toml"),
        ('A = "x"', "lower-case"),
        ('"a.b c" = "x"', "lower-case"),
        ('a = "{}"', "plain placeholder"),
        ('a = "{0}"', "plain placeholder"),
        ('a = "{who.name}"', "plain placeholder"),
        ('a = "{who[0]}"', "plain placeholder"),
        ('a = "{who!r}"', "plain placeholder"),
        ('a = "{n:date}"', "unknown type"),
        ('a = "{n:a|b|c}"', "unknown type"),
        ('a = "{n:{m}}"', "unknown type"),
        ('a = "{n"', "desk.a"),
        ('a = "x"\n[_dynamic]\nprefixes = ["b."]', "no key starts"),
        ('a = "x"\n[_dynamic]\nprefixes = ["a"]', "full stop"),
        ('a = "x"\n[_dynamic]\nprefix = "a."', "one line"),
    ],
)
def test_faulty_file_is_refused(tmp_path: Path, text: str, needle: str) -> None:
    with pytest.raises(WordingError, match=needle):
        read(tmp_path, desk=text)


def test_every_fault_is_listed_at_once(tmp_path: Path) -> None:
    (tmp_path / "Bad Name.toml").write_text('a = "x"')
    with pytest.raises(WordingError) as caught:
        read(tmp_path, one='a = ""', two='b = "{!r}"')
    assert len(str(caught.value).splitlines()) == 3


def test_empty_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(WordingError, match="no wording"):
        Wording.read(tmp_path)


@pytest.mark.parametrize(
    ("key", "values", "needle"),
    [
        ("desk.nothing", {}, "no wording for desk.nothing"),
        ("desk.a", {}, r"missing values \['l', 'n'"),
        ("desk.a", {"n": 1, "x": 1, "t": "t", "l": ["a"], "more": 1}, r"surplus values \['more'\]"),
        ("desk.a", {"n": True, "x": 1, "t": "t", "l": ["a"]}, "n must be int, not bool"),
        ("desk.a", {"n": 1.0, "x": 1, "t": "t", "l": ["a"]}, "n must be int, not float"),
        ("desk.a", {"n": 1, "x": float("nan"), "t": "t", "l": ["a"]}, "x must be number, not float"),
        ("desk.a", {"n": 1, "x": "1", "t": "t", "l": ["a"]}, "x must be number, not str"),
        ("desk.a", {"n": 1, "x": 1, "t": 1, "l": ["a"]}, "t must be text, not int"),
        ("desk.a", {"n": 1, "x": 1, "t": "t", "l": "a"}, "l must be and, not str"),
        ("desk.a", {"n": 1, "x": 1, "t": "t", "l": []}, "one or more texts"),
        ("desk.a", {"n": 1, "x": 1, "t": "t", "l": ["a", 2]}, "one or more texts"),
    ],
)
def test_wrong_call_is_refused(tmp_path: Path, key: str, values: dict[str, object], needle: str) -> None:
    book = read(tmp_path, desk='a = "{n:int} {x:number} {t} {l:and}"')
    with pytest.raises(WordingError, match=needle):
        book.say(key, values)  # type: ignore[arg-type]
