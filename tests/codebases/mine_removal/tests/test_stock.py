import unittest

from pantry import Stock


class StockTest(unittest.TestCase):
    def setUp(self):
        self.stock = Stock(flour=100, salt=5)

    def test_take_some(self):
        self.assertEqual(self.stock.take("flour", 40), 40)
        self.assertEqual(self.stock.amounts["flour"], 60)

    def test_take_all(self):
        self.stock.take("salt", 5)
        self.assertNotIn("salt", self.stock.amounts)

    def test_take_too_much(self):
        with self.assertRaises(LookupError):
            self.stock.take("salt", 6)

    def test_missing(self):
        self.assertEqual(self.stock.missing({"flour": 120, "salt": 1}), {"flour": 20})
