"""Measurements that documents quote; each file is one, and says how to run it."""
