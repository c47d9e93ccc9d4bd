"""`aws`, as far as the documents use it, for machines on which the AWS CLI is not installed.

It knows no command by name: names and types of all options come from botocore's own service models,
as in the CLI itself. Only `aws s3 cp` is written out. Where AWS is says AWS_ENDPOINT_URL.
"""

import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import botocore.session
import jmespath
from botocore import xform_name
from botocore.config import Config
from botocore.exceptions import ClientError

SERVICES = {"s3api": "s3"}
RENAMED = {"endpoint": "notification-endpoint"}  # by the CLI, of `sns subscribe`
REFUSED, WRONG_USE = 254, 252


def main(arguments: Sequence[str]) -> int:
    """Run one command; give the CLI's exit code."""
    service, operation, *rest = arguments
    try:
        if (service, operation) == ("s3", "cp"):
            return copy(*rest)
        return call(service, operation, rest)
    except ClientError as error:
        sys.stderr.write(f"{error}\n")
        return REFUSED
    except (LookupError, ValueError) as error:
        sys.stderr.write(f"aws: {error}\n")
        return WRONG_USE


def call(service: str, operation: str, arguments: Sequence[str]) -> int:
    """Call one operation of one service and print its answer."""
    client = client_of(SERVICES.get(service, service))
    names = {xform_name(name, "-"): name for name in client.meta.service_model.operation_names}
    model = client.meta.service_model.operation_model(names[operation])
    members = model.input_shape.members if model.input_shape else {}
    options = {xform_name(name, "-"): (name, shape) for name, shape in members.items()}
    options = {RENAMED.get(option, option): meant for option, meant in options.items()}
    given = dict(options_of(arguments))
    query, output = given.pop("query", None), given.pop("output", ["json"])
    wanted = json.loads(content(given.pop("cli-input-json", ["{}"])[0]))
    for option, values in given.items():
        name, shape = options[option.removeprefix("no-")]
        wanted[name] = value_of(shape, values, yes=not option.startswith("no-"))
    answer = getattr(client, xform_name(names[operation]))(**wanted)
    answer.pop("ResponseMetadata", None)
    show(jmespath.search(query[0], answer) if query else answer, output[0])
    return 0


def options_of(arguments: Sequence[str]) -> Iterator[tuple[str, list[str]]]:
    """Give each option with its values; raises ValueError for what belongs to none."""
    values: list[str] | None = None
    for argument in arguments:
        if argument.startswith("--"):
            values = []
            yield argument.removeprefix("--"), values
        elif values is None:
            raise ValueError(f"{argument} belongs to no option")
        else:
            values.append(argument)


def value_of(shape: Any, values: list[str], *, yes: bool) -> Any:
    """Give an option's value as boto3 takes it."""
    if shape.type_name == "boolean":
        return yes
    if shape.type_name in ("structure", "map"):
        return json.loads(content(values[0]))
    if shape.type_name == "list":
        text = content(values[0])
        return json.loads(text) if text.startswith("[") else values
    (value,) = values
    return int(value) if shape.type_name in ("integer", "long") else content(value)


def content(value: str) -> str:
    """Give an option's text, which may stand in a file."""
    if value.startswith("file://"):
        return Path(value.removeprefix("file://")).read_text("utf-8")
    return value


def show(answer: Any, output: str) -> None:
    """Print an answer, as text (a list by tabs) or as JSON; what is a stream is not shown."""
    if output == "text":
        cells = answer if isinstance(answer, list) else [answer]
        sys.stdout.write("\t".join(map(str, cells)) + "\n")
    elif answer:
        sys.stdout.write(json.dumps(answer, indent=4, default=str) + "\n")


def copy(source: str, target: str, *options: str) -> int:
    """Copy an object or a file, as `aws s3 cp` does; `-` is standard output."""
    s3 = client_of("s3")
    if source.startswith("s3://") and target.startswith("s3://"):
        bucket, key = parts(target)
        directive = options[1] if options[:1] == ("--metadata-directive",) else "COPY"
        from_bucket, from_key = parts(source)
        s3.copy_object(
            Bucket=bucket,
            Key=key,
            CopySource={"Bucket": from_bucket, "Key": from_key},
            MetadataDirective=directive,
        )
    elif source.startswith("s3://"):
        bucket, key = parts(source)
        data = s3.get_object(Bucket=bucket, Key=key)["Body"].read()
        sys.stdout.buffer.write(data) if target == "-" else Path(target).write_bytes(data)
    else:
        bucket, key = parts(target)
        key += Path(source).name if key.endswith("/") else ""
        s3.put_object(Bucket=bucket, Key=key, Body=Path(source).read_bytes())
    return 0


def parts(url: str) -> tuple[str, str]:
    """Give bucket and key of an s3:// URL."""
    bucket, _, key = url.removeprefix("s3://").partition("/")
    return bucket, key


def client_of(service: str) -> Any:
    """Give a client that uses the environment, as the CLI does."""
    config = Config(s3={"addressing_style": "path"}, retries={"total_max_attempts": 3})
    return botocore.session.get_session().create_client(service, config=config)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
