"""What schemathesis has to be told to send every body that the service's document names."""

import json

from schemathesis import serializer


@serializer("application/x-ndjson")
def ndjson(ctx, value):
    """A line for each entry of a list, and one for everything else; bytes and text go as they are."""
    if isinstance(value, bytes):
        return value
    if isinstance(value, str):
        return value.encode("utf-8", "surrogatepass")
    lines = value if isinstance(value, list) else [value]
    return "".join(json.dumps(line) + "\n" for line in lines).encode("utf-8", "surrogatepass")
