"""Python source code: values, identifiers and layout that every writer of a Python module is put together from."""
