"""Parquet footers as bytes and values: read, changed and written without a library, and without any data."""
