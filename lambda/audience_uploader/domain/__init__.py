"""The vocabulary: values and rules, from the standard library alone."""
