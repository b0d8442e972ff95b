"""Linking what organisations hold: Fellegi and Sunter's method through Splink, in batch and one by one.

Fellegi, Sunter, "A theory for record linkage", JASA 1969; 64: 1183. What is compared and how is data: settings.toml.
"""
