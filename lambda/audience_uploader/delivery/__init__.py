"""Bring one audience up to date with its drops."""
