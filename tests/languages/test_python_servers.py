from covet.languages.python.servers import definitions, with_types


def places(source: str) -> list[tuple[str, str, int, int]]:
    return [(d.qualname, d.role, d.line, d.column) for d in definitions(source)]


def test_every_def_of_a_name_is_a_place_of_its_own():
    source = """
@overload
def f(a: int): ...
@overload
def f(a: str): ...
async def f(a): return a
class C:
    @property
    def p(self): return 1
    @p.setter
    def p(self, to): pass
    def setUp(self): pass
    LIMIT: int = 3
ONE, (TWO, three.x) = 1, (2, 3)
if ONE:
    def g(): pass
"""
    assert places(source) == [
        ("f", "function", 3, 4),
        ("f", "function", 5, 4),
        ("f", "function", 6, 10),
        ("C", "class", 7, 6),
        ("C.p", "function", 9, 8),
        ("C.p.setter", "function", 11, 8),
        ("C.setUp", "setup", 12, 8),
        ("C.LIMIT", "value", 13, 4),
        ("ONE", "value", 14, 0),
        ("TWO", "value", 14, 6),
        ("g", "function", 16, 8),
    ]


def test_a_column_counts_utf_16_units():
    assert places('"😀é"; x = 1') == [("x", "value", 1, 7)]


def test_parameters_without_a_type_are_given_one_and_others_keep_theirs():
    source = "def test(a, b: int, *, c=1): pass"
    types = {(1, "a"): ["m:A", "n.o:B.C"], (1, "b"): ["m:A"], (1, "c"): [":D"], (2, "a"): ["m:A"]}
    assert with_types(source, types) == (
        'def test(a: "_type_0 | _type_1.C", b: int, *, c: "D"=1): pass\n'
        "from m import A as _type_0\n"
        "from n.o import B as _type_1"
    )


def test_a_methods_own_object_goes_without_a_name():
    source = "class T:\n    def test(self, a): pass\n"
    assert with_types(source, {(2, ""): [":Heir"]}) == source.replace("self", 'self: "Heir"')


def test_a_class_made_inside_a_function_cannot_be_named():
    source = "def test(a): pass\n"
    assert with_types(source, {(1, "a"): ["m:make.<locals>.C"]}) == source
