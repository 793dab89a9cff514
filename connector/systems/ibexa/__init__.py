"""Ibexa DXP: its operations as data, and the composed actions that no single operation does."""
