"""Speeds, as ratios against named peers. Not part of the package."""
