import unittest

from boltons.strutils import format_int_list


class TestFormatIntList(unittest.TestCase):
    def test_singles(self):
        self.assertEqual(format_int_list([1, 3]), "1,3")

    def test_range(self):
        self.assertEqual(format_int_list([1, 2]), "1-2")

    def test_range_then_single(self):
        self.assertEqual(format_int_list([1, 2, 3, 9]), "1-3,9")

    def test_none_is_refused(self):
        with self.assertRaises(TypeError):
            format_int_list(None)

    def test_strings_are_refused(self):
        with self.assertRaises(TypeError):
            format_int_list(["a", 1])
